"""Step scaling policies and their alarms."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import new_stack
from kit.scaling import ALARM, of_type, queue_depth, scaled

from cdk_epc import EndpointConfigError


def test_steps_that_only_remove_capacity_have_one_alarm() -> None:
    stack = new_stack()
    (policy,) = scaled(stack).scale_on_steps("depth", queue_depth(), {10: -1})
    assert policy.alarm is not None
    (alarm,) = of_type(stack, ALARM)
    assert alarm["ComparisonOperator"] == "LessThanOrEqualToThreshold"


def search() -> cloudwatch.MathExpression:
    text = "SUM(SEARCH('{Fraud}', 'Sum'))"
    return cloudwatch.MathExpression(expression=text, using_metrics={})


@pytest.mark.parametrize(
    ("metric", "options", "rule", "argument"),
    [
        (
            queue_depth,
            {"datapoints_to_alarm": 3},
            "alarm-datapoints-too-large",
            "datapoints_to_alarm",
        ),
        (queue_depth, {"evaluation_periods": 0}, "value-out-of-range", "evaluation_periods"),
        (queue_depth, {"evaluation_periods": 2000}, "alarm-window-too-long", "evaluation_periods"),
        (queue_depth, {"treat_missing_data": "foo"}, "value-not-allowed", "treat_missing_data"),
        (
            queue_depth,
            {"min_adjustment_magnitude": 2},
            "scaling-step-adjustment-wrong",
            "min_adjustment_magnitude",
        ),
        (search, {}, "alarm-queries-wrong", "metric"),
    ],
)
def test_alarms_that_cloudwatch_refuses(
    metric: Any, options: dict[str, Any], rule: str, argument: str
) -> None:
    stack = new_stack()
    scaling = scaled(stack)
    with pytest.raises(EndpointConfigError) as caught:
        scaling.scale_on_steps("depth", metric(), {50: 1}, **options)
    (finding,) = caught.value.findings
    assert (finding.rule_id, finding.path) == (rule, f'scale_on_steps("depth").{argument}')
    assert scaling.policies == ()
    assert of_type(stack, ALARM) == []


def test_an_acknowledged_alarm_is_created() -> None:
    stack = new_stack()
    scaling = scaled(stack)
    reason = {"alarm-window-too-long": "The quota of this account is higher."}
    scaling.scale_on_steps(
        "depth", queue_depth(), {50: 1}, evaluation_periods=2000, acknowledge=reason
    )
    (alarm,) = of_type(stack, ALARM)
    assert alarm["EvaluationPeriods"] == 2000
