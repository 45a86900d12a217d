"""What Application Auto Scaling scales, and by which policies.

Source of the members and their bounds: botocore's application-autoscaling model and
CloudFormation's schemas of ``AWS::ApplicationAutoScaling::ScalableTarget`` and ``ScalingPolicy``.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.features import Tag
from cdk_epc.spec.fields import (
    Spec,
    choice,
    flag,
    number,
    part,
    parts,
    text,
    whole,
)


class ScalableDimension(StrEnum):
    """What of a resource of SageMaker hosting is scaled."""

    INSTANCES = "sagemaker:variant:DesiredInstanceCount"
    PROVISIONED_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
    COPIES = "sagemaker:inference-component:DesiredCopyCount"


class PredefinedMetric(StrEnum):
    """The metrics of SageMaker that a policy knows by name."""

    INVOCATIONS_PER_INSTANCE = "SageMakerVariantInvocationsPerInstance"
    CONCURRENT_REQUESTS_PER_MODEL = "SageMakerVariantConcurrentRequestsPerModelHighResolution"
    PROVISIONED_CONCURRENCY_UTILIZATION = "SageMakerVariantProvisionedConcurrencyUtilization"
    INVOCATIONS_PER_COPY = "SageMakerInferenceComponentInvocationsPerCopy"
    CONCURRENT_REQUESTS_PER_COPY = (
        "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"
    )


class PolicyType(StrEnum):
    """How a policy scales. Predictive scaling is for other services only."""

    TARGET_TRACKING = "TargetTrackingScaling"
    STEP = "StepScaling"


class AdjustmentType(StrEnum):
    """What the number of an adjustment means."""

    CHANGE_IN_CAPACITY = "ChangeInCapacity"
    PERCENT_CHANGE_IN_CAPACITY = "PercentChangeInCapacity"
    EXACT_CAPACITY = "ExactCapacity"


class MetricStatistic(StrEnum):
    """The statistics of a customized metric."""

    AVERAGE = "Average"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    SAMPLE_COUNT = "SampleCount"
    SUM = "Sum"


class MetricAggregationType(StrEnum):
    """How step scaling sums up the samples of one period."""

    AVERAGE = "Average"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"


@attrs.frozen(kw_only=True, repr=False)
class ScalableTargetAction(Spec):
    """The bounds that a scheduled action sets."""

    max_capacity: int | None = attrs.field(default=None, metadata=whole(0))
    min_capacity: int | None = attrs.field(default=None, metadata=whole(0))


@attrs.frozen(kw_only=True, repr=False)
class ScheduledAction(Spec):
    """Bounds that are set at a time."""

    scheduled_action_name: str | None = attrs.field(
        default=None, metadata=text(max_length=256, required=True)
    )
    schedule: str | None = attrs.field(default=None, metadata=text(max_length=1600, required=True))
    timezone: str | None = attrs.field(default=None, metadata=text(max_length=1600))
    start_time: str | None = attrs.field(default=None, metadata=text(max_length=None))
    end_time: str | None = attrs.field(default=None, metadata=text(max_length=None))
    scalable_target_action: ScalableTargetAction | None = attrs.field(
        default=None, metadata=part(ScalableTargetAction)
    )


@attrs.frozen(kw_only=True, repr=False)
class SuspendedState(Spec):
    """What of the scaling is suspended."""

    dynamic_scaling_in_suspended: bool | None = attrs.field(default=None, metadata=flag())
    dynamic_scaling_out_suspended: bool | None = attrs.field(default=None, metadata=flag())
    scheduled_scaling_suspended: bool | None = attrs.field(default=None, metadata=flag())


@attrs.frozen(kw_only=True, repr=False)
class ScalableTargetSpec(Spec):
    """What is scaled, and between which capacities: instances, concurrency or copies."""

    max_capacity: int | None = attrs.field(default=None, metadata=whole(0, required=True))
    min_capacity: int | None = attrs.field(default=None, metadata=whole(0, required=True))
    resource_id: str | None = attrs.field(
        default=None, metadata=text(max_length=1600, required=True)
    )
    scalable_dimension: str | None = attrs.field(
        default=None, metadata=choice(ScalableDimension, required=True, open_choices=True)
    )
    service_namespace: str | None = attrs.field(
        default=None, metadata=text(max_length=None, required=True)
    )
    role_arn: str | None = attrs.field(default=None, metadata=text(max_length=1600, wire="RoleARN"))
    scheduled_actions: tuple[ScheduledAction, ...] | None = attrs.field(
        default=None, metadata=parts(ScheduledAction, min_items=0, max_items=200)
    )
    suspended_state: SuspendedState | None = attrs.field(
        default=None, metadata=part(SuspendedState)
    )
    tags: tuple[Tag, ...] | None = attrs.field(
        default=None, metadata=parts(Tag, min_items=0, max_items=50)
    )


@attrs.frozen(kw_only=True, repr=False)
class TrackedMetric(Spec):
    """A metric in a query."""

    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDimension, min_items=0, max_items=30)
    )
    metric_name: str | None = attrs.field(default=None, metadata=text(max_length=255))
    namespace: str | None = attrs.field(default=None, metadata=text(max_length=255))


@attrs.frozen(kw_only=True, repr=False)
class TrackedStatistic(Spec):
    """A statistic of a metric in a query, percentiles included."""

    metric: TrackedMetric | None = attrs.field(
        default=None, metadata=part(TrackedMetric, required=True)
    )
    stat: str | None = attrs.field(default=None, metadata=text(max_length=None, required=True))
    unit: str | None = attrs.field(default=None, metadata=text(max_length=1023))


@attrs.frozen(kw_only=True, repr=False)
class MetricQuery(Spec):
    """A metric or an expression over metrics; one of a policy's returns the data."""

    expression: str | None = attrs.field(default=None, metadata=text(max_length=2048))
    id: str | None = attrs.field(default=None, metadata=text(max_length=255, required=True))
    label: str | None = attrs.field(default=None, metadata=text(min_length=None, max_length=2047))
    metric_stat: TrackedStatistic | None = attrs.field(
        default=None, metadata=part(TrackedStatistic)
    )
    return_data: bool | None = attrs.field(default=None, metadata=flag())


