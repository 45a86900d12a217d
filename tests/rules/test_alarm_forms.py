"""Form of alarms: the requests that CloudWatch accepts and refuses."""

from __future__ import annotations

from typing import Any

from kit.alarms import ALARM
from kit.requests import changed

from cdk_epc.rules import Severity, check
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.unresolved import Unresolved
from cdk_epc.spec.wire import spec_from_json

UNKNOWN = Unresolved({"Ref": "Parameter"})
SNS = "arn:aws:sns:eu-west-1:111122223333:alerts"
SCALING = "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:resource/sagemaker/x"
SINGLE = ("MetricName", "Namespace", "Dimensions", "Statistic", "Period")
BASE = {**ALARM, "Period": 60, "EvaluationPeriods": 3}
PROMQL = {
    "AlarmName": "a",
    "EvaluationCriteria": {"PromQLCriteria": {"Query": "up"}},
    "EvaluationInterval": 60,
}


def alarm(**members: Any) -> dict[str, Any]:
    given = {**BASE, **members}
    return {name: value for name, value in given.items() if value is not None}


def metric(id: str, *, period: Any = 60, stat: str = "Sum", **members: Any) -> dict[str, Any]:
    named = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations"}
    return {"Id": id, "MetricStat": {"Metric": named, "Period": period, "Stat": stat}, **members}


def math(*queries: Any, **members: Any) -> dict[str, Any]:
    return alarm(**dict.fromkeys(SINGLE), Metrics=list(queries), **members)


