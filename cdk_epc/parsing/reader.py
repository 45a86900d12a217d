"""Files and bytes to documents, whatever they are."""

from __future__ import annotations

import pathlib
import re
from typing import Final

from cdk_epc.parsing.document import Document, UnusableInputError
from cdk_epc.parsing.files import bytes_of, decode
from cdk_epc.parsing.json_document import NotJsonError, read_json

_SUFFIXES: Final = {".json": False, ".yaml": True, ".yml": True}
_BRACKET: Final = re.compile(r"\s*[\[{]")


def read_file(path: pathlib.Path) -> Document:
    """Read a file: JSON, YAML, or by its content where the suffix says neither.

    Raises:
        UnusableInputError: Nothing can be made of it. No other error is raised.
    """
    return read_bytes(bytes_of(path), yaml=_SUFFIXES.get(path.suffix.lower()))


def read_bytes(content: bytes, *, yaml: bool | None = None) -> Document:
    """Read the content of a file.

    Args:
        content: UTF-8, or UTF-16 or UTF-32 with a byte order mark.
        yaml: Whether it is YAML or JSON; ``None`` to find out.

    Raises:
        UnusableInputError: Nothing can be made of it. No other error is raised.
    """
    text = decode(content)
    if yaml is False:
        return read_json(text)
    if not _BRACKET.match(text):
        return _yaml(text)
    try:
        return read_json(text)
    except NotJsonError as error:
        return _flow_style(text, error, sure=bool(yaml))


def _yaml(text: str) -> Document:
    # Not above, for reading JSON is quicker without it.
    from cdk_epc.parsing.yaml_document import read_yaml  # noqa: PLC0415

    return read_yaml(text)


def _flow_style(text: str, error: NotJsonError, *, sure: bool) -> Document:
    """Read it as YAML with brackets; unless it is sure to be YAML, most such is JSON gone wrong."""
    try:
        return _yaml(text)
    except UnusableInputError:
        if sure:
            raise
        raise error from None
