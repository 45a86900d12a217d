"""Conditions: how each comes out over all scenarios, and what can be true together."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.templates.app import App
from cdk_epc.templates.conditions import condition_holds
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


def together(*conditions: Any, region: str | None = None) -> set[tuple[bool | None, ...]]:
    """Every way in which these conditions come out together."""
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
    ("condition", "outcomes"),
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
def test_outcomes(condition: Any, outcomes: set[tuple[bool | None]]) -> None:
    assert together(condition) == outcomes


@pytest.mark.parametrize(
    ("conditions", "outcomes"),
    [
        ([equal(A, "a"), equal(A, "b")], {(False, False), (True, False), (False, True)}),
        ([equal(NAME, "a"), equal("b", NAME)], {(False, False), (True, False), (False, True)}),
        ([equal("a", NAME), equal("b", NAME)], {(False, False), (True, False), (False, True)}),
        ([equal("a", NAME), equal("a", B)], {(False, False), (True, False)}),
        ([equal(NAME, "a"), equal("a", NAME)], {(True, True), (False, False)}),
        ([equal(B, "x"), equal(B, "y")], {(True, False), (False, True)}),
        ([equal(A, "a"), {"Fn::Not": [{"Condition": "C0"}]}], {(True, False), (False, True)}),
        ([equal(A, NAME), equal(NAME, A)], {(True, True), (False, False)}),
        # Parameters that are compared with each other share their texts: A can be x as B is.
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
def test_outcomes_together(conditions: list[Any], outcomes: set[tuple[bool, ...]]) -> None:
    assert together(*conditions) == outcomes


@pytest.mark.parametrize("unknown", [A, NAME])
def test_the_first_scenario_is_that_of_no_value_that_is_compared_with(unknown: Any) -> None:
    """And each value is tried once."""
    conditions = {"IsA": equal(unknown, "a"), "IsB": equal("b", unknown)}
    parameters = {"A": {"Type": "String", "AllowedPattern": ".*"}}
    app = App.of([TemplateInput(template={"Parameters": parameters, "Conditions": conditions})])
    outcomes = explore(
        lambda prefix: scenario_of(app, prefix),
        lambda scenario: tuple(
            condition_holds(Evaluation(scenario, app.templates[0]), name) for name in conditions
        ),
    )
    assert list(outcomes) == [(False, False), (True, False), (False, True)]


def test_a_value_that_was_ruled_out_is_not_tried_again() -> None:
    conditions = {"IsA": equal(A, "a")}
    app = App.of([TemplateInput(template={"Parameters": PARAMETERS, "Conditions": conditions})])
    outcomes = explore(
        lambda prefix: scenario_of(app, prefix),
        lambda scenario: condition_holds(Evaluation(scenario, app.templates[0]), "IsA"),
    )
    assert list(outcomes) == [True, False]


def test_region() -> None:
    condition = equal({"Ref": "AWS::Region"}, "eu-west-1")
    assert together(condition) == EITHER
    assert together(condition, region="eu-west-1") == {(True,)}
    assert together(condition, region="eu-west-2") == {(False,)}
