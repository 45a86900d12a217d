"""Metrics of a whole endpoint, worked out of those of its variants."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.template_metrics import ALARM, of_type
from kit.monitored_endpoints import asynchronous, on_instances, real_time, shadowed, split

from cdk_epc import Endpoint, EndpointConfig


def reported(metric: Any) -> tuple[str, list[tuple[str, str]]]:
    """The expression with its metrics numbered, and the variant and statistic of each."""
    names = {name: f"m{index}" for index, name in enumerate(metric.using_metrics)}
    text = re.sub("m[0-9a-f]{10}", lambda found: names[found[0]], metric.expression)
    read = metric.using_metrics.values()
    return text, [(each.dimensions["VariantName"], each.statistic) for each in read]


@pytest.mark.parametrize(
    ("statistic", "expression"),
    [
        ("Sum", "SUM([m0, m1])"),
        ("SampleCount", "SUM([m0, m1])"),
        ("Minimum", "MIN([m0, m1])"),
        ("Maximum", "MAX([m0, m1])"),
        ("p99", "MAX([m0, m1])"),
    ],
)
def test_variants_are_put_together(statistic: str, expression: str) -> None:
    found: Any = split(new_stack()).metric_model_latency(statistic=statistic, label="All")
    assert reported(found) == (expression, [("blue", statistic), ("green", statistic)])
    assert found.label == "All"
    assert found.period.to_seconds() == 60


def test_an_average_is_that_of_all_samples() -> None:
    found = split(new_stack()).metric_invocation_5xx_errors(period=cdk.Duration.minutes(5))
    assert reported(found) == (
        "SUM([m0, m1]) / SUM([m2, m3])",
        [("blue", "Sum"), ("green", "Sum"), ("blue", "SampleCount"), ("green", "SampleCount")],
    )


def test_the_only_variant_that_answers_is_taken_as_it_is() -> None:
    found: Any = shadowed(new_stack()).metric_invocations()
    assert found.dimensions["VariantName"] == "blue"
    assert found.statistic == "Sum"


def test_a_metric_of_the_queue_is_the_endpoints_own() -> None:
    found: Any = asynchronous(new_stack()).metric("ApproximateBacklogSize")
    assert dict(found.dimensions) == {"EndpointName": "answers"}


def test_a_name_that_the_table_lacks() -> None:
    found = split(new_stack()).metric("NewerThanTheTable")
    text, read = reported(found)
    assert text == "SUM([m0, m1]) / SUM([m2, m3])"
    assert len(read) == 4


def test_expressions_of_one_graph_do_not_collide() -> None:
    from aws_cdk import aws_cloudwatch as cloudwatch

    app = cdk.App(analytics_reporting=False)
    stacks = [new_stack(name, app) for name in ("One", "Two")]
    made = [split(stack) for stack in stacks]
    total: Any = [each.metric_invocations() for each in made]
    latency: Any = [each.metric_model_latency(statistic="p99") for each in made]
    board = cloudwatch.Dashboard(stacks[0], "DashboardBuilder")
    board.add_widgets(cloudwatch.GraphWidget(left=[*total, *latency]))
    names = [name for each in (*total, *latency) for name in each.using_metrics]
    assert len(set(names)) == 8
    assert template_of(stacks[0])


def test_names_in_expressions_are_the_same_in_every_synthesis() -> None:
    """Tokens are numbered by whatever was made before them."""
    names = []
    for before in (0, 3):
        stack = new_stack()
        for index in range(before):
            assert cdk.Token.as_string({"Ref": f"Parameter{index}"})
        config = EndpointConfig(
            stack, "Config", production_variants=[on_instances("blue"), on_instances("green")]
        )
        made: Any = Endpoint(stack, "Endpoint", endpoint_config=config)
        names.append(list(made.metric_invocations().using_metrics))
    assert names[0] == names[1]


def test_an_alarm_on_the_whole_endpoint() -> None:
    stack = new_stack()
    found: Any = split(stack).metric_invocation_5xx_errors()
    found.create_alarm(stack, "Alarm", threshold=0.1, evaluation_periods=3)
    (alarm,) = of_type(template_of(stack), ALARM).values()
    assert len(alarm["Metrics"]) == 5


def test_real_time_is_one_metric() -> None:
    assert not hasattr(real_time(new_stack()).metric_invocations(), "expression")
