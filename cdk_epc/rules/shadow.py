"""Rules of shadow tests and of asynchronous inference: what they exclude."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Violation, Words, rule
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import is_resolved

_API: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
)
_SHADOW: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-exclusions.html"
_ASYNC: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html"
_INF1: Final = "ml.inf1."


@rule(
    id="shadow-several-variants",
    title="A shadow test has one production and one shadow variant",
    why="The schema allows ten of each; the service allows one.",
    fix="Keep the one variant to be shadowed, and test one shadow variant at a time.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
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
            must="be one variant because the test shadows exactly one",
            fix="Keep the variant to be shadowed, or take the shadow variant out.",
        )
    if len(shadow) > 1:
        yield Violation(
            path=("shadow_production_variants",),
            got=Words(f"{len(shadow)} variants"),
            must="be one variant",
            fix="Test one shadow variant at a time.",
        )


@rule(
    id="shadow-with-async",
    title="An asynchronous endpoint has no shadow variant",
    why="The service refuses it with a validation error.",
    fix="Take the shadow variant or the asynchronous inference out.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SHADOW,
    requires=("async_inference_config", "shadow_production_variants"),
    eager=True,
    facts=("ASY.NO_SHADOW", "VAR.SHADOW_EXCLUSIONS"),
)
def shadow_with_async(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config) and spec.shadow():
        yield Violation(
            path=("shadow_production_variants",),
            got=Words("a shadow variant"),
            not_allowed="because asynchronous endpoints have no shadow tests",
            fix="Take the shadow variant or the asynchronous inference out.",
        )


@rule(
    id="shadow-on-inf1",
    title="A shadow test does not run on Inf1 instances",
    why="The service refuses it with a validation error.",
    fix="Take another instance type, for example one of the Inf2 family.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SHADOW,
    requires=("shadow_production_variants",),
    eager=True,
    facts=("VAR.SHADOW_EXCLUSIONS",),
)
def shadow_on_inf1(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.shadow():
        yield from _inf1(spec, "a shadow test")


@rule(
    id="async-on-inf1",
    title="Asynchronous inference does not run on Inf1 instances",
    why="The guide excludes what the deployment guardrails exclude, and Inf1 is among it.",
    fix="Take another instance type, for example one of the Inf2 family.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ASYNC,
    requires=("async_inference_config",),
    eager=True,
    facts=("ASY.NO_INF1",),
)
def async_on_inf1(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.async_inference_config):
        yield from _inf1(spec, "asynchronous inference")


def _inf1(spec: EndpointConfigSpec, feature: str) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if name.startswith(_INF1):
            yield Violation(
                path=path,
                got=name,
                must=f"be any other family because {feature} does not run on Inf1",
                fix="Take another instance type, for example one of the Inf2 family.",
            )


RULES: Final = (
    shadow_several_variants,
    shadow_with_async,
    shadow_on_inf1,
    async_on_inf1,
)
