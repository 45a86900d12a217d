"""Variants and components that are added after the alarms and the dashboard of an endpoint."""

from __future__ import annotations

import json
from typing import Any

from kit.cdk import new_stack, template_of
from kit.components import component_in
from kit.monitored_endpoints import GPU, endpoint, instance_variant

from cdk_epc import AlarmKind, EndpointConfig

ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"


def texts_of(template: dict[str, Any], type_: str) -> list[str]:
    return [json.dumps(each) for each in template["Resources"].values() if each["Type"] == type_]


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
    component.endpoint.dashboard()
    component_in(stack, endpoint=component.endpoint, id="Later")
    (shown,) = texts_of(template_of(stack), DASHBOARD)
    assert "resources added later" in shown


def test_rollback_alarms_after_a_later_variant() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=[instance_variant("blue")])
    made = endpoint(stack, config)
    alarms = made.add_recommended_alarms()
    chosen = made.add_recommended_alarms(variants=["blue"], id="Chosen")
    config.add_instance_variant("green", model="churn", instance_type=GPU, initial_instance_count=1)
    assert len(alarms.for_rollback()) == len(chosen.for_rollback()) == 3
    texts = texts_of(template_of(stack), ALARM)
    rollback = [each for each in texts if "New fleet" in each]
    assert sorted("green" in each for each in rollback) == [False] * 3 + [True] * 3
