"""Rules of scalable targets: what scales, and between which capacities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules._metric_lookup import variant_names
from cdk_epc.rules.managed_scaling import scaled
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
from cdk_epc.spec.unresolved import (
    is_text,
    is_unresolved,
    is_whole,
    items_of,
)

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/"
_REGISTER: Final = f"{_AUTO_SCALING}APIReference/API_RegisterScalableTarget.html"
_ADD: Final = f"{_GUIDE}endpoint-auto-scaling-add-policy.html"
_ZERO: Final = f"{_GUIDE}endpoint-auto-scaling-zero-instances.html"
_CRON: Final = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s.*\)")


_ABOUT: Final = (ScalableTargetContext,)


def hosting(subject: ScalableTargetContext) -> EndpointKind | None:
    """The kind of endpoint that is scaled; ``None`` where that is not known."""
    if subject.target.scalable_dimension == ScalableDimension.COPIES:
        return EndpointKind.INFERENCE_COMPONENTS
    return endpoint_kind_of(subject.config.config) if subject.config else None


def variant_of(subject: ScalableTargetContext) -> ProductionVariant | None:
    """The variant that is scaled, if it is in sight."""
    if subject.config is None or subject.variant is None:
        return None
    return dict(subject.config.config.variants()).get(subject.variant)


def capacities(subject: ScalableTargetContext) -> Iterator[tuple[Path, Any, Any]]:
    """Each pair of bounds, least and greatest, that is ever set, with its place."""
    yield (), subject.target.min_capacity, subject.target.max_capacity
    for index, action in enumerate(items_of(subject.target.scheduled_actions)):
        bounds = getattr(action, "scalable_target_action", None)
        if isinstance(bounds, ScalableTargetAction):
            place = ("scheduled_actions", index, "scalable_target_action")
            yield place, bounds.min_capacity, bounds.max_capacity


@rule(
    id="scaling-bounds-reversed",
    title="The least capacity is no greater than the greatest",
    why="Application Auto Scaling refuses such a target.",
    fix="Swap the two, or move one.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTER,
    about=_ABOUT,
)
def scaling_bounds_reversed(subject: ScalableTargetContext) -> Iterator[Violation]:
    for place, low, high in capacities(subject):
        if is_whole(low) and is_whole(high) and low > high:
            yield Violation(
                path=(*place, "min_capacity"),
                got=low,
                must=f"be {high} or less, the greatest capacity",
                fix="Lower it, or raise the greatest capacity.",
            )


@rule(
    id="scaling-managed-variant",
    title="A variant with managed instance scaling is scaled by nothing else",
    why="SageMaker fits the instances to the copies of the components; two scalers would undo "
    "each other's work.",
    fix="Scale the copies of the inference components.",
    evidence=Evidence.INFERRED,
    source_url=_ZERO,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_managed_variant(subject: ScalableTargetContext) -> Iterator[Violation]:
    if subject.config is None or subject.target.scalable_dimension != ScalableDimension.INSTANCES:
        return
    for path, _, managed in scaled(subject.config.config):
        if path[:-1] == subject.variant and managed.status == "ENABLED":
            yield Violation(
                path=("scalable_dimension",),
                got=Words("a variant with managed instance scaling"),
                must="be one that nothing else scales",
                fix="Scale the copies of its inference components, or take the managed scaling "
                "out.",
            )


@rule(
    id="scaling-shadow-variant",
    title="What is scaled is a production variant",
    why="The guide speaks of production variants only; nobody has been seen to scale a shadow "
    "variant.",
    fix="Size the shadow variant for its share of the requests.",
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
            must="be a production variant",
            fix="Give the shadow variant as many instances as it needs for its share.",
        )


@rule(
    id="scaling-variant-unknown",
    title="What is scaled is a variant that the endpoint has",
    why="Application Auto Scaling asks the endpoint for the variant, and finds none. "
    "AllTraffic is no more than the name that AWS's SDK gives to a variant.",
    fix="Name a variant of the configuration, and make a target for each.",
    evidence=Evidence.INFERRED,
    source_url=_REGISTER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_variant_unknown(subject: ScalableTargetContext) -> Iterator[Violation]:
    names = variant_names(subject.config) if subject.config else None
    if names and subject.variant is None:
        yield Violation(
            path=("resource_id",),
            got=Words("a variant that the endpoint does not have"),
            must=f"be a variant of the endpoint: {', '.join(sorted(names))}",
            fix="Name one of these; none stands for all of them.",
        )


def _initial_of(subject: ScalableTargetContext) -> tuple[str, object]:
    variant, component = variant_of(subject), subject.component
    if component is not None and isinstance(component.runtime_config, ComponentRuntimeConfig):
        return "copies", component.runtime_config.copy_count
    if variant is None:
        return "", None
    if isinstance(variant.serverless_config, ServerlessConfig):
        return "provisioned concurrency", variant.serverless_config.provisioned_concurrency
    return "instances", variant.initial_instance_count


@rule(
    id="scaling-initial-count-outside",
    title="What is scaled begins within the bounds of the scaling",
    why="The first thing to happen would be that the capacity is changed.",
    fix="Begin within the bounds, or widen them.",
    evidence=Evidence.INFERRED,
    source_url=_REGISTER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_initial_count_outside(subject: ScalableTargetContext) -> Iterator[Violation]:
    what, count = _initial_of(subject)
    low, high = subject.target.min_capacity, subject.target.max_capacity
    if not is_whole(count) or (is_whole(low) and is_whole(high) and low > high):
        return
    for member, bound, is_within, word in (
        ("min_capacity", low, is_whole(low) and count >= low, "less"),
        ("max_capacity", high, is_whole(high) and count <= high, "more"),
    ):
        # Too few copies are the component's, see `component-copies-outside-scaling`.
        is_said = what == "copies" and member == "min_capacity"
        if is_whole(bound) and not is_within and not is_said:
            yield Violation(
                path=(member,),
                got=bound,
                must=f"be {count} or {word} because it begins with {count} {what}",
                fix="Begin within the bounds, or widen them.",
            )


@rule(
    id="scaling-policy-missing",
    title="A scalable target has a policy or a schedule",
    why="Bounds alone scale nothing.",
    fix="Add a policy.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ADD,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_policy_missing(subject: ScalableTargetContext) -> Iterator[Violation]:
    target = subject.target
    # From a number to the same number holds a variant at it, which is a purpose, too.
    low, high = target.min_capacity, target.max_capacity
    is_held = is_unresolved(low) or is_unresolved(high) or (low is not None and low == high)
    if subject.policies == () and not target.scheduled_actions and not is_held:
        yield Violation(
            path=(),
            got=Words("neither a policy nor a schedule"),
            must="be something to scale by",
            fix="Add a policy, for example on invocations; or leave the capacity as it is.",
        )


@rule(
    id="schedule-every-minute",
    title="A schedule with an hour has a minute",
    why="The action is carried out in each minute of that hour, and undoes what others set in "
    "between. CDK's Schedule.cron leaves * where no minute is given.",
    fix="Give the minute.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_AUTO_SCALING}userguide/scheduled-scaling-using-cron-expressions.html",
    about=_ABOUT,
    severity=Severity.WARNING,
)
def schedule_every_minute(subject: ScalableTargetContext) -> Iterator[Violation]:
    for index, action in enumerate(items_of(subject.target.scheduled_actions)):
        when = action.schedule if isinstance(action, ScheduledAction) else None
        match = _CRON.fullmatch(when) if is_text(when) else None
        if match and match[1] == "*" and match[2] != "*":
            yield Violation(
                path=("scheduled_actions", index, "schedule"),
                got=when,
                must="be a minute because * is each minute of the hour",
                fix="Give minute 0; Cron(hour=…) does so by itself.",
            )


@rule(
    id="scaling-resource-is-arn",
    title="A scalable target has the name of what it scales, not its ARN",
    why="Ref of an endpoint or a component is its ARN, and Application Auto Scaling knows no "
    "such resource.",
    fix="Write Fn::GetAtt [Endpoint, EndpointName] for an endpoint; of a component, cut the "
    "name out of its ARN, or write it out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTER,
    about=_ABOUT,
    of_templates=True,
)
def scaling_resource_is_arn(subject: ScalableTargetContext) -> Iterator[Violation]:
    if subject.is_by_arn:
        what = "an inference component" if subject.component is not None else "an endpoint"
        yield Violation(
            path=("resource_id",),
            got=Words(f"the ARN of {what}"),
            must="be its name",
            fix="Take EndpointName of the endpoint, not Ref; of a component, the end of its ARN.",
        )


@rule(
    id="scaling-resource-not-awaited",
    title="A scalable target waits for what it scales",
    why="CloudFormation makes both at once where nothing refers to the endpoint or the "
    "component, and then there is nothing to register.",
    fix="Refer to it in the ResourceId, or add DependsOn.",
    evidence=Evidence.INFERRED,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-applicationautoscaling-scalabletarget.html",
    about=_ABOUT,
    severity=Severity.WARNING,
    of_templates=True,
)
def scaling_resource_not_awaited(subject: ScalableTargetContext) -> Iterator[Violation]:
    if not subject.is_created_after:
        yield Violation(
            path=("resource_id",),
            got=subject.target.resource_id,
            must="be a reference to what is scaled, so that it is there first",
            fix="Build the id with Fn::GetAtt or Ref, or add DependsOn.",
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
