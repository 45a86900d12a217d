"""Contexts of endpoints: their configuration, and the names of other endpoints."""

from __future__ import annotations

from typing import Any

from kit.templates import config_of, contexts, resource

from cdk_epc.spec.context import ConfigContext, EndpointContext
from cdk_epc.templates import TemplateInput

CONTEXTS = (ConfigContext, EndpointContext)
MODEL_TYPE, ENDPOINT_TYPE = "AWS::SageMaker::Model", "AWS::SageMaker::Endpoint"
ENV = {"Env": {"Type": "String", "Default": "dev"}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
SUB = {"Fn::Sub": "${AWS::StackName}-m"}


def template_of(resources: dict[str, Any], name: str = "a", **more: Any) -> TemplateInput:
    template = {"Parameters": ENV, "Conditions": CONDITIONS, "Resources": resources}
    return TemplateInput(template=template, name=name, **more)


def test_configuration_with_an_equal_expression() -> None:
    resources = {
        "C": config_of(EndpointConfigName=SUB),
        "D": config_of(EndpointConfigName={"Fn::Sub": "${AWS::StackName}-n"}),
        "E": resource(ENDPOINT_TYPE, EndpointConfigName=SUB),
    }
    config, other, endpoint = contexts(CONTEXTS, TemplateInput(template={"Resources": resources}))
    assert endpoint.config is not None
    # A custom rule gets copies, and unresolved values are equal to themselves only.
    assert repr(endpoint.config.config) == repr(config.config)
    assert other != config


def test_other_names_in_other_environments() -> None:
    def named(name: Any, **more: Any) -> dict[str, Any]:
        return {**resource(ENDPOINT_TYPE, EndpointName=name, EndpointConfigName="c"), **more}

    one = template_of({"E": named("Name")}, "one", region="a", account="1")
    two = template_of({"E": named("name")}, "two", region="b", account="1")
    three = template_of(
        {"E": named("NAME", Condition="IsProd"), "F": named({"Ref": "Env"})},
        "three",
        region="a",
        account="1",
    )
    found = contexts(CONTEXTS, one, two, three)
    others: dict[Any, set[frozenset[str]]] = {}
    for each in found:
        others.setdefault(each.endpoint.endpoint_name, set()).add(each.other_endpoint_names)
    nothing = frozenset[str]()
    assert others == {
        "Name": {nothing, frozenset({"NAME"})},  # "NAME" is deployed in one scenario only
        "name": {nothing},
        "NAME": {frozenset({"Name"})},
        "dev": {nothing},
        "prod": {nothing},
    } | {name: {nothing} for name in others if not isinstance(name, str)}


def test_endpoint_contexts() -> None:
    resources = {
        "E": resource(ENDPOINT_TYPE, EndpointName="Name", EndpointConfigName={"Ref": "C"}),
        "F": resource(ENDPOINT_TYPE, EndpointName="name", EndpointConfigName="unknown"),
        "G": resource(ENDPOINT_TYPE, EndpointName="other", EndpointConfigName="unknown"),
        "C": config_of({"Ref": "M"}),
        "M": resource(MODEL_TYPE),
    }
    config, first, second, third = contexts(
        CONTEXTS, TemplateInput(template={"Resources": resources})
    )
    assert repr(first.config) == repr(config)
    ((path, model),) = first.config.models.items()
    assert path == ("production_variants", 0, "model_name")
    assert (model.logical_id, model.is_dependency) == ("M", True)
    assert second.config is None
    assert [each.other_endpoint_names for each in (first, second, third)] == [
        {"name"},
        {"Name"},
        set(),
    ]
