"""Step scaling: the capacity changes when an alarm goes off, and by how much says the metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypedDict

import attrs

from cdk_epc.rules.rule import Violation
from cdk_epc.spec.scaling import (
    AdjustmentType,
    MetricAggregationType,
    StepAdjustment,
    StepScalingConfiguration,
)
from cdk_epc.spec.unresolved import is_integer, is_mapping, is_resolved

if TYPE_CHECKING:
    from aws_cdk import Duration

ABOVE: Final = "GreaterThanOrEqualToThreshold"
BELOW: Final = "LessThanOrEqualToThreshold"


class StepOptions(TypedDict, total=False):
    """What scaling in steps can be given.

    Attributes:
        cooldown: How long to wait for a change before the next one; 300 seconds by default.
        adjustment_type: What the numbers of the steps mean: instances or copies more or fewer by
            default; percent of what there is with ``PERCENT_CHANGE_IN_CAPACITY``.
        min_adjustment_magnitude: The least number to change by, where the steps are percent.
        metric_aggregation_type: How the samples of a period are summed up; their average by
            default.
        evaluation_periods: The periods of the metric that the alarm looks at; 1 by default.
        datapoints_to_alarm: How many of these must be beyond the step; all by default.
        treat_missing_data: What a period without data counts as: ``missing`` by default,
            ``notBreaching``, ``breaching`` or ``ignore``.
        acknowledge: By the id of a rule, why its findings about the policies may stay.
    """

    cooldown: Duration | None
    adjustment_type: AdjustmentType
    min_adjustment_magnitude: int | None
    metric_aggregation_type: MetricAggregationType
    evaluation_periods: int
    datapoints_to_alarm: int | None
    treat_missing_data: str | None
    acknowledge: Mapping[str, str] | None


@attrs.frozen(kw_only=True)
class Stepping:
    """What a call said about how to step; the attributes are those of `StepOptions`."""

    cooldown: Duration | None = None
    adjustment_type: AdjustmentType = AdjustmentType.CHANGE_IN_CAPACITY
    min_adjustment_magnitude: int | None = None
    metric_aggregation_type: MetricAggregationType = MetricAggregationType.AVERAGE
    evaluation_periods: int = 1
    datapoints_to_alarm: int | None = None
    treat_missing_data: str | None = None
    acknowledge: Mapping[str, str] | None = None


@attrs.frozen(kw_only=True)
class Direction:
    """The steps that add, or those that take away.

    Attributes:
        id: The end of the policy's id.
        comparison: How the alarm compares.
        threshold: What it compares with: the mildest step.
        adjustments: The steps, from there on.
    """

    id: str
    comparison: str
    threshold: float
    adjustments: tuple[StepAdjustment, ...]

    def configuration(self, how: Stepping, cooldown: float | None) -> StepScalingConfiguration:
        """What the policy does."""
        return StepScalingConfiguration(
            adjustment_type=how.adjustment_type,
            cooldown=cooldown,  # type: ignore[arg-type]  # a fraction is for the rules to find
            metric_aggregation_type=how.metric_aggregation_type,
            min_adjustment_magnitude=how.min_adjustment_magnitude,
            step_adjustments=self.adjustments,
        )


def violation_of(steps: Any, adjustment_type: AdjustmentType) -> Violation | None:  # noqa: ANN401
    """What is wrong with steps, if anything is."""
    path = ("step_scaling_policy_configuration", "step_adjustments")
    if adjustment_type == AdjustmentType.EXACT_CAPACITY:
        return Violation(
            path=path,
            got=adjustment_type.value,
            must="be ChangeInCapacity or PercentChangeInCapacity",
            fix="Say how much more or less, or make a policy by hand.",
        )
    if not is_mapping(steps) or not steps or not all(map(_is_step, steps.items())):
        return Violation(
            path=path,
            got=steps,
            must="be for each value of the metric a whole number to change the capacity by, not 0",
            fix="Write for example {10: -1, 50: +1, 80: +3}.",
        )
    down = [value for value, change in steps.items() if change < 0]
    up = [value for value, change in steps.items() if change > 0]
    if down and up and max(down) >= min(up):
        return Violation(
            path=path,
            got=dict(steps),
            must="be values that take away below all values that add",
            fix="Move them apart: both alarms would be on at once.",
        )
    return None


def _is_step(step: tuple[Any, Any]) -> bool:
    value, change = step
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and is_resolved(value) and is_integer(change) and change != 0


def directions_of(steps: Mapping[float, int]) -> Iterator[Direction]:
    """A policy for the steps that add and one for those that take away.

    From its value on, up or down, each step holds until the next one does.
    """
    up = sorted((value, change) for value, change in steps.items() if change > 0)
    down = sorted(((value, change) for value, change in steps.items() if change < 0), reverse=True)
    if up:
        first = up[0][0]
        yield Direction(
            id="Out", comparison=ABOVE, threshold=first, adjustments=tuple(_upwards(up, first))
        )
    if down:
        first = down[0][0]
        yield Direction(
            id="In", comparison=BELOW, threshold=first, adjustments=tuple(_downwards(down, first))
        )


def _upwards(steps: Sequence[tuple[float, int]], first: float) -> Iterator[StepAdjustment]:
    for index, (value, change) in enumerate(steps):
        further = steps[index + 1][0] - first if index + 1 < len(steps) else None
        yield StepAdjustment(
            metric_interval_lower_bound=value - first,
            metric_interval_upper_bound=further,
            scaling_adjustment=change,
        )


def _downwards(steps: Sequence[tuple[float, int]], first: float) -> Iterator[StepAdjustment]:
    for index, (value, change) in enumerate(steps):
        further = steps[index + 1][0] - first if index + 1 < len(steps) else None
        yield StepAdjustment(
            metric_interval_lower_bound=further,
            metric_interval_upper_bound=value - first,
            scaling_adjustment=change,
        )
