"""Serverless quotas: the usage of earlier configurations."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import CONFIG, config_of, contexts, resource

from cdk_epc.spec.context import ConfigContext, EndpointContext
from cdk_epc.templates import TemplateInput

ENDPOINT_TYPE = "AWS::SageMaker::Endpoint"
ENV = {"Env": {"Type": "String", "Default": "dev"}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}


def serverless(concurrency: Any) -> dict[str, Any]:
    settings = {"MemorySizeInMB": 1024, "MaxConcurrency": concurrency}
    variant = {"VariantName": "main", "ModelName": "m", "ServerlessConfig": settings}
    return resource(CONFIG, ProductionVariants=[variant])


def template_of(resources: dict[str, Any], name: str = "a", **more: Any) -> TemplateInput:
    template = {"Parameters": ENV, "Conditions": CONDITIONS, "Resources": resources}
    return TemplateInput(template=template, name=name, **more)


def usage_before(*templates: TemplateInput) -> list[tuple[int, int]]:
    return [
        (each.earlier_serverless_variants, each.earlier_concurrency)
        for each in contexts((ConfigContext,), *templates)
    ]


def test_usage_in_the_order_of_configurations() -> None:
    resources = {
        "E": resource(ENDPOINT_TYPE, EndpointConfigName={"Ref": "B"}),
        "A": serverless(3),
        "B": serverless({"Fn::If": ["IsProd", 4, 5]}),
        "C": {**serverless(100), "Condition": "IsProd"},
        "D": serverless({"Ref": "Nothing"}),
        "F": config_of("m"),
        "G": serverless(1),
    }
    before_each = usage_before(
        template_of({key: each for key, each in resources.items() if key != "E"})
    )
    assert list(dict.fromkeys(before_each)) == [(0, 0), (1, 3), (2, 7), (3, 7)]
    of_endpoint = {
        each.config.earlier_serverless_variants
        for each in contexts((EndpointContext,), template_of(resources))
    }
    assert of_endpoint == {1}


@pytest.mark.parametrize(
    ("first", "second", "before"),
    [
        ({"region": "a", "account": "1"}, {"region": "a", "account": "1"}, (1, 3)),
        ({"region": "a", "account": "1"}, {"region": "b", "account": "1"}, (0, 0)),
        ({"region": "a", "account": "1"}, {"region": "a", "account": "2"}, (0, 0)),
        ({"region": "a"}, {"region": "a"}, (0, 0)),
        ({}, {}, (0, 0)),
    ],
)
def test_usage_by_account_and_region(
    first: dict[str, Any], second: dict[str, Any], before: tuple[int, int]
) -> None:
    before_each = usage_before(
        template_of({"A": serverless(3)}, "a", **first),
        template_of({"A": serverless(3)}, "b", **second),
    )
    assert before_each == [(0, 0), before]
