"""Rules of scalable targets: the scaled resource, the bounds, policies and schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules._metric_lookup import variant_names
from cdk_epc.rules.managed_scaling import managed_scalings
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ComponentRuntimeConfig,
    EndpointKind,
    Path,
    ProductionVariant,
    ServerlessConfig,
    endpoint_kind_of,
)
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetAction, ScheduledAction
from cdk_epc.spec.unresolved import is_integer, is_string, is_unresolved, items_of

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/"
_REGISTER: Final = f"{_AUTO_SCALING}APIReference/API_RegisterScalableTarget.html"
_ADD: Final = f"{_GUIDE}endpoint-auto-scaling-add-policy.html"
_ZERO: Final = f"{_GUIDE}endpoint-auto-scaling-zero-instances.html"
_CRON: Final = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s.*\)")
_ABOUT: Final = (ScalableTargetContext,)


def scaled_kind(subject: ScalableTargetContext) -> EndpointKind | None:
    """Return the kind of the scaled endpoint; ``None`` where it is unknown."""
    if subject.target.scalable_dimension == ScalableDimension.COPIES:
        return EndpointKind.INFERENCE_COMPONENTS
    return endpoint_kind_of(subject.config.config) if subject.config else None


def scaled_variant(subject: ScalableTargetContext) -> ProductionVariant | None:
    """Return the scaled variant; ``None`` where its configuration is unknown."""
    if subject.config is None or subject.variant is None:
        return None
    return dict(subject.config.config.variants()).get(subject.variant)


def capacity_bounds(subject: ScalableTargetContext) -> Iterator[tuple[Path, Any, Any]]:
    """Yield the bounds of the target and of its scheduled actions: path, minimum and maximum."""
    yield (), subject.target.min_capacity, subject.target.max_capacity
    for index, action in enumerate(items_of(subject.target.scheduled_actions)):
        bounds = getattr(action, "scalable_target_action", None)
        if isinstance(bounds, ScalableTargetAction):
            path = ("scheduled_actions", index, "scalable_target_action")
            yield path, bounds.min_capacity, bounds.max_capacity


@rule(
    id="scaling-bounds-reversed",
    title="The minimum capacity must not exceed the maximum capacity",
    why="Application Auto Scaling refuses the scalable target.",
    fix="Lower the minimum capacity, or raise the maximum capacity.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTER,
    about=_ABOUT,
)
def scaling_bounds_reversed(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, minimum, maximum in capacity_bounds(subject):
        if is_integer(minimum) and is_integer(maximum) and minimum > maximum:
            yield Violation(
                path=(*path, "min_capacity"),
                got=minimum,
                must=f"not exceed `max_capacity` ({maximum})",
                fix="Lower `min_capacity`, or raise `max_capacity`.",
            )


@rule(
    id="scaling-managed-variant",
    title="A variant with managed instance scaling should have no scalable target",
    why="SageMaker already fits the instances to the copies of the inference components; the two "
    "scalers undo each other's changes.",
    fix="Scale the copies of the inference components.",
    evidence=Evidence.INFERRED,
    source_url=_ZERO,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_managed_variant(subject: ScalableTargetContext) -> Iterator[Violation]:
    if subject.config is None or subject.target.scalable_dimension != ScalableDimension.INSTANCES:
        return
    for path, _, managed in managed_scalings(subject.config.config):
        if path[:-1] == subject.variant and managed.status == "ENABLED":
            yield Violation(
                path=("scalable_dimension",),
                got=Words("a variant with managed instance scaling"),
                sentence="the scalable target is on a variant that already has managed instance "
                "scaling",
                fix="Scale the copies of its inference components, or remove "
                "`managed_instance_scaling` from the variant.",
            )


@rule(
    id="scaling-shadow-variant",
    title="A scalable target should be on a production variant",
    why="AWS documents auto scaling for production variants only.",
    fix="Give the shadow variant enough instances for its share of the requests.",
    evidence=Evidence.INFERRED,
    source_url=f"{_GUIDE}endpoint-auto-scaling-prerequisites.html",
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_shadow_variant(subject: ScalableTargetContext) -> Iterator[Violation]:
    if subject.variant is not None and subject.variant[0] == "shadow_production_variants":
        yield Violation(
            path=("resource_id",),
            got=Words("a shadow variant"),
            sentence="the scalable target is on a shadow variant; must be on a production variant",
            fix="Remove the scalable target, and give the shadow variant enough instances for its "
            "share of the requests.",
        )


@rule(
    id="scaling-variant-unknown",
    title="A scalable target should be on an existing variant of the endpoint",
    why="Application Auto Scaling does not find the variant. AllTraffic is only the default "
    "variant name of the AWS SDK and does not mean all variants.",
    fix="Name a variant of the configuration; each variant needs a scalable target of its own.",
    evidence=Evidence.INFERRED,
    source_url=_REGISTER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_variant_unknown(subject: ScalableTargetContext) -> Iterator[Violation]:
    names = variant_names(subject.config) if subject.config else None
    if names and subject.variant is None and not _has_unknown_variant(subject):
        yield Violation(
            path=("resource_id",),
            got=Words("a variant that the endpoint does not have"),
            sentence="`resource_id` names a variant that the endpoint does not have; must name a "
            f"variant of the endpoint: {', '.join(sorted(names))}",
            fix="Name one of these variants; each one needs a scalable target of its own.",
        )


def _has_unknown_variant(subject: ScalableTargetContext) -> bool:
    """Return whether only the deployment knows the variant of a target."""
    text = "".join("\0" if part is None else part for part in subject.resource_id_parts)
    return "\0" in text.rpartition("/variant/")[2]


def _initial_capacity(subject: ScalableTargetContext) -> tuple[str, object]:
    """Return the name and the value of the capacity with which the scaled resource starts."""
    variant, component = scaled_variant(subject), subject.component
    if component is not None and isinstance(component.runtime_config, ComponentRuntimeConfig):
        return "copy count of the component", component.runtime_config.copy_count
    if variant is None:
        return "", None
    if isinstance(variant.serverless_config, ServerlessConfig):
        concurrency = variant.serverless_config.provisioned_concurrency
        return "provisioned concurrency of the variant", concurrency
    return "initial instance count of the variant", variant.initial_instance_count


@rule(
    id="scaling-initial-count-outside",
    title="The initial capacity should be within the bounds of the scaling",
    why="Application Auto Scaling changes the capacity as soon as the target is registered.",
    fix="Change the initial capacity or the bounds.",
    evidence=Evidence.INFERRED,
    source_url=_REGISTER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_initial_count_outside(subject: ScalableTargetContext) -> Iterator[Violation]:
    name, count = _initial_capacity(subject)
    minimum, maximum = subject.target.min_capacity, subject.target.max_capacity
    # A capacity below 1 has a finding of its own.
    if (
        not is_integer(count)
        or count < 1
        or (is_integer(minimum) and is_integer(maximum) and minimum > maximum)
    ):
        return
    # `component-copies-outside-scaling` reports a component with fewer copies than the minimum.
    if is_integer(minimum) and count < minimum and subject.component is None:
        yield Violation(
            path=("min_capacity",),
            got=minimum,
            must=f"not exceed the {name} ({count})",
            fix=f"Raise the {name}, or lower `min_capacity`.",
        )
    if is_integer(maximum) and count > maximum:
        yield Violation(
            path=("max_capacity",),
            got=maximum,
            must=f"not be less than the {name} ({count})",
            fix=f"Lower the {name}, or raise `max_capacity`.",
        )


@rule(
    id="scaling-policy-missing",
    title="A scalable target should have a scaling policy or a scheduled action",
    why="Without either, the capacity never changes.",
    fix="Add a scaling policy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ADD,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_policy_missing(subject: ScalableTargetContext) -> Iterator[Violation]:
    target = subject.target
    # Equal bounds are a purpose of their own: they hold the capacity at this number.
    low, high = target.min_capacity, target.max_capacity
    is_held = is_unresolved(low) or is_unresolved(high) or (low is not None and low == high)
    if subject.policies == () and not target.scheduled_actions and not is_held:
        yield Violation(
            path=(),
            got=Words("neither a policy nor a schedule"),
            sentence="the scalable target has neither a scaling policy nor a scheduled action",
            fix="Add a scaling policy, for example on invocations, or remove the scalable target.",
            python_fix="Add a scaling policy, for example with scale_on_invocations(...), or "
            "remove the call of auto_scale().",
        )


@rule(
    id="schedule-every-minute",
    title="A cron schedule with an hour should have a minute",
    why="With * as its minute, the action runs in each minute of the hour and undoes all changes "
    "in between. Schedule.cron of CDK uses * if no minute is given.",
    fix="Set the minute.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_AUTO_SCALING}userguide/scheduled-scaling-using-cron-expressions.html",
    about=_ABOUT,
    severity=Severity.WARNING,
)
def schedule_every_minute(subject: ScalableTargetContext) -> Iterator[Violation]:
    for index, action in enumerate(items_of(subject.target.scheduled_actions)):
        schedule = action.schedule if isinstance(action, ScheduledAction) else None
        match = _CRON.fullmatch(schedule) if is_string(schedule) else None
        if match and match[1] == "*" and match[2] != "*":
            yield Violation(
                path=("scheduled_actions", index, "schedule"),
                got=schedule,
                must="have a minute because * runs the action in each minute of the hour",
                fix="Set the minute to 0.",
                python_fix="Set minute='0', or use Cron(hour=...), whose minute is 0 by default.",
            )


@rule(
    id="scaling-resource-is-arn",
    title="A scalable target must name its resource by name, not by ARN",
    why="Ref of an endpoint or an inference component returns its ARN, and Application Auto "
    "Scaling finds no resource by an ARN.",
    fix="Use Fn::GetAtt [Endpoint, EndpointName] for an endpoint. For a component, extract the "
    "name from its ARN, or write the name.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTER,
    about=_ABOUT,
    requires=("resource_id_has_arn",),
    of_templates=True,
)
def scaling_resource_is_arn(subject: ScalableTargetContext) -> Iterator[Violation]:
    if not subject.resource_id_has_arn:
        return
    if subject.component is None:
        resource, fix = "an endpoint", "Use Fn::GetAtt with EndpointName instead of Ref."
    else:
        resource = "an inference component"
        fix = "Extract the name from the ARN with Fn::Select and Fn::Split, or write the name."
    yield Violation(
        path=("resource_id",),
        got=Words(f"the ARN of {resource}"),
        sentence=f"`resource_id` contains the ARN of {resource}; must contain its name",
        fix=fix,
    )


@rule(
    id="scaling-resource-not-awaited",
    title="A scalable target should be created after the resource that it scales",
    why="Without a reference or DependsOn, CloudFormation creates both at the same time, and "
    "Application Auto Scaling cannot register a resource that does not exist yet.",
    fix="Refer to the resource in ResourceId, or add DependsOn.",
    evidence=Evidence.INFERRED,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-applicationautoscaling-scalabletarget.html",
    about=_ABOUT,
    severity=Severity.WARNING,
    of_templates=True,
)
def scaling_resource_not_awaited(subject: ScalableTargetContext) -> Iterator[Violation]:
    if not subject.is_dependent:
        is_component = subject.target.scalable_dimension == ScalableDimension.COPIES
        resource = "component" if is_component else "endpoint"
        yield Violation(
            path=("resource_id",),
            got=subject.target.resource_id,
            must=f"refer to the {resource} so that CloudFormation creates the {resource} first",
            fix=f"Refer to the {resource} with Fn::GetAtt or Ref, or add DependsOn.",
        )


RULES: Final = (
    scaling_bounds_reversed,
    scaling_managed_variant,
    scaling_shadow_variant,
    scaling_variant_unknown,
    scaling_resource_is_arn,
    scaling_initial_count_outside,
    scaling_policy_missing,
    schedule_every_minute,
    scaling_resource_not_awaited,
)