RATE = {"Id": "rate", "Expression": "a / b"}
A, B = metric("a", ReturnData=False), metric("b", ReturnData=False)
BAND = {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(a, 2)"}
OUTSIDE = {"ComparisonOperator": "GreaterThanUpperThreshold", "Threshold": None}


def found(request: dict[str, Any]) -> set[tuple[str, str]]:
    spec = spec_from_json(AlarmSpec, request)[0]
    return {(each.rule_id, each.path) for each in check(spec)}


MEMBERS: dict[str, Any] = {
    "MetricName": "Depth",
    "Namespace": "Fraud",
    "Dimensions": [{"Name": "Queue", "Value": ":x"}],
    "Period": 60,
    "Unit": "Count",
    "Statistic": "Sum",
    "ExtendedStatistic": "p99",
}
"""Members of an alarm on one metric."""

CLASSIC: dict[str, Any] = {
    **MEMBERS,
    "Metrics": [metric("a")],
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "ThresholdMetricId": "a",
    "EvaluationPeriods": 1,
    "DatapointsToAlarm": 1,
}
"""Members of an alarm on metrics."""

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (alarm(Period=45), "alarm-period-wrong", "Period"),
    (alarm(Period=3601), "alarm-period-wrong", "Period"),
    (alarm(Period=0), "alarm-period-wrong", "Period"),
    (
        math(RATE, A, metric("b", period=45, ReturnData=False)),
        "alarm-period-wrong",
        "Metrics[2].MetricStat.Period",
    ),
    (alarm(Period=-60), "alarm-period-wrong", "Period"),
    (math({**RATE, "Period": 45}, A, B), "alarm-period-wrong", "Metrics[0].Period"),
    (alarm(EvaluationPeriods=1441), "alarm-window-too-long", "EvaluationPeriods"),
    (alarm(EvaluationPeriods=169, Period=3600), "alarm-window-too-long", "EvaluationPeriods"),
    (
        math(RATE, A, metric("b", period=3600, ReturnData=False), EvaluationPeriods=169),
        "alarm-window-too-long",
        "EvaluationPeriods",
    ),
    (math(RATE, A, B, EvaluationPeriods=1441), "alarm-window-too-long", "EvaluationPeriods"),
    (alarm(DatapointsToAlarm=4), "alarm-datapoints-too-large", "DatapointsToAlarm"),
    (alarm(EvaluationPeriods=0), "value-out-of-range", "EvaluationPeriods"),
    (alarm(DatapointsToAlarm=0), "value-out-of-range", "DatapointsToAlarm"),
    (alarm(Threshold=None), "alarm-threshold-mismatch", "Threshold"),
    (alarm(**OUTSIDE), "alarm-threshold-mismatch", "ThresholdMetricId"),
    (
        math(BAND, metric("a"), **{**OUTSIDE, "Threshold": 1}, ThresholdMetricId="band"),
        "alarm-threshold-mismatch",
        "Threshold",
    ),
    (
        math(BAND, metric("a"), **OUTSIDE, ThresholdMetricId="bands"),
        "alarm-threshold-mismatch",
        "ThresholdMetricId",
    ),
    (
        math(BAND, metric("a"), B, **OUTSIDE, ThresholdMetricId="b"),
        "alarm-threshold-mismatch",
        "ThresholdMetricId",
    ),
    (alarm(MetricName=None), "alarm-metric-mismatch", "MetricName"),
    (alarm(Namespace=None), "alarm-metric-mismatch", "Namespace"),
    (alarm(Statistic=None), "alarm-metric-mismatch", "Statistic"),
    (alarm(ExtendedStatistic="p99"), "alarm-metric-mismatch", "ExtendedStatistic"),
    (alarm(Metrics=[metric("a")]), "alarm-metric-mismatch", "MetricName"),
    *(
        ({**math(metric("a")), name: value}, "alarm-metric-mismatch", name)
        for name, value in MEMBERS.items()
    ),
    (alarm(MetricName=None, EvaluationInterval=60), "alarm-metric-mismatch", "MetricName"),
    (alarm(ComparisonOperator=None), "alarm-metric-mismatch", "ComparisonOperator"),
    (alarm(EvaluationPeriods=None), "alarm-metric-mismatch", "EvaluationPeriods"),
    (math(RATE, metric("a"), B), "alarm-queries-wrong", "Metrics"),
    (math(A, B), "alarm-queries-wrong", "Metrics"),
    (math(BAND, A, **OUTSIDE, ThresholdMetricId="band"), "alarm-queries-wrong", "Metrics"),
    (
        math({**BAND, "ReturnData": False}, A, **OUTSIDE, ThresholdMetricId="band"),
        "alarm-queries-wrong",
        "Metrics",
    ),
    (
        math(metric("a"), *({**RATE, "Id": f"e{i}", "ReturnData": False} for i in range(11))),
        "alarm-queries-wrong",
        "Metrics",
    ),
    (math(UNKNOWN, {"Id": "a"}), "alarm-queries-wrong", "Metrics[1].MetricStat"),
    (math({**metric("a"), "Expression": "b"}), "alarm-queries-wrong", "Metrics[0].Expression"),
    (math({"Id": "a"}), "alarm-queries-wrong", "Metrics[0].MetricStat"),
    (
        math(RATE, *(metric(f"m{i}", ReturnData=False) for i in range(11))),
        "alarm-queries-wrong",
        "Metrics",
    ),
    (
        math({"Id": "s", "Expression": "SUM(SEARCH('{AWS/SageMaker}', 'Sum'))"}),
        "alarm-queries-wrong",
        "Metrics[0].Expression",
    ),
    (
        alarm(Statistic=None, ExtendedStatistic="p101"),
        "alarm-statistic-invalid",
        "ExtendedStatistic",
    ),
    (alarm(Statistic="p99"), "alarm-statistic-invalid", "Statistic"),
    (alarm(Statistic="Mean"), "alarm-statistic-invalid", "Statistic"),
    (
        math(RATE, {**A, "MetricStat": UNKNOWN}, metric("b", stat="Mean", ReturnData=False)),
        "alarm-statistic-invalid",
        "Metrics[2].MetricStat.Stat",
    ),
    (math(metric("a", stat="Mean")), "alarm-statistic-invalid", "Metrics[0].MetricStat.Stat"),
    (math(metric("a", stat="p101")), "alarm-statistic-invalid", "Metrics[0].MetricStat.Stat"),
    (
        alarm(EvaluateLowSampleCountPercentile="ignore"),
        "alarm-low-samples-without-percentile",
        "EvaluateLowSampleCountPercentile",
    ),
    (alarm(TreatMissingData="foo"), "value-not-allowed", "TreatMissingData"),
    (alarm(AlarmActions=[SNS] * 6), "list-length-wrong", "AlarmActions"),
    (alarm(OKActions=[SNS] * 6), "list-length-wrong", "OKActions"),
    (alarm(AlarmActions=["arn:aws:s3:::x"]), "alarm-action-unsupported", "AlarmActions[0]"),
    (
        alarm(OKActions=[SNS, SNS.replace("sns", "snss")]),
        "alarm-action-unsupported",
        "OKActions[1]",
    ),
    (
        math(BAND, metric("a"), **OUTSIDE, ThresholdMetricId="band", AlarmActions=[SCALING]),
        "alarm-action-unsupported",
        "AlarmActions[0]",
    ),
    (
        alarm(AlarmActions=[SNS.replace("sns", "chatbot")]),
        "alarm-action-unknown",
        "AlarmActions[0]",
    ),
    (
        alarm(AlarmActions=[SNS.replace("sns", "aidevops")]),
        "alarm-action-unknown",
        "AlarmActions[0]",
    ),
    (alarm(AlarmName="a" * 256), "value-length-wrong", "AlarmName"),
    (alarm(Namespace="Fräud"), "alarm-metric-name-invalid", "Namespace"),
    (alarm(Namespace=":Fraud"), "alarm-metric-name-invalid", "Namespace"),
    (alarm(Namespace=" "), "alarm-metric-name-invalid", "Namespace"),
    (alarm(Namespace=""), "value-length-wrong", "Namespace"),
    *(
        (
            alarm(Dimensions=[UNKNOWN, {"Name": "Queue", "Value": "x", **members}]),
            "alarm-metric-name-invalid",
            f"Dimensions[1].{name}",
        )
        for members, name in (
            ({"Name": ":Queue"}, "Name"),
            ({"Name": "Länge"}, "Name"),
            ({"Value": "Länge"}, "Value"),
        )
    ),
    (
        changed(math(metric("a")), "Metrics[0].MetricStat.Metric.Namespace", ":Fraud"),
        "alarm-metric-name-invalid",
        "Metrics[0].MetricStat.Metric.Namespace",
    ),
    (
        alarm(Dimensions=[{"Name": "Queue", "Value": " "}]),
        "alarm-metric-name-invalid",
        "Dimensions[0].Value",
    ),
    (
        alarm(Dimensions=[{"Name": f"d{i}", "Value": "1"} for i in range(31)]),
        "list-length-wrong",
        "Dimensions",
    ),
    (alarm(EvaluationInterval=60), "alarm-evaluation-mismatch", "EvaluationInterval"),
    (
        math(metric("a"), EvaluationInterval=60),
        "alarm-evaluation-mismatch",
        "EvaluationInterval",
    ),
    ({**PROMQL, "EvaluationInterval": 3660}, "alarm-evaluation-mismatch", "EvaluationInterval"),
    *(
        ({**PROMQL, name: value}, "alarm-evaluation-mismatch", name)
        for name, value in CLASSIC.items()
    ),
    ({**PROMQL, "EvaluationInterval": 45}, "alarm-evaluation-mismatch", "EvaluationInterval"),
    ({**PROMQL, "EvaluationInterval": None}, "alarm-evaluation-mismatch", "EvaluationInterval"),
    (alarm(Period=None), "alarm-metric-mismatch", "Period"),
    (alarm(AlarmName="a\nb"), "value-pattern-mismatch", "AlarmName"),
]


