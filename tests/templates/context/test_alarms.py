"""Alarms: their endpoints, and rollback alarms."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import (
    BASE,
    COMPONENT_BASE,
    CONDITIONS,
    ENDPOINT,
    ENDPOINT_NAME,
    ENV,
    NAME_IN_ARN,
    Json,
    alarm,
    component,
    dimension,
    endpoint_with_rollback,
    get,
    resource,
    rules_by_resource,
    subjects,
    target,
)

from cdk_epc.rules import Finding, Severity
from cdk_epc.spec.context import AlarmContext
from cdk_epc.templates import check_template

CYCLE = [("Endpoint", "rollback-alarm-cycle")]
SUB = {"Fn::Sub": "${Endpoint.EndpointName}"}
SPLIT = {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Endpoint"}]}]}
IF_PROD = {"Fn::If": ["IsProd", ENDPOINT_NAME, "fraud"]}


@pytest.mark.parametrize(
    ("alarms", "name", "expected"),
    [
        ({"A": alarm(ENDPOINT_NAME)}, {"Ref": "A"}, CYCLE),
        ({"A": alarm(SUB)}, {"Ref": "A"}, CYCLE),
        ({"A": alarm(SPLIT)}, {"Ref": "A"}, CYCLE),
        ({"A": {**alarm("fraud"), "DependsOn": "Endpoint"}}, {"Ref": "A"}, CYCLE),
        (
            {
                "A": alarm(ENDPOINT_NAME),
                "B": resource("AWS::CloudWatch::CompositeAlarm", AlarmRule={"Fn::Sub": "${A}"}),
            },
            {"Ref": "B"},
            CYCLE,
        ),
        (
            {
                "A": alarm({"Ref": "P"}),
                "P": resource("AWS::SSM::Parameter", Type="String", Value=ENDPOINT_NAME),
            },
            {"Ref": "A"},
            CYCLE,
        ),
        ({"A": alarm("fraud")}, {"Ref": "A"}, []),
        ({"A": alarm({"Ref": "AWS::StackName"})}, {"Ref": "A"}, []),
        ({"A": alarm(ENDPOINT_NAME)}, "errors", []),
        # The alarm may refer to the configuration, because that does not depend on the alarm.
        (
            {
                "A": alarm(
                    "fraud",
                    Dimensions=[
                        dimension("EndpointName", "fraud"),
                        dimension("VariantName", "main"),
                        dimension("EndpointConfigName", get("Config", "EndpointConfigName")),
                    ],
                )
            },
            {"Ref": "A"},
            [],
        ),
    ],
)
def test_rollback_alarm_cycle(alarms: Json, name: Any, expected: list[tuple[str, str]]) -> None:
    endpoint = endpoint_with_rollback(name, EndpointName="fraud")
    errors = [
        each
        for each in rules_by_resource({**BASE, "Endpoint": endpoint, **alarms})
        if each in CYCLE
    ]
    assert errors == expected


def test_rollback_alarm_cycle_in_one_branch() -> None:
    template = {
        "Parameters": ENV,
        "Conditions": CONDITIONS,
        "Resources": {
            **BASE,
            "Endpoint": endpoint_with_rollback({"Ref": "A"}),
            "A": alarm(IF_PROD),
        },
    }
    (finding,) = [
        each for each in check_template(template) if each.rule_id == "rollback-alarm-cycle"
    ]
    assert finding.message.endswith("(where IsProd is true)")
    alone = {**alarm(ENDPOINT_NAME), "Condition": "IsProd"}
    template["Resources"] = {**BASE, "Endpoint": endpoint_with_rollback({"Ref": "A"}), "A": alone}
    assert "rollback-alarm-cycle" in {each.rule_id for each in check_template(template)}


def test_finding_about_an_alarm() -> None:
    template = {"Resources": {**BASE, "A": alarm(ENDPOINT_NAME, Threshold="1")}}
    assert check_template(template) == [
        Finding(
            rule_id="alarm-never-fires",
            severity=Severity.WARNING,
            path="Threshold",
            got=1,
            allowed="less than 1 because the Average of Invocation5XXErrors is never above 1",
            message="Threshold is 1; must be less than 1 because the Average of "
            "Invocation5XXErrors is never above 1",
            fix="Set Threshold to a fraction between 0 and 1, such as 0.05, or use the statistic "
            "Sum.",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/"
            "deployment-guardrails-configuration.html",
            resource="A",
        )
    ]
    (finding,) = check_template(template)
    assert finding.place == ("Resources", "A", "Properties", "Threshold")


@pytest.mark.parametrize(
    "other",
    [
        resource("AWS::CloudWatch::Alarm", Namespace="AWS/EC2", MetricName="X", Threshold=-1),
        resource("AWS::CloudWatch::Alarm", Namespace="AWS/EC2", NoSuchMember=1),
        {"Type": "AWS::CloudWatch::Alarm"},
        {"Type": "AWS::CloudWatch::Alarm", "Properties": []},
        {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Ref": "Env"}},
        resource("AWS::CloudWatch::Alarm", Metrics=[{"MetricStat": {"Metric": []}}, 1, None]),
        resource("AWS::CloudWatch::Alarm", Metrics={"Ref": "Env"}),
        resource("AWS::ApplicationAutoScaling::ScalableTarget", ServiceNamespace="ecs"),
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ServiceNamespace="ecs", No=1),
        {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy"},
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ScalingTargetId={"Ref": "Other"}),
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ScalingTargetId={"Ref": ["Other"]}),
        resource("AWS::ApplicationAutoScaling::ScalableTarget", ScalingTargetId={"Ref": "Other"}),
    ],
)
def test_resources_of_other_services_are_not_checked(other: Json) -> None:
    assert rules_by_resource({**BASE, "Other": other}, Parameters=ENV) == []


def test_macro_in_a_template_without_sagemaker_resources() -> None:
    template = {"Transform": "Macro", "Resources": {"A": alarm("fraud", Threshold=2)}}
    assert check_template(template) == []


def test_form_of_alarms_that_watch_scale_or_roll_back() -> None:
    """Other alarms are not judged, even if CloudWatch refuses them."""
    wrong = {"Namespace": "Fraud", "MetricName": "Depth", "Period": 45}
    form = {"alarm-period-wrong", "alarm-metric-mismatch", "alarm-threshold-mismatch"}

    def of_alarm(resources: Json, **members: Any) -> set[str]:
        alarm_ = resource("AWS::CloudWatch::Alarm", **{**wrong, **members})
        found = rules_by_resource({**BASE, **resources, "A": alarm_})
        return {rule for logical_id, rule in found if logical_id == "A"} & form

    named = target({"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/main"})
    policy = resource(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        ScalingTargetId={"Ref": "T"},
        PolicyName="p",
        PolicyType="StepScaling",
    )
    rolled_back = endpoint_with_rollback({"Ref": "A"})
    assert of_alarm({}) == set()
    assert of_alarm({}, Namespace={"Ref": "Env"}) == set()
    assert of_alarm({}, AlarmActions=[{"Ref": "Topic"}, "arn:aws:sns:eu-west-1:1:t"]) == set()
    judged = {"alarm-period-wrong", "alarm-metric-mismatch"}
    assert of_alarm({}, Namespace="AWS/SageMaker") == judged
    assert of_alarm({"Endpoint": rolled_back}) == judged
    assert of_alarm({"T": named, "P": policy}, AlarmActions=[{"Ref": "P"}]) == judged
    assert of_alarm({}, Namespace="AWS/SageMaker", NoSuchMember=1, Period=60) == {
        "alarm-metric-mismatch"
    }


def test_acknowledged_alarm() -> None:
    metadata = {"cdk-epc": {"acknowledge": {"alarm-never-fires": "It is a canary."}}}
    bad = {**alarm(ENDPOINT_NAME, Threshold=1), "Metadata": metadata}
    assert rules_by_resource({**BASE, "A": bad}) == []


def test_endpoints_of_an_alarm() -> None:
    path = ("dimensions", 0, "value")
    for value in (ENDPOINT_NAME, {"Ref": "Endpoint"}, SUB):
        (subject,) = subjects(AlarmContext, {**BASE, "A": alarm(value)})
        assert subject.endpoints[path].config.config.production_variants[0].variant_name == "main"
        assert subject.similar_endpoint_names == {}
    named = {**ENDPOINT, "Properties": {**ENDPOINT["Properties"], "EndpointName": "Fraud"}}
    (subject,) = subjects(AlarmContext, {**BASE, "Endpoint": named, "A": alarm("fraud")})
    assert (subject.endpoints, subject.similar_endpoint_names) == ({}, {path: "Fraud"})
    (subject,) = subjects(AlarmContext, {**BASE, "Endpoint": named, "A": alarm("Fraud")})
    assert list(subject.endpoints) == [path]
    (subject,) = subjects(AlarmContext, {**BASE, "A": alarm("other")})
    assert (subject.endpoints, subject.similar_endpoint_names) == ({}, {})


def test_rollback_alarms_of_a_component() -> None:
    rolling = {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
            "WaitIntervalInSeconds": 60,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "A"}}]},
    }
    dimensions = [dimension("InferenceComponentName", NAME_IN_ARN)]
    resources = {
        **COMPONENT_BASE,
        "C": component(ENDPOINT_NAME, DeploymentConfig=rolling),
        "A": alarm("x", Dimensions=dimensions),
    }
    assert ("C", "rollback-alarm-cycle") in rules_by_resource(resources)
    literal = [dimension("InferenceComponentName", "scorer")]
    resources["A"] = alarm("x", Dimensions=literal)
    assert ("C", "rollback-alarm-cycle") not in rules_by_resource(resources)


def query_of(metric: Any) -> Json:
    """Return a query of one metric."""
    return {"Id": "errors", "ReturnData": True, "MetricStat": {"Metric": metric, "Stat": "Sum"}}


def metric_in(namespace: Any) -> Json:
    return {"MetricName": "Invocation5XXErrors", "Namespace": namespace}


MAYBE_SAGEMAKER = {"Fn::If": ["IsProd", "AWS/SageMaker", "AWS/EC2"]}


@pytest.mark.parametrize(
    ("metrics", "is_checked"),
    [
        ([query_of(metric_in("AWS/SageMaker"))], True),
        ([query_of(metric_in("/aws/sagemaker/Endpoints"))], True),
        ([query_of(metric_in("AWS/EC2"))], False),
        ([query_of(metric_in("AWS/EC2")), query_of(metric_in("AWS/SageMaker"))], True),
        ([query_of(metric_in(MAYBE_SAGEMAKER))], True),
        (
            [query_of({"Fn::If": ["IsProd", metric_in("AWS/SageMaker"), metric_in("AWS/EC2")]})],
            True,
        ),
        (
            [{"Fn::If": ["IsProd", query_of(metric_in("AWS/SageMaker")), {"Ref": "AWS::NoValue"}]}],
            True,
        ),
        ({"Fn::If": ["IsProd", [query_of(metric_in("AWS/SageMaker"))], []]}, True),
        ([{"Id": "share", "Expression": "a / b"}], False),
        ([1, None], False),
        ([], False),
    ],
)
def test_alarms_on_several_metrics(metrics: Any, is_checked: bool) -> None:  # noqa: FBT001 - a table
    resources = {"A": resource("AWS::CloudWatch::Alarm", Metrics=metrics)}
    seen = subjects(AlarmContext, resources, Parameters=ENV, Conditions=CONDITIONS)
    assert bool(seen) is is_checked


def test_endpoint_by_an_equal_expression() -> None:
    """The name is a parameter without values, so it is unknown but equal."""
    name = {"Ref": "Name"}
    resources = {
        **BASE,
        "Endpoint": endpoint_with_rollback("errors", EndpointName=name),
        "A": alarm(name),
    }
    (subject,) = subjects(AlarmContext, resources, Parameters={"Name": {"Type": "String"}})
    assert list(subject.endpoints) == [("dimensions", 0, "value")]


def test_similar_name_of_an_endpoint_with_a_condition() -> None:
    named = {**endpoint_with_rollback("errors", EndpointName="Fraud"), "Condition": "IsProd"}
    resources = {**BASE, "Endpoint": named, "A": alarm("fraud")}
    seen = subjects(AlarmContext, resources, Parameters=ENV, Conditions=CONDITIONS)
    assert sorted(map(len, (each.similar_endpoint_names for each in seen))) == [0, 1]


def test_alarms_with_a_wrong_namespace() -> None:
    """The endpoint in a dimension, or the text of an expression, shows the service."""
    for namespace in (None, "AWS/SageMaker2", "Sagemäker"):
        found = {rule for _, rule in rules_by_resource({**BASE, "A": named(namespace)})}
        assert ("alarm-metric-mismatch" in found) is (namespace is None)
    search = {"Id": "a", "Expression": "SUM(SEARCH('{AWS/SageMaker,EndpointName} x', 'Sum', 60))"}
    single = ("MetricName", "Namespace", "Statistic", "Dimensions", "Period")
    of_search = alarm(ENDPOINT_NAME, Metrics=[search])
    for name in single:
        of_search["Properties"].pop(name, None)
    assert rules_by_resource({"A": of_search}) == [("A", "alarm-queries-wrong")]


def named(namespace: str | None) -> dict[str, Any]:
    made = alarm(ENDPOINT_NAME, Namespace=namespace)
    if namespace is None:
        del made["Properties"]["Namespace"]
    return made
