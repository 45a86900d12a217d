"""Tests of the number of calls into Node, each of which costs time."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from jsii._kernel.providers.process import _NodeProcess

from cdk_epc import EndpointConfig, InstanceType, InstanceVariant


class NodeCalls:
    """Counter of calls into Node."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        send = _NodeProcess.send

        def counted(process: Any, *args: Any, **kwargs: Any) -> Any:
            self.count += 1
            return send(process, *args, **kwargs)

        monkeypatch.setattr(_NodeProcess, "send", counted)


def build(stack: cdk.Stack, id: str, **options: Any) -> None:
    variant = InstanceVariant(
        "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    EndpointConfig(stack, id, production_variants=[variant], **options)


def test_construct_makes_two_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Stack")
    build(stack, "First")  # registers the stage's validation and reads the app's profile
    calls = NodeCalls(monkeypatch)
    for index in range(5):
        build(stack, f"Config{index}", profile="strict" if index == 4 else None)
    assert calls.count == 10


def test_synth_reads_the_region_of_a_stack_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Stack")
    for index in range(5):
        build(stack, f"Config{index}")
    calls = NodeCalls(monkeypatch)
    app.synth()
    assert calls.count == 4  # synth, the result of the validation, the stack and its region
