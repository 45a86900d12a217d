"""Rows of the table: comparison with cfn-lint, growth of the cost, and cold start."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.checking import updates
from benchmarks.checking.checkers import CHECKERS, Checker, ours
from benchmarks.checking.templates import SUFFIXES, write
from benchmarks.report import Row, compared, milliseconds, timed, with_verdict
from benchmarks.rounds import Samples, run_rounds

BIG: Final = 400
SMALL: Final = 1_000
_FEW: Final = 100
_MANY: Final = 10_000
_TIMES: Final = 20
"""Target: times faster than cfn-lint."""
_MOST_SECONDS: Final = 0.25
_MOST_GROWTH: Final = 1.2

_FULL: Final = 5
_QUICK: Final = 1
_STARTS: Final = 4
"""Number of rounds, and its factor for short measurements."""


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Yield all rows about checking."""
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
    yield from updates.rows(folder / "updates", rounds)
    yield from _cold_start(folder, rounds * _STARTS)


def _new(folder: Path, name: str) -> Path:
    new = folder / name
    new.mkdir()
    return new


def _against_cfn_lint(title: str, files: Sequence[Path], rounds: int) -> Iterator[Row]:
    for checker in CHECKERS.values():
        checker(files[:1])  # the first run imports and loads
    candidates = {name: partial(_seconds, checker, files) for name, checker in CHECKERS.items()}
    seconds = run_rounds(candidates, rounds)
    yield _faster(title, seconds["cdk-epc"], seconds["cfn-lint"])


def _faster(title: str, own: Samples, theirs: Samples) -> Row:
    """Return a row that states how many times faster this library is."""
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
    """Yield the cost of a configuration in a big template / in a small one."""
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
    yield with_verdict(row, each_many / each_few, _MOST_GROWTH)


def _cold_start(folder: Path, rounds: int) -> Iterator[Row]:
    """Yield the time of the command for one small file, alone and / an empty Python process."""
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
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - the commands above
    return time.perf_counter() - start


def _seconds(checker: Checker, files: Sequence[Path]) -> float:
    start = time.perf_counter()
    checker(files)
    return time.perf_counter() - start
