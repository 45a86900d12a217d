"""Rules of managed instance scaling: its bounds, and settings that have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    ManagedInstanceScaling,
    ManagedInstanceScalingStatus,
    Path,
    ProductionVariant,
    ScaleInPolicy,
    ScaleInStrategy,
)
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_set

_SCALING: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantManagedInstanceScaling.html"
)
_SCALE_IN: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantManagedInstanceScalingScaleInPolicy.html"
)
_ZERO: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html"
)
_ZERO_REFUSED: Final = "https://github.com/stdapi-ai/stdapi.ai/issues/43"
_PROVIDER: Final = "https://github.com/hashicorp/terraform-provider-aws/pull/45926"

# Where a least number of 0 has been seen to be refused. No published list says where it works.
_REGIONS_WITHOUT_ZERO: Final = frozenset({"eu-west-3"})


def scaled(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, ManagedInstanceScaling]]:
    """The variants with managed scaling that is known, each with the place of the scaling."""
    for path, variant in spec.variants():
        scaling = variant.managed_instance_scaling
        if isinstance(scaling, ManagedInstanceScaling):
            yield (*path, "managed_instance_scaling"), variant, scaling


def _is_off(scaling: ManagedInstanceScaling) -> bool:
    """Whether it is switched off, or may be, for all that is known."""
    status = scaling.status
    return status is not None and status != ManagedInstanceScalingStatus.ENABLED


@rule(
    id="managed-scaling-disabled",
    title="A variant with a model does not mention managed instance scaling",
    why="Since 2026 the service refuses it there when it is switched on; switched off it has "
    "no effect, and may be refused next.",
    fix="Take it out.",
    evidence=Evidence.INFERRED,
    source_url=_PROVIDER,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_IC_ONLY",),
)
def managed_scaling_disabled(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in scaled(spec):
        if (
            is_set(variant.model_name)
            and variant.serverless_config is None
            and scaling.status == ManagedInstanceScalingStatus.DISABLED
        ):
            yield Violation(
                path=path,
                got=Words("managed instance scaling, switched off"),
                not_allowed="because the variant has a model",
                fix="Take it out; it changes nothing.",
            )


@rule(
    id="managed-scaling-initial-count-outside",
    title="A variant begins within the bounds of its scaling",
    why="A number outside of them would be corrected at once, or refused.",
    fix="Begin within the bounds, or widen them.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_INITIAL",),
)
def managed_scaling_initial_count_outside(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in scaled(spec):
        count = variant.initial_instance_count
        low, high = scaling.min_instance_count, scaling.max_instance_count
        if _is_off(scaling) or not is_integer(count):
            continue
        if is_integer(low) and is_integer(high) and low > high:
            continue  # nothing lies between
        if is_integer(low) and count < low:
            allowed = f"{low} or more, the least number of the scaling"
        elif is_integer(high) and count > high:
            allowed = f"{high} or fewer, the greatest number of the scaling"
        else:
            continue
        yield Violation(
            path=(*path[:-1], "initial_instance_count"),
            got=count,
            must=f"be {allowed}",
            fix="Begin within the bounds of the scaling, or widen them.",
        )


@rule(
    id="managed-scaling-bounds-missing",
    title="Managed instance scaling has both bounds",
    why="The API documents no default for either, and every example of AWS's gives both.",
    fix="Give the least and the greatest number of instances.",
    evidence=Evidence.INFERRED,
    source_url=_ZERO,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_ENABLED_BOUNDS",),
)
def managed_scaling_bounds_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, scaling in scaled(spec):
        if scaling.status != ManagedInstanceScalingStatus.ENABLED:
            continue
        for name, words in (("min_instance_count", "least"), ("max_instance_count", "greatest")):
            if getattr(scaling, name) is None:
                yield Violation(
                    path=(*path, name),
                    got=None,
                    must=f"be the {words} number of instances because the scaling is switched on",
                    fix="Give both bounds.",
                )


@rule(
    id="managed-scaling-zero-not-supported",
    title="The region scales inference components to no instance at all",
    why="Where it does not, the service answers: Min instance count needs to be greater than 0 "
    "for enabled managed instance scaling.",
    fix="Keep one instance, or deploy to another region.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ZERO_REFUSED,
    about=(ConfigContext,),
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_ZERO",),
)
def managed_scaling_zero_not_supported(place: ConfigContext) -> Iterator[Violation]:
    if place.region not in _REGIONS_WITHOUT_ZERO:
        return
    for path, variant, scaling in scaled(place.config):
        least = scaling.min_instance_count
        if variant.model_name is None and is_integer(least) and least == 0 and not _is_off(scaling):
            yield Violation(
                path=(*path, "min_instance_count"),
                got=least,
                must=f"be 1 or more because {place.region} has been seen to refuse 0",
                fix="Raise it to 1, or try the deployment first.",
            )


def _policies(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ManagedInstanceScaling, ScaleInPolicy]]:
    for path, _, scaling in scaled(spec):
        if isinstance(scaling.scale_in_policy, ScaleInPolicy):
            yield (*path, "scale_in_policy"), scaling, scaling.scale_in_policy


@rule(
    id="scale-in-settings-ignored",
    title="Step size and cooldown go with consolidation",
    why="Both are about consolidating; releasing idle instances knows neither.",
    fix="Take them out, or take the strategy CONSOLIDATION.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SCALE_IN,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.SCALE_IN_CONSOLIDATION",),
)
def scale_in_settings_ignored(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, policy in _policies(spec):
        if policy.strategy != ScaleInStrategy.IDLE_RELEASE:
            continue
        for name in ("maximum_step_size", "cooldown_in_minutes"):
            if is_resolved(value := getattr(policy, name)):
                yield Violation(
                    path=(*path, name),
                    got=value,
                    not_allowed="because the strategy is IDLE_RELEASE",
                    fix="Take it out, or take the strategy CONSOLIDATION.",
                )


@rule(
    id="scale-in-ignored",
    title="A scale-in policy goes with scaling that is switched on",
    why="While the scaling is switched off, nothing is scaled in.",
    fix="Switch the scaling on, or take the policy out.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.SCALE_IN_DISABLED",),
)
def scale_in_ignored(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, scaling, _ in _policies(spec):
        if scaling.status == ManagedInstanceScalingStatus.DISABLED:
            yield Violation(
                path=path,
                got=Words("a policy"),
                not_allowed="because the scaling is switched off",
                fix="Take the policy out, or switch the scaling on.",
            )


RULES: Final = (
    managed_scaling_disabled,
    managed_scaling_initial_count_outside,
    managed_scaling_bounds_missing,
    managed_scaling_zero_not_supported,
    scale_in_settings_ignored,
    scale_in_ignored,
)
