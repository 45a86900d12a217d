"""Step scaling: policies that change the capacity while an alarm is on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypedDict

import attrs

from cdk_epc._records import Record
from cdk_epc.autoscaling.scaling_policy import (
    ScalableTargetInternals,
    ScalingPolicy,
    add_policy,
    named_part,
    new_policy_state,
)
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.convert import seconds
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.scaling import (
    AdjustmentType,
    MetricAggregationType,
    PolicyType,
    StepAdjustment,
    StepScalingConfiguration,
)
from cdk_epc.spec.unresolved import is_integer, is_mapping, is_resolved

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk.aws_cloudwatch import IMetric

AT_OR_ABOVE: Final = "GreaterThanOrEqualToThreshold"
_AT_OR_BELOW: Final = "LessThanOrEqualToThreshold"
_CONFIGURATION: Final = "step_scaling_policy_configuration"


class StepOptions(TypedDict, total=False):
    """Options of step scaling policies.

    Attributes:
        cooldown: Time between two scaling activities; 300 seconds by default.
        adjustment_type: Unit of the changes: instances or copies by default, percent of the
            current capacity with ``PERCENT_CHANGE_IN_CAPACITY``.
        min_adjustment_magnitude: Minimum number of instances or copies of a change in percent.
        metric_aggregation_type: Aggregation of the metric's samples in a period; their average by
            default.
        evaluation_periods: Number of periods that the alarm evaluates; 1 by default.
        datapoints_to_alarm: Number of these periods in which the metric must reach the step; all
            by default.
        treat_missing_data: Treatment of periods without data: ``missing`` by default,
            ``notBreaching``, ``breaching`` or ``ignore``.
        policy_name: Name of the policies, to which ``-Out`` or ``-In`` is added; by default one
            from the construct path.
        acknowledge: Reasons by the id of the rule whose findings about the policies are
            acknowledged.
    """

    cooldown: Duration | None
    adjustment_type: AdjustmentType
    min_adjustment_magnitude: int | None
    metric_aggregation_type: MetricAggregationType
    evaluation_periods: int
    datapoints_to_alarm: int | None
    treat_missing_data: str | None
    policy_name: str | None
    acknowledge: Mapping[str, str] | None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StepSettings(Record):
    """Values of `StepOptions`, defaults included."""

    cooldown: Duration | None = None
    adjustment_type: AdjustmentType = AdjustmentType.CHANGE_IN_CAPACITY
    min_adjustment_magnitude: int | None = None
    metric_aggregation_type: MetricAggregationType = MetricAggregationType.AVERAGE
    evaluation_periods: int = 1
    datapoints_to_alarm: int | None = None
    treat_missing_data: str | None = None
    policy_name: str | None = None
    acknowledge: Mapping[str, str] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScalingSteps(Record):
    """Steps of one policy: all that add capacity, or all that remove it.

    Attributes:
        id_suffix: Suffix of the policy's id.
        comparison: Comparison operator of the alarm.
        threshold: Threshold of the alarm: the metric value of the smallest step.
        adjustments: The steps, relative to the threshold.
    """

    id_suffix: str
    comparison: str
    threshold: float
    adjustments: tuple[StepAdjustment, ...]


def check_steps(steps: Any, adjustment_type: AdjustmentType) -> tuple[str, Violation] | None:  # noqa: ANN401
    """Return the wrong argument of ``scale_on_steps`` with its violation, if there is one."""
    path = (_CONFIGURATION, "step_adjustments")
    if adjustment_type == AdjustmentType.EXACT_CAPACITY:
        return "adjustment_type", Violation(
            path=path,
            got=adjustment_type.value,
            must="be ChangeInCapacity or PercentChangeInCapacity",
            fix="Pass the change of each step, or create a CfnScalingPolicy instead.",
        )
    if not is_mapping(steps) or not steps or not all(map(_is_step, steps.items())):
        return "steps", Violation(
            path=path,
            got=steps,
            must="map values of the metric to whole numbers other than 0",
            fix="Pass for example {10: -1, 50: +1, 80: +3}.",
        )
    down = [value for value, change in steps.items() if change < 0]
    up = [value for value, change in steps.items() if change > 0]
    if down and up and max(down) >= min(up):
        return "steps", Violation(
            path=path,
            got=dict(steps),
            must="remove capacity only at lower values than those that add capacity",
            fix="Separate the values; where they overlap, both alarms are on.",
        )
    return None


def _is_step(step: tuple[Any, Any]) -> bool:
    value, change = step
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and is_resolved(value) and is_integer(change) and change != 0


def add_step_policies(  # noqa: PLR0913, PLR0917 - the parts of the policies
    target: ScalableTargetInternals,
    name: str,
    call: str,
    metric: IMetric,
    steps: Mapping[float, int],
    settings: StepSettings,
) -> tuple[ScalingPolicy, ...]:
    """Create the policy that adds capacity and the one that removes it, each with its alarm.

    Args:
        target: The target of the policies.
        name: Prefix of the policies' ids.
        call: The call, as messages name it.
        metric: Metric of the alarms.
        steps: Changes of the capacity by value of the metric; see `check_steps`.
        settings: Options of the policies.

    Raises:
        EndpointConfigError: The target already has a policy of such an id, or a policy violates a
            rule.
    """
    # A module that is slow to import; the metric is one of its objects, so it is imported already.
    from aws_cdk.aws_cloudwatch import (  # noqa: PLC0415 - see above
        Alarm,
        CfnAlarm,
        ComparisonOperator,
    )

    operators = {
        AT_OR_ABOVE: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        _AT_OR_BELOW: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    }
    policies: list[ScalingPolicy] = []
    for each in _by_direction(steps):
        given = settings.policy_name
        own_name = None if given is None else f"{given}-{each.id_suffix}"
        own = attrs.evolve(settings, policy_name=own_name)
        policy = add_step_policy(target, name + each.id_suffix, call, each, own)
        alarm = Alarm(
            policy,
            "Alarm",
            metric=metric,
            threshold=each.threshold,
            comparison_operator=operators[each.comparison],
            evaluation_periods=settings.evaluation_periods,
            datapoints_to_alarm=settings.datapoints_to_alarm,
        )
        resource = alarm.node.default_child
        assert isinstance(resource, CfnAlarm)  # noqa: S101 - the L1 of CDK's Alarm
        resource.alarm_actions = [policy.policy_arn]
        if settings.treat_missing_data is not None:
            resource.treat_missing_data = settings.treat_missing_data
        policy.alarm = resource
        policies.append(policy)
    return tuple(policies)


def add_step_policy(
    target: ScalableTargetInternals,
    id: str,
    call: str,
    steps: ScalingSteps,
    settings: StepSettings,
) -> ScalingPolicy:
    """Create a step scaling policy without its alarm.

    Raises:
        EndpointConfigError: The target already has a policy of this id, or the policy violates a
            rule.
    """
    site = CallSite.current()
    state = new_policy_state(target, id, call, settings.acknowledge, site)
    supplied_parts = {
        name: SuppliedPart((_CONFIGURATION, name), f"{call}.{name}", getattr(settings, name), site)
        for name in ("cooldown", "min_adjustment_magnitude", "metric_aggregation_type")
    }
    cooldown = (
        None if settings.cooldown is None else state.convert(supplied_parts["cooldown"], seconds)
    )
    configuration = StepScalingConfiguration(
        adjustment_type=settings.adjustment_type,
        cooldown=cooldown,
        metric_aggregation_type=settings.metric_aggregation_type,
        min_adjustment_magnitude=settings.min_adjustment_magnitude,
        step_adjustments=steps.adjustments,
    )
    return add_policy(
        target,
        id,
        state,
        policy_type=PolicyType.STEP,
        configuration={_CONFIGURATION: configuration},
        supplied_parts=[
            *supplied_parts.values(),
            named_part(call, settings.policy_name, site),
        ],
        policy_name=settings.policy_name,
    )


def _by_direction(steps: Mapping[float, int]) -> Iterator[ScalingSteps]:
    """Yield the steps that add capacity and those that remove it.

    Each step holds from its value of the metric, upwards or downwards, to the next step.
    """
    up = sorted((value, change) for value, change in steps.items() if change > 0)
    down = sorted(((value, change) for value, change in steps.items() if change < 0), reverse=True)
    if up:
        first = up[0][0]
        yield ScalingSteps(
            id_suffix="Out",
            comparison=AT_OR_ABOVE,
            threshold=first,
            adjustments=tuple(_upward_adjustments(up, first)),
        )
    if down:
        first = down[0][0]
        yield ScalingSteps(
            id_suffix="In",
            comparison=_AT_OR_BELOW,
            threshold=first,
            adjustments=tuple(_downward_adjustments(down, first)),
        )


def _upward_adjustments(
    steps: Sequence[tuple[float, int]], threshold: float
) -> Iterator[StepAdjustment]:
    for index, (value, change) in enumerate(steps):
        next_value = steps[index + 1][0] - threshold if index + 1 < len(steps) else None
        yield StepAdjustment(
            metric_interval_lower_bound=value - threshold,
            metric_interval_upper_bound=next_value,
            scaling_adjustment=change,
        )


def _downward_adjustments(
    steps: Sequence[tuple[float, int]], threshold: float
) -> Iterator[StepAdjustment]:
    for index, (value, change) in enumerate(steps):
        next_value = steps[index + 1][0] - threshold if index + 1 < len(steps) else None
        yield StepAdjustment(
            metric_interval_lower_bound=next_value,
            metric_interval_upper_bound=value - threshold,
            scaling_adjustment=change,
        )
