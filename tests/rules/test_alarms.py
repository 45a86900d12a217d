"""Each rule of alarms: a good alarm, one change, and the finding that comes of it."""

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

from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import EndpointSpec
from cdk_epc.spec.context import AlarmContext, EndpointContext, ReferencedAlarm
from cdk_epc.spec.unresolved import Reference, Unresolved

HOSTS = {"Namespace": "/aws/sagemaker/Endpoints", "MetricName": "MemoryUtilization"}
CPU = {**HOSTS, "MetricName": "CPUUtilization"}
LEAST, MOST = "LessThanThreshold", "GreaterThanOrEqualToThreshold"
UNTOLD = "${Token[TOKEN.1]}"
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


INSTEAD = "Give a threshold within what the metric can be."
SHARE = "Give a share between 0 and 1, such as 0.05; or take the statistic Sum."
NEVER = "alarm-never-fires"
ALWAYS = "alarm-always-fires"


@pytest.mark.parametrize(
    ("changes", "rule", "message", "fix"),
    [
        ({"Threshold": 1}, NEVER, "Invocation5XXErrors is at most 1", SHARE),
        ({"Threshold": 5}, NEVER, "Invocation5XXErrors is at most 1", SHARE),
        (
            {"Threshold": 1.5, "ComparisonOperator": MOST},
            NEVER,
            "Invocation5XXErrors is at most 1",
            SHARE,
        ),
        (
            {"Threshold": 1, "Statistic": None, "ExtendedStatistic": "tm99"},
            NEVER,
            "Invocation5XXErrors is at most 1",
            SHARE,
        ),
        (
            {"Threshold": 0, "ComparisonOperator": LEAST},
            NEVER,
            "Invocation5XXErrors is at least 0",
            SHARE,
        ),
        (
            {"Threshold": -1, "ComparisonOperator": "LessThanOrEqualToThreshold"},
            NEVER,
            "Invocation5XXErrors is at least 0",
            SHARE,
        ),
        (
            {"Threshold": -1, "ComparisonOperator": LEAST, "Statistic": "Sum"},
            NEVER,
            "Invocation5XXErrors is at least 0",
            INSTEAD,
        ),
        ({**HOSTS, "Threshold": 100}, NEVER, "MemoryUtilization is at most 100", INSTEAD),
        (
            {**CPU, "Threshold": 400},
            NEVER,
            "CPUUtilization is at most 400",
            "Give less; 100 is one vCPU.",
        ),
        (
            {**HOSTS, "Threshold": 101, "ComparisonOperator": LEAST},
            ALWAYS,
            "MemoryUtilization is at most 100",
            INSTEAD,
        ),
        (
            {"Threshold": 0, "ComparisonOperator": MOST},
            ALWAYS,
            "Invocation5XXErrors is at least 0",
            INSTEAD,
        ),
        (
            of_metrics(query(), Threshold=1),
            NEVER,
            "Invocation4XXErrors is at most 1",
            SHARE,
        ),
    ],
)
def test_a_threshold_beyond_the_metric(
    changes: dict[str, Any], rule: str, message: str, fix: str
) -> None:
    threshold = changes["Threshold"]
    passed = "now and then" if rule == NEVER else "always"
    word = "a value that is passed" if rule == NEVER else "a value that is not passed"
    assert found(changes) == [
        (rule, f"Threshold is {threshold}; allowed: {word} {passed}, for {message}", fix)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Threshold": 0.99},
        {"Threshold": 1, "ComparisonOperator": MOST},
        {"Threshold": 0, "ComparisonOperator": "LessThanOrEqualToThreshold"},
        {"Threshold": 0.5, "ComparisonOperator": LEAST},
        {"Threshold": 5, "Statistic": "Sum"},
        {"Threshold": 5, "Statistic": "SampleCount"},
        {"Threshold": 5, "Statistic": None, "ExtendedStatistic": "TS(0%:99%)"},
        {**HOSTS, "Threshold": 100, "ComparisonOperator": MOST},
        {**CPU, "Threshold": 399},
        {"MetricName": "ModelLatency", "Threshold": 10**9},
        # For want of data it goes off, which is what it is for.
        {"Threshold": 0, "ComparisonOperator": LEAST, "TreatMissingData": "breaching"},
        {"Threshold": 1, "TreatMissingData": UNTOLD},
        {"Threshold": 5, "ComparisonOperator": "GreaterThanUpperThreshold"},
        {"Threshold": -1.888e289},
        {"Threshold": 1, "Statistic": UNTOLD},
        {"Threshold": 1, "MetricName": UNTOLD},
        {"Threshold": "1"},
        {"Threshold": None},
        {**BACKLOG, "Threshold": 1, "ComparisonOperator": MOST},
        of_metrics(
            query(ReturnData=False),
            {"Id": "percent", "Expression": "rate * 100"},
            Threshold=5,
        ),
        of_metrics(query(), query(Id="more"), Threshold=5),
        of_metrics(query(ReturnData=UNTOLD), query(Id="more", ReturnData=False), Threshold=0.5),
    ],
)
def test_a_threshold_within_the_metric(changes: dict[str, Any]) -> None:
    config = ASYNCHRONOUS if "HasBacklogWithoutCapacity" in changes.values() else REAL_TIME
    assert found(changes, config) == []


