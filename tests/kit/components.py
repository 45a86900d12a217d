"""Inference components, one a feature, and the endpoint that they are placed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from cdk_epc import (
    ComponentCapacitySize,
    ComponentContainer,
    ComponentDeployment,
    ComponentScheduling,
    ComponentStartup,
    ComputeRequirements,
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    InstancePool,
    InstanceType,
    InstanceTypeSpecification,
    ManagedInstanceScaling,
    MetricsEndpoint,
    Model,
    ModelData,
    Routing,
)

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/assistant:7"
ARTIFACT = "s3://amzn-s3-demo-bucket/assistant-7.tar.gz"
ADAPTER = "s3://amzn-s3-demo-bucket/dutch-3.tar.gz"
SHARED = "shared"


def role_in(scope: cdk.Stack) -> iam.Role:
    """A role that SageMaker may assume."""
    principal = iam.ServicePrincipal("sagemaker.amazonaws.com")
    return iam.Role(scope, "Role", assumed_by=principal)


def endpoint_in(
    scope: cdk.Stack, *variants: str, endpoint_name: str | None = None, **how: Any
) -> Endpoint:
    """An endpoint whose variants are for components; one by default."""
    config = EndpointConfig(scope, "Config", execution_role=how.pop("role", None) or role_in(scope))
    how = {"instance_type": InstanceType.ML_G5_12XLARGE, "initial_instance_count": 1, **how}
    for name in variants or (SHARED,):
        config.add_inference_component_variant(name, **how)
    return Endpoint(scope, "Endpoint", endpoint_config=config, endpoint_name=endpoint_name)


def compute() -> ComputeRequirements:
    """One GPU and eight GiB for each copy."""
    return ComputeRequirements(accelerators=1, min_memory=cdk.Size.gibibytes(8))


def container() -> ComponentContainer:
    """An image and an artifact by their addresses."""
    return ComponentContainer(image=IMAGE, artifact=ARTIFACT)


def component_in(
    scope: cdk.Stack, endpoint: Any = None, id: str = "Assistant", **given: Any
) -> Any:
    """A component of a container; what is given replaces that."""
    host = endpoint_in(scope) if endpoint is None else endpoint
    what: dict[str, Any] = {"container": container(), "compute": compute()}
    return InferenceComponent(scope, id, endpoint=host, **{**what, **given})


def rolling(batch: ComponentCapacitySize | None = None) -> ComponentDeployment:
    """A quarter of the copies at a time, with five minutes to watch them."""
    return ComponentDeployment.rolling(
        batch or ComponentCapacitySize.percent(25), cdk.Duration.minutes(5)
    )


def plain(scope: cdk.Stack) -> InferenceComponent:
    """A container by its address."""
    return component_in(scope)


def whole(scope: cdk.Stack) -> InferenceComponent:
    """Everything that can be given with a container."""
    repository = ecr.Repository(scope, "Repository")
    bucket = s3.Bucket(scope, "Bucket")
    return InferenceComponent(
        scope,
        "Assistant",
        endpoint=endpoint_in(scope, SHARED, "spare", endpoint_name="assistants"),
        variant="spare",
        inference_component_name="assistant",
        container=ComponentContainer(
            image=ContainerImage.from_ecr_repository(repository, "7"),
            artifact=ModelData.from_bucket(bucket, "assistant/7.tar.gz"),
            environment={"LEVEL": "info"},
            metrics=MetricsEndpoint("/metrics", frequency=cdk.Duration.seconds(30)),
        ),
        compute=ComputeRequirements(
            cpu_cores=1.5,
            accelerators=1,
            min_memory=cdk.Size.gibibytes(8),
            max_memory=cdk.Size.gibibytes(16),
        ),
        startup=ComponentStartup(
            model_data_download_timeout=cdk.Duration.minutes(10),
            container_startup_health_check_timeout=cdk.Duration.minutes(5),
        ),
        cache=True,
        scheduling=ComponentScheduling.spread(max_imbalance=1),
        copies=4,
        deployment=ComponentDeployment.rolling(
            ComponentCapacitySize.copies(2),
            cdk.Duration.minutes(5),
            rollback_batch=ComponentCapacitySize.percent(100),
            timeout=cdk.Duration.hours(1),
        ),
        rollback_alarms=["assistant-errors"],
        tags={"team": "assistants"},
    )


def of_model(scope: cdk.Stack) -> InferenceComponent:
    """A model that runs with the role of the endpoint."""
    role = role_in(scope)
    model = Model(
        scope,
        "Model",
        container=Container(
            image=ContainerImage.from_uri(IMAGE), model_data=ModelData.from_uri(ARTIFACT)
        ),
        execution_role=role,
    )
    return InferenceComponent(
        scope,
        "Assistant",
        endpoint=endpoint_in(scope, role=role),
        model=model,
        compute=compute(),
    )


def by_type(scope: cdk.Stack) -> InferenceComponent:
    """A variant of two types, and what runs on each."""
    pools = [
        InstancePool(InstanceType.ML_G6_12XLARGE, priority=1),
        InstancePool(InstanceType.ML_G5_12XLARGE, priority=2),
    ]
    return InferenceComponent(
        scope,
        "Assistant",
        endpoint=endpoint_in(
            scope, instance_type=pools, routing=Routing.least_outstanding_requests()
        ),
        specifications=[
            InstanceTypeSpecification(
                InstanceType.ML_G6_12XLARGE, container=container(), compute=compute()
            ),
            InstanceTypeSpecification(
                InstanceType.ML_G5_12XLARGE,
                model="assistant-7",
                compute=compute(),
                scheduling=ComponentScheduling.binpack(),
                cache=False,
            ),
        ],
    )


def adapter(scope: cdk.Stack) -> InferenceComponent:
    """An adapter on a base."""
    endpoint = endpoint_in(scope)
    base = component_in(scope, endpoint)
    return InferenceComponent(
        scope,
        "Dutch",
        endpoint=endpoint,
        base_component=base,
        container=ComponentContainer(artifact=ADAPTER),
    )


def scaled_to_zero(scope: cdk.Stack) -> InferenceComponent:
    """Copies that come down to none and are woken up, on instances that do, too."""
    scaling = ManagedInstanceScaling(min_instance_count=0, max_instance_count=4)
    made = component_in(scope, endpoint_in(scope, managed_instance_scaling=scaling))
    made.auto_scale(0, 4).scale_on_invocations(max_requests_per_second=4)
    return made


def rolled_back(scope: cdk.Stack) -> InferenceComponent:
    """An update that is rolled back for alarms on the component itself."""
    made = component_in(scope, deployment=rolling(), copies=4)
    errors = made.metric_invocation_5xx_errors()
    alarm = errors.create_alarm(scope, "Errors", threshold=0.05, evaluation_periods=3)
    made.roll_back_on(alarm, "assistant-latency")
    return made


def called(scope: cdk.Stack) -> InferenceComponent:
    """A component that one role may call, and an imported one that it may call, too."""
    made = component_in(scope)
    caller = iam.Role(scope, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    made.grant_invoke(caller)
    InferenceComponent.from_inference_component_name(
        scope, "Other", "other", endpoint=made.endpoint
    ).grant_invoke(caller)
    return made


def on_named_endpoint(scope: cdk.Stack) -> InferenceComponent:
    """A component on an endpoint of another app."""
    return component_in(scope, "assistants", variant=SHARED)


COMPONENTS: dict[str, Callable[[cdk.Stack], InferenceComponent]] = {
    "plain": plain,
    "whole": whole,
    "of_model": of_model,
    "by_type": by_type,
    "adapter": adapter,
    "scaled_to_zero": scaled_to_zero,
    "rolled_back": rolled_back,
    "called": called,
    "on_named_endpoint": on_named_endpoint,
}
"""How to make each."""
