"""Scaling policies of SageMaker, with their targets and the metrics of what is scaled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cdk_epc.spec import Path
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.context import ScalingPolicyInPlace
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    ScalableTargetSpec,
    ScalingPolicySpec,
    TargetTrackingConfiguration,
    TrackedMetric,
)
from cdk_epc.spec.unresolved import items_of
from cdk_epc.templates.context.scaled_resources import (
    Scaled,
    component_named,
    is_after,
    scaled_by,
)
from cdk_epc.templates.context.scaling import ConfigOf, scaling_in_place, target_of
from cdk_epc.templates.names import COMPONENT, ENDPOINT, NAMES
from cdk_epc.templates.references import neighbour, spec_of
from cdk_epc.templates.scenarios import Scope

_CUSTOM: Final[Path] = (
    "target_tracking_scaling_policy_configuration",
    "customized_metric_specification",
)


def policy_in_place(
    scope: Scope, logical_id: str, policy: ScalingPolicySpec, config_of: ConfigOf
) -> ScalingPolicyInPlace:
    """A policy with its target.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        policy: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    target = target_of(scope, logical_id)
    read = spec_of(target.scope, target.logical_id, ScalableTargetSpec) if target else None
    if target is None or read is None:
        return ScalingPolicyInPlace(policy=policy)
    scaled = scaled_by(target.scope, target.logical_id)
    return ScalingPolicyInPlace(
        policy=policy,
        scaling=scaling_in_place(target.scope, target.logical_id, read[0], config_of),
        own=frozenset(_own(scope, policy, scaled)),
        is_created_after=is_after(scope, logical_id, target),
    )


def _own(scope: Scope, policy: ScalingPolicySpec, scaled: Scaled) -> Iterator[Path]:
    """The places of the metrics of what is scaled."""
    for path, metric in _metrics(policy):
        given = {
            each.name: each.value
            for each in items_of(metric.dimensions)
            if isinstance(each, MetricDimension) and isinstance(each.name, str)
        }
        if _is_of(scope, given, scaled):
            yield path


def _metrics(
    policy: ScalingPolicySpec,
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric]]:
    tracking = policy.target_tracking_scaling_policy_configuration
    if not isinstance(tracking, TargetTrackingConfiguration):
        return
    custom = tracking.customized_metric_specification
    if isinstance(custom, CustomizedMetricSpecification):
        yield _CUSTOM, custom
        for index, query in enumerate(items_of(custom.metrics)):
            metric = getattr(getattr(query, "metric_stat", None), "metric", None)
            if isinstance(metric, TrackedMetric):
                yield (*_CUSTOM, "metrics", index, "metric_stat", "metric"), metric


def _is_of(scope: Scope, dimensions: Mapping[str, Any], scaled: Scaled) -> bool:
    """Whether a metric is of what is scaled; where that is not known, it is not."""
    if scaled.place is None:
        return False
    if scaled.variant is None:
        found = component_named(scope, dimensions.get(NAMES[COMPONENT]))
        return found is not None and found.located == scaled.place[:2]
    found = neighbour(scope, ENDPOINT, dimensions.get(NAMES[ENDPOINT]))
    return (
        found is not None
        and found.located == scaled.place[:2]
        and dimensions.get("VariantName") in {None, scaled.variant}
    )
