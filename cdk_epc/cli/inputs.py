"""From the paths of the command line to what is to be read, in the order given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs

from cdk_epc.cli.result import Unusable

STDIN: Final = "-"
STDIN_SHOWN: Final = "<stdin>"


@attrs.frozen(kw_only=True)
class Source:
    """One thing to read.

    Attributes:
        path: Where it is; ``None`` for standard input.
        named: Whether somebody named it, rather than a folder above it.
        is_assembly: Whether it is a cloud assembly.
    """

    path: Path | None
    named: bool = True
    is_assembly: bool = False


def shown(path: Path | None) -> str:
    """The name for reports: from the current folder where it is below it, else as it was given."""
    if path is None:
        return STDIN_SHOWN
    if path.is_absolute() and path.is_relative_to(here := Path.cwd()):
        path = path.relative_to(here)
    return str(path)


def sources_of(paths: Iterable[str], *, named: bool = True) -> Iterator[Source | Unusable]:
    """What these paths lead to, each thing once.

    Args:
        paths: As they were given.
        named: Whether that counts as naming the files among them.
    """
    seen: set[str] = set()
    for given in paths:
        for source in _of(given, named=named):
            if isinstance(source, Unusable):
                yield source
                continue
            real = os.path.realpath(source.path) if source.path else STDIN
            if real not in seen:
                seen.add(real)
                yield source


def _of(given: str, *, named: bool) -> Iterator[Source | Unusable]:
    if given == STDIN:
        yield Source(path=None)
    elif os.path.isdir(given):  # noqa: PTH112 - pathlib's raises for a name that is too long
        yield from _of_folder(Path(given))
    else:
        yield Source(path=Path(given), named=named)


def _of_folder(folder: Path) -> Iterator[Source | Unusable]:
    # Most runs are of files.
    from cdk_epc.parsing import UnusableInputError  # noqa: PLC0415
    from cdk_epc.parsing.folder import walk  # noqa: PLC0415

    try:
        for path in walk(folder):
            yield Source(path=path, named=False, is_assembly=path.is_dir())
    except UnusableInputError as error:  # what was found before that is still checked
        yield Unusable(file=shown(folder), message=str(error))
