"""The files below a folder that may be templates or requests."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator
from itertools import islice
from typing import Final, TypeAlias

from cdk_epc.parsing.cloud_assembly import is_assembly
from cdk_epc.parsing.document import UnusableInputError
from cdk_epc.parsing.files import cannot_be_read

_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml", ".template"})
_OTHERS_CODE: Final = frozenset({"node_modules", "__pycache__", "site-packages"})
_VENV_MARKER: Final = "pyvenv.cfg"
MOST_FILES: Final = 100_000
"""That many templates take hours; whoever meets it has named the wrong folder."""
_MOST_ENTRIES: Final = 1_000_000
_LESS: Final = "name less of it"
_Found: TypeAlias = tuple[pathlib.Path, bool]  # and whether it is a folder


def walk(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    """The files to read below a folder, by name within each folder.

    Of a cloud assembly the folder itself is given, nothing in it. Left out are hidden folders,
    other people's code (``node_modules``, virtual environments) and what is no file. Links to
    folders are not followed, links to files are.

    Raises:
        UnusableInputError: A folder cannot be read, so that nobody can say that nothing is wrong in
            it; or there are more than 100,000 files. The message starts with the folder's name if
            it is another than the one given.
    """
    left: list[_Found] = [(folder, True)]
    files = entries = 0
    while left:
        path, is_folder = left.pop()
        if not is_folder or is_assembly(path):
            files += 1
            if files > MOST_FILES:
                raise UnusableInputError(f"it holds more than {MOST_FILES:,} files; {_LESS}")
            yield path
            continue
        every = _entries(path, folder)
        entries += len(every)
        if entries > _MOST_ENTRIES:
            raise UnusableInputError(f"it holds more than {_MOST_ENTRIES:,} entries; {_LESS}")
        left.extend(_wanted(every))


def _entries(path: pathlib.Path, root: pathlib.Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return list(islice(found, _MOST_ENTRIES + 1))
    except OSError as error:
        about = "" if path == root else f"{path.relative_to(root).as_posix()}: "
        raise UnusableInputError(f"{about}{cannot_be_read(error)}") from None


def _wanted(entries: list[os.DirEntry[str]]) -> Iterator[_Found]:
    """Those to go into or to give, the last by name first."""
    if any(entry.name == _VENV_MARKER for entry in entries):
        return
    for entry in sorted(entries, key=lambda entry: entry.name, reverse=True):
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(".") and entry.name not in _OTHERS_CODE:
                yield pathlib.Path(entry.path), True
        elif _suffix(entry) in _SUFFIXES and _is_file(entry):
            yield pathlib.Path(entry.path), False


def _suffix(entry: os.DirEntry[str]) -> str:
    return os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - a Path for each entry is slow


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads back to itself
        return False
