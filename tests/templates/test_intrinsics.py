"""Evaluation of expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kit.templates import evaluation_of, nested

from cdk_epc.spec.unresolved import Reference, Unresolved
from cdk_epc.templates.app import App
from cdk_epc.templates.expressions import MAX_DEPTH
from cdk_epc.templates.intrinsics import branch_of, scenario_of
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import TemplateInput

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Env": {"Type": "String", "AllowedValues": ["dev"], "Default": "dev"},
        "Size": {"Type": "Number", "AllowedValues": [2]},
        "Nets": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Ids": {"Type": "List<AWS::EC2::Subnet::Id>"},
        "Any": {"Type": "String"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a/b"},
        "Broken": ["no declaration"],
    },
    "Mappings": {
        "Sizes": {
            "dev": {"Type": "ml.m5.large", "Count": 1, "Nets": ["a", "b"]},
            "prod": {"Type": "ml.m5.xlarge", "Count": 1},
            111122223333: {"Type": "ml.c5.large", "Count": 1},
        },
        "Equal": {"dev": {"Type": "x"}, "prod": {"Type": "x"}},
        "Flat": {"dev": {"a": 1, "b": 1}},
        "Ragged": {"dev": {"Type": "x"}, "prod": {}},
    },
    "Conditions": {
        "IsDev": {"Fn::Equals": [{"Ref": "Env"}, "dev"]},
        "IsProd": {"Fn::Not": [{"Condition": "IsDev"}]},
        "Circle": {"Fn::Or": [{"Condition": "Circle"}, {"Condition": "IsProd"}]},
    },
    "Resources": {
        "Model": {"Type": "AWS::SageMaker::Model"},
        "Typeless": {"Properties": {}},
    },
}
INPUT = TemplateInput(template=TEMPLATE, region="eu-west-1", account="111122223333")
DEV, PROD = "IsDev", "IsProd"
NO_VALUE = {"Ref": "AWS::NoValue"}


def value_of(node: Any) -> Any:
    """Return the value of an item of a list in the first scenario."""
    app = App.of([INPUT])
    (value,) = Evaluation(scenario_of(app), app.templates[0]).evaluate(
        {"Fn::If": [DEV, [node], []]}
    ) or [None]
    return value


KNOWN: list[tuple[Any, Any]] = [
    ("text", "text"),
    (None, None),
    (0, 0),
    ({"a": [1, {"b": True}]}, {"a": [1, {"b": True}]}),
    ({"Ref": "Env"}, "dev"),
    ({"Ref": "Size"}, 2),
    ({"Ref": "AWS::Region"}, "eu-west-1"),
    ({"Ref": "AWS::AccountId"}, "111122223333"),
    ({"Ref": "AWS::Partition"}, "aws"),
    ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
    ([1, NO_VALUE, 2], [1, 2]),
    ({"a": NO_VALUE, "b": 1}, {"b": 1}),
    ({"Fn::If": [DEV, 1, 2]}, 1),
    ({"Fn::If": [PROD, 1, {"Ref": "Env"}]}, "dev"),
    ({"Fn::If": [PROD, 1, NO_VALUE]}, None),
    ({"Fn::Sub": "a-${Env}-${AWS::Region}"}, "a-dev-eu-west-1"),
    ({"Fn::Sub": "${!Env}-${ Env }"}, "${Env}-dev"),
    ({"Fn::Sub": ["${A}${Size}", {"A": {"Ref": "Env"}}]}, "dev2"),
    ({"Fn::Sub": "a${Env}b${Size}c${!Env}d${Env}e"}, "adevb2c${Env}ddeve"),
    ({"Fn::Sub": ""}, ""),
    ({"Fn::Join": ["-", ["a", 1, True, NO_VALUE, {"Ref": "Env"}]]}, "a-1-true-dev"),
    ({"Fn::Join": ["", []]}, ""),
    ({"Fn::Join": [",", {"Fn::Split": ["-", "a-b"]}]}, "a,b"),
    ({"Fn::Select": [1, ["a", "b"]]}, "b"),
    ({"Fn::Select": ["0", {"Fn::Split": [",", "a,b"]}]}, "a"),
    ({"Fn::Select": [1.0, ["a", "b"]]}, "b"),
    ({"Fn::Select": [0, ["a", {"Ref": "Any"}]]}, "a"),
    ({"Fn::Split": [",", {"Fn::Sub": "a,${Env}"}]}, ["a", "dev"]),
    ({"Fn::FindInMap": ["Sizes", {"Ref": "Env"}, "Type"]}, "ml.m5.large"),
    ({"Fn::FindInMap": ["Sizes", "dev", "Nets"]}, ["a", "b"]),
    ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::AccountId"}, "Type"]}, "ml.c5.large"),
    ({"Fn::FindInMap": ["Sizes", "test", "Type", {"DefaultValue": 5}]}, 5),
    ({"Fn::FindInMap": ["Sizes", "dev", "Count", {"DefaultValue": 5}]}, 1),
    ({"Fn::FindInMap": ["Sizes", {"Ref": "Any"}, "Count"]}, 1),
    ({"Fn::FindInMap": ["Flat", "dev", {"Ref": "Any"}]}, 1),
    ({"Fn::FindInMap": ["Flat", "dev", {"Ref": "Any"}, {"DefaultValue": 1}]}, 1),
    ({"Fn::FindInMap": ["Equal", {"Ref": "Any"}, "Type", {"DefaultValue": "x"}]}, "x"),
    ({"Fn::Base64": {"Ref": "Env"}}, "ZGV2"),
    ({"Fn::Base64": "\ud800"}, "7aCA"),
    ({"Fn::Length": [1, {"Ref": "Any"}]}, 2),
    ({"Fn::Length": {"Fn::Split": [",", "a,b,c"]}}, 3),
]
UNKNOWN: list[Any] = [
    {"Ref": "Any"},
    {"Ref": "Stored"},
    {"Ref": "Ids"},
    {"Ref": "Broken"},
    {"Ref": "Typeless"},
    {"Ref": "Missing"},
    {"Ref": ["Env"]},
    {"Ref": "AWS::StackName"},
    {"Ref": "AWS::Nonsense"},
    {"Ref": "Env", "Other": 1},
    {"Fn::GetAtt": ["Missing", "Arn"]},
    {"Fn::GetAtt": ["Model"]},
    {"Fn::GetAtt": ["Model", {"Ref": "Env"}]},
    {"Fn::If": ["Missing", 1, 2]},
    {"Fn::If": ["Circle", 1, 2]},
    {"Fn::If": [DEV, 1]},
    {"Fn::If": [{"Condition": DEV}, 1, 2]},
    {"Fn::If": DEV},
    {"Fn::Sub": "${Any}"},
    {"Fn::Sub": "${Model}x"},
    {"Fn::Sub": "a${Missing}"},
    {"Fn::Sub": ["${A}", {"A": ["a"]}]},
    {"Fn::Sub": ["${A}"]},
    {"Fn::Sub": 1},
    {"Fn::Sub": "{{resolve:ssm:${Env}}}"},
    {"Fn::Join": ["", ["a", {"Ref": "Any"}]]},
    {"Fn::Join": ["", ["a", ["b"]]]},
    {"Fn::Join": ["", [{"Ref": "Model"}, "a"]]},
    {"Fn::Join": ["", ["a", {"Ref": "Model"}]]},
    {"Fn::Join": [","]},
    {"Fn::Join": "ab"},
    {"Fn::Join": ["", ["{{resolve", ":ssm:a}}"]]},
    {"Fn::Join": [1, ["a"]]},
    {"Fn::Join": ["", {"Ref": "Ids"}]},
    {"Fn::Join": "a"},
    {"Fn::Select": [2, ["a", "b"]]},
    {"Fn::Select": [-1, ["a", "b"]]},
    {"Fn::Select": ["2", ["a", "b"]]},
    {"Fn::Select": ["9" * 5000, ["a", "b"]]},
    {"Fn::Select": [True, ["a", "b"]]},
    {"Fn::Select": ["\u0661", ["a", "b"]]},
    {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
    {"Fn::Select": [{"Ref": "Any"}, ["a"]]},
    {"Fn::Select": [1, [NO_VALUE, "a", "b"]]},
    {"Fn::Select": [0]},
    {"Fn::Split": ["", "ab"]},
    {"Fn::Split": [",", {"Ref": "Any"}]},
    {"Fn::Split": [","]},
    {"Fn::FindInMap": ["Missing", "dev", "Type"]},
    {"Fn::FindInMap": [["Sizes"], "dev", "Type"]},
    {"Fn::FindInMap": ["Flat", "dev", {"Ref": "Any"}, {"DefaultValue": 2}]},
    {"Fn::FindInMap": ["Sizes", "test", "Type"]},
    {"Fn::FindInMap": ["Sizes", "dev", "Nothing"]},
    {"Fn::FindInMap": ["Sizes", {"Ref": "Any"}, "Type"]},
    {"Fn::FindInMap": ["Sizes", {"Ref": "Any"}, "Nets"]},
    {"Fn::FindInMap": ["Sizes", "dev", {"Ref": "Any"}]},
    {"Fn::FindInMap": ["Equal", {"Ref": "Any"}, "Type", {"DefaultValue": "y"}]},
    {"Fn::FindInMap": ["Ragged", {"Ref": "Any"}, "Type"]},
    {"Fn::FindInMap": ["Ragged", {"Ref": "Any"}, "Other"]},
    {"Fn::FindInMap": ["Sizes", "dev"]},
    {"Fn::ImportValue": "other-stack"},
    {"Fn::ImportValue": ["other-stack"]},
    {"Fn::Base64": {"Ref": "Any"}},
    {"Fn::Length": "abc"},
    {"Fn::GetAZs": ""},
    {"Fn::Cidr": ["10.0.0.0/16", 1, 8]},
    {"Fn::Transform": {"Name": "Mine"}},
    {"Fn::ToJsonString": {"a": 1}},
    {"Fn::ForEach::Each": ["X", ["a"], {"${X}": 1}], "b": 2},
    "a{{resolve:secretsmanager:b}}",
]


@pytest.mark.parametrize(("node", "value"), KNOWN, ids=[str(node) for node, _ in KNOWN])
def test_known(node: Any, value: Any) -> None:
    found = value_of(node)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("node", UNKNOWN, ids=str)
def test_unknown(node: Any) -> None:
    found = value_of(node)
    assert isinstance(found, Unresolved)
    assert (found.expression, found.refers_to) == (node, None)


MODEL = "AWS::SageMaker::Model"
REFERENCES: list[tuple[Any, Reference]] = [
    ({"Ref": "Model"}, Reference(MODEL, "Model")),
    ({"Fn::GetAtt": ["Model", "ModelName"]}, Reference(MODEL, "Model", "ModelName")),
    ({"Fn::GetAtt": "Model.ModelName"}, Reference(MODEL, "Model", "ModelName")),
    ({"Fn::Sub": "${Model.ModelName}"}, Reference(MODEL, "Model", "ModelName")),
    ({"Fn::Sub": "${Model.A.B}"}, Reference(MODEL, "Model", "A.B")),
    ({"Fn::GetAtt": "Model.A.B"}, Reference(MODEL, "Model", "A.B")),
    ({"Fn::Join": ["", [{"Ref": "Model"}]]}, Reference(MODEL, "Model")),
]


@pytest.mark.parametrize(("node", "reference"), REFERENCES)
def test_reference(node: Any, reference: Reference) -> None:
    assert value_of(node).refers_to == reference


YES: dict[str, Any] = {"Fn::Equals": ["a", "a"]}


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
    evaluation = evaluation_of(Conditions={"Yes": YES, "No": {"Fn::Not": [YES]}})
    assert branch_of(evaluation, argument) == branch


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_deep_values(wrap: Callable[[Any], Any]) -> None:
    evaluation = evaluation_of()
    last = nested(MAX_DEPTH + 1, wrap, "x")
    beyond = nested(MAX_DEPTH + 2, wrap, "x")
    for _ in range(3):  # the depth is restored each time
        assert evaluation.evaluate([last[0] if isinstance(last, list) else last["a"]]) != []
        assert evaluation.evaluate(last) == last
    found = evaluation.evaluate(beyond)
    for _ in range(MAX_DEPTH + 1):
        found = found[0] if isinstance(found, list) else found["a"]
    assert isinstance(found, Unresolved)
    assert found.expression == wrap("x")
    assert evaluation.scenario.depth == 0


@pytest.mark.parametrize(
    ("node", "parts"),
    [
        ({"Fn::Sub": "a.${AWS::Region}.${Any}/b"}, ("a.", "eu-west-1", ".", None, "/b")),
        (
            {"Fn::Join": [".", ["a", {"Ref": "Any"}, {"Fn::Sub": "b-${Any}"}]]},
            ("a", ".", None, ".", "b-", None),
        ),
        ({"Fn::Sub": "a:${Env}-{{resolve:ssm:/b/${Env}}}-c"}, ("a:", "dev", "-", None)),
        ({"Ref": "Any"}, ()),
    ],
)
def test_known_parts_of_a_joined_text(node: Any, parts: tuple[str | None, ...]) -> None:
    value = value_of(node)
    assert isinstance(value, Unresolved)
    assert value.parts == parts
