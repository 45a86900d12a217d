"""Rules of how much of the traffic a variant gets, and of how many instances it begins with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.unresolved import (
    is_integer,
    is_resolved,
    is_unresolved,
    items_of,
)

_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_BY_NAME: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DesiredWeightAndCapacity.html"
)
_SHADOW: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-best-practices.html"
_DEFAULT_WEIGHT: Final = 1.0


def _weight(variant: ProductionVariant) -> float | None:
    """The weight of a variant, if that is known."""
    given = variant.initial_variant_weight
    if given is None:
        return _DEFAULT_WEIGHT
    return given if _is_number(given) else None


def _is_number(given: object) -> bool:
    """Whether it is a number that is known."""
    return (
        isinstance(given, int | float) and not isinstance(given, bool) and not is_unresolved(given)
    )


@rule(
    id="variant-weights-zero",
    title="Some production variant has a weight above 0",
    why="A variant gets its weight's share of all weights, and of nothing there is no share.",
    fix="Give a weight above 0 to the variant that is to answer.",
    evidence=Evidence.INFERRED,
    source_url=_VARIANT,
    severity=Severity.WARNING,
    facts=("VAR.WEIGHT_SUM",),
)
def variant_weights_zero(spec: EndpointConfigSpec) -> Iterator[Violation]:
    variants = spec.production()
    # A variant that is a token may have a weight, so all of them must be known.
    if not variants or len(variants) != len(items_of(spec.production_variants)):
        return
    # Where there is no model, a weight is refused.
    if all(_weight(each) == 0 and each.model_name is not None for _, each in variants):
        yield Violation(
            path=(*variants[0][0], "initial_variant_weight"),
            got=variants[0][1].initial_variant_weight,
            must="be more than 0 for one production variant at least",
            fix="Raise the weight of the variant that is to answer.",
        )


@rule(
    id="shadow-name-repeated",
    title="A shadow variant has a name of its own",
    why="Weights, capacity and metrics find a variant by its name alone.",
    fix="Rename the shadow variant.",
    evidence=Evidence.INFERRED,
    source_url=_BY_NAME,
    requires=("shadow_production_variants",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.UNIQUE_SHADOW",),
)
def shadow_name_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if not (shadow := spec.shadow()):
        return
    names = [variant.variant_name for _, variant in spec.production()]
    for path, variant in shadow:
        name = variant.variant_name
        if isinstance(name, str) and not is_unresolved(name) and name in names:
            yield Violation(
                path=(*path, "variant_name"),
                got=name,
                must="be a name that no production variant has",
                fix="Rename the shadow variant.",
            )


@rule(
    id="shadow-capacity-mismatch",
    title="A shadow of all requests has as many instances as production",
    why="With another number of the same instances, the test compares capacities instead of "
    "models.",
    fix="Begin with as many instances as production, or shadow a part of the requests.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SHADOW,
    requires=("shadow_production_variants",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.SHADOW_SAME_CAPACITY",),
)
def shadow_capacity_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    production, shadow = spec.production(), spec.shadow()
    if len(production) != 1 or len(shadow) != 1:
        return
    ((_, real), (path, copy)) = (*production, *shadow)
    low, high = copy.initial_instance_count, real.initial_instance_count
    share, whole = _weight(copy), _weight(real)
    if (
        is_resolved(real.instance_type)
        and real.instance_type == copy.instance_type
        and is_integer(low)
        and is_integer(high)
        and low != high
        and share is not None
        and whole is not None
        and share >= whole
    ):
        yield Violation(
            path=(*path, "initial_instance_count"),
            got=low,
            must=f"be {high}, as in production because both get all requests",
            fix="Begin with as many instances, or lower the weight of the shadow variant.",
        )


@rule(
    id="instance-count-missing",
    title="A variant on instances says how many it begins with",
    why="The API once required the number, and still documents no default.",
    fix="Give the number of instances to begin with.",
    evidence=Evidence.INFERRED,
    source_url=_VARIANT,
    severity=Severity.WARNING,
    eager=True,
    facts=("SRV.INITIAL_COUNT_PRESENT",),
)
def instance_count_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.variants():
        if (
            variant.initial_instance_count is None
            and variant.serverless_config is None
            and variant.managed_instance_scaling is None
            and (is_resolved(variant.instance_type) or is_resolved(variant.instance_pools))
        ):
            yield Violation(
                path=(*path, "initial_instance_count"),
                got=None,
                must="be the number of instances to begin with",
                fix="Say how many instances the variant begins with, for example 1.",
            )


RULES: Final = (
    variant_weights_zero,
    shadow_name_repeated,
    shadow_capacity_mismatch,
    instance_count_missing,
)
