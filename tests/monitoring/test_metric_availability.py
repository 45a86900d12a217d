"""Metrics that nobody publishes are refused where they are asked for, with the whole finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack
from kit.monitored_endpoints import asynchronous, components, pipeline, real_time, serverless, split

from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InstanceType,
    InstanceVariant,
    Model,
    ServerlessVariant,
)


def refused(call: Callable[[], object]) -> tuple[str, str, str]:
    """Id, message and mend of the only finding of a call."""
    with pytest.raises(EndpointConfigError) as caught:
        call()
    (finding,) = caught.value.findings
    assert finding.file == __file__
    return finding.rule_id, finding.message, finding.fix


def blue(make: Callable[[cdk.Stack], Endpoint]) -> Any:
    return make(new_stack()).variant("blue")


ASYNC = (
    "Invocation4XXErrors, Invocation5XXErrors, ModelLatency, RequestDownloadFailures, "
    "ResponseUploadFailures, NotificationFailures, ExpiredRequests, InvocationFailures, "
    "RequestDownloadLatency, ResponseUploadLatency, TimeInBacklog, TotalProcessingTime, "
    "CPUUtilization, MemoryUtilization, DiskUtilization"
)
SERVERLESS = (
    "Invocations, Invocation4XXErrors, Invocation5XXErrors, ModelLatency, OverheadLatency, "
    "ModelSetupTime, ServerlessConcurrentExecutionsUtilization, "
    "ServerlessProvisionedConcurrencyExecutions, ServerlessProvisionedConcurrencyUtilization, "
    "ServerlessProvisionedConcurrencyInvocations, "
    "ServerlessProvisionedConcurrencySpilloverInvocations, MemoryUtilization"
)


@pytest.mark.parametrize(
    ("call", "got", "allowed", "fix"),
    [
        (
            lambda: blue(asynchronous).metric_invocations(),
            (
                "Invocations, which an asynchronous endpoint does not publish by EndpointName and "
                "VariantName"
            ),
            ASYNC,
            (
                "Take another: TotalProcessingTime counts what was processed, with the statistic "
                "SampleCount."
            ),
        ),
        (
            lambda: blue(asynchronous).metric_invocations_per_instance(),
            (
                "InvocationsPerInstance, which an asynchronous endpoint does not publish by "
                "EndpointName and VariantName"
            ),
            ASYNC,
            "Take another: the queue has ApproximateBacklogSizePerInstance.",
        ),
        (
            lambda: blue(asynchronous).metric("ApproximateBacklogSize"),
            (
                "ApproximateBacklogSize, which an asynchronous endpoint does not publish by "
                "EndpointName and VariantName"
            ),
            ASYNC,
            "Ask for it by EndpointName.",
        ),
        (
            lambda: blue(serverless).metric_cpu_utilization(),
            (
                "CPUUtilization, which a serverless endpoint does not publish by EndpointName and "
                "VariantName"
            ),
            SERVERLESS,
            "Take one of these, or leave it out.",
        ),
    ],
)
def test_what_the_kind_does_not_publish(
    call: Callable[[], object], got: str, allowed: str, fix: str
) -> None:
    message = f"variant 'blue': {got}; allowed: {allowed}"
    assert refused(call) == ("metric-unpublished", message, fix)


def cpu_only() -> Any:
    return blue(real_time)


def single_model() -> Any:
    stack = new_stack()
    model = Model(
        stack, "Model", container=Container(image=ContainerImage.from_dlc("xgboost", "1.7-1"))
    )
    variant = InstanceVariant(
        "blue", model=model, instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    return Endpoint(stack, "Endpoint", endpoint_config=config).variant("blue")


def on_demand() -> Any:
    stack = new_stack()
    variant = ServerlessVariant(
        "blue", model="churn", memory_size=cdk.Size.gibibytes(2), max_concurrency=10
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    return Endpoint(stack, "Endpoint", endpoint_config=config).variant("blue")


@pytest.mark.parametrize(
    ("call", "name", "feature"),
    [
        (lambda: cpu_only().metric_gpu_utilization(), "GPUUtilization", "GPUs"),
        (lambda: cpu_only().metric_gpu_memory_utilization(), "GPUMemoryUtilization", "GPUs"),
        (
            lambda: cpu_only().metric_explanations_per_instance(),
            "ExplanationsPerInstance",
            "an explainer",
        ),
        (lambda: single_model().metric_model_cache_hit(), "ModelCacheHit", "multi-model"),
        (
            lambda: on_demand().metric_serverless_provisioned_concurrency_utilization(),
            "ServerlessProvisionedConcurrencyUtilization",
            "provisioned concurrency",
        ),
    ],
)
def test_what_comes_with_a_feature(call: Callable[[], object], name: str, feature: str) -> None:
    assert refused(call) == (
        "metric-unpublished",
        f"variant 'blue': {name}, without {feature}; allowed: it is published with {feature}",
        "Configure that first, or leave the metric out.",
    )


def test_containers_of_a_model_that_has_one() -> None:
    rule_id, message, _ = refused(
        lambda: single_model().container("container-1").metric_container_latency()
    )
    assert rule_id == "metric-unpublished"
    assert message == (
        "container 'container-1' of variant 'blue': ContainerLatency, without several containers; "
        "allowed: it is published with several containers"
    )
    assert blue(pipeline).container("container-1").metric_container_latency()


def test_details_without_enhanced_metrics() -> None:
    assert refused(lambda: blue(real_time).metric_cpu_utilization(instance_id="i-1")) == (
        "metric-unpublished",
        (
            "variant 'blue': CPUUtilization by InstanceId; allowed: details of enhanced metrics, "
            "which are not switched on"
        ),
        "Switch them on: config.publish_metrics(enhanced=True, ...).",
    )
    assert blue(split).metric_cpu_utilization(instance_id="i-1")


def test_details_that_a_metric_does_not_have() -> None:
    assert refused(lambda: blue(split).metric_cpu_utilization(accelerator_id="0")) == (
        "metric-unpublished",
        "variant 'blue': CPUUtilization by AcceleratorId; allowed: InstanceId",
        "Leave that out.",
    )


def test_the_queue_of_an_endpoint_without_one() -> None:
    rule_id, message, fix = refused(real_time(new_stack()).queue.metric_approximate_backlog_size)
    assert rule_id == "metric-unpublished"
    assert message == (
        "the endpoint: ApproximateBacklogSize, which a real-time endpoint does not publish by "
        "EndpointName; allowed: none"
    )
    assert fix == "Take one of these, or leave it out."


def test_a_component_without_accelerators() -> None:
    rank: Any = components(new_stack())._components[1]
    rule_id, message, _ = refused(rank.metric_gpu_utilization_normalized)
    assert rule_id == "metric-unpublished"
    assert message == (
        "the inference component: GPUUtilizationNormalized, without GPUs; allowed: it is published "
        "with GPUs"
    )


def test_nothing_is_refused_of_what_is_not_known() -> None:
    imported = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "answers")
    assert imported.queue.metric_approximate_backlog_size()
    assert imported.variant("blue").metric_model_setup_time()
    assert imported.variant("blue").metric_gpu_utilization(accelerator_id="0")


def test_nothing_is_refused_of_a_type_that_is_a_token() -> None:
    stack = new_stack()
    type_ = cdk.CfnParameter(stack, "Type").value_as_string
    variant = InstanceVariant(
        "blue", model="m", instance_type=InstanceType.of(type_), initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    made = Endpoint(stack, "Endpoint", endpoint_config=config)
    assert made.variant("blue").metric_gpu_utilization()


def test_a_fleet_of_an_endpoint_that_hides_its_configuration() -> None:
    imported = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "answers")
    assert refused(lambda: imported.variant("blue").fleet()) == (
        "metric-variants-unknown",
        (
            "variant 'blue': a fleet without a configuration; allowed: the configuration that the "
            "fleet is of, which an imported endpoint hides"
        ),
        "Say which: fleet(endpoint_config).",
    )


@pytest.mark.parametrize(
    ("call", "got", "allowed", "fix"),
    [
        (
            lambda each: each.metric_invocations(),
            "Invocations of all variants, none of which is known",
            "a variant by its name",
            "Ask the variant: endpoint.variant(name).",
        ),
        (
            lambda each: each.add_recommended_alarms(),
            "alarms of all variants, none of which is known",
            "the names of variants",
            'Name them: add_recommended_alarms(variants=["..."]).',
        ),
        (
            lambda each: each.dashboard(),
            "a dashboard of all variants, none of which is known",
            "the names of variants",
            'Name them: dashboard(variants=["..."]).',
        ),
    ],
)
def test_all_variants_of_an_endpoint_that_hides_them(
    call: Callable[[Any], object], got: str, allowed: str, fix: str
) -> None:
    imported = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "answers")
    message = f"the endpoint: {got}; allowed: {allowed}"
    assert refused(lambda: call(imported)) == ("metric-variants-unknown", message, fix)
