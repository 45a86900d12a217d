"""Generated scalable targets, policies and alarms before other checkers.

Templates that CloudFormation's schema, cfn-lint or AWS's ``cloudformation-validate`` refuses have
an error of this library as well, except where `reason_of` has a reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import pytest
from cfnlint.api import ManualArgs, lint
from kit.requests import changed, path_text, paths_of, without
from kit.validators import refused_by_cfn

from cdk_epc.rules import Severity
from cdk_epc.spec import Spec
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.templates import check_template
from tools.published.models import Resource

pytestmark = pytest.mark.pin_only

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"

SPECS: dict[str, type[Spec]] = {
    TARGET: ScalableTargetSpec,
    POLICY: ScalingPolicySpec,
    ALARM: AlarmSpec,
}
DIMENSION = {"Name": "EndpointName", "Value": "fraud"}
METRIC = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": [DIMENSION]}
TRACKING = "TargetTrackingScalingPolicyConfiguration"
NAMED = {"PolicyName": "p", "PolicyType": "TargetTrackingScaling"}
COMPARED = {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 5, "EvaluationPeriods": 3}

BASES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        TARGET,
        {
            "MinCapacity": 1,
            "MaxCapacity": 4,
            "ResourceId": "endpoint/fraud/variant/main",
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "ServiceNamespace": "sagemaker",
            "ScheduledActions": [
                {
                    "ScheduledActionName": "day",
                    "Schedule": "cron(0 8 * * ? *)",
                    "Timezone": "Europe/Berlin",
                    "StartTime": "2030-01-01T00:00:00Z",
                    "EndTime": "2031-01-01T00:00:00Z",
                    "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 4},
                }
            ],
            "SuspendedState": {"ScheduledScalingSuspended": False},
        },
    ),
    (
        POLICY,
        {
            **NAMED,
            "ScalingTargetId": "fraud|sagemaker",
            TRACKING: {
                "TargetValue": 600,
                "ScaleInCooldown": 300,
                "DisableScaleIn": False,
                "PredefinedMetricSpecification": {
                    "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
                },
            },
        },
    ),
    (
        POLICY,
        {
            **NAMED,
            "ResourceId": "endpoint/fraud/variant/main",
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "ServiceNamespace": "sagemaker",
            TRACKING: {
                "TargetValue": 600,
                "CustomizedMetricSpecification": {**METRIC, "Statistic": "Sum", "Unit": "None"},
            },
        },
    ),
    (
        POLICY,
        {
            **NAMED,
            "ScalingTargetId": "fraud|sagemaker",
            TRACKING: {
                "TargetValue": 600,
                "CustomizedMetricSpecification": {
                    "Metrics": [
                        {"Id": "a", "MetricStat": {"Metric": METRIC, "Stat": "Sum"}},
                    ]
                },
            },
        },
    ),
    (
        POLICY,
        {
            **NAMED,
            "PolicyType": "StepScaling",
            "ScalingTargetId": "fraud|sagemaker",
            "StepScalingPolicyConfiguration": {
                "AdjustmentType": "PercentChangeInCapacity",
                "Cooldown": 300,
                "MetricAggregationType": "Average",
                "MinAdjustmentMagnitude": 1,
                "StepAdjustments": [
                    {
                        "MetricIntervalLowerBound": 0,
                        "MetricIntervalUpperBound": 5,
                        "ScalingAdjustment": 10,
                    },
                    {"MetricIntervalLowerBound": 5, "ScalingAdjustment": 20},
                ],
            },
        },
    ),
    (
        ALARM,
        {
            **METRIC,
            **COMPARED,
            "AlarmName": "a",
            "Statistic": "Sum",
            "Period": 60,
            "DatapointsToAlarm": 2,
            "TreatMissingData": "notBreaching",
            "Unit": "None",
            "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:alerts"],
            "OKActions": ["arn:aws:sns:eu-west-1:111122223333:alerts"],
        },
    ),
    (
        ALARM,
        {
            **METRIC,
            **COMPARED,
            "ExtendedStatistic": "p99",
            "Period": 60,
            "EvaluateLowSampleCountPercentile": "ignore",
        },
    ),
    (
        ALARM,
        {
            **COMPARED,
            "Metrics": [
                {"Id": "b", "Expression": "a * 2", "Label": "twice"},
                {
                    "Id": "a",
                    "MetricStat": {"Metric": METRIC, "Stat": "Sum", "Period": 60},
                    "ReturnData": False,
                },
            ],
        },
    ),
)
VALUES: tuple[Any, ...] = (
    "",
    "x",
    "x" * 2100,
    0,
    -1,
    1.5,
    10**9,
    True,
    [],
    ["x"] * 6,
    {},
    {"A": 1},
)
OTHER_MEMBERS: dict[str, tuple[tuple[str, Any], ...]] = {
    ALARM: (
        ("Statistic", "Sum"),
        ("ExtendedStatistic", "p99"),
        ("MetricName", "Invocations"),
        ("ThresholdMetricId", "a"),
        ("Metrics", []),
    ),
    POLICY: (("ResourceId", "endpoint/fraud/variant/main"), ("NoSuchMember", 1)),
    TARGET: (("NoSuchMember", 1),),
}


EQUAL_NAMES = "E3019"
"""Rule of both checkers about equal names, which the resources of one template have here."""

TEXTS_OF_NUMBERS = {"0", "-1", "1.5", "1000000000", "true"}


def reason_of(  # noqa: PLR0911 - one for each reason
    type_: str, place: str, kind: str
) -> str | None:
    """Return why a template that only another checker refuses has no error here."""
    last = place.rpartition(".")[2]
    if kind in TEXTS_OF_NUMBERS:
        return "CloudFormation converts plain values: where a text stands, a number is its text"
    if last in {"NoSuchMember", "Label"} or kind == '{"A": 1}':
        return "members that no rule reads are not judged in resources of other services"
    if type_ == ALARM and (place.startswith("Metrics") or place == "Namespace"):
        return "an alarm without a namespace of SageMaker is not judged"
    if type_ == POLICY and place in {"ScalingTargetId", "ServiceNamespace", "ScalableDimension"}:
        return "a policy that neither names SageMaker nor a target of it is not judged"
    if place == "ResourceId" and kind == "added":
        return "a policy with two names of its target was deployed for years: a warning"
    if last in {"PolicyType", "PredefinedMetricType"} or (
        last == "ComparisonOperator" and kind != '""'
    ):
        return "AWS adds words: one that is not published yet is a warning"
    return None


def changes_of(type_: str, base: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the place, the kind of change and the changed properties."""
    for name, value in OTHER_MEMBERS[type_]:
        if name not in base:
            yield name, "added", {**base, name: value}
    for at in paths_of(base):
        place = path_text(tuple("*" if isinstance(step, int) else step for step in at))
        yield place, "removed", without(base, at)
        for value in VALUES:
            yield place, json.dumps(value)[:12], changed(base, at, value)


