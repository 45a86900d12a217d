"""What a scaling policy tracks: its metrics, where they are named, and the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc.catalog.metrics import (
    Dimensions,
    Namespace,
    PublishedMetric,
    find,
)
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
from cdk_epc.spec.unresolved import (
    is_number,
    is_resolved,
    is_string,
    items_of,
)

_TRACKING: Final[Path] = ("target_tracking_scaling_policy_configuration",)
BY_NAME: Final[Path] = (*_TRACKING, "predefined_metric_specification", "predefined_metric_type")
CUSTOM: Final[Path] = (*_TRACKING, "customized_metric_specification")
VALUE: Final[Path] = (*_TRACKING, "target_value")

PUBLISHED_AS: Final[Mapping[str, str]] = {
    PredefinedMetric.INVOCATIONS_PER_INSTANCE: "InvocationsPerInstance",
    PredefinedMetric.CONCURRENT_REQUESTS_PER_MODEL: "ConcurrentRequestsPerModel",
    PredefinedMetric.PROVISIONED_CONCURRENCY_UTILIZATION: (
        "ServerlessProvisionedConcurrencyUtilization"
    ),
    PredefinedMetric.INVOCATIONS_PER_COPY: "InvocationsPerCopy",
    PredefinedMetric.CONCURRENT_REQUESTS_PER_COPY: "ConcurrentRequestsPerCopy",
}


@attrs.frozen
class Tracked:
    """A metric of what is scaled that a policy tracks.

    Attributes:
        path: Where it is named.
        metric: It.
        by: The names of its dimensions; ``None`` where the policy knows it by name.
        statistic: What of it; ``None`` where the policy knows it by name, or that is not known.
        is_alone: Whether the policy tracks nothing else.
    """

    path: Path
    metric: PublishedMetric
    by: frozenset[str] | None
    statistic: str | None
    is_alone: bool


def _tracking(subject: ScalingPolicyContext) -> TargetTrackingConfiguration | None:
    given = subject.policy.target_tracking_scaling_policy_configuration
    return given if isinstance(given, TargetTrackingConfiguration) else None


def predefined(subject: ScalingPolicyContext) -> str | None:
    """The metric that the policy names as Application Auto Scaling knows it."""
    tracking = _tracking(subject)
    given = tracking.predefined_metric_specification if tracking else None
    if not isinstance(given, PredefinedMetricSpecification):
        return None
    return _known(given.predefined_metric_type)


def tracked_by(subject: ScalingPolicyContext) -> Iterator[Tracked]:
    """What the policy tracks of the very endpoint or component that it scales."""
    if (name := predefined(subject)) is not None:
        published = find(Namespace.INVOCATIONS, PUBLISHED_AS.get(name, ""))
        if published is not None:
            yield Tracked(BY_NAME, published, None, None, is_alone=True)
    tracking = _tracking(subject)
    custom = tracking.customized_metric_specification if tracking else None
    if isinstance(custom, CustomizedMetricSpecification):
        for path, metric, statistic, is_alone in _metrics_in(custom):
            published = _find(metric) if path in subject.own_metrics else None
            if published is not None:
                yield Tracked(path, published, _names(metric), statistic, is_alone)


def _metrics_in(
    custom: CustomizedMetricSpecification,
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric, str | None, bool]]:
    if custom.metric_name is not None:
        yield CUSTOM, custom, _known(custom.statistic), True
    queries = items_of(custom.metrics)
    for index, query in enumerate(queries):
        stat = query.metric_stat if isinstance(query, MetricQuery) else None
        if isinstance(stat, TrackedStatistic) and isinstance(stat.metric, TrackedMetric):
            path = (*CUSTOM, "metrics", index, "metric_stat", "metric")
            yield path, stat.metric, _known(stat.stat), len(queries) == 1


def _known(value: Any) -> str | None:  # noqa: ANN401 - whatever stands where a text belongs
    return value if is_string(value) else None


def _find(metric: CustomizedMetricSpecification | TrackedMetric) -> PublishedMetric | None:
    return find(_known(metric.namespace) or "", _known(metric.metric_name) or "")


def _names(metric: CustomizedMetricSpecification | TrackedMetric) -> frozenset[str] | None:
    """The names of the dimensions; ``None`` if some are not known."""
    if metric.dimensions is not None and not is_resolved(metric.dimensions):
        return None
    names = [_known(getattr(each, "name", None)) for each in items_of(metric.dimensions)]
    return None if None in names else frozenset(name for name in names if name)


def dimensions_of(tracked: Tracked) -> Dimensions | None:
    """The dimensions that a metric is asked by, if metrics are published by such."""
    return next((each for each in Dimensions if frozenset(each.value) == tracked.by), None)


def all_types_of(variant: ProductionVariant) -> list[str]:
    """The types that a variant may run on; none where one of them is not known."""
    pools = [each for each in items_of(variant.instance_pools) if isinstance(each, InstancePool)]
    given = [variant.instance_type] if not pools else [pool.instance_type for pool in pools]
    known = [name for name in map(_known, given) if name is not None]
    return known if len(known) == len(given) else []


def value_of(subject: ScalingPolicyContext) -> float | None:
    """The target of the policy, if that is a number that is known."""
    tracking = _tracking(subject)
    value = tracking.target_value if tracking else None
    return value if is_number(value) else None
