"""Possible values of parameters."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import nested

from cdk_epc.spec.unresolved import Unresolved
from cdk_epc.templates.app import App
from cdk_epc.templates.expressions import MAX_DEPTH
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.parameter_values import compared_texts
from cdk_epc.templates.scenarios import Evaluation, explore
from cdk_epc.templates.template import TemplateInput

COMPARED: list[tuple[Any, dict[str, list[str]]]] = [
    ({"Fn::Equals": [{"Ref": "A"}, "x"]}, {"A": ["x"]}),
    ({"Fn::Equals": [1, {"Ref": "A"}]}, {"A": ["1"]}),
    ({"Fn::Equals": [{"Ref": "A"}, "x", "y"]}, {}),
    ({"Fn::Equals": [{"Ref": "A", "B": 1}, "x"]}, {}),
    ({"Fn::Equals": [{"Ref": ["A"]}, "x"]}, {}),
    ({"Fn::Equals": [{"Ref": "Missing"}, "x"]}, {}),
    ({"Fn::Equals": [{"Ref": "A"}, ["x"]]}, {}),
    ({"Fn::Equals": [{"Ref": "A"}, {"Ref": "Missing"}]}, {}),
    ({"Fn::Contains": [["x", "y"], {"Ref": "A"}]}, {"A": ["x", "y"]}),
    ({"Fn::Contains": ["x", {"Ref": "A"}]}, {}),
    ({"Fn::Other": [{"Ref": "A"}, "x"]}, {}),
    ({"Fn::Not": [{"Fn::Equals": [{"Ref": "A"}, "x"]}]}, {"A": ["x"]}),
    (
        [{"Fn::Equals": [{"Ref": "A"}, "x"]}, {"Fn::Equals": ["y", {"Ref": "A"}]}],
        {"A": ["x", "y"]},
    ),
    (
        [
            {"Fn::Equals": [{"Ref": "A"}, {"Ref": "B"}]},
            {"Fn::Equals": [{"Ref": "C"}, {"Ref": "B"}]},
            {"Fn::Equals": ["x", {"Ref": "C"}]},
            {"Fn::Equals": ["y", {"Ref": "D"}]},
        ],
        {"A": ["x", "b"], "B": ["x", "b"], "C": ["x", "b"], "D": ["y"]},
    ),
]
PARAMETERS: dict[str, Any] = {
    "A": {"Type": "String"},
    "B": {"Type": "String", "Default": "b"},
    "C": {"Type": "String"},
    "D": {"Type": "String"},
}


@pytest.mark.parametrize(("node", "texts"), COMPARED, ids=[str(node) for node, _ in COMPARED])
def test_compared_texts(node: Any, texts: dict[str, list[str]]) -> None:
    assert compared_texts(({"Is": node},), PARAMETERS) == texts


def test_compared_texts_in_deep_expressions() -> None:
    equal = {"Fn::Equals": [{"Ref": "A"}, "x"]}
    for wrap in (lambda inner: [inner], lambda inner: {"Fn::Not": [inner]}):
        step = 1 if isinstance(wrap(0), list) else 2
        last = nested((MAX_DEPTH - 1) // step, wrap, equal)
        beyond = nested(MAX_DEPTH // step + 1, wrap, equal)
        assert compared_texts(({"Is": last},), PARAMETERS) == {"A": ["x"]}
        assert compared_texts(({"Is": beyond},), PARAMETERS) == {}
    assert (
        compared_texts(({"Is": nested(MAX_DEPTH, lambda inner: [inner], equal)},), PARAMETERS) == {}
    )


def values_of(node: Any, given: TemplateInput) -> list[Any]:
    """Return a value in every scenario; an unresolved one as its expression in a tuple."""
    app = App.of([given])
    every = explore(
        lambda prefix: scenario_of(app, prefix),
        lambda scenario: Evaluation(scenario, app.templates[0]).evaluate(node),
    )
    return [(value.expression,) if isinstance(value, Unresolved) else value for value in every]


def with_parameter(**declared: Any) -> TemplateInput:
    conditions = {
        "IsBig": {"Fn::Equals": [{"Ref": "P"}, "big"]},
        "IsFive": {"Fn::Equals": ["5", {"Ref": "P"}]},
    }
    template = {"Parameters": {"P": declared}, "Conditions": conditions}
    return TemplateInput(template=template)


OTHER = ({"Ref": "P"},)


@pytest.mark.parametrize(
    ("declared", "values"),
    [
        ({"Type": "String"}, ["big", "5", OTHER]),
        ({"Type": "String", "Default": "d"}, ["d", "big", "5", OTHER]),
        ({"Type": "String", "Default": "big"}, ["big", "5", OTHER]),
        ({"Type": "String", "AllowedValues": ["a", "b"]}, ["a", "b"]),
        ({"Type": "String", "AllowedValues": ["a", "b"], "Default": "b"}, ["b", "a"]),
        ({"Type": "String", "AllowedValues": ["a"], "Default": "b"}, ["a"]),
        ({"Type": "String", "AllowedValues": []}, ["big", "5", OTHER]),
        ({"Type": "String", "AllowedValues": [{"Ref": "x"}, "a"]}, ["a", OTHER]),
        ({"Type": "String", "AllowedPattern": "x.*", "Default": "x"}, ["x", OTHER]),
        ({"Type": "String", "MinLength": "2"}, ["big", OTHER]),
        ({"Type": "String", "MinLength": 3}, ["big", OTHER]),
        ({"Type": "String", "MinLength": 4}, [OTHER]),
        ({"Type": "String", "MaxLength": 2}, ["5", OTHER]),
        ({"Type": "String", "MaxLength": 3}, ["big", "5", OTHER]),
        ({"Type": "String", "MinValue": 6, "MaxValue": 4}, ["big", OTHER]),
        ({"Type": "Number"}, ["5", OTHER]),
        ({"Type": "Number", "Default": 7}, [7, "5", OTHER]),
        ({"Type": "Number", "MinValue": 5, "MaxValue": 5}, ["5", OTHER]),
        ({"Type": "Number", "MinValue": 6}, [OTHER]),
        ({"Type": "Number", "MaxValue": "4"}, [OTHER]),
        ({"Type": "Number", "MinValue": "none"}, ["5", OTHER]),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "k"}, ["big", "5", OTHER]),
        (
            {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"], "Default": "a"},
            [["a"], ["b"], OTHER],
        ),
    ],
)
def test_possible_values(declared: dict[str, Any], values: list[Any]) -> None:
    assert values_of({"Ref": "P"}, with_parameter(**declared)) == values


def test_lists_are_split_at_their_commas() -> None:
    declared = {"Nets": {"Type": "CommaDelimitedList", "Default": "a, b"}}
    given = TemplateInput(template={"Parameters": declared})
    assert values_of({"Ref": "Nets"}, given) == [["a", "b"], ({"Ref": "Nets"},)]