def test_utilisation_on_an_unknown_type_has_no_end() -> None:
    changes = {**CPU, "Threshold": 5000}
    variant = {**REAL_TIME["ProductionVariants"][0], "InstanceType": UNTOLD}
    assert found(changes, {"ProductionVariants": [variant]}) == []
    assert found(changes, None) == []


def test_a_whole_finding_says_where_the_threshold_stands() -> None:
    (finding,) = check(alarm_context(alarm_of(Threshold=1)))
    assert finding == Finding(
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
    )


EXACTLY = "Give exactly these; CloudWatch finds nothing by fewer, or by more."
UNKNOWN = "alarm-metric-unknown"


@pytest.mark.parametrize(
    ("changes", "config", "expected"),
    [
        (
            {"MetricName": "Invocations5XXErrors"},
            REAL_TIME,
            (
                UNKNOWN,
                (
                    "MetricName is 'Invocations5XXErrors'; allowed: a metric that SageMaker "
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
                    "MetricName is 'aws.sagemaker.endpoint.requests'; allowed: a metric that "
                    "SageMaker publishes to AWS/SageMaker for endpoints"
                ),
                (
                    "Take a metric of the guide's list; those of detailed observability cannot be "
                    "alarmed on."
                ),
            ),
        ),
        (
            {**HOSTS, "Threshold": 80, "Namespace": "aws/sagemaker/Endpoints"},
            REAL_TIME,
            (
                UNKNOWN,
                (
                    "Namespace is 'aws/sagemaker/Endpoints'; allowed: '/aws/sagemaker/Endpoints', "
                    "as SageMaker spells it"
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
                    "Namespace is 'AWS/SageMaker'; allowed: '/aws/sagemaker/Endpoints', where "
                    "DiskUtilization is published"
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
                    "Dimensions: EndpointName alone; allowed: EndpointName and VariantName, or "
                    "EndpointName, VariantName and ContainerName, for MemoryUtilization is "
                    "published by these"
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
                    "Dimensions: EndpointName and VariantName; allowed: EndpointName alone, for "
                    "HasBacklogWithoutCapacity is published by these"
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
                    "Dimensions is missing; allowed: EndpointName alone, for "
                    "HasBacklogWithoutCapacity is published by these"
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
                "ExtendedStatistic is 'p99'; allowed: one of SampleCount, Sum, for Invocations",
                "Take Sum.",
            ),
        ),
        (
            {"MetricName": "InvocationsPerInstance", "Threshold": 500},
            REAL_TIME,
            (
                "alarm-statistic-unsuitable",
                "Statistic is 'Average'; allowed: one of Sum, for InvocationsPerInstance",
                "Take Sum.",
            ),
        ),
        (
            {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "AllTraffic"}]},
            REAL_TIME,
            (
                "alarm-variant-unknown",
                "Dimensions[1].Value is 'AllTraffic'; allowed: a variant of the endpoint: main",
                "Name a variant; there is one metric for each, and none for all traffic.",
            ),
        ),
        (
            {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "Main"}]},
            REAL_TIME,
            (
                "alarm-variant-unknown",
                "Dimensions[1].Value is 'Main'; allowed: a variant of the endpoint: main",
                "Name a variant; there is one metric for each, and none for all traffic.",
            ),
        ),
        (
            {"MetricName": "Invocations", "Statistic": "Sum", "Threshold": 5},
            ASYNCHRONOUS,
            (
                "alarm-metric-unpublished",
                (
                    "MetricName is 'Invocations'; allowed: a metric that the endpoint publishes, "
                    "for those of its kind, asynchronous, do not publish this one"
                ),
                "Take another metric.",
            ),
        ),
        (
            {**CPU, "Threshold": 80},
            SERVERLESS,
            (
                "alarm-metric-unpublished",
                (
                    "MetricName is 'CPUUtilization'; allowed: a metric that the endpoint "
                    "publishes, for those of its kind, serverless, do not publish this one"
                ),
                "Take another metric.",
            ),
        ),
        (
            {**HOSTS, "MetricName": "GPUUtilization", "Threshold": 80},
            REAL_TIME,
            (
                "alarm-metric-unpublished",
                (
                    "MetricName is 'GPUUtilization'; allowed: a metric that the endpoint "
                    "publishes, for ml.m5.xlarge has no GPU"
                ),
                "Take another metric.",
            ),
        ),
        (
            {"MetricName": "ServerlessProvisionedConcurrencyUtilization", "Threshold": 0.8},
            SERVERLESS,
            (
                "alarm-metric-unpublished",
                (
                    "MetricName is 'ServerlessProvisionedConcurrencyUtilization'; allowed: a "
                    "metric that the endpoint publishes, for its variant has no provisioned "
                    "concurrency"
                ),
                "Take another metric.",
            ),
        ),
        (
            {"MetricName": "ExplanationsPerInstance", "Statistic": "Sum", "Threshold": 20},
            REAL_TIME,
            (
                "alarm-metric-unpublished",
                (
                    "MetricName is 'ExplanationsPerInstance'; allowed: a metric that the endpoint "
                    "publishes, for it has no explainer"
                ),
                "Take another metric.",
            ),
        ),
        (
            {"Dimensions": [{"Name": "EndpointName", "Value": "arn:aws:sagemaker:x"}, VARIANT]},
            None,
            (
                "alarm-dimension-is-arn",
                (
                    "Dimensions[0].Value is 'arn:aws:sagemaker:x'; allowed: a name, for metrics "
                    "are kept by the name"
                ),
                'Take Fn::GetAtt with "EndpointName": Ref gives the ARN.',
            ),
        ),
    ],
)
def test_what_is_not_there_to_be_watched(
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
        ({**HOSTS, "Threshold": 80, "Dimensions": UNTOLD}, REAL_TIME),
        ({**HOSTS, "Threshold": 80, "Dimensions": [{"Name": UNTOLD, "Value": "a"}]}, REAL_TIME),
        (
            {
                **HOSTS,
                "Threshold": 80,
                "Dimensions": [ENDPOINT, VARIANT, {"Name": "InstanceId", "Value": "i-1"}],
            },
            REAL_TIME,
        ),
        # Its name is spelt in two ways by the guide.
        ({"MetricName": "InvocationsProcesssed", "Statistic": "Sum"}, ASYNCHRONOUS),
        # Other jobs of SageMaker publish to these, too; and a name has to be much alike.
        ({"MetricName": "CacheHits", "Dimensions": None}, None),
        ({"MetricName": "ActiveWorkers", "Dimensions": None}, None),
        ({"Namespace": "/aws/sagemaker/TrainingJobs", "MetricName": "Whatever"}, None),
        ({"Namespace": "Fraud", "MetricName": "Invocations5XXErrors"}, REAL_TIME),
        ({"MetricName": "OverheadLatency", "Threshold": 5, "Statistic": "Maximum"}, REAL_TIME),
        ({"Statistic": "Maximum"}, REAL_TIME),
        (
            {
                "MetricName": "ModelLatency",
                "Statistic": None,
                "ExtendedStatistic": "p99.9",
                "Threshold": 5,
            },
            REAL_TIME,
        ),
        # What the guide does not name, and people use.
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
        ({"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": UNTOLD}]}, REAL_TIME),
        ({"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "other"}]}, None),
    ],
)
def test_what_can_be_watched(changes: dict[str, Any], config: Any) -> None:
    assert found(changes, config) == []


