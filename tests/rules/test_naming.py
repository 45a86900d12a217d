"""Rules on names: references that return an ARN, in every place that takes a name."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cdk_epc.rules import Finding, check
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InstancePool, Path, ProductionVariant
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import Reference, Unresolved

CONFIG = "AWS::SageMaker::EndpointConfig"
MODEL = "AWS::SageMaker::Model"
MODEL_NAMES = [
    "ProductionVariants[0].ModelName",
    "ProductionVariants[0].InstancePools[0].ModelNameOverride",
    "ShadowProductionVariants[0].ModelName",
]


def model_findings(name: Any) -> list[Finding]:
    pool = InstancePool(instance_type="ml.m5.large", model_name_override=name, priority=1)
    variant = ProductionVariant(
        variant_name="blue", model_name=name, instance_pools=(pool,), initial_instance_count=1
    )
    shadow = attrs.evolve(variant, variant_name="green", instance_pools=name)
    subject = EndpointConfigSpec(
        production_variants=(variant,), shadow_production_variants=(shadow,)
    )
    return [each for each in check(subject) if each.rule_id == "model-name-is-arn"]


@pytest.mark.parametrize("attribute", [None, "ModelArn"])
def test_the_arn_of_a_model_is_not_its_name(attribute: str | None) -> None:
    found = model_findings(Unresolved({}, Reference(MODEL, "It", attribute)))
    assert [each.path for each in found] == MODEL_NAMES
    assert {str(each.got) for each in found} == {"the ARN of It"}
    assert all('{"Fn::GetAtt": ["It", "ModelName"]}' in each.fix for each in found)


@pytest.mark.parametrize("attribute", [None, "EndpointConfigArn"])
def test_the_arn_of_a_configuration_is_not_its_name(attribute: str | None) -> None:
    name: Any = Unresolved({}, Reference(CONFIG, "It", attribute))
    (finding,) = check(EndpointSpec(endpoint_config_name=name))
    assert finding.rule_id == "endpoint-config-name-is-arn"
    assert (finding.path, str(finding.got)) == ("EndpointConfigName", "the ARN of It")
    assert '{"Fn::GetAtt": ["It", "EndpointConfigName"]}' in finding.fix


@pytest.mark.parametrize(
    "reference",
    [
        Reference(CONFIG, "It", "EndpointConfigName"),
        Reference(MODEL, "It", "ModelName"),
        Reference("Custom::Config", "It", None),
        None,
    ],
)
def test_other_references_may_be_names(reference: Reference | None) -> None:
    name: Any = Unresolved({"Fn::ImportValue": "name"}, reference)
    assert model_findings(name) == []
    assert check(EndpointSpec(endpoint_config_name=name)) == []


@pytest.mark.parametrize("attribute", [None, "EndpointConfigArn"])
def test_the_arn_of_another_resource_is_left_to_its_rule(attribute: str | None) -> None:
    config: Any = Unresolved({}, Reference(CONFIG, "It", attribute))
    model: Any = Unresolved({}, Reference(MODEL, "It", None))
    assert model_findings(config) == []
    assert check(EndpointSpec(endpoint_config_name=model)) == []


def test_a_parameter_in_a_hashed_name() -> None:
    path: Path = ("production_variants", 0, "model_name")
    subject = ConfigContext(config=EndpointConfigSpec(), hashed_parameters=lambda: {path: "Model"})
    (finding,) = (each for each in check(subject) if each.rule_id == "name-hash-with-parameter")
    assert finding.path == "ProductionVariants[0].ModelName"
    assert finding.message == (
        "the parameter Model is part of a hashed name; with a new value the replacement has the "
        "name of the old configuration"
    )
    alone = check(ConfigContext(config=EndpointConfigSpec()))
    assert [each for each in alone if each.rule_id == "name-hash-with-parameter"] == []


def test_names_of_facts_about_the_stack_are_fixed() -> None:
    stack = {"Ref": "AWS::StackName"}
    variant = ProductionVariant(
        variant_name="main",
        model_name="fraud-7",
        instance_type="ml.m5.large",
        initial_instance_count=1,
    )
    for expression, name in (
        (stack, "${AWS::StackName}"),
        ({"Fn::Sub": "${AWS::StackName}-config"}, "${AWS::StackName}-config"),
        ({"Fn::Join": ["-", [stack, "config"]]}, "${AWS::StackName}-config"),
        ({"Ref": "Name"}, None),
        ({"Fn::Sub": "config"}, None),
        ({"Fn::Join": ["-", [stack, {"Ref": "Name"}]]}, None),
        ({"Fn::Join": ["-", {"Ref": "Names"}]}, None),
        ({"Fn::Join": [stack, ["a", "b"]]}, None),
        ({"Fn::Join": ["-"]}, None),
    ):
        value: Any = Unresolved(expression)
        subject = EndpointConfigSpec(endpoint_config_name=value, production_variants=(variant,))
        texts = [str(each.got) for each in check(subject) if each.rule_id == "name-fixed"]
        assert texts == ([] if name is None else [name]), expression
