"""Dashboard series: resources of a dashboard, and the series that its graphs draw of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.metrics import PublishedMetric, Statistic, is_published_by
from cdk_epc.constructs.internals import internals_of
from cdk_epc.monitoring.dashboard_widgets import ExpressionSeries, MetricSeries
from cdk_epc.monitoring.metric_source import MINUTE, MetricSource
from cdk_epc.monitoring.resource_facts import Machine
from cdk_epc.monitoring.variant_metrics import container_source
from cdk_epc.rules._tracked_metrics import tracked_by
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.context import ScalingPolicyContext
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec
from cdk_epc.spec.unresolved import is_integer, is_resolved

_CAPACITY_UNITS: Final = {
    ScalableDimension.INSTANCES: "instances",
    ScalableDimension.COPIES: "copies",
    ScalableDimension.PROVISIONED_CONCURRENCY: "provisioned concurrent requests",
}


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScalingSummary(Record):
    """Capacities and target values of a scalable target.

    Attributes:
        dimension: The scaled capacity.
        min_capacity: Minimum capacity; ``None`` if it is unknown.
        max_capacity: Maximum capacity; ``None`` if it is unknown.
        targets: Tracked metrics with their target values.
    """

    dimension: ScalableDimension
    min_capacity: int | None = None
    max_capacity: int | None = None
    targets: tuple[tuple[PublishedMetric, float], ...] = ()

    def __str__(self) -> str:
        """Return the capacities in words, for example ``2 to 8 instances``."""
        bounds = (
            "?" if each is None else str(each) for each in (self.min_capacity, self.max_capacity)
        )
        return f"{' to '.join(bounds)} {_CAPACITY_UNITS[self.dimension]}"


def scaling_of(resource: object) -> ScalingSummary | None:
    """Return the scaling of a variant or component of this app; ``None`` if it has none so far."""
    target: Any = getattr(resource, "scaling", None)
    spec = getattr(target, "spec", None)
    if not isinstance(spec, ScalableTargetSpec):
        return None
    return ScalingSummary(
        dimension=ScalableDimension(str(spec.scalable_dimension)),
        min_capacity=spec.min_capacity if is_integer(spec.min_capacity) else None,
        max_capacity=spec.max_capacity if is_integer(spec.max_capacity) else None,
        targets=tuple(_target_values(target.policies)),
    )


def _target_values(policies: Iterable[Any]) -> Iterator[tuple[PublishedMetric, float]]:
    """Yield the metrics that policies track by their default statistic, with the target values."""
    for policy in policies:
        context = internals_of(policy).state.context()
        if not isinstance(context, ScalingPolicyContext):
            continue
        tracking = context.policy.target_tracking_scaling_policy_configuration
        target_value = getattr(tracking, "target_value", None)
        for each in tracked_by(context):
            is_default = each.statistic in {None, str(each.metric.default)}
            if each.is_alone and is_default and is_resolved(target_value):
                yield each.metric, float(target_value)


@attrs.frozen(kw_only=True, eq=False)
class DashboardEntry:
    """Variant or component of a dashboard.

    Attributes:
        source: Source of its metrics.
        label: Label of its series.
        machine: Its instances.
        share: Its share of the traffic, 0 to 1; ``None`` if it is unknown.
        is_shadow: Whether it is a shadow variant, whose responses SageMaker discards.
        containers: Names of its containers, if there are several.
        is_multi_model: Whether it has a multi-model container.
        scaling: Its scaling, if there is any.
    """

    source: MetricSource
    label: str
    machine: Machine = attrs.Factory(Machine)
    share: float | None = None
    is_shadow: bool = False
    containers: tuple[str, ...] = ()
    is_multi_model: bool = False
    scaling: ScalingSummary | None = None

    def each_container(self) -> Iterator[DashboardEntry]:
        """Yield an entry for each container, if there are several."""
        for name in self.containers:
            source = container_source(self.source, name)
            yield attrs.evolve(self, source=source, label=f"{self.label} {name}")

    def state(self) -> tuple[object, ...]:
        """Return the values on which the graphs depend, for a comparison."""
        source = self.source
        values = attrs.asdict(self, recurse=False) | {"source": source.dimensions}
        published = (source.endpoint_kind, source.unused_features, source.is_enhanced)
        return (*values.values(), *published, source.interval)

    def publishes(self, metric: PublishedMetric) -> bool:
        """Return whether the metric is published, as far as that is known."""
        kind = self.source.endpoint_kind
        if kind is None and not all(each in metric.endpoint_kinds for each in EndpointKind):
            return False
        is_published = is_published_by(metric, kind, self.source.dimension_set)
        return is_published and metric.requires not in self.source.unused_features


def series(
    entry: DashboardEntry,
    metric: PublishedMetric,
    statistic: str | None = None,
    suffix: str = "",
) -> MetricSeries:
    """Return the series of one metric.

    Args:
        entry: The variant or component.
        metric: The metric.
        statistic: Statistic; by default that of the catalog.
        suffix: Text after the label of the entry.
    """
    label = f"{entry.label} {suffix}".strip()
    return MetricSeries(entry.source, metric, str(statistic or metric.default), label)


def series_of_each(
    entries: Iterable[DashboardEntry],
    metric: PublishedMetric,
    statistic: str | None = None,
    suffix: str = "",
) -> list[MetricSeries]:
    """Return the series of one metric for each entry that publishes it."""
    return [series(each, metric, statistic, suffix) for each in entries if each.publishes(metric)]


def math_series(template: str, operands: Sequence[MetricSeries], label: str) -> ExpressionSeries:
    """Return the series of an expression.

    Args:
        template: The expression, with ``{0}``, ``{1}`` and so on for the operands.
        operands: Series of one period, which is that of the expression as well.
        label: Label of the series.
    """
    metrics = {each.identifier(): each for each in operands}
    return ExpressionSeries(template.format(*metrics), metrics, label, operands[0].period)


def capacity_lines(
    entries: Iterable[DashboardEntry], dimension: ScalableDimension
) -> list[tuple[float, str]]:
    """Return the minimum and maximum capacities, for horizontal lines."""
    return [
        (float(capacity), f"{bound} of {each.label}")
        for each in entries
        if each.scaling is not None and each.scaling.dimension is dimension
        for bound, capacity in (
            ("minimum", each.scaling.min_capacity),
            ("maximum", each.scaling.max_capacity),
        )
        if capacity is not None
    ]


def target_lines(
    entries: Iterable[DashboardEntry], *metrics: PublishedMetric
) -> list[tuple[float, str]]:
    """Return the target values of these metrics, for horizontal lines.

    A target value is that of one minute. The sum over a longer period is larger by its minutes.
    """
    return [
        (value * _minutes_in_sum(each, metric), f"target of {each.label}")
        for each in entries
        if each.scaling is not None
        for metric, value in each.scaling.targets
        if metric in metrics
    ]


def _minutes_in_sum(entry: DashboardEntry, metric: PublishedMetric) -> float:
    is_sum = metric.default == Statistic.SUM
    return entry.source.period_of(metric) / MINUTE if is_sum else 1
