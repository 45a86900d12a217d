"""Rules of shadow tests: their variants, and features that they exclude."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.finding import shown
from cdk_epc.rules.instances import inf1_types
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.rules.serverless import serverless_variants
from cdk_epc.rules.traffic import weight_of
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_unresolved

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_DEVELOPER_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_CREATE: Final = f"{_REFERENCE}API_CreateEndpointConfig.html"
_BY_NAME: Final = f"{_REFERENCE}API_DesiredWeightAndCapacity.html"
_EXCLUSIONS: Final = f"{_DEVELOPER_GUIDE}shadow-tests-exclusions.html"
_PRACTICES: Final = f"{_DEVELOPER_GUIDE}shadow-tests-best-practices.html"


@rule(
    id="shadow-several-variants",
    title="A shadow test must have one production variant and one shadow variant",
    why="The schema allows ten of each, but SageMaker allows one.",
    fix="Keep the variant to shadow, and test one shadow variant at a time.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    requires=("shadow_production_variants",),
    eager=True,
    facts=("VAR.SHADOW_ONE_ONE",),
)
def shadow_several_variants(spec: EndpointConfigSpec) -> Iterator[Violation]:
    production, shadow = spec.production(), spec.shadow()
    if not shadow:
        return
    if len(production) > 1:
        yield Violation(
            path=("production_variants",),
            got=Words(f"{len(production)} variants"),
            must="have only one because the configuration has a shadow variant",
            fix="Keep the variant to shadow, or remove the shadow variant.",
        )
    if len(shadow) > 1:
        yield Violation(
            path=("shadow_production_variants",),
            got=Words(f"{len(shadow)} variants"),
            must="have only one",
            fix="Test one shadow variant at a time.",
        )


@rule(
    id="shadow-with-async",
    title="A shadow test must not be used on an asynchronous endpoint",
    why="SageMaker refuses the configuration with a validation error.",
    fix="Remove the shadow variant or the asynchronous inference.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXCLUSIONS,
    requires=("async_inference_config", "shadow_production_variants"),
    eager=True,
    facts=("ASY.NO_SHADOW", "VAR.SHADOW_EXCLUSIONS"),
)
def shadow_with_async(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config) and spec.shadow():
        yield Violation(
            path=("shadow_production_variants",),
            got=Words("a shadow variant"),
            not_allowed="on an asynchronous endpoint",
            fix="Remove `shadow_production_variants` or `async_inference_config`.",
        )


@rule(
    id="shadow-with-serverless",
    title="A shadow test must not have serverless variants",
    why="SageMaker refuses the configuration with a validation error.",
    fix="Run both variants on instances, or remove the shadow variant.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXCLUSIONS,
    requires=("shadow_production_variants", "serverless_config"),
    eager=True,
    facts=("SRV.NO_SHADOW", "VAR.SHADOW_EXCLUSIONS"),
)
def shadow_with_serverless(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.shadow():
        for path, _, _ in serverless_variants(spec):
            yield Violation(
                path=(*path, "serverless_config"),
                got=Words("a serverless variant"),
                not_allowed="in a shadow test",
                fix="Run both variants on instances, or remove the shadow variant.",
            )


@rule(
    id="shadow-on-inf1",
    title="A shadow test must not run on Inf1 instances",
    why="SageMaker refuses the configuration with a validation error.",
    fix="Use another instance type, for example of the Inf2 family.",
    evidence=Evidence.DOCUMENTED,
    source_url=_EXCLUSIONS,
    requires=("shadow_production_variants",),
    eager=True,
    facts=("VAR.SHADOW_EXCLUSIONS",),
)
def shadow_on_inf1(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.shadow():
        for path, name in inf1_types(spec):
            yield Violation(
                path=path,
                got=name,
                not_allowed="in a shadow test",
                fix="Use another instance type, for example of the Inf2 family.",
            )


@rule(
    id="shadow-name-repeated",
    title="A shadow variant should have another name than the production variants",
    why="Weights, capacity and metrics refer to a variant by its name alone.",
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
                must="differ from the name of every production variant",
                fix="Rename the shadow variant.",
            )


@rule(
    id="shadow-capacity-mismatch",
    title="A shadow variant that gets all requests should have as many instances as production",
    why="With another number of the same instances, the test compares capacities instead of "
    "models.",
    fix="Start with as many instances as production, or lower the weight of the shadow variant.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PRACTICES,
    requires=("shadow_production_variants",),
    severity=Severity.WARNING,
    eager=True,
    facts=("VAR.SHADOW_SAME_CAPACITY",),
)
def shadow_capacity_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if len(spec.production()) != 1 or len(spec.shadow()) != 1:
        return
    ((_, production), (path, shadow)) = (*spec.production(), *spec.shadow())
    count, production_count = shadow.initial_instance_count, production.initial_instance_count
    weight, production_weight = weight_of(shadow), weight_of(production)
    if (
        is_resolved(production.instance_type)
        and production.instance_type == shadow.instance_type
        and is_integer(count)
        and is_integer(production_count)
        and count != production_count
        and weight is not None
        and production_weight is not None
        and weight >= production_weight
    ):
        yield Violation(
            path=(*path, "initial_instance_count"),
            got=count,
            must=f"be {shown(production_count)} as in production because both variants get all "
            "requests",
            fix="Start with as many instances, or lower `initial_variant_weight` of the shadow "
            "variant.",
        )


RULES: Final = (
    shadow_several_variants,
    shadow_with_async,
    shadow_with_serverless,
    shadow_on_inf1,
    shadow_name_repeated,
)
PEDANTIC: Final = (shadow_capacity_mismatch,)
"""Rules of the pack `pedantic`."""
