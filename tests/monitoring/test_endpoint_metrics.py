"""Metrics of a whole endpoint, computed from those of its variants."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.monitored_endpoints import (
    asynchronous,
    instance_variant,
    real_time,
    two_variants,
    with_shadow_variant,
)
from kit.template_metrics import ALARM, of_type

from cdk_epc import Endpoint, EndpointConfig


def numbered(metric: Any) -> tuple[str, list[tuple[str, str]]]:
    """Return an expression with numbered operands, and their variants and statistics."""
    names = {name: f"m{index}" for index, name in enumerate(metric.using_metrics)}
    text = re.sub("m[0-9a-f]{10}", lambda found: names[found[0]], metric.expression)
    operands = metric.using_metrics.values()
    return text, [(each.dimensions["VariantName"], each.statistic) for each in operands]


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
def test_the_function_depends_on_the_statistic(statistic: str, expression: str) -> None:
    found: Any = two_variants(new_stack()).metric_model_latency(statistic=statistic, label="All")
    assert numbered(found) == (expression, [("blue", statistic), ("green", statistic)])
    assert found.label == "All"
    assert found.period.to_seconds() == 60


def test_an_average_is_the_sum_divided_by_the_sample_count() -> None:
    found = two_variants(new_stack()).metric_invocation_5xx_errors(period=cdk.Duration.minutes(5))
    assert numbered(found) == (
        "SUM([m0, m1]) / SUM([m2, m3])",
        [("blue", "Sum"), ("green", "Sum"), ("blue", "SampleCount"), ("green", "SampleCount")],
    )


def test_the_metric_of_the_only_production_variant_is_unchanged() -> None:
    found: Any = with_shadow_variant(new_stack()).metric_invocations()
    assert found.dimensions["VariantName"] == "blue"
    assert found.statistic == "Sum"


def test_a_metric_of_the_queue_has_the_endpoint_as_its_only_dimension() -> None:
    found: Any = asynchronous(new_stack()).metric("ApproximateBacklogSize")
    assert dict(found.dimensions) == {"EndpointName": "answers"}


def test_a_name_that_is_not_in_the_catalog() -> None:
    found = two_variants(new_stack()).metric("NewerThanTheCatalog")
    text, operands = numbered(found)
    assert text == "SUM([m0, m1]) / SUM([m2, m3])"
    assert len(operands) == 4


def test_identifiers_differ_within_a_graph() -> None:
    from aws_cdk import aws_cloudwatch as cloudwatch

    app = cdk.App(analytics_reporting=False)
    stacks = [new_stack(name, app) for name in ("One", "Two")]
    endpoints = [two_variants(stack) for stack in stacks]
    total: Any = [each.metric_invocations() for each in endpoints]
    latency: Any = [each.metric_model_latency(statistic="p99") for each in endpoints]
    dashboard = cloudwatch.Dashboard(stacks[0], "Dashboard")
    dashboard.add_widgets(cloudwatch.GraphWidget(left=[*total, *latency]))
    names = [name for each in (*total, *latency) for name in each.using_metrics]
    assert len(set(names)) == 8
    assert template_of(stacks[0])


def test_identifiers_are_the_same_in_every_synthesis() -> None:
    """The number of a token depends on the tokens before it."""
    names = []
    for before in (0, 3):
        stack = new_stack()
        for index in range(before):
            assert cdk.Token.as_string({"Ref": f"Parameter{index}"})
        config = EndpointConfig(
            stack,
            "Config",
            production_variants=[instance_variant("blue"), instance_variant("green")],
        )
        endpoint: Any = Endpoint(stack, "Endpoint", endpoint_config=config)
        names.append(list(endpoint.metric_invocations().using_metrics))
    assert names[0] == names[1]


def test_an_alarm_on_the_whole_endpoint() -> None:
    stack = new_stack()
    found: Any = two_variants(stack).metric_invocation_5xx_errors()
    found.create_alarm(stack, "Alarm", threshold=0.1, evaluation_periods=3)
    (alarm,) = of_type(template_of(stack), ALARM).values()
    assert len(alarm["Metrics"]) == 5


def test_an_endpoint_with_one_variant_has_no_expression() -> None:
    assert not hasattr(real_time(new_stack()).metric_invocations(), "expression")
