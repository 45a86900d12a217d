"""What Application Auto Scaling has and we lack: members of its two resource types, and words.

Only whether a member is there is compared: its bounds are another service's business. Of an alarm
no more is declared than the rules read, so nothing is compared; of the metrics there is no model.
The accounts of the images come from packages of their own, whose newest versions
``python -m tools --newest`` takes over.
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
NOT_OURS: Final[Mapping[str, str]] = {
    "Id": "made by CloudFormation",
    "Arn": "made by CloudFormation",
    "PredictiveScalingPolicyConfiguration": "for other services only",
}
WORDS: Final[tuple[tuple[str, type[StrEnum], str, frozenset[str]], ...]] = (
    ("ScalableDimension", ScalableDimension, "sagemaker:", frozenset()),
    ("MetricType", PredefinedMetric, "SageMaker", frozenset()),
    ("PolicyType", PolicyType, "", frozenset({"PredictiveScaling"})),
    ("AdjustmentType", AdjustmentType, "", frozenset()),
    ("MetricAggregationType", MetricAggregationType, "", frozenset()),
    ("MetricStatistic", MetricStatistic, "", frozenset()),
)
"""A list of the API, ours, what the words that are of SageMaker begin with, and which are not."""


def scaling(botocore: Copy, cfn_lint: Copy) -> list[Section]:
    """Compare what is scaled and by what with both models.

    Raises:
        ToolError: A copy lacks a file that is read.
    """
    words = list(_words(service_model(botocore, SCALING_FILE)))
    return [
        Section(f"{botocore}, Application Auto Scaling's words for SageMaker", words, {}),
        *(_members(cfn_lint, name, spec) for name, spec in TYPES.items()),
    ]


def _words(model: ServiceModel) -> Iterator[Difference]:
    for name, ours, beginning, others in WORDS:
        shape = model.shape_for(name)
        given = shape.enum if isinstance(shape, StringShape) else ()
        theirs = {word for word in given if word.startswith(beginning)} - others
        if theirs != (declared := {each.value for each in ours}):
            yield name, "enum", declared, theirs


def _members(cfn_lint: Copy, name: str, spec: type[Spec]) -> Section:
    schema = cfn_schema(cfn_lint, name)
    published = {
        place: facts
        for place, facts in facts_of_cfn(schema, schema)
        if place.partition(".")[0] not in NOT_OURS
    }
    declared = {place for place, _ in facts_of_spec(spec)}
    found: list[Difference] = [
        (place, "present", place in declared, place in published)
        for place in sorted(declared ^ published.keys())
    ]
    return Section(f"{cfn_lint}, members of {name}", found, published)
