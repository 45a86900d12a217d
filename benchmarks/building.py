"""Many configurations in one stack, built and synthesised in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from benchmarks.report import Row, compared, judged, milliseconds
from benchmarks.rounds import run_rounds
from benchmarks.stacks import app_of, new_stack
from benchmarks.implementations import Models, Way, alpha, constructs, l1

_FULL: Final = 9
_QUICK: Final = 1
"""How many rounds."""

WAYS: Final[Mapping[str, Way]] = {
    "constructor": constructs.constructor,
    "methods": constructs.methods,
    "L1": l1.typed_l1,
    "alpha constructor": alpha.constructor,
    "alpha methods": alpha.methods,
}
COUNTS: Final = (1, 10, 100, 400)
_REPEATS: Final = {1: 7, 10: 4, 100: 2, 400: 1}
"""How often each count is measured in a round: the shorter, the more often."""

_COMPARED: Final = (
    ("constructor", "L1", 1.2, False),
    ("constructor", "alpha constructor", 1.0, True),
    ("methods", "alpha methods", 1.0, True),
)
_MOST_GROWTH: Final = 1.1
_OTHERS: Final = {"L1", "alpha constructor", "alpha methods"}

Seconds: TypeAlias = Mapping[tuple[str, int], list[float]]


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Constructor against L1 and alpha, methods against the alpha's, and how each grows."""
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
    for way in WAYS:
        yield _growth(way, seconds, None if way in _OTHERS else _MOST_GROWTH)


def _measured(outdir: Path, rounds: int) -> Seconds:
    candidates = {
        (way, count): partial(_seconds, outdir, WAYS[way], count)
        for count in COUNTS
        for way in WAYS
    }
    run_rounds({(way, 10): candidates[way, 10] for way in WAYS}, 2)  # what a process does only once
    seconds: dict[tuple[str, int], list[float]] = {key: [] for key in candidates}
    for _ in range(rounds):
        for count, repeats in _REPEATS.items():
            these = {(way, count): candidates[way, count] for way in WAYS}
            for key, samples in run_rounds(these, repeats).items():
                seconds[key] += samples
    return seconds


def _seconds(outdir: Path, way: Way, count: int) -> float:
    """Build and synth; the app, the stack and the models are there before, whatever the way."""
    stack = new_stack(outdir)
    app = app_of(stack)
    models = Models.of(stack)
    start = time.perf_counter()
    way(stack, models, count)
    app.synth()
    return time.perf_counter() - start


def _growth(way: str, seconds: Seconds, most: float | None) -> Row:
    """The cost of one more configuration up to 400 over that up to 100; 1 if growth is linear."""
    one = min(seconds[way, 1])
    few, many = ((min(seconds[way, count]) - one) / (count - 1) for count in (100, 400))
    row = Row(
        f"{way}, each of 400 / each of 100",
        f"{milliseconds(many)} / {milliseconds(few)}",
        f"{many / few:.2f}",
    )
    return judged(row, many / few, most)
