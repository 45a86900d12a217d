"""API calls that CloudFormation makes for every snapshot, checked against the models of the APIs.

CloudFormation accepts some values that the API behind it refuses. Nothing is deployed: references
are resolved with made-up ids, and botocore checks the parameters without sending them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from kit.moto_server import violations_of
from kit.references import (
    ALARM,
    COMPONENT,
    CONFIG,
    ENDPOINT,
    MODEL,
    POLICY,
    TARGET,
    Resource,
    placeholder_id,
    resources_of,
)
from kit.service_calls import SCALING, put, registered

pytestmark = pytest.mark.pin_only

TESTS: Final = Path(__file__).parents[1]
SNAPSHOTS: Final = sorted(
    path.relative_to(TESTS)
    for path in TESTS.glob("*/__snapshots__/*/*.json")
    if "AWS::SageMaker::" in path.read_text("utf-8")
)

Call = tuple[str, dict[str, Any], str]


def only(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: each for key, each in given.items() if key in names}


def without_tags(given: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in given.items() if key != "Tags"}


def calls_of(each: Resource, resources: dict[str, Resource]) -> Iterator[Call]:
    """Yield the calls that create a resource and that update it in place."""
    given = each.properties
    if each.type == MODEL:
        yield "CreateModel", {"ModelName": each.name, **given}, "sagemaker"
    if each.type == CONFIG:
        yield "CreateEndpointConfig", {"EndpointConfigName": each.name, **given}, "sagemaker"
    if each.type == ENDPOINT:
        named = {"EndpointName": each.name, **given}
        created = only(named, "EndpointName", "EndpointConfigName", "DeploymentConfig", "Tags")
        yield "CreateEndpoint", created, "sagemaker"
        yield "UpdateEndpoint", without_tags(named), "sagemaker"
    if each.type == COMPONENT:
        names = ("InferenceComponentName", "Specification", "Specifications", "RuntimeConfig")
        created = only(given, *names, "EndpointName", "VariantName", "Tags")
        yield "CreateInferenceComponent", created, "sagemaker"
        yield "UpdateInferenceComponent", only(given, *names, "DeploymentConfig"), "sagemaker"
    if each.type == TARGET:
        yield "RegisterScalableTarget", registered(each), SCALING
    if each.type == POLICY:
        yield "PutScalingPolicy", put(each, resources), SCALING
    if each.type == ALARM:
        yield "PutMetricAlarm", {"AlarmName": each.id, **given}, "cloudwatch"


@pytest.mark.parametrize("path", SNAPSHOTS, ids=str)
def test_every_call_is_valid(path: Path) -> None:
    template = json.loads((TESTS / path).read_text("utf-8"))
    ids = {name: placeholder_id(name, row) for name, row in template["Resources"].items()}
    resources = resources_of(template, ids)

    calls = [call for each in resources.values() for call in calls_of(each, resources)]

    assert calls
    assert [violations for call in calls if (violations := violations_of(*call))] == []
