"""Which choices are named: as few as tell the scenarios with a fault from those without."""

from __future__ import annotations

import pytest

from cdk_epc.templates.app import App
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.parameter_values import OTHER
from cdk_epc.templates.scenarios import Facts, facts_of, scenario_suffix
from cdk_epc.templates.template import TemplateInput

A, B, C = {"a": "1"}, {"b": "1"}, {"c": "1"}
NOT_A, NOT_B, NOT_C = {"a": "2"}, {"b": "2"}, {"c": "2"}
SHARED = {"s": "1"}
ALL = {**SHARED, **A, **B, **C}
WORDS: list[tuple[str, list[Facts], list[Facts], str]] = [
    ("everywhere", [A], [], ""),
    ("no choice", [{}], [{}], ""),
    ("the same choices", [A], [A], ""),
    ("one", [A], [NOT_A], " (where a is 1)"),
    ("one that was not made elsewhere", [A], [{}], " (where a is 1)"),
    ("one of two", [{**SHARED, **B}], [{**SHARED, **NOT_B}], " (where b is 1)"),
    ("the first that tells", [{**A, **B}], [{**NOT_A, **NOT_B}], " (where a is 1)"),
    ("two", [{**A, **B}], [{**A, **NOT_B}, {**NOT_A, **B}], " (where a is 1 and b is 1)"),
    (
        "two of three",
        [{**A, **B, **C}],
        [{**A, **B, **NOT_C}, {**A, **NOT_B, **C}],
        " (where b is 1 and c is 1)",
    ),
    (
        "more than are tried: all that differ",
        [ALL],
        [{**ALL, **NOT_A}, {**ALL, **NOT_B}, {**ALL, **NOT_C}],
        " (where a is 1 and b is 1 and c is 1)",
    ),
    (
        "more than are tried, and one that helps nothing",
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
    ("with_it", "without", "words"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS]
)
def test_words_for(with_it: list[Facts], without: list[Facts], words: str) -> None:
    assert scenario_suffix(with_it, without) == words
