"""Time to import the library, each time in a new process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.bytecode import environment
from benchmarks.report import Row, timed
from benchmarks.rounds import run_rounds

_FULL: Final = 9
_QUICK: Final = 2
"""Number of rounds."""

_CASES: Final[Mapping[str, tuple[str, str, float | None]]] = {
    "import cdk_epc, after aws_cdk": ("import aws_cdk", "import cdk_epc", 0.050),
    "first EndpointConfig, after aws_cdk and its aws_sagemaker": (
        "import aws_cdk, aws_cdk.aws_sagemaker",
        "import cdk_epc; cdk_epc.EndpointConfig",
        0.060,
    ),
    "the same, and its rules": (
        "import aws_cdk, aws_cdk.aws_sagemaker",
        (
            "import cdk_epc; cdk_epc.EndpointConfig; "
            "from cdk_epc.rules.registry import rules_of; rules_of(cdk_epc.EndpointConfigSpec)"
        ),
        None,
    ),
    "import aws_cdk, to compare": ("", "import aws_cdk", None),
    "import aws_cdk.aws_sagemaker after it, to compare": (
        "import aws_cdk",
        "import aws_cdk.aws_sagemaker",
        None,
    ),
    "import cdk_epc.rules, alone": ("", "import cdk_epc.rules", 0.055),
    "all rules, alone": ("", "from cdk_epc.rules import RULES", None),
}
"""Statements before the measurement, measured statements, and target in seconds."""

_PROGRAM: Final = """
import sys, time
{before}
start = time.perf_counter()
{measured}
print(time.perf_counter() - start, "jsii" in sys.modules)
"""


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the time of each import, and whether `cdk_epc.rules` loads jsii."""
    candidates = {
        title: partial(_seconds, outdir, before, measured)
        for title, (before, measured, _) in _CASES.items()
    }
    run_rounds(candidates, 1)  # the first run writes bytecode and fills the disk cache
    seconds = run_rounds(candidates, _QUICK if quick else _FULL)
    for title, case in _CASES.items():
        yield timed(title, seconds[title], case[2])
    has_jsii = _run(outdir, "", "import cdk_epc.rules")[1]
    verdict = "missed" if has_jsii else "reached"
    yield Row(
        "import cdk_epc.rules loads jsii",
        measured="",
        result="yes" if has_jsii else "no",
        target="no",
        verdict=verdict,
    )


def _seconds(outdir: Path, before: str, measured: str) -> float:
    return _run(outdir, before, measured)[0]


def _run(outdir: Path, before: str, measured: str) -> tuple[float, bool]:
    program = [sys.executable, "-c", _PROGRAM.format(before=before, measured=measured)]
    words = subprocess.check_output(program, text=True, env=environment(outdir)).split()  # noqa: S603
    return float(words[0]), words[1] == "True"
