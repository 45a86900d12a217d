"""Endpoints of every kind, for tests of metrics, alarms and dashboards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import aws_cdk as cdk

from cdk_epc import (
    AsyncInference,
    ComponentCapacitySize,
    ComponentDeployment,
    ComputeRequirements,
    Container,
    ContainerImage,
    DataCapture,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    InferenceComponentVariant,
    InstanceType,
    InstanceVariant,
    MetricsPublication,
    Model,
    ServerlessVariant,
)

CPU, GPU = InstanceType.ML_M5_XLARGE, InstanceType.ML_G5_12XLARGE
ROLE = "arn:aws:iam::111122223333:role/Inference"


def instance_variant(name: str, instance_type: InstanceType = CPU) -> InstanceVariant:
    """Return a variant with two instances."""
    return InstanceVariant(
        name, model="churn", instance_type=instance_type, initial_instance_count=2
    )


def endpoint(stack: cdk.Stack, config: EndpointConfig, name: str | None = "answers") -> Endpoint:
    """Create the endpoint of a configuration."""
    return Endpoint(stack, "Endpoint", endpoint_config=config, endpoint_name=name)


def real_time(stack: cdk.Stack, name: str | None = "answers") -> Endpoint:
    """Create an endpoint with one variant, on CPUs."""
    config = EndpointConfig(stack, "Config", production_variants=[instance_variant("blue")])
    return endpoint(stack, config, name)


def two_variants(stack: cdk.Stack) -> Endpoint:
    """Create an endpoint with variants on CPUs and GPUs, data capture and enhanced metrics."""
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[instance_variant("blue"), instance_variant("green", GPU)],
        data_capture=DataCapture(destination="s3://bucket/captured/", sampling_percentage=10),
        metrics=MetricsPublication(
            enhanced=True,
            detailed_observability=False,
            publish_frequency=cdk.Duration.seconds(120),
        ),
    )
    return endpoint(stack, config)


def with_shadow_variant(stack: cdk.Stack) -> Endpoint:
    """Create an endpoint with a variant and a shadow variant."""
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[instance_variant("blue")],
        shadow_production_variants=[instance_variant("dark")],
    )
    return endpoint(stack, config)


def asynchronous(stack: cdk.Stack) -> Endpoint:
    """Create an asynchronous endpoint."""
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[instance_variant("blue")],
        async_inference=AsyncInference(output_path="s3://bucket/answers/"),
    )
    return endpoint(stack, config)


def serverless(stack: cdk.Stack) -> Endpoint:
    """Create an endpoint with a serverless variant with provisioned concurrency."""
    variant = ServerlessVariant(
        "blue",
        model="churn",
        memory_size=cdk.Size.gibibytes(2),
        max_concurrency=10,
        provisioned_concurrency=2,
    )
    return endpoint(stack, EndpointConfig(stack, "Config", production_variants=[variant]))


def with_components(stack: cdk.Stack, instance_type: InstanceType = GPU) -> Endpoint:
    """Create an endpoint with two inference components, one of them with an accelerator."""
    variant = InferenceComponentVariant(
        "blue", instance_type=instance_type, initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant], execution_role=ROLE)
    host = endpoint(stack, config)
    for name, accelerators in (("Chat", 1), ("Rank", None)):
        InferenceComponent(
            stack,
            name,
            endpoint=host,
            inference_component_name=name.lower(),
            model="churn",
            deployment=ComponentDeployment.rolling(
                ComponentCapacitySize.percent(25), cdk.Duration.minutes(5)
            ),
            compute=ComputeRequirements(
                min_memory=cdk.Size.mebibytes(1024), cpu_cores=1, accelerators=accelerators
            ),
        )
    return host


def pipeline(stack: cdk.Stack) -> Endpoint:
    """Create an endpoint with an inference pipeline of two containers."""
    image = ContainerImage.from_dlc("xgboost", "1.7-1")
    model = Model(
        stack,
        "Model",
        containers=[Container(image=image), Container(image=image)],
        execution_role=ROLE,
    )
    variant = InstanceVariant("blue", model=model, instance_type=CPU, initial_instance_count=1)
    return endpoint(stack, EndpointConfig(stack, "Config", production_variants=[variant]))


MONITORED_ENDPOINTS: Final[dict[str, Callable[[cdk.Stack], Endpoint]]] = {
    "real_time": real_time,
    "split": two_variants,
    "shadowed": with_shadow_variant,
    "asynchronous": asynchronous,
    "serverless": serverless,
    "components": with_components,
    "pipeline": pipeline,
}
