"""What templates show of alarms: the endpoints that they watch, and what they roll back."""

from __future__ import annotations

from typing import Any

import pytest
from kit.template_resources import (
    BASE,
    CONDITIONS,
    CUT,
    ENDPOINT,
    ENV,
    HOST,
    NAME,
    Json,
    alarm,
    component,
    dimension,
    found,
    get,
    guarded,
    resource,
    subjects,
)

from cdk_epc.rules import Finding, Severity
from cdk_epc.spec.context import AlarmContext
from cdk_epc.templates import check_template

CYCLE = [("Endpoint", "rollback-alarm-cycle")]
SUB = {"Fn::Sub": "${Endpoint.EndpointName}"}
SPLIT = {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Endpoint"}]}]}
IF_PROD = {"Fn::If": ["IsProd", NAME, "fraud"]}


@pytest.mark.parametrize(
    ("alarms", "name", "expected"),
    [
        ({"A": alarm(NAME)}, {"Ref": "A"}, CYCLE),
        ({"A": alarm(SUB)}, {"Ref": "A"}, CYCLE),
        ({"A": alarm(SPLIT)}, {"Ref": "A"}, CYCLE),
        ({"A": {**alarm("fraud"), "DependsOn": "Endpoint"}}, {"Ref": "A"}, CYCLE),
        (
            {
                "A": alarm(NAME),
                "B": resource("AWS::CloudWatch::CompositeAlarm", AlarmRule={"Fn::Sub": "${A}"}),
            },
            {"Ref": "B"},
            CYCLE,
        ),
        (
            {
                "A": alarm({"Ref": "P"}),
                "P": resource("AWS::SSM::Parameter", Type="String", Value=NAME),
            },
            {"Ref": "A"},
            CYCLE,
        ),
        ({"A": alarm("fraud")}, {"Ref": "A"}, []),
        ({"A": alarm({"Ref": "AWS::StackName"})}, {"Ref": "A"}, []),
        ({"A": alarm(NAME)}, "errors", []),
        # The alarm may refer to the configuration, which stands before both.
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
def test_an_alarm_that_refers_back(
    alarms: Json, name: Any, expected: list[tuple[str, str]]
) -> None:
    endpoint = guarded(name, EndpointName="fraud")
    errors = [each for each in found({**BASE, "Endpoint": endpoint, **alarms}) if each in CYCLE]
    assert errors == expected


def test_an_alarm_that_refers_back_in_one_branch() -> None:
    template = {
        "Parameters": ENV,
        "Conditions": CONDITIONS,
        "Resources": {**BASE, "Endpoint": guarded({"Ref": "A"}), "A": alarm(IF_PROD)},
    }
    (finding,) = [
        each for each in check_template(template) if each.rule_id == "rollback-alarm-cycle"
    ]
    assert finding.message.endswith("(where IsProd is true)")
    alone = {**alarm(NAME), "Condition": "IsProd"}
    template["Resources"] = {**BASE, "Endpoint": guarded({"Ref": "A"}), "A": alone}
    assert "rollback-alarm-cycle" in {each.rule_id for each in check_template(template)}


def test_a_finding_about_an_alarm_has_its_place() -> None:
    template = {"Resources": {**BASE, "A": alarm(NAME, Threshold="1")}}
    assert check_template(template) == [
        Finding(
            rule_id="alarm-never-fires",
            severity=Severity.WARNING,
            path="Threshold",
            got=1,
            allowed="a value that is passed now and then, for Invocation5XXErrors is at most 1",
            message="Threshold is 1; allowed: a value that is passed now and then, for "
            "Invocation5XXErrors is at most 1",
            fix="Give a share between 0 and 1, such as 0.05; or take the statistic Sum.",
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
        resource("AWS::CloudWatch::Alarm", Namespace="AWS/SageMaker", NoSuchMember=1),
        resource("AWS::ApplicationAutoScaling::ScalableTarget", ServiceNamespace="ecs"),
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ServiceNamespace="ecs", No=1),
        {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy"},
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ScalingTargetId={"Ref": "Other"}),
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ScalingTargetId={"Ref": ["Other"]}),
        resource("AWS::ApplicationAutoScaling::ScalableTarget", ScalingTargetId={"Ref": "Other"}),
    ],
)
def test_what_is_another_services_is_nobodys_business(other: Json) -> None:
    assert found({**BASE, "Other": other}, Parameters=ENV) == []


def test_a_macro_is_no_matter_where_there_is_only_an_alarm() -> None:
    template = {"Transform": "Macro", "Resources": {"A": alarm("fraud", Threshold=2)}}
    assert check_template(template) == []


def test_an_alarm_can_be_acknowledged() -> None:
    metadata = {"cdk-epc": {"acknowledge": {"alarm-never-fires": "It is a canary."}}}
    bad = {**alarm(NAME, Threshold=1), "Metadata": metadata}
    assert found({**BASE, "A": bad}) == []


def test_the_endpoints_of_an_alarm() -> None:
    path = ("dimensions", 0, "value")
    for value in (NAME, {"Ref": "Endpoint"}, SUB):
        (subject,) = subjects(AlarmContext, {**BASE, "A": alarm(value)})
        assert subject.endpoints[path].config.config.production_variants[0].variant_name == "main"
        assert subject.similar_endpoint_names == {}
    named = {**ENDPOINT, "Properties": {**ENDPOINT["Properties"], "EndpointName": "Fraud"}}
    (subject,) = subjects(AlarmContext, {**BASE, "Endpoint": named, "A": alarm("fraud")})
    assert (subject.endpoints, subject.similar_endpoint_names) == ({}, {path: "Fraud"})
    (subject,) = subjects(AlarmContext, {**BASE, "Endpoint": named, "A": alarm("Fraud")})
    assert list(subject.endpoints) == [path]
    (subject,) = subjects(AlarmContext, {**BASE, "A": alarm("elsewhere")})
    assert (subject.endpoints, subject.similar_endpoint_names) == ({}, {})


def test_the_alarms_of_a_component() -> None:
    rolling = {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
            "WaitIntervalInSeconds": 60,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "A"}}]},
    }
    watching = [dimension("InferenceComponentName", CUT)]
    resources = {
        **HOST,
        "C": component(NAME, DeploymentConfig=rolling),
        "A": alarm("x", Dimensions=watching),
    }
    assert ("C", "rollback-alarm-cycle") in found(resources)
    literal = [dimension("InferenceComponentName", "scorer")]
    resources["A"] = alarm("x", Dimensions=literal)
    assert ("C", "rollback-alarm-cycle") not in found(resources)


