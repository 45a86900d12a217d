"""Scaling policies, steps, targets and schedules: the requests that AWS accepts and refuses."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from kit.requests import changed

from cdk_epc.rules import Severity, check
from cdk_epc.spec.context import ScalableTargetContext, ScalingPolicyContext
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import Unresolved
from cdk_epc.spec.wire import spec_from_json

TT, ST = "TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration"
INSTANCES = "sagemaker:variant:DesiredInstanceCount"
COPIES = "sagemaker:inference-component:DesiredCopyCount"
UNKNOWN = Unresolved({"Ref": "Parameter"})
AT = "at(2035-01-01T00:00:00)"
EXACT = "ExactCapacity"
UPPER = "MetricIntervalUpperBound"
LONG = "x" * 1600
LARGEST = sys.float_info.max

TARGET: dict[str, Any] = {
    "MinCapacity": 1,
    "MaxCapacity": 4,
    "ResourceId": "endpoint/fraud/variant/main",
    "ScalableDimension": INSTANCES,
    "ServiceNamespace": "sagemaker",
}
ACTION: dict[str, Any] = {
    "ScheduledActionName": "day",
    "Schedule": "cron(0 8 ? * MON-FRI *)",
    "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 4},
}
PREDEFINED = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
TRACKING: dict[str, Any] = {"TargetValue": 600, "PredefinedMetricSpecification": PREDEFINED}
SINGLE = {"Namespace": "Fraud", "MetricName": "Depth", "Statistic": "Average"}
DIMENSION = {"Name": "Queue", "Value": "main"}
LABEL = "ResourceLabel"
STAT = {"Metric": {"Namespace": "Fraud", "MetricName": "Depth"}, "Stat": "p99"}
MATH = [
    {"Id": "rate", "Expression": "a / b"},
    {"Id": "a", "MetricStat": STAT, "ReturnData": False},
    {"Id": "b", "MetricStat": STAT, "ReturnData": False},
]


def policy(**members: Any) -> dict[str, Any]:
    given = {
        "PolicyName": "p",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": "t",
        TT: TRACKING,
        **members,
    }
    return {name: value for name, value in given.items() if value is not None}


def customized(**members: Any) -> dict[str, Any]:
    return policy(**{TT: {"TargetValue": 5, "CustomizedMetricSpecification": members}})


def steps(*bounds: tuple[float | None, float | None, Any], **members: Any) -> dict[str, Any]:
    names = ("MetricIntervalLowerBound", "MetricIntervalUpperBound", "ScalingAdjustment")
    given = [
        {name: value for name, value in zip(names, each, strict=True) if value is not None}
        for each in bounds
    ]
    config = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": given, **members}
    config = {name: value for name, value in config.items() if value is not None}
    return policy(**{"PolicyType": "StepScaling", TT: None, ST: config})


def action(**members: Any) -> dict[str, Any]:
    given = {**ACTION, **members}
    return {name: value for name, value in given.items() if value is not None}


def policy_findings(
    request: dict[str, Any], *before: dict[str, Any]
) -> set[tuple[str, str, Severity]]:
    spec = spec_from_json(ScalingPolicySpec, request)[0]
    target = spec_from_json(ScalableTargetSpec, TARGET)[0]
    policies = (*(spec_from_json(ScalingPolicySpec, each)[0] for each in before), spec)
    context = ScalingPolicyContext(
        policy=spec,
        target=ScalableTargetContext(target=target, logical_id="Target", policies=policies),
    )
    return {(f.rule_id, f.path, f.severity) for each in (spec, context) for f in check(each)}


def target_findings(request: dict[str, Any], **context: Any) -> set[tuple[str, str]]:
    spec = spec_from_json(ScalableTargetSpec, request)[0]
    subject = ScalableTargetContext(target=spec, logical_id="Target", **context)
    return {(f.rule_id, f.path) for each in (spec, subject) for f in check(each)}


def schedule_rules(*actions: Any, **members: Any) -> set[str]:
    found = target_findings({**TARGET, "ScheduledActions": list(actions), **members})
    return {rule for rule, _ in found}


METRIC = f"{TT}.PredefinedMetricSpecification.PredefinedMetricType"
BAD_POLICIES: list[tuple[dict[str, Any], str, str]] = [
    (policy(PolicyType="StepScaling"), "scaling-policy-type-mismatch", ST),
    (policy(**{TT: None}), "scaling-policy-type-mismatch", TT),
    (policy(**{ST: {}}), "scaling-policy-type-mismatch", ST),
    (
        policy(PredictiveScalingPolicyConfiguration={"MetricSpecifications": []}),
        "scaling-policy-type-mismatch",
        "PredictiveScalingPolicyConfiguration",
    ),
    (policy(PolicyType="Other"), "value-unpublished", "PolicyType"),
    (policy(PolicyType="PredictiveScaling"), "scaling-policy-predictive", "PolicyType"),
    (policy(ScalingTargetId=None), "scaling-policy-without-target", "ScalingTargetId"),
    (
        policy(
            ScalingTargetId=None, ResourceId="endpoint/a/variant/b", ServiceNamespace="sagemaker"
        ),
        "scaling-policy-without-target",
        "ScalableDimension",
    ),
    (policy(ResourceId="endpoint/a/variant/b"), "scaling-policy-target-repeated", "ResourceId"),
    (policy(PolicyName=""), "value-length-wrong", "PolicyName"),
    (policy(PolicyName="a\tb"), "value-pattern-mismatch", "PolicyName"),
    (
        policy(**{TT: {"TargetValue": 1}}),
        "scaling-metric-not-single",
        f"{TT}.PredefinedMetricSpecification",
    ),
    (
        policy(**{TT: {**TRACKING, "CustomizedMetricSpecification": SINGLE}}),
        "scaling-metric-not-single",
        f"{TT}.CustomizedMetricSpecification",
    ),
    (
        changed(policy(), METRIC, "ECSServiceAverageCPUUtilization"),
        "scaling-metric-dimension-mismatch",
        METRIC,
    ),
    (
        changed(policy(), METRIC, "SagemakerVariantInvocationPerInstance"),
        "scaling-metric-dimension-mismatch",
        METRIC,
    ),
    (changed(policy(), METRIC, "SageMakerVariantTokens"), "scaling-metric-type-unknown", METRIC),
    (
        changed(policy(), f"{TT}.PredefinedMetricSpecification.ResourceLabel", "app/x"),
        "scaling-metric-with-resource-label",
        f"{TT}.PredefinedMetricSpecification.ResourceLabel",
    ),
    (
        customized(**SINGLE, Metrics=MATH),
        "scaling-metric-form-wrong",
        f"{TT}.CustomizedMetricSpecification.MetricName",
    ),
    (
        customized(Namespace="Fraud", Statistic="Sum"),
        "scaling-metric-form-wrong",
        f"{TT}.CustomizedMetricSpecification.MetricName",
    ),
    (
        customized(Metrics=[{"Id": "a"}]),
        "scaling-metric-form-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics[0].MetricStat",
    ),
    (
        customized(Metrics=[{"Id": "a", "MetricStat": STAT, "Expression": "1"}]),
        "scaling-metric-form-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics[0].Expression",
    ),
    (
        customized(**{**SINGLE, "Statistic": "p99"}),
        "value-not-allowed",
        f"{TT}.CustomizedMetricSpecification.Statistic",
    ),
    (
        customized(Metrics=[*MATH[:2], {"Id": "b", "MetricStat": STAT}]),
        "scaling-metric-math-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics",
    ),
    (
        customized(Metrics=[{**MATH[0], "Id": "Rate"}, *MATH[1:]]),
        "scaling-metric-math-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics[0].Id",
    ),
    (
        customized(Metrics=[*MATH[:2], {**MATH[2], "Id": "a"}]),
        "scaling-metric-math-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics[2].Id",
    ),
    *(
        (
            customized(**{name: value for name, value in SINGLE.items() if name != missing}),
            "scaling-metric-form-wrong",
            f"{TT}.CustomizedMetricSpecification.{missing}",
        )
        for missing in SINGLE
    ),
    *(
        (
            customized(Metrics=MATH, **{name: value}),
            "scaling-metric-form-wrong",
            f"{TT}.CustomizedMetricSpecification.{name}",
        )
        for name, value in {**SINGLE, "Unit": "Count", "Dimensions": [DIMENSION]}.items()
    ),
    (
        customized(Metrics=[UNKNOWN, {"Id": "a"}]),
        "scaling-metric-form-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics[1].MetricStat",
    ),
    (
        customized(Metrics=[{**MATH[0], "Id": UNKNOWN}, *MATH[1:], {**MATH[2], "Id": "a"}]),
        "scaling-metric-math-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics[3].Id",
    ),
    (
        customized(Metrics=[{**MATH[0], "ReturnData": False}, *MATH[1:]]),
        "scaling-metric-math-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics",
    ),
    (
        customized(Metrics=[{"Id": "", "MetricStat": STAT}]),
        "value-length-wrong",
        f"{TT}.CustomizedMetricSpecification.Metrics[0].Id",
    ),
    (
        policy(ScalingTargetId=None, ResourceId="r", ScalableDimension="d"),
        "scaling-policy-without-target",
        "ServiceNamespace",
    ),
    (steps(), "scaling-step-intervals-wrong", f"{ST}.StepAdjustments"),
    (
        steps((None, None, 1)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[0].MetricIntervalLowerBound",
    ),
    (
        steps((0, 0, 1), (0, None, 2)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[0].{UPPER}",
    ),
    (
        steps((None, -5, -2), (None, 0, -1)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[1].MetricIntervalLowerBound",
    ),
    (
        steps((0, None, 1), (5, None, 2)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[1].{UPPER}",
    ),
    (
        steps((0, 10, 1), (20, None, 2)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[1].MetricIntervalLowerBound",
    ),
    (
        steps((0, 10, 1), (5, None, 2)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[1].MetricIntervalLowerBound",
    ),
    (
        steps((-5, 0, -1)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[0].MetricIntervalLowerBound",
    ),
    (
        steps((0, 10, 1)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[0].{UPPER}",
    ),
    (
        steps((-LARGEST, 0, -1)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[0].MetricIntervalLowerBound",
    ),
    (
        steps((0, LARGEST, 1)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[0].{UPPER}",
    ),
    (
        steps((0, 10**400, 1), (10, None, 2)),
        "value-out-of-range",
        f"{ST}.StepAdjustments[0].{UPPER}",
    ),
    (
        {**steps(), "PolicyType": UNKNOWN},
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments",
    ),
    (steps((0, 0.5, 1)), "scaling-step-intervals-wrong", f"{ST}.StepAdjustments[0].{UPPER}"),
    (
        steps((-0.5, 0, -1)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[0].MetricIntervalLowerBound",
    ),
    # Steps on both sides of the threshold have no order.
    (
        steps((None, 0, -1), (0, 0.5, -3)),
        "scaling-step-intervals-wrong",
        f"{ST}.StepAdjustments[1].{UPPER}",
    ),
    (
        steps((0, None, 1), AdjustmentType=None),
        "scaling-step-adjustment-wrong",
        f"{ST}.AdjustmentType",
    ),
    (
        steps((0, 10, 1), (10, None, -1), AdjustmentType=EXACT),
        "scaling-step-adjustment-wrong",
        f"{ST}.StepAdjustments[1].ScalingAdjustment",
    ),
    (
        steps((0, None, 1), MinAdjustmentMagnitude=2),
        "scaling-step-adjustment-wrong",
        f"{ST}.MinAdjustmentMagnitude",
    ),
    (
        steps((None, -5, -101), (-5, 0, -100), AdjustmentType="PercentChangeInCapacity"),
        "scaling-step-percent-too-low",
        f"{ST}.StepAdjustments[0].ScalingAdjustment",
    ),
    (steps((0, None, 1), Cooldown=-1), "value-out-of-range", f"{ST}.Cooldown"),
    (
        steps(*((i, i + 1, i + 1) for i in range(20)), (20, None, 21)),
        "scaling-steps-too-many",
        f"{ST}.StepAdjustments",
    ),
    (
        steps((0, 10, 3), (10, None, 1)),
        "scaling-steps-decreasing",
        f"{ST}.StepAdjustments[1].ScalingAdjustment",
    ),
    (
        steps((10, None, 1), (0, 10, 3)),
        "scaling-steps-decreasing",
        f"{ST}.StepAdjustments[0].ScalingAdjustment",
    ),
    (
        steps((None, -10, -1), (-10, 0, -3)),
        "scaling-steps-decreasing",
        f"{ST}.StepAdjustments[0].ScalingAdjustment",
    ),
    (
        steps((-10, 0, -3), (None, -10, -1)),
        "scaling-steps-decreasing",
        f"{ST}.StepAdjustments[1].ScalingAdjustment",
    ),
]
WARNINGS = {
    "scaling-policy-target-repeated",
    "scaling-metric-type-unknown",
    "scaling-step-percent-too-low",
    "scaling-steps-too-many",
    "scaling-steps-decreasing",
    "value-unpublished",
}


def test_policies_with_one_fault_have_one_finding() -> None:
    wrong = [
        (request, found)
        for request, rule, path in BAD_POLICIES
        if (found := policy_findings(request))
        != {(rule, path, Severity.WARNING if rule in WARNINGS else Severity.ERROR)}
    ]
    assert wrong == []


ACCEPTED_POLICIES = [
    policy(),
    policy(PolicyType=UNKNOWN),
    policy(ScalingTargetId=None, ResourceId="r", ScalableDimension="d", ServiceNamespace="s"),
    policy(**{TT: {"TargetValue": 1, "CustomizedMetricSpecification": UNKNOWN}}),
    policy(**{TT: {**TRACKING, "CustomizedMetricSpecification": UNKNOWN}}),
    policy(**{ST: UNKNOWN}),
    policy(**{TT: UNKNOWN}),
    changed(policy(), f"{TT}.PredefinedMetricSpecification.ResourceLabel", UNKNOWN),
    changed(changed(policy(), METRIC, UNKNOWN), METRIC.replace("PredefinedMetricType", LABEL), "x"),
    customized(**SINGLE, Metrics=UNKNOWN),
    customized(Metrics=[{"Id": "a", "Expression": "b", "MetricStat": UNKNOWN}]),
    customized(**SINGLE),
    customized(Metrics=MATH),
    customized(Metrics=UNKNOWN),
    customized(Metrics=[{"Id": "a", "MetricStat": STAT}]),
    customized(Metrics=[*MATH[:2], {**MATH[2], "ReturnData": UNKNOWN}]),
    steps((0, None, 1)),
    steps((None, 0, -1)),
    steps((None, -10, -2), (-10, 0, -1), (0, 10, 1), (10, None, 2)),
    steps((10, None, 2), (0, 10, 1)),
    steps((0.5, 1.5, 1), (1.5, None, 2)),
    steps((0, None, 0), AdjustmentType=EXACT),
    steps((0, None, 10), AdjustmentType="PercentChangeInCapacity", MinAdjustmentMagnitude=2),
    steps((0, None, 1), StepAdjustments=UNKNOWN),
    changed(steps((0, 10, 1), (20, None, 2)), f"{ST}.StepAdjustments[1]", UNKNOWN),
    changed(steps((0, 10, 1), (20, None, 2)), f"{ST}.StepAdjustments[0].{UPPER}", UNKNOWN),
    steps((0, 10, UNKNOWN), (10, None, 1)),
    changed(steps((0, None, -1), AdjustmentType=EXACT), f"{ST}.StepAdjustments[0]", UNKNOWN),
    steps((0, None, UNKNOWN), AdjustmentType=EXACT),
    steps((0, None, 1), AdjustmentType=UNKNOWN, MinAdjustmentMagnitude=2),
    steps((0, None, 1), MinAdjustmentMagnitude=UNKNOWN),
    steps((None, 0, -101)),
    steps((None, 0, UNKNOWN), AdjustmentType="PercentChangeInCapacity"),
    changed(
        steps((None, 0, -1), AdjustmentType="PercentChangeInCapacity"),
        f"{ST}.StepAdjustments[0]",
        UNKNOWN,
    ),
    customized(Metrics=[UNKNOWN, *MATH]),
    steps((0, 10, 3), (10, None, 1), AdjustmentType=EXACT),
    steps((0, 10, 2), (10, None, 2)),
    steps((0, 10, 2), (10, None, 0)),
    steps((0, 10, 3), (10, None, -1)),
    steps((None, -10, 0), (-10, 0, -2)),
    steps((None, 0, 3), (0, None, 1)),
    steps(*((i, i + 1, i + 1) for i in range(19)), (19, None, 20)),
]


def test_accepted_policies_have_no_finding() -> None:
    wrong = [(each, found) for each in ACCEPTED_POLICIES if (found := policy_findings(each))]
    assert wrong == []


def test_policies_of_one_target() -> None:
    def rules(*requests: dict[str, Any]) -> set[str]:
        *before, last = requests
        return {rule for rule, _, _ in policy_findings(last, *before)}

    first = policy()
    assert rules(first, policy(PolicyName="q")) == {"scaling-metric-repeated"}
    assert rules(first, customized(**SINGLE)) == {"scaling-policy-name-repeated"}
    other = customized(**SINGLE, Dimensions=[{"Name": "Queue", "Value": Unresolved({"Ref": "A"})}])
    third = customized(**SINGLE, Dimensions=[{"Name": "Queue", "Value": Unresolved({"Ref": "B"})}])
    assert rules(other, {**third, "PolicyName": "q"}) == set()
    assert rules(other, {**other, "PolicyName": "q"}) == {"scaling-metric-repeated"}
    # The order of an expression's keys does not count; values that are no JSON are all different.
    texts = [
        {"Fn::Sub": ["${A}${B}", {"A": 1, "B": 2}]},
        {"Fn::Sub": ["${A}${B}", {"B": 2, "A": 1}]},
    ]
    for names, expected in (
        ([Unresolved(each) for each in texts], True),
        ([object(), object()], False),
    ):
        one, two = (customized(**{**SINGLE, "MetricName": each}) for each in names)
        found = rules(one, {**two, "PolicyName": "q"})
        assert ("scaling-metric-repeated" in found) is expected
    many = [customized(**{**SINGLE, "MetricName": f"Depth{i}"}) for i in range(51)]
    named = [{**each, "PolicyName": f"p{i}"} for i, each in enumerate(many)]
    assert rules(*named) == {"scaling-policies-too-many"}
    assert rules(*named[:50]) == set()
    # The first policy beyond the quota has the finding.
    assert rules(*named, policy(PolicyName="last")) == set()
    assert rules({**first, "PolicyName": UNKNOWN}, policy(PolicyName="q")) == {
        "scaling-metric-repeated"
    }
    assert rules({**other, "PolicyName": UNKNOWN}, policy(PolicyName=UNKNOWN)) == set()
    assert rules(policy(PolicyName="a"), first, policy(PolicyName="q")) == {
        "scaling-metric-repeated"
    }
    alone = ScalingPolicyContext(policy=spec_from_json(ScalingPolicySpec, first)[0])
    assert check(alone) == []


@pytest.mark.parametrize(
    ("members", "context", "expected"),
    [
        ({}, {}, set()),
        ({"RoleARN": "arn:aws:iam::111122223333:role/any"}, {}, set()),
        ({"MinCapacity": -1}, {}, {("value-out-of-range", "MinCapacity")}),
        ({"ResourceId": ""}, {}, {("value-length-wrong", "ResourceId")}),
        (
            {"ScalableDimension": "ecs:service:DesiredCount"},
            {},
            {("scaling-namespace-mismatch", "ScalableDimension")},
        ),
        *(
            (
                {"ScalableDimension": "ecs:service:DesiredCount", "ResourceId": each},
                {},
                {("scaling-namespace-mismatch", "ScalableDimension")},
            )
            for each in ("inference-component/a", UNKNOWN)
        ),
        ({"ServiceNamespace": UNKNOWN}, {"resource_id_parts": ("fraud",)}, set()),
        (
            {},
            {"resource_id_parts": ("fraud",), "resource_id_has_arn": True},
            {("scaling-resource-is-arn", "ResourceId")},
        ),
        (
            {"ResourceId": UNKNOWN},
            {"resource_id_parts": ("fraud",)},
            {("scaling-resource-id-wrong", "ResourceId")},
        ),
        (
            {"ResourceId": LONG},
            {"resource_id_parts": (LONG,)},
            {("scaling-resource-id-wrong", "ResourceId")},
        ),
        (
            {"ResourceId": f"{LONG}x"},
            {"resource_id_parts": (LONG, "x")},
            {("value-length-wrong", "ResourceId")},
        ),
        ({"ServiceNamespace": "ecs"}, {}, {("scaling-namespace-mismatch", "ServiceNamespace")}),
        ({"ServiceNamespace": UNKNOWN, "ScalableDimension": COPIES}, {}, set()),
        *(
            ({"ScalableDimension": each}, {}, {("scaling-dimension-unknown", "ScalableDimension")})
            for each in (
                "sagemaker:variant:DesiredGpuCount",
                "sagemaker:cluster:DesiredInstanceCount",
                "sagemaker:endpoint-group:DesiredInstanceCount",
                "sagemaker:variant:x:DesiredInstanceCount",
                "sagemaker:9:9",  # like no other
                "sagemaker:instance-pool:DesiredInstanceCount",
            )
        ),
        *(
            ({"ScalableDimension": each}, {}, {("scaling-dimension-misspelt", "ScalableDimension")})
            for each in (
                "sagemaker:variant:DesiredInstancesCount",
                "sagemaker:variant:desiredInstanceCount",
                "sagemaker:endpoint:DesiredInstanceCount",
                "sagemaker:variant:DesiredCopyCount",
                "sagemaker:variants:DesiredInstanceCount",
            )
        ),
        *(
            ({}, {"resource_id_parts": parts}, {("scaling-resource-id-wrong", "ResourceId")})
            for parts in (
                ("fraud/variant/main",),
                ("endpoint/fraud",),
                ("endpoint/fraud/variant/ma_in",),
                ("endpoint/", "name", "/main"),
                ("inference-component/", None),
                ("/aws/endpoint/", None, "/variant/main"),
            )
        ),
        *(
            ({}, {"resource_id_parts": parts}, set())
            for parts in (
                (),
                ("endpoint/fraud/variant/main",),
                ("endpoint/", "name", "/variant/main"),
                ("endpoint/", "n" * 30, "n" * 33, "/variant/main"),
                (None, "/variant/main"),
                ("end", None),
                ("endpoint/", None),
            )
        ),
        (
            {"ScalableDimension": COPIES, "ResourceId": "inference-component/a"},
            {"resource_id_parts": ("inference-component/a",)},
            set(),
        ),
        (
            {},
            {"resource_id_has_config": True},
            {("scaling-resource-is-config", "ResourceId")},
        ),
        ({}, {"earlier_target": "First"}, {("scaling-target-repeated", "ResourceId")}),
        ({"MinCapacity": 0, "MaxCapacity": 0}, {}, {("scaling-maximum-zero", "MaxCapacity")}),
        (
            {
                "MinCapacity": 0,
                "MaxCapacity": 0,
                "ScheduledActions": [action(ScalableTargetAction={"MaxCapacity": 3})],
            },
            {},
            set(),
        ),
    ],
)
def test_targets(
    members: dict[str, Any], context: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert target_findings({**TARGET, **members}, **context) == expected


REFUSED_EXPRESSIONS = """
cron(0 19 1 * MON *)|cron(0 8 * * * *)|cron(0 1 ? * ? *)|cron(0 8 * * 1-5)|cron()|cron(0 8 ? *)
cron(0 8 ? * MON * * *)|cron(0 25 * * ? *)|cron(60 * * * ? *)|cron(0 1 32 * ? *)|cron(0 1 0 * ? *)
cron(0 -1 * * ? *)|cron(0 8- * * ? *)
cron(0 1 1 13 ? *)|cron(0 1 1 JANUARY ? *)|cron(0 1 ? * 0 *)|cron(0 1 ? * 8 *)
cron(0 1 ? * Monday *)|cron(0 1 ? * MON#1,TUE#2 *)|cron(0 1 1#1 * ? *)|cron(? 1 ? * MON *)
cron(0 8 * * ? 1969)|cron(0;1 8 * * ? *)|0 8 * * 1-5|every day at 8|rate(5 seconds)|rate(0 minutes)
rate(1 week)|rate(1.5 hours)|rate(-1 minutes)|at(2035-01-01T00:00:00Z)|at(2035-01-01)
at(2035-13-01T00:00:00)|at(2035-02-30T00:00:00)|at(2035-01-01T00:00:00+01:00)
"""
ACCEPTED_EXPRESSIONS = """
rate(1 minute)|rate(1 minutes)|rate(5 minute)|rate(5minutes)|rate(2 days)|cron(0 8 ? * MON-FRI *)
cron(0 8 29 FEB ? *)|cron(0/15 8-18 ? * 2#1 2030-2035)|cron(0 0 L * ? *)|cron(0 0 LW * ? *)
cron(0 0 15W * ? *)|cron(0 0 ? * 6L *)|cron(0 0 L-3 * ? *)|cron(0 0 ? * FRI-MON *)
cron(*/5 * * * ? *)|cron(0 8 ? JAN,MAR-DEC mon,WED *)|at(2035-01-01T00:00)|at(2035-01-01T00:00:00)
CRON(0 8 * * ? *)
"""


def listed(text: str) -> list[str]:
    return [each for line in text.split("\n") for each in line.split("|") if each]


def test_expressions() -> None:
    found = {each: schedule_rules(action(Schedule=each)) for each in listed(REFUSED_EXPRESSIONS)}
    assert {
        each for each, rules in found.items() if rules != {"schedule-expression-invalid"}
    } == set()
    found = {each: schedule_rules(action(Schedule=each)) for each in listed(ACCEPTED_EXPRESSIONS)}
    assert {each for each, rules in found.items() if rules} == set()


@pytest.mark.parametrize(
    ("rule", "zones"),
    [
        (None, ("US/Pacific", "Asia/Tokyo", "UTC", "Etc/UTC", "Etc/GMT", "Etc/GMT+0", UNKNOWN)),
        (
            "schedule-time-zone-unknown",
            ("JST", "GMT+9", "UTC-10", "Not/A_Zone", "Berlin", "localtime", "Europe/Berln"),
        ),
        (
            "schedule-time-zone-doubtful",
            (
                *("europe/berlin", "+02:00", "UTC+02:00", "GMT+0900", "-3", "Z"),
                *("Etc/GMT-9", "Etc/GMT+12"),
            ),
        ),
    ],
)
def test_time_zones(rule: str | None, zones: tuple[Any, ...]) -> None:
    for zone in zones:
        assert schedule_rules(action(Timezone=zone)) == ({rule} if rule else set()), zone


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"Schedule": "cron(0 8 ? * MON-FRI)"}, "schedule-fields-incomplete"),
        ({"Schedule": "cron(0 8 ? * MON-FRI * *)"}, "schedule-fields-incomplete"),
        ({"Schedule": None}, "value-missing"),
        ({"Schedule": UNKNOWN}, None),
        ({"Schedule": ""}, "value-length-wrong"),
        ({"Timezone": ""}, "value-length-wrong"),
        ({"ScalableTargetAction": None}, "schedule-without-capacity"),
        ({"ScalableTargetAction": {}}, "schedule-without-capacity"),
        ({"ScalableTargetAction": UNKNOWN}, None),
        ({"ScalableTargetAction": {"MinCapacity": UNKNOWN}}, None),
        ({"ScalableTargetAction": {"MaxCapacity": 1}}, None),
        ({"ScalableTargetAction": {"MinCapacity": 3, "MaxCapacity": 2}}, "scaling-bounds-reversed"),
        ({"ScalableTargetAction": {"MinCapacity": 6}}, "schedule-bound-outside"),
        ({"ScheduledActionName": "a:b"}, "schedule-name-invalid"),
        ({"ScheduledActionName": "a/b"}, "schedule-name-invalid"),
        ({"ScheduledActionName": " a"}, "schedule-name-invalid"),
        ({"ScheduledActionName": "a\tb"}, "schedule-name-invalid"),
        ({"ScheduledActionName": "a|b"}, "schedule-name-invalid"),
        ({"ScheduledActionName": "a "}, "schedule-name-invalid"),
        ({"ScheduledActionName": "Xmas"}, None),
        ({"ScheduledActionName": "every day, früh\u2003"}, None),
        ({"ScheduledActionName": UNKNOWN}, None),
        ({"Schedule": "rate(1 day)", "Timezone": "Europe/Berlin"}, "schedule-time-zone-ignored"),
        ({"Schedule": "rate(1 day)", "Timezone": UNKNOWN}, None),
        ({"StartTime": "31.01.2030"}, "schedule-time-invalid"),
        ({"EndTime": "31.01.2030"}, "schedule-time-invalid"),
        ({"EndTime": "1893456000.000.5"}, "schedule-time-invalid"),
        ({"EndTime": "1893456000.5"}, None),
        ({"StartTime": UNKNOWN, "EndTime": UNKNOWN}, None),
        ({"StartTime": "2030-01-01", "EndTime": "2030-01-01T00:00:01"}, None),
        # A time without an offset is in UTC, and another one may be before it.
        (
            {"StartTime": "2030-01-01T00:00:00", "EndTime": "2030-01-01T01:00:00+02:00"},
            "schedule-window-reversed",
        ),
        ({"StartTime": "2030-01-31T08:00:00+02:00", "EndTime": "2031-01-31"}, None),
        ({"StartTime": "1893456000"}, None),
        ({"StartTime": "2030-01-02", "EndTime": "2030-01-01"}, "schedule-window-reversed"),
        ({"StartTime": "2030-01-01", "EndTime": "2030-01-01"}, "schedule-never-runs"),
        ({"EndTime": "2020-01-01"}, "schedule-never-runs"),
        ({"Schedule": "at(2020-01-01T00:00:00)"}, "schedule-never-runs"),
        ({"Schedule": "cron(0 8 30 FEB ? *)"}, "schedule-never-runs"),
        ({"Schedule": "cron(0 8 31 4,6 ? *)"}, "schedule-never-runs"),
        ({"Schedule": "cron(0 8 31 4,5 ? *)"}, None),
        ({"Schedule": "cron(0 8 * * ? 2019-2021)"}, "schedule-never-runs"),
        ({"EndTime": "2025-12-31"}, "schedule-never-runs"),
        ({"EndTime": "2026-01-01"}, None),
        ({"Schedule": AT, "EndTime": "2034-12-31T23:59:59Z"}, "schedule-never-runs"),
        ({"Schedule": AT, "EndTime": "2035-01-01T00:00:00Z"}, None),
        ({"Schedule": AT, "StartTime": "2035-01-01T00:00:01Z"}, "schedule-never-runs"),
        ({"Schedule": AT, "StartTime": "2035-01-01T00:00:00Z"}, None),
        *(
            ({"Schedule": AT, "EndTime": "2034-12-31", "Timezone": zone}, expected)
            for zone, expected in (
                ("UTC", "schedule-never-runs"),
                ("Etc/UTC", "schedule-never-runs"),
                ("Asia/Tokyo", None),  # a day may lie between the two
                (UNKNOWN, None),
            )
        ),
        ({"ScalableTargetAction": {"MinCapacity": 5}}, "schedule-bound-outside"),
        ({"ScalableTargetAction": {"MinCapacity": 4}}, None),
        ({"ScalableTargetAction": {"MinCapacity": 5, "MaxCapacity": UNKNOWN}}, None),
        ({"ScalableTargetAction": {"MinCapacity": UNKNOWN, "MaxCapacity": 0}}, None),
        ({"ScalableTargetAction": {"MinCapacity": 5, "MaxCapacity": 5}}, None),
        ({"ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 0}}, None),
    ],
)
def test_scheduled_actions(members: dict[str, Any], expected: str | None) -> None:
    assert schedule_rules(action(**members)) == ({expected} if expected else set())


def test_scheduled_actions_of_one_target() -> None:
    twin = action(ScheduledActionName="other", ScalableTargetAction={"MinCapacity": 1})
    assert schedule_rules(ACTION, twin) == {"schedules-simultaneous"}
    assert schedule_rules(ACTION, {**twin, "Timezone": "Europe/Berlin"}) == set()
    assert schedule_rules(ACTION, {**ACTION, "Schedule": "rate(1 day)"}) == {
        "schedule-name-repeated"
    }
    # Another action may have raised the other bound before.
    high = action(ScheduledActionName="high", Schedule="rate(1 day)")
    high["ScalableTargetAction"] = {"MaxCapacity": 9}
    low = action(ScheduledActionName="low", ScalableTargetAction={"MinCapacity": 6})
    assert schedule_rules(high, low) == set()
    lowest = action(ScheduledActionName="lowest", ScalableTargetAction={"MaxCapacity": 0})
    assert schedule_rules(lowest) == {"schedule-bound-outside"}
    assert schedule_rules(lowest, MinCapacity=UNKNOWN) == set()
    assert schedule_rules(low, MaxCapacity=UNKNOWN) == set()
    lower = action(ScheduledActionName="lower", Schedule="rate(1 day)")
    lower["ScalableTargetAction"] = {"MinCapacity": 0}
    assert schedule_rules(lower, lowest) == set()
    # Different times, or capacities that may be the same.
    for members in (
        {"StartTime": "2030-01-01"},
        {"EndTime": "2030-01-01"},
        {"ScalableTargetAction": ACTION["ScalableTargetAction"]},
        {"ScalableTargetAction": {"MinCapacity": UNKNOWN, "MaxCapacity": 4}},
        {"ScalableTargetAction": UNKNOWN},
    ):
        assert schedule_rules(ACTION, {**twin, **members}) == set(), members
    other_maximum = {**twin, "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 5}}
    assert schedule_rules(ACTION, other_maximum) == {"schedules-simultaneous"}
    unknown_zone = {"Timezone": UNKNOWN}
    assert schedule_rules({**ACTION, **unknown_zone}, {**twin, **unknown_zone}) == set()
    suspended = {"SuspendedState": {"ScheduledScalingSuspended": True}}
    assert schedule_rules(ACTION, **suspended) == {"schedules-suspended"}
    assert schedule_rules(**suspended) == set()
    # The actions that are not known do not hide those after them.
    hidden = action(ScheduledActionName=UNKNOWN, Schedule=UNKNOWN, Timezone=UNKNOWN)
    five = action(Schedule="cron(0 8 ? * MON-FRI)")
    for actions, rule in (
        ((ACTION, twin), "schedules-simultaneous"),
        ((ACTION, {**ACTION, "Schedule": "rate(1 day)"}), "schedule-name-repeated"),
        ((five,), "schedule-fields-incomplete"),
    ):
        assert schedule_rules(UNKNOWN, hidden, *actions) == {rule}
    many = [action(ScheduledActionName=f"a{i}", Schedule=f"rate({i + 1} days)") for i in range(201)]
    assert schedule_rules(*many) == {"list-length-wrong"}
