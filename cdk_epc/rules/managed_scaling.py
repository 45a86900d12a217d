"""Rules of managed instance scaling: its variants, its bounds and its scale-in policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.finding import shown
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

# SageMaker was seen to refuse a minimum of 0 here. AWS does not publish where it is supported.
_REGIONS_WITHOUT_ZERO: Final = frozenset({"eu-west-3"})


def managed_scalings(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, ManagedInstanceScaling]]:
    """Yield the path of each known managed scaling with its variant and the scaling."""
    for path, variant in spec.variants():
        scaling = variant.managed_instance_scaling
        if isinstance(scaling, ManagedInstanceScaling):
            yield (*path, "managed_instance_scaling"), variant, scaling


def _may_be_disabled(scaling: ManagedInstanceScaling) -> bool:
    """Return whether the scaling is disabled, or may be because its status is unresolved."""
    status = scaling.status
    return status is not None and status != ManagedInstanceScalingStatus.ENABLED


@rule(
    id="managed-scaling-with-model",
    title="Managed instance scaling must not be used on a variant with a model",
    why="Since 2026 SageMaker refuses it on such a variant, because it scales instances for "
    "inference components.",
    fix="Scale the variant with Application Auto Scaling, or remove the model and host inference "
    "components.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PROVIDER,
    requires=("managed_instance_scaling",),
    eager=True,
    facts=("VAR.MIS_IC_ONLY",),
)
def managed_scaling_with_model(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in managed_scalings(spec):
        if (
            is_set(variant.model_name)
            and (scaling.status is None or is_resolved(scaling.status))
            and scaling.status != ManagedInstanceScalingStatus.DISABLED
        ):
            yield Violation(
                path=path,
                got=Words("managed instance scaling"),
                not_allowed="on a variant with a model",
                fix="Scale the variant with Application Auto Scaling, or remove the model and host "
                "inference components.",
            )


@rule(
    id="managed-scaling-bounds-reversed",
    title="The minimum instance count must not exceed the maximum instance count",
    why="No instance count is within reversed bounds.",
    fix="Lower the minimum, or raise the maximum.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    requires=("managed_instance_scaling",),
    eager=True,
    facts=("VAR.MIS_RANGE",),
)
def managed_scaling_bounds_reversed(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, scaling in managed_scalings(spec):
        minimum, maximum = scaling.min_instance_count, scaling.max_instance_count
        if is_integer(minimum) and is_integer(maximum) and minimum > maximum:
            yield Violation(
                path=(*path, "min_instance_count"),
                got=minimum,
                must=f"not exceed `max_instance_count` ({shown(maximum)})",
                fix="Lower `min_instance_count`, or raise `max_instance_count`.",
            )


@rule(
    id="managed-scaling-disabled",
    title="A variant with a model should not have managed instance scaling, even if it is disabled",
    why="Since 2026 SageMaker refuses enabled scaling on such a variant. Disabled scaling has no "
    "effect, and SageMaker may refuse it too.",
    fix="Remove the managed instance scaling.",
    evidence=Evidence.INFERRED,
    source_url=_PROVIDER,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_IC_ONLY",),
)
def managed_scaling_disabled(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in managed_scalings(spec):
        if (
            is_set(variant.model_name)
            and variant.serverless_config is None
            and scaling.status == ManagedInstanceScalingStatus.DISABLED
        ):
            yield Violation(
                path=path,
                got=Words("disabled managed instance scaling"),
                not_allowed="on a variant with a model, even if it is disabled",
                fix="Remove `managed_instance_scaling`; it has no effect.",
            )


@rule(
    id="managed-scaling-initial-count-outside",
    title="The initial instance count should be within the bounds of managed scaling",
    why="SageMaker may refuse a count outside the bounds, or correct it immediately.",
    fix="Start within the bounds, or widen them.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_INITIAL",),
)
def managed_scaling_initial_count_outside(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, scaling in managed_scalings(spec):
        count = variant.initial_instance_count
        minimum, maximum = scaling.min_instance_count, scaling.max_instance_count
        if _may_be_disabled(scaling) or not is_integer(count):
            continue
        if is_integer(minimum) and is_integer(maximum) and minimum > maximum:
            continue  # managed-scaling-bounds-reversed reports this
        if is_integer(minimum) and count < minimum:
            must = f"not be less than `min_instance_count` ({shown(minimum)})"
        elif is_integer(maximum) and count > maximum:
            must = f"not exceed `max_instance_count` ({shown(maximum)})"
        else:
            continue
        yield Violation(
            path=(*path[:-1], "initial_instance_count"),
            got=count,
            must=must,
            fix="Start within the bounds of the managed scaling, or widen them.",
        )


@rule(
    id="managed-scaling-bounds-missing",
    title="Managed instance scaling should have both bounds",
    why="The API documents no default for either, and every example of AWS sets both.",
    fix="Set the minimum and the maximum instance count.",
    evidence=Evidence.INFERRED,
    source_url=_ZERO,
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_ENABLED_BOUNDS",),
)
def managed_scaling_bounds_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, scaling in managed_scalings(spec):
        if scaling.status != ManagedInstanceScalingStatus.ENABLED:
            continue
        for name in ("min_instance_count", "max_instance_count"):
            if getattr(scaling, name) is None:
                yield Violation(
                    path=(*path, name),
                    required="because managed instance scaling is enabled",
                    fix="Set `min_instance_count` and `max_instance_count`.",
                )


@rule(
    id="managed-scaling-zero-not-supported",
    title="Managed scaling to zero instances should only be used in a region that supports it",
    why="Other regions refuse it: Min instance count needs to be greater than 0 for enabled "
    "managed instance scaling.",
    fix="Keep one instance, or deploy to another region.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ZERO_REFUSED,
    about=(ConfigContext,),
    requires=("managed_instance_scaling",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.MIS_ZERO",),
)
def managed_scaling_zero_not_supported(context: ConfigContext) -> Iterator[Violation]:
    if context.region not in _REGIONS_WITHOUT_ZERO:
        return
    for path, variant, scaling in managed_scalings(context.config):
        minimum = scaling.min_instance_count
        if (
            variant.model_name is None
            and is_integer(minimum)
            and minimum == 0
            and not _may_be_disabled(scaling)
        ):
            yield Violation(
                path=(*path, "min_instance_count"),
                got=minimum,
                must=f"be 1 or more because SageMaker was seen to refuse 0 in {context.region}",
                fix="Set `min_instance_count` to 1, or test the deployment first.",
            )


def _policies(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ManagedInstanceScaling, ScaleInPolicy]]:
    """Yield the path of each known scale-in policy with its scaling and the policy."""
    for path, _, scaling in managed_scalings(spec):
        if isinstance(scaling.scale_in_policy, ScaleInPolicy):
            yield (*path, "scale_in_policy"), scaling, scaling.scale_in_policy


@rule(
    id="scale-in-settings-ignored",
    title="Step size and cooldown should only be used with the strategy CONSOLIDATION",
    why="Both control consolidation; they have no effect with IDLE_RELEASE.",
    fix="Remove the settings, or use the strategy CONSOLIDATION.",
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
                    not_allowed="with the strategy IDLE_RELEASE",
                    fix=f"Remove `{name}`, or use the strategy CONSOLIDATION.",
                )


@rule(
    id="scale-in-ignored",
    title="A scale-in policy should only be used with managed scaling that is enabled",
    why="Disabled scaling never scales in.",
    fix="Enable the scaling, or remove the policy.",
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
                not_allowed="because managed instance scaling is disabled",
                fix="Remove `scale_in_policy`, or enable the scaling.",
            )


RULES: Final = (
    managed_scaling_with_model,
    managed_scaling_bounds_reversed,
    managed_scaling_initial_count_outside,
    managed_scaling_bounds_missing,
    managed_scaling_zero_not_supported,
    scale_in_settings_ignored,
    scale_in_ignored,
)
PEDANTIC: Final = (managed_scaling_disabled,)
"""Rules of the pack `pedantic`."""
