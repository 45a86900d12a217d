"""Rules on dependencies between resources."""

from __future__ import annotations

from typing import Any

import attrs
from kit.subjects import endpoint

from cdk_epc.rules import RULES, check
from cdk_epc.spec import InferenceComponentSpec
from cdk_epc.spec.context import (
    EndpointContext,
    InferenceComponentContext,
    ReferencedPolicy,
    ScalableTargetContext,
    ScalingPolicyContext,
)
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec


def found(subject: Any) -> list[tuple[str, str, str]]:
    return [(each.rule_id, each.message, each.fix) for each in check(subject)]


def test_an_endpoint_without_a_dependency_on_a_policy_of_its_role() -> None:
    awaited = ReferencedPolicy(logical_id="Default", role="Role")
    other = ReferencedPolicy(logical_id="More", role="Role", is_dependency=False)
    spec = endpoint({"EndpointConfigName": "config"})
    assert found(EndpointContext(endpoint=spec, policies=(awaited, other))) == [
        (
            "role-policy-not-awaited",
            "the endpoint has no dependency on More, a policy of its role Role",
            "Add DependsOn: More to the endpoint or the model.",
        )
    ]


def test_a_scaling_policy_without_a_dependency_on_its_target() -> None:
    target = ScalableTargetContext(target=ScalableTargetSpec(), logical_id="T")
    policy = ScalingPolicySpec(
        policy_name="load",
        resource_id="endpoint/fraud/variant/main",
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        service_namespace="sagemaker",
    )
    awaited = ScalingPolicyContext(policy=policy, target=target)
    assert check(awaited) == []
    assert found(attrs.evolve(awaited, is_dependent=False)) == [
        (
            "scaling-target-not-awaited",
            "the policy has no dependency on its scalable target T",
            'Set ScalingTargetId to {"Ref": "T"}, or add DependsOn: T.',
        )
    ]


def test_an_endpoint_name_in_another_spelling() -> None:
    target = ScalableTargetSpec(resource_id="endpoint/Fraud/variant/main")
    component = InferenceComponentSpec(endpoint_name="Fraud", variant_name="main")
    must = "must spell the endpoint name as 'fraud'"
    subjects: list[tuple[ScalableTargetContext | InferenceComponentContext, str]] = [
        (
            ScalableTargetContext(target=target, logical_id="T", similar_endpoint_name="fraud"),
            f"ResourceId is 'endpoint/Fraud/variant/main'; {must}",
        ),
        (
            InferenceComponentContext(component=component, similar_endpoint_name="fraud"),
            f"EndpointName is 'Fraud'; {must}",
        ),
    ]
    (spelling,) = [rule for rule in RULES if rule.id == "endpoint-name-misspelt"]
    for subject, message in subjects:
        (finding,) = check(subject, [spelling])
        assert (finding.message, finding.fix) == (
            message,
            "Use Fn::GetAtt with EndpointName of the endpoint, or correct the spelling.",
        )
        assert check(attrs.evolve(subject, similar_endpoint_name=None), [spelling]) == []
