"""Scalable targets and scaling policies of Application Auto Scaling.

Source of the members and their bounds: botocore's application-autoscaling model and
CloudFormation's schemas of ``AWS::ApplicationAutoScaling::ScalableTarget`` and ``ScalingPolicy``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import attrs

from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.features import Tag
from cdk_epc.spec.fields import (
    Spec,
    boolean,
    choice,
    integer,
    nested,
    nested_list,
    number,
    string,
)


class ScalableDimension(StrEnum):
    """Scaled quantity of a variant or an inference component."""

    INSTANCES = "sagemaker:variant:DesiredInstanceCount"
    PROVISIONED_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
    COPIES = "sagemaker:inference-component:DesiredCopyCount"


class PredefinedMetric(StrEnum):
    """Predefined metrics of SageMaker for target tracking."""

    INVOCATIONS_PER_INSTANCE = "SageMakerVariantInvocationsPerInstance"
    CONCURRENT_REQUESTS_PER_MODEL = "SageMakerVariantConcurrentRequestsPerModelHighResolution"
    PROVISIONED_CONCURRENCY_UTILIZATION = "SageMakerVariantProvisionedConcurrencyUtilization"
    INVOCATIONS_PER_COPY = "SageMakerInferenceComponentInvocationsPerCopy"
    CONCURRENT_REQUESTS_PER_COPY = (
        "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"
    )


class PolicyType(StrEnum):
    """Type of a scaling policy. Predictive scaling does not support SageMaker."""

    TARGET_TRACKING = "TargetTrackingScaling"
    STEP = "StepScaling"
    PREDICTIVE = "PredictiveScaling"


class AdjustmentType(StrEnum):
    """Meaning of the number of a scaling adjustment."""

    CHANGE_IN_CAPACITY = "ChangeInCapacity"
    PERCENT_CHANGE_IN_CAPACITY = "PercentChangeInCapacity"
    EXACT_CAPACITY = "ExactCapacity"


class MetricStatistic(StrEnum):
    """Statistic of a customized metric."""

    AVERAGE = "Average"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    SAMPLE_COUNT = "SampleCount"
    SUM = "Sum"


class MetricAggregationType(StrEnum):
    """Aggregation of the datapoints of one period in step scaling."""

    AVERAGE = "Average"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ScalableTargetAction(Spec):
    """Minimum and maximum capacity that a scheduled action sets."""

    max_capacity: int | None = attrs.field(default=None, metadata=integer(0))
    min_capacity: int | None = attrs.field(default=None, metadata=integer(0))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ScheduledAction(Spec):
    """Scheduled action, which sets the minimum and maximum capacity."""

    scheduled_action_name: str | None = attrs.field(
        default=None, metadata=string(max_length=256, required=True)
    )
    schedule: str | None = attrs.field(
        default=None, metadata=string(max_length=1600, required=True)
    )
    timezone: str | None = attrs.field(default=None, metadata=string(max_length=1600))
    start_time: str | None = attrs.field(default=None, metadata=string(max_length=None))
    end_time: str | None = attrs.field(default=None, metadata=string(max_length=None))
    scalable_target_action: ScalableTargetAction | None = attrs.field(
        default=None, metadata=nested(ScalableTargetAction)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class SuspendedState(Spec):
    """Suspended activities of a scalable target."""

    dynamic_scaling_in_suspended: bool | None = attrs.field(default=None, metadata=boolean())
    dynamic_scaling_out_suspended: bool | None = attrs.field(default=None, metadata=boolean())
    scheduled_scaling_suspended: bool | None = attrs.field(default=None, metadata=boolean())


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ScalableTargetSpec(Spec):
    """Scalable target: instances, provisioned concurrency or copies, with their bounds."""

    max_capacity: int | None = attrs.field(default=None, metadata=integer(0, required=True))
    min_capacity: int | None = attrs.field(default=None, metadata=integer(0, required=True))
    resource_id: str | None = attrs.field(
        default=None, metadata=string(max_length=1600, required=True)
    )
    scalable_dimension: str | None = attrs.field(
        default=None, metadata=string(max_length=None, required=True)
    )
    service_namespace: str | None = attrs.field(
        default=None, metadata=string(max_length=None, required=True)
    )
    role_arn: str | None = attrs.field(
        default=None, metadata=string(max_length=1600, wire="RoleARN")
    )
    scheduled_actions: tuple[ScheduledAction, ...] | None = attrs.field(
        default=None, metadata=nested_list(ScheduledAction, min_items=0, max_items=200)
    )
    suspended_state: SuspendedState | None = attrs.field(
        default=None, metadata=nested(SuspendedState)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=nested_list(Tag, min_items=0, max_items=50)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class TrackedMetric(Spec):
    """Metric of a metric query."""

    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricDimension, min_items=0, max_items=30)
    )
    metric_name: str | None = attrs.field(default=None, metadata=string(max_length=255))
    namespace: str | None = attrs.field(default=None, metadata=string(max_length=255))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class TrackedStatistic(Spec):
    """Metric with a statistic, which may be a percentile, of a metric query."""

    metric: TrackedMetric | None = attrs.field(
        default=None, metadata=nested(TrackedMetric, required=True)
    )
    stat: str | None = attrs.field(default=None, metadata=string(max_length=None, required=True))
    unit: str | None = attrs.field(default=None, metadata=string(max_length=1023))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MetricQuery(Spec):
    """Metric or metric math expression; exactly one of a policy returns data."""

    expression: str | None = attrs.field(default=None, metadata=string(max_length=2048))
    id: str | None = attrs.field(default=None, metadata=string(max_length=255, required=True))
    label: str | None = attrs.field(default=None, metadata=string(min_length=None, max_length=2047))
    metric_stat: TrackedStatistic | None = attrs.field(
        default=None, metadata=nested(TrackedStatistic)
    )
    return_data: bool | None = attrs.field(default=None, metadata=boolean())


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CustomizedMetricSpecification(Spec):
    """CloudWatch metric, or metric math, that a policy tracks."""

    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricDimension, min_items=0, max_items=30)
    )
    metric_name: str | None = attrs.field(default=None, metadata=string(max_length=255))
    metrics: tuple[MetricQuery, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricQuery, min_items=0, max_items=100)
    )
    namespace: str | None = attrs.field(default=None, metadata=string(max_length=255))
    statistic: str | None = attrs.field(
        default=None, metadata=choice(MetricStatistic, closed_choices=True)
    )
    unit: str | None = attrs.field(default=None, metadata=string(max_length=1023))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class PredefinedMetricSpecification(Spec):
    """Predefined metric that a policy tracks."""

    predefined_metric_type: str | None = attrs.field(
        default=None, metadata=string(max_length=None, required=True)
    )
    resource_label: str | None = attrs.field(default=None, metadata=string(max_length=1023))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class TargetTrackingConfiguration(Spec):
    """Target tracking: the metric and its target value. Cooldowns are in seconds."""

    customized_metric_specification: CustomizedMetricSpecification | None = attrs.field(
        default=None, metadata=nested(CustomizedMetricSpecification)
    )
    disable_scale_in: bool | None = attrs.field(default=None, metadata=boolean())
    predefined_metric_specification: PredefinedMetricSpecification | None = attrs.field(
        default=None, metadata=nested(PredefinedMetricSpecification)
    )
    scale_in_cooldown: int | None = attrs.field(default=None, metadata=integer(0))
    scale_out_cooldown: int | None = attrs.field(default=None, metadata=integer(0))
    target_value: float | None = attrs.field(
        default=None, metadata=number(-(2.0**360), 2.0**360, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class StepAdjustment(Spec):
    """Adjustment of the capacity for an interval of distances from the alarm's threshold."""

    metric_interval_lower_bound: float | None = attrs.field(default=None, metadata=number())
    metric_interval_upper_bound: float | None = attrs.field(default=None, metadata=number())
    scaling_adjustment: int | None = attrs.field(default=None, metadata=integer(required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class StepScalingConfiguration(Spec):
    """Step scaling: adjustments of the capacity when an alarm fires. The cooldown is in seconds."""

    adjustment_type: str | None = attrs.field(
        default=None, metadata=choice(AdjustmentType, closed_choices=True)
    )
    cooldown: int | None = attrs.field(default=None, metadata=integer(0))
    metric_aggregation_type: str | None = attrs.field(
        default=None, metadata=choice(MetricAggregationType, closed_choices=True)
    )
    min_adjustment_magnitude: int | None = attrs.field(default=None, metadata=integer())
    step_adjustments: tuple[StepAdjustment, ...] | None = attrs.field(
        default=None, metadata=nested_list(StepAdjustment, min_items=0, max_items=None)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class PredictiveScalingConfiguration(Spec):
    """Predictive scaling, which does not support SageMaker; none of its members is declared."""

    IS_PARTIAL: ClassVar = True


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ScalingPolicySpec(Spec):
    """Scaling policy of a scalable target."""

    policy_name: str | None = attrs.field(
        default=None,
        metadata=string(max_length=256, pattern=r"[^\x00-\x1f\x7f-\x9f]*", required=True),
    )
    policy_type: str | None = attrs.field(default=None, metadata=choice(PolicyType, required=True))
    predictive_scaling_policy_configuration: PredictiveScalingConfiguration | None = attrs.field(
        default=None, metadata=nested(PredictiveScalingConfiguration)
    )
    resource_id: str | None = attrs.field(default=None, metadata=string(max_length=1600))
    scalable_dimension: str | None = attrs.field(default=None, metadata=string(max_length=None))
    scaling_target_id: str | None = attrs.field(default=None, metadata=string(max_length=None))
    service_namespace: str | None = attrs.field(default=None, metadata=string(max_length=None))
    step_scaling_policy_configuration: StepScalingConfiguration | None = attrs.field(
        default=None, metadata=nested(StepScalingConfiguration)
    )
    target_tracking_scaling_policy_configuration: TargetTrackingConfiguration | None = attrs.field(
        default=None, metadata=nested(TargetTrackingConfiguration)
    )
