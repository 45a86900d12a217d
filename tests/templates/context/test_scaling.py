"""What templates show of scaling: what a target scales, and what a policy tracks."""

from __future__ import annotations

from typing import Any

import pytest
from kit.template_resources import (
    BASE,
    COPIES,
    CUT,
    DESIRED,
    HOST,
    NAME,
    Json,
    as_placed,
    component,
    dimension,
    guarded,
    subjects,
    target,
    tracking,
)

from cdk_epc.spec import Path
from cdk_epc.spec.context import ReferencedTarget, ScalableTargetContext, ScalingPolicyContext

BY_NAME = {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/main"}
NAMED = {**BASE, "Endpoint": guarded("errors", EndpointName="fraud")}
LITERAL = "endpoint/fraud/variant/main"


def scaling(resources: Json) -> ScalableTargetContext:
    (subject,) = subjects(ScalableTargetContext, resources)
    assert isinstance(subject, ScalableTargetContext)
    return subject


def test_what_a_target_scales() -> None:
    for base, id_, waits in ((BASE, BY_NAME, True), (NAMED, LITERAL, False)):
        subject = scaling({**base, "T": target(id_)})
        assert subject.config is not None
        assert subject.config.config.production_variants is not None
        assert (subject.variant, subject.is_dependent) == (("production_variants", 0), waits)
    waiting = {**target(LITERAL), "DependsOn": "Endpoint"}
    assert scaling({**NAMED, "T": waiting}).is_dependent
    other = scaling({**NAMED, "T": target("endpoint/fraud/variant/next")})
    assert (other.variant, other.config is None) == (None, False)
    elsewhere = scaling({**NAMED, "T": target("endpoint/other/variant/main")})
    assert (elsewhere.config, elsewhere.is_dependent) == (None, True)
    assert scaling({**NAMED, "T": target({"Ref": "Env"})}).config is None


@pytest.mark.parametrize(
    ("resource_id", "resource_id_has_arn"),
    [
        (BY_NAME, False),
        ({"Fn::Sub": "endpoint/${Endpoint}/variant/main"}, True),
        ({"Fn::Join": ["", ["endpoint/", {"Ref": "Endpoint"}, "/variant/main"]]}, True),
        ({"Fn::Sub": "endpoint/${Endpoint.EndpointArn}/variant/main"}, True),
        ({"Fn::Sub": "endpoint/${Name}/variant/main"}, False),
    ],
)
def test_an_arn_where_the_name_belongs(resource_id: Json, resource_id_has_arn: bool) -> None:  # noqa: FBT001 - a table
    assert scaling({**BASE, "T": target(resource_id)}).resource_id_has_arn == resource_id_has_arn


def test_the_arn_of_a_component_where_its_name_belongs() -> None:
    hosted = {**HOST, "C": component("fraud")}
    for what, resource_id_has_arn in (({"Ref": "C"}, True), (CUT, False)):
        resource_id = {"Fn::Join": ["", ["inference-component/", what]]}
        assert (
            scaling({**hosted, "T": target(resource_id, COPIES)}).resource_id_has_arn
            == resource_id_has_arn
        )


def test_the_policies_of_a_target() -> None:
    resources = {**BASE, "T": target(BY_NAME)}
    by_reference = tracking(ScalingTargetId={"Ref": "T"})
    same = tracking(ResourceId=BY_NAME, ScalableDimension=DESIRED, ServiceNamespace="sagemaker")
    assert scaling(resources).policies == ()
    for policy in (by_reference, same):
        (found_,) = scaling({**resources, "P": policy}).policies or ()
        assert found_.policy_name == "load"
    elsewhere = tracking(
        ResourceId=LITERAL, ScalableDimension=DESIRED, ServiceNamespace="sagemaker"
    )
    assert scaling({**resources, "P": elsewhere}).policies is None
    other = tracking(ServiceNamespace="ecs", ResourceId="service/a/b")
    assert scaling({**resources, "P": other}).policies == ()


ECS = target("service/a/b", "ecs:service:DesiredCount", ServiceNamespace="ecs")


@pytest.mark.parametrize(
    ("given", "may_be_ours"),
    [
        ({"ServiceNamespace": "ecs", "ResourceId": "service/a/b"}, False),
        ({"ServiceNamespace": {"Ref": "Called"}, "ResourceId": "service/a/b"}, True),
        ({"ScalingTargetId": f"{LITERAL}|{DESIRED}|sagemaker"}, True),
        ({"ScalingTargetId": "service/a/b|ecs:service:DesiredCount|ecs"}, False),
        ({"ScalingTargetId": {"Ref": "Called"}}, True),
        ({"ScalingTargetId": {"Ref": "Ecs"}}, False),
    ],
)
def test_a_policy_that_may_be_of_any_target(given: Json, *, may_be_ours: bool) -> None:
    resources = {**BASE, "T": target(BY_NAME), "Ecs": ECS, "P": tracking(**given)}
    seen = subjects(ScalableTargetContext, resources, Parameters={"Called": {"Type": "String"}})
    assert [each.policies for each in seen] == [None if may_be_ours else ()]


def test_a_policy_that_does_not_wait_for_its_target() -> None:
    def waits(policy: Json) -> bool:
        resources = {**BASE, "T": target(BY_NAME), "P": policy}
        (subject,) = subjects(ScalingPolicyContext, resources)
        assert subject.target.logical_id == "T"
        return bool(subject.is_dependent)

    same = tracking(ResourceId=BY_NAME, ScalableDimension=DESIRED, ServiceNamespace="sagemaker")
    assert not waits(same)
    assert waits({**same, "DependsOn": "T"})
    assert waits(tracking(ScalingTargetId={"Ref": "T"}))


def test_a_name_that_is_spelt_otherwise() -> None:
    for name, spelt in (("Fraud", "fraud"), ("fraud", None), ("other", None)):
        placed_on = {**NAMED, "T": target(f"endpoint/{name}/variant/main")}
        assert scaling(placed_on).similar_endpoint_name == spelt
        assert as_placed({**HOST, "C": component(name)}).similar_endpoint_name == spelt
    assert scaling({**BASE, "T": target(BY_NAME)}).similar_endpoint_name is None


def test_the_metrics_of_what_a_policy_scales() -> None:
    def policy(*dimensions: Json) -> ScalingPolicyContext:
        custom = {
            "Namespace": "AWS/SageMaker",
            "MetricName": "ApproximateBacklogSizePerInstance",
            "Statistic": "Average",
            "Dimensions": list(dimensions),
        }
        given = {"TargetValue": 5, "CustomizedMetricSpecification": custom}
        placed = tracking(
            ScalingTargetId={"Ref": "T"}, TargetTrackingScalingPolicyConfiguration=given
        )
        found_ = subjects(ScalingPolicyContext, {**BASE, "T": target(BY_NAME), "P": placed})
        (subject,) = found_
        assert isinstance(subject, ScalingPolicyContext)
        return subject

    of_endpoint, main = dimension("EndpointName", NAME), dimension("VariantName", "main")
    own = frozenset(
        {("target_tracking_scaling_policy_configuration", "customized_metric_specification")}
    )
    assert policy(of_endpoint).own_metrics == policy(of_endpoint, main).own_metrics == own
    assert policy(of_endpoint, dimension("VariantName", "next")).own_metrics == frozenset()
    assert policy(dimension("EndpointName", "other")).own_metrics == frozenset()
    scaled = policy(of_endpoint).target
    assert scaled is not None
    assert scaled.logical_id == "T"


@pytest.mark.parametrize("name", ["scorer", CUT])
def test_what_scales_a_component(name: Any) -> None:
    id_ = (
        f"inference-component/{name}"
        if isinstance(name, str)
        else {"Fn::Join": ["", ["inference-component/", name]]}
    )
    resources = {
        **HOST,
        "C": component(NAME, InferenceComponentName="scorer"),
        "T": target(id_, COPIES),
    }
    scaled = ReferencedTarget(logical_id="T", dimension=COPIES, min_capacity=1)
    assert as_placed(resources).scalable_target == scaled
    assert scaling(resources).component is not None
    assert scaling(resources).is_dependent is not isinstance(name, str)


CUSTOM: Path = ("target_tracking_scaling_policy_configuration", "customized_metric_specification")


def policy_on(scaled: Json, target_: Json, custom: Json) -> ScalingPolicyContext:
    given = {"TargetValue": 5, "CustomizedMetricSpecification": custom}
    placed = tracking(ScalingTargetId={"Ref": "T"}, TargetTrackingScalingPolicyConfiguration=given)
    (subject,) = subjects(ScalingPolicyContext, {**scaled, "T": target_, "P": placed})
    assert isinstance(subject, ScalingPolicyContext)
    return subject


def test_the_metrics_of_an_expression() -> None:
    def query(id_: str, endpoint: Any) -> Json:
        metric = {"MetricName": "Backlog", "Dimensions": [dimension("EndpointName", endpoint)]}
        return {"Id": id_, "MetricStat": {"Metric": metric, "Stat": "Sum"}}

    queries = [
        {"Id": "share", "Expression": "a / b"},
        query("a", "other"),
        query("b", NAME),
        {"Id": "c", "MetricStat": {"Stat": "Sum"}},
    ]
    subject = policy_on(BASE, target(BY_NAME), {"Metrics": queries})
    assert subject.own_metrics == {(*CUSTOM, "metrics", 2, "metric_stat", "metric")}


@pytest.mark.parametrize(
    ("dimensions", "own"),
    [
        ([dimension("InferenceComponentName", "scorer")], {CUSTOM}),
        ([dimension("InferenceComponentName", CUT)], {CUSTOM}),
        ([dimension("InferenceComponentName", "other")], set()),
        ([dimension("InferenceComponentName", {"Fn::Sub": "${C}-${D}"})], set()),
        ([dimension("EndpointName", "fraud")], set()),
        ([], set()),
    ],
)
def test_the_metrics_of_a_component(dimensions: list[Json], own: set[Path]) -> None:
    resources = {
        **HOST,
        "C": component(NAME, InferenceComponentName="scorer"),
        "D": component(NAME, InferenceComponentName="other"),
    }
    custom = {"MetricName": "Load", "Dimensions": dimensions}
    subject = policy_on(resources, target("inference-component/scorer", COPIES), custom)
    assert subject.own_metrics == own


def test_the_metrics_of_what_is_not_in_sight_are_nobodys() -> None:
    custom = {"MetricName": "Load", "Dimensions": [dimension("EndpointName", NAME)]}
    assert (
        policy_on(BASE, target("endpoint/elsewhere/variant/main"), custom).own_metrics
        == frozenset()
    )
