"""Metrics that a scaling policy tracks, with their paths and the target value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.metrics import Dimensions, Namespace, PublishedMetric, find
from cdk_epc.spec import InstancePool, Path, ProductionVariant
from cdk_epc.spec.context import ScalingPolicyContext
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricQuery,
    PredefinedMetric,
    PredefinedMetricSpecification,
    TargetTrackingConfiguration,
    TrackedMetric,
    TrackedStatistic,
)
from cdk_epc.spec.unresolved import is_number, is_resolved, is_string, items_of

_TRACKING: Final[Path] = ("target_tracking_scaling_policy_configuration",)
PREDEFINED: Final[Path] = (*_TRACKING, "predefined_metric_specification", "predefined_metric_type")
CUSTOMIZED: Final[Path] = (*_TRACKING, "customized_metric_specification")
TARGET_VALUE: Final[Path] = (*_TRACKING, "target_value")

PUBLISHED_NAMES: Final[Mapping[str, str]] = {
    PredefinedMetric.INVOCATIONS_PER_INSTANCE: "InvocationsPerInstance",
    PredefinedMetric.CONCURRENT_REQUESTS_PER_MODEL: "ConcurrentRequestsPerModel",
    PredefinedMetric.PROVISIONED_CONCURRENCY_UTILIZATION: (
        "ServerlessProvisionedConcurrencyUtilization"
    ),
    PredefinedMetric.INVOCATIONS_PER_COPY: "InvocationsPerCopy",
    PredefinedMetric.CONCURRENT_REQUESTS_PER_COPY: "ConcurrentRequestsPerCopy",
}
"""Name of the published metric of each predefined metric."""


@attrs.frozen(eq=False, repr=False)
class TrackedPublishedMetric(Record):
    """Published metric of the scaled resource that a policy tracks.

    Attributes:
        path: Path of the metric in the policy.
        metric: The published metric.
        dimension_names: Names of its dimensions; ``None`` for a predefined metric or if one of
            them is unknown.
        statistic: Its statistic; ``None`` for a predefined metric or if it is unknown.
        is_alone: Whether the policy tracks no other metric.
    """

    path: Path
    metric: PublishedMetric
    dimension_names: frozenset[str] | None
    statistic: str | None
    is_alone: bool


def tracking_of(subject: ScalingPolicyContext) -> TargetTrackingConfiguration | None:
    """Return the target tracking configuration of a policy, if it is known."""
    given = subject.policy.target_tracking_scaling_policy_configuration
    return given if isinstance(given, TargetTrackingConfiguration) else None


def predefined_metric(subject: ScalingPolicyContext) -> str | None:
    """Return the predefined metric of a policy; ``None`` if there is none or it is unknown."""
    tracking = tracking_of(subject)
    given = tracking.predefined_metric_specification if tracking else None
    if not isinstance(given, PredefinedMetricSpecification):
        return None
    return _text(given.predefined_metric_type)


def tracked_by(subject: ScalingPolicyContext) -> Iterator[TrackedPublishedMetric]:
    """Yield the metrics that a policy tracks of the endpoint or component that it scales."""
    if (name := predefined_metric(subject)) is not None:
        published = find(Namespace.INVOCATIONS, PUBLISHED_NAMES.get(name, ""))
        if published is not None:
            yield TrackedPublishedMetric(PREDEFINED, published, None, None, is_alone=True)
    tracking = tracking_of(subject)
    custom = tracking.customized_metric_specification if tracking else None
    if isinstance(custom, CustomizedMetricSpecification):
        for path, metric, statistic, is_alone in _metrics_in(custom):
            published = _find(metric) if path in subject.own_metrics else None
            if published is not None:
                names = _dimension_names(metric)
                yield TrackedPublishedMetric(path, published, names, statistic, is_alone)


def custom_metrics(
    subject: ScalingPolicyContext,
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric, frozenset[str] | None]]:
    """Yield the metrics that a policy names itself, with path and names of dimensions."""
    tracking = tracking_of(subject)
    custom = tracking.customized_metric_specification if tracking else None
    if isinstance(custom, CustomizedMetricSpecification):
        for path, metric, *_ in _metrics_in(custom):
            yield path, metric, _dimension_names(metric)


def _metrics_in(
    custom: CustomizedMetricSpecification,
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric, str | None, bool]]:
    """Yield each metric with its path, its statistic and whether it is the only one."""
    if custom.metric_name is not None:
        yield CUSTOMIZED, custom, _text(custom.statistic), True
    queries = items_of(custom.metrics)
    for index, query in enumerate(queries):
        stat = query.metric_stat if isinstance(query, MetricQuery) else None
        if isinstance(stat, TrackedStatistic) and isinstance(stat.metric, TrackedMetric):
            path = (*CUSTOMIZED, "metrics", index, "metric_stat", "metric")
            yield path, stat.metric, _text(stat.stat), len(queries) == 1


def _text(value: Any) -> str | None:  # noqa: ANN401 - a value of any type
    """Return a known text; ``None`` for a token or a value of another type."""
    return value if is_string(value) else None


def _find(metric: CustomizedMetricSpecification | TrackedMetric) -> PublishedMetric | None:
    return find(_text(metric.namespace) or "", _text(metric.metric_name) or "")


def _dimension_names(
    metric: CustomizedMetricSpecification | TrackedMetric,
) -> frozenset[str] | None:
    """Return the names of the dimensions; ``None`` if one of them is unknown."""
    if metric.dimensions is not None and not is_resolved(metric.dimensions):
        return None
    names = [_text(getattr(each, "name", None)) for each in items_of(metric.dimensions)]
    return None if None in names else frozenset(name for name in names if name)


def dimensions_of(tracked: TrackedPublishedMetric) -> Dimensions | None:
    """Return the set of dimensions of a metric; ``None`` if no metric is published with it."""
    names = tracked.dimension_names
    return next((each for each in Dimensions if frozenset(each.value) == names), None)


def instance_types(variant: ProductionVariant) -> list[str]:
    """Return all instance types of a variant; an empty list if one of them is unknown."""
    pools = [each for each in items_of(variant.instance_pools) if isinstance(each, InstancePool)]
    given = [variant.instance_type] if not pools else [pool.instance_type for pool in pools]
    known = [name for name in map(_text, given) if name is not None]
    return known if len(known) == len(given) else []


def target_value(subject: ScalingPolicyContext) -> float | None:
    """Return the target value of a policy; ``None`` if it is no known number."""
    tracking = tracking_of(subject)
    value = tracking.target_value if tracking else None
    return value if is_number(value) else None
