"""Unresolved values at each path of related resources: no additional finding.

``tests/rules/test_tokens.py`` tests the same for configurations. A rule about a missing related
resource must not report one that may exist behind an unresolved value.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from cdk_epc.rules.explain import example_of
from cdk_epc.rules.registry import PACKED, RULES
from cdk_epc.templates import check_template

PARAMETERS = {"Value": {"Type": "AWS::SSM::Parameter::Value<String>"}}
TYPES = {
    "AWS::CloudWatch::Alarm",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::Endpoint",
}
UNKNOWN: tuple[Any, ...] = ({"Ref": "Value"}, {"Fn::Sub": "a-${Value}"})
EXAMPLES = {
    f"{rule.id}, {which}": template
    for rule in RULES
    if (example := example_of(rule.id)) is not None
    for which, template in (("bad", example.bad), ("good", example.good))
    if isinstance(template, dict)
    and TYPES & {each["Type"] for each in template.get("Resources", {}).values()}
}
Position = tuple[str | int, ...]


def positions(node: Any, position: Position) -> Iterator[Position]:
    yield position
    if isinstance(node, dict | list):
        for step, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from positions(inner, (*position, step))


def changed(template: dict[str, Any], position: Position, value: Any) -> dict[str, Any]:
    copied: Any = copy.deepcopy(template)
    owner = copied
    for step in position[:-1]:
        owner = owner[step]
    owner[position[-1]] = value
    return copied


def wrong(position: Position, value: Any) -> set[str]:
    """The findings that do not depend on the unresolved part: no resource id begins with "a-"."""
    is_text = position[-1] == "ResourceId" and "Fn::Sub" in value
    return {"scaling-resource-id-wrong"} if is_text else set()


def rule_ids(template: dict[str, Any]) -> set[str]:
    return {each.rule_id for each in check_template(template, rules=PACKED)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_unresolved_values_add_no_finding(name: str) -> None:
    template = {**EXAMPLES[name], "Parameters": PARAMETERS}
    before = rule_ids(template)
    every = [
        (position, value)
        for id_, resource in template["Resources"].items()
        for key, properties in resource.get("Properties", {}).items()
        for position in positions(properties, ("Resources", id_, "Properties", key))
        for value in UNKNOWN
    ]
    added = {
        (position, str(value)): rules
        for position, value in every
        if (rules := rule_ids(changed(template, position, value)) - before - wrong(position, value))
    }
    assert every
    assert added == {}


def test_examples_have_all_types() -> None:
    types = {each["Type"] for one in EXAMPLES.values() for each in one["Resources"].values()}
    assert types >= TYPES
