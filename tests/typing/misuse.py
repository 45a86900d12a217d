"""Deliberate misuse of each builder method: every line must fail type checking.

mypy runs with `warn_unused_ignores`, and pyright with `reportUnnecessaryTypeIgnoreComment`: a misuse
that passes makes its own `type: ignore` an error. Nothing here is ever run.
"""

from __future__ import annotations

from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_s3 as s3

from cdk_epc import (
    DataCapture,
    Endpoint,
    EndpointConfig,
    EndpointConfigDataCapture,
    InstanceType,
    InstanceVariant,
    ManagedInstanceScaling,
    MetricsPublication,
    Model,
    ModelData,
    Routing,
    ServerlessVariant,
    ShapBaseline,
    VariantHandle,
)

from right import CompanyComponent, CompanyConfig, CompanyEndpoint, CompanyModel

LARGE = InstanceType.ML_M5_LARGE


def right(stack: Stack) -> VariantHandle:
    """The same calls as they should be: no error, and the result is known."""
    config = EndpointConfig(stack, "C", production_variants=[], tags={"a": "b"})
    config.enable_async_inference(output_path="s3://b/")
    config.capture_data(destination="s3://b/", sampling_percentage=1)
    config.explain_with_clarify(baseline=ShapBaseline.inline("1"))
    config.publish_metrics(publish_frequency=Duration.seconds(10))
    config.add_serverless_variant(
        "v", model="m", memory_size=Size.gibibytes(1), max_concurrency=1
    )
    config.add_inference_component_variant("v", instance_type=LARGE, initial_instance_count=1)
    config.add_shadow_variant("v", model="m", instance_type=LARGE, initial_instance_count=1)
    return config.add_instance_variant(
        "v", model="m", instance_type=LARGE, initial_instance_count=1
    )


def wrong(config: EndpointConfig, endpoint: Endpoint, stack: Stack) -> None:
    """Each line is one mistake."""
    config.add_instance_variant("v", model="m", instance_type=5, initial_instance_count=1)  # type: ignore[arg-type]
    config.add_instance_variant("v", instance_type=LARGE, initial_instance_count=1)  # type: ignore[call-arg]
    config.add_instance_variant("v", model="m", initial_instance_count=1)  # type: ignore[call-arg]
    config.add_instance_variant("v", model="m", instance_type=LARGE, initial_instance_count="1")  # type: ignore[arg-type]
    config.add_instance_variant("v", "m", LARGE, 1)  # type: ignore[call-arg, arg-type]
    config.add_instance_variant("v", model="m", instance_type=LARGE, initial_instance_count=1, volume_size=10)  # type: ignore[arg-type]
    config.add_instance_variant("v", model="m", instance_type=LARGE, initial_instance_count=1, model_data_download_timeout=60)  # type: ignore[arg-type]
    config.add_instance_variant("v", model="m", instance_type=LARGE, initial_instance_count=1, routing="RANDOM")  # type: ignore[arg-type]
    config.add_instance_variant("v", model="m", instance_type=LARGE, initial_instance_count=1, memory_size=Size.gibibytes(1))  # type: ignore[call-arg]
    config.add_instance_variant("v", model="m", instance_type=LARGE, initial_instance_count=1, managed_instance_scaling=ManagedInstanceScaling())  # type: ignore[call-arg]
    config.add_serverless_variant("v", model="m", memory_size=2048, max_concurrency=1)  # type: ignore[arg-type]
    config.add_serverless_variant("v", model="m", memory_size=Size.gibibytes(2))  # type: ignore[call-arg]
    config.add_serverless_variant("v", model="m", memory_size=Size.gibibytes(2), max_concurrency=1, instance_type=LARGE)  # type: ignore[call-arg]
    config.add_inference_component_variant("v", model="m", instance_type=LARGE, initial_instance_count=1)  # type: ignore[call-arg]
    config.add_inference_component_variant("v", instance_type=LARGE, initial_instance_count=1, initial_weight=1)  # type: ignore[call-arg]
    config.add_shadow_variant("v", model="m", memory_size=Size.gibibytes(2), max_concurrency=1)  # type: ignore[call-arg]
    config.add_shadow_variant("v", model=1, instance_type=LARGE, initial_instance_count=1)  # type: ignore[arg-type]
    config.enable_async_inference()  # type: ignore[call-arg]
    config.enable_async_inference(output_path=1)  # type: ignore[arg-type]
    config.enable_async_inference(output_path="s3://b/", success_topic=1)  # type: ignore[arg-type]
    config.capture_data(destination="s3://b/")  # type: ignore[call-arg]
    config.capture_data(destination="s3://b/", sampling_percentage=1, capture=["Input"])  # type: ignore[list-item]
    config.explain_with_clarify(baseline="1,2")  # type: ignore[arg-type]
    config.explain_with_clarify(baseline=ShapBaseline.inline("1"), text="en")  # type: ignore[arg-type]
    config.publish_metrics(publish_frequency=10)  # type: ignore[arg-type]
    config.place_in_vpc(vpc="vpc-1", security_groups=[])  # type: ignore[arg-type]
    config.isolate_network(True)  # type: ignore[call-arg]
    Routing.prefix_aware(prefix_length=1024)  # type: ignore[call-arg]
    EndpointConfig(stack, "C", production_variants=[DataCapture(destination="s3://b/", sampling_percentage=1)])  # type: ignore[list-item]
    EndpointConfig(stack, "C", encryption_key=1)  # type: ignore[arg-type]
    EndpointConfig(stack, "C", vpc="vpc-1")  # type: ignore[arg-type]
    EndpointConfig(stack, "C", shadow_production_variants=[ServerlessVariant("v", model="m", memory_size=Size.gibibytes(1), max_concurrency=1)])  # type: ignore[list-item]
    CompanyConfig(stack, "C", netwrok_isolation=True)  # type: ignore[call-arg]
    CompanyConfig(stack, "C", network_isolation="yes")  # type: ignore[arg-type]
    CompanyEndpoint(stack, "E")  # type: ignore[call-arg]
    CompanyModel(stack, "M", contaners=[])  # type: ignore[call-arg]
    CompanyComponent(stack, "I", endpoint=endpoint, copys=1)  # type: ignore[call-arg]
    Endpoint(stack, "E", endpoint_config=config, deployment="canary")  # type: ignore[arg-type]
    Model(stack, "M", security_groups=["sg-1"])  # type: ignore[list-item]
    ModelData.from_s3(s3.Bucket(stack, "B"))  # type: ignore[arg-type]
    endpoint.variant("v").auto_scale(min_instances=1, max_instances=2)  # type: ignore[call-arg]
    InstanceVariant("v", model="m", instance_type=LARGE, initial_instance_count=1).name = "w"  # type: ignore[misc]
    EndpointConfigDataCapture(destination="s3://b/", sampling_percentage=1)  # type: ignore[call-arg]
    EndpointConfigDataCapture(MetricsPublication())  # type: ignore[arg-type]
    endpoint.variant("v").scale_on_invocations(600)  # type: ignore[attr-defined]
