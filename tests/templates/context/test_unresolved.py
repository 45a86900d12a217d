"""What only the deployment knows adds no finding, in whichever place of whichever resource.

The same of alarms, targets, policies and components as ``test_tokens.py`` holds of
configurations, with all that stands around them: a rule that says what is not in sight has to know
that it would see it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from cdk_epc.rules.explain import example_of
from cdk_epc.rules.registry import PACKED, RULES
from cdk_epc.templates import check_template

PARAMETERS = {"Given": {"Type": "AWS::SSM::Parameter::Value<String>"}}
AROUND = {
    "AWS::CloudWatch::Alarm",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::Endpoint",
}
UNKNOWN: tuple[Any, ...] = ({"Ref": "Given"}, {"Fn::Sub": "a-${Given}"})
EXAMPLES = {
    f"{rule.id}, {which}": template
    for rule in RULES
    if (example := example_of(rule.id)) is not None
    for which, template in (("bad", example.bad), ("good", example.good))
    if isinstance(template, dict)
    and AROUND & {each["Type"] for each in template.get("Resources", {}).values()}
}
Place = tuple[str | int, ...]


def places(node: Any, place: Place) -> Iterator[Place]:
    yield place
    if isinstance(node, dict | list):
        for step, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(inner, (*place, step))


def changed(template: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    copied: Any = copy.deepcopy(template)
    owner = copied
    for step in place[:-1]:
        owner = owner[step]
    owner[place[-1]] = value
    return copied


def found(template: dict[str, Any]) -> set[str]:
    return {each.rule_id for each in check_template(template, rules=PACKED)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_unknown_in_any_one_place_adds_no_finding(name: str) -> None:
    template = {**EXAMPLES[name], "Parameters": PARAMETERS}
    before = found(template)
    every = [
        (place, value)
        for id_, resource in template["Resources"].items()
        for key, properties in resource.get("Properties", {}).items()
        for place in places(properties, ("Resources", id_, "Properties", key))
        for value in UNKNOWN
    ]
    added = {
        (place, str(value)): rules
        for place, value in every
        if (rules := found(changed(template, place, value)) - before)
    }
    assert every
    assert added == {}


def test_the_examples_have_all_that_stands_around() -> None:
    types = {each["Type"] for one in EXAMPLES.values() for each in one["Resources"].values()}
    assert types >= AROUND
