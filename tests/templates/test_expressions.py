"""What expressions are made of, and how deep they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_epc.spec.unresolved import Unresolved
from cdk_epc.templates.app import App
from cdk_epc.templates.conditions import condition_holds, is_true, variable_of
from cdk_epc.templates.expressions import (
    MAX_DEPTH,
    canonical_key,
    is_function,
    names_in,
)
from cdk_epc.templates.intrinsics import branch_of, scenario_of
from cdk_epc.templates.parameter_values import compared_texts
from cdk_epc.templates.positions import position_of, expression_at
from cdk_epc.templates.references import cached
from cdk_epc.templates.scenarios import (
    MAX_SCENARIOS,
    MAX_SINGLE_DECISIONS,
    Scenario,
    Evaluation,
    explore,
)
from cdk_epc.templates.template import TemplateInput


def wrapped(times: int, inner: Any, wrap: Callable[[Any], Any] = lambda inner: [inner]) -> Any:
    for _ in range(times):
        inner = wrap(inner)
    return inner


def scope_of(**sections: Any) -> Evaluation:
    app = App.of([TemplateInput(template=sections)])
    return Evaluation(scenario_of(app), app.templates[0])


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("Ref", True),
        ("Fn::If", True),
        ("Fn::ForEach::A", True),
        ("Reference", False),
        ("fn::if", False),
        ("Condition", False),
        (1, False),
    ],
)
def test_is_function(key: Any, *, expected: bool) -> None:
    assert is_function(key) is expected


NAMED: list[tuple[Any, list[tuple[str, str]]]] = [
    ({"Ref": "A"}, [("Ref", "A")]),
    ({"Ref": ["A"]}, []),
    ({"Ref": {"Ref": "A"}}, [("Ref", "A")]),
    ({"Fn::ImportValue": "A"}, [("Fn::ImportValue", "A")]),
    ({"Fn::GetAtt": "A.B.C"}, [("Fn::GetAtt", "A")]),
    ({"Fn::GetAtt": ["A", "B"]}, [("Fn::GetAtt", "A")]),
    ({"Fn::GetAtt": ("A", "B")}, [("Fn::GetAtt", "A")]),
    ({"Fn::GetAtt": []}, []),
    ({"Fn::GetAtt": [{"Ref": "A"}, "B"]}, [("Ref", "A")]),
    ({"Fn::Sub": "${A}-${B.C.D}-E"}, [("Ref", "A"), ("Fn::GetAtt", "B")]),
    ({"Fn::Sub": ["${A.B}", {"C": {"Ref": "D"}}]}, [("Fn::GetAtt", "A"), ("Ref", "D")]),
    ({"Fn::Join": ["${A}", ["B"]]}, []),
    ({"Fn::If": ["A", {"Ref": "B"}, {"Ref": "C"}]}, [("Ref", "B"), ("Ref", "C")]),
    ("A", []),
    (None, []),
]


@pytest.mark.parametrize(("node", "names"), NAMED, ids=[str(node) for node, _ in NAMED])
def test_named(node: Any, names: list[tuple[str, str]]) -> None:
    assert list(names_in(node)) == names


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_names_that_lie_too_deep(wrap: Callable[[Any], Any]) -> None:
    assert list(names_in(wrapped(MAX_DEPTH, {"Ref": "A"}, wrap))) == [("Ref", "A")]
    assert list(names_in(wrapped(MAX_DEPTH + 1, {"Ref": "A"}, wrap))) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({1: "a"}, {"1": "a"}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1], (1,), True),
        ([], {}, False),
        (1, "1", True),
        (True, "true", True),
        ([1], 1, False),
    ],
)
def test_canonical(one: Any, other: Any, *, alike: bool) -> None:
    assert (canonical_key(one) == canonical_key(other)) is alike


def test_what_is_no_json_is_like_itself_alone() -> None:
    one, other = object(), object()
    assert canonical_key([one]) == canonical_key([one])
    assert canonical_key([one]) != canonical_key([other])
    assert canonical_key(None) == canonical_key(None) != canonical_key("None")


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_what_lies_too_deep_is_like_itself_alone(wrap: Callable[[Any], Any]) -> None:
    at_last, other = wrapped(MAX_DEPTH, [], wrap), wrapped(MAX_DEPTH, [], wrap)
    assert canonical_key(at_last) == canonical_key(other)
    beyond, other = wrapped(MAX_DEPTH + 1, [], wrap), wrapped(MAX_DEPTH + 1, [], wrap)
    assert canonical_key(beyond) != canonical_key(other)


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_values_that_lie_too_deep(wrap: Callable[[Any], Any]) -> None:
    evaluation = scope_of()
    last = wrapped(MAX_DEPTH + 1, "x", wrap)
    beyond = wrapped(MAX_DEPTH + 2, "x", wrap)
    for _ in range(3):  # and the depth is left as it was
        assert evaluation.evaluate([last[0] if isinstance(last, list) else last["a"]]) != []
        assert evaluation.evaluate(last) == last
    found = evaluation.evaluate(beyond)
    for _ in range(MAX_DEPTH + 1):
        found = found[0] if isinstance(found, list) else found["a"]
    assert isinstance(found, Unresolved)
    assert found.expression == wrap("x")
    assert evaluation.scenario.depth == 0


YES: dict[str, Any] = {"Fn::Equals": ["a", "a"]}


def negated(inner: Any) -> Any:
    return {"Fn::Not": [inner]}


def test_conditions_that_lie_too_deep() -> None:
    evaluation = scope_of()
    for _ in range(3):
        assert is_true(evaluation, wrapped(MAX_DEPTH, YES, negated)) is True
    assert is_true(evaluation, wrapped(MAX_DEPTH + 1, YES, negated)) is None
    assert evaluation.scenario.depth == 0


def test_conditions_that_are_named_too_deep() -> None:
    declared = {f"C{at}": {"Condition": f"C{at + 1}"} for at in range(200)} | {"C200": YES}
    last = 201 - MAX_DEPTH
    assert condition_holds(scope_of(Conditions=declared), f"C{last}") is True
    evaluation = scope_of(Conditions=declared)
    assert condition_holds(evaluation, f"C{last - 1}") is None
    assert (evaluation.scenario.depth, evaluation.scenario.in_progress) == (0, set())


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
def test_what_parameters_are_compared_with(node: Any, texts: dict[str, list[str]]) -> None:
    assert compared_texts(({"Is": node},), PARAMETERS) == texts


def test_comparisons_that_lie_too_deep() -> None:
    equal = {"Fn::Equals": [{"Ref": "A"}, "x"]}
    for wrap in (lambda inner: [inner], negated):
        step = 1 if isinstance(wrap(0), list) else 2
        last = wrapped((MAX_DEPTH - 1) // step, equal, wrap)
        beyond = wrapped(MAX_DEPTH // step + 1, equal, wrap)
        assert compared_texts(({"Is": last},), PARAMETERS) == {"A": ["x"]}
        assert compared_texts(({"Is": beyond},), PARAMETERS) == {}
    assert compared_texts(({"Is": wrapped(MAX_DEPTH, equal)},), PARAMETERS) == {}


@pytest.mark.parametrize(
    ("argument", "branch"),
    [
        (["Yes", 1, 2], 1),
        (["No", 1, 2], 2),
        (("Yes", 1, 2), 1),
        (["Missing", 1, 2], None),
        (["Yes", 1], None),
        (["Yes", 1, 2, 3], None),
        ([["Yes"], 1, 2], None),
        ("Yes", None),
        ("abc", None),
        (None, None),
    ],
)
def test_branch_of(argument: Any, branch: int | None) -> None:
    evaluation = scope_of(Conditions={"Yes": YES, "No": negated(YES)})
    assert branch_of(evaluation, argument) == branch


RESOURCE: dict[str, Any] = {
    "Type": "T",
    "Properties": {
        "A": {"Fn::If": ["Yes", [{"Ref": "AWS::NoValue"}, {"B": 1}], 2]},
        "C": {"Fn::Join": ["", ["a"]]},
        "D": {"Fn::If": ["Missing", 1, 2]},
        3: {"E": None},
        "F": wrapped(MAX_DEPTH, "x", lambda inner: {"Fn::If": ["Yes", inner, 0]}),
        "H": [{"Ref": "AWS::NoValue"}, 1, {"Ref": "AWS::NoValue"}, 2, 3, 4],
        "G": wrapped(MAX_DEPTH + 1, "x", lambda inner: {"Fn::If": ["Yes", inner, 0]}),
    },
}
AT = ("Resources", "R", "Properties")
WRITTEN: list[tuple[tuple[str | int, ...], tuple[str | int, ...], Any]] = [
    ((), (), RESOURCE["Properties"]),
    (("A", 0), ("A", "Fn::If", 1, 1), {"B": 1}),
    (("A", 0, "B"), ("A", "Fn::If", 1, 1, "B"), 1),
    (("A", 1), ("A", "Fn::If", 1, 1), None),
    (("A", 1, "B"), ("A", "Fn::If", 1, 1, "B"), None),
    (("A", "B"), ("A", "Fn::If", 1, "B"), None),
    (("C", 0), ("C",), {"Fn::Join": ["", ["a"]]}),
    (("D", 0), ("D",), {"Fn::If": ["Missing", 1, 2]}),
    (("3", "E"), (3, "E"), None),
    (("3", 0), (3, 0), None),
    (("Z", "Y"), ("Z", "Y"), None),
    (("H", 0), ("H", 1), 1),
    (("H", 1), ("H", 3), 2),
    (("H", 3), ("H", 5), 4),
    (("H", 4), ("H", 4), None),
    (("F",), ("F", *("Fn::If", 1) * MAX_DEPTH), "x"),
    (("G",), ("G", *("Fn::If", 1) * MAX_DEPTH), {"Fn::If": ["Yes", "x", 0]}),
]


@pytest.mark.parametrize(
    ("steps", "place", "written"), WRITTEN, ids=[str(steps) for steps, _, _ in WRITTEN]
)
def test_where_a_value_is_written(
    steps: tuple[str | int, ...], place: tuple[str | int, ...], written: Any
) -> None:
    evaluation = scope_of(Resources={"R": RESOURCE}, Conditions={"Yes": YES})
    found = position_of(evaluation, "R", steps)
    if steps == ("A", 1):
        assert found == (*AT, "A", "Fn::If", 1, 1)
    assert found == (*AT, *place)
    assert expression_at(evaluation, "R", steps) == written


def test_raw_properties() -> None:
    resources = {"A": {"Type": "T", "Properties": {"P": 1}}, "B": {"Type": "T", "Properties": [1]}}
    template = scope_of(Resources={**resources, "C": {"Type": "T"}}).template
    assert [template.raw_property(name, "P") for name in "ABC"] == [1, None, None]
    assert [template.raw_properties(name) for name in "ABC"] == [{"P": 1}, [1], {}]


def test_as_many_scenarios_as_are_one_decision_away_from_the_first() -> None:
    app = App.of([])
    found = explore(lambda prefix: scenario_of(app, prefix), lambda scenario: scenario.decide("a", tuple(range(5000))))
    assert list(found) == [*range(MAX_SINGLE_DECISIONS)]


def test_fewer_scenarios_that_are_further_away() -> None:
    app = App.of([])

    def visit(scenario: Scenario) -> int:
        return scenario.decide("b", tuple(range(5000))) if scenario.decide("a", (0, 1)) else -1

    assert list(explore(lambda prefix: scenario_of(app, prefix), visit)) == [-1, *range(MAX_SCENARIOS - 1)]


def test_what_depends_on_a_choice_is_settled_for_its_scenario() -> None:
    for before in (0, 1):
        evaluation = scope_of()
        evaluation.scenario.cache["inner"] = "known here"
        evaluation.scenario.varying_reads = before

        def work(evaluation: Evaluation = evaluation) -> str:
            evaluation.scenario.decide("a", (0, 1))
            return cached(evaluation, "inner", str)

        assert cached(evaluation, "outer", work) == "known here"
        assert (evaluation.scenario.app.cache, evaluation.scenario.cache["outer"]) == (
            {},
            "known here",
        )
        assert cached(
            evaluation, "again", lambda evaluation=evaluation: cached(evaluation, "inner", str)
        )
        assert "again" in evaluation.scenario.cache


def test_what_depends_on_no_choice_is_settled_for_all() -> None:
    evaluation = scope_of()
    assert cached(evaluation, "outer", lambda: cached(evaluation, "inner", lambda: 1) + 1) == 2
    assert (evaluation.scenario.app.cache, evaluation.scenario.cache) == (
        {"inner": 1, "outer": 2},
        {},
    )
    assert cached(evaluation, "outer", int) == 2


def test_a_parameter_that_is_handed_on_is_the_one_that_is_handed() -> None:
    handed = {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"P": None}}}
    shared = ("Region", "AccountId", "Partition", "URLSuffix")
    outer = {"Resources": {"S": handed}, "Parameters": {"Q": {"Type": "String"}}}
    handed["Properties"] = {"Parameters": {"P": {"Ref": "Q"}, "R": {"Ref": "AWS::StackName"}}}
    inner = {"Parameters": {"P": {"Type": "String"}, "R": {"Type": "String"}}}
    app = App.of(
        [
            TemplateInput(template=outer, name="outer", nested={"S": "inner"}),
            TemplateInput(template=inner, name="inner"),
        ]
    )
    around, within = (Evaluation(scenario_of(app), template) for template in app.templates)
    for name in ("Q", *(f"AWS::{each}" for each in shared)):
        given = {"Ref": "P" if name == "Q" else name}
        assert (
            variable_of(within, given)
            == variable_of(around, {"Ref": name})
            != variable_of(within, 1)
        )
    assert variable_of(within, {"Ref": "R"}) == variable_of(around, {"Ref": "AWS::StackName"})
    for node in ({"Ref": "AWS::StackName"}, {"Ref": "Q"}, {"Ref": ["P"]}, ["P"], "P", {"P": 1}):
        assert variable_of(within, node) == (1, canonical_key(node))
        assert variable_of(around, node) == (0, canonical_key(node))
