"""Scalable targets on the variants of a configuration."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import config_context, config_of, contexts, get, resource

from cdk_epc.spec import Path
from cdk_epc.spec.context import ConfigContext, EndpointContext, ReferencedTarget
from cdk_epc.templates import TemplateInput

CONTEXTS = (ConfigContext, EndpointContext)
ENDPOINT_TYPE = "AWS::SageMaker::Endpoint"
TARGET_TYPE = "AWS::ApplicationAutoScaling::ScalableTarget"
STACK = "AWS::CloudFormation::Stack"
VARIANT: Path = ("production_variants", 0)
ENV = {"Env": {"Type": "String", "Default": "dev"}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
SUB = {"Fn::Sub": "${AWS::StackName}-m"}


def target_of(resource_id: Any, **more: Any) -> dict[str, Any]:
    return resource(TARGET_TYPE, ResourceId=resource_id, **more)


WITH_ENDPOINT = {"E": resource(ENDPOINT_TYPE, EndpointConfigName=get("C", "EndpointConfigName"))}
SCALED: list[tuple[str, dict[str, Any], bool]] = [
    ("sub", {"T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"})}, True),
    (
        "join",
        {
            "T": target_of(
                {"Fn::Join": ["/", ["endpoint", get("E", "EndpointName"), "variant", "main"]]}
            )
        },
        True,
    ),
    (
        "name",
        {
            "T": target_of("endpoint/e/variant/main"),
            "E": resource(ENDPOINT_TYPE, EndpointName="e", EndpointConfigName={"Ref": "C"}),
        },
        True,
    ),
    (
        "names",
        {
            "C": config_of(EndpointConfigName="c"),
            "T": target_of("endpoint/e/variant/main"),
            "E": resource(ENDPOINT_TYPE, EndpointName="e", EndpointConfigName="c"),
        },
        True,
    ),
    (
        "name, and a target by reference",
        {
            "T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "U": target_of("endpoint/e/variant/other"),
            "E": resource(ENDPOINT_TYPE, EndpointName="e", EndpointConfigName={"Ref": "C"}),
        },
        True,
    ),
    (
        "equal expressions",
        {
            "C": config_of(EndpointConfigName=SUB),
            "T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "E": resource(ENDPOINT_TYPE, EndpointConfigName=SUB),
        },
        True,
    ),
    (
        "equal expressions in a longer text",
        {
            "T": target_of({"Fn::Sub": "endpoint/${Env}-${AWS::StackName}/variant/main"}),
            "E": resource(
                ENDPOINT_TYPE,
                EndpointName={"Fn::Sub": "${Env}-${AWS::StackName}"},
                EndpointConfigName={"Ref": "C"},
            ),
        },
        True,
    ),
    (
        "equal expressions of the name",
        {
            "T": target_of({"Fn::Sub": "endpoint/${AWS::StackName}/variant/main"}),
            "E": resource(
                ENDPOINT_TYPE,
                EndpointName={"Ref": "AWS::StackName"},
                EndpointConfigName={"Ref": "C"},
            ),
        },
        True,
    ),
    (
        "unknown other properties",
        {
            "T": target_of(
                {"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}, **{"Fn::Transform": {}}
            )
        },
        True,
    ),
    (
        "unknown dimension and minimum",
        {
            "T": target_of(
                {"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"},
                ScalableDimension={"Ref": "Nothing"},
                MinCapacity={"Ref": "Nothing"},
            )
        },
        True,
    ),
    (
        "another type of resource",
        {"T": target_of({"Fn::Sub": "service/${E.EndpointName}/main"})},
        False,
    ),
    (
        "a name with another beginning",
        {"T": target_of({"Fn::Sub": "endpoint/x${E.EndpointName}/variant/main"})},
        False,
    ),
    ("in a list", {"T": target_of([{"Ref": "E"}])}, False),
    (
        "reference to a configuration with a name",
        {
            "C": config_of(EndpointConfigName="c"),
            "T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
        },
        True,
    ),
    (
        "unknown endpoint",
        {
            "T": target_of(
                {
                    "Fn::Sub": [
                        "endpoint/${X}/variant/main",
                        {"X": {"Fn::If": ["Missing", {"Ref": "E"}, {"Ref": "E"}]}},
                    ]
                }
            ),
            "E": resource(ENDPOINT_TYPE, EndpointName="e", EndpointConfigName={"Ref": "C"}),
        },
        False,
    ),
    ("two functions", {"T": target_of({"Ref": "E", "Fn::Sub": "${E}"})}, False),
    (
        "another of two endpoints",
        {
            "T": target_of(
                {
                    "Fn::Sub": [
                        "endpoint/${X}/variant/main",
                        {"X": {"Fn::If": ["IsProd", get("E", "Name"), get("F", "Name")]}},
                    ]
                }
            ),
            "D": config_of(),
            "F": resource(ENDPOINT_TYPE, EndpointConfigName={"Ref": "D"}),
        },
        False,
    ),
    (
        "another variant",
        {"T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/b"})},
        False,
    ),
    ("another endpoint", {"T": target_of("endpoint/other/variant/main")}, False),
    ("another resource", {"T": target_of("service/a/b")}, False),
    (
        "unknown variant",
        {"T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/${x}"})},
        False,
    ),
    ("malformed", {"T": target_of({"Fn::Sub": ["a"]})}, False),
    (
        "not deployed",
        {
            "T": {
                **target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
                "Condition": "IsProd",
            }
        },
        False,
    ),
    (
        "endpoint not deployed",
        {
            "T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "E": {**WITH_ENDPOINT["E"], "Condition": "IsProd"},
        },
        False,
    ),
    (
        "endpoint of another configuration",
        {
            "T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "D": config_of(),
            "E": resource(
                ENDPOINT_TYPE,
                EndpointConfigName={
                    "Fn::If": [
                        "IsProd",
                        get("C", "EndpointConfigName"),
                        get("D", "EndpointConfigName"),
                    ]
                },
            ),
        },
        False,
    ),
]


@pytest.mark.parametrize(
    ("resources", "is_scaled"), [row[1:] for row in SCALED], ids=[row[0] for row in SCALED]
)
def test_scalable_targets(resources: dict[str, Any], *, is_scaled: bool) -> None:
    subject = config_context(
        {"C": config_of(), **WITH_ENDPOINT, **resources}, Parameters=ENV, Conditions=CONDITIONS
    )
    found = {VARIANT: ReferencedTarget(logical_id="T")} if is_scaled else {}
    assert subject.scalable_targets == found


def test_members_of_a_target() -> None:
    where = {"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}
    more = {"ScalableDimension": "sagemaker:variant:DesiredInstanceCount", "MinCapacity": "0"}
    subject = config_context({"C": config_of(), **WITH_ENDPOINT, "T": target_of(where, **more)})
    assert subject.scalable_targets == {
        VARIANT: ReferencedTarget(
            logical_id="T", dimension=more["ScalableDimension"], min_capacity=0
        )
    }


CONFIG_NAMES = [{"Fn::ImportValue": "shared"}, {"Ref": "P"}]


@pytest.mark.parametrize("config_name", CONFIG_NAMES, ids=str)
def test_targets_in_another_template(config_name: Any) -> None:
    """The configuration is imported, or a parameter of the nested stack."""
    stack = resource(STACK, Parameters={"P": {"Ref": "C"}})
    outputs = {"O": {"Value": {"Ref": "C"}, "Export": {"Name": "shared"}}}
    outer = {"Resources": {"C": config_of(), "Nested": stack}, "Outputs": outputs}
    inner = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {
            "E": resource(ENDPOINT_TYPE, EndpointConfigName=config_name),
            "T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
        },
    }
    config, endpoint = contexts(
        CONTEXTS,
        TemplateInput(template=outer, name="outer", nested={"Nested": "inner"}),
        TemplateInput(template=inner, name="inner"),
    )
    assert config.scalable_targets == {VARIANT: ReferencedTarget(logical_id="T")}
    assert endpoint.config == config


def test_targets_on_an_endpoint_of_another_template() -> None:
    inner = {
        "E": resource(ENDPOINT_TYPE, EndpointConfigName="c"),
        "T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
    }
    subject = contexts(
        CONTEXTS,
        TemplateInput(template={"Resources": {"C": config_of(EndpointConfigName="c")}}, name="one"),
        TemplateInput(template={"Resources": inner}, name="two"),
    )[0]
    assert subject.scalable_targets == {VARIANT: ReferencedTarget(logical_id="T")}


def test_circular_exports() -> None:
    circle = {
        at: {"Value": {"Fn::ImportValue": other}, "Export": {"Name": at}}
        for at, other in (("a", "b"), ("b", "a"))
    }
    endpoint = resource(ENDPOINT_TYPE, EndpointConfigName={"Fn::ImportValue": "a"})
    subject = contexts(
        CONTEXTS,
        TemplateInput(template={"Resources": {"C": config_of(), "E": endpoint}}, name="one"),
        TemplateInput(template={"Outputs": circle}, name="other"),
    )[0]
    assert subject.scalable_targets == {}
