"""Cloud assemblies of two versions of an app, and their comparison."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Row, milliseconds, timed, with_verdict
from benchmarks.rounds import run_rounds
from cdk_epc.cli.diff import diff

COUNT: Final = 400
_FEW: Final = 100
_STACK: Final = 50
"""Configurations of a stack."""
_MOST_SECONDS: Final = 1.0
_MOST_GROWTH: Final = 1.3


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Yield the time of a comparison in which each configuration changes, and its growth."""
    few, many = (write(folder / str(count), count) for count in (_FEW, COUNT))
    seconds = run_rounds(
        {"few": lambda: min(_seconds(few) for _ in range(4)), "many": lambda: _seconds(many)},
        rounds,
    )
    yield timed(f"diff of {COUNT} changed configurations", seconds["many"], _MOST_SECONDS)
    each_few, each_many = min(seconds["few"]) / _FEW, min(seconds["many"]) / COUNT
    row = Row(
        f"diff, each of {COUNT} / each of {_FEW}",
        f"{milliseconds(each_many)} / {milliseconds(each_few)}",
        f"{each_many / each_few:.2f}",
    )
    yield with_verdict(row, each_many / each_few, _MOST_GROWTH)


def write(folder: Path, count: int) -> tuple[Path, Path]:
    """Write two cloud assemblies with this number of endpoints, and return their folders."""
    return _assembly(folder / "old", count, "fraud:1"), _assembly(folder / "new", count, "fraud:2")


def _assembly(folder: Path, count: int, image: str) -> Path:
    folder.mkdir(parents=True)
    names = [f"Stack{index}" for index in range(0, count, _STACK)]
    artifacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": "aws://111122223333/eu-west-1",
            "properties": {"templateFile": f"{name}.json"},
        }
        for name in names
    }
    manifest = {"version": "38.0.1", "artifacts": artifacts}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (folder / "cdk.out").write_text('{"version": "38.0.1"}', "utf-8")
    resources = {k: v for at in range(_STACK) for k, v in _endpoint(at, image).items()}
    for name in names:
        (folder / f"{name}.json").write_text(json.dumps({"Resources": resources}), "utf-8")
    return folder


def _endpoint(at: int, image: str) -> dict[str, dict[str, Any]]:
    """Return a model, a configuration, an endpoint and a scalable target."""
    variant = {
        "VariantName": "main",
        "ModelName": {"Fn::GetAtt": [f"Model{at}", "ModelName"]},
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 2,
    }
    role = "arn:aws:iam::111122223333:role/inference"
    properties: dict[str, dict[str, Any]] = {
        "SageMaker::Model": {"PrimaryContainer": {"Image": image}, "ExecutionRoleArn": role},
        "SageMaker::EndpointConfig": {"ProductionVariants": [variant]},
        "SageMaker::Endpoint": {
            "EndpointConfigName": {"Fn::GetAtt": [f"EndpointConfig{at}", "EndpointConfigName"]}
        },
        "ApplicationAutoScaling::ScalableTarget": {
            "MinCapacity": 2,
            "MaxCapacity": 8,
            "ServiceNamespace": "sagemaker",
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "ResourceId": {"Fn::Sub": f"endpoint/${{Endpoint{at}.EndpointName}}/variant/main"},
        },
    }
    return {
        f"{type_.rpartition(':')[2]}{at}": {"Type": f"AWS::{type_}", "Properties": each}
        for type_, each in properties.items()
    }


def compare(folders: tuple[Path, Path]) -> int:
    """Compare two cloud assemblies as the command does, and return the number of updates."""
    old, new = map(str, folders)
    given = Namespace(
        old=old, new=new, live=None, region=None, strict=False, acknowledge=None, rules=[]
    )
    update = diff(given)
    if update.result.unusable:
        raise RuntimeError(str(update.result.unusable[0]))
    return len(update.plans)


def _seconds(folders: tuple[Path, Path]) -> float:
    start = time.perf_counter()
    compare(folders)
    return time.perf_counter() - start
