"""Rules on properties that an endpoint retains, and endpoints without a finding."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.alarms import COMPONENTS, REAL_TIME, SERVERLESS
from kit.subjects import endpoint, spec_of

from cdk_epc.rules import RULES, Finding, Severity, check
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from cdk_epc.spec import (
    BlueGreenUpdatePolicy,
    DeploymentConfig,
    EndpointConfigSpec,
    EndpointSpec,
    ManagedInstanceScaling,
    Path,
    ProductionVariant,
    VariantProperty,
)
from cdk_epc.spec.context import ConfigContext, EndpointContext, ReferencedTarget
from cdk_epc.spec.unresolved import Unresolved

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
MAIN: Path = ("production_variants", 0)
NEXT: Path = ("production_variants", 1)
TOKEN = "${Token[TOKEN.1]}"  # noqa: S105 - CDK's encoding of a token
NUMBER_TOKEN: Any = -1.8881545897087638e289
UNRESOLVED: Any = Unresolved({"Ref": "Wait"})
COUNT, WEIGHT, CAPTURE = "DesiredInstanceCount", "DesiredWeight", "DataCaptureConfig"
API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html"


def retaining_except(*types: str) -> dict[str, Any]:
    excluded = [{"VariantPropertyType": type_} for type_ in types]
    return {"RetainAllVariantProperties": True, "ExcludeRetainedVariantProperties": excluded}


def with_config(
    given: dict[str, Any], dimension: str | None, config: Any = REAL_TIME
) -> EndpointContext:
    """Return an endpoint whose configuration has a variant that scales by this dimension."""
    target = ReferencedTarget(logical_id="T", dimension=dimension)
    targets = {} if dimension is None else {MAIN: target}
    return EndpointContext(
        endpoint=endpoint({"EndpointConfigName": "config", **given}),
        config=ConfigContext(config=spec_of(EndpointConfigSpec, config), scalable_targets=targets),
    )


def found(subject: EndpointContext | EndpointSpec) -> list[tuple[str, str, str]]:
    return [(each.rule_id, each.message, each.fix) for each in check(subject)]


@pytest.mark.parametrize("given", [{}, {"RetainAllVariantProperties": False}])
def test_a_scaled_count_that_is_reset(given: dict[str, Any]) -> None:
    assert found(with_config(given, INSTANCES)) == [
        (
            "scaled-count-reset",
            "updates of the endpoint reset the instance count, which T scales",
            (
                "Set RetainAllVariantProperties to true. To deploy new counts, exclude "
                "DesiredInstanceCount once."
            ),
        )
    ]


def test_scaled_counts_of_two_variants_that_are_reset() -> None:
    subject = with_config({}, INSTANCES)
    assert subject.config is not None
    other = ReferencedTarget(logical_id="Other", dimension=INSTANCES)
    scaled = {**subject.config.scalable_targets, NEXT: other}
    config = attrs.evolve(subject.config, scalable_targets=scaled)
    ((_, message, _),) = found(attrs.evolve(subject, config=config))
    assert message == "updates of the endpoint reset the instance count, which Other and T scale"


def test_a_retained_count_without_scaling() -> None:
    assert found(with_config({"RetainAllVariantProperties": True}, None)) == [
        (
            "retained-count-ignored",
            (
                "the endpoint retains the instance count of variant 'main', which no scalable "
                "target of this app scales"
            ),
            (
                "Exclude DesiredInstanceCount, or remove RetainAllVariantProperties. If the "
                "variant is scaled outside this app, or its scaling is removed for one deployment, "
                "acknowledge the warning."
            ),
        )
    ]


def test_excluded_weights_are_not_counts() -> None:
    (finding,) = found(with_config(retaining_except(WEIGHT), None))
    assert finding[0] == "retained-count-ignored"


def test_a_variant_without_a_known_name() -> None:
    (variant,) = REAL_TIME["ProductionVariants"]
    config = {"ProductionVariants": [{**variant, "VariantName": TOKEN}]}
    ((_, message, _),) = found(with_config({"RetainAllVariantProperties": True}, None, config))
    assert message.startswith(
        "the endpoint retains the instance count of a variant with an unresolved name"
    )


def test_a_scaled_count_that_is_excluded() -> None:
    assert found(with_config(retaining_except(WEIGHT, COUNT), INSTANCES)) == [
        (
            "scaled-count-excluded",
            (
                "ExcludeRetainedVariantProperties[1].VariantPropertyType 'DesiredInstanceCount' "
                "is not allowed because T scales the instances"
            ),
            "Remove the item after the new counts are deployed.",
        )
    ]


def test_data_capture_that_is_excluded() -> None:
    subject = endpoint({"EndpointConfigName": "config", **retaining_except(CAPTURE)})
    assert found(subject) == [
        (
            "retained-data-capture-excluded",
            (
                "ExcludeRetainedVariantProperties[0].VariantPropertyType is 'DataCaptureConfig'; "
                "must be DesiredInstanceCount or DesiredWeight"
            ),
            "Remove the item.",
        )
    ]


@pytest.mark.parametrize(
    ("given", "dimension", "config"),
    [
        ({"RetainAllVariantProperties": True}, INSTANCES, REAL_TIME),
        (retaining_except(WEIGHT), INSTANCES, REAL_TIME),
        ({"RetainAllVariantProperties": TOKEN}, INSTANCES, REAL_TIME),
        # AWS documents no effect of a configuration change on provisioned concurrency.
        ({}, CONCURRENCY, SERVERLESS),
        ({}, None, REAL_TIME),
        ({"RetainAllVariantProperties": False}, None, REAL_TIME),
        (retaining_except(COUNT), None, REAL_TIME),
        (retaining_except(WEIGHT, TOKEN), None, REAL_TIME),
        (retaining_except() | {"ExcludeRetainedVariantProperties": TOKEN}, None, REAL_TIME),
        ({"RetainAllVariantProperties": TOKEN}, None, REAL_TIME),
        ({"RetainAllVariantProperties": True}, None, SERVERLESS),
        # Managed instance scaling may change the number of instances.
        ({"RetainAllVariantProperties": True}, None, COMPONENTS),
    ],
)
def test_endpoints_without_a_finding(
    given: dict[str, Any], dimension: str | None, config: Any
) -> None:
    assert found(with_config(given, dimension, config)) == []


def test_an_endpoint_without_a_known_configuration() -> None:
    spec = endpoint({"EndpointConfigName": "config", "RetainAllVariantProperties": True})
    assert check(EndpointContext(endpoint=spec)) == []


def test_a_deployment_together_with_a_retained_one() -> None:
    policy = BlueGreenUpdatePolicy(termination_wait_in_seconds=600)
    deployment = DeploymentConfig(blue_green_update_policy=policy)
    spec = EndpointSpec(
        endpoint_config_name="c", deployment_config=deployment, retain_deployment_config=True
    )
    assert of_rule(spec, "retained-deployment-unclear") == [
        Finding(
            rule_id="retained-deployment-unclear",
            severity=Severity.WARNING,
            path="RetainDeploymentConfig",
            got=True,
            allowed="no value together with DeploymentConfig",
            message="RetainDeploymentConfig is not allowed together with DeploymentConfig",
            fix="Remove RetainDeploymentConfig to deploy according to DeploymentConfig, or remove "
            "DeploymentConfig.",
            source_url=API,
        )
    ]
    for retain in (None, False, NUMBER_TOKEN, UNRESOLVED):
        other = attrs.evolve(spec, retain_deployment_config=retain)
        assert of_rule(other, "retained-deployment-unclear") == []
    for absent in (None, UNRESOLVED):
        other = attrs.evolve(spec, deployment_config=absent)
        assert of_rule(other, "retained-deployment-unclear") == []


def of_rule(subject: EndpointContext | EndpointSpec, rule: str) -> list[Finding]:
    every = (*RULES, *PEDANTIC_RULES)
    return [each for each in check(subject, every) if each.rule_id == rule]


def variant(name: Any, **more: Any) -> ProductionVariant:
    given = {"model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 2, **more}
    return ProductionVariant(variant_name=name, **given)


def context(
    *variants: ProductionVariant, scaled: tuple[Path, ...] = (MAIN,), **given: Any
) -> EndpointContext:
    targets = {path: ReferencedTarget(logical_id="Target") for path in scaled}
    members = {"retain_all_variant_properties": True, **given}
    return EndpointContext(
        endpoint=EndpointSpec(endpoint_config_name="c", **members),
        config=ConfigContext(
            config=EndpointConfigSpec(production_variants=variants), scalable_targets=targets
        ),
    )


def test_retained_counts_of_variants_that_do_not_scale() -> None:
    subject = context(variant("main"), variant("next"), variant(UNRESOLVED))
    assert of_rule(subject, "retained-count-beside-scaled") == [
        Finding(
            rule_id="retained-count-beside-scaled",
            severity=Severity.WARNING,
            path="RetainAllVariantProperties",
            got=True,
            allowed="",
            message="the endpoint retains the instance counts of all variants, but no scalable "
            "target of this app scales variant 'next' and a variant with an unresolved name",
            fix="Scale the variant with equal minimum and maximum capacity, which you can change "
            "later, or leave its count unchanged.",
            source_url=API,
        )
    ]


def excluding(kind: Any) -> dict[str, Any]:
    return {"exclude_retained_variant_properties": (VariantProperty(variant_property_type=kind),)}


MANAGED = ManagedInstanceScaling(status="ENABLED", min_instance_count=1, max_instance_count=4)
VARIANTS = (variant("main"), variant("next"))

GOOD = {
    "both variants scale": context(*VARIANTS, scaled=(MAIN, NEXT)),
    "no variant scales": context(*VARIANTS, scaled=()),
    "nothing is retained": context(*VARIANTS, retain_all_variant_properties=False),
    "retention is not set": context(*VARIANTS, retain_all_variant_properties=None),
    "retention is unresolved": context(*VARIANTS, retain_all_variant_properties=UNRESOLVED),
    "counts are excluded": context(*VARIANTS, **excluding("DesiredInstanceCount")),
    "an exclusion is unresolved": context(*VARIANTS, **excluding(UNRESOLVED)),
    "exclusions are unresolved": context(*VARIANTS, exclude_retained_variant_properties=UNRESOLVED),
    "SageMaker scales the variant": context(
        variant("main"), variant("next", managed_instance_scaling=MANAGED)
    ),
    "the count is unresolved": context(
        variant("main"), variant("next", initial_instance_count=NUMBER_TOKEN)
    ),
    "the variant has no count": context(
        variant("main"), variant("next", initial_instance_count=None)
    ),
    "the configuration is not known": EndpointContext(
        endpoint=EndpointSpec(retain_all_variant_properties=True)
    ),
}


@pytest.mark.parametrize("case", GOOD)
def test_counts_that_can_be_changed_or_are_not_known(case: str) -> None:
    assert of_rule(GOOD[case], "retained-count-beside-scaled") == []


def test_managed_scaling_that_is_disabled_does_not_scale() -> None:
    off = attrs.evolve(MANAGED, status="DISABLED")
    weights = excluding("DesiredWeight")
    subject = context(variant("main"), variant("next", managed_instance_scaling=off), **weights)
    assert len(of_rule(subject, "retained-count-beside-scaled")) == 1
