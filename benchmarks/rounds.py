"""Interleaved rounds: whatever else the machine does falls on all candidates alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

K = TypeVar("K")

Candidate: TypeAlias = Callable[[], float]
"""Does its work once and says how many seconds of it count."""

Samples: TypeAlias = Sequence[float]


def run_rounds(candidates: Mapping[K, Candidate], count: int) -> dict[K, list[float]]:
    """The seconds of each candidate in each round; in each round, another one goes first."""
    seconds: dict[K, list[float]] = {key: [] for key in candidates}
    for turn in range(count):
        for key in _rotated(list(candidates), turn):
            gc.collect()
            seconds[key].append(candidates[key]())
    return seconds


def _rotated(keys: Sequence[K], turn: int) -> Iterator[K]:
    start = turn % len(keys)
    yield from keys[start:]
    yield from keys[:start]
