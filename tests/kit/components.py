"""Small inference components, one for each feature, and their endpoint."""

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
    S3Location,
)

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/assistant:7"
ARTIFACT = "s3://amzn-s3-demo-bucket/assistant-7.tar.gz"
ADAPTER = "s3://amzn-s3-demo-bucket/dutch-3.tar.gz"
SHARED = "shared"


def role_in(scope: cdk.Stack) -> iam.Role:
    """Add a role that SageMaker may assume."""
    principal = iam.ServicePrincipal("sagemaker.amazonaws.com")
    return iam.Role(scope, "Role", assumed_by=principal)


def endpoint_in(
    scope: cdk.Stack, *variants: str, endpoint_name: str | None = None, **options: Any
) -> Endpoint:
    """Add an endpoint whose variants are for components; one variant by default."""
    config = EndpointConfig(
        scope, "Config", execution_role=options.pop("role", None) or role_in(scope)
    )
    settings: dict[str, Any] = {
        "instance_type": InstanceType.ML_G5_12XLARGE,
        "initial_instance_count": 1,
        **options,
    }
    for name in variants or (SHARED,):
        config.add_inference_component_variant(name, **settings)
    return Endpoint(scope, "Endpoint", endpoint_config=config, endpoint_name=endpoint_name)


def compute() -> ComputeRequirements:
    """Return one GPU and eight GiB for each copy."""
    return ComputeRequirements(accelerators=1, min_memory=cdk.Size.gibibytes(8))


def container() -> ComponentContainer:
    """Return a container with the URIs of an image and an artifact."""
    return ComponentContainer(image=IMAGE, artifact=ARTIFACT)


def component_in(
    scope: cdk.Stack, endpoint: Any = None, id: str = "Assistant", **options: Any
) -> Any:
    """Add a component of a container; arguments replace the defaults."""
    host = endpoint_in(scope) if endpoint is None else endpoint
    defaults: dict[str, Any] = {"container": container(), "compute": compute()}
    return InferenceComponent(scope, id, endpoint=host, **{**defaults, **options})


def rolling(batch: ComponentCapacitySize | None = None) -> ComponentDeployment:
    """Return a rolling deployment of a quarter of the copies, with waits of five minutes."""
    return ComponentDeployment.rolling(
        batch or ComponentCapacitySize.percent(25), cdk.Duration.minutes(5)
    )


def plain(scope: cdk.Stack) -> InferenceComponent:
    """Add a component of a container."""
    return component_in(scope)


def whole(scope: cdk.Stack) -> InferenceComponent:
    """Add a component with every argument that a container allows."""
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
            artifact=ModelData.from_s3(S3Location(bucket, "assistant/7.tar.gz")),
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
    """Add a component of a model that has the role of the endpoint."""
    role = role_in(scope)
    model = Model(
        scope,
        "Model",
        container=Container(
            image=ContainerImage.from_uri(IMAGE), model_data=ModelData.from_s3(ARTIFACT)
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
    """Add a component with specifications for two instance types."""
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
    """Add an adapter and its base."""
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
    """Add a component that scales to and from zero, on instances that do so too."""
    scaling = ManagedInstanceScaling(min_instance_count=0, max_instance_count=4)
    component = component_in(scope, endpoint_in(scope, managed_instance_scaling=scaling))
    component.auto_scale(0, 4).scale_on_invocations(max_requests_per_second=4)
    return component


def rolled_back(scope: cdk.Stack) -> InferenceComponent:
    """Add a component with rollback alarms on its own metrics."""
    component = component_in(scope, deployment=rolling(), copies=4)
    errors = component.metric_invocation_5xx_errors()
    alarm = errors.create_alarm(scope, "Errors", threshold=0.05, evaluation_periods=3)
    component.roll_back_on(alarm, "assistant-latency")
    return component


def called(scope: cdk.Stack) -> InferenceComponent:
    """Add a component and an imported component that one role may call."""
    component = component_in(scope)
    caller = iam.Role(scope, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    component.grant_invoke(caller)
    InferenceComponent.from_inference_component_name(
        scope, "Other", "other", endpoint=component.endpoint
    ).grant_invoke(caller)
    return component


def on_named_endpoint(scope: cdk.Stack) -> InferenceComponent:
    """Add a component on an endpoint of another app."""
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
"""Functions that add the components, by name."""
