"""Reader of files and bytes, which chooses the parser."""

from __future__ import annotations

import pathlib
import re
import sys
from typing import Final

from cdk_epc.parsing.document import Document, UnusableInputError
from cdk_epc.parsing.files import bytes_of, bytes_of_stream, decode
from cdk_epc.parsing.json_document import NotJsonError, read_json

_SUFFIXES: Final = {".json": False, ".yaml": True, ".yml": True}
_BRACKET: Final = re.compile(r"\s*[\[{]")


def read_file(path: pathlib.Path) -> Document:
    """Read a file as JSON or YAML, by its suffix or else by its content.

    Raises:
        UnusableInputError: The file cannot be read or parsed. No other error is raised.
    """
    return read_bytes(bytes_of(path), yaml=_SUFFIXES.get(path.suffix.lower()))


def read_stdin() -> Document:
    """Read standard input as JSON or YAML, by its content.

    Raises:
        UnusableInputError: The process has no standard input, or it cannot be read or parsed. No
            other error is raised.
    """
    if sys.stdin is None:
        raise UnusableInputError("the process has no standard input")
    return read_bytes(bytes_of_stream(sys.stdin.buffer))


def read_bytes(content: bytes, *, yaml: bool | None = None) -> Document:
    """Read the content of a file.

    Args:
        content: Text in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.
        yaml: Whether the content is YAML (True) or JSON (False); ``None`` to detect it.

    Raises:
        UnusableInputError: The content cannot be parsed. No other error is raised.
    """
    text = decode(content)
    if yaml is False:
        return read_json(text)
    if not _BRACKET.match(text):
        return _yaml(text)
    try:
        return read_json(text)
    except NotJsonError as error:
        return _flow_style(text, error, is_yaml=bool(yaml))


def _yaml(text: str) -> Document:
    # Imported here, because reading JSON does not need it.
    from cdk_epc.parsing.yaml_document import read_yaml  # noqa: PLC0415

    return read_yaml(text)


def _flow_style(text: str, error: NotJsonError, *, is_yaml: bool) -> Document:
    """Read YAML in flow style; the error is that of JSON unless the file is certainly YAML."""
    try:
        return _yaml(text)
    except UnusableInputError:
        if is_yaml:
            raise
        raise error from None
