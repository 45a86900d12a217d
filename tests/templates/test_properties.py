"""Generated templates: functions at every path, and JSON of any kind."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from kit.requests import load
from kit.strategies import json_values, requests
from kit.templates import NO_VALUE, errors_in, template_of

from cdk_epc.rules.registry import PACKED
from cdk_epc.templates import check_template
from cdk_epc.templates.context.subjects import ALL_SPECS

FEW = settings(derandomize=True, deadline=None, max_examples=150)
ACCEPTED: list[dict[str, Any]] = [each["request"] for each in load("accepted_requests.json")]
UNKNOWN = (
    {"Fn::GetAtt": ["Config", "EndpointConfigArn"]},
    {"Fn::GetAtt": "Config.EndpointConfigArn"},
    {"Ref": "Open"},
    {"Ref": "AWS::StackId"},
    {"Fn::ImportValue": "other"},
    {"Fn::Sub": "a-${AWS::StackName}"},
    {"Fn::Transform": {"Name": "Mine", "Parameters": {}}},
    {"Fn::Nonsense": 1},
    {"Fn::FindInMap": [{"Ref": "AWS::StackName"}, "a", "b"]},
    {"Fn::Select": [9, ["a"]]},
    "{{resolve:ssm:/a/b}}",
)
CONDITIONS: dict[str, Any] = {
    "Free": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "prod"]},
    "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
    "Dev": {"Fn::Not": [{"Condition": "Prod"}]},
    "Never": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Dev"}]},
    "Always": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "Dev"}]},
}
PARAMETERS: dict[str, Any] = {
    "Env": {"Type": "String", "Default": "dev"},
    "Open": {"Type": "String"},
}
# Value of the branches that are never deployed.
NONSENSE = {"Nonsense": [None, -1]}


@st.composite
def as_functions(
    draw: DrawFn, value: Any, parameters: dict[str, Any], table: dict[str, Any]
) -> Any:
    """Return a value as functions that evaluate to it, or that are unresolved."""
    if isinstance(value, dict):
        value = {key: draw(as_functions(inner, parameters, table)) for key, inner in value.items()}
    elif isinstance(value, list):
        value = [draw(as_functions(inner, parameters, table)) for inner in value]
        if value and draw(st.booleans()):
            value.insert(draw(st.integers(0, len(value))), NO_VALUE)
    return draw(st.sampled_from([*_forms(value, draw, parameters, table), value, value, value]))


def _forms(
    value: Any, draw: DrawFn, parameters: dict[str, Any], table: dict[str, Any]
) -> list[Any]:
    forms: list[Any] = [
        {"Fn::If": ["Always", value, NONSENSE]},
        {"Fn::If": ["Never", NONSENSE, value]},
        {"Fn::If": [NONSENSE, NONSENSE, NONSENSE]},
        {"Fn::If": ["Prod", {"Fn::If": ["Dev", NONSENSE, value]}, draw(st.sampled_from(UNKNOWN))]},
        draw(st.sampled_from(UNKNOWN)),
    ]
    if not isinstance(value, dict | list):
        key = f"K{len(table)}"
        table[key] = {"Value": value}
        parameters[key] = {"Type": "String", "Default": value}
        forms += [
            {"Fn::FindInMap": ["Values", key, "Value"]},
            {"Ref": key},
            {"Fn::If": ["Free", value, value]},
            {"Fn::Select": [0, [value, NONSENSE]]},
        ]
    return forms


@st.composite
def templates(draw: DrawFn, request: SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    parameters, table = copy.deepcopy(PARAMETERS), dict[str, Any]()
    given_ = draw(request)
    properties = {
        key: draw(as_functions(value, parameters, table)) for key, value in given_.items()
    }
    return template_of(
        properties, Parameters=parameters, Conditions=CONDITIONS, Mappings={"Values": table}
    )


def is_clean(request: dict[str, Any]) -> bool:
    return errors_in(template_of(request)) == []


@FEW
@given(template=templates(requests().filter(is_clean)))
def test_no_false_error_in_generated_requests(template: dict[str, Any]) -> None:
    assert errors_in(template) == []


@FEW
@given(template=templates(st.sampled_from(ACCEPTED)))
def test_no_false_error_in_accepted_requests(template: dict[str, Any]) -> None:
    assert errors_in(template) == []


FUNCTIONS = (
    "Ref",
    "Fn::If",
    "Fn::Sub",
    "Fn::Join",
    "Fn::Select",
    "Fn::Split",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::ImportValue",
    "Fn::Base64",
    "Fn::Length",
    "Fn::And",
    "Fn::Or",
    "Fn::Not",
    "Fn::Equals",
    "Fn::Contains",
    "Condition",
)
NAMES = (
    *CONDITIONS,
    *PARAMETERS,
    "Values",
    "Config",
    "AWS::Region",
    "AWS::NoValue",
    "${Env}-${x.y}",
)


def hostile() -> SearchStrategy[Any]:
    """Return JSON with functions everywhere, most of them malformed."""
    plain = st.one_of(st.none(), st.booleans(), st.sampled_from(NAMES), st.integers(-1, 3))
    functions = st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(st.sampled_from(FUNCTIONS), inner, max_size=2),
            st.dictionaries(st.sampled_from((*NAMES, "Fn::ForEach::X")), inner, max_size=3),
        ),
        max_leaves=12,
    )
    return st.one_of(functions, json_values())


SECTIONS = ("Parameters", "Conditions", "Mappings", "Rules", "Outputs", "Transform", "Metadata")


@settings(FEW, max_examples=400)
@given(
    sections=st.dictionaries(st.sampled_from(SECTIONS), hostile()),
    attributes=st.dictionaries(
        st.sampled_from(["Condition", "DependsOn", "Metadata", "Properties"]), hostile()
    ),
    type_=st.sampled_from(sorted(ALL_SPECS)),
    others=hostile(),
)
def test_no_exception(
    sections: dict[str, Any], attributes: dict[str, Any], type_: str, others: Any
) -> None:
    resources = {
        "Config": {"Type": type_, **attributes},
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointConfigName": others},
        },
        "Policy": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": others}},
        "Target": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Properties": {"ServiceNamespace": "sagemaker", "ResourceId": others},
        },
        "Steps": {
            "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
            "Properties": {"ServiceNamespace": "sagemaker", "ScalingTargetId": others},
        },
        "Component": {
            "Type": "AWS::SageMaker::InferenceComponent",
            "Properties": {"EndpointName": others, "Specification": others},
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "Namespace": "AWS/SageMaker",
                "MetricName": "ModelLatency",
                "Dimensions": [{"Name": "EndpointName", "Value": others}],
                "Threshold": others,
                "Metrics": others,
            },
        },
        "Other": others,
    }
    for template in ({**sections, "Resources": resources}, {**sections, "Resources": others}):
        assert isinstance(check_template(template, rules=PACKED), list)


@settings(FEW, max_examples=200)
@given(request=requests(), value=hostile(), data=st.data())
def test_no_exception_in_any_member(
    request: dict[str, Any], value: Any, data: st.DataObject
) -> None:
    owner: Any = request
    step: Any = data.draw(st.sampled_from(sorted(request)))
    while isinstance(owner[step], dict | list) and owner[step] and data.draw(st.booleans()):
        owner = owner[step]
        steps = sorted(owner) if isinstance(owner, dict) else range(len(owner))
        step = data.draw(st.sampled_from(steps))
    owner[step] = value
    template = template_of(request, Parameters=PARAMETERS, Conditions=CONDITIONS)
    assert isinstance(check_template(template), list)
