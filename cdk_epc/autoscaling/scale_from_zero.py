"""Scaling from zero: the policy and the alarm that add the first instance or copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
from aws_cdk import Duration

from cdk_epc._records import Record
from cdk_epc.autoscaling.scaling_policy import ScalableTargetInternals
from cdk_epc.autoscaling.step_scaling import (
    AT_OR_ABOVE,
    ScalingSteps,
    StepSettings,
    add_step_policy,
)
from cdk_epc.spec.scaling import MetricAggregationType, StepAdjustment
from cdk_epc.spec.unresolved import is_integer

POLICY_ID: Final = "WakeUp"
"""Id of the policy. It is part of logical ids and of the policy's name, so that a change of it
replaces the policies of deployed stacks."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class NoCapacityMetric(Record):
    """Metric of requests that find no capacity, with the settings of its alarm and policy.

    Attributes:
        metric_name: Name of the metric in ``AWS/SageMaker``.
        dimensions: Dimensions of the metric.
        statistic: Statistic that the alarm evaluates.
        periods: Number of consecutive minutes in which the metric must be 1 or more.
        aggregation: Aggregation type of the policy.
        cooldown: Cooldown of the policy.
        description: Description of the alarm.
    """

    metric_name: str
    dimensions: Mapping[str, str]
    statistic: str
    periods: int
    aggregation: MetricAggregationType
    cooldown: Duration
    description: str


def backlog_without_capacity(endpoint_name: str) -> NoCapacityMetric:
    """Return the metric of an asynchronous endpoint (developer guide, async-inference-autoscale).

    The guide's alarm has the same periods, statistic and cooldown.
    """
    return NoCapacityMetric(
        metric_name="HasBacklogWithoutCapacity",
        dimensions={"EndpointName": endpoint_name},
        statistic="Average",
        periods=2,
        aggregation=MetricAggregationType.AVERAGE,
        cooldown=Duration.seconds(300),
        description="Requests are waiting and there is no instance; scale out from zero.",
    )


def failures_without_capacity(component_name: str) -> NoCapacityMetric:
    """Return the metric of a component (developer guide, endpoint-auto-scaling-zero-instances).

    The alarm of the guide needs more than one failure in a minute, so a caller who tries once does
    not start a copy. AWS's notebooks need one failure, and so does this alarm.
    """
    return NoCapacityMetric(
        metric_name="NoCapacityInvocationFailures",
        dimensions={"InferenceComponentName": component_name},
        statistic="Sum",
        periods=1,
        aggregation=MetricAggregationType.MAXIMUM,
        cooldown=Duration.seconds(60),
        description="Requests failed because there is no copy; scale out from zero.",
    )


def scale_from_zero_if_needed(
    target: ScalableTargetInternals, min_capacity: object, max_capacity: object
) -> None:
    """Create the policy and its alarm once, where the target can scale to zero and out again.

    Args:
        target: The scalable target.
        min_capacity: Minimum capacity of the target, or of one of its schedules.
        max_capacity: Maximum capacity, likewise.
    """
    is_zero = is_integer(min_capacity) and min_capacity == 0
    is_disabled = is_integer(max_capacity) and max_capacity == 0
    is_needed = is_zero and not is_disabled
    is_wanted = is_needed if target.scale_from_zero is None else target.scale_from_zero
    no_capacity_metric = target.source.no_capacity_metric
    if is_wanted and no_capacity_metric is not None and POLICY_ID not in target.policies:
        _add_policy(target, no_capacity_metric())


def _add_policy(target: ScalableTargetInternals, metric: NoCapacityMetric) -> None:
    # A module that is slow to import, which other apps do not need.
    from aws_cdk.aws_cloudwatch import CfnAlarm  # noqa: PLC0415 - see above

    steps = ScalingSteps(
        id_suffix="",
        comparison=AT_OR_ABOVE,
        threshold=1,
        adjustments=(StepAdjustment(metric_interval_lower_bound=0, scaling_adjustment=1),),
    )
    settings = StepSettings(cooldown=metric.cooldown, metric_aggregation_type=metric.aggregation)
    policy = add_step_policy(target, POLICY_ID, "scale_from_zero", steps, settings)
    policy.alarm = CfnAlarm(
        policy,
        "Alarm",
        alarm_actions=[policy.policy_arn],
        alarm_description=metric.description,
        namespace="AWS/SageMaker",
        metric_name=metric.metric_name,
        dimensions=[{"name": name, "value": value} for name, value in metric.dimensions.items()],
        statistic=metric.statistic,
        comparison_operator=steps.comparison,
        threshold=steps.threshold,
        period=60,
        evaluation_periods=metric.periods,
        datapoints_to_alarm=metric.periods,
        treat_missing_data="missing",
    )
