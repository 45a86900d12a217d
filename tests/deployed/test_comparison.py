"""The test kit: comparison of declared and read values, and resolution of references."""

from __future__ import annotations

from typing import Any

import pytest
from kit.differences import Differences, difference
from kit.references import CONFIG, ENDPOINT, MODEL, resources_of, with_outputs, without


@pytest.mark.parametrize(
    ("declared", "read", "expected"),
    [
        ({"a": [{"b": 0}]}, {"a": [{"b": 0.0}]}, Differences()),
        ({"a": 1}, {"a": 1, "b": {}, "c": [], "d": None}, Differences()),
        ({"a": 1}, {"a": 1, "b": 0, "c": False}, Differences(added=["b", "c"])),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, Differences(lost=["a.c"])),
        ({"a": {"b": 1}}, {}, Differences(lost=["a"])),
        ({"a": {}}, {}, Differences(lost=["a"])),
        ({"a": [1, 2]}, {"a": [1, 3]}, Differences(changed=["a[1]"])),
        ({"a": [1, 2]}, {"a": [1]}, Differences(changed=["a"])),
        ({"a": "1"}, {"a": 1}, Differences(changed=["a"])),
        ({"a": None}, {"a": 1}, Differences(changed=["a"])),
        (None, {"a": 1}, Differences(changed=[""])),
    ],
)
def test_differences(declared: Any, read: Any, expected: Differences) -> None:
    assert difference(declared, read) == expected


TEMPLATE: dict[str, Any] = {
    "Mappings": {"Accounts": {"eu-west-1": {"account": "1"}}},
    "Resources": {
        "Model": {"Type": MODEL, "Properties": {}},
        "Config": {"Type": CONFIG, "Properties": {"EndpointConfigName": "config"}},
        "Endpoint": {"Type": ENDPOINT, "DependsOn": ["Config", "Model"], "Properties": {}},
    },
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "Model"}, "arn:model/m"),
        ({"Fn::GetAtt": ["Model", "ModelName"]}, "m"),
        ({"Fn::Sub": "s3://${AWS::AccountId}/${Model}"}, "s3://123456789012/arn:model/m"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Partition"}]]}, "a-aws"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Model"}]}]}, "m"),
        ({"Fn::FindInMap": ["Accounts", {"Ref": "AWS::Region"}, "account"]}, "1"),
        ({"plain": [0, False, ""]}, {"plain": [0, False, ""]}),
    ],
)
def test_references(given: Any, expected: Any) -> None:
    template = {**TEMPLATE, "Resources": {"Model": {"Type": MODEL, "Properties": {"a": given}}}}
    assert resources_of(template, {"Model": "arn:model/m"})["Model"].properties == {"a": expected}


@pytest.mark.parametrize(
    "given", [{"Ref": "Config"}, {"Fn::GetAtt": ["Model", "Unheard"]}, {"Ref": "Nobody"}]
)
def test_unknown_references(given: Any) -> None:
    template = {**TEMPLATE, "Resources": {"Model": {"Type": MODEL, "Properties": {"a": given}}}}
    assert resources_of(template, {"Model": "arn:model/m"})["Model"].properties is None


def test_unknown_function_is_an_error() -> None:
    template = {"Resources": {"Model": {"Type": MODEL, "Properties": {"Fn::If": []}}}}
    with pytest.raises(AssertionError):
        resources_of(template, {})


def test_references_to_removed_resources() -> None:
    properties = {
        "Name": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
        "Id": {"Ref": "Config"},
        "Own": {"Fn::GetAtt": ["Endpoint", "EndpointArn"]},
        "Other": {"Ref": "Model"},
    }
    endpoint = {**TEMPLATE["Resources"]["Endpoint"], "Properties": properties}
    template = {"Resources": {**TEMPLATE["Resources"], "Endpoint": endpoint}}

    left = without(template, {"Config": "arn:config/config"})

    assert left["Resources"] == {
        "Model": {"Type": MODEL, "Properties": {}, "DependsOn": []},
        "Endpoint": {
            "Type": ENDPOINT,
            "DependsOn": ["Model"],
            "Properties": {
                "Name": "config",
                "Id": "arn:config/config",
                "Own": {"Ref": "Endpoint"},
                "Other": {"Ref": "Model"},
            },
        },
    }


def test_outputs_of_other_stacks() -> None:
    given = {"a": [{"Fn::GetStackOutput": {"StackName": "s", "OutputName": "o", "Region": "r"}}]}
    assert with_outputs(given, {"s": {"o": "found"}}) == {"a": ["found"]}
