"""Stacks of this library's constructs: the rules have no findings in their templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_ecr import Repository
from aws_cdk.aws_s3 import Bucket
from kit.cdk import new_stack, template_of

from cdk_epc import (
    AsyncInference,
    CapacitySize,
    ComputeRequirements,
    Container,
    ContainerImage,
    Deployment,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    InferenceComponentVariant,
    InstanceType,
    InstanceVariant,
    ManagedInstanceScaling,
    Model,
    S3Location,
    ServerlessVariant,
)
from cdk_epc.testing import assert_no_findings


def model(stack: cdk.Stack) -> Model:
    repository = Repository(stack, "Repository")
    container = Container(image=ContainerImage.from_ecr_repository(repository, "7"))
    return Model(stack, "Model", container=container)


def on_instances(stack: cdk.Stack) -> InstanceVariant:
    return InstanceVariant(
        "main",
        model=model(stack),
        instance_type=InstanceType.ML_M5_XLARGE,
        initial_instance_count=2,
    )


def real_time(stack: cdk.Stack) -> None:
    config = EndpointConfig(stack, "Config", production_variants=[on_instances(stack)])
    wait = cdk.Duration.minutes(10)
    endpoint = Endpoint(
        stack,
        "Endpoint",
        endpoint_config=config,
        deployment=Deployment.canary(
            size=CapacitySize.percent(10), wait=wait, timeout=cdk.Duration.hours(1)
        ),
    )
    endpoint.variant("main").auto_scale(2, 8).scale_on_invocations(max_requests_per_second=10)
    endpoint.roll_back_on(*endpoint.add_recommended_alarms())


def asynchronous(stack: cdk.Stack) -> None:
    bucket = Bucket(stack, "Bucket")
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[on_instances(stack)],
        async_inference=AsyncInference(
            output_path=S3Location(bucket, "out/"), input_path=S3Location(bucket, "in/")
        ),
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    endpoint.variant("main").auto_scale(0, 4).scale_on_backlog(5)
    endpoint.add_recommended_alarms()


def serverless(stack: cdk.Stack) -> None:
    variant = ServerlessVariant(
        "main",
        model=model(stack),
        memory_size=cdk.Size.gibibytes(2),
        max_concurrency=5,
        provisioned_concurrency=2,
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    endpoint.variant("main").auto_scale(1, 4).scale_on_provisioned_concurrency_utilization()
    endpoint.add_recommended_alarms()


def components(stack: cdk.Stack) -> None:
    scorer = model(stack)
    variant = InferenceComponentVariant(
        "main",
        instance_type=InstanceType.ML_G5_2XLARGE,
        initial_instance_count=1,
        managed_instance_scaling=ManagedInstanceScaling(min_instance_count=0, max_instance_count=4),
    )
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[variant],
        execution_role=scorer.execution_role,
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    component = InferenceComponent(
        stack,
        "Component",
        endpoint=endpoint,
        variant="main",
        model=scorer,
        copies=1,
        compute=ComputeRequirements(min_memory=cdk.Size.gibibytes(4), accelerators=1),
    )
    component.auto_scale(0, 4).scale_on_invocations(target=10)
    component.add_recommended_alarms()
    endpoint.add_recommended_alarms()


@pytest.mark.parametrize("make", [real_time, asynchronous, serverless, components])
def test_templates_of_the_constructs_have_no_findings(make: Callable[[cdk.Stack], None]) -> None:
    stack = new_stack()
    make(stack)
    template: dict[str, Any] = template_of(stack)
    types = {each["Type"] for each in template["Resources"].values()}
    assert {
        "AWS::CloudWatch::Alarm",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::IAM::Policy",
    } <= types
    assert_no_findings(template, region="eu-west-1")
