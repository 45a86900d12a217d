"""Rules of scaling to zero: where it is possible, and how to scale out from zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.rules.scaling import capacity_bounds, scaled_kind
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import PolicyType, ScalableDimension, StepScalingConfiguration
from cdk_epc.spec.unresolved import is_integer, items_of

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_ADD: Final = f"{_GUIDE}endpoint-auto-scaling-add-policy.html"
_ZERO: Final = f"{_GUIDE}endpoint-auto-scaling-zero-instances.html"
_ABOUT: Final = (ScalableTargetContext,)


def _is_zero(value: object) -> bool:
    return is_integer(value) and value == 0


@rule(
    id="scaling-to-zero-not-supported",
    title="Real-time instances and provisioned concurrency must not scale to zero",
    why="SageMaker refuses to remove the last instance or the last provisioned concurrency.",
    fix="Set the minimum capacity to 1.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ADD,
    about=_ABOUT,
)
def scaling_to_zero_not_supported(subject: ScalableTargetContext) -> Iterator[Violation]:
    dimension = subject.target.scalable_dimension
    is_concurrency = dimension == ScalableDimension.PROVISIONED_CONCURRENCY
    is_instances = dimension == ScalableDimension.INSTANCES
    is_real_time = is_instances and scaled_kind(subject) is EndpointKind.REAL_TIME
    if not is_concurrency and not is_real_time:
        return
    kind = "provisioned concurrency" if is_concurrency else "a real-time endpoint"
    for path, minimum, _ in capacity_bounds(subject):
        if _is_zero(minimum):
            yield Violation(
                path=(*path, "min_capacity"),
                got=minimum,
                must=f"be 1 or more for {kind}",
                fix="Set `min_capacity` to 1; only asynchronous endpoints and inference components "
                "scale to 0.",
            )


def _scales_from_zero(subject: ScalableTargetContext) -> bool:
    """Return whether a policy may scale out from zero, which only step scaling does."""
    for policy in subject.policies or ():
        steps = policy.step_scaling_policy_configuration
        if policy.policy_type == PolicyType.STEP and isinstance(steps, StepScalingConfiguration):
            changes = [each.scaling_adjustment for each in items_of(steps.step_adjustments)]
            if any(not is_integer(change) or change > 0 for change in changes):
                return True
    return False


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
    scaling_to_zero_without_step_policy,
)
