"""How far long work has come, for a person at a terminal.

These few lines are our own: a library that draws bars would be a dependency of everyone who
installs the constructs, and its import alone takes longer than the check of a small file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

from cdk_epc.cli.formats.text import is_terminal

T = TypeVar("T")

_PATIENCE: Final = 1.0
"""Seconds before a bar appears at all."""
_PAUSE: Final = 0.1
"""Seconds between two strokes."""
_WIDTH: Final = 30
_ERASED: Final = "\r\x1b[K"


def shown(work: Sequence[T]) -> Iterable[T]:
    """The same work, with a bar where somebody watches: never in a pipe or a file."""
    if len(work) > 1 and is_terminal(sys.stderr) and is_terminal(sys.stdout):
        return _with_bar(work)
    return work


def _with_bar(work: Sequence[T]) -> Iterator[T]:
    due = time.monotonic() + _PATIENCE
    drawn = False
    try:
        for done, each in enumerate(work):
            if time.monotonic() >= due:
                drawn = True
                _draw(done, len(work))
                due = time.monotonic() + _PAUSE
            yield each
    finally:
        if drawn:
            print(_ERASED, end="", file=sys.stderr, flush=True)


def _draw(done: int, total: int) -> None:
    filled = _WIDTH * done // total
    bar = "#" * filled + "-" * (_WIDTH - filled)
    print(f"{_ERASED}[{bar}] {done} of {total} files", end="", file=sys.stderr, flush=True)
