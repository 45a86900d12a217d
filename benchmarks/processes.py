"""Time of processes from the start of Python to the template."""

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
"""Number of rounds."""

_PAIRS: Final = (
    ("process of six / L1", "benchmarks.six_configs.constructs", "benchmarks.six_configs.l1", 1.04),
    (
        "process of an endpoint / L1",
        "benchmarks.whole_endpoint.constructs",
        "benchmarks.whole_endpoint.l1",
        1.04,
    ),
    (
        "process of an endpoint / alpha",
        "benchmarks.whole_endpoint.scaled",
        "benchmarks.whole_endpoint.alpha",
        None,
    ),
)
"""Title, program with the constructs, program to compare, and maximum ratio."""


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the time of apps with the constructs / apps with other constructs."""
    for title, ours, theirs, most in _PAIRS:
        candidates = {module: partial(_seconds, outdir, module) for module in (ours, theirs)}
        run_rounds(candidates, 1)  # the first run writes bytecode and fills the disk cache
        seconds = run_rounds(candidates, _QUICK if quick else _FULL)
        yield compared(title, seconds[ours], seconds[theirs], most)


def _seconds(outdir: Path, module: str) -> float:
    """Return the seconds from the start to the line "written", before Node ends."""
    start = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - a module of this package
        [sys.executable, "-m", module, outdir],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(outdir),
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        end = time.perf_counter()
    if process.returncode or not line:
        raise RuntimeError(f"{module} ended with {process.returncode} and wrote {line!r}")
    return end - start
