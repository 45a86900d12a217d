"""Time to build and synthesize many configurations in one stack, in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from benchmarks.implementations import Implementation, Models, alpha, constructs, l1, resource
from benchmarks.report import Row, compared, milliseconds, with_verdict
from benchmarks.rounds import run_rounds
from benchmarks.stacks import app_of, new_stack

_FULL: Final = 9
_QUICK: Final = 1
"""Number of rounds."""

IMPLEMENTATIONS: Final[Mapping[str, Implementation]] = {
    "constructor": constructs.constructor,
    "methods": constructs.methods,
    "L1": l1.typed_l1,
    "resource": resource.constructor,
    "alpha constructor": alpha.constructor,
    "alpha methods": alpha.methods,
}
COUNTS: Final = (1, 10, 100, 400)
_REPEATS: Final = {1: 7, 10: 4, 100: 2, 400: 1}
"""Measurements of each count in a round; short ones are repeated more often."""

_COMPARED: Final = (
    ("constructor", "L1", 1.3, False),
    ("methods", "L1", 1.95, False),
    ("resource", "L1", None, False),
    ("constructor", "alpha constructor", 1.0, True),
    ("methods", "alpha methods", 1.0, True),
)
_MOST_GROWTH: Final = 1.1
_OTHERS: Final = {"L1", "resource", "alpha constructor", "alpha methods"}

Seconds: TypeAlias = Mapping[tuple[str, int], list[float]]


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the ratios of the compared implementations, and the growth of each."""
    seconds = _measured(outdir, _QUICK if quick else _FULL)
    for ours, theirs, most, below in _COMPARED:
        for count in COUNTS:
            yield compared(
                f"{ours} / {theirs}, {count} to a stack",
                seconds[ours, count],
                seconds[theirs, count],
                most,
                below=below,
            )
    for name in IMPLEMENTATIONS:
        yield _growth(name, seconds, None if name in _OTHERS else _MOST_GROWTH)


def _measured(outdir: Path, rounds: int) -> Seconds:
    candidates = {
        (name, count): partial(_seconds, outdir, IMPLEMENTATIONS[name], count)
        for count in COUNTS
        for name in IMPLEMENTATIONS
    }
    run_rounds(
        {(name, 10): candidates[name, 10] for name in IMPLEMENTATIONS}, 2
    )  # warm up imports and caches
    seconds: dict[tuple[str, int], list[float]] = {key: [] for key in candidates}
    for _ in range(rounds):
        for count, repeats in _REPEATS.items():
            these = {(name, count): candidates[name, count] for name in IMPLEMENTATIONS}
            for key, samples in run_rounds(these, repeats).items():
                seconds[key] += samples
    return seconds


def _seconds(outdir: Path, implementation: Implementation, count: int) -> float:
    """Return the seconds to build and synthesize; app, stack and models exist before."""
    stack = new_stack(outdir)
    app = app_of(stack)
    models = Models.of(stack)
    start = time.perf_counter()
    implementation(stack, models, count)
    app.synth()
    return time.perf_counter() - start


def _growth(name: str, seconds: Seconds, most: float | None) -> Row:
    """Return the cost of a configuration among 400 / among 100; 1 if the growth is linear."""
    one = min(seconds[name, 1])
    few, many = ((min(seconds[name, count]) - one) / (count - 1) for count in (100, 400))
    row = Row(
        f"{name}, each of 400 / each of 100",
        f"{milliseconds(many)} / {milliseconds(few)}",
        f"{many / few:.2f}",
    )
    return with_verdict(row, many / few, most)
