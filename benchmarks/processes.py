"""Whole processes: an app of six configurations, from Python's start to the template."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.report import Row, compared
from benchmarks.rounds import run_rounds

_FULL: Final = 11
_QUICK: Final = 2
"""How many rounds."""

_CONSTRUCTS: Final = "benchmarks.six.constructs"
_L1: Final = "benchmarks.six.l1"


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """The app written with the constructs against the same templates written with L1s."""
    candidates = {module: partial(_seconds, outdir, module) for module in (_CONSTRUCTS, _L1)}
    run_rounds(candidates, 1)  # the first run writes bytecode and fills the disk cache
    seconds = run_rounds(candidates, _QUICK if quick else _FULL)
    yield compared("process of six / L1", seconds[_CONSTRUCTS], seconds[_L1], 1.05)


def _seconds(outdir: Path, module: str) -> float:
    """From the start of the process to its word that all is written, before Node winds down."""
    start = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, outdir], stdout=subprocess.PIPE, text=True
    ) as process:
        word = process.stdout.readline() if process.stdout else ""
        end = time.perf_counter()
    if process.returncode or not word:
        raise RuntimeError(f"{module} ended with {process.returncode} and wrote {word!r}")
    return end - start
