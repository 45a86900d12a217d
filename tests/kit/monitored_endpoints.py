"""Endpoints of every kind, to be measured, alarmed on and shown."""

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


def on_instances(name: str, instance_type: InstanceType = CPU) -> InstanceVariant:
    return InstanceVariant(
        name, model="churn", instance_type=instance_type, initial_instance_count=2
    )


def endpoint(stack: cdk.Stack, config: EndpointConfig, name: str | None = "answers") -> Endpoint:
    return Endpoint(stack, "Endpoint", endpoint_config=config, endpoint_name=name)


def real_time(stack: cdk.Stack, name: str | None = "answers") -> Endpoint:
    """One variant on CPUs."""
    config = EndpointConfig(stack, "Config", production_variants=[on_instances("blue")])
    return endpoint(stack, config, name)


def split(stack: cdk.Stack) -> Endpoint:
    """Two variants, one of them on GPUs, a shadow variant, capture and enhanced metrics."""
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[on_instances("blue"), on_instances("green", GPU)],
        data_capture=DataCapture(destination="s3://bucket/captured/", sampling_percentage=10),
        metrics=MetricsPublication(
            enhanced=True,
            detailed_observability=False,
            publish_frequency=cdk.Duration.seconds(120),
        ),
    )
    return endpoint(stack, config)


def shadowed(stack: cdk.Stack) -> Endpoint:
    """One variant and a shadow variant."""
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[on_instances("blue")],
        shadow_production_variants=[on_instances("dark")],
    )
    return endpoint(stack, config)


def asynchronous(stack: cdk.Stack) -> Endpoint:
    """One variant behind a queue."""
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[on_instances("blue")],
        async_inference=AsyncInference(output_path="s3://bucket/answers/"),
    )
    return endpoint(stack, config)


def serverless(stack: cdk.Stack) -> Endpoint:
    """A serverless variant with provisioned concurrency."""
    variant = ServerlessVariant(
        "blue",
        model="churn",
        memory_size=cdk.Size.gibibytes(2),
        max_concurrency=10,
        provisioned_concurrency=2,
    )
    return endpoint(stack, EndpointConfig(stack, "Config", production_variants=[variant]))


def components(stack: cdk.Stack, instance_type: InstanceType = GPU) -> Endpoint:
    """Instances with two components, one of them with accelerators."""
    variant = InferenceComponentVariant(
        "blue", instance_type=instance_type, initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant], execution_role=ROLE)
    made = endpoint(stack, config)
    for name, accelerators in (("Chat", 1), ("Rank", None)):
        InferenceComponent(
            stack,
            name,
            endpoint=made,
            inference_component_name=name.lower(),
            model="churn",
            deployment=ComponentDeployment.rolling(
                ComponentCapacitySize.percent(25), cdk.Duration.minutes(5)
            ),
            compute=ComputeRequirements(
                min_memory=cdk.Size.mebibytes(1024), cpu_cores=1, accelerators=accelerators
            ),
        )
    return made


def pipeline(stack: cdk.Stack) -> Endpoint:
    """Two containers one after the other."""
    image = ContainerImage.from_dlc("xgboost", "1.7-1")
    model = Model(
        stack,
        "Model",
        containers=[Container(image=image), Container(image=image)],
        execution_role=ROLE,
    )
    variant = InstanceVariant("blue", model=model, instance_type=CPU, initial_instance_count=1)
    return endpoint(stack, EndpointConfig(stack, "Config", production_variants=[variant]))


OBSERVED: Final[dict[str, Callable[[cdk.Stack], Endpoint]]] = {
    "real_time": real_time,
    "split": split,
    "shadowed": shadowed,
    "asynchronous": asynchronous,
    "serverless": serverless,
    "components": components,
    "pipeline": pipeline,
}