@attrs.frozen(kw_only=True, repr=False)
class CustomizedMetricSpecification(Spec):
    """A metric of CloudWatch that a policy tracks."""

    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDimension, min_items=0, max_items=30)
    )
    metric_name: str | None = attrs.field(default=None, metadata=text(max_length=255))
    metrics: tuple[MetricQuery, ...] | None = attrs.field(
        default=None, metadata=parts(MetricQuery, min_items=0, max_items=100)
    )
    namespace: str | None = attrs.field(default=None, metadata=text(max_length=255))
    statistic: str | None = attrs.field(default=None, metadata=choice(MetricStatistic))
    unit: str | None = attrs.field(default=None, metadata=text(max_length=1023))


@attrs.frozen(kw_only=True, repr=False)
class PredefinedMetricSpecification(Spec):
    """A metric that a policy knows by name."""

    predefined_metric_type: str | None = attrs.field(
        default=None, metadata=choice(PredefinedMetric, required=True, open_choices=True)
    )
    resource_label: str | None = attrs.field(default=None, metadata=text(max_length=1023))


@attrs.frozen(kw_only=True, repr=False)
class TargetTrackingConfiguration(Spec):
    """Keep a metric near a value."""

    customized_metric_specification: CustomizedMetricSpecification | None = attrs.field(
        default=None, metadata=part(CustomizedMetricSpecification)
    )
    disable_scale_in: bool | None = attrs.field(default=None, metadata=flag())
    predefined_metric_specification: PredefinedMetricSpecification | None = attrs.field(
        default=None, metadata=part(PredefinedMetricSpecification)
    )
    scale_in_cooldown: int | None = attrs.field(default=None, metadata=whole(0))
    scale_out_cooldown: int | None = attrs.field(default=None, metadata=whole(0))
    target_value: float | None = attrs.field(
        default=None, metadata=number(-(2.0**360), 2.0**360, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class StepAdjustment(Spec):
    """What is done while the metric is this far from the alarm's threshold."""

    metric_interval_lower_bound: float | None = attrs.field(default=None, metadata=number())
    metric_interval_upper_bound: float | None = attrs.field(default=None, metadata=number())
    scaling_adjustment: int | None = attrs.field(default=None, metadata=whole(required=True))


@attrs.frozen(kw_only=True, repr=False)
class StepScalingConfiguration(Spec):
    """Change the capacity when an alarm goes off."""

    adjustment_type: str | None = attrs.field(default=None, metadata=choice(AdjustmentType))
    cooldown: int | None = attrs.field(default=None, metadata=whole(0))
    metric_aggregation_type: str | None = attrs.field(
        default=None, metadata=choice(MetricAggregationType)
    )
    min_adjustment_magnitude: int | None = attrs.field(default=None, metadata=whole())
    step_adjustments: tuple[StepAdjustment, ...] | None = attrs.field(
        default=None, metadata=parts(StepAdjustment, min_items=0, max_items=20)
    )


@attrs.frozen(kw_only=True, repr=False)
class ScalingPolicySpec(Spec):
    """By what a scalable target is scaled."""

    policy_name: str | None = attrs.field(
        default=None, metadata=text(max_length=256, required=True)
    )
    policy_type: str | None = attrs.field(
        default=None, metadata=choice(PolicyType, required=True, open_choices=True)
    )
    resource_id: str | None = attrs.field(default=None, metadata=text(max_length=1600))
    scalable_dimension: str | None = attrs.field(
        default=None, metadata=choice(ScalableDimension, open_choices=True)
    )
    scaling_target_id: str | None = attrs.field(default=None, metadata=text(max_length=None))
    service_namespace: str | None = attrs.field(default=None, metadata=text(max_length=None))
    step_scaling_policy_configuration: StepScalingConfiguration | None = attrs.field(
        default=None, metadata=part(StepScalingConfiguration)
    )
    target_tracking_scaling_policy_configuration: TargetTrackingConfiguration | None = attrs.field(
        default=None, metadata=part(TargetTrackingConfiguration)
    )
