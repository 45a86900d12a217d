"""References to undeclared names, and to attributes that a type lacks."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk
import pytest
from kit.templates import resource

from cdk_epc.templates import check_template
from cdk_epc.templates.reference_checks import ATTRIBUTES

CONFIG = resource(
    "AWS::SageMaker::EndpointConfig",
    ProductionVariants=[
        {
            "VariantName": "main",
            "ModelName": "fraud",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
        }
    ],
)


def findings(name: Any, **sections: Any) -> list[tuple[str, Any]]:
    """Return the findings of an endpoint with an expression as its name of the configuration."""
    endpoint = resource("AWS::SageMaker::Endpoint", EndpointConfigName=name)
    endpoint |= sections.pop("of_endpoint", {})
    more = sections.pop("resources", {})
    template = {"Resources": {"Config": CONFIG, "Endpoint": endpoint, **more}, **sections}
    return [
        (each.rule_id, each.got)
        for each in check_template(template)
        if each.rule_id in {REFERENCE, ATTRIBUTE, UNPUBLISHED}
    ]


ATTRIBUTE, REFERENCE = "attribute-unknown", "reference-unknown"
UNPUBLISHED = "attribute-unpublished"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"Ref": "Confg"}, [(REFERENCE, "Confg")]),
        ({"Fn::GetAtt": "Config.Name"}, [(ATTRIBUTE, "Config.Name")]),
        (
            {"Fn::GetAtt": ["Config", "ProductionVariants"]},
            [(ATTRIBUTE, "Config.ProductionVariants")],
        ),
        (
            {"Fn::Sub": "${Config.Name}-${Nothing}"},
            [(ATTRIBUTE, "Config.Name"), (REFERENCE, "Nothing")],
        ),
        ({"Fn::Sub": "${Nothing}-${Nothing}"}, [(REFERENCE, "Nothing")]),
        (
            {"Fn::If": ["Never", {"Ref": "Nothing"}, "a"]},
            [(REFERENCE, "Nothing"), (REFERENCE, "condition Never")],
        ),
        ({"Fn::FindInMap": ["Maps", "a", "b"]}, [(REFERENCE, "map Maps")]),
        ({"Fn::Sub": "${AWS::Stackname}-${AWS::NewPseudo}"}, [(REFERENCE, "AWS::Stackname")]),
        ({"Ref": "AWS::Acountid"}, [(REFERENCE, "AWS::Acountid")]),
        ({"Fn::GetAtt": ["Role", "RoleArn"]}, [(ATTRIBUTE, "Role.RoleArn")]),
        ({"Fn::GetAtt": ["Topic", "arn"]}, [(ATTRIBUTE, "Topic.arn")]),
        ({"Fn::GetAtt": ["Role", "LastUsed"]}, [(UNPUBLISHED, "Role.LastUsed")]),
        ({"Fn::GetAtt": ["Config", "CreationTime"]}, [(UNPUBLISHED, "Config.CreationTime")]),
    ],
)
def test_wrong_references(name: Any, expected: list[tuple[str, Any]]) -> None:
    others = {"Role": {"Type": "AWS::IAM::Role"}, "Topic": {"Type": "AWS::SNS::Topic"}}
    assert findings(name, resources=others) == expected


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ({"Fn::GetAtt": ["Config", "EndpointConfigName"]}, {}),
        ({"Fn::Sub": "${Config.EndpointConfigName}-${!Literal}-${AWS::StackName}"}, {}),
        ({"Fn::Sub": ["${Local}", {"Local": "a"}]}, {}),
        ({"Ref": "Name"}, {"Parameters": {"Name": {"Type": "String"}}}),
        ({"Fn::GetAtt": ["Other", "Anything"]}, {"resources": {"Other": {"Type": "A::B::C"}}}),
        (
            {"Fn::GetAtt": ["Component", "Specifications.1.CurrentDataCacheConfig"]},
            {"resources": {"Component": {"Type": "AWS::SageMaker::InferenceComponent"}}},
        ),
        ({"Ref": "AWS::StackName"}, {}),
        ({"Fn::If": ["Yes", "a", "b"]}, {"Conditions": {"Yes": {"Fn::Equals": ["a", "b"]}}}),
        ({"Fn::If": ["Yes", "a", "b"]}, {"Conditions": {"Fn::ForEach::A": []}}),
        ({"Fn::FindInMap": ["M", "a", "b"]}, {"Mappings": {"M": {"a": {"b": "c"}}}}),
        ({"Fn::FindInMap": [{"Ref": "AWS::Region"}, "a", "b"]}, {}),
        ({"Fn::If": ["Yes", "a", "b"]}, {"Transform": "AWS::LanguageExtensions"}),
        # A transform, a loop or a module adds names.
        ({"Ref": "Nothing"}, {"Transform": "AWS::Serverless-2016-10-31"}),
        ({"Fn::Transform": {"Name": "Mine", "Parameters": {"A": {"Ref": "Nothing"}}}}, {}),
        ({"Ref": "Mine.Config"}, {"resources": {"Mine": {"Type": "My::Own::Type::MODULE"}}}),
        ({"Ref": "MineConfig"}, {"resources": {"Mine": {"Type": "My::Own::Type::MODULE"}}}),
    ],
)
def test_right_references(name: Any, sections: dict[str, Any]) -> None:
    assert findings(name, **sections) == []


def test_depends_on() -> None:
    assert findings("a", of_endpoint={"DependsOn": "Nothing"}) == [(REFERENCE, "Nothing")]
    assert findings("a", of_endpoint={"DependsOn": ["Config", "X"]}) == [(REFERENCE, "X")]


def test_condition_of_a_resource() -> None:
    of_endpoint = {"Condition": "Yes"}
    assert findings("a", of_endpoint=of_endpoint) == [(REFERENCE, "condition Yes")]
    conditions = {"Yes": {"Fn::Equals": ["a", "b"]}}
    assert findings("a", of_endpoint=of_endpoint, Conditions=conditions) == []


def test_attributes_are_complete() -> None:
    """CloudFormation's attributes are in the docstrings of CDK's constructs for the types."""
    for type_, known in ATTRIBUTES.items():
        _, service, name = type_.split("::")
        construct: type = getattr(getattr(aws_cdk, f"aws_{service.lower()}"), f"Cfn{name}")
        docs = "\n".join(str(each.__doc__) for each in vars(construct).values())
        documented = set(re.findall(r":cloudformationAttribute: (\S+)", docs))
        assert documented, type_
        assert documented <= set(known), type_
