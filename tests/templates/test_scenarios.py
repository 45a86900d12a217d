"""Scenarios: their number, and the facts in messages."""

from __future__ import annotations

import pytest

from cdk_epc.templates.app import App
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.parameter_values import OTHER
from cdk_epc.templates.scenarios import (
    MAX_SCENARIOS,
    MAX_SINGLE_DECISIONS,
    Facts,
    Scenario,
    explore,
    facts_of,
    scenario_suffix,
    specific_facts,
)
from cdk_epc.templates.template import TemplateInput


def test_number_of_single_decisions() -> None:
    app = App.of([])
    found = explore(
        lambda prefix: scenario_of(app, prefix),
        lambda scenario: scenario.decide("a", tuple(range(5000))),
    )
    assert list(found) == [*range(MAX_SINGLE_DECISIONS)]


def test_number_of_scenarios() -> None:
    app = App.of([])

    def visit(scenario: Scenario) -> int:
        return scenario.decide("b", tuple(range(5000))) if scenario.decide("a", (0, 1)) else -1

    assert list(explore(lambda prefix: scenario_of(app, prefix), visit)) == [
        -1,
        *range(MAX_SCENARIOS - 1),
    ]


A, B, C = {"a": "1"}, {"b": "1"}, {"c": "1"}
NOT_A, NOT_B, NOT_C = {"a": "2"}, {"b": "2"}, {"c": "2"}
SHARED = {"s": "1"}
ALL = {**SHARED, **A, **B, **C}
SUFFIXES: list[tuple[str, list[Facts], list[Facts], str]] = [
    ("everywhere", [A], [], ""),
    ("no fact", [{}], [{}], ""),
    ("equal facts", [A], [A], ""),
    ("one", [A], [NOT_A], " (where a is 1)"),
    ("one that no other scenario has", [A], [{}], " (where a is 1)"),
    ("one of two", [{**SHARED, **B}], [{**SHARED, **NOT_B}], " (where b is 1)"),
    ("the first specific one", [{**A, **B}], [{**NOT_A, **NOT_B}], " (where a is 1)"),
    ("two", [{**A, **B}], [{**A, **NOT_B}, {**NOT_A, **B}], " (where a is 1 and b is 1)"),
    (
        "two of three",
        [{**A, **B, **C}],
        [{**A, **B, **NOT_C}, {**A, **NOT_B, **C}],
        " (where b is 1 and c is 1)",
    ),
    (
        "three: all facts that differ",
        [ALL],
        [{**ALL, **NOT_A}, {**ALL, **NOT_B}, {**ALL, **NOT_C}],
        " (where a is 1 and b is 1 and c is 1)",
    ),
    (
        "three, and one that is not specific",
        [{**ALL, "d": "1"}],
        [
            {**ALL, **NOT_A, "d": "2"},
            {**ALL, **NOT_B, "d": "1"},
            {**ALL, **NOT_C, "d": "1"},
            {**ALL, **NOT_A, "d": "1"},
        ],
        " (where a is 1 and b is 1 and c is 1 and d is 1)",
    ),
]


def test_facts_of() -> None:
    app = App.of([TemplateInput(template={}), TemplateInput(template={}, name="other")])
    scenario = scenario_of(app)
    scenario.conditions |= {(0, "C"): True, (0, "D"): None, (1, "E"): False}
    scenario.parameters |= {(0, "P"): OTHER, (1, "Q"): True, (0, "R"): "r"}
    assert facts_of(scenario, 0) == {
        "C": "true",
        "E of other": "false",
        "parameter P": "another value",
        "parameter Q of other": "true",
        "parameter R": "r",
    }


@pytest.mark.parametrize(
    ("with_finding", "without", "suffix"),
    [row[1:] for row in SUFFIXES],
    ids=[row[0] for row in SUFFIXES],
)
def test_scenario_suffix(with_finding: list[Facts], without: list[Facts], suffix: str) -> None:
    assert scenario_suffix([specific_facts(with_finding, without)]) == suffix


def test_scenario_suffix_of_values() -> None:
    values = [(("parameter P", each),) for each in ("", "1", "2", "3", "4", "5", "6")]
    assert scenario_suffix(values[:2]) == " (where parameter P is empty or 1)"
    assert scenario_suffix(values).endswith("is empty, 1, 2, 3, 4 or one of 2 other values)")
    two_names = [(("parameter P", "1"),), (("parameter Q", "2"),)]
    assert scenario_suffix(two_names) == " (where parameter P is 1)"
