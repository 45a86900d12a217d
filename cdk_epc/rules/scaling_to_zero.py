"""Rules of scaling down to nothing: who may, and how they come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.rules.scaling import capacities, hosting
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import PolicyType, ScalableDimension, StepScalingConfiguration
from cdk_epc.spec.unresolved import is_integer, items_of

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/"
_ADD: Final = f"{_GUIDE}endpoint-auto-scaling-add-policy.html"
_ZERO: Final = f"{_GUIDE}endpoint-auto-scaling-zero-instances.html"


_ABOUT: Final = (ScalableTargetContext,)


def _is_zero(value: object) -> bool:
    return is_integer(value) and value == 0


@rule(
    id="scaling-to-zero-not-supported",
    title="Real-time endpoints and provisioned concurrency keep 1 or more",
    why="SageMaker refuses to take the last instance, or the last of the concurrency, away.",
    fix="Raise the least capacity to 1.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ADD,
    about=_ABOUT,
)
def scaling_to_zero_not_supported(subject: ScalableTargetContext) -> Iterator[Violation]:
    dimension = subject.target.scalable_dimension
    is_warm = dimension == ScalableDimension.PROVISIONED_CONCURRENCY
    is_instances = dimension == ScalableDimension.INSTANCES
    if not is_warm and not (is_instances and hosting(subject) is EndpointKind.REAL_TIME):
        return
    kind = "provisioned concurrency" if is_warm else "a real-time endpoint"
    for place, low, _ in capacities(subject):
        if _is_zero(low):
            yield Violation(
                path=(*place, "min_capacity"),
                got=low,
                must=f"be 1 or more for {kind}",
                fix="Raise it to 1; only asynchronous endpoints and inference components come "
                "down to 0.",
            )


def _wakes(subject: ScalableTargetContext) -> bool:
    """Whether some policy adds to nothing: only step scaling can."""
    for policy in subject.policies or ():
        steps = policy.step_scaling_policy_configuration
        if policy.policy_type == PolicyType.STEP and isinstance(steps, StepScalingConfiguration):
            changes = [each.scaling_adjustment for each in items_of(steps.step_adjustments)]
            if any(not is_integer(change) or change > 0 for change in changes):
                return True
    return False


@rule(
    id="scaling-to-zero-without-step-policy",
    title="What comes down to zero has a way out of it",
    why="A policy that tracks a target adds to what there is; from nothing it starts late, or "
    "never.",
    fix="Add a step policy that an alarm on waiting or failed requests sets off.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ZERO,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_to_zero_without_step_policy(subject: ScalableTargetContext) -> Iterator[Violation]:
    kind = hosting(subject)
    comes_down = kind in (EndpointKind.ASYNCHRONOUS, EndpointKind.INFERENCE_COMPONENTS)
    if subject.policies is None or not comes_down or _wakes(subject):
        return
    is_variant = subject.target.scalable_dimension == ScalableDimension.INSTANCES
    if kind is EndpointKind.INFERENCE_COMPONENTS and is_variant:
        return  # the instances under components: SageMaker's managed scaling brings them back
    waits = (
        "requests fail until somebody raises it"
        if kind is EndpointKind.INFERENCE_COMPONENTS
        else "requests wait until there are more of them than a policy's target"
    )
    for place, low, high in capacities(subject):
        if _is_zero(low) and not _is_zero(high):
            yield Violation(
                path=(*place, "min_capacity"),
                got=low,
                must=f"be 1 or more without a step policy that leaves 0: {waits}",
                fix="Leave the wake-up in, or add a step policy with an alarm on "
                "HasBacklogWithoutCapacity or NoCapacityInvocationFailures.",
            )


RULES: Final = (
    scaling_to_zero_not_supported,
    scaling_to_zero_without_step_policy,
)
