"""Scalable targets on the variants of a configuration."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import CONFIG, config_context, config_of, contexts, get, resource, subjects

from cdk_epc.spec import Path
from cdk_epc.spec.context import (
    ConfigContext,
    EndpointContext,
    ReferencedTarget,
    ScalableTargetContext,
)
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
NAMED = {"Fn::Sub": "${Unknown}-prd"}
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
        "unknown variant, which can only be the single one",
        {"T": target_of({"Fn::Sub": "endpoint/${E.EndpointName}/variant/${x}"})},
        True,
    ),
    (
        "name of other parts that are equal together",
        {
            "T": target_of({"Fn::Join": ["/", ["endpoint", NAMED, "variant", "main"]]}),
            "E": {
                "Type": ENDPOINT_TYPE,
                "Properties": {
                    **WITH_ENDPOINT["E"]["Properties"],
                    "EndpointName": {"Fn::Join": ["-", [{"Ref": "Unknown"}, "prd"]]},
                },
            },
        },
        True,
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


def target_context(resources: dict[str, Any], resource_id: str) -> ScalableTargetContext:
    """Return the context of a target with this resource id."""
    target = target_of({"Fn::Sub": resource_id}, ServiceNamespace="sagemaker")
    (subject,) = subjects(ScalableTargetContext, {**resources, "T": target})
    assert isinstance(subject, ScalableTargetContext)
    return subject


@pytest.mark.parametrize(
    ("resource_id", "config_name", "endpoint_name", "is_config"),
    [
        ("endpoint/${N}-config/variant/main", "${N}-config", "${N}-endpoint", True),
        ("endpoint/${N}-config/variant/main", "${N}-config", "${N}", True),
        ("endpoint/${N}-config/variant/main", "${N}-config", None, True),
        ("endpoint/fraud-config/variant/main", "fraud-config", "fraud", True),
        ("endpoint/${C}/variant/main", None, "fraud", True),
        ("endpoint/${N}/variant/main", "${N}", "${N}", False),
        ("endpoint/${N}-config/variant/main", "${N}-config", "${Other}-endpoint", False),
        ("endpoint/${N}-other/variant/main", "${N}-config", "${N}-endpoint", False),
        ("endpoint/${N}-x/variant/main", "${N}-x", "x-${N}", False),
    ],
)
def test_targets_on_the_name_of_a_configuration(
    resource_id: str, config_name: str | None, endpoint_name: str | None, *, is_config: bool
) -> None:
    config = {} if config_name is None else {"EndpointConfigName": {"Fn::Sub": config_name}}
    endpoint = {} if endpoint_name is None else {"EndpointName": {"Fn::Sub": endpoint_name}}
    resources = {
        "C": config_of(**config),
        "E": resource(ENDPOINT_TYPE, EndpointConfigName={"Ref": "C"}, **endpoint),
    }
    assert target_context(resources, resource_id).resource_id_has_config is is_config


def test_variants_of_an_equal_expression() -> None:
    def path(name: Any, *more: Any) -> Any:
        named = {"VariantName": {"Fn::Sub": name}, "InstanceType": "ml.m5.large"}
        variants = [named, *({**named, "VariantName": each} for each in more)]
        config = resource(CONFIG, ProductionVariants=variants)
        resource_id = "endpoint/${E.EndpointName}/variant/v-${Unknown}"
        return target_context({"C": config, **WITH_ENDPOINT}, resource_id).variant

    first = ("production_variants", 0)
    assert path("v-${Unknown}") == path("other") == first
    assert path("v-${Unknown}", "other") == first
    assert path("v-${Another}", "other") is None
