"""One expression, and what it comes to."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.spec.unresolved import Reference, Unresolved
from cdk_epc.templates.app import App
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.scenarios import Evaluation, explore
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
        "Alike": {"dev": {"Type": "x"}, "prod": {"Type": "x"}},
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
PLACED = TemplateInput(template=TEMPLATE, region="eu-west-1", account="111122223333")
NOWHERE = TemplateInput(template=TEMPLATE)
DEV, PROD = "IsDev", "IsProd"
NOTHING = {"Ref": "AWS::NoValue"}


def value_of(node: Any, placed: TemplateInput = PLACED) -> Any:
    """What a value in a list comes to in the first scenario."""
    app = App.of([placed])
    (value,) = Evaluation(scenario_of(app), app.templates[0]).evaluate(
        {"Fn::If": [DEV, [node], []]}
    ) or [None]
    return value


def values_of(node: Any, placed: TemplateInput = PLACED) -> list[Any]:
    """What a value comes to in every scenario; an unknown one as its expression in a tuple."""
    app = App.of([placed])
    every = explore(
        lambda prefix: scenario_of(app, prefix), lambda scenario: Evaluation(scenario, app.templates[0]).evaluate(node)
    )
    return [(value.expression,) if isinstance(value, Unresolved) else value for value in every]


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
    ([1, NOTHING, 2], [1, 2]),
    ({"a": NOTHING, "b": 1}, {"b": 1}),
    ({"Fn::If": [DEV, 1, 2]}, 1),
    ({"Fn::If": [PROD, 1, {"Ref": "Env"}]}, "dev"),
    ({"Fn::If": [PROD, 1, NOTHING]}, None),
    ({"Fn::Sub": "a-${Env}-${AWS::Region}"}, "a-dev-eu-west-1"),
    ({"Fn::Sub": "${!Env}-${ Env }"}, "${Env}-dev"),
    ({"Fn::Sub": ["${A}${Size}", {"A": {"Ref": "Env"}}]}, "dev2"),
    ({"Fn::Sub": "a${Env}b${Size}c${!Env}d${Env}e"}, "adevb2c${Env}ddeve"),
    ({"Fn::Sub": ""}, ""),
    ({"Fn::Join": ["-", ["a", 1, True, NOTHING, {"Ref": "Env"}]]}, "a-1-true-dev"),
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
    ({"Fn::FindInMap": ["Alike", {"Ref": "Any"}, "Type", {"DefaultValue": "x"}]}, "x"),
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
    {"Fn::Select": [1, [NOTHING, "a", "b"]]},
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
    {"Fn::FindInMap": ["Alike", {"Ref": "Any"}, "Type", {"DefaultValue": "y"}]},
    {"Fn::FindInMap": ["Ragged", {"Ref": "Any"}, "Type"]},
    {"Fn::FindInMap": ["Ragged", {"Ref": "Any"}, "Other"]},
    {"Fn::FindInMap": ["Sizes", "dev"]},
    {"Fn::ImportValue": "elsewhere"},
    {"Fn::ImportValue": ["elsewhere"]},
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


@pytest.mark.parametrize("name", ["Region", "AccountId", "Partition", "URLSuffix"])
def test_pseudo_parameters_of_nowhere(name: str) -> None:
    node = {"Ref": f"AWS::{name}"}
    assert value_of(node, NOWHERE).expression == node


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-east-1", "aws", "amazonaws.com"),
        ("mx-central-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
        ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_partitions(region: str, partition: str, suffix: str) -> None:
    placed = TemplateInput(template=TEMPLATE, region=region)
    node = [{"Ref": "AWS::Partition"}, {"Ref": "AWS::URLSuffix"}]
    assert value_of(node, placed) == [partition, suffix]


def test_partition_of_a_region_that_nobody_knows() -> None:
    placed = TemplateInput(template=TEMPLATE, region="moon-1")
    assert isinstance(value_of({"Ref": "AWS::Partition"}, placed), Unresolved)


def test_lists_are_split_at_their_commas() -> None:
    assert values_of({"Ref": "Nets"}) == [["a", "b"], ({"Ref": "Nets"},)]


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
def test_what_a_parameter_can_be(declared: dict[str, Any], values: list[Any]) -> None:
    assert values_of({"Ref": "P"}, with_parameter(**declared)) == values
