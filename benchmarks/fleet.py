"""Time to synthesize the fleet of the sample app, by its number of endpoints.

Each measurement is the CPU time of a process with its Node process, because the runs are so long
that other work on the machine would decide a ratio of elapsed times.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from benchmarks.report import Row, milliseconds, timed, with_verdict
from benchmarks.rounds import run_rounds
from cdk_epc.testing import project_context
from sample_app.environments import ACCOUNTS
from sample_app.fleet.app import build
from sample_app.fleet.endpoints import read_endpoints

COUNTS: Final = (50, 100, 200)
_BASE: Final = 1
"""Endpoints of the app whose time counts as that of the app itself."""
_MOST_GROWTH: Final = 1.2
_ROOT: Final = Path(__file__).parents[1]
_CODE: Final = "import sys, benchmarks.fleet as f; f.synth(sys.argv[1], int(sys.argv[2]))"


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:  # noqa: ARG001 - one round is long enough
    """Yield the time of all endpoints, and the growth with their number."""
    candidates = {count: partial(_seconds, outdir, count) for count in (_BASE, *COUNTS)}
    seconds = run_rounds(candidates, 1)
    base = min(seconds[_BASE])
    each = {count: (min(seconds[count]) - base) / (count - _BASE) for count in COUNTS}
    yield timed(f"fleet of {max(COUNTS)} endpoints, CPU time", seconds[max(COUNTS)])
    for few, many in pairwise(COUNTS):
        row = Row(
            f"fleet, each of {many} / each of {few}",
            f"{milliseconds(each[many])} / {milliseconds(each[few])}",
            f"{each[many] / each[few]:.2f}",
        )
        yield with_verdict(row, each[many] / each[few], _MOST_GROWTH)


def synth(outdir: str, count: int) -> None:
    """Synthesize the first endpoints in one region, with the context of the CDK CLI."""
    context = project_context(_ROOT / "cdk.json")
    region = next(iter(ACCOUNTS))
    endpoints = read_endpoints()[:count]
    build(context, endpoints=endpoints, regions=[region], outdir=outdir).synth()


def _seconds(outdir: Path, count: int) -> float:
    before = _children()
    subprocess.run(  # noqa: S603 - the code above
        [sys.executable, "-c", _CODE, mkdtemp(dir=outdir), str(count)],
        check=True,
        cwd=_ROOT,
        stderr=subprocess.DEVNULL,
    )
    return _children() - before


def _children() -> float:
    """Return the CPU seconds of all ended child processes."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
