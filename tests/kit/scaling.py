"""Scaled variants and components, one stack for each feature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_epc import (
    AdjustmentType,
    AsyncInference,
    ClarifyExplainer,
    ComputeRequirements,
    Cron,
    Endpoint,
    EndpointConfig,
    EndpointVariant,
    InferenceComponent,
    InferenceComponentVariant,
    InstanceType,
    InstanceVariant,
    ManagedInstanceScaling,
    MetricAggregationType,
    ScalableVariant,
    ServerlessVariant,
    ShapBaseline,
)
from kit.cdk import template_of

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"
ROLE = "arn:aws:iam::111122223333:role/fraud"


def instance_variant(
    name: str = "main", instance_type: InstanceType = InstanceType.ML_M5_XLARGE
) -> InstanceVariant:
    """Return a variant with one instance."""
    return InstanceVariant(
        name, model="fraud-7", instance_type=instance_type, initial_instance_count=1
    )


def _serverless(provisioned_concurrency: int | None = 2) -> ServerlessVariant:
    """Return a serverless variant with a maximum concurrency of 20."""
    return ServerlessVariant(
        "main",
        model="fraud-7",
        memory_size=cdk.Size.gibibytes(2),
        max_concurrency=20,
        provisioned_concurrency=provisioned_concurrency,
    )


def _host(scaling: ManagedInstanceScaling | None = None) -> InferenceComponentVariant:
    """Return a variant for inference components."""
    return InferenceComponentVariant(
        "main",
        instance_type=InstanceType.ML_G5_XLARGE,
        initial_instance_count=1,
        managed_instance_scaling=scaling,
    )


def real_time(stack: cdk.Stack, *variants: InstanceVariant, id: str = "Endpoint") -> Endpoint:
    """Create a real-time endpoint."""
    given = variants or (instance_variant(),)
    config = EndpointConfig(stack, f"{id}Config", production_variants=given)
    return Endpoint(stack, id, endpoint_config=config)


def asynchronous_variant(stack: cdk.Stack, *, name: str | None = None) -> EndpointVariant:
    """Create an asynchronous endpoint, and return its variant."""
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[instance_variant()],
        async_inference=AsyncInference(output_path="s3://amzn-s3-demo-bucket/out/"),
    )
    return Endpoint(stack, "Endpoint", endpoint_config=config, endpoint_name=name).variant("main")


def serverless_variant(
    stack: cdk.Stack, provisioned_concurrency: int | None = 2
) -> EndpointVariant:
    """Create a serverless endpoint, and return its variant."""
    variant = _serverless(provisioned_concurrency)
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    return Endpoint(stack, "Endpoint", endpoint_config=config).variant("main")


def host_variant(
    stack: cdk.Stack, scaling: ManagedInstanceScaling | None = None
) -> EndpointVariant:
    """Create an endpoint for inference components, and return its variant."""
    config = EndpointConfig(
        stack, "Config", production_variants=[_host(scaling)], execution_role=ROLE
    )
    return Endpoint(stack, "Endpoint", endpoint_config=config).variant("main")


def component(stack: cdk.Stack, name: str | None = None) -> InferenceComponent:
    """Create a component on instances that SageMaker scales to zero with its copies."""
    scaling = ManagedInstanceScaling(min_instance_count=0, max_instance_count=4)
    endpoint = host_variant(stack, scaling).endpoint
    return InferenceComponent(
        stack,
        "Component",
        endpoint=endpoint,
        inference_component_name=name,
        model="assistant-3",
        compute=ComputeRequirements(min_memory=cdk.Size.gibibytes(8), accelerators=1),
    )


def scaled(stack: cdk.Stack, *variants: InstanceVariant) -> ScalableVariant:
    """Create a real-time endpoint, and scale its variant from 1 to 4 instances."""
    return real_time(stack, *variants).variant("main").auto_scale(1, 4)


def queue_depth(**options: object) -> cloudwatch.Metric:
    """Return a custom metric."""
    given = {"namespace": "Fraud", "metric_name": "Depth", "statistic": "Average", **options}
    return cloudwatch.Metric(**given)  # type: ignore[arg-type]  # the types of the test


def of_type(stack: cdk.Stack, type_: str) -> list[dict[str, Any]]:
    """Return the properties of the resources of a type."""
    resources = template_of(stack)["Resources"].values()
    return [each["Properties"] for each in resources if each["Type"] == type_]


def tracking_of(stack: cdk.Stack) -> dict[str, Any]:
    """Return the target tracking configuration of the only policy."""
    (policy,) = of_type(stack, POLICY)
    return dict(policy["TargetTrackingScalingPolicyConfiguration"])


def rule_ids_at_synth(construct: Any) -> list[str]:
    """Return the ids of the rules whose findings are reported at synth."""
    return [each.rule_id for each in construct.findings_at_synth()]


def _invocations(stack: cdk.Stack) -> None:
    scaled(stack).scale_on_invocations(
        max_requests_per_second=20,
        scale_in_cooldown=cdk.Duration.minutes(10),
        scale_out_cooldown=cdk.Duration.minutes(1),
        disable_scale_in=False,
    )


def _explained(stack: cdk.Stack) -> None:
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[instance_variant()],
        explainer=ClarifyExplainer(baseline=ShapBaseline.inline("1,2,3")),
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    scaling = endpoint.variant("main").auto_scale(1, 4)
    scaling.scale_on_explanations(20)
    scaling.scale_on_invocations(600)


def _side_by_side(stack: cdk.Stack) -> None:
    for name in ("First", "Second"):
        endpoint = real_time(stack, instance_variant("a"), instance_variant("b"), id=name)
        for variant in endpoint.variants:
            variant.auto_scale(1, 4).scale_on_invocations(600)


def _custom(stack: cdk.Stack) -> None:
    scaling = scaled(stack)
    scaling.scale_on_metric("depth", queue_depth(unit=cloudwatch.Unit.COUNT), 5)
    scaling.scale_on_metric("slowest", queue_depth(statistic="p99"), 250)
    share = cloudwatch.MathExpression(
        expression="depth / served",
        using_metrics={
            "depth": queue_depth(dimensions_map={"Queue": "fraud"}),
            "served": queue_depth(metric_name="Served"),
        },
    )
    scaling.scale_on_metric("share", share, 0.5)


def _steps(stack: cdk.Stack) -> None:
    scaled(stack).scale_on_steps(
        "depth",
        queue_depth(period=cdk.Duration.minutes(1)),
        {10: -1, 2: -2, 50: +1, 80: +3},
        cooldown=cdk.Duration.minutes(2),
        evaluation_periods=3,
        datapoints_to_alarm=2,
        metric_aggregation_type=MetricAggregationType.MAXIMUM,
        treat_missing_data="notBreaching",
    )


def _percent_steps(stack: cdk.Stack) -> None:
    scaled(stack).scale_on_steps(
        "depth",
        queue_depth(),
        {50: +10},
        adjustment_type=AdjustmentType.PERCENT_CHANGE_IN_CAPACITY,
        min_adjustment_magnitude=2,
    )


def _schedules(stack: cdk.Stack) -> None:
    scaling = scaled(stack)
    scaling.scale_on_schedule(
        "day",
        Cron(hour=8, week_day="MON-FRI"),
        min_capacity=2,
        max_capacity=8,
        time_zone=cdk.TimeZone.EUROPE_BERLIN,
        start=datetime(2030, 1, 1, tzinfo=UTC),
        end=datetime(2030, 12, 31, 12),  # noqa: DTZ001 - UTC by default
    )
    scaling.scale_on_schedule("night", "cron(0 20 * * ? *)", min_capacity=1)


def _components(stack: cdk.Stack) -> None:
    scaling = component(stack).auto_scale(0, 8)
    scaling.scale_on_invocations(max_requests_per_second=2, safety_factor=0.8)
    scaling.scale_on_concurrent_requests(5)


FEATURES: dict[str, Callable[[cdk.Stack], object]] = {
    "invocations": _invocations,
    "concurrent_requests": lambda stack: scaled(stack).scale_on_concurrent_requests(5),
    "cpu": lambda stack: scaled(stack).scale_on_cpu_utilization(60),
    "gpu": lambda stack: scaled(
        stack, instance_variant(instance_type=InstanceType.ML_G5_12XLARGE)
    ).scale_on_gpu_utilization(60),
    "explanations": _explained,
    "custom_metrics": _custom,
    "steps": _steps,
    "percent_steps": _percent_steps,
    "schedules": _schedules,
    "side_by_side": _side_by_side,
    "serverless": lambda stack: (
        serverless_variant(stack)
        .auto_scale(1, 20)
        .scale_on_provisioned_concurrency_utilization(scale_in_cooldown=cdk.Duration.seconds(1))
    ),
    "asynchronous": lambda stack: asynchronous_variant(stack).auto_scale(0, 4).scale_on_backlog(5),
    "components": _components,
    "component_named": lambda stack: component(stack, "assistant").auto_scale(0, 8),
    "asynchronous_named": lambda stack: asynchronous_variant(stack, name="fraud").auto_scale(0, 4),
}
"""Functions that add the scaling of a feature to a stack, by name."""