def test_a_shadow_variant_has_metrics_of_its_own() -> None:
    variant = dict(REAL_TIME["ProductionVariants"][0])
    config = {**REAL_TIME, "ShadowProductionVariants": [{**variant, "VariantName": "next"}]}
    changes = {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": "next"}]}
    assert found(changes, config) == []


def test_where_a_variant_has_an_unknown_name_any_name_may_be_its() -> None:
    variant = {**REAL_TIME["ProductionVariants"][0], "VariantName": UNTOLD}
    for variants in ([variant], UNTOLD, Unresolved({}), [1], 1):
        assert found({}, {"ProductionVariants": variants}) == []


@pytest.mark.parametrize("value", [["main"], {}, 1, None, Unresolved({})])
def test_the_name_of_a_variant_is_a_text(value: Any) -> None:
    assert found({"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": value}]}) == []


def test_a_name_in_other_capitals() -> None:
    subject = AlarmContext(
        alarm=alarm_of(), similar_endpoint_names={("dimensions", 0, "value"): "Fraud"}
    )
    assert [(each.rule_id, each.message, each.fix) for each in check(subject)] == [
        (
            "alarm-endpoint-name-misspelt",
            "Dimensions[0].Value is 'fraud'; allowed: 'Fraud', as the endpoint is called",
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
def test_a_reference_that_is_an_arn(
    type_: str, attribute: str | None, dimension: str, *, is_arn: bool
) -> None:
    value = Unresolved({}, Reference(type_, "It", attribute))
    alarm = alarm_of(MetricName="Other", Dimensions=[{"Name": dimension, "Value": value}])
    rules = [each.rule_id for each in check(AlarmContext(alarm=alarm))]
    assert ("alarm-dimension-is-arn" in rules) is is_arn


def test_each_of_several_metrics_is_judged() -> None:
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


def test_a_metric_that_nobody_knows_ends_nothing() -> None:
    """The first of two is passed over; what is wrong with the second is told."""
    unknown = query(Id="unknown", ReturnData=False)
    unknown["MetricStat"]["Metric"].update(Namespace=UNTOLD, Dimensions=UNTOLD)
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
    assert [(rule, message.split(" ")[0].strip(":")) for rule, message, _ in found(changes)] == [
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


def test_what_only_provisioned_concurrency_publishes() -> None:
    (variant,) = SERVERLESS["ProductionVariants"]
    warm = {**variant["ServerlessConfig"], "ProvisionedConcurrency": 1}
    other = {"Dimensions": [ENDPOINT, {"Name": "VariantName", "Value": UNTOLD}]}
    assert [rule for rule, _, _ in found(WARM, SERVERLESS)] == ["alarm-metric-unpublished"]
    assert found(WARM, {"ProductionVariants": [{**variant, "ServerlessConfig": warm}]}) == []
    assert found({**WARM, **other}, SERVERLESS) == []


def test_the_variants_that_there_are() -> None:
    (variant,) = REAL_TIME["ProductionVariants"]
    two = {"ProductionVariants": [variant, {**variant, "VariantName": "canary"}]}
    dimensions = [ENDPOINT, {"Name": "VariantName", "Value": "next"}]
    assert [message for _, message, _ in found({"Dimensions": dimensions}, two)] == [
        "Dimensions[1].Value is 'next'; allowed: a variant of the endpoint: canary, main"
    ]


def test_the_end_of_a_metric_of_all_gpus() -> None:
    gpu = {**HOSTS, "MetricName": "GPUUtilization", "Threshold": 100}
    assert [rule for rule, _, _ in found(gpu, COMPONENTS)] == ["alarm-never-fires"]
    variant = {**COMPONENTS["ProductionVariants"][0], "InstanceType": "ml.g5.12xlarge"}
    assert found({**gpu, "Threshold": 399}, {"ProductionVariants": [variant]}) == []
    assert [
        rule for rule, _, _ in found({**gpu, "Threshold": 400}, {"ProductionVariants": [variant]})
    ] == ["alarm-never-fires"]


def test_a_component_has_no_attribute_for_its_name() -> None:
    reference = Reference(type="AWS::SageMaker::InferenceComponent", logical_id="C")
    value = Unresolved({"Ref": "C"}, reference)
    dimensions = [{"Name": "InferenceComponentName", "Value": value}]
    assert [(rule, fix) for rule, _, fix in found({"Dimensions": dimensions}, None)] == [
        (
            "alarm-dimension-is-arn",
            "Give the component a name, and write the same here: a component has no name to get.",
        )
    ]


def test_an_alarm_that_waits_for_what_it_guards() -> None:
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
            "DeploymentConfig.AutoRollbackConfiguration.Alarms[0].AlarmName: an alarm, Errors, "
            "that refers back to the endpoint; allowed: an alarm that can be made first"
        ),
        "Give the endpoint a name, and write that name into the alarm's dimension.",
    )


@pytest.mark.parametrize("name", ALARM)
@pytest.mark.parametrize("value", [UNTOLD, Unresolved({}), 1, -1.888e289, [], {}, True, "\0"])
def test_no_value_in_any_one_place_is_a_crash(name: str, value: Any) -> None:
    for config in (REAL_TIME, ASYNCHRONOUS, SERVERLESS, COMPONENTS, None):
        findings = check(alarm_context(alarm_of(**{name: value}), config))
        if value == UNTOLD or isinstance(value, Unresolved):
            good = check(alarm_context(alarm_of(), config))
            assert {each.rule_id for each in findings} <= {each.rule_id for each in good}
