"""Files below a folder that may be templates or requests."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator
from itertools import islice
from typing import Final, TypeAlias

from cdk_epc.parsing.cloud_assembly import is_assembly
from cdk_epc.parsing.document import UnusableInputError
from cdk_epc.parsing.files import unreadable

_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml", ".template"})
_SKIPPED_FOLDERS: Final = frozenset({"node_modules", "__pycache__", "site-packages"})
_VENV_MARKER: Final = "pyvenv.cfg"
MAX_FILES: Final = 100_000
"""Maximum number of files; a check of that many takes hours, so the folder must be wrong."""
_MAX_ENTRIES: Final = 1_000_000
_FIX: Final = "name a smaller folder"
_Entry: TypeAlias = tuple[pathlib.Path, bool]  # path, and whether it is a folder


def walk(
    folder: pathlib.Path, problems: list[UnusableInputError] | None = None
) -> Iterator[pathlib.Path]:
    """Yield the files below a folder, sorted by name within each folder.

    A cloud assembly is yielded as its folder, without the files in it. Hidden folders, third-party
    code (``node_modules``, virtual environments) and special files are skipped. Symbolic links to
    files are followed, those to folders are not.

    Args:
        folder: The folder.
        problems: List that gets the error of each folder that cannot be read, so that the walk
            continues; by default the error is raised.

    Raises:
        UnusableInputError: A folder cannot be read, or there are more than 100,000 files. The
            message starts with the name of the folder if it is not the given one.
    """
    left: list[_Entry] = [(folder, True)]
    files = entries = 0
    while left:
        path, is_folder = left.pop()
        if not is_folder or is_assembly(path):
            files += 1
            if files > MAX_FILES:
                raise UnusableInputError(f"the folder has more than {MAX_FILES:,} files; {_FIX}")
            yield path
            continue
        try:
            every = _entries(path, folder)
        except UnusableInputError as error:
            if problems is None:
                raise
            problems.append(error)
            continue
        entries += len(every)
        if entries > _MAX_ENTRIES:
            raise UnusableInputError(f"the folder has more than {_MAX_ENTRIES:,} entries; {_FIX}")
        left.extend(_wanted(every))


def _entries(path: pathlib.Path, root: pathlib.Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return list(islice(found, _MAX_ENTRIES + 1))
    except OSError as error:
        about = "" if path == root else f"{path.relative_to(root).as_posix()}: "
        raise UnusableInputError(f"{about}{unreadable(error)}") from None


def _wanted(entries: list[os.DirEntry[str]]) -> Iterator[_Entry]:
    """Yield the folders and files to visit, in descending order of their names."""
    if any(entry.name == _VENV_MARKER for entry in entries):
        return
    for entry in sorted(entries, key=lambda entry: entry.name, reverse=True):
        if _is_folder(entry):
            if not entry.name.startswith(".") and entry.name not in _SKIPPED_FOLDERS:
                yield pathlib.Path(entry.path), True
        elif _suffix(entry) in _SUFFIXES and _is_file(entry):
            yield pathlib.Path(entry.path), False


def _suffix(entry: os.DirEntry[str]) -> str:
    return os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - creating a Path for each entry is slow


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # a file system that cannot tell
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads back to itself
        return False
