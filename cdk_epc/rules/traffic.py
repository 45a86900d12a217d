"""Rules of traffic: the weights of variants, and requests from other regions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant, ServerlessConfig
from cdk_epc.spec.unresolved import is_number, is_resolved, items_of

_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_CREATE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
)
_DEFAULT_WEIGHT: Final = 1.0
"""Documented default of ``InitialVariantWeight``."""


def weight_of(variant: ProductionVariant) -> float | None:
    """Return the weight of a variant; ``None`` where it is unresolved or no number."""
    weight = variant.initial_variant_weight
    if weight is None:
        return _DEFAULT_WEIGHT
    return weight if is_number(weight) else None


@rule(
    id="variant-weights-zero",
    title="At least one production variant should have a weight above 0",
    why="A variant receives requests in proportion to its weight. If all weights are 0, no "
    "variant receives any.",
    fix="Raise the weight of the variant that should receive the requests.",
    evidence=Evidence.INFERRED,
    source_url=_VARIANT,
    requires=("initial_variant_weight",),
    severity=Severity.WARNING,
    facts=("VAR.WEIGHT_SUM",),
)
def variant_weights_zero(spec: EndpointConfigSpec) -> Iterator[Violation]:
    variants = spec.production()
    # An unresolved variant may have a weight, so all variants must be known.
    if not variants or len(variants) != len(items_of(spec.production_variants)):
        return
    # inference-component-with-weight reports a weight on a variant without a model.
    if all(weight_of(each) == 0 and each.model_name is not None for _, each in variants):
        yield Violation(
            path=(*variants[0][0], "initial_variant_weight"),
            got=variants[0][1].initial_variant_weight,
            must="be greater than 0 for at least one production variant",
            fix="Raise the weight of the variant that should receive the requests.",
        )


@rule(
    id="cross-region-not-real-time",
    title="Cross-region traffic must go to a real-time endpoint on instances",
    why="The API does not support cross-region traffic for serverless and asynchronous endpoints.",
    fix="Remove the cross-region traffic, or use a real-time endpoint on instances.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    requires=("cross_region_traffic_config",),
    eager=True,
    facts=("SRV.CROSS_REGION",),
)
def cross_region_not_real_time(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if not is_resolved(spec.cross_region_traffic_config):
        return
    if is_resolved(spec.async_inference_config):
        kind = "an asynchronous endpoint"
    elif any(isinstance(each.serverless_config, ServerlessConfig) for _, each in spec.variants()):
        kind = "a serverless endpoint"
    else:
        return
    yield Violation(
        path=("cross_region_traffic_config",),
        got=Words("cross-region traffic"),
        not_allowed=f"on {kind}",
        fix="Remove `cross_region_traffic_config`, or use a real-time endpoint on instances.",
    )


RULES: Final = (
    variant_weights_zero,
    cross_region_not_real_time,
)
