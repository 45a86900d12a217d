"""Tests of the number of calls into Node, each of which costs time."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from jsii._kernel.providers.process import _NodeProcess

from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    InstanceType,
    InstanceVariant,
    Model,
    ModelData,
)
from cdk_epc.permissions.statements import partition


class NodeCalls:
    """Counter of calls into Node."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        send = _NodeProcess.send

        def counted(process: Any, *args: Any, **kwargs: Any) -> Any:
            self.count += 1
            return send(process, *args, **kwargs)

        monkeypatch.setattr(_NodeProcess, "send", counted)


def build(stack: cdk.Stack, id: str, **options: Any) -> EndpointConfig:
    variant = InstanceVariant(
        "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    return EndpointConfig(stack, id, production_variants=[variant], **options)


@pytest.mark.parametrize("context", [{}, {"@aws-cdk/core:failSynthOnValidationErrors": False}])
def test_construct_makes_two_calls(monkeypatch: pytest.MonkeyPatch, context: Any) -> None:
    monkeypatch.setenv("CDK_ERROR_FILE", "error.txt")  # as if the CLI ran the app
    stack = cdk.Stack(cdk.App(analytics_reporting=False, context=context), "Stack")
    build(stack, "First")  # registers the stage's validation and reads the app's profile
    calls = NodeCalls(monkeypatch)
    for index in range(5):
        build(stack, f"Config{index}", profile="strict" if index == 4 else None)
    assert calls.count == 10


@pytest.mark.parametrize("count", [1, 3])
def test_stacks_of_endpoints(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    app = cdk.App(analytics_reporting=False)
    build(cdk.Stack(app, "First"), "Config")
    calls = NodeCalls(monkeypatch)
    for index in range(count):
        stack = cdk.Stack(app, f"Stack{index}")
        config = build(stack, "Config")
        Endpoint(stack, "Endpoint", endpoint_config=config)
    # The stack, its stage, two constructs with their resources, and two calls for the name.
    assert calls.count == 8 * count
    calls.count = 0
    app.synth()
    assert calls.count == 2  # synth and the result of the validation


def test_scaled_variant_of_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Stack")
    build(stack, "First")
    partition()  # read once in a process
    calls = NodeCalls(monkeypatch)

    def count() -> int:
        counted, calls.count = calls.count, 0
        return counted

    counts: list[tuple[int, ...]] = []
    for index in range(2):
        image = ContainerImage.from_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1")
        data = ModelData.from_s3("s3://models/churn.tar.gz")
        model = Model(
            stack,
            f"Model{index}",
            container=Container(image=image, model_data=data),
            execution_role="arn:aws:iam::111122223333:role/hosting",
        )
        of_model = count()
        config = EndpointConfig(stack, f"Config{index}")
        of_config = count()
        for name in ("a", "b"):
            variant = config.add_instance_variant(
                name, model=model, instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
            )
        of_variants = count()
        Endpoint(stack, f"Endpoint{index}", endpoint_config=config)
        of_endpoint = count()
        target = variant.auto_scale(1, 4)
        of_target = count()
        target.scale_on_invocations(max_requests_per_second=40)
        counts.append((of_model, of_config, of_variants, of_endpoint, of_target, count()))
    # The first model reads the environment and formats the ARN of the log groups. The first target
    # reads the path of the stack with two calls. The name of a resource takes two calls.
    assert counts == [(4, 2, 4, 4, 8, 3), (2, 2, 4, 4, 6, 3)]
