"""What an endpoint retains: each rule, and the nearest endpoint of which nothing is said."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.alarms import COMPONENTS, REAL_TIME, SERVERLESS
from kit.subjects import endpoint, spec_of

from cdk_epc.rules import RULES, check
from cdk_epc.spec import EndpointConfigSpec, InferenceComponentSpec, Path
from cdk_epc.spec.context import (
    ConfigContext,
    EndpointContext,
    InferenceComponentContext,
    ReferencedPolicy,
    ReferencedTarget,
    ScalableTargetContext,
    ScalingPolicyContext,
)
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
VARIANT: Path = ("production_variants", 0)
UNTOLD = "${Token[TOKEN.1]}"
COUNT, WEIGHT, CAPTURE = "DesiredInstanceCount", "DesiredWeight", "DataCaptureConfig"


def excluding(*types: str, retain: Any = True) -> dict[str, Any]:
    excluded = [{"VariantPropertyType": type_} for type_ in types]
    return {
        "RetainAllVariantProperties": retain,
        "ExcludeRetainedVariantProperties": excluded,
    }


def placed(given: dict[str, Any], scaled: str | None, config: Any = REAL_TIME) -> EndpointContext:
    """An endpoint of a configuration whose variant is scaled by this dimension."""
    target = ReferencedTarget(logical_id="T", dimension=scaled)
    targets = {} if scaled is None else {VARIANT: target}
    return EndpointContext(
        endpoint=endpoint({"EndpointConfigName": "config", **given}),
        config=ConfigContext(config=spec_of(EndpointConfigSpec, config), scaled=targets),
    )


def found(subject: EndpointContext) -> list[tuple[str, str, str]]:
    return [(each.rule_id, each.message, each.fix) for each in check(subject)]


RESET = (
    "allowed: true, for T scales the instances",
    "Set it to true; to begin with other counts, exclude DesiredInstanceCount once.",
)


@pytest.mark.parametrize(
    ("given", "got"),
    [({}, "missing"), ({"RetainAllVariantProperties": False}, "False")],
)
def test_a_scaled_count_that_is_reset(given: dict[str, Any], got: str) -> None:
    message = f"RetainAllVariantProperties is {got}; {RESET[0]}"
    assert found(placed(given, INSTANCES)) == [("scaled-count-reset", message, RESET[1])]


def test_a_count_that_has_no_effect() -> None:
    assert found(placed({"RetainAllVariantProperties": True}, None)) == [
        (
            "retained-count-ignored",
            (
                "RetainAllVariantProperties is True; allowed: false, or DesiredInstanceCount "
                "excluded, for nothing in sight scales the variant 'main'"
            ),
            (
                "Exclude DesiredInstanceCount, or take this out; what scales the variant from "
                "outside of this app is a reason to acknowledge it."
            ),
        )
    ]


def test_weights_that_are_excluded_are_no_counts() -> None:
    (finding,) = found(placed(excluding(WEIGHT), None))
    assert finding[0] == "retained-count-ignored"


def test_a_variant_whose_name_is_not_known_is_a_variant() -> None:
    (variant,) = REAL_TIME["ProductionVariants"]
    config = {"ProductionVariants": [{**variant, "VariantName": UNTOLD}]}
    ((_, message, _),) = found(placed({"RetainAllVariantProperties": True}, None, config))
    assert message.endswith("excluded, for nothing in sight scales a variant")


def test_a_scaled_count_that_is_excluded() -> None:
    assert found(placed(excluding(WEIGHT, COUNT), INSTANCES)) == [
        (
            "scaled-count-excluded",
            (
                "ExcludeRetainedVariantProperties[1].VariantPropertyType is "
                "'DesiredInstanceCount'; allowed: no exception of it, for T scales the instances"
            ),
            "Take the exception out once the new counts are deployed.",
        )
    ]


def test_data_capture_is_no_exception() -> None:
    subject = endpoint({"EndpointConfigName": "config", **excluding(CAPTURE)})
    assert [(each.rule_id, each.message, each.fix) for each in check(subject)] == [
        (
            "retained-data-capture-excluded",
            (
                "ExcludeRetainedVariantProperties[0].VariantPropertyType is 'DataCaptureConfig'; "
                "allowed: DesiredInstanceCount or DesiredWeight"
            ),
            "Take it out.",
        )
    ]


@pytest.mark.parametrize(
    ("given", "scaled", "config"),
    [
        ({"RetainAllVariantProperties": True}, INSTANCES, REAL_TIME),
        (excluding(WEIGHT), INSTANCES, REAL_TIME),
        ({"RetainAllVariantProperties": UNTOLD}, INSTANCES, REAL_TIME),
        # What a configuration change does to provisioned concurrency is documented nowhere.
        ({}, CONCURRENCY, SERVERLESS),
        ({}, None, REAL_TIME),
        ({"RetainAllVariantProperties": False}, None, REAL_TIME),
        (excluding(COUNT), None, REAL_TIME),
        (excluding(WEIGHT, UNTOLD), None, REAL_TIME),
        (excluding() | {"ExcludeRetainedVariantProperties": UNTOLD}, None, REAL_TIME),
        ({"RetainAllVariantProperties": UNTOLD}, None, REAL_TIME),
        ({"RetainAllVariantProperties": True}, None, SERVERLESS),
        # SageMaker's own scaling may be at work.
        ({"RetainAllVariantProperties": True}, None, COMPONENTS),
    ],
)
def test_nothing_is_said(given: dict[str, Any], scaled: str | None, config: Any) -> None:
    assert found(placed(given, scaled, config)) == []


def test_nothing_is_said_without_the_configuration() -> None:
    spec = endpoint({"EndpointConfigName": "config", "RetainAllVariantProperties": True})
    assert check(EndpointContext(endpoint=spec)) == []


def test_a_policy_that_nothing_waits_for() -> None:
    waited = ReferencedPolicy(logical_id="Default", role="Role")
    missed = ReferencedPolicy(logical_id="More", role="Role", is_awaited=False)
    spec = endpoint({"EndpointConfigName": "config"})
    subject = EndpointContext(endpoint=spec, policies=(waited, missed))
    assert found(subject) == [
        (
            "role-policy-not-awaited",
            (
                "EndpointConfigName: an endpoint that does not wait for More; allowed: one that "
                "does, for that is a policy of its role Role"
            ),
            "Add DependsOn: More, here or on the model.",
        )
    ]


def test_a_scaling_policy_that_does_not_wait() -> None:
    target = ScalableTargetContext(target=ScalableTargetSpec(), logical_id="T")
    policy = ScalingPolicySpec(policy_name="load", resource_id="endpoint/fraud/variant/main")
    waits = ScalingPolicyContext(policy=policy, scaling=target)
    assert check(waits) == []
    (finding,) = check(attrs.evolve(waits, is_created_after=False))
    assert (finding.rule_id, finding.message, finding.fix) == (
        "scaling-target-not-awaited",
        (
            "ResourceId: a policy that does not wait for T; allowed: one that does, for a target "
            "is registered before it has policies"
        ),
        "Take ScalingTargetId with a Ref of T, or add DependsOn.",
    )


def test_an_endpoint_that_is_spelt_otherwise() -> None:
    target = ScalableTargetSpec(resource_id="endpoint/Fraud/variant/main")
    component = InferenceComponentSpec(endpoint_name="Fraud", variant_name="main")
    named = "allowed: 'fraud', as the endpoint is called"
    scaling = ScalableTargetContext(target=target, logical_id="T", spelt="fraud")
    placed_on = InferenceComponentContext(component=component, spelt="fraud")
    subjects: list[tuple[ScalableTargetContext | InferenceComponentContext, str]] = [
        (scaling, f"ResourceId is 'endpoint/Fraud/variant/main'; {named}"),
        (placed_on, f"EndpointName is 'Fraud'; {named}"),
    ]
    (spelling,) = [rule for rule in RULES if rule.id == "endpoint-name-misspelt"]
    for subject, message in subjects:
        (finding,) = check(subject, [spelling])
        assert (finding.message, finding.fix) == (
            message,
            "Refer to the endpoint's EndpointName by Fn::GetAtt, or spell it alike.",
        )
        assert check(attrs.evolve(subject, spelt=None), [spelling]) == []
