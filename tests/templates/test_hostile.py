"""Deep, circular and very large templates: a result in linear time."""

from __future__ import annotations

import time
from typing import Any

import pytest
from kit.templates import CONFIG, nested, template_of

from cdk_epc.requests import check_request
from cdk_epc.templates import TemplateInput, check_template, review_app

VARIANT = {
    "VariantName": "main",
    "ModelName": "m",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}
MANY = 20_000


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


def test_conditions_that_refer_twice_to_the_next() -> None:
    """Each condition is evaluated once."""
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


def test_long_chain_of_nested_stacks() -> None:
    stack = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"Parameters": {"P": {"Ref": "P"}}},
    }
    config = {"Type": CONFIG, "Properties": {"ProductionVariants": [{"VariantName": {"Ref": "P"}}]}}
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {"Stack": stack, "Config": config},
    }
    chain = [
        TemplateInput(template=template, name=f"t{at}", nested={"Stack": f"t{(at + 1) % 300}"})
        for at in range(300)
    ]
    assert len(review_app(chain)) == 300


def test_circular_exports() -> None:
    outputs = {
        f"O{at}": {"Value": {"Fn::ImportValue": f"e{(at + 1) % 5}"}, "Export": {"Name": f"e{at}"}}
        for at in range(5)
    }
    variant = {**VARIANT, "ModelName": {"Fn::ImportValue": "e0"}}
    template = template_of({"ProductionVariants": [variant]}, Outputs=outputs)
    assert [each.rule_id for each in check_template(template)] == ["model-imported"]


def test_text_with_unclosed_variables() -> None:
    variant = {**VARIANT, "ModelName": {"Fn::Sub": "${" * 500_000}}
    started = time.monotonic()
    check_template(template_of({"ProductionVariants": [variant]}))
    assert time.monotonic() - started < 10  # quadratic time would be an hour


def test_many_parameters() -> None:
    """A thousand parameters of ten values each: the number of scenarios is limited."""
    names = [f"P{at}" for at in range(1000)]
    parameters = {
        name: {"Type": "String", "AllowedValues": [f"{name}-{n}" for n in range(10)]}
        for name in names
    }
    tags = [{"Key": {"Ref": name}, "Value": "x"} for name in names[:40]]
    properties = {"ProductionVariants": [VARIANT], "Tags": tags}
    assert check_template(template_of(properties, Parameters=parameters)) == []


def shared(levels: int) -> list[Any]:
    """Return a list that contains one object very often, as aliases of YAML do."""
    value: list[Any] = [{"Key": "team", "Value": "fraud"}]
    for _ in range(levels):
        value = [value, value]
    return value


def test_shared_parts_are_counted_at_each_use() -> None:
    assert [each.rule_id for each in check_template(template_of({"Tags": shared(3)}))]
    with pytest.raises(ValueError, match="the template has more than 1,000,000 objects and lists"):
        check_template(template_of({"Tags": shared(60)}))
    with pytest.raises(ValueError, match="the request has more than 1,000,000 objects and lists"):
        check_request({"EndpointConfigName": "fraud", "Tags": shared(60)})


def test_a_template_that_contains_itself_is_refused() -> None:
    cycle: dict[str, Any] = {"Key": "team"}
    cycle["Value"] = {"Fn::Join": ["", [cycle]]}
    with pytest.raises(ValueError, match=r"the value at \S*Tags\.0\.Value\.Fn::Join\.1\.0 is one"):
        check_template(template_of({"Tags": [cycle]}))
    with pytest.raises(ValueError, match=r"the value at \S*Tags\.0\.Value\.Fn::Join\.1\.0 is one"):
        check_request({"EndpointConfigName": "fraud", "Tags": [cycle]})
