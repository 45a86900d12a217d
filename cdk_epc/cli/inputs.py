"""Inputs of a run, found from the paths of the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.cli.result import UnusableInput

STDIN: Final = "-"
STDIN_NAME: Final = "<stdin>"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Input(Record):
    """File, cloud assembly or standard input.

    Attributes:
        path: Path of the file or folder; ``None`` for standard input.
        named: Whether the command line names the input itself, not only a folder above it.
        is_assembly: Whether the input is a cloud assembly.
    """

    path: Path | None
    named: bool = True
    is_assembly: bool = False


def display_name(path: Path | None) -> str:
    """Return the name of an input for reports.

    An absolute path below the current folder becomes relative; others stay as they were given.
    """
    if path is None:
        return STDIN_NAME
    if path.is_absolute() and (here := current_folder()) and path.is_relative_to(here):
        path = path.relative_to(here)
    return str(path)


def current_folder() -> Path | None:
    """Return the current folder; ``None`` if another process has deleted it."""
    try:
        return Path.cwd()
    except OSError:
        return None


def find_inputs(paths: Iterable[str], *, named: bool = True) -> Iterator[Input | UnusableInput]:
    """Yield the inputs of these paths in order, each file once.

    Args:
        paths: Paths of the command line.
        named: Whether a path to a file counts as naming the file.
    """
    seen: set[str] = set()
    for given in paths:
        for each in _inputs_of(given, named=named):
            if isinstance(each, UnusableInput):
                yield each
                continue
            real_path = _real_path(each.path) if each.path else STDIN
            if real_path not in seen:
                seen.add(real_path)
                yield each


def _real_path(path: Path) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):  # no current folder, or an impossible name
        return str(path)


def _inputs_of(given: str, *, named: bool) -> Iterator[Input | UnusableInput]:
    if given == STDIN:
        yield Input(path=None)
    elif os.path.isdir(given):  # noqa: PTH112 - Path.is_dir() raises for a name that is too long
        yield from _inputs_in(Path(given))
    else:
        yield Input(path=Path(given), named=named)


def _inputs_in(folder: Path) -> Iterator[Input | UnusableInput]:
    # Imported here because most runs check files.
    from cdk_epc.parsing import UnusableInputError  # noqa: PLC0415
    from cdk_epc.parsing.folder import walk  # noqa: PLC0415

    problems: list[UnusableInputError] = []
    try:
        for path in walk(folder, problems):
            yield Input(path=path, named=False, is_assembly=path.is_dir())
    except UnusableInputError as error:  # the inputs that were found before are still checked
        problems.append(error)
    for each in problems:
        yield UnusableInput(file=display_name(folder), message=str(each))