def test_alarms_with_one_fault_have_one_finding() -> None:
    given = [
        ({name: value for name, value in request.items() if value is not None}, rule, path)
        for request, rule, path in REFUSED
    ]
    wrong = [
        (rule, path, findings)
        for request, rule, path in given
        if (findings := found(request)) != {(rule, path)}
    ]
    assert wrong == []


ACCEPTED = [
    alarm(),
    alarm(Period=UNKNOWN, EvaluationPeriods=UNKNOWN, Threshold=UNKNOWN, Statistic=UNKNOWN),
    alarm(Period=10),
    alarm(Period=3600, EvaluationPeriods=168),
    alarm(Period=60, EvaluationPeriods=1440, DatapointsToAlarm=1440),
    alarm(Metrics=UNKNOWN, **dict.fromkeys(SINGLE)),
    alarm(Metrics=UNKNOWN),
    alarm(DatapointsToAlarm=UNKNOWN),
    alarm(EvaluationInterval=UNKNOWN),
    alarm(Threshold=None, ComparisonOperator=UNKNOWN),
    alarm(Statistic=UNKNOWN, ExtendedStatistic="p99"),
    alarm(Statistic=UNKNOWN, EvaluateLowSampleCountPercentile="ignore"),
    alarm(Statistic="Sum", EvaluateLowSampleCountPercentile=UNKNOWN),
    alarm(Dimensions=[{"Name": "Queue", "Value": ":x"}], Namespace=UNKNOWN),
    math(BAND, metric("a"), **{**OUTSIDE, "Threshold": UNKNOWN}, ThresholdMetricId="band"),
    math(BAND, metric("a"), **OUTSIDE, ThresholdMetricId=UNKNOWN),
    math(BAND, metric("a", ReturnData=UNKNOWN), **OUTSIDE, ThresholdMetricId="bands"),
    math({**BAND, "Id": UNKNOWN}, metric("a"), **OUTSIDE, ThresholdMetricId="bands"),
    math(UNKNOWN, metric("a"), B),
    math(RATE, A, B, *(metric(f"m{i}", ReturnData=False) for i in range(8))),
    math(metric("a"), *({**RATE, "Id": f"e{i}", "ReturnData": False} for i in range(10))),
    math({"Id": "a", "Expression": "b", "MetricStat": UNKNOWN}),
    math({"Id": "a", "Expression": UNKNOWN, "MetricStat": UNKNOWN}),
    math({"Id": "a", "Expression": "FILL(b, 0)"}),
    math(metric("a", period=UNKNOWN)),
    {**PROMQL, "EvaluationInterval": UNKNOWN, "Threshold": UNKNOWN},
    {**PROMQL, "EvaluationInterval": 10},
    {**PROMQL, "EvaluationInterval": 3600},
    {**PROMQL, "EvaluationCriteria": UNKNOWN, "Threshold": 1},
    *(
        alarm(Statistic=None, ExtendedStatistic=each)
        for each in ("p99", "p100", "p100.5", "tm90", "tc10", "ts90", "wm98", "IQM", "PR(0:5)")
    ),
    alarm(Statistic=None, ExtendedStatistic="p99", EvaluateLowSampleCountPercentile="ignore"),
    math(RATE, A, B),
    math(metric("a", stat="TM(10%:90%)")),
    math(metric("a", ReturnData=UNKNOWN)),
    math({"Id": "q", "Expression": 'SELECT SUM(Invocations) FROM "AWS/SageMaker"', "Period": 60}),
    math(BAND, metric("a"), **OUTSIDE, ThresholdMetricId="band", AlarmActions=[SNS]),
    alarm(AlarmActions=[SNS, SCALING, UNKNOWN, "arn:aws:lambda:eu-west-1:111122223333:function:f"]),
    alarm(AlarmActions=["arn:aws:aiops:eu-west-1:111122223333:investigation-group/g"]),
    alarm(AlarmActions=["arn:aws:ssm-incidents::111122223333:response-plan/plan"]),
    alarm(AlarmActions=["arn:aws:ssm:eu-west-1:111122223333:opsitem:1"]),
    alarm(AlarmActions=["arn:aws:swf:eu-west-1:111122223333:action/actions/AWS_EC2.Stop/1.0"]),
    alarm(AlarmActions=["arn:aws:automate:eu-west-1:ec2:stop"]),
    PROMQL,
]


def test_accepted_alarms_have_no_finding() -> None:
    wrong = [(each, findings) for each in ACCEPTED if (findings := found(each))]
    assert wrong == []


def test_the_source_of_a_bound_is_the_page_of_its_service() -> None:
    (finding,) = check(spec_from_json(AlarmSpec, alarm(EvaluationPeriods=0))[0])
    assert finding.severity is Severity.ERROR
    assert finding.source_url is not None
    assert finding.source_url.endswith("API_PutMetricAlarm.html")
