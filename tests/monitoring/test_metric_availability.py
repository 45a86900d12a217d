"""Metrics that a resource does not publish raise an error at the call, with the whole finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack
from kit.monitored_endpoints import (
    asynchronous,
    pipeline,
    real_time,
    serverless,
    two_variants,
    with_components,
)

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


def error_of(call: Callable[[], object]) -> tuple[str, str, str]:
    """Return the id, message and fix of the only finding of a call."""
    with pytest.raises(EndpointConfigError) as caught:
        call()
    (finding,) = caught.value.findings
    assert finding.file == __file__
    return finding.rule_id, finding.message, finding.fix


def blue(create: Callable[[cdk.Stack], Endpoint]) -> Any:
    return create(new_stack()).variant("blue")


@pytest.mark.parametrize(
    ("call", "message", "fix"),
    [
        (
            lambda: blue(asynchronous).metric_invocations(),
            (
                "Invocations is not published for variant 'blue' because asynchronous endpoints do "
                "not publish it with the dimensions EndpointName and VariantName"
            ),
            (
                "Use TotalProcessingTime with the statistic SampleCount, which counts processed "
                "requests."
            ),
        ),
        (
            lambda: blue(asynchronous).metric_invocations_per_instance(),
            (
                "InvocationsPerInstance is not published for variant 'blue' because asynchronous "
                "endpoints do not publish it with the dimensions EndpointName and VariantName"
            ),
            "Use ApproximateBacklogSizePerInstance of the endpoint's queue.",
        ),
        (
            lambda: blue(asynchronous).metric("ApproximateBacklogSize"),
            (
                "ApproximateBacklogSize is not published for variant 'blue' because asynchronous "
                "endpoints do not publish it with the dimensions EndpointName and VariantName"
            ),
            "Read the metric from endpoint.queue.",
        ),
        (
            lambda: blue(serverless).metric_cpu_utilization(),
            (
                "CPUUtilization is not published for variant 'blue' because serverless endpoints "
                "do not publish it with the dimensions EndpointName and VariantName"
            ),
            (
                "Use one of Invocations, Invocation4XXErrors, Invocation5XXErrors, ModelLatency, "
                "OverheadLatency, ModelSetupTime, ServerlessConcurrentExecutionsUtilization, "
                "ServerlessProvisionedConcurrencyExecutions, "
                "ServerlessProvisionedConcurrencyUtilization, "
                "ServerlessProvisionedConcurrencyInvocations, "
                "ServerlessProvisionedConcurrencySpilloverInvocations, MemoryUtilization."
            ),
        ),
        (
            lambda: real_time(new_stack()).queue.metric("ApproximateBacklogSize"),
            (
                "ApproximateBacklogSize is not published for the endpoint because real-time "
                "endpoints do not publish it with the dimension EndpointName"
            ),
            "Remove the metric.",
        ),
    ],
)
def test_a_metric_of_another_kind_of_endpoint(
    call: Callable[[], object], message: str, fix: str
) -> None:
    assert error_of(call) == ("metric-unpublished", message, fix)


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


def rank() -> Any:
    stack = new_stack()
    with_components(stack)
    return stack.node.find_child("Rank")


@pytest.mark.parametrize(
    ("call", "message", "fix"),
    [
        (
            lambda: blue(real_time).metric_gpu_utilization(),
            "GPUUtilization is not published for variant 'blue' because no GPU is used",
            "Use GPUs, or remove the metric.",
        ),
        (
            lambda: blue(real_time).metric_gpu_memory_utilization(),
            "GPUMemoryUtilization is not published for variant 'blue' because no GPU is used",
            "Use GPUs, or remove the metric.",
        ),
        (
            lambda: rank().metric_gpu_utilization_normalized(),
            (
                "GPUUtilizationNormalized is not published for the inference component because no "
                "GPU is used"
            ),
            "Use GPUs, or remove the metric.",
        ),
        (
            lambda: blue(real_time).metric_explanations_per_instance(),
            (
                "ExplanationsPerInstance is not published for variant 'blue' because the "
                "configuration has no explainer"
            ),
            "Configure an explainer, or remove the metric.",
        ),
        (
            lambda: single_model().metric_model_cache_hit(),
            (
                "ModelCacheHit is not published for variant 'blue' because the model has no "
                "multi-model container"
            ),
            "Use a multi-model container, or remove the metric.",
        ),
        (
            lambda: single_model().container("container-1").metric_container_latency(),
            (
                "ContainerLatency is not published for container 'container-1' of variant 'blue' "
                "because the model has only one container"
            ),
            "Use several containers, or remove the metric.",
        ),
        (
            lambda: on_demand().metric_serverless_provisioned_concurrency_utilization(),
            (
                "ServerlessProvisionedConcurrencyUtilization is not published for variant 'blue' "
                "because no provisioned concurrency is configured"
            ),
            "Configure provisioned concurrency, or remove the metric.",
        ),
    ],
)
def test_a_metric_of_an_unused_feature(call: Callable[[], object], message: str, fix: str) -> None:
    assert error_of(call) == ("metric-unpublished", message, fix)


def test_a_metric_of_one_of_several_containers() -> None:
    assert blue(pipeline).container("container-1").metric_container_latency()


def test_dimensions_of_enhanced_metrics_that_are_not_enabled() -> None:
    assert error_of(lambda: blue(real_time).metric_cpu_utilization(instance_id="i-1")) == (
        "metric-unpublished",
        (
            "CPUUtilization is not published for variant 'blue' with the dimension InstanceId "
            "because enhanced metrics are not enabled"
        ),
        "Enable them: config.publish_metrics(enhanced=True, ...).",
    )
    assert blue(two_variants).metric_cpu_utilization(instance_id="i-1")


@pytest.mark.parametrize(
    ("call", "message", "fix"),
    [
        (
            lambda: blue(two_variants).metric_cpu_utilization(accelerator_id="0"),
            ("CPUUtilization is not published for variant 'blue' with the dimension AcceleratorId"),
            "Use the dimension InstanceId.",
        ),
        (
            lambda: blue(serverless).metric_model_setup_time(instance_id="i-1", accelerator_id="0"),
            (
                "ModelSetupTime is not published for variant 'blue' with the dimensions InstanceId "
                "and AcceleratorId"
            ),
            "Remove the dimensions InstanceId and AcceleratorId.",
        ),
    ],
)
def test_a_dimension_that_the_metric_does_not_have(
    call: Callable[[], object], message: str, fix: str
) -> None:
    assert error_of(call) == ("metric-unpublished", message, fix)


def test_no_error_for_an_endpoint_of_unknown_kind() -> None:
    imported = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "answers")
    assert imported.queue.metric_approximate_backlog_size()
    assert imported.variant("blue").metric_model_setup_time()
    assert imported.variant("blue").metric_gpu_utilization(accelerator_id="0")


def test_no_error_for_an_instance_type_that_is_a_token() -> None:
    stack = new_stack()
    type_ = cdk.CfnParameter(stack, "Type").value_as_string
    variant = InstanceVariant(
        "blue", model="m", instance_type=InstanceType.of(type_), initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    assert endpoint.variant("blue").metric_gpu_utilization()


@pytest.mark.parametrize(
    ("call", "message", "fix"),
    [
        (
            lambda each: each.variant("blue").fleet(),
            "the fleet of variant 'blue' is unknown because the endpoint is imported",
            "Pass the endpoint configuration of the fleet: fleet(endpoint_config).",
        ),
        (
            lambda each: each.metric_invocations(),
            (
                "Invocations of all variants cannot be computed because the variants of the "
                "endpoint are unknown"
            ),
            "Read the metric of one variant: endpoint.variant(name).",
        ),
        (
            lambda each: each.add_recommended_alarms(),
            (
                "alarms of all variants cannot be created because the variants of the endpoint are "
                "unknown"
            ),
            'Pass their names: add_recommended_alarms(variants=["..."]).',
        ),
        (
            lambda each: each.dashboard(),
            (
                "a dashboard of all variants cannot be created because the variants of the "
                "endpoint are unknown"
            ),
            'Pass their names: dashboard(variants=["..."]).',
        ),
    ],
)
def test_an_imported_endpoint_without_known_variants(
    call: Callable[[Any], object], message: str, fix: str
) -> None:
    imported = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "answers")
    assert error_of(lambda: call(imported)) == ("metric-variants-unknown", message, fix)
