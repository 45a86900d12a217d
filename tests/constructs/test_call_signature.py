"""Wrong arguments are reported in the words of the caller, with the argument that is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Duration, Stack
from kit.cdk import new_stack

from cdk_epc import (
    ClarifyExplainer,
    Container,
    Cron,
    Deployment,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InferenceComponent,
    InstanceVariant,
    Model,
    ServerlessVariant,
    VariantHandle,
)

# The tests pass arguments that a type checker refuses as well.
Config: Any = EndpointConfig
VARIANT: Any = {"model": "fraud-7", "instance_type": "ml.m5.xlarge", "initial_instance_count": 1}

REQUEST: Any = {
    "ProductionVariants": [
        {
            "VariantName": "v",
            "ModelName": "fraud-7",
            "InstanceType": "ml.m5.xlarge",
            "InitialInstanceCount": 1,
        }
    ]
}


class CompanyEndpointConfig(EndpointConfig):
    """Policy of a company that passes arguments on."""

    def __init__(self, scope: Stack, construct_id: str, **options: Any) -> None:
        """Create the configuration."""
        super().__init__(scope, construct_id, **options)


def variant(stack: Stack) -> VariantHandle:
    config = EndpointConfig(stack, "Config")
    handle = config.add_instance_variant("main", **VARIANT)
    Endpoint(stack, "Endpoint", endpoint_config=config)
    return handle


CALLS: dict[str, Callable[[Any], object]] = {
    "add_instance_variant() has no argument 'initial_variant_weight'; use 'initial_weight'": (
        lambda s: Config(s, "C").add_instance_variant("v", **VARIANT, initial_variant_weight=1)
    ),
    "add_instance_variant() takes name without a keyword; name the other arguments": (
        lambda s: Config(s, "C").add_instance_variant("v", "fraud-7")
    ),
    "add_serverless_variant() requires memory_size and max_concurrency": (
        lambda s: Config(s, "C").add_serverless_variant("v", model="fraud-7")
    ),
    "InstanceVariant() has no argument 'VolumeSizeInGB'; use 'volume_size'": (
        lambda _: InstanceVariant("v", **VARIANT, VolumeSizeInGB=30)
    ),
    "ServerlessVariant() has no argument 'memory_size_in_mb'; use 'memory_size'": (
        lambda _: ServerlessVariant("v", model="m", memory_size_in_mb=2048, max_concurrency=1)  # type: ignore[call-arg]
    ),
    "ClarifyExplainer() has no argument 'shap_baseline'; use 'baseline'": (
        lambda _: ClarifyExplainer(shap_baseline=1)  # type: ignore[call-arg]
    ),
    (
        "capture_data() has no argument 'destination_s3_uri'; use 'destination'; capture_data() "
        "has no argument 'initial_sampling_percentage'; use 'sampling_percentage'"
    ): lambda s: Config(s, "C").capture_data(destination_s3_uri="", initial_sampling_percentage=1),
    (
        "EndpointConfig() has no argument 'kms_key_arn'; use 'encryption_key'; EndpointConfig() "
        "has no argument 'name_prefix'; use 'endpoint_config_name_prefix'"
    ): lambda s: Config(s, "C", kms_key_arn="k", name_prefix="fraud"),
    "CompanyEndpointConfig() has no argument 'data_captur'; use 'data_capture'": (
        lambda s: CompanyEndpointConfig(s, "C", data_captur=None)
    ),
    "from_request() has no argument 'vpcs'; use 'vpc'": (
        lambda s: EndpointConfig.from_request(s, "C", REQUEST, vpcs=None)
    ),
    "Model() has no argument 'primary_container'; use 'container'": (
        lambda s: Model(s, "M", primary_container=Container(image="i"))  # type: ignore[call-arg]
    ),
    "Endpoint() requires endpoint_config": lambda s: Endpoint(s, "E"),  # type: ignore[call-arg]
    (
        "InferenceComponent() has no argument 'artifact'; write "
        "container=ComponentContainer(artifact=...); InferenceComponent() has no argument "
        "'copy_count'; use 'copies'; InferenceComponent() has no argument 'base'; use "
        "'base_component'"
    ): lambda s: InferenceComponent(s, "I", endpoint="e", artifact="", copy_count=1, base=None),  # type: ignore[call-arg]
    "InferenceComponent() has no argument 'endpoint_name'; use 'endpoint'": (
        lambda s: InferenceComponent(s, "I", endpoint_name="e")  # type: ignore[call-arg]
    ),
    (
        "auto_scale() has no argument 'min_instances'; use 'min_capacity'; auto_scale() has no "
        "argument 'max_instances'; use 'max_capacity'"
    ): lambda s: variant(s).auto_scale(min_instances=1, max_instances=2),  # type: ignore[call-arg]
    "scale_on_cpu_utilization() has no argument 'disable_scalein'; use 'disable_scale_in'": (
        lambda s: variant(s).auto_scale(1, 4).scale_on_cpu_utilization(50, disable_scalein=True)  # type: ignore[call-arg]
    ),
    "scale_on_invocations() has no argument 'target_value'; use 'target'": (
        lambda s: variant(s).auto_scale(1, 4).scale_on_invocations(target_value=3)  # type: ignore[call-arg]
    ),
    "scale_on_backlog() has no argument 'target_value'; use 'target'": (
        lambda s: variant(s).auto_scale(1, 4).scale_on_backlog(target_value=3)  # type: ignore[call-arg]
    ),
    "Model() has no argument 'image_uri'; write container=Container(image=...)": (
        lambda s: Model(s, "M", image_uri="i")  # type: ignore[call-arg]
    ),
    (
        "add_recommended_alarms() has no argument 'latency'; write "
        "thresholds=AlarmThresholds(latency=...); add_recommended_alarms() has no argument "
        "'topic'; use 'notify'"
    ): lambda s: variant(s).endpoint.add_recommended_alarms(latency=1, topic=None),
    (
        "dashboard() takes no argument without a keyword; name the other arguments, for example "
        "dashboard(dashboard_name=...)"
    ): lambda s: variant(s).endpoint.dashboard("Fraud"),
    "Cron() has no argument 'weekday'; use 'week_day'": lambda _: Cron(weekday="MON-FRI"),  # type: ignore[call-arg]
    (
        "Deployment.canary() has no argument 'percent'; write size=CapacitySize.percent(...); "
        "Deployment.canary() has no argument 'wait_interval_in_seconds'; use 'wait'; "
        "Deployment.canary() has no argument 'alarms'; write Endpoint(rollback_alarms=...)"
    ): lambda _: Deployment.canary(percent=10, wait_interval_in_seconds=60, alarms=[]),  # type: ignore[call-arg]
    "Deployment.rolling() has no argument 'maximum_batch_size'; use 'batch'": (
        lambda _: Deployment.rolling(maximum_batch_size=1)  # type: ignore[call-arg]
    ),
    "metric_invocations() has no argument 'interval'": (
        lambda s: variant(s).metric_invocations(interval=Duration.minutes(5))  # type: ignore[call-arg]
    ),
}


@pytest.mark.parametrize("message", CALLS)
def test_wrong_arguments(message: str) -> None:
    stack = new_stack()
    with pytest.raises(TypeError) as error:
        CALLS[message](stack)
    assert str(error.value) == message


def test_scaling_without_a_scalable_target() -> None:
    expected = r"write auto_scale\(min_capacity, max_capacity\)\.scale_on_invocations\(\.\.\.\)$"
    handle = variant(new_stack())
    with pytest.raises(AttributeError, match=expected):
        handle.scale_on_invocations(600)  # type: ignore[attr-defined]
    assert not hasattr(handle, "scale")


def test_other_type_errors_stay() -> None:
    """An error inside of a call with correct arguments is not replaced."""

    class Broken(str):
        __slots__ = ()

        def __len__(self) -> int:
            raise TypeError("the value is broken")

    with pytest.raises(TypeError, match="the value is broken"):
        EndpointConfig(new_stack(), "Config", endpoint_config_name=Broken("a"))


WRONG_TYPES: dict[str, Callable[[Any], object]] = {
    (
        "tags is [{'Key': 'team', 'Value': 'fraud'}]; must be a mapping of keys to values"
    ): lambda s: Config(s, "C", tags=[{"Key": "team", "Value": "fraud"}]),
    (
        "deployment is 'canary'; must be made with Deployment.canary(...), .linear(...), "
        ".rolling(...) or .all_at_once(...)"
    ): lambda s: Endpoint(s, "E", endpoint_config="c", deployment="canary"),  # type: ignore[arg-type]
    (
        "routing of add_instance_variant(\"v\") is 'RANDOM'; must be made with Routing.random(), "
        ".least_outstanding_requests(), .prefix_aware(...) or .kv_aware()"
    ): lambda s: Config(s, "C").add_instance_variant("v", **VARIANT, routing="RANDOM"),
    "async_inference is 's3://b/'; must be made with AsyncInference(output_path=...)": (
        lambda s: Config(s, "C", async_inference="s3://b/")
    ),
    "compute is 5; must be made with ComputeRequirements(min_memory=...)": (
        lambda s: InferenceComponent(s, "I", endpoint="e", variant="v", model="m", compute=5)  # type: ignore[arg-type]
    ),
}


@pytest.mark.parametrize("message", WRONG_TYPES)
def test_wrong_types(message: str) -> None:
    with pytest.raises(EndpointConfigError) as error:
        WRONG_TYPES[message](new_stack())
    assert [each.message for each in error.value.findings] == [message]
