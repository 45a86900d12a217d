"""Variants and components that are added after the alarms and the dashboard of an endpoint."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import new_stack, template_of
from kit.components import component_in
from kit.monitored_endpoints import GPU, endpoint, instance_variant

from cdk_epc import AlarmKind, EndpointConfig, EndpointConfigError

ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"


def texts_of(template: dict[str, Any], type_: str) -> list[str]:
    return [json.dumps(each) for each in template["Resources"].values() if each["Type"] == type_]


def widgets_of(body: Any) -> list[dict[str, Any]]:
    """Return the widgets of a dashboard, with a text for each reference."""
    parts = [body] if isinstance(body, str) else body["Fn::Join"][1]
    text = "".join(each if isinstance(each, str) else "?" for each in parts)
    widgets: list[dict[str, Any]] = json.loads(text)["widgets"]
    return widgets


def test_variants_that_are_added_later() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=[instance_variant("blue")])
    made = endpoint(stack, config)
    alarms = made.add_recommended_alarms()
    chosen = made.add_recommended_alarms(variants=["blue"], id="Chosen")
    made.dashboard()
    made.dashboard(variants=["blue"], id="ChosenDashboard")
    config.add_instance_variant("green", model="churn", instance_type=GPU, initial_instance_count=1)
    template = template_of(stack)
    green = [each for each in texts_of(template, ALARM) if '"green"' in each]
    assert len(green) == len([each for each in alarms.entries if each.of == "green"]) > 3
    assert len(alarms.of(AlarmKind.SERVER_ERRORS, "green")) == 1
    assert len(texts_of(template, ALARM)) == len(alarms) + len(chosen)
    shown = ["green" in each for each in texts_of(template, DASHBOARD)]
    assert sorted(shown) == [False, True]
    # A second synthesis adds nothing.
    assert template_of(stack) == template


def test_components_that_are_added_later() -> None:
    stack = new_stack()
    component = component_in(stack)
    dashboard = component.endpoint.dashboard()
    dashboard.add_widgets(cloudwatch.TextWidget(markdown="Contact: on-call"))
    component_in(stack, endpoint=component.endpoint, id="Later")
    shown = stack.resolve(dashboard.node.default_child.dashboard_body)
    *widgets, last = widgets_of(shown)
    assert "**Later**, inference component" in widgets[0]["properties"]["markdown"]
    assert last["properties"]["markdown"] == "Contact: on-call"
    assert last["y"] == max(each["y"] + each["height"] for each in widgets)


def test_scaling_and_alarms_that_are_added_later() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    blue = config.add_instance_variant(
        "blue", model="churn", instance_type=GPU, initial_instance_count=1
    )
    made = endpoint(stack, config)
    alarms = made.add_recommended_alarms()
    dashboard = made.dashboard(alarms=alarms)
    blue.auto_scale(1, 3).scale_on_invocations(600)
    config.add_instance_variant("green", model="churn", instance_type=GPU, initial_instance_count=1)
    before = len(alarms)
    template_of(stack)
    summary, states, *others = widgets_of(
        stack.resolve(dashboard.node.default_child.dashboard_body)
    )
    assert "**blue**, 50% of the traffic, 1 to 3 instances" in summary["properties"]["markdown"]
    assert len(states["properties"]["alarms"]) == len(alarms) == 2 * before
    assert '{"value": 600, "label": "target of blue"' in json.dumps(others)


def test_rollback_alarms_and_later_variants() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=[instance_variant("blue")])
    made = endpoint(stack, config)
    alarms = made.add_recommended_alarms()
    chosen = made.add_recommended_alarms(variants=["blue"], id="Chosen")
    assert len(alarms.for_rollback()) == len(chosen.for_rollback()) == 3
    config.add_instance_variant("green", model="churn", instance_type=GPU, initial_instance_count=1)
    template = template_of(stack)
    rollback = [each for each in texts_of(template, ALARM) if "New fleet" in each]
    assert sorted("green" in each for each in rollback) == [False] * 3 + [True] * 3
    # An alarm on an expression over both variants is no alarm on a percentile any more.
    of_percentile = [each for each in rollback if "EvaluateLowSampleCountPercentile" in each]
    assert ["green" in each for each in of_percentile] == [False]
    assert template_of(stack) == template


def test_before_the_first_variant() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    made = endpoint(stack, config)
    with pytest.raises(
        EndpointConfigError, match="the configuration of the endpoint has no variant"
    ):
        made.add_recommended_alarms()
    made.dashboard()
    config.add_instance_variant("blue", model="churn", instance_type=GPU, initial_instance_count=1)
    (shown,) = texts_of(template_of(stack), DASHBOARD)
    assert "Model latency" in shown
