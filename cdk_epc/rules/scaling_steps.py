"""Rules of step scaling: the intervals of the steps and their adjustments."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import ScalingPolicyContext
from cdk_epc.spec.scaling import (
    AdjustmentType,
    PolicyType,
    StepAdjustment,
    StepScalingConfiguration,
)
from cdk_epc.spec.unresolved import is_integer, is_number, is_resolved, is_unresolved, items_of

_API: Final = "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
_STEPS: Final = f"{_API}API_StepAdjustment.html"
_CONFIGURATION: Final = f"{_API}API_StepScalingPolicyConfiguration.html"
_QUOTAS: Final = (
    "https://docs.aws.amazon.com/autoscaling/application/userguide/"
    "application-auto-scaling-quotas.html"
)
_ABOUT: Final = (ScalingPolicyContext,)
_BLOCK: Final[Path] = ("step_scaling_policy_configuration",)
_ADJUSTMENTS: Final[Path] = (*_BLOCK, "step_adjustments")
_LOWER: Final = "metric_interval_lower_bound"
_UPPER: Final = "metric_interval_upper_bound"
_USUAL_STEPS: Final = 20
"""Default quota of steps of one policy, which AWS raises on request."""


@attrs.frozen(eq=False, repr=False)
class _Step(Record):
    """Step with its bounds; an open bound is infinite.

    Attributes:
        path: Path of the step.
        lower: Lower bound, included.
        upper: Upper bound, not included.
        change: The adjustment.
    """

    path: Path
    lower: float
    upper: float
    change: Any


def _configuration(subject: ScalingPolicyContext) -> StepScalingConfiguration | None:
    given, type_ = subject.policy.step_scaling_policy_configuration, subject.policy.policy_type
    # `scaling-policy-type-mismatch` reports the configuration of another type.
    is_other = is_resolved(type_) and type_ != PolicyType.STEP
    return given if isinstance(given, StepScalingConfiguration) and not is_other else None


def _steps(config: StepScalingConfiguration) -> list[_Step] | None:
    """Return the steps; ``None`` where a bound or a step is unknown or no number."""
    if is_unresolved(config.step_adjustments):
        return None
    steps: list[_Step] = []
    for index, step in enumerate(items_of(config.step_adjustments)):
        if not isinstance(step, StepAdjustment):
            return None
        lower, upper = step.metric_interval_lower_bound, step.metric_interval_upper_bound
        if not all(bound is None or _is_finite(bound) for bound in (lower, upper)):
            return None
        steps.append(
            _Step(
                (*_ADJUSTMENTS, index),
                -math.inf if lower is None else lower,
                math.inf if upper is None else upper,
                step.scaling_adjustment,
            )
        )
    return steps


def _is_finite(bound: object) -> bool:
    """Return whether a value is a number that a float can hold."""
    return is_number(bound) and -sys.float_info.max <= bound <= sys.float_info.max


@rule(
    id="scaling-step-intervals-wrong",
    title="The intervals of the steps must be adjacent and open at their outer ends",
    why="Application Auto Scaling refuses steps with gaps or overlaps, and steps that do not "
    "cover each value above or below the threshold.",
    fix="Let each step begin where the one before ends, and leave out the outer bounds.",
    evidence=Evidence.REAL_ERROR,
    source_url=_STEPS,
    about=_ABOUT,
    requires=("step_scaling_policy_configuration",),
)
def scaling_step_intervals_wrong(subject: ScalingPolicyContext) -> Iterator[Violation]:
    config = _configuration(subject)
    steps = _steps(config) if config is not None else None
    if steps is None:
        return
    if not steps:
        yield Violation(
            path=_ADJUSTMENTS,
            required="because a step scaling policy has at least one step",
            fix="Add a step.",
        )
        return
    # The later checks only make sense where the earlier ones find nothing.
    found = [*_single(steps)] or [*_open_twice(steps)] or [*_between(steps)] or [*_ends(steps)]
    yield from found


def _single(steps: Sequence[_Step]) -> Iterator[Violation]:
    """Yield the violations in single steps."""
    for step in steps:
        if math.isinf(step.lower) and math.isinf(step.upper):
            yield Violation(
                path=(*step.path, _LOWER),
                required="because the step has no `metric_interval_upper_bound` either",
                fix="Set `metric_interval_lower_bound` to 0 for an alarm that is on above its "
                "threshold, or `metric_interval_upper_bound` to 0 for one that is on below it.",
            )
        elif step.upper <= step.lower:
            yield Violation(
                path=(*step.path, _UPPER),
                got=step.upper,
                must=f"be more than `metric_interval_lower_bound` ({step.lower:g})",
                fix="Correct the bounds of the step.",
            )


def _open_twice(steps: Sequence[_Step]) -> Iterator[Violation]:
    """Yield the second step that is open at the same end."""
    for name, values in (
        (_LOWER, [step.lower for step in steps]),
        (_UPPER, [step.upper for step in steps]),
    ):
        is_open = [index for index, value in enumerate(values) if math.isinf(value)]
        if len(is_open) > 1:
            yield Violation(
                path=(*_ADJUSTMENTS, is_open[1], name),
                required="because another step is already open at this end",
                fix=f"Leave out `{name}` in one step only.",
            )


def _between(steps: Sequence[_Step]) -> Iterator[Violation]:
    """Yield the gaps and overlaps between the steps."""
    ordered = sorted(steps, key=lambda step: (step.lower, step.upper))
    for below, above in pairwise(ordered):
        if above.lower != below.upper:
            word = "overlaps" if above.lower < below.upper else "leaves a gap above"
            yield Violation(
                path=(*above.path, _LOWER),
                got=above.lower,
                sentence=f"the step that begins at {above.lower:g} {word} the step that ends at "
                f"{below.upper:g}; must begin where that one ends",
                fix=f"Set `metric_interval_lower_bound` to {below.upper:g}.",
            )
            return


def _ends(steps: Sequence[_Step]) -> Iterator[Violation]:
    """Yield the outer ends that must be open."""
    lowest = min(steps, key=lambda step: step.lower)
    highest = max(steps, key=lambda step: step.upper)
    if -math.inf < lowest.lower < 0:
        yield _closed(lowest, _LOWER, lowest.lower, "below 0", "lowest")
    if 0 < highest.upper < math.inf:
        yield _closed(highest, _UPPER, highest.upper, "above 0", "highest")


def _closed(step: _Step, name: str, bound: float, where: str, which: str) -> Violation:
    return Violation(
        path=(*step.path, name),
        got=bound,
        not_allowed=f"for the {which} step because it is {where}, so that the step must be open",
        fix=f"Remove `{name}` of this step.",
    )


@rule(
    id="scaling-step-adjustment-wrong",
    title="The adjustments of the steps must fit the adjustment type",
    why="Application Auto Scaling refuses a policy without an adjustment type, a negative exact "
    "capacity, and a minimum magnitude of a change that is not in percent.",
    fix="Set the adjustment type that the numbers are meant for.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CONFIGURATION,
    about=_ABOUT,
    requires=("step_scaling_policy_configuration",),
)
def scaling_step_adjustment_wrong(subject: ScalingPolicyContext) -> Iterator[Violation]:
    config = _configuration(subject)
    if config is None:
        return
    type_ = config.adjustment_type
    if type_ is None:
        yield Violation(
            path=(*_BLOCK, "adjustment_type"),
            required="for step scaling",
            fix="Set `adjustment_type`, for example to ChangeInCapacity.",
        )
        return
    percent = AdjustmentType.PERCENT_CHANGE_IN_CAPACITY
    magnitude = config.min_adjustment_magnitude
    if is_resolved(type_) and is_integer(magnitude) and type_ != percent:
        yield Violation(
            path=(*_BLOCK, "min_adjustment_magnitude"),
            got=magnitude,
            not_allowed=f"because it is for {percent.value} only",
            fix=f"Remove `min_adjustment_magnitude`, or use {percent.value}.",
        )
    if type_ != AdjustmentType.EXACT_CAPACITY:
        return
    for index, step in enumerate(items_of(config.step_adjustments)):
        change = getattr(step, "scaling_adjustment", None)
        if is_integer(change) and change < 0:
            yield Violation(
                path=(*_ADJUSTMENTS, index, "scaling_adjustment"),
                got=change,
                must="be 0 or more because it is an exact capacity",
                fix="Give the capacity, or use ChangeInCapacity.",
            )


@rule(
    id="scaling-step-percent-too-low",
    title="A step should not remove more than 100 percent of the capacity",
    why="No capacity can fall by more than its whole; whether Application Auto Scaling accepts the "
    "value is not known.",
    fix="Use -100 or more.",
    evidence=Evidence.INFERRED,
    source_url=_STEPS,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_step_percent_too_low(subject: ScalingPolicyContext) -> Iterator[Violation]:
    config = _configuration(subject)
    if config is None or config.adjustment_type != AdjustmentType.PERCENT_CHANGE_IN_CAPACITY:
        return
    for index, step in enumerate(items_of(config.step_adjustments)):
        change = getattr(step, "scaling_adjustment", None)
        if is_integer(change) and change < -100:  # noqa: PLR2004 - percent
            yield Violation(
                path=(*_ADJUSTMENTS, index, "scaling_adjustment"),
                got=change,
                must="be -100 or more because it is a percentage of the capacity",
                fix="Use -100 to remove all capacity down to the minimum.",
            )


@rule(
    id="scaling-steps-too-many",
    title="A step scaling policy should have at most 20 steps",
    why="More steps need a higher quota, which AWS grants on request; without it, the deployment "
    "fails with: There can be at most 20 step adjustments per scaling policy.",
    fix="Combine steps, or acknowledge the warning if the quota of the account is higher.",
    evidence=Evidence.REAL_ERROR,
    source_url=_QUOTAS,
    about=_ABOUT,
    requires=("step_scaling_policy_configuration",),
    severity=Severity.WARNING,
)
def scaling_steps_too_many(subject: ScalingPolicyContext) -> Iterator[Violation]:
    config = _configuration(subject)
    if config is not None and (count := len(items_of(config.step_adjustments))) > _USUAL_STEPS:
        yield Violation(
            path=_ADJUSTMENTS,
            got=Words(f"{count} steps"),
            must=f"have at most {_USUAL_STEPS} steps without a higher quota",
            fix="Combine steps, or acknowledge the warning if the quota of the account is higher.",
        )


@rule(
    id="scaling-steps-decreasing",
    title="A step that is further from the threshold should change the capacity more",
    why="The further the metric is from its threshold, the more capacity is missing or idle.",
    fix="Exchange the adjustments of the steps.",
    evidence=Evidence.INFERRED,
    source_url=_STEPS,
    about=_ABOUT,
    requires=("step_scaling_policy_configuration",),
    severity=Severity.WARNING,
)
def scaling_steps_decreasing(subject: ScalingPolicyContext) -> Iterator[Violation]:
    config = _configuration(subject)
    steps = _steps(config) if config is not None else None
    if not steps or config is None or config.adjustment_type == AdjustmentType.EXACT_CAPACITY:
        return
    changes = [step.change for step in steps]
    if not all(map(is_integer, changes)) or not (min(changes) > 0 or max(changes) < 0):
        return
    if all(step.lower >= 0 for step in steps):
        outwards = sorted(steps, key=lambda step: step.lower)
    elif all(step.upper <= 0 for step in steps):
        outwards = sorted(steps, key=lambda step: -step.upper)
    else:
        return
    for near, far in pairwise(outwards):
        if abs(far.change) < abs(near.change):
            yield Violation(
                path=(*far.path, "scaling_adjustment"),
                got=far.change,
                sentence=f"the step with adjustment {far.change:+} is further from the threshold "
                f"than the one with {near.change:+}, and changes the capacity less",
                fix="Exchange the adjustments of the steps.",
            )


RULES: Final = (
    scaling_step_intervals_wrong,
    scaling_step_adjustment_wrong,
    scaling_step_percent_too_low,
    scaling_steps_too_many,
    scaling_steps_decreasing,
)
