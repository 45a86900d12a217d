"""Context of the app of a project: ``cdk.json`` and ``cdk.context.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from cdk_epc.spec.unresolved import is_mapping

_CDK_JSON: Final = "cdk.json"
_CONTEXT_JSON: Final = "cdk.context.json"


class ContextFileError(ValueError):
    """File with a context that cannot be read. The message is one line."""


def find_cdk_json(folder: Path, root: Path, name: str = "") -> Path | None:
    """Return the file with the context of a test; ``None`` if there is none.

    Args:
        folder: Folder of the test.
        root: Folder of the project.
        name: Name of the file, relative to the folder of the project; by default the nearest
            ``cdk.json`` from the folder of the test up to that of the project.

    Raises:
        ContextFileError: The named file does not exist.
    """
    if name:
        file = root / name
        if not file.is_file():
            raise ContextFileError(f"cdk_json names {name}, but {file} is no file")
        return file
    files = (each / _CDK_JSON for each in _folders(folder, root))
    return next((file for file in files if file.is_file()), None)


def _folders(folder: Path, root: Path) -> Iterator[Path]:
    if folder.is_relative_to(root):
        for each in (folder, *folder.parents):
            yield each
            if each == root:
                return
    yield root


def project_context(cdk_json: str | Path) -> dict[str, Any]:
    """Return the context that the CDK CLI gives to the app of a ``cdk.json``.

    The values of ``cdk.context.json`` beside the file, which the CLI has looked up, are part of it.

    Args:
        cdk_json: Path of the file.

    Raises:
        ContextFileError: A file is not an object in JSON.
    """
    file = Path(cdk_json)
    looked_up = file.with_name(_CONTEXT_JSON)
    context = dict(_object(looked_up)) if looked_up.is_file() else {}
    given = _object(file).get("context", {})
    if not is_mapping(given):
        raise ContextFileError(f"`context` in {file} must be an object")
    return {**context, **given}


def _object(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ContextFileError(f"{file} cannot be read as JSON: {error}") from error
    if not is_mapping(content):
        raise ContextFileError(f"{file} must contain an object")
    return dict(content)
