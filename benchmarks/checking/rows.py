"""Rows of the table: comparison with other checkers, growth of the cost, and cold start."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.bytecode import environment
from benchmarks.checking import lint_rules, updates
from benchmarks.checking.checkers import CHECKERS, Checker, ours
from benchmarks.checking.templates import SUFFIXES, WITH_FINDINGS, write
from benchmarks.report import Row, compared, milliseconds, timed, with_verdict
from benchmarks.rounds import Samples, run_rounds

BIG: Final = 400
SMALL: Final = 1_000
_FEW: Final = 100
_SEVERAL: Final = 1_000
_MANY: Final = 10_000
_TIMES: Final = 20
"""Target: times faster than cfn-lint."""
_MOST_SECONDS: Final = 0.090
_MOST_GROWTH: Final = 1.2
_MOST_FOR_TWICE: Final = 2.2

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
            yield from _against_others(f"{title}, {suffix.upper()}", files, rounds)
    yield from lint_rules.rows(folder / "lint-rules", rounds)
    yield from _growth(folder, rounds)
    yield from _growth_of_findings(folder, rounds)
    yield from updates.rows(folder / "updates", rounds)
    yield from _cold_start(folder, rounds * _STARTS)


def _new(folder: Path, name: str) -> Path:
    new = folder / name
    new.mkdir()
    return new


def _against_others(title: str, files: Sequence[Path], rounds: int) -> Iterator[Row]:
    for checker in CHECKERS.values():
        checker(files[:1])  # the first run imports and loads
    candidates = {name: partial(_seconds, checker, files) for name, checker in CHECKERS.items()}
    seconds = run_rounds(candidates, rounds)
    yield _faster(title, seconds["cdk-epc"], seconds["cfn-lint"])
    rust = "cloudformation-validate"
    yield compared(f"check {title} / {rust}", seconds["cdk-epc"], seconds[rust], 1.0, below=True)


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
    files = {
        count: write(_new(folder, f"growth-{count}"), "json", [count])
        for count in (_FEW, _SEVERAL, _MANY)
    }
    few = files[_FEW]
    ours(few)
    candidates: dict[int, Callable[[], float]] = {
        _FEW: lambda: min(_seconds(ours, few) for _ in range(5)),
        _SEVERAL: partial(_seconds, ours, files[_SEVERAL]),
        _MANY: partial(_seconds, ours, files[_MANY]),
    }
    seconds = run_rounds(candidates, rounds)
    each_few = min(seconds[_FEW]) / _FEW
    for count in (_SEVERAL, _MANY):
        each = min(seconds[count]) / count
        row = Row(
            f"check, each of {count:,} / each of {_FEW}",
            f"{milliseconds(each)} / {milliseconds(each_few)}",
            f"{each / each_few:.2f}",
        )
        yield with_verdict(row, each / each_few, _MOST_GROWTH)


def _growth_of_findings(folder: Path, rounds: int) -> Iterator[Row]:
    """Yield the time for twice as many findings / the time for half of them."""
    for title, (document_of, count) in WITH_FINDINGS.items():
        new = _new(folder, title.replace(" ", "-"))
        candidates = {}
        for number in (count, 2 * count):
            file = new / f"{number}.json"
            file.write_text(json.dumps(document_of(number)), "utf-8")
            candidates[number] = partial(_cpu_seconds, [file])
        seconds = run_rounds(candidates, rounds)
        few, many = min(seconds[count]), min(seconds[2 * count])
        row = Row(
            f"check {2 * count:,} / {count:,} {title}",
            f"{milliseconds(many)} / {milliseconds(few)}",
            f"{many / few:.2f}",
        )
        yield with_verdict(row, many / few, _MOST_FOR_TWICE)


def _cold_start(folder: Path, rounds: int) -> Iterator[Row]:
    """Yield the time of the command for one small file, and of Python with two modules it needs."""
    (file,) = write(_new(folder, "cold"), "json", [1])
    commands = {
        "check": [sys.executable, "-m", "cdk_epc", "check", str(file)],
        "python": [sys.executable, "-c", "import argparse, json"],
    }
    # A checkout sometimes forbids the bytecode that an installed package has.
    candidates = {name: partial(_process, command, folder) for name, command in commands.items()}
    run_rounds(candidates, 1)  # the first run writes bytecode and fills the disk cache
    seconds = run_rounds(candidates, rounds)
    yield timed("check of one small file, cold start", seconds["check"], _MOST_SECONDS)
    yield timed("python with argparse and json, to compare", seconds["python"])


def _process(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(  # noqa: S603 - the commands above
        command, check=True, stdout=subprocess.DEVNULL, env=environment(folder)
    )
    return time.perf_counter() - start


def _cpu_seconds(files: Sequence[Path]) -> float:
    """Return the CPU time of a check, because few rounds of long checks show other work."""
    start = time.process_time()
    ours(files)
    return time.process_time() - start


def _seconds(checker: Checker, files: Sequence[Path]) -> float:
    start = time.perf_counter()
    checker(files)
    return time.perf_counter() - start
