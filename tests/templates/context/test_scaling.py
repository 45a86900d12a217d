"""Scalable targets with their resource, and scaling policies with their metrics."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import (
    BASE,
    COMPONENT_BASE,
    COPIES,
    ENDPOINT_NAME,
    INSTANCES,
    NAME_IN_ARN,
    Json,
    component,
    component_context,
    dimension,
    endpoint_with_rollback,
    scaling_policy,
    subjects,
    target,
)

from cdk_epc.spec import Path
from cdk_epc.spec.context import ReferencedTarget, ScalableTargetContext, ScalingPolicyContext

RESOURCE_ID = {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/main"}
NAMED_ENDPOINT = {**BASE, "Endpoint": endpoint_with_rollback("errors", EndpointName="fraud")}
LITERAL = "endpoint/fraud/variant/main"


def target_context(resources: Json) -> ScalableTargetContext:
    (subject,) = subjects(ScalableTargetContext, resources)
    assert isinstance(subject, ScalableTargetContext)
    return subject


def test_scaled_resource() -> None:
    for base, id_, is_after in ((BASE, RESOURCE_ID, True), (NAMED_ENDPOINT, LITERAL, False)):
        subject = target_context({**base, "T": target(id_)})
        assert subject.config is not None
        assert subject.config.config.production_variants is not None
        assert (subject.variant, subject.is_dependent) == (("production_variants", 0), is_after)
    dependent = {**target(LITERAL), "DependsOn": "Endpoint"}
    assert target_context({**NAMED_ENDPOINT, "T": dependent}).is_dependent
    other = target_context({**NAMED_ENDPOINT, "T": target("endpoint/fraud/variant/next")})
    assert (other.variant, other.config is None) == (None, False)
    other_id = target_context({**NAMED_ENDPOINT, "T": target("endpoint/other/variant/main")})
    assert (other_id.config, other_id.is_dependent) == (None, True)
    assert target_context({**NAMED_ENDPOINT, "T": target({"Ref": "Env"})}).config is None


@pytest.mark.parametrize(
    ("resource_id", "resource_id_has_arn"),
    [
        (RESOURCE_ID, False),
        ({"Fn::Sub": "endpoint/${Endpoint}/variant/main"}, True),
        ({"Fn::Join": ["", ["endpoint/", {"Ref": "Endpoint"}, "/variant/main"]]}, True),
        ({"Fn::Sub": "endpoint/${Endpoint.EndpointArn}/variant/main"}, True),
        ({"Fn::Sub": "endpoint/${Name}/variant/main"}, False),
    ],
)
def test_arn_of_an_endpoint(resource_id: Json, resource_id_has_arn: bool) -> None:  # noqa: FBT001 - a table
    assert (
        target_context({**BASE, "T": target(resource_id)}).resource_id_has_arn
        == resource_id_has_arn
    )


def test_arn_of_a_component() -> None:
    hosted = {**COMPONENT_BASE, "C": component("fraud")}
    for name, resource_id_has_arn in (({"Ref": "C"}, True), (NAME_IN_ARN, False)):
        resource_id = {"Fn::Join": ["", ["inference-component/", name]]}
        assert (
            target_context({**hosted, "T": target(resource_id, COPIES)}).resource_id_has_arn
            == resource_id_has_arn
        )


def test_policies_of_a_target() -> None:
    resources = {**BASE, "T": target(RESOURCE_ID)}
    by_reference = scaling_policy(ScalingTargetId={"Ref": "T"})
    same = scaling_policy(
        ResourceId=RESOURCE_ID, ScalableDimension=INSTANCES, ServiceNamespace="sagemaker"
    )
    assert target_context(resources).policies == ()
    for policy in (by_reference, same):
        (policy_,) = target_context({**resources, "P": policy}).policies or ()
        assert policy_.policy_name == "load"
    other_id = scaling_policy(
        ResourceId=LITERAL, ScalableDimension=INSTANCES, ServiceNamespace="sagemaker"
    )
    assert target_context({**resources, "P": other_id}).policies is None
    other = scaling_policy(ServiceNamespace="ecs", ResourceId="service/a/b")
    assert target_context({**resources, "P": other}).policies == ()


ECS = target("service/a/b", "ecs:service:DesiredCount", ServiceNamespace="ecs")


@pytest.mark.parametrize(
    ("given", "may_be_of_sagemaker"),
    [
        ({"ServiceNamespace": "ecs", "ResourceId": "service/a/b"}, False),
        ({"ServiceNamespace": {"Ref": "Name"}, "ResourceId": "service/a/b"}, True),
        ({"ScalingTargetId": f"{LITERAL}|{INSTANCES}|sagemaker"}, True),
        ({"ScalingTargetId": "service/a/b|ecs:service:DesiredCount|ecs"}, False),
        ({"ScalingTargetId": {"Ref": "Name"}}, True),
        ({"ScalingTargetId": {"Ref": "Ecs"}}, False),
    ],
)
def test_policies_of_an_unknown_target(given: Json, *, may_be_of_sagemaker: bool) -> None:
    resources = {**BASE, "T": target(RESOURCE_ID), "Ecs": ECS, "P": scaling_policy(**given)}
    seen = subjects(ScalableTargetContext, resources, Parameters={"Name": {"Type": "String"}})
    assert [each.policies for each in seen] == [None if may_be_of_sagemaker else ()]


def test_creation_order_of_policy_and_target() -> None:
    def is_after(policy: Json) -> bool:
        resources = {**BASE, "T": target(RESOURCE_ID), "P": policy}
        (subject,) = subjects(ScalingPolicyContext, resources)
        assert subject.target.logical_id == "T"
        return bool(subject.is_dependent)

    same = scaling_policy(
        ResourceId=RESOURCE_ID, ScalableDimension=INSTANCES, ServiceNamespace="sagemaker"
    )
    assert not is_after(same)
    assert is_after({**same, "DependsOn": "T"})
    assert is_after(scaling_policy(ScalingTargetId={"Ref": "T"}))


def test_similar_endpoint_names() -> None:
    for name, similar in (("Fraud", "fraud"), ("fraud", None), ("other", None)):
        resources = {**NAMED_ENDPOINT, "T": target(f"endpoint/{name}/variant/main")}
        assert target_context(resources).similar_endpoint_name == similar
        assert (
            component_context({**COMPONENT_BASE, "C": component(name)}).similar_endpoint_name
            == similar
        )
    assert target_context({**BASE, "T": target(RESOURCE_ID)}).similar_endpoint_name is None


def test_own_metrics_of_an_endpoint() -> None:
    def policy(*dimensions: Json) -> ScalingPolicyContext:
        customized = {
            "Namespace": "AWS/SageMaker",
            "MetricName": "ApproximateBacklogSizePerInstance",
            "Statistic": "Average",
            "Dimensions": list(dimensions),
        }
        given = {"TargetValue": 5, "CustomizedMetricSpecification": customized}
        policy_ = scaling_policy(
            ScalingTargetId={"Ref": "T"}, TargetTrackingScalingPolicyConfiguration=given
        )
        policy_ = subjects(ScalingPolicyContext, {**BASE, "T": target(RESOURCE_ID), "P": policy_})
        (subject,) = policy_
        assert isinstance(subject, ScalingPolicyContext)
        return subject

    of_endpoint, main = dimension("EndpointName", ENDPOINT_NAME), dimension("VariantName", "main")
    own = frozenset(
        {("target_tracking_scaling_policy_configuration", "customized_metric_specification")}
    )
    assert policy(of_endpoint).own_metrics == policy(of_endpoint, main).own_metrics == own
    assert policy(of_endpoint, dimension("VariantName", "next")).own_metrics == frozenset()
    assert policy(dimension("EndpointName", "other")).own_metrics == frozenset()
    scaled = policy(of_endpoint).target
    assert scaled is not None
    assert scaled.logical_id == "T"


@pytest.mark.parametrize("name", ["scorer", NAME_IN_ARN])
def test_target_of_a_component(name: Any) -> None:
    id_ = (
        f"inference-component/{name}"
        if isinstance(name, str)
        else {"Fn::Join": ["", ["inference-component/", name]]}
    )
    resources = {
        **COMPONENT_BASE,
        "C": component(ENDPOINT_NAME, InferenceComponentName="scorer"),
        "T": target(id_, COPIES),
    }
    scaled = ReferencedTarget(logical_id="T", dimension=COPIES, min_capacity=1, max_capacity=4)
    assert component_context(resources).scalable_target == scaled
    assert target_context(resources).component is not None
    assert target_context(resources).is_dependent is not isinstance(name, str)


CUSTOMIZED: Path = (
    "target_tracking_scaling_policy_configuration",
    "customized_metric_specification",
)


def policy_on(resources: Json, target_: Json, customized: Json) -> ScalingPolicyContext:
    given = {"TargetValue": 5, "CustomizedMetricSpecification": customized}
    policy_ = scaling_policy(
        ScalingTargetId={"Ref": "T"}, TargetTrackingScalingPolicyConfiguration=given
    )
    (subject,) = subjects(ScalingPolicyContext, {**resources, "T": target_, "P": policy_})
    assert isinstance(subject, ScalingPolicyContext)
    return subject


def test_own_metrics_of_an_expression() -> None:
    def query(id_: str, endpoint: Any) -> Json:
        metric = {"MetricName": "Backlog", "Dimensions": [dimension("EndpointName", endpoint)]}
        return {"Id": id_, "MetricStat": {"Metric": metric, "Stat": "Sum"}}

    queries = [
        {"Id": "share", "Expression": "a / b"},
        query("a", "other"),
        query("b", ENDPOINT_NAME),
        {"Id": "c", "MetricStat": {"Stat": "Sum"}},
    ]
    subject = policy_on(BASE, target(RESOURCE_ID), {"Metrics": queries})
    assert subject.own_metrics == {(*CUSTOMIZED, "metrics", 2, "metric_stat", "metric")}


@pytest.mark.parametrize(
    ("dimensions", "own"),
    [
        ([dimension("InferenceComponentName", "scorer")], {CUSTOMIZED}),
        ([dimension("InferenceComponentName", NAME_IN_ARN)], {CUSTOMIZED}),
        ([dimension("InferenceComponentName", "other")], set()),
        ([dimension("InferenceComponentName", {"Fn::Sub": "${C}-${D}"})], set()),
        ([dimension("EndpointName", "fraud")], set()),
        ([], set()),
    ],
)
def test_own_metrics_of_a_component(dimensions: list[Json], own: set[Path]) -> None:
    resources = {
        **COMPONENT_BASE,
        "C": component(ENDPOINT_NAME, InferenceComponentName="scorer"),
        "D": component(ENDPOINT_NAME, InferenceComponentName="other"),
    }
    customized = {"MetricName": "Load", "Dimensions": dimensions}
    subject = policy_on(resources, target("inference-component/scorer", COPIES), customized)
    assert subject.own_metrics == own


def test_metrics_of_an_unknown_endpoint() -> None:
    customized = {"MetricName": "Load", "Dimensions": [dimension("EndpointName", ENDPOINT_NAME)]}
    assert (
        policy_on(BASE, target("endpoint/unknown/variant/main"), customized).own_metrics
        == frozenset()
    )
