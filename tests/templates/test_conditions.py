"""Conditions: their values over all scenarios, alone and together."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import evaluation_of, nested

from cdk_epc.templates.app import App
from cdk_epc.templates.conditions import condition_holds, is_true, variable_of
from cdk_epc.templates.expressions import MAX_DEPTH, canonical_key
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.scenarios import Evaluation, explore
from cdk_epc.templates.template import TemplateInput

PARAMETERS: dict[str, Any] = {
    "A": {"Type": "String"},
    "B": {"Type": "String", "AllowedValues": ["x", "y"]},
    "C": {"Type": "String", "Default": "z"},
    "List": {"Type": "CommaDelimitedList", "Default": "x"},
}
A, B, C = {"Ref": "A"}, {"Ref": "B"}, {"Ref": "C"}
NAME = {"Ref": "AWS::StackName"}


def equal(left: Any, right: Any) -> dict[str, Any]:
    return {"Fn::Equals": [left, right]}


def combinations(*conditions: Any, region: str | None = None) -> set[tuple[bool | None, ...]]:
    """Return the combinations of values of these conditions."""
    declared = {f"C{at}": condition for at, condition in enumerate(conditions)}
    template = {"Parameters": PARAMETERS, "Conditions": declared}
    app = App.of([TemplateInput(template=template, region=region)])
    return set(
        explore(
            lambda prefix: scenario_of(app, prefix),
            lambda scenario: tuple(
                condition_holds(Evaluation(scenario, app.templates[0]), name) for name in declared
            ),
        )
    )


EITHER = {(True,), (False,)}


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        (equal("a", "a"), {(True,)}),
        (equal("a", "b"), {(False,)}),
        (equal(1, "1"), {(True,)}),
        (equal(right="true", left=True), {(True,)}),
        (equal("1", 1.5), {(False,)}),
        (equal(A, "a"), EITHER),
        (equal(A, A), {(True,)}),
        (equal(NAME, NAME), {(True,)}),
        (equal(NAME, A), EITHER),
        (equal(B, "x"), EITHER),
        (equal(B, "z"), {(False,)}),
        (equal(B, C), EITHER),
        (equal({"Ref": "List"}, "x"), EITHER),
        (equal({"Ref": ["A"]}, "a"), EITHER),
        (equal("{{resolve:ssm:a}}", "a"), EITHER),
        (equal(["a"], "a"), EITHER),
        ({"Fn::Not": [equal("a", "a")]}, {(False,)}),
        ({"Fn::And": [equal("a", "a"), equal("b", "b")]}, {(True,)}),
        ({"Fn::And": [equal("a", "a"), {"Condition": "?"}]}, {(None,)}),
        ({"Fn::And": [{"Condition": "?"}, equal("a", "b")]}, {(False,)}),
        ({"Fn::Or": [equal("a", "b"), {"Condition": "?"}]}, {(None,)}),
        ({"Fn::Or": [{"Condition": "?"}, equal("a", "a")]}, {(True,)}),
        ({"Fn::Or": [equal("a", "b"), equal("a", "c")]}, {(False,)}),
        ({"Fn::Not": [{"Condition": "?"}]}, {(None,)}),
        ({"Fn::Not": []}, {(None,)}),
        ({"Fn::Not": equal("a", "a")}, {(None,)}),
        ({"Fn::Equals": ["a"]}, {(None,)}),
        ({"Fn::Equals": "a"}, {(None,)}),
        ({"Condition": ["C0"]}, {(None,)}),
        ({"Condition": "C0"}, {(None,)}),
        ({"Fn::Nonsense": []}, {(None,)}),
        ({"Fn::Not": [], "Fn::And": []}, {(None,)}),
        ("true", {(None,)}),
        ({"Fn::Contains": [["a", "b"], "b"]}, {(True,)}),
        ({"Fn::Contains": [["a", "b"], "c"]}, {(False,)}),
        ({"Fn::Contains": ["a", "a"]}, {(None,)}),
    ],
)
def test_values(condition: Any, values: set[tuple[bool | None]]) -> None:
    assert combinations(condition) == values


@pytest.mark.parametrize(
    ("conditions", "values"),
    [
        ([equal(A, "a"), equal(A, "b")], {(False, False), (True, False), (False, True)}),
        ([equal(NAME, "a"), equal("b", NAME)], {(False, False), (True, False), (False, True)}),
        ([equal("a", NAME), equal("b", NAME)], {(False, False), (True, False), (False, True)}),
        ([equal("a", NAME), equal("a", B)], {(False, False), (True, False)}),
        ([equal(NAME, "a"), equal("a", NAME)], {(True, True), (False, False)}),
        ([equal(B, "x"), equal(B, "y")], {(True, False), (False, True)}),
        ([equal(A, "a"), {"Fn::Not": [{"Condition": "C0"}]}], {(True, False), (False, True)}),
        ([equal(A, NAME), equal(NAME, A)], {(True, True), (False, False)}),
        # Parameters that are compared with each other share their texts: A may be x, like B.
        (
            [equal(A, B), equal(B, "x"), equal(A, "x")],
            {
                (True, True, True),
                (True, False, False),
                (False, False, True),
                (False, True, False),
                (False, False, False),
            },
        ),
    ],
)
def test_combinations_of_values(conditions: list[Any], values: set[tuple[bool, ...]]) -> None:
    assert combinations(*conditions) == values


@pytest.mark.parametrize("unknown", [A, NAME])
def test_the_first_scenario_has_none_of_the_compared_values(unknown: Any) -> None:
    """Each compared value has one scenario."""
    conditions = {"IsA": equal(unknown, "a"), "IsB": equal("b", unknown)}
    parameters = {"A": {"Type": "String", "AllowedPattern": ".*"}}
    app = App.of([TemplateInput(template={"Parameters": parameters, "Conditions": conditions})])
    values = explore(
        lambda prefix: scenario_of(app, prefix),
        lambda scenario: tuple(
            condition_holds(Evaluation(scenario, app.templates[0]), name) for name in conditions
        ),
    )
    assert list(values) == [(False, False), (True, False), (False, True)]


def test_excluded_values_have_no_scenario() -> None:
    conditions = {"IsA": equal(A, "a")}
    app = App.of([TemplateInput(template={"Parameters": PARAMETERS, "Conditions": conditions})])
    values = explore(
        lambda prefix: scenario_of(app, prefix),
        lambda scenario: condition_holds(Evaluation(scenario, app.templates[0]), "IsA"),
    )
    assert list(values) == [True, False]


def test_region() -> None:
    condition = equal({"Ref": "AWS::Region"}, "eu-west-1")
    assert combinations(condition) == EITHER
    assert combinations(condition, region="eu-west-1") == {(True,)}
    assert combinations(condition, region="eu-west-2") == {(False,)}


YES: dict[str, Any] = {"Fn::Equals": ["a", "a"]}


def negated(child_template: Any) -> Any:
    return {"Fn::Not": [child_template]}


def test_deep_conditions() -> None:
    evaluation = evaluation_of()
    for _ in range(3):
        assert is_true(evaluation, nested(MAX_DEPTH, negated, YES)) is True
    assert is_true(evaluation, nested(MAX_DEPTH + 1, negated, YES)) is None
    assert evaluation.scenario.depth == 0


def test_long_chains_of_conditions() -> None:
    declared = {f"C{at}": {"Condition": f"C{at + 1}"} for at in range(200)} | {"C200": YES}
    last = 201 - MAX_DEPTH
    assert condition_holds(evaluation_of(Conditions=declared), f"C{last}") is True
    evaluation = evaluation_of(Conditions=declared)
    assert condition_holds(evaluation, f"C{last - 1}") is None
    assert (evaluation.scenario.depth, evaluation.scenario.in_progress) == (0, set())


def test_variable_of_a_passed_parameter() -> None:
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"P": None}}}
    shared = ("Region", "AccountId", "Partition", "URLSuffix")
    parent_template = {"Resources": {"S": stack}, "Parameters": {"Q": {"Type": "String"}}}
    stack["Properties"] = {"Parameters": {"P": {"Ref": "Q"}, "R": {"Ref": "AWS::StackName"}}}
    child_template = {"Parameters": {"P": {"Type": "String"}, "R": {"Type": "String"}}}
    app = App.of(
        [
            TemplateInput(template=parent_template, name="parent", nested={"S": "child"}),
            TemplateInput(template=child_template, name="child"),
        ]
    )
    parent, child = (Evaluation(scenario_of(app), template) for template in app.templates)
    for name in ("Q", *(f"AWS::{each}" for each in shared)):
        given = {"Ref": "P" if name == "Q" else name}
        assert (
            variable_of(child, given) == variable_of(parent, {"Ref": name}) != variable_of(child, 1)
        )
    assert variable_of(child, {"Ref": "R"}) == variable_of(parent, {"Ref": "AWS::StackName"})
    for node in ({"Ref": "AWS::StackName"}, {"Ref": "Q"}, {"Ref": ["P"]}, ["P"], "P", {"P": 1}):
        assert variable_of(child, node) == (1, canonical_key(node))
        assert variable_of(parent, node) == (0, canonical_key(node))
