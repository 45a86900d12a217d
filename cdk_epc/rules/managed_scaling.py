"""Rules of managed instance scaling: its bounds, and settings that have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Rule, Severity, Violation, Words
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
from cdk_epc.spec.unresolved import is_given, is_set, is_whole

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


def _disabled(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in scaled(spec):
        if (
            is_set(variant.model_name)
            and variant.serverless_config is None
            and scaling.status == ManagedInstanceScalingStatus.DISABLED
        ):
            yield Violation(
                path=path,
                got=Words("managed instance scaling, switched off"),
                allowed="nothing, for the variant has a model",
                fix="Take it out; it changes nothing.",
            )


def _initial(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in scaled(spec):
        count = variant.initial_instance_count
        low, high = scaling.min_instance_count, scaling.max_instance_count
        if _is_off(scaling) or not is_whole(count):
            continue
        if is_whole(low) and is_whole(high) and low > high:
            continue  # nothing lies between
        if is_whole(low) and count < low:
            allowed = f"{low} or more, the least number of the scaling"
        elif is_whole(high) and count > high:
            allowed = f"{high} or fewer, the greatest number of the scaling"
        else:
            continue
        yield Violation(
            path=(*path[:-1], "initial_instance_count"),
            got=count,
            allowed=allowed,
            fix="Begin within the bounds of the scaling, or widen them.",
        )


def _bounds(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, scaling in scaled(spec):
        if scaling.status != ManagedInstanceScalingStatus.ENABLED:
            continue
        for name, words in (("min_instance_count", "least"), ("max_instance_count", "greatest")):
            if getattr(scaling, name) is None:
                yield Violation(
                    path=(*path, name),
                    got=None,
                    allowed=f"the {words} number of instances, for the scaling is switched on",
                    fix="Give both bounds.",
                )


def _zero(place: ConfigContext) -> Iterator[Violation]:
    if place.region not in _REGIONS_WITHOUT_ZERO:
        return
    for path, variant, scaling in scaled(place.config):
        least = scaling.min_instance_count
        if variant.model_name is None and is_whole(least) and least == 0 and not _is_off(scaling):
            yield Violation(
                path=(*path, "min_instance_count"),
                got=least,
                allowed=f"1 or more, for {place.region} has been seen to refuse 0",
                fix="Raise it to 1, or try the deployment first.",
            )


def _policies(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ManagedInstanceScaling, ScaleInPolicy]]:
    for path, _, scaling in scaled(spec):
        if isinstance(scaling.scale_in_policy, ScaleInPolicy):
            yield (*path, "scale_in_policy"), scaling, scaling.scale_in_policy


def _scale_in_unused(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, policy in _policies(spec):
        if policy.strategy != ScaleInStrategy.IDLE_RELEASE:
            continue
        for name in ("maximum_step_size", "cooldown_in_minutes"):
            if is_given(value := getattr(policy, name)):
                yield Violation(
                    path=(*path, name),
                    got=value,
                    allowed="nothing, for the strategy is IDLE_RELEASE",
                    fix="Take it out, or take the strategy CONSOLIDATION.",
                )


def _scale_in_off(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, scaling, _ in _policies(spec):
        if scaling.status == ManagedInstanceScalingStatus.DISABLED:
            yield Violation(
                path=path,
                got=Words("a policy"),
                allowed="nothing, for the scaling is switched off",
                fix="Take the policy out, or switch the scaling on.",
            )


RULES: Final = (
    Rule(
        id="managed-scaling-disabled",
        title="A variant with a model does not mention managed instance scaling",
        why="Since 2026 the service refuses it there when it is switched on; switched off it has "
        "no effect, and may be refused next.",
        fix="Take it out.",
        evidence=Evidence.INFERRED,
        source_url=_PROVIDER,
        needs=("managed_instance_scaling",),
        check=_disabled,
        severity=Severity.WARNING,
        eager=True,
        facts=("VAR.MIS_IC_ONLY",),
    ),
    Rule(
        id="managed-scaling-initial-count-outside",
        title="A variant begins within the bounds of its scaling",
        why="A number outside of them would be corrected at once, or refused.",
        fix="Begin within the bounds, or widen them.",
        evidence=Evidence.INFERRED,
        source_url=_SCALING,
        needs=("managed_instance_scaling",),
        check=_initial,
        severity=Severity.WARNING,
        eager=True,
        facts=("VAR.MIS_INITIAL",),
    ),
    Rule(
        id="managed-scaling-bounds-missing",
        title="Managed instance scaling has both bounds",
        why="The API documents no default for either, and every example of AWS's gives both.",
        fix="Give the least and the greatest number of instances.",
        evidence=Evidence.INFERRED,
        source_url=_ZERO,
        needs=("managed_instance_scaling",),
        check=_bounds,
        severity=Severity.WARNING,
        eager=True,
        facts=("VAR.MIS_ENABLED_BOUNDS",),
    ),
    Rule(
        id="managed-scaling-zero-not-supported",
        title="The region scales inference components to no instance at all",
        why="Where it does not, the service answers: Min instance count needs to be greater than 0 "
        "for enabled managed instance scaling.",
        fix="Keep one instance, or deploy to another region.",
        evidence=Evidence.REAL_ERROR,
        source_url=_ZERO_REFUSED,
        about=(ConfigContext,),
        needs=("managed_instance_scaling",),
        check=_zero,
        severity=Severity.WARNING,
        eager=True,
        facts=("VAR.MIS_ZERO",),
    ),
    Rule(
        id="scale-in-settings-ignored",
        title="Step size and cooldown go with consolidation",
        why="Both are about consolidating; releasing idle instances knows neither.",
        fix="Take them out, or take the strategy CONSOLIDATION.",
        evidence=Evidence.DOCUMENTED,
        source_url=_SCALE_IN,
        needs=("managed_instance_scaling",),
        check=_scale_in_unused,
        severity=Severity.WARNING,
        eager=True,
        facts=("VAR.SCALE_IN_CONSOLIDATION",),
    ),
    Rule(
        id="scale-in-ignored",
        title="A scale-in policy goes with scaling that is switched on",
        why="While the scaling is switched off, nothing is scaled in.",
        fix="Switch the scaling on, or take the policy out.",
        evidence=Evidence.INFERRED,
        source_url=_SCALING,
        needs=("managed_instance_scaling",),
        check=_scale_in_off,
        severity=Severity.WARNING,
        eager=True,
        facts=("VAR.SCALE_IN_DISABLED",),
    ),
)
