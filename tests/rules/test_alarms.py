"""Rules of alarms: a good alarm, one change, and its finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from kit.alarms import (
    ALARM,
    ASYNCHRONOUS,
    COMPONENTS,
    ENDPOINT,
    REAL_TIME,
    SERVERLESS,
    VARIANT,
    alarm_context,
    alarm_of,
)

from cdk_epc import check_template
from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import EndpointSpec
from cdk_epc.spec.context import AlarmContext, EndpointContext, ReferencedAlarm
from cdk_epc.spec.unresolved import Reference, Unresolved

HOSTS = {"Namespace": "/aws/sagemaker/Endpoints", "MetricName": "MemoryUtilization"}
CPU = {**HOSTS, "MetricName": "CPUUtilization"}
BELOW, AT_LEAST = "LessThanThreshold", "GreaterThanOrEqualToThreshold"
AT_MOST = "LessThanOrEqualToThreshold"
TOKEN = "${Token[TOKEN.1]}"  # noqa: S105 - as CDK encodes it
BACKLOG = {"MetricName": "HasBacklogWithoutCapacity", "Dimensions": [ENDPOINT]}
METRIC = {"Namespace": "AWS/SageMaker", "MetricName": "Invocation4XXErrors"}


def query(**changes: Any) -> dict[str, Any]:
    metric = {**METRIC, "Dimensions": [ENDPOINT, VARIANT]}
    stat = {"Metric": metric, "Stat": "Average", "Period": 60}
    return {"Id": "rate", "MetricStat": stat, **changes}


def of_metrics(*queries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    single = dict.fromkeys(("Namespace", "MetricName", "Dimensions", "Statistic"))
    return {**single, "Metrics": list(queries), **changes}


def found(changes: Mapping[str, Any], config: Any = REAL_TIME) -> list[tuple[str, str, str]]:
    findings = check(alarm_context(alarm_of(**changes), config))
    return [(each.rule_id, each.message, each.fix) for each in findings]


WITHIN = "Set Threshold to a value within the range of the metric."
FRACTION = "Set Threshold to a fraction between 0 and 1, such as 0.05, or use the statistic Sum."
NEVER = "alarm-never-fires"
ALWAYS = "alarm-always-fires"
NOT_ABOVE_1 = "the Average of Invocation5XXErrors is never above 1"
NOT_BELOW_0 = "the Average of Invocation5XXErrors is never below 0"


@pytest.mark.parametrize(
    ("changes", "rule", "must", "reason", "fix"),
    [
        ({"Threshold": 1}, NEVER, "less than 1", NOT_ABOVE_1, FRACTION),
        ({"Threshold": 5}, NEVER, "less than 1", NOT_ABOVE_1, FRACTION),
        (
            {"Threshold": 1.5, "ComparisonOperator": AT_LEAST},
            NEVER,
            "1 or less",
            NOT_ABOVE_1,
            FRACTION,
        ),
        (
            {"Threshold": 1, "Statistic": None, "ExtendedStatistic": "tm99"},
            NEVER,
            "less than 1",
            "the tm99 of Invocation5XXErrors is never above 1",
            FRACTION,
        ),
        (
            {"Threshold": 0, "ComparisonOperator": BELOW},
            NEVER,
            "more than 0",
            NOT_BELOW_0,
            FRACTION,
        ),
        (
            {"Threshold": -1, "ComparisonOperator": AT_MOST},
            NEVER,
            "0 or more",
            NOT_BELOW_0,
            FRACTION,
        ),
        (
            {"Threshold": -1, "ComparisonOperator": BELOW, "Statistic": "Sum"},
            NEVER,
            "more than 0",
            "the Sum of Invocation5XXErrors is never below 0",
            WITHIN,
        ),
        (
            {**HOSTS, "Threshold": 100},
            NEVER,
            "less than 100",
            "the Average of MemoryUtilization is never above 100",
            WITHIN,
        ),
        (
            {**CPU, "Threshold": 400},
            NEVER,
            "less than 400",
            "the Average of CPUUtilization is never above 400",
            "Lower Threshold; 100 is one vCPU.",
        ),
        (
            {**HOSTS, "Threshold": 101, "ComparisonOperator": BELOW},
            ALWAYS,
            "100 or less",
            "the Average of MemoryUtilization is never above 100",
            WITHIN,
        ),
        (
            {**HOSTS, "Threshold": 100, "ComparisonOperator": AT_MOST},
            ALWAYS,
            "less than 100",
            "the Average of MemoryUtilization is never above 100",
            WITHIN,
        ),
        (
            {"Threshold": 0, "ComparisonOperator": AT_LEAST},
            ALWAYS,
            "more than 0",
            NOT_BELOW_0,
            FRACTION,
        ),
        (
            {"Threshold": 0, "ComparisonOperator": AT_LEAST, "Statistic": "Sum"},
            ALWAYS,
            "more than 0",
            "the Sum of Invocation5XXErrors is never below 0",
            WITHIN,
        ),
        (
            {"Threshold": -1, "Statistic": "Sum"},
            ALWAYS,
            "0 or more",
            "the Sum of Invocation5XXErrors is never below 0",
            WITHIN,
        ),
        (
            of_metrics(query(), Threshold=1),
            NEVER,
            "less than 1",
            "the Average of Invocation4XXErrors is never above 1",
            FRACTION,
        ),
    ],
)
def test_threshold_outside_the_range(
    changes: dict[str, Any], rule: str, must: str, reason: str, fix: str
) -> None:
    threshold = changes["Threshold"]
    message = f"Threshold is {threshold}; must be {must} because {reason}"
    assert found(changes) == [(rule, message, fix)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Threshold": 0.99},
        {"Threshold": 1, "ComparisonOperator": AT_LEAST},
        {"Threshold": 0, "ComparisonOperator": AT_MOST},
        {"Threshold": 0.5, "ComparisonOperator": BELOW},
        {"Threshold": 5, "Statistic": "Sum"},
        {"Threshold": 5, "Statistic": "SampleCount"},
        {"Threshold": 5, "Statistic": None, "ExtendedStatistic": "TS(0%:99%)"},
        {**HOSTS, "Threshold": 100, "ComparisonOperator": AT_LEAST},
        {**CPU, "Threshold": 399},
        {"MetricName": "ModelLatency", "Threshold": 10**9},
        # Missing data set it off, so its threshold may be out of reach.
        {"Threshold": 0, "ComparisonOperator": BELOW, "TreatMissingData": "breaching"},
        {"Threshold": 1, "TreatMissingData": TOKEN},
        {"Threshold": 5, "ComparisonOperator": "GreaterThanUpperThreshold"},
        {"Threshold": -1.888e289},
        {"Threshold": 1, "Statistic": TOKEN},
        {"Threshold": 1, "MetricName": TOKEN},
        {"Threshold": "1"},
        {"Threshold": None},
        {**BACKLOG, "Threshold": 1, "ComparisonOperator": AT_LEAST},
        of_metrics(
            query(ReturnData=False),
            {"Id": "percent", "Expression": "rate * 100"},
            Threshold=5,
        ),
        of_metrics(query(), query(Id="more"), Threshold=5),
        of_metrics(query(ReturnData=TOKEN), query(Id="more", ReturnData=False), Threshold=0.5),
    ],
)
def test_threshold_within_the_range(changes: dict[str, Any]) -> None:
    config = ASYNCHRONOUS if "HasBacklogWithoutCapacity" in changes.values() else REAL_TIME
    assert found(changes, config) == []


def test_utilization_of_an_unknown_instance_type_has_no_maximum() -> None:
    changes = {**CPU, "Threshold": 5000}
    variant = {**REAL_TIME["ProductionVariants"][0], "InstanceType": TOKEN}
    assert found(changes, {"ProductionVariants": [variant]}) == []
    assert found(changes, None) == []


def test_whole_finding() -> None:
    (finding,) = check(alarm_context(alarm_of(Threshold=1)))
    assert finding == Finding(
        rule_id="alarm-never-fires",
        severity=Severity.WARNING,
        path="Threshold",
        got=1,
        allowed="less than 1 because the Average of Invocation5XXErrors is never above 1",
        message="Threshold is 1; must be less than 1 because the Average of Invocation5XXErrors is "
        "never above 1",
        fix=FRACTION,
        source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/"
        "deployment-guardrails-configuration.html",
    )


EXACTLY = "Use exactly the dimensions with which the metric is published."
UNKNOWN = "alarm-metric-unknown"
OTHER_METRIC = "Use a metric that the endpoint publishes."
OTHER_VARIANT = "Name one of these variants; no metric covers all of them."


@pytest.mark.parametrize(
    ("changes", "config", "expected"),
    [
        (
            {"MetricName": "Invocations5XXErrors"},
            REAL_TIME,
            (
                UNKNOWN,
                (
                    "MetricName is 'Invocations5XXErrors'; must be a metric that SageMaker "
                    "publishes to AWS/SageMaker for endpoints"
                ),
                "Write Invocation5XXErrors.",
            ),
        ),
        (
            {"MetricName": "aws.sagemaker.endpoint.requests"},
            REAL_TIME,
            (
                UNKNOWN,
                (
                    "MetricName is 'aws.sagemaker.endpoint.requests'; must be a metric that "
                    "SageMaker publishes to AWS/SageMaker for endpoints"
                ),
                (
                    "Use a metric of AWS's list; alarms cannot watch the metrics of detailed "
                    "observability."
                ),
            ),
        ),
        (
            {**HOSTS, "Threshold": 80, "Namespace": "aws/sagemaker/Endpoints"},
            REAL_TIME,
            (
                UNKNOWN,
                (
                    "Namespace is 'aws/sagemaker/Endpoints'; must be '/aws/sagemaker/Endpoints', "
                    "the spelling of SageMaker"
                ),
                "Write /aws/sagemaker/Endpoints.",
            ),
        ),
        (
            {"MetricName": "DiskUtilization", "Threshold": 80},
            REAL_TIME,
            (
                UNKNOWN,
                (
                    "Namespace is 'AWS/SageMaker'; must be '/aws/sagemaker/Endpoints', the "
                    "namespace of DiskUtilization"
                ),
                "Write /aws/sagemaker/Endpoints.",
            ),
        ),
        (
            {**HOSTS, "Threshold": 80, "Dimensions": [ENDPOINT]},
            REAL_TIME,
            (
                "alarm-metric-dimensions-wrong",
                (
                    "metric MemoryUtilization is published with the dimensions EndpointName and "
                    "VariantName, or EndpointName, VariantName and ContainerName; the alarm uses "
                    "EndpointName"
                ),
                EXACTLY,
            ),
        ),
        (
            {**BACKLOG, "Threshold": 0.5, "Dimensions": [ENDPOINT, VARIANT]},
            ASYNCHRONOUS,
            (
                "alarm-metric-dimensions-wrong",
                (
                    "metric HasBacklogWithoutCapacity is published with the dimensions "
                    "EndpointName; the alarm uses EndpointName and VariantName"
                ),
                EXACTLY,
            ),
        ),
        (
            {**BACKLOG, "Threshold": 0.5, "Dimensions": None},
            None,
            (
                "alarm-metric-dimensions-wrong",
                (
                    "metric HasBacklogWithoutCapacity is published with the dimensions "
                    "EndpointName; the alarm uses none"
                ),
                EXACTLY,
            ),
        ),
        (
            {
                "MetricName": "Invocations",
                "Statistic": None,
                "ExtendedStatistic": "p99",
                "Threshold": 50000,
            },
            REAL_TIME,
            (
                "alarm-statistic-unsuitable",
                "ExtendedStatistic is 'p99'; must be SampleCount or Sum for Invocations",
                "Use Sum.",
            ),
        ),
        (
            {"MetricName": "InvocationsPerInstance", "Threshold": 500},
            REAL_TIME,
            (
                "alarm-statistic-unsuitable",
                "Statistic is 'Average'; must be Sum for InvocationsPerInstance",
                "Use Sum.",
            ),
        ),
        (
            {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "AllTraffic"}]},
            REAL_TIME,
            (
                "alarm-variant-unknown",
                "Dimensions[1].Value is 'AllTraffic'; must be a variant of the endpoint: main",
                OTHER_VARIANT,
            ),
        ),
        (
            {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "Main"}]},
            REAL_TIME,
            (
                "alarm-variant-unknown",
                "Dimensions[1].Value is 'Main'; must be a variant of the endpoint: main",
                OTHER_VARIANT,
            ),
        ),
        (
            {"MetricName": "Invocations", "Statistic": "Sum", "Threshold": 5},
            ASYNCHRONOUS,
            (
                "alarm-metric-unpublished",
                "metric Invocations is not published by an asynchronous endpoint",
                OTHER_METRIC,
            ),
        ),
        (
            {**CPU, "Threshold": 80},
            SERVERLESS,
            (
                "alarm-metric-unpublished",
                "metric CPUUtilization is not published by a serverless endpoint",
                OTHER_METRIC,
            ),
        ),
        (
            {**HOSTS, "MetricName": "GPUUtilization", "Threshold": 80},
            REAL_TIME,
            (
                "alarm-metric-unpublished",
                "metric GPUUtilization needs GPUs, and ml.m5.xlarge has none",
                OTHER_METRIC,
            ),
        ),
        (
            {"MetricName": "ServerlessProvisionedConcurrencyUtilization", "Threshold": 0.8},
            SERVERLESS,
            (
                "alarm-metric-unpublished",
                (
                    "metric ServerlessProvisionedConcurrencyUtilization needs provisioned "
                    "concurrency, and the variant has none"
                ),
                OTHER_METRIC,
            ),
        ),
        (
            {"MetricName": "ExplanationsPerInstance", "Statistic": "Sum", "Threshold": 20},
            REAL_TIME,
            (
                "alarm-metric-unpublished",
                (
                    "metric ExplanationsPerInstance needs an explainer, and the configuration has "
                    "none"
                ),
                OTHER_METRIC,
            ),
        ),
        (
            {"Dimensions": [{"Name": "EndpointName", "Value": "arn:aws:sagemaker:x"}, VARIANT]},
            None,
            (
                "alarm-dimension-is-arn",
                (
                    "Dimensions[0].Value is 'arn:aws:sagemaker:x'; must be a name because "
                    "CloudWatch stores metrics by name, not by ARN"
                ),
                "Use Fn::GetAtt with EndpointName; Ref returns the ARN.",
            ),
        ),
    ],
)
def test_metrics_that_are_not_published(
    changes: dict[str, Any], config: Any, expected: tuple[str, str, str]
) -> None:
    assert found(changes, config) == [expected]


FLEET = {"Name": "EndpointConfigName", "Value": "config"}


@pytest.mark.parametrize(
    ("changes", "config"),
    [
        ({"Dimensions": [ENDPOINT, VARIANT, FLEET]}, REAL_TIME),
        ({"Dimensions": [{"Name": "InferenceComponentName", "Value": "c"}]}, None),
        ({**HOSTS, "Threshold": 80}, REAL_TIME),
        ({**HOSTS, "Threshold": 80, "Dimensions": [ENDPOINT, VARIANT, FLEET]}, REAL_TIME),
        ({**HOSTS, "Threshold": 80, "Dimensions": TOKEN}, REAL_TIME),
        ({**HOSTS, "Threshold": 80, "Dimensions": [{"Name": TOKEN, "Value": "a"}]}, REAL_TIME),
        (
            {
                **HOSTS,
                "Threshold": 80,
                "Dimensions": [ENDPOINT, VARIANT, {"Name": "InstanceId", "Value": "i-1"}],
            },
            REAL_TIME,
        ),
        # AWS's guide has two spellings of its name.
        ({"MetricName": "InvocationsProcesssed", "Statistic": "Sum"}, ASYNCHRONOUS),
        # Other jobs of SageMaker publish to this namespace, under names that are not similar.
        ({"MetricName": "CacheHits", "Dimensions": None}, None),
        ({"MetricName": "ActiveWorkers", "Dimensions": None}, None),
        ({"Namespace": "/aws/sagemaker/TrainingJobs", "MetricName": "Whatever"}, None),
        ({"Namespace": "Fraud", "MetricName": "Invocations5XXErrors"}, REAL_TIME),
        ({"MetricName": "OverheadLatency", "Threshold": 5, "Statistic": "Maximum"}, REAL_TIME),
        ({"Statistic": "Maximum"}, REAL_TIME),
        (
            {
                "MetricName": "ModelLatency",
                "Threshold": 500_000,
                "Statistic": None,
                "ExtendedStatistic": "p99.9",
            },
            REAL_TIME,
        ),
        # Statistics that AWS's guide does not name, and that are in use.
        (
            {
                "MetricName": "OverheadLatency",
                "Statistic": None,
                "ExtendedStatistic": "p95",
                "Threshold": 5,
            },
            REAL_TIME,
        ),
        ({**HOSTS, "Statistic": None, "ExtendedStatistic": "p90", "Threshold": 80}, REAL_TIME),
        (
            {
                "MetricName": "NoCapacityInvocationFailures",
                "Dimensions": [{"Name": "InferenceComponentName", "Value": "c"}],
                "Statistic": "Maximum",
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                "Threshold": 1,
            },
            None,
        ),
        ({**BACKLOG, "Statistic": "Maximum", "Threshold": 0.5}, ASYNCHRONOUS),
        ({**HOSTS, "MetricName": "GPUUtilization", "Threshold": 80}, COMPONENTS),
        ({**BACKLOG, "Threshold": 0.5}, ASYNCHRONOUS),
        ({"MetricName": "ModelSetupTime", "Threshold": 5}, SERVERLESS),
        ({"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": TOKEN}]}, REAL_TIME),
        ({"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "other"}]}, None),
    ],
)
def test_published_metrics(changes: dict[str, Any], config: Any) -> None:
    assert found(changes, config) == []


def test_shadow_variants_have_metrics() -> None:
    variant = dict(REAL_TIME["ProductionVariants"][0])
    config = {**REAL_TIME, "ShadowProductionVariants": [{**variant, "VariantName": "next"}]}
    changes = {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "next"}]}
    assert found(changes, config) == []


def test_a_variant_with_an_unknown_name_may_have_any_name() -> None:
    variant = {**REAL_TIME["ProductionVariants"][0], "VariantName": TOKEN}
    for variants in ([variant], TOKEN, Unresolved({}), [1], 1):
        assert found({}, {"ProductionVariants": variants}) == []


@pytest.mark.parametrize("value", [["main"], {}, 1, None, Unresolved({})])
def test_variant_names_of_wrong_types(value: Any) -> None:
    assert found({"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": value}]}) == []


def test_endpoint_name_in_other_capitals() -> None:
    subject = AlarmContext(
        alarm=alarm_of(), similar_endpoint_names={("dimensions", 0, "value"): "Fraud"}
    )
    assert [(each.rule_id, each.message, each.fix) for each in check(subject)] == [
        (
            "alarm-endpoint-name-misspelt",
            "Dimensions[0].Value is 'fraud'; must be 'Fraud', the name of the endpoint",
            "Write Fraud.",
        )
    ]


@pytest.mark.parametrize(
    ("type_", "attribute", "dimension", "is_arn"),
    [
        ("AWS::SageMaker::Endpoint", None, "EndpointName", True),
        ("AWS::SageMaker::Endpoint", "EndpointArn", "EndpointName", True),
        ("AWS::SageMaker::Endpoint", "EndpointName", "EndpointName", False),
        ("AWS::SageMaker::InferenceComponent", None, "InferenceComponentName", True),
        ("AWS::SageMaker::EndpointConfig", None, "EndpointConfigName", True),
        ("AWS::SageMaker::EndpointConfig", "EndpointConfigName", "EndpointConfigName", False),
        ("AWS::SSM::Parameter", None, "EndpointName", False),
    ],
)
def test_references_that_are_arns(
    type_: str, attribute: str | None, dimension: str, *, is_arn: bool
) -> None:
    value = Unresolved({}, Reference(type_, "Other", attribute))
    alarm = alarm_of(MetricName="Other", Dimensions=[{"Name": dimension, "Value": value}])
    rules = [each.rule_id for each in check(AlarmContext(alarm=alarm))]
    assert ("alarm-dimension-is-arn" in rules) is is_arn


def test_all_metrics_of_an_expression_are_checked() -> None:
    other = query(Id="other")
    other["MetricStat"]["Metric"]["MetricName"] = "Invocations4XXErrors"
    other["MetricStat"]["Stat"] = "Sum"
    expression = {"Id": "both", "Expression": "rate + other"}
    changes = of_metrics(query(ReturnData=False), {**other, "ReturnData": False}, expression)
    assert [(rule, message.split(";")[0]) for rule, message, _ in found(changes)] == [
        (
            "alarm-metric-unknown",
            "Metrics[1].MetricStat.Metric.MetricName is 'Invocations4XXErrors'",
        )
    ]


def test_metrics_after_an_unknown_one_are_checked() -> None:
    unknown = query(Id="unknown", ReturnData=False)
    unknown["MetricStat"]["Metric"].update(Namespace=TOKEN, Dimensions=TOKEN)
    wrong = query(Id="wrong", ReturnData=False)
    wrong["MetricStat"]["Stat"] = "p90"
    wrong["MetricStat"]["Metric"].update(MetricName="Invocations", Dimensions=[ENDPOINT])
    elsewhere = query(Id="elsewhere", ReturnData=False)
    elsewhere["MetricStat"]["Metric"].update(MetricName="ApproximateBacklogSize")
    elsewhere["MetricStat"]["Metric"]["Dimensions"] = [ENDPOINT]
    misspelt = query(Id="misspelt", ReturnData=False)
    misspelt["MetricStat"]["Metric"].update(MetricName="Invocations4XXErrors")
    expression = {"Id": "all", "Expression": "unknown + wrong + elsewhere + misspelt"}
    changes = of_metrics(unknown, wrong, elsewhere, misspelt, expression)
    findings = check(alarm_context(alarm_of(**changes), REAL_TIME))
    assert [(each.rule_id, each.path) for each in findings] == [
        ("alarm-metric-unknown", "Metrics[3].MetricStat.Metric.MetricName"),
        ("alarm-metric-dimensions-wrong", "Metrics[1].MetricStat.Metric.Dimensions"),
        ("alarm-statistic-unsuitable", "Metrics[1].MetricStat.Stat"),
        ("alarm-metric-unpublished", "Metrics[2].MetricStat.Metric.MetricName"),
    ]


WARM = {
    "MetricName": "ServerlessProvisionedConcurrencyUtilization",
    "Statistic": "Maximum",
    "Threshold": 0.9,
}


def test_metric_of_provisioned_concurrency() -> None:
    (variant,) = SERVERLESS["ProductionVariants"]
    warm = {**variant["ServerlessConfig"], "ProvisionedConcurrency": 1}
    other = {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": TOKEN}]}
    assert [rule for rule, _, _ in found(WARM, SERVERLESS)] == ["alarm-metric-unpublished"]
    assert found(WARM, {"ProductionVariants": [{**variant, "ServerlessConfig": warm}]}) == []
    assert found({**WARM, **other}, SERVERLESS) == []


def test_variants_of_the_endpoint() -> None:
    (variant,) = REAL_TIME["ProductionVariants"]
    two = {"ProductionVariants": [variant, {**variant, "VariantName": "canary"}]}
    dimensions = [ENDPOINT, {"Name": "VariantName", "Value": "next"}]
    assert [message for _, message, _ in found({"Dimensions": dimensions}, two)] == [
        "Dimensions[1].Value is 'next'; must be a variant of the endpoint: canary, main"
    ]


def test_maximum_of_a_metric_of_all_gpus() -> None:
    gpu = {**HOSTS, "MetricName": "GPUUtilization", "Threshold": 100}
    assert [rule for rule, _, _ in found(gpu, COMPONENTS)] == ["alarm-never-fires"]
    variant = {**COMPONENTS["ProductionVariants"][0], "InstanceType": "ml.g5.12xlarge"}
    assert found({**gpu, "Threshold": 399}, {"ProductionVariants": [variant]}) == []
    assert [
        rule for rule, _, _ in found({**gpu, "Threshold": 400}, {"ProductionVariants": [variant]})
    ] == ["alarm-never-fires"]


def test_components_have_no_attribute_for_their_name() -> None:
    reference = Reference(type="AWS::SageMaker::InferenceComponent", logical_id="C")
    value = Unresolved({"Ref": "C"}, reference)
    dimensions = [{"Name": "InferenceComponentName", "Value": value}]
    assert [(rule, fix) for rule, _, fix in found({"Dimensions": dimensions}, None)] == [
        (
            "alarm-dimension-is-arn",
            "Give the component a name and write it here; no attribute returns that name.",
        )
    ]


def test_rollback_alarm_that_depends_on_its_endpoint() -> None:
    path = ("deployment_config", "auto_rollback_configuration", "alarms", 0, "alarm_name")
    waits = ReferencedAlarm(logical_id="Errors", is_dependent=True)
    free = ReferencedAlarm(logical_id="Errors")
    spec = EndpointSpec(endpoint_config_name="config")
    assert check(EndpointContext(endpoint=spec, alarms={path: free})) == []
    (finding,) = check(EndpointContext(endpoint=spec, alarms={path: waits}))
    assert (finding.rule_id, finding.severity, finding.message, finding.fix) == (
        "rollback-alarm-cycle",
        Severity.ERROR,
        (
            "rollback alarm Errors depends on the endpoint that it rolls back, so that "
            "CloudFormation can create neither"
        ),
        (
            "Give the endpoint a name, and write that name in the dimension of the alarm instead "
            "of a reference."
        ),
    )
    assert finding.path == "DeploymentConfig.AutoRollbackConfiguration.Alarms[0].AlarmName"


@pytest.mark.parametrize("name", ALARM)
@pytest.mark.parametrize("value", [TOKEN, Unresolved({}), 1, -1.888e289, [], {}, True, "\0"])
def test_values_of_wrong_types_raise_nothing(name: str, value: Any) -> None:
    for config in (REAL_TIME, ASYNCHRONOUS, SERVERLESS, COMPONENTS, None):
        findings = check(alarm_context(alarm_of(**{name: value}), config))
        if value == TOKEN or isinstance(value, Unresolved):
            good = check(alarm_context(alarm_of(), config))
            assert {each.rule_id for each in findings} <= {each.rule_id for each in good}


@pytest.mark.parametrize(
    ("name", "got", "fix"),
    [
        ({"Fn::GetAtt": ["Alarm", "Arn"]}, "the ARN of Alarm", 'Use {"Ref": "Alarm"}.'),
        (
            {"Fn::Sub": "arn:aws:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:errors"},
            "an ARN",
            "Write the name, which is the last part of the ARN.",
        ),
        ({"Ref": "Alarm"}, None, None),
        ("errors", None, None),
    ],
)
def test_the_arn_of_a_rollback_alarm(name: Any, got: str | None, fix: str | None) -> None:
    rollback = {"Alarms": [{"AlarmName": name}]}
    deployment = {"AutoRollbackConfiguration": rollback}
    endpoint = {"EndpointConfigName": "c", "DeploymentConfig": deployment}
    resources: dict[str, Any] = {
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}},
        "Endpoint": {"Type": "AWS::SageMaker::Endpoint", "Properties": endpoint},
    }
    rows = [
        (str(each.got), each.fix)
        for each in check_template({"Resources": resources})
        if each.rule_id == "rollback-alarm-is-arn"
    ]
    assert rows == ([] if got is None else [(got, fix)])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"Statistic": None, "ExtendedStatistic": "p90"}, True),
        ({"MetricName": "FirstChunkLatency"}, True),
        ({"Threshold": 1000}, False),
        ({"Threshold": {"Ref": "AWS::NoValue"}}, False),
        ({"Statistic": "Sum"}, False),
        ({"ComparisonOperator": "LessThanThreshold"}, False),
        ({"MetricName": "OverheadLatency"}, False),
    ],
)
def test_a_latency_in_milliseconds(change: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    alarm = {
        "Namespace": "AWS/SageMaker",
        "MetricName": "ModelLatency",
        "Statistic": "Average",
        "Threshold": 500,
        "ComparisonOperator": "GreaterThanThreshold",
        **change,
    }
    given = {name: value for name, value in alarm.items() if value is not None}
    resources = {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": given}}
    ids = {each.rule_id for each in check_template({"Resources": resources})}
    assert ("alarm-latency-threshold-too-small" in ids) is expected
