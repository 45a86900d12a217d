"""Whole processes, from Python's start to the template: six configurations, a whole endpoint."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.bytecode import environment
from benchmarks.report import Row, compared
from benchmarks.rounds import run_rounds

_FULL: Final = 11
_QUICK: Final = 2
"""How many rounds."""

_PAIRS: Final = (
    ("process of six / L1", "benchmarks.six_configs.constructs", "benchmarks.six_configs.l1", 1.05),
    ("process of an endpoint / L1", "benchmarks.whole_endpoint.constructs", "benchmarks.whole_endpoint.l1", 1.1),
    ("process of an endpoint / alpha", "benchmarks.whole_endpoint.scaled", "benchmarks.whole_endpoint.alpha", None),
)
"""What is compared: the program with the constructs, the other one, the greatest ratio."""


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Apps written with the constructs against the same resources written in another way."""
    for title, ours, theirs, most in _PAIRS:
        candidates = {module: partial(_seconds, outdir, module) for module in (ours, theirs)}
        run_rounds(candidates, 1)  # the first run writes bytecode and fills the disk cache
        seconds = run_rounds(candidates, _QUICK if quick else _FULL)
        yield compared(title, seconds[ours], seconds[theirs], most)


def _seconds(outdir: Path, module: str) -> float:
    """From the start of the process to its word that all is written, before Node winds down."""
    start = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, outdir],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(outdir),
    ) as process:
        word = process.stdout.readline() if process.stdout else ""
        end = time.perf_counter()
    if process.returncode or not word:
        raise RuntimeError(f"{module} ended with {process.returncode} and wrote {word!r}")
    return end - start
