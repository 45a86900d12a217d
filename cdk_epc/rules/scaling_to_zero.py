"""Rules of scaling to zero: where it is possible, and how to scale out from zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.rules.scaling import capacity_bounds, scaled_kind
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import (
    PolicyType,
    ScalableDimension,
    ScalingPolicySpec,
    StepScalingConfiguration,
)
from cdk_epc.spec.unresolved import is_integer, is_unresolved, items_of

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_ADD: Final = f"{_GUIDE}endpoint-auto-scaling-add-policy.html"
_ZERO: Final = f"{_GUIDE}endpoint-auto-scaling-zero-instances.html"
_ABOUT: Final = (ScalableTargetContext,)


def _is_zero(value: object) -> bool:
    return is_integer(value) and value == 0


@rule(
    id="scaling-to-zero-not-supported",
    title="The instances of a real-time endpoint must not scale to zero",
    why="The developer guide requires at least 1, although the reference of Application Auto "
    "Scaling names variants among the resources whose minimum may be 0.",
    fix="Set the minimum capacity to 1.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ADD,
    about=_ABOUT,
)
def scaling_to_zero_not_supported(subject: ScalableTargetContext) -> Iterator[Violation]:
    is_instances = subject.target.scalable_dimension == ScalableDimension.INSTANCES
    if is_instances and scaled_kind(subject) is EndpointKind.REAL_TIME:
        yield from _minimums_of_zero(subject, "a real-time endpoint")


def _minimums_of_zero(subject: ScalableTargetContext, kind: str) -> Iterator[Violation]:
    for path, minimum, _ in capacity_bounds(subject):
        if _is_zero(minimum):
            yield Violation(
                path=(*path, "min_capacity"),
                got=minimum,
                must=f"be 1 or more for {kind}",
                fix="Set `min_capacity` to 1; only asynchronous endpoints and inference components "
                "scale to 0.",
            )


@rule(
    id="scaling-provisioned-to-zero",
    title="Provisioned concurrency should not scale to zero",
    why="The developer guide requires a minimum of 1; the reference of Application Auto Scaling "
    "allows 0, and no refusal is known.",
    fix="Set the minimum capacity to 1.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}serverless-endpoints-autoscale.html",
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_provisioned_to_zero(subject: ScalableTargetContext) -> Iterator[Violation]:
    if subject.target.scalable_dimension == ScalableDimension.PROVISIONED_CONCURRENCY:
        yield from _minimums_of_zero(subject, "provisioned concurrency")


@rule(
    id="scaling-maximum-zero",
    title="The maximum capacity should be 1 or more",
    why="A target with a maximum of 0 never has capacity, and no policy can change that.",
    fix="Set the maximum capacity to 1 or more.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}serverless-endpoints-autoscale.html",
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_maximum_zero(subject: ScalableTargetContext) -> Iterator[Violation]:
    actions = list(capacity_bounds(subject))[1:]
    minimum = subject.target.min_capacity
    if is_integer(minimum) and minimum > 0:
        return  # `scaling-bounds-reversed` reports the two bounds
    if _is_zero(subject.target.max_capacity) and all(
        maximum is None or _is_zero(maximum) for _, _, maximum in actions
    ):
        yield Violation(
            path=("max_capacity",),
            got=0,
            must="be 1 or more because no policy exceeds it and no scheduled action raises it",
            fix="Set `max_capacity` to 1 or more.",
        )


def _scales_from_zero(subject: ScalableTargetContext) -> bool:
    """Return whether a policy may scale out from zero, which only step scaling does."""
    return any(map(_may_add_capacity, subject.policies or ()))


def _may_add_capacity(policy: ScalingPolicySpec) -> bool:
    """Return whether a policy has, or may have, a step that adds capacity."""
    steps = policy.step_scaling_policy_configuration
    if is_unresolved(policy.policy_type) or is_unresolved(steps):
        return True
    if policy.policy_type != PolicyType.STEP or not isinstance(steps, StepScalingConfiguration):
        return False
    adjustments = steps.step_adjustments
    changes = [getattr(each, "scaling_adjustment", each) for each in items_of(adjustments)]
    return is_unresolved(adjustments) or any(
        not is_integer(change) or change > 0 for change in changes
    )


@rule(
    id="scaling-to-zero-without-step-policy",
    title="A target that scales to zero should have a step scaling policy that scales out from it",
    why="Target tracking scales out from zero late or never: requests wait in the queue, and "
    "requests for an inference component fail.",
    fix="Add a step scaling policy with an alarm on waiting or failed requests.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ZERO,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_to_zero_without_step_policy(subject: ScalableTargetContext) -> Iterator[Violation]:
    kind = scaled_kind(subject)
    may_be_zero = kind in (EndpointKind.ASYNCHRONOUS, EndpointKind.INFERENCE_COMPONENTS)
    if subject.policies is None or not may_be_zero or _scales_from_zero(subject):
        return
    if kind is EndpointKind.ASYNCHRONOUS:
        metric = "HasBacklogWithoutCapacity"
        consequence = "requests wait until the backlog exceeds the target of a policy"
    elif subject.target.scalable_dimension == ScalableDimension.INSTANCES:
        return  # SageMaker's managed instance scaling adds the instances of components
    else:
        metric, consequence = "NoCapacityInvocationFailures", "requests fail"
    for path, minimum, maximum in capacity_bounds(subject):
        if _is_zero(minimum) and not _is_zero(maximum):
            policy = f"a step scaling policy with an alarm on {metric}"
            yield Violation(
                path=(*path, "min_capacity"),
                got=minimum,
                must="be 1 or more because no step scaling policy scales out from 0, and "
                f"{consequence}",
                fix=f"Add {policy}.",
                python_fix=f"Leave scaling from zero switched on, or add {policy}.",
            )


RULES: Final = (
    scaling_to_zero_not_supported,
    scaling_provisioned_to_zero,
    scaling_maximum_zero,
    scaling_to_zero_without_step_policy,
)
