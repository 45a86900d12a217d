"""What is scaled and by what, beside what AWS publishes about it."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from cdk_epc.spec import Spec
from cdk_epc.spec.member import members_of
from cdk_epc.spec.scaling import (
    AdjustmentType,
    MetricAggregationType,
    MetricStatistic,
    PolicyType,
    PredefinedMetric,
    ScalableDimension,
    ScalableTargetSpec,
    ScalingPolicySpec,
)
from tools.published.copies import CFN_LINT, installed
from tools.published.models import cfn_schema

TYPES: dict[str, type[Spec]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": ScalableTargetSpec,
    "AWS::ApplicationAutoScaling::ScalingPolicy": ScalingPolicySpec,
}
NOT_OURS = {
    "Id": "made by CloudFormation",
    "Arn": "made by CloudFormation",
    "PredictiveScalingPolicyConfiguration": "for other services only",
}
API = botocore.session.get_session().get_service_model("application-autoscaling")


def declared(cls: type[Spec], at: str = "") -> set[str]:
    """Every member under a spec class."""
    found: set[str] = set()
    for member in members_of(cls):
        place = f"{at}.{member.wire}"
        found |= {place} | (declared(member.part, place) if member.part else set())
    return found


def published(schema: Any, shape: Any, at: str = "") -> set[str]:
    """Every property under a part of a schema."""
    shape = shape.get("items", shape)
    if "$ref" in shape:
        shape = schema["definitions"][shape["$ref"].rpartition("/")[2]]
        shape = shape.get("items", shape)
        return published(schema, shape, at)
    found: set[str] = set()
    for name, inner in shape.get("properties", {}).items():
        if at or name not in NOT_OURS:
            found |= {f"{at}.{name}"} | published(schema, inner, f"{at}.{name}")
    return found


@pytest.mark.pin_only
@pytest.mark.parametrize("type_", TYPES)
def test_every_member_of_cloudformation_is_ours(type_: str) -> None:
    schema = cfn_schema(installed(CFN_LINT), type_)
    assert declared(TYPES[type_]) == published(schema, schema)


@pytest.mark.pin_only
@pytest.mark.parametrize(
    ("shape", "ours", "only"),
    [
        ("ScalableDimension", ScalableDimension, "sagemaker:"),
        ("MetricType", PredefinedMetric, "SageMaker"),
        ("AdjustmentType", AdjustmentType, ""),
        ("MetricAggregationType", MetricAggregationType, ""),
        ("MetricStatistic", MetricStatistic, ""),
    ],
)
def test_the_words_are_those_of_the_api(shape: str, ours: Any, only: str) -> None:
    words = {word for word in API.shape_for(shape).enum if word.startswith(only)}
    assert {each.value for each in ours} == words


@pytest.mark.pin_only
def test_the_kinds_of_policies_are_those_of_the_api_but_for_one() -> None:
    words = set(API.shape_for("PolicyType").enum)
    assert words - {each.value for each in PolicyType} == {"PredictiveScaling"}
