"""Interleaved rounds, so that other work on the machine affects all candidates equally."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

K = TypeVar("K")

Candidate: TypeAlias = Callable[[], float]
"""Function that does its work once and returns the measured seconds."""

Samples: TypeAlias = Sequence[float]


def run_rounds(candidates: Mapping[K, Candidate], count: int) -> dict[K, list[float]]:
    """Return the seconds of each candidate in each round; each round starts with another one."""
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
