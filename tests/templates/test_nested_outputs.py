"""Outputs of nested stacks: references to the resources behind them are followed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from cdk_epc.templates import TemplateInput, review_app

Template = dict[str, Any]

XGBOOST: Final = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
OWN: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
MODEL_NAME: Final = {"Fn::GetAtt": ["Model", "ModelName"]}
ROLE_ARN: Final = {"Fn::GetAtt": ["Role", "Arn"]}
LITERAL_ROLE: Final = "arn:aws:iam::111122223333:role/fraud"


def nested(**parameters: Any) -> dict[str, Any]:
    properties = {"TemplateURL": "https://example.com/t.json", "Parameters": parameters}
    return {"Type": "AWS::CloudFormation::Stack", "Properties": properties}


def model(image: object = XGBOOST, role: object = LITERAL_ROLE) -> dict[str, Any]:
    properties = {"ExecutionRoleArn": role, "PrimaryContainer": {"Image": image}}
    return {"Type": "AWS::SageMaker::Model", "Properties": properties}


def config(name: object = MODEL_NAME) -> dict[str, Any]:
    variant = {
        "VariantName": "main",
        "ModelName": name,
        "InstanceType": "ml.c7g.large",
        "InitialInstanceCount": 1,
    }
    properties = {"ProductionVariants": [variant]}
    return {"Type": "AWS::SageMaker::EndpointConfig", "Properties": properties}


def role(service: str, *actions: str) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    properties = {
        "AssumeRolePolicyDocument": {"Statement": [trust]},
        "Policies": [{"PolicyName": "a", "PolicyDocument": allowing("logs:*", *actions)}],
    }
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def allowing(*actions: str) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": [*actions], "Resource": "*"}]}


def policy(role_name: object, action: str) -> dict[str, Any]:
    document = allowing(action)
    properties = {"PolicyName": "a", "PolicyDocument": document, "Roles": [role_name]}
    return {"Type": "AWS::IAM::Policy", "Properties": properties}


def output(value: object, **more: Any) -> Template:
    return {"Outputs": {"It": {"Value": value, **more}}}


def found(parent: Template, *children: Template) -> set[str]:
    names = {f"Child{index}": f"child-{index}" for index, _ in enumerate(children)}
    inputs = [TemplateInput(template=parent, name="parent", nested=names)]
    inputs += [
        TemplateInput(template=each, name=name)
        for each, name in zip(children, names.values(), strict=True)
    ]
    return {each.rule_id for report in review_app(inputs) for each in report.findings}


IT: Final = {"Fn::GetAtt": ["Child0", "Outputs.It"]}
IN_TEXT: Final = {"Fn::Sub": "${Child0.Outputs.It}"}
AS_TEXT: Final = {"Fn::GetAtt": "Child0.Outputs.It"}
LAMBDA: Final = "lambda.amazonaws.com"
SAGEMAKER: Final = "sagemaker.amazonaws.com"


def test_references_to_the_outputs_of_a_nested_stack() -> None:
    on_arm, no_pull = {"x86-image-on-arm64"}, {"image-role-permissions-missing"}
    of_model = {"Resources": {"Model": model()}, **output(MODEL_NAME)}
    of_role = {"Resources": {"Role": role(LAMBDA)}, **output(ROLE_ARN)}
    with_role = {
        "Resources": {"Role": role(SAGEMAKER), "Model": model(OWN, ROLE_ARN)},
        **output({"Ref": "Role"}),
    }
    passed = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"Config": config({"Ref": "Name"})},
    }
    cases: list[tuple[dict[str, Any], list[Template], set[str]]] = [
        ({"Config": config(IT)}, [of_model], on_arm),
        ({"Config": config(IN_TEXT)}, [of_model], on_arm),
        ({"Config": config(AS_TEXT)}, [of_model], on_arm),
        ({"Model": model(IT), "Config": config()}, [output(XGBOOST)], on_arm),
        ({"Child1": nested(Name=IT)}, [of_model, passed], on_arm),
        ({"Model": model(OWN, IT)}, [of_role], {"role-not-assumable"}),
        ({"Policy": policy(IT, "sns:*")}, [with_role], no_pull),
        ({"Policy": policy(IT, "ecr:*")}, [with_role], set()),
        ({"Policy": policy(IN_TEXT, "ecr:*")}, [with_role], set()),
    ]
    for resources, children, expected in cases:
        parent = {"Resources": {"Child0": nested(), **resources}}
        assert found(parent, *children) == expected, resources


def test_outputs_that_are_not_known() -> None:
    resources = {"Role": role(LAMBDA)}
    conditional = {
        "Conditions": {"A": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
        "Resources": resources,
        **output(ROLE_ARN, Condition="A"),
    }
    parent = {"Resources": {"Child0": nested(), "Model": model(OWN, IT)}}
    for child in (
        conditional,
        {"Resources": resources},
        {"Resources": resources, "Outputs": {"It": {}}},
        {"Resources": resources, "Outputs": {"It": ROLE_ARN["Fn::GetAtt"]}},
    ):
        assert found(parent, child) == set(), child
    # A template that two nested stacks use has two roles.
    twice = deepcopy(parent)
    twice["Resources"]["Child1"] = nested()
    shared = TemplateInput(
        template=twice, name="parent", nested={"Child0": "child", "Child1": "child"}
    )
    child = TemplateInput(template={"Resources": resources, **output(ROLE_ARN)}, name="child")
    assert [list(each.findings) for each in review_app([shared, child])] == [[], []]
