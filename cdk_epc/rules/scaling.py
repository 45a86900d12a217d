"""Rules of scalable targets: what scales, and between which capacities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.managed_scaling import scaled
from cdk_epc.rules.rule import Evidence, Fault, Rule, Severity, Words
from cdk_epc.spec import (
    ComponentRuntimeConfig,
    Hosting,
    Path,
    ProductionVariant,
    ServerlessConfig,
    hosting_of,
)
from cdk_epc.spec.in_place import ScalingInPlace
from cdk_epc.spec.scaling import (
    PolicyType,
    ScalableDimension,
    ScalableTargetAction,
    ScheduledAction,
    StepScalingConfiguration,
)
from cdk_epc.spec.unknown import is_given, is_whole, items_of

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/"
_REGISTER: Final = f"{_AUTO_SCALING}APIReference/API_RegisterScalableTarget.html"
_ADD: Final = f"{_GUIDE}endpoint-auto-scaling-add-policy.html"
_SERVERLESS: Final = f"{_GUIDE}serverless-endpoints-autoscale.html"
_ZERO: Final = f"{_GUIDE}endpoint-auto-scaling-zero-instances.html"
_CRON: Final = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s.*\)")


def hosting(subject: ScalingInPlace) -> Hosting | None:
    """The kind of endpoint that is scaled; ``None`` where that is not known."""
    if subject.target.scalable_dimension == ScalableDimension.COPIES:
        return Hosting.INFERENCE_COMPONENTS
    return hosting_of(subject.config.config) if subject.config else None


def variant_of(subject: ScalingInPlace) -> ProductionVariant | None:
    """The variant that is scaled, if it is in sight."""
    if subject.config is None or subject.variant is None:
        return None
    return dict(subject.config.config.variants()).get(subject.variant)


def capacities(subject: ScalingInPlace) -> Iterator[tuple[Path, Any, Any]]:
    """Each pair of bounds, least and greatest, that is ever set, with its place."""
    yield (), subject.target.min_capacity, subject.target.max_capacity
    for index, action in enumerate(items_of(subject.target.scheduled_actions)):
        bounds = getattr(action, "scalable_target_action", None)
        if isinstance(bounds, ScalableTargetAction):
            place = ("scheduled_actions", index, "scalable_target_action")
            yield place, bounds.min_capacity, bounds.max_capacity


def _is_zero(value: object) -> bool:
    return is_whole(value) and value == 0


def _bounds(subject: ScalingInPlace) -> Iterator[Fault]:
    for place, low, high in capacities(subject):
        if is_whole(low) and is_whole(high) and low > high:
            yield Fault(
                path=(*place, "min_capacity"),
                got=low,
                allowed=f"{high} or less, the greatest capacity",
                fix="Lower it, or raise the greatest capacity.",
            )


def _zero(subject: ScalingInPlace) -> Iterator[Fault]:
    dimension = subject.target.scalable_dimension
    is_warm = dimension == ScalableDimension.PROVISIONED_CONCURRENCY
    is_instances = dimension == ScalableDimension.INSTANCES
    if not is_warm and not (is_instances and hosting(subject) is Hosting.REAL_TIME):
        return
    kind = "provisioned concurrency" if is_warm else "a real-time endpoint"
    for place, low, _ in capacities(subject):
        if _is_zero(low):
            yield Fault(
                path=(*place, "min_capacity"),
                got=low,
                allowed=f"1 or more for {kind}",
                fix="Raise it to 1; only asynchronous endpoints and inference components come "
                "down to 0.",
            )


def _dimension(subject: ScalingInPlace) -> Iterator[Fault]:
    variant, dimension = variant_of(subject), subject.target.scalable_dimension
    if variant is None or not is_given(dimension):
        return
    is_serverless = isinstance(variant.serverless_config, ServerlessConfig)
    if dimension == ScalableDimension.INSTANCES and is_serverless:
        fits, has = ScalableDimension.PROVISIONED_CONCURRENCY, "serverless"
    elif dimension == ScalableDimension.PROVISIONED_CONCURRENCY and (
        variant.serverless_config is None
    ):
        fits, has = ScalableDimension.INSTANCES, "on instances"
    else:
        return
    yield Fault(
        path=("scalable_dimension",),
        got=dimension,
        allowed=f"{fits.value}, for the variant is {has}",
        fix=f"Take {fits.value}.",
    )


def _serverless(subject: ScalingInPlace) -> Iterator[ServerlessConfig]:
    variant = variant_of(subject)
    config = variant.serverless_config if variant else None
    dimension = subject.target.scalable_dimension
    if isinstance(config, ServerlessConfig) and (
        dimension == ScalableDimension.PROVISIONED_CONCURRENCY
    ):
        yield config


def _provisioned(subject: ScalingInPlace) -> Iterator[Fault]:
    for config in _serverless(subject):
        if config.provisioned_concurrency is None:
            yield Fault(
                path=("scalable_dimension",),
                got=Words("a serverless variant without provisioned concurrency"),
                allowed="one that has some to begin with",
                fix="Give the variant provisioned concurrency, 1 or more.",
            )


def _concurrency(subject: ScalingInPlace) -> Iterator[Fault]:
    for config in _serverless(subject):
        most = config.max_concurrency
        for place, _, high in capacities(subject):
            if is_whole(most) and is_whole(high) and high > most:
                yield Fault(
                    path=(*place, "max_capacity"),
                    got=high,
                    allowed=f"{most} or less, the variant's greatest concurrency",
                    fix="Lower it, or raise the variant's max_concurrency.",
                )


def _managed(subject: ScalingInPlace) -> Iterator[Fault]:
    if subject.config is None or subject.target.scalable_dimension != ScalableDimension.INSTANCES:
        return
    for path, _, managed in scaled(subject.config.config):
        if path[:-1] == subject.variant and managed.status == "ENABLED":
            yield Fault(
                path=("scalable_dimension",),
                got=Words("a variant with managed instance scaling"),
                allowed="one that nothing else scales",
                fix="Scale the copies of its inference components, or take the managed scaling "
                "out.",
            )


def _shadow(subject: ScalingInPlace) -> Iterator[Fault]:
    if subject.variant is not None and subject.variant[0] == "shadow_production_variants":
        yield Fault(
            path=("resource_id",),
            got=Words("a shadow variant"),
            allowed="a production variant",
            fix="Give the shadow variant as many instances as it needs for its share.",
        )


def _initial_of(subject: ScalingInPlace) -> tuple[str, object]:
    variant, component = variant_of(subject), subject.component
    if component is not None and isinstance(component.runtime_config, ComponentRuntimeConfig):
        return "copies", component.runtime_config.copy_count
    if variant is None:
        return "", None
    if isinstance(variant.serverless_config, ServerlessConfig):
        return "provisioned concurrency", variant.serverless_config.provisioned_concurrency
    return "instances", variant.initial_instance_count


def _initial(subject: ScalingInPlace) -> Iterator[Fault]:
    what, count = _initial_of(subject)
    low, high = subject.target.min_capacity, subject.target.max_capacity
    if not is_whole(count) or (is_whole(low) and is_whole(high) and low > high):
        return
    for member, bound, is_within, word in (
        ("min_capacity", low, is_whole(low) and count >= low, "less"),
        ("max_capacity", high, is_whole(high) and count <= high, "more"),
    ):
        # Too few copies are the component's, see `component-copies-scaled`.
        is_said = what == "copies" and member == "min_capacity"
        if is_whole(bound) and not is_within and not is_said:
            yield Fault(
                path=(member,),
                got=bound,
                allowed=f"{count} or {word}, for it begins with {count} {what}",
                fix="Begin within the bounds, or widen them.",
            )


def _wakes(subject: ScalingInPlace) -> bool:
    """Whether some policy adds to nothing: only step scaling can."""
    for policy in subject.policies or ():
        steps = policy.step_scaling_policy_configuration
        if policy.policy_type == PolicyType.STEP and isinstance(steps, StepScalingConfiguration):
            changes = [each.scaling_adjustment for each in items_of(steps.step_adjustments)]
            if any(not is_whole(change) or change > 0 for change in changes):
                return True
    return False


def _asleep(subject: ScalingInPlace) -> Iterator[Fault]:
    kind = hosting(subject)
    comes_down = kind in (Hosting.ASYNCHRONOUS, Hosting.INFERENCE_COMPONENTS)
    if subject.policies is None or not comes_down or _wakes(subject):
        return
    is_variant = subject.target.scalable_dimension == ScalableDimension.INSTANCES
    if kind is Hosting.INFERENCE_COMPONENTS and is_variant:
        return  # the instances under components: SageMaker's managed scaling brings them back
    waits = (
        "requests fail until somebody raises it"
        if kind is Hosting.INFERENCE_COMPONENTS
        else "requests wait until there are more of them than a policy's target"
    )
    for place, low, high in capacities(subject):
        if _is_zero(low) and not _is_zero(high):
            yield Fault(
                path=(*place, "min_capacity"),
                got=low,
                allowed=f"1 or more without a step policy that leaves 0: {waits}",
                fix="Leave the wake-up in, or add a step policy with an alarm on "
                "HasBacklogWithoutCapacity or NoCapacityInvocationFailures.",
            )


def _idle(subject: ScalingInPlace) -> Iterator[Fault]:
    target = subject.target
    # From a number to the same number holds a variant at it, which is a purpose, too.
    is_held = target.min_capacity is not None and target.min_capacity == target.max_capacity
    if subject.policies == () and not target.scheduled_actions and not is_held:
        yield Fault(
            path=(),
            got=Words("neither a policy nor a schedule"),
            allowed="something to scale by",
            fix="Add a policy, for example on invocations; or leave the capacity as it is.",
        )


def _each_minute(subject: ScalingInPlace) -> Iterator[Fault]:
    for index, action in enumerate(items_of(subject.target.scheduled_actions)):
        when = action.schedule if isinstance(action, ScheduledAction) else None
        match = _CRON.fullmatch(when) if isinstance(when, str) and is_given(when) else None
        if match and match[1] == "*" and match[2] != "*":
            yield Fault(
                path=("scheduled_actions", index, "schedule"),
                got=when,
                allowed="a minute, for * is each minute of the hour",
                fix="Give minute 0; Cron(hour=…) does so by itself.",
            )


def _awaited(subject: ScalingInPlace) -> Iterator[Fault]:
    if not subject.is_created_after:
        yield Fault(
            path=("resource_id",),
            got=subject.target.resource_id,
            allowed="a reference to what is scaled, so that it is there first",
            fix="Build the id with Fn::GetAtt or Ref, or add DependsOn.",
        )


_ABOUT: Final = (ScalingInPlace,)
RULES: Final = (
    Rule(
        id="scaling-bounds",
        title="The least capacity is no greater than the greatest",
        why="Application Auto Scaling refuses such a target.",
        mend="Swap the two, or move one.",
        evidence=Evidence.DOCUMENTED,
        source_url=_REGISTER,
        about=_ABOUT,
        check=_bounds,
    ),
    Rule(
        id="scaled-to-zero",
        title="Real-time endpoints and provisioned concurrency keep 1 or more",
        why="SageMaker refuses to take the last instance, or the last of the concurrency, away.",
        mend="Raise the least capacity to 1.",
        evidence=Evidence.DOCUMENTED,
        source_url=_ADD,
        about=_ABOUT,
        check=_zero,
    ),
    Rule(
        id="scaling-dimension",
        title="Instances are scaled on instances, and concurrency on serverless variants",
        why="The variant has nothing of the other kind to scale.",
        mend="Take the dimension that fits the variant.",
        evidence=Evidence.DOCUMENTED,
        source_url=_SERVERLESS,
        about=_ABOUT,
        check=_dimension,
    ),
    Rule(
        id="serverless-scaling-provisioned",
        title="A serverless variant that is scaled has provisioned concurrency to begin with",
        why="Without it there is nothing that Application Auto Scaling could change.",
        mend="Give the variant provisioned concurrency.",
        evidence=Evidence.DOCUMENTED,
        source_url=_SERVERLESS,
        about=_ABOUT,
        check=_provisioned,
    ),
    Rule(
        id="serverless-scaling-concurrency",
        title="Provisioned concurrency is not scaled beyond the greatest concurrency",
        why="SageMaker takes no more of it than the variant may serve at a time.",
        mend="Lower the greatest capacity, or raise the variant's greatest concurrency.",
        evidence=Evidence.DOCUMENTED,
        source_url=_SERVERLESS,
        about=_ABOUT,
        check=_concurrency,
    ),
    Rule(
        id="managed-variant-scaled",
        title="A variant with managed instance scaling is scaled by nothing else",
        why="SageMaker fits the instances to the copies of the components; two scalers would undo "
        "each other's work.",
        mend="Scale the copies of the inference components.",
        evidence=Evidence.INFERRED,
        source_url=_ZERO,
        about=_ABOUT,
        check=_managed,
        severity=Severity.WARNING,
    ),
    Rule(
        id="shadow-variant-scaled",
        title="What is scaled is a production variant",
        why="The guide speaks of production variants only; nobody has been seen to scale a shadow "
        "variant.",
        mend="Size the shadow variant for its share of the requests.",
        evidence=Evidence.INFERRED,
        source_url=f"{_GUIDE}endpoint-auto-scaling-prerequisites.html",
        about=_ABOUT,
        check=_shadow,
        severity=Severity.WARNING,
    ),
    Rule(
        id="initial-outside-scaling",
        title="What is scaled begins within the bounds of the scaling",
        why="The first thing to happen would be that the capacity is changed.",
        mend="Begin within the bounds, or widen them.",
        evidence=Evidence.INFERRED,
        source_url=_REGISTER,
        about=_ABOUT,
        check=_initial,
        severity=Severity.WARNING,
    ),
    Rule(
        id="zero-without-wake-up",
        title="What comes down to zero has a way out of it",
        why="A policy that tracks a target adds to what there is; from nothing it starts late, or "
        "never.",
        mend="Add a step policy that an alarm on waiting or failed requests sets off.",
        evidence=Evidence.DOCUMENTED,
        source_url=_ZERO,
        about=_ABOUT,
        check=_asleep,
        severity=Severity.WARNING,
    ),
    Rule(
        id="scaling-by-nothing",
        title="A scalable target has a policy or a schedule",
        why="Bounds alone scale nothing.",
        mend="Add a policy.",
        evidence=Evidence.DOCUMENTED,
        source_url=_ADD,
        about=_ABOUT,
        check=_idle,
        severity=Severity.WARNING,
    ),
    Rule(
        id="schedule-each-minute",
        title="A schedule with an hour has a minute",
        why="The action is carried out in each minute of that hour, and undoes what others set in "
        "between. CDK's Schedule.cron leaves * where no minute is given.",
        mend="Give the minute.",
        evidence=Evidence.DOCUMENTED,
        source_url=f"{_AUTO_SCALING}userguide/scheduled-scaling-using-cron-expressions.html",
        about=_ABOUT,
        check=_each_minute,
        severity=Severity.WARNING,
    ),
    Rule(
        id="scaling-not-awaited",
        title="A scalable target waits for what it scales",
        why="CloudFormation makes both at once where nothing refers to the endpoint or the "
        "component, and then there is nothing to register.",
        mend="Refer to it in the ResourceId, or add DependsOn.",
        evidence=Evidence.INFERRED,
        source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
        "aws-resource-applicationautoscaling-scalabletarget.html",
        about=_ABOUT,
        check=_awaited,
        severity=Severity.WARNING,
        of_templates=True,
    ),
)
