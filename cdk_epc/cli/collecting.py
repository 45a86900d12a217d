"""Garbage is collected less often while files are checked."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_ALLOCATIONS: Final = 50_000
"""New objects between two collections; Python's own 700 looks at a big document again and again."""


@contextmanager
def seldom() -> Generator[None, None, None]:
    """Collect seldom: nearly all that a run makes is either freed at once or needed to its end."""
    before = gc.get_threshold()
    if before[0]:  # somebody may have switched it off
        gc.set_threshold(_ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
