"""The rows: templates against cfn-lint, how the cost grows, and a cold start."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.checking.templates import SUFFIXES, write
from benchmarks.checking.checkers import WAYS, Way, ours
from benchmarks.report import Row, compared, judged, milliseconds, timed
from benchmarks.rounds import Samples, run_rounds

BIG: Final = 400
SMALL: Final = 1_000
_FEW: Final = 100
_MANY: Final = 10_000
_TIMES: Final = 20
"""How many times faster than cfn-lint this library is to be."""
_MOST_SECONDS: Final = 0.25
_MOST_GROWTH: Final = 1.2

_FULL: Final = 5
_QUICK: Final = 1
_STARTS: Final = 4
"""How many rounds, and how many times as many for what is short."""


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Everything about checking."""
    rounds = _QUICK if quick else _FULL
    folder = outdir / "checking"
    folder.mkdir()
    for suffix in SUFFIXES:
        for title, counts in (
            (f"one template of {BIG} configurations", [BIG]),
            (f"{SMALL:,} small templates", [1] * SMALL),
        ):
            files = write(_new(folder, f"{suffix}-{len(counts)}"), suffix, counts)
            yield from _against_cfn_lint(f"{title}, {suffix.upper()}", files, rounds)
    yield from _growth(folder, rounds)
    yield from _cold_start(folder, rounds * _STARTS)


def _new(folder: Path, name: str) -> Path:
    new = folder / name
    new.mkdir()
    return new


def _against_cfn_lint(title: str, files: Sequence[Path], rounds: int) -> Iterator[Row]:
    for way in WAYS.values():
        way(files[:1])  # the first run imports and loads
    candidates = {name: partial(_seconds, way, files) for name, way in WAYS.items()}
    seconds = run_rounds(candidates, rounds)
    yield _faster(title, seconds["cdk-epc"], seconds["cfn-lint"])


def _faster(title: str, own: Samples, theirs: Samples) -> Row:
    """How many times faster we are, which a row of a ratio does not say by itself."""
    row = compared(f"check {title} / cfn-lint", own, theirs, 1 / _TIMES)
    times = min(theirs) / min(own)
    verdict = "reached" if times >= _TIMES else f"missed by {_TIMES - times:.1f}"
    return Row(
        row.title,
        row.measured,
        f"{times:.1f} times faster",
        row.spread,
        f"at least {_TIMES} times",
        verdict,
    )


def _growth(folder: Path, rounds: int) -> Iterator[Row]:
    """What one configuration costs in a big template, against a small one."""
    few, many = (write(_new(folder, f"growth-{count}"), "json", [count]) for count in (_FEW, _MANY))
    ours(few)
    candidates: dict[str, Callable[[], float]] = {
        "few": lambda: min(_seconds(ours, few) for _ in range(5)),
        "many": partial(_seconds, ours, many),
    }
    seconds = run_rounds(candidates, rounds)
    each_few, each_many = min(seconds["few"]) / _FEW, min(seconds["many"]) / _MANY
    row = Row(
        f"check, each of {_MANY:,} / each of {_FEW}",
        f"{milliseconds(each_many)} / {milliseconds(each_few)}",
        f"{each_many / each_few:.2f}",
    )
    yield judged(row, each_many / each_few, _MOST_GROWTH)


def _cold_start(folder: Path, rounds: int) -> Iterator[Row]:
    """The command on one small file, from Python's start to its end, beside Python alone."""
    (file,) = write(_new(folder, "cold"), "json", [1])
    commands = {
        "check": [sys.executable, "-m", "cdk_epc", "check", str(file)],
        "python": [sys.executable, "-c", "pass"],
    }
    candidates = {name: partial(_process, command) for name, command in commands.items()}
    run_rounds(candidates, 1)  # the first run writes bytecode and fills the disk cache
    seconds = run_rounds(candidates, rounds)
    yield timed("check of one small file, cold start", seconds["check"], _MOST_SECONDS)
    yield compared("check of one small file / python -c pass", seconds["check"], seconds["python"])


def _process(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - the words above
    return time.perf_counter() - start


def _seconds(way: Way, files: Sequence[Path]) -> float:
    start = time.perf_counter()
    way(files)
    return time.perf_counter() - start
