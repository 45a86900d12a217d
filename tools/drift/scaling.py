"""Differences to Application Auto Scaling: members of its two resource types, and enum values.

Only the existence of members is compared, not their bounds. Alarms are not compared, because their
class only declares the members that the rules read; metrics have no published model; and
``python -m tools --newest`` updates the accounts of images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from botocore.model import ServiceModel, StringShape

from cdk_epc.spec.fields import Spec
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
from tools.drift.differences import Difference
from tools.drift.report import Section
from tools.published.copies import Copy
from tools.published.facts import facts_of_cfn, facts_of_spec
from tools.published.models import SCALING_FILE, cfn_schema, service_model

TYPES: Final[Mapping[str, type[Spec]]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": ScalableTargetSpec,
    "AWS::ApplicationAutoScaling::ScalingPolicy": ScalingPolicySpec,
}
IGNORED: Final[Mapping[str, str]] = {
    "Id": "set by CloudFormation",
    "Arn": "set by CloudFormation",
    "PredictiveScalingPolicyConfiguration": "for other services only",
}
ENUMS: Final[tuple[tuple[str, type[StrEnum], str, frozenset[str]], ...]] = (
    ("ScalableDimension", ScalableDimension, "sagemaker:", frozenset()),
    ("MetricType", PredefinedMetric, "SageMaker", frozenset()),
    ("PolicyType", PolicyType, "", frozenset()),
    ("AdjustmentType", AdjustmentType, "", frozenset()),
    ("MetricAggregationType", MetricAggregationType, "", frozenset()),
    ("MetricStatistic", MetricStatistic, "", frozenset()),
)
"""Enum of the API, our enum, prefix of the values for SageMaker, and values to ignore."""


def scaling(botocore: Copy, cfn_lint: Copy) -> list[Section]:
    """Return the differences to the models of Application Auto Scaling.

    Raises:
        ToolError: A copy lacks a file that is read.
    """
    values = list(_enum_differences(service_model(botocore, SCALING_FILE)))
    return [
        Section(f"{botocore}, Application Auto Scaling's values for SageMaker", values, {}),
        *(_members(cfn_lint, name, spec) for name, spec in TYPES.items()),
    ]


def _enum_differences(model: ServiceModel) -> Iterator[Difference]:
    for name, ours, prefix, others in ENUMS:
        shape = model.shape_for(name)
        given = shape.enum if isinstance(shape, StringShape) else ()
        theirs = {word for word in given if word.startswith(prefix)} - others
        if theirs != (declared := {each.value for each in ours}):
            yield name, "enum", declared, theirs


def _members(cfn_lint: Copy, name: str, spec: type[Spec]) -> Section:
    schema = cfn_schema(cfn_lint, name)
    published = {
        place: facts
        for place, facts in facts_of_cfn(schema, schema)
        if place.partition(".")[0] not in IGNORED
    }
    declared = {place for place, _ in facts_of_spec(spec) if place.partition(".")[0] not in IGNORED}
    found: list[Difference] = [
        (place, "present", place in declared, place in published)
        for place in sorted(declared ^ published.keys())
    ]
    return Section(f"{cfn_lint}, members of {name}", found, published)
