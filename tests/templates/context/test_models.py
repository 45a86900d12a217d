"""Models of configurations, and the variants that use a model."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from kit.templates import (
    BASE,
    CONFIG,
    MODEL,
    Json,
    config,
    config_context,
    config_of,
    contexts,
    get,
    resource,
    subjects,
)

from cdk_epc.spec import Path
from cdk_epc.spec.context import ConfigContext, ModelContext
from cdk_epc.templates import TemplateInput

MODEL_TYPE, ROLE_TYPE = "AWS::SageMaker::Model", "AWS::IAM::Role"
VARIANT: Path = ("production_variants", 0)
MODEL_NAME: Path = (*VARIANT, "model_name")


def named_models(subject: ConfigContext) -> dict[Path, tuple[str, bool]]:
    return {path: (m.logical_id, m.is_dependency) for path, m in subject.models.items()}


ENV = {"Env": {"Type": "String", "Default": "dev"}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
SUB = {"Fn::Sub": "${AWS::StackName}-m"}
MODELS: list[tuple[str, dict[str, Any], dict[Path, tuple[str, bool]]]] = [
    (
        "attribute",
        {"M": resource(MODEL_TYPE), "C": config_of(get("M", "ModelName"))},
        {MODEL_NAME: ("M", True)},
    ),
    ("ref", {"M": resource(MODEL_TYPE), "C": config_of({"Ref": "M"})}, {MODEL_NAME: ("M", True)}),
    (
        "equal names",
        {"M": resource(MODEL_TYPE, ModelName="m"), "C": config_of("m")},
        {MODEL_NAME: ("M", False)},
    ),
    (
        "equal names, DependsOn",
        {"M": resource(MODEL_TYPE, ModelName="m"), "C": {**config_of("m"), "DependsOn": "M"}},
        {MODEL_NAME: ("M", True)},
    ),
    (
        "equal names, indirect DependsOn",
        {
            "M": resource(MODEL_TYPE, ModelName="m"),
            "N": {"Type": "AWS::SNS::Topic", "DependsOn": ["M"]},
            "C": {**config_of("m"), "DependsOn": ["N"]},
        },
        {MODEL_NAME: ("M", True)},
    ),
    (
        "equal names, another reference",
        {
            "M": resource(MODEL_TYPE, ModelName="m"),
            "C": config_of("m", Tags=[{"Key": "a", "Value": {"Fn::Sub": "${M.ModelName}"}}]),
        },
        {MODEL_NAME: ("M", True)},
    ),
    (
        "equal expressions",
        {"M": resource(MODEL_TYPE, ModelName=SUB), "C": config_of(SUB)},
        {MODEL_NAME: ("M", False)},
    ),
    (
        "equal expressions with a known value",
        {"M": resource(MODEL_TYPE, ModelName={"Ref": "Env"}), "C": config_of({"Ref": "Env"})},
        {MODEL_NAME: ("M", False)},
    ),
    ("another name", {"M": resource(MODEL_TYPE, ModelName="m"), "C": config_of("n")}, {}),
    ("another type", {"M": resource(ROLE_TYPE), "C": config_of({"Ref": "M"})}, {}),
    (
        "two of a name",
        {
            "M": resource(MODEL_TYPE, ModelName="m"),
            "N": resource(MODEL_TYPE, ModelName="m"),
            "C": config_of("m"),
        },
        {},
    ),
    (
        "two of a name, one deployed",
        {
            "M": {**resource(MODEL_TYPE, ModelName="m"), "Condition": "IsProd"},
            "N": resource(MODEL_TYPE, ModelName="m"),
            "C": config_of("m"),
        },
        {MODEL_NAME: ("N", False)},
    ),
    (
        "not deployed",
        {"M": {**resource(MODEL_TYPE), "Condition": "IsProd"}, "C": config_of({"Ref": "M"})},
        {},
    ),
    (
        "unknown properties",
        {"M": {"Type": MODEL_TYPE, "Properties": {"Ref": "x"}}, "C": config_of({"Ref": "M"})},
        {},
    ),
]


@pytest.mark.parametrize(
    ("resources", "models"), [row[1:] for row in MODELS], ids=[row[0] for row in MODELS]
)
def test_models(resources: dict[str, Any], models: dict[Path, tuple[str, bool]]) -> None:
    subject = config_context(resources, Parameters=ENV, Conditions=CONDITIONS)
    assert named_models(subject) == models


def test_model_of_a_pool() -> None:
    pools = [{"InstanceType": "ml.m5.large", "Priority": 1, "ModelNameOverride": {"Ref": "M"}}]
    variant = {"VariantName": "main", "ModelName": "n", "InstancePools": pools}
    resources = {"M": resource(MODEL_TYPE), "C": resource(CONFIG, ProductionVariants=[variant])}
    assert named_models(config_context(resources)) == {
        (*VARIANT, "instance_pools", 0, "model_name_override"): ("M", True)
    }


def test_pools_without_a_model() -> None:
    pools = ["text", {"InstanceType": "ml.m5.large", "Priority": 1}]
    variant = {"VariantName": "main", "InstancePools": pools}
    resources = {"C": resource(CONFIG, ProductionVariants=[variant])}
    assert config_context(resources).models == {}


def test_models_of_other_templates_are_created_first() -> None:
    subject = contexts(
        (ConfigContext,),
        TemplateInput(template={"Resources": {"C": config_of("m")}}, name="one"),
        TemplateInput(
            template={"Resources": {"M": resource(MODEL_TYPE, ModelName="m")}}, name="two"
        ),
    )[0]
    assert named_models(subject) == {MODEL_NAME: ("M", True)}


def model_context(resources: Json) -> ModelContext:
    (subject,) = subjects(ModelContext, resources)
    assert isinstance(subject, ModelContext)
    return subject


def test_variants_that_use_a_model() -> None:
    assert [each.variant_name for each in model_context(BASE).variants] == ["main"]
    assert tuple(model_context({"Model": MODEL}).variants) == ()
    named = {**MODEL, "Properties": {**MODEL["Properties"], "ModelName": "fraud"}}
    by_name = copy.deepcopy(config())
    by_name["Properties"]["ProductionVariants"][0]["ModelName"] = "fraud"
    assert len(model_context({"Model": named, "Config": by_name}).variants) == 1
    shadow = config(ShadowProductionVariants=config()["Properties"]["ProductionVariants"])
    assert len(model_context({"Model": MODEL, "Config": shadow}).variants) == 2
