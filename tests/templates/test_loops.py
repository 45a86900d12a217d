"""Loops of AWS::LanguageExtensions: expansion, positions and loops that cannot be expanded."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import CONFIG

from cdk_epc import check_template

EXTENSIONS = "AWS::LanguageExtensions"


def config(memory: Any = "1024", **more: Any) -> dict[str, Any]:
    settings = {"MemorySizeInMB": memory, "MaxConcurrency": 5}
    variant = {"VariantName": "main", "ModelName": "m", "ServerlessConfig": settings}
    return {"Type": CONFIG, "Properties": {"ProductionVariants": [variant], **more}}


def loop(collection: Any, body: Any, identifier: str = "Size") -> list[Any]:
    return [identifier, collection, body]


def found(resources: dict[str, Any], **template: Any) -> list[tuple[str | None, str, int]]:
    """Return resource, value and length of the position of each finding."""
    given = {"Transform": EXTENSIONS, "Resources": resources, **template}
    return [(each.resource, str(each.got), len(each.place)) for each in check_template(given)]


SIZES = {"Sizes": {"Type": "CommaDelimitedList", "Default": "1024, 1500"}}
BODY = {"Config${Size}": config("${Size}")}
OF_LOOP = ("Config1500", "1500", 9)


@pytest.mark.parametrize(
    ("collection", "template", "expected"),
    [
        (["1024", "1500"], {}, [OF_LOOP]),
        ([1024, 1500], {"Transform": ["AWS::Serverless-2016-10-31", EXTENSIONS]}, [OF_LOOP]),
        ({"Ref": "Sizes"}, {"Parameters": SIZES}, [OF_LOOP]),
        ({"Ref": "Sizes"}, {"Parameters": {"Sizes": {"Type": "CommaDelimitedList"}}}, []),
        ({"Fn::Split": [",", "1024,1500"]}, {}, []),
        (["1500"], {"Transform": "AWS::Serverless-2016-10-31"}, []),
    ],
)
def test_a_loop_of_resources(collection: Any, template: dict[str, Any], expected: Any) -> None:
    assert found({"Fn::ForEach::Configs": loop(collection, BODY)}, **template) == expected


def test_an_identifier_is_replaced_in_texts_keys_and_references() -> None:
    tags = [{"Key": "aws:&{Size}", "Value": {"Ref": "Size"}}]
    body = {"Config&{Size}": config(Tags=tags, KmsKeyId={"Fn::Sub": "alias/a ${Size}"})}
    assert found({"Fn::ForEach::A": loop(["a-b"], body)}) == [
        ("Configab", "alias/a a-b", 6),
        ("Configab", "aws:ab", 8),
    ]


def test_nested_loops_and_loops_of_properties() -> None:
    inner = {"Config${Stage}${Size}": config("${Size}")}
    outer = {"Fn::ForEach::Inner": loop(["1500"], inner)}
    assert found({"Fn::ForEach::Outer": loop(["A", "B"], outer, "Stage")}) == [
        ("ConfigA1500", "1500", 11)
    ]
    members: dict[str, Any] = {"Fn::ForEach::Members": loop(["MemorySizeInMB"], {"${Size}": 1500})}
    variant = {
        "VariantName": "main",
        "ModelName": "m",
        "ServerlessConfig": {**members, "MaxConcurrency": 5},
    }
    one = {"Type": CONFIG, "Properties": {"ProductionVariants": [variant]}}
    body = {"Config${Stage}": one}
    assert found({"Fn::ForEach::Outer": loop(["A"], body, "Stage")}) == [("ConfigA", "1500", 9)]


def test_fn_sub_in_the_argument_of_a_reference() -> None:
    role: dict[str, Any] = {"Type": "AWS::IAM::Role", "Properties": {}}
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
    name: dict[str, Any] = {"Fn::GetAtt": [{"Fn::Sub": "Role${Stage}"}, "RoleId"]}
    model: dict[str, Any] = {"ExecutionRoleArn": name, "PrimaryContainer": {"Image": image}}
    body: dict[str, Any] = {
        "Role${Stage}": role,
        "Model${Stage}": {"Type": "AWS::SageMaker::Model", "Properties": model},
    }
    rows = found({"Fn::ForEach::Stages": loop(["A"], body, "Stage")})
    assert ("ModelA", "the id of RoleA", 6) in rows


@pytest.mark.parametrize(
    "argument",
    [None, "Size", [], ["Size", ["1500"]], [1, ["1500"], BODY], ["Size", ["1500"], None]],
)
def test_a_malformed_loop_adds_nothing(argument: Any) -> None:
    assert found({"Fn::ForEach::Configs": argument}) == []


def test_the_expansion_of_large_loops_is_limited() -> None:
    body: dict[str, Any] = BODY
    for name in "abcd":
        body = {f"Fn::ForEach::{name}": loop([str(each) for each in range(60)], body, name)}
    assert isinstance(found({"Fn::ForEach::Outer": loop(["1500"], body)}), list)
