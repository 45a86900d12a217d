"""Values that rest on the default of a parameter, and on a placeholder."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import resource

from cdk_epc.templates import TemplateInput, check_template
from cdk_epc.templates.app import App
from cdk_epc.templates.check import review_app
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.scenarios import Evaluation

ROLE = "ExecutionRoleArn"
DEFAULT = "parameter-default-invalid"


def findings(role: Any, default: Any, **sections: Any) -> list[tuple[str, str]]:
    """Return the findings of a model whose role is an expression with the parameter P."""
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1"
    model = resource("AWS::SageMaker::Model", PrimaryContainer={"Image": image})
    model["Properties"][ROLE] = role
    model |= sections.pop("of_resource", {})
    template = {
        "Parameters": {"P": {"Type": "String", "Default": default}},
        "Resources": {"Model": model},
        **sections,
    }
    return [(str(each.severity), each.rule_id) for each in check_template(template)]


REF = {"Ref": "P"}
SUB = {"Fn::Sub": "arn:aws:iam::${P}:role/service"}
IS_SET = {"IsSet": {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", [REF]]}, "no"]}]}}
LENGTH = ("error", "value-length-wrong")
PATTERN = ("error", "value-pattern-mismatch")


@pytest.mark.parametrize(
    ("role", "default", "expected"),
    [
        (REF, "arn", [("warning", DEFAULT)]),
        (REF, "x-0123456789-0123456789", [("warning", DEFAULT)]),
        (SUB, "12345", [("warning", DEFAULT)]),
        # The text around the parameter is wrong with every value.
        ({"Fn::Sub": "arn:aws:s3:::${P}-0123456789"}, "12345", [PATTERN]),
        ({"Fn::If": ["IsSet", REF, "arn"]}, "no", [LENGTH, PATTERN]),
        ({"Fn::FindInMap": ["Roles", REF, "Arn"]}, "dev", [LENGTH, PATTERN]),
    ],
)
def test_invalid_default(role: Any, default: str, expected: list[tuple[str, str]]) -> None:
    maps = {"Roles": {"dev": {"Arn": "arn"}}}
    assert findings(role, default, Conditions=IS_SET, Mappings=maps) == expected


def test_invalid_default_in_the_uri_of_an_image() -> None:
    for image, expected in (
        (REF, ("warning", DEFAULT)),
        ({"Fn::Sub": "${P}/image:1"}, ("warning", DEFAULT)),
        ({"Fn::Sub": "docker.io/${P}:1"}, ("error", "model-image-outside-ecr")),
    ):
        container = {"PrimaryContainer": {"Image": image}}
        of_resource = {"Properties": {**container, ROLE: "arn:aws:iam::123456789012:role/a"}}
        assert findings(None, "docker.io/me", of_resource=of_resource) == [expected]


@pytest.mark.parametrize(
    "default",
    [
        "",
        " ",
        "<role>",
        "NONE",
        "n/a",
        "-",
        "Replace with your role",
        "the ARN of a role",
        "REPLACE_ME",
        "your-role",
        "{{ role }}",
    ],
)
def test_silent_placeholder(default: str) -> None:
    assert findings(REF, default) == []


def test_silent_where_a_condition_on_the_parameter_guards_the_use() -> None:
    # The condition is undecided, so that only its mention of the parameter counts.
    guarded = {"IsProd": {"Fn::Equals": [{"Fn::Select": [0, {"Fn::Cidr": REF}]}, "prod"]}}
    assert findings(REF, "arn", Conditions=guarded) != []
    of_resource = {"Condition": "IsProd"}
    assert findings(REF, "arn", Conditions=guarded, of_resource=of_resource) == []
    either = {"Fn::If": ["IsProd", REF, {"Ref": "AWS::NoValue"}]}
    assert ("warning", DEFAULT) not in findings(either, "arn", Conditions=guarded)
    other = {"IsProd": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}}
    assert ("warning", DEFAULT) in findings(either, "arn", Conditions=other)


def test_each_parameter_is_reported_once() -> None:
    parameters = {"P": {"Type": "String", "Default": "arn"}}
    models = {
        name: resource("AWS::SageMaker::Model", ExecutionRoleArn=REF, PrimaryContainer={})
        for name in ("First", "Second")
    }
    found = [
        each
        for each in check_template({"Parameters": parameters, "Resources": models})
        if each.rule_id == DEFAULT
    ]
    assert [(each.resource, each.place) for each in found] == [
        ("First", ("Parameters", "P", "Default"))
    ]
    assert found[0].message == (
        "default 'arn' of parameter P cannot be deployed: "
        "ExecutionRoleArn must have 20 to 2048 characters"
    )


def test_default_of_a_parent_and_literal_of_a_parent() -> None:
    def rules(argument: Any) -> list[tuple[str, str]]:
        child = resource("AWS::CloudFormation::Stack", Parameters={"Q": argument})
        parent = {"Parameters": {"P": {"Type": "String", "Default": "arn"}}}
        nested = {
            "Parameters": {"Q": {"Type": "String"}},
            "Resources": {
                "Model": resource(
                    "AWS::SageMaker::Model", ExecutionRoleArn={"Ref": "Q"}, PrimaryContainer={}
                )
            },
        }
        reports = review_app(
            [
                TemplateInput(
                    template={**parent, "Resources": {"Child": child}}, nested={"Child": "child"}
                ),
                TemplateInput(template=nested, name="child"),
            ]
        )
        return [
            (each.rule_id, str(each.place[0]))
            for report in reports
            for each in report.findings
            if each.path == ROLE
        ]

    assert rules(REF) == [(DEFAULT, "Resources")]
    assert ("value-length-wrong", "Resources") in rules("arn")
    assert rules({"Ref": "AWS::AccountId"}) == []


def test_conditions_compare_placeholders() -> None:
    parameters = {"P": {"Type": "String", "Default": ""}}
    conditions = {"IsEmpty": {"Fn::Equals": [{"Fn::Join": ["", [REF]]}, ""]}}
    app = App.of([TemplateInput(template={"Parameters": parameters, "Conditions": conditions})])
    evaluation = Evaluation(scenario_of(app), app.templates[0])
    assert evaluation.evaluate({"Fn::If": ["IsEmpty", "empty", REF]}) == "empty"
    assert evaluation.evaluate(REF).expression == REF
