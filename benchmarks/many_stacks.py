"""Time to build and synthesize an app of many stacks, each with one endpoint."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import aws_cdk as cdk

from benchmarks.implementations.resource import BareConfig, BareEndpoint
from benchmarks.report import Row, compared
from benchmarks.rounds import run_rounds
from cdk_epc import Endpoint, EndpointConfig, InstanceType, InstanceVariant

_FULL: Final = 7
_QUICK: Final = 2
"""Number of rounds."""
_STACKS: Final = 30
_MOST: Final = 1.05


def rows(outdir: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the times to build and to synthesize / those of bare resources with L1 constructs."""
    built: dict[str, list[float]] = {"ours": [], "bare": []}
    add = {"ours": _ours, "bare": _bare}
    candidates = {name: partial(_seconds, outdir, add[name], built[name]) for name in add}
    run_rounds(candidates, 1)  # warm up imports and caches
    for each in built.values():
        each.clear()
    synthesized = run_rounds(candidates, _QUICK if quick else _FULL)
    title = f"of {_STACKS} stacks / bare resources"
    yield compared(f"synth {title}", synthesized["ours"], synthesized["bare"], _MOST)
    yield compared(f"build {title}", built["ours"], built["bare"])


def _ours(stack: cdk.Stack) -> None:
    variant = InstanceVariant(
        "main", model="churn", instance_type=InstanceType.ML_M5_XLARGE, initial_instance_count=1
    )
    Endpoint(
        stack,
        "Endpoint",
        endpoint_config=EndpointConfig(stack, "Config", production_variants=[variant]),
    )


def _bare(stack: cdk.Stack) -> None:
    variant = {
        "variantName": "main",
        "modelName": "churn",
        "instanceType": "ml.m5.xlarge",
        "initialInstanceCount": 1,
        "initialVariantWeight": 1,
    }
    BareEndpoint(stack, "Endpoint", BareConfig(stack, "Config", [variant]))


def _seconds(outdir: Path, add: Callable[[cdk.Stack], None], built: list[float]) -> float:
    """Return the seconds to synthesize, and add those to build to the list."""
    folder = mkdtemp(dir=outdir)
    app = cdk.App(analytics_reporting=False, outdir=folder)
    stacks = [
        cdk.Stack(
            app,
            f"Stack{index}",
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
        for index in range(_STACKS)
    ]
    start = time.perf_counter()
    for stack in stacks:
        add(stack)
    middle = time.perf_counter()
    app.synth()
    end = time.perf_counter()
    shutil.rmtree(folder)
    built.append(middle - start)
    return end - middle