def queried(metric: Any) -> Json:
    """A query for one metric, which is all that an alarm needs of it."""
    return {"Id": "errors", "ReturnData": True, "MetricStat": {"Metric": metric, "Stat": "Sum"}}


def of(namespace: Any) -> Json:
    return {"MetricName": "Invocation5XXErrors", "Namespace": namespace}


PERHAPS = {"Fn::If": ["IsProd", "AWS/SageMaker", "AWS/EC2"]}


@pytest.mark.parametrize(
    ("metrics", "is_judged"),
    [
        ([queried(of("AWS/SageMaker"))], True),
        ([queried(of("/aws/sagemaker/Endpoints"))], True),
        ([queried(of("AWS/EC2"))], False),
        ([queried(of("AWS/EC2")), queried(of("AWS/SageMaker"))], True),
        ([queried(of(PERHAPS))], True),
        ([queried({"Fn::If": ["IsProd", of("AWS/SageMaker"), of("AWS/EC2")]})], True),
        ([{"Fn::If": ["IsProd", queried(of("AWS/SageMaker")), {"Ref": "AWS::NoValue"}]}], True),
        ({"Fn::If": ["IsProd", [queried(of("AWS/SageMaker"))], []]}, True),
        ([{"Id": "share", "Expression": "a / b"}], False),
        ([1, None], False),
        ([], False),
    ],
)
def test_which_alarms_on_several_metrics_are_judged(metrics: Any, is_judged: bool) -> None:  # noqa: FBT001 - a table
    resources = {"A": resource("AWS::CloudWatch::Alarm", Metrics=metrics)}
    seen = subjects(AlarmContext, resources, Parameters=ENV, Conditions=CONDITIONS)
    assert bool(seen) is is_judged


def test_an_alarm_whose_endpoint_is_written_like_the_endpoints_name() -> None:
    """A parameter without choices: nobody knows the name, but it is the same."""
    name = {"Ref": "Called"}
    resources = {**BASE, "Endpoint": guarded("errors", EndpointName=name), "A": alarm(name)}
    (subject,) = subjects(AlarmContext, resources, Parameters={"Called": {"Type": "String"}})
    assert list(subject.endpoints) == [("dimensions", 0, "value")]


def test_another_spelling_counts_where_the_endpoint_is_deployed() -> None:
    named = {**guarded("errors", EndpointName="Fraud"), "Condition": "IsProd"}
    resources = {**BASE, "Endpoint": named, "A": alarm("fraud")}
    seen = subjects(AlarmContext, resources, Parameters=ENV, Conditions=CONDITIONS)
    assert sorted(map(len, (each.similar_endpoint_names for each in seen))) == [0, 1]
