"""Templates that go deep, in circles or on and on: an answer, in time that grows with them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from kit.templates import CONFIG, template_of

from cdk_epc.templates import TemplateInput, check_template, review_app

VARIANT = {
    "VariantName": "main",
    "ModelName": "m",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}
MANY = 20_000


def nested(times: int, wrap: Any, inner: Any = "x") -> Any:
    for _ in range(times):
        inner = wrap(inner)
    return inner


WRAPS: dict[str, Any] = {
    "list": lambda inner: [inner],
    "object": lambda inner: {"a": inner},
    "if": lambda inner: {"Fn::If": ["Free", inner, "x"]},
    "join": lambda inner: {"Fn::Join": ["", [inner]]},
    "sub": lambda inner: {"Fn::Sub": ["${a}", {"a": inner}]},
    "select": lambda inner: {"Fn::Select": [0, [inner]]},
    "map": lambda inner: {"Fn::FindInMap": ["M", inner, "b"]},
    "not": lambda inner: {"Fn::Not": [inner]},
}
FREE = {"Free": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "a"]}}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_deep(wrap: Any) -> None:
    deep = nested(MANY, wrap)
    variant = {**VARIANT, "ModelName": deep}
    conditions = {**FREE, "Deep": deep, "Pair": {"Fn::Equals": [deep, "a"]}}
    for properties in ({"ProductionVariants": [variant]}, {"ProductionVariants": deep}, deep):
        check_template(template_of(properties, Conditions=conditions))
    value = {"Fn::If": ["Deep", 1, {"Fn::If": ["Pair", 1, 2]}]}
    variant = {**VARIANT, "InitialInstanceCount": value}
    check_template(template_of({"ProductionVariants": [variant]}, Conditions=conditions))


def test_conditions_in_a_long_chain() -> None:
    conditions: dict[str, Any] = {f"C{at}": {"Condition": f"C{at + 1}"} for at in range(MANY)}
    variant = {**VARIANT, "VariantName": {"Fn::If": ["C0", "a b", "a b"]}}
    assert (
        check_template(template_of({"ProductionVariants": [variant]}, Conditions=conditions)) == []
    )


def test_conditions_that_double() -> None:
    """Each asks twice for the next one, which is worked out once."""
    conditions: dict[str, Any] = {
        f"C{at}": {"Fn::Or": [{"Condition": f"C{at + 1}"}, {"Condition": f"C{at + 1}"}]}
        for at in range(20)
    }
    conditions["C20"] = FREE["Free"]
    variant = {**VARIANT, "VariantName": {"Fn::If": ["C0", "a b", "a"]}}
    (finding,) = check_template(
        template_of({"ProductionVariants": [variant]}, Conditions=conditions)
    )
    assert finding.message.endswith(" (where C20 is true)")


def test_stacks_nested_in_a_long_row() -> None:
    stack = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"Parameters": {"P": {"Ref": "P"}}},
    }
    config = {"Type": CONFIG, "Properties": {"ProductionVariants": [{"VariantName": {"Ref": "P"}}]}}
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {"Stack": stack, "Config": config},
    }
    row = [
        TemplateInput(template=template, name=f"t{at}", nested={"Stack": f"t{(at + 1) % 300}"})
        for at in range(300)
    ]
    assert len(review_app(row)) == 300


def test_exports_in_a_circle() -> None:
    outputs = {
        f"O{at}": {"Value": {"Fn::ImportValue": f"e{(at + 1) % 5}"}, "Export": {"Name": f"e{at}"}}
        for at in range(5)
    }
    variant = {**VARIANT, "ModelName": {"Fn::ImportValue": "e0"}}
    template = template_of({"ProductionVariants": [variant]}, Outputs=outputs)
    assert [each.rule_id for each in check_template(template)] == ["model-imported"]


def test_text_that_never_ends_its_variable() -> None:
    variant = {**VARIANT, "ModelName": {"Fn::Sub": "${" * 500_000}}
    started = time.monotonic()
    check_template(template_of({"ProductionVariants": [variant]}))
    assert time.monotonic() - started < 10  # with a pattern that looks ahead it would be an hour


def test_choices_without_end() -> None:
    """A thousand parameters of ten values each: no more scenarios than are allowed."""
    names = [f"P{at}" for at in range(1000)]
    parameters = {
        name: {"Type": "String", "AllowedValues": [f"{name}-{n}" for n in range(10)]}
        for name in names
    }
    tags = [{"Key": {"Ref": name}, "Value": "x"} for name in names[:40]]
    properties = {"ProductionVariants": [VARIANT], "Tags": tags}
    assert check_template(template_of(properties, Parameters=parameters)) == []