def is_refused_by_us(type_: str, properties: dict[str, Any]) -> bool:
    resources = {"Checked": {"Type": type_, "Properties": properties}}
    if type_ == POLICY and "ScalingTargetId" in properties:
        target = {"Type": TARGET, "Properties": BASES[0][1]}
        resources["Target"] = target
        if properties["ScalingTargetId"] == "fraud|sagemaker":
            properties = {**properties, "ScalingTargetId": {"Ref": "Target"}}
            resources["Checked"] = {"Type": type_, "Properties": properties}
    return any(
        each.severity is Severity.ERROR and each.resource == "Checked"
        for each in check_template({"Resources": resources})
    )


Change: TypeAlias = tuple[str, str, str, dict[str, Any]]
"""Type of a resource, changed place, kind of change, and the changed properties."""


@pytest.fixture(scope="module")
def changes() -> list[Change]:
    return [(type_, *each) for type_, base in BASES for each in changes_of(type_, base)]


def open_places(refused: Iterable[Change]) -> set[tuple[str, str, str]]:
    """Return the places of changes that another checker refuses and this library accepts."""
    return {
        (type_, place, kind)
        for type_, place, kind, properties in refused
        if not is_refused_by_us(type_, properties)
    }


def test_what_the_schema_refuses_has_an_error(changes: list[Change]) -> None:
    resources = {type_: Resource(type_, spec, ()) for type_, spec in SPECS.items()}
    for type_, base in BASES:
        assert refused_by_cfn(base, resources[type_]) == []
        assert not is_refused_by_us(type_, base)
    refused = [each for each in changes if refused_by_cfn(each[-1], resources[each[0]])]
    assert len(refused) > 1000
    found = open_places(refused)
    assert {each for each in found if reason_of(*each) is None} == set()
    assert len({reason_of(*each) for each in found}) == 6, "a reason without a case"


def refused_by_cfn_lint(template: str) -> Iterator[tuple[str, str]]:
    for each in lint(template, config=ManualArgs(regions=["eu-west-1"])):
        if each.rule.id.startswith("E") and each.path is not None and len(each.path) > 1:
            yield each.rule.id, str(each.path[1])


def refused_by_cloudformation_validate(template: str) -> Iterator[tuple[str, str]]:
    # The lowest versions are tested without it.
    from cloudformation_validate import CompositeEngine, TemplateContent
    from cloudformation_validate import Severity as Level

    for each in CompositeEngine().validate_template(TemplateContent(template)).diagnostics:
        if each.severity in {Level.FATAL, Level.ERROR} and each.entity is not None:
            yield each.rule_id, each.entity.logical_id


@pytest.mark.parametrize("checker", [refused_by_cfn_lint, refused_by_cloudformation_validate])
def test_what_a_checker_of_templates_refuses_has_an_error(
    changes: list[Change], checker: Callable[[str], Iterator[tuple[str, str]]]
) -> None:
    resources = {
        f"Checked{index}": {"Type": type_, "Properties": properties}
        for index, (type_, _, _, properties) in enumerate(changes)
    }
    refused = {
        int(name.removeprefix("Checked"))
        for rule_id, name in checker(json.dumps({"Resources": resources}))
        if rule_id != EQUAL_NAMES
    }
    assert len(refused) > 1000
    found = open_places(changes[index] for index in refused)
    assert {each for each in found if reason_of(*each) is None} == set()
