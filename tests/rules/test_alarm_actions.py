"""Actions of alarms in other regions, and units and periods without data of a metric."""

from __future__ import annotations

from typing import Any

import attrs
from kit.alarms import REAL_TIME, SERVERLESS, alarm_context, alarm_of
from kit.templates import resource

from cdk_epc.rules import check
from cdk_epc.spec.unresolved import Unresolved
from cdk_epc.templates import check_template

UNKNOWN = Unresolved({"Ref": "Parameter"})
ENHANCED = {"EnableEnhancedMetrics": True, "MetricPublishFrequencyInSeconds": 10}
BASE = {"Period": 60, "EvaluationPeriods": 3}


def found(alarm: dict[str, Any], config: Any = REAL_TIME, region: str | None = None) -> set[str]:
    context = alarm_context(alarm_of(**{**BASE, **alarm}), config)
    return {each.rule_id for each in check(attrs.evolve(context, region=region))}


def action(service: str, region: str = "us-east-1") -> dict[str, Any]:
    return {"AlarmActions": [f"arn:aws:{service}:{region}:111122223333:x"]}


def test_actions_in_other_regions() -> None:
    other, instance = {"alarm-action-other-region"}, {"alarm-instance-action-other-region"}
    for service in ("sns", "lambda", "ssm", "autoscaling", "ssm-incidents", "aiops"):
        assert found(action(service), region="eu-west-1") == other, service
        assert found(action(service, "eu-west-1"), region="eu-west-1") == set()
        assert found(action(service, ""), region="eu-west-1") == set()
        assert found(action(service)) == set()
    for service in ("automate", "swf"):
        assert found(action(service), region="eu-west-1") == instance
        assert found(action(service, "eu-west-1"), region="eu-west-1") == set()
    assert found(action("s3"), region="eu-west-1") == set()
    assert found({"OKActions": [UNKNOWN]}, region="eu-west-1") == set()


def test_units() -> None:
    wrong = {"alarm-unit-unpublished"}
    latency = {"MetricName": "ModelLatency", "Threshold": 100_000}
    assert found({**latency, "Unit": "Milliseconds"}) == wrong
    assert found({**latency, "Unit": "Microseconds"}) == set()
    assert found({"Unit": "Seconds"}) == wrong
    # AWS's guide says None, and many alarms say Count.
    for unit in ("None", "Count", UNKNOWN, None):
        assert found({"Unit": unit}) == set()
    # AWS states no unit of this one.
    concurrent = {"MetricName": "ConcurrentRequestsPerModel", "Statistic": "Maximum"}
    assert found({**concurrent, "Unit": "Seconds"}) == set()
    stat = {"Metric": {**LATENCY}, "Period": 60, "Stat": "Average", "Unit": "Seconds"}
    assert found(queries(stat)) == wrong
    assert found(queries({**stat, "Unit": "Microseconds"})) == set()


LATENCY = {
    "Namespace": "AWS/SageMaker",
    "MetricName": "ModelLatency",
    "Dimensions": [
        {"Name": "EndpointName", "Value": "fraud"},
        {"Name": "VariantName", "Value": "main"},
    ],
}


def queries(stat: dict[str, Any]) -> dict[str, Any]:
    single = ("MetricName", "Namespace", "Dimensions", "Statistic", "Period")
    watched = {"Metrics": [{"Id": "a", "MetricStat": stat}], "Threshold": 100_000}
    return {**dict.fromkeys(single), **watched}


def test_periods_shorter_than_the_interval_of_the_metric() -> None:
    wrong = {"alarm-period-too-short"}
    for period in (10, 20, 30):
        assert found({"Period": period}) == wrong
        assert found({"Period": period}, SERVERLESS) == wrong
        assert found({"Period": period}, None) == wrong
        concurrent = {"MetricName": "ConcurrentRequestsPerModel", "Statistic": "Maximum"}
        assert found({**concurrent, "Period": period}) == set()
        assert found({"Period": period}, {**REAL_TIME, "MetricsConfig": ENHANCED}) == set()
    for metrics, is_wrong in (
        ({**ENHANCED, "EnableEnhancedMetrics": False}, True),
        ({"EnableEnhancedMetrics": True}, True),
        ({**ENHANCED, "MetricPublishFrequencyInSeconds": 30}, True),
        ({**ENHANCED, "MetricPublishFrequencyInSeconds": UNKNOWN}, False),
        ({**ENHANCED, "EnableEnhancedMetrics": UNKNOWN}, False),
        (UNKNOWN, False),
    ):
        config = {**REAL_TIME, "MetricsConfig": metrics}
        assert (found({"Period": 10}, config) == wrong) is is_wrong, metrics
    failures = {
        "MetricName": "NoCapacityInvocationFailures",
        "Dimensions": [{"Name": "InferenceComponentName", "Value": "c"}],
        "Statistic": "Sum",
    }
    assert found({**failures, "Period": 30}, None) == set()
    instance = {"Name": "InstanceId", "Value": "i-1"}
    dimensions = {"Dimensions": [*LATENCY["Dimensions"], instance]}
    assert found({**dimensions, "Period": 10}, None) == set()
    stat = {"Metric": LATENCY, "Period": 10, "Stat": "Average"}
    assert found(queries(stat)) == wrong
    assert found(queries({**stat, "Period": 60})) == set()


SUPPRESSOR = {
    "ActionsSuppressor": "paused",
    "ActionsSuppressorWaitPeriod": 60,
    "ActionsSuppressorExtensionPeriod": 60,
}


def test_suppressors_of_composite_rollback_alarms() -> None:
    def messages(**members: Any) -> list[str]:
        rollback = {"Alarms": [{"AlarmName": {"Ref": "Combined"}}]}
        endpoint = resource(
            "AWS::SageMaker::Endpoint",
            EndpointConfigName="fraud-7",
            DeploymentConfig={"AutoRollbackConfiguration": rollback},
        )
        rule = {"AlarmRule": 'ALARM("a")'}
        composite = resource("AWS::CloudWatch::CompositeAlarm", **rule, **members)
        resources = {"Endpoint": endpoint, "Combined": composite}
        return [
            each.message
            for each in check_template({"Resources": resources})
            if each.rule_id == "rollback-alarm-suppressor-incomplete"
        ]

    assert messages() == messages(**SUPPRESSOR) == []
    assert messages(**{**SUPPRESSOR, "ActionsSuppressorWaitPeriod": {"Ref": "P"}}) == []
    assert messages(ActionsSuppressor="paused") == [
        (
            "composite alarm Combined has ActionsSuppressor without ActionsSuppressorWaitPeriod "
            "and ActionsSuppressorExtensionPeriod"
        )
    ]
    assert messages(ActionsSuppressorWaitPeriod=60) == [
        "composite alarm Combined has ActionsSuppressorWaitPeriod without ActionsSuppressor"
    ]
