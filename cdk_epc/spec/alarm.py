"""CloudWatch alarm: its metrics and its threshold.

These classes declare only the members that the rules read; other members of an alarm are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar

import attrs

from cdk_epc.spec.fields import (
    Declaration,
    Path,
    Spec,
    boolean,
    choice,
    integer,
    nested,
    nested_list,
    number,
    string,
    string_list,
)
from cdk_epc.spec.unresolved import is_list, is_resolved, items_of


def _any_string() -> Declaration:
    return string(min_length=None, max_length=None)


def _actions(wire: str | None = None) -> Declaration:
    return string_list(min_items=0, max_items=5, max_length=1024, wire=wire)


class MissingData(StrEnum):
    """Treatment of periods without data."""

    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"
    IGNORE = "ignore"
    MISSING = "missing"


class LowSampleCount(StrEnum):
    """Treatment of percentiles of few samples."""

    EVALUATE = "evaluate"
    IGNORE = "ignore"


class StandardUnit(StrEnum):
    """Unit of the datapoints, as CloudWatch spells it."""

    SECONDS = "Seconds"
    MICROSECONDS = "Microseconds"
    MILLISECONDS = "Milliseconds"
    BYTES = "Bytes"
    KILOBYTES = "Kilobytes"
    MEGABYTES = "Megabytes"
    GIGABYTES = "Gigabytes"
    TERABYTES = "Terabytes"
    BITS = "Bits"
    KILOBITS = "Kilobits"
    MEGABITS = "Megabits"
    GIGABITS = "Gigabits"
    TERABITS = "Terabits"
    PERCENT = "Percent"
    COUNT = "Count"
    BYTES_PER_SECOND = "Bytes/Second"
    KILOBYTES_PER_SECOND = "Kilobytes/Second"
    MEGABYTES_PER_SECOND = "Megabytes/Second"
    GIGABYTES_PER_SECOND = "Gigabytes/Second"
    TERABYTES_PER_SECOND = "Terabytes/Second"
    BITS_PER_SECOND = "Bits/Second"
    KILOBITS_PER_SECOND = "Kilobits/Second"
    MEGABITS_PER_SECOND = "Megabits/Second"
    GIGABITS_PER_SECOND = "Gigabits/Second"
    TERABITS_PER_SECOND = "Terabits/Second"
    COUNT_PER_SECOND = "Count/Second"
    NONE = "None"


class ComparisonOperator(StrEnum):
    """Comparison of the statistic with the threshold or with a band."""

    GREATER_OR_EQUAL = "GreaterThanOrEqualToThreshold"
    GREATER = "GreaterThanThreshold"
    LESS = "LessThanThreshold"
    LESS_OR_EQUAL = "LessThanOrEqualToThreshold"
    OUTSIDE_BAND = "LessThanLowerOrGreaterThanUpperThreshold"
    BELOW_BAND = "LessThanLowerThreshold"
    ABOVE_BAND = "GreaterThanUpperThreshold"


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MetricDimension(Spec):
    """Dimension of a metric: its name and its value."""

    IS_PARTIAL: ClassVar = True

    name: str | None = attrs.field(default=None, metadata=string(max_length=255, required=True))
    value: str | None = attrs.field(default=None, metadata=string(max_length=1024, required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MetricName(Spec):
    """Metric, identified by its namespace, name and dimensions."""

    IS_PARTIAL: ClassVar = True

    namespace: str | None = attrs.field(default=None, metadata=string(max_length=255))
    metric_name: str | None = attrs.field(default=None, metadata=string(max_length=255))
    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricDimension, min_items=0, max_items=30)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MetricStat(Spec):
    """Metric with a statistic."""

    IS_PARTIAL: ClassVar = True

    metric: MetricName | None = attrs.field(
        default=None, metadata=nested(MetricName, required=True)
    )
    period: int | None = attrs.field(default=None, metadata=integer(required=True))
    stat: str | None = attrs.field(default=None, metadata=string(max_length=None, required=True))
    unit: str | None = attrs.field(default=None, metadata=choice(StandardUnit, closed_choices=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MetricDataQuery(Spec):
    """Metric or metric math expression of an alarm with several metrics."""

    IS_PARTIAL: ClassVar = True

    expression: str | None = attrs.field(default=None, metadata=string(max_length=2048))
    id: str | None = attrs.field(default=None, metadata=string(max_length=255, required=True))
    metric_stat: MetricStat | None = attrs.field(default=None, metadata=nested(MetricStat))
    period: int | None = attrs.field(default=None, metadata=integer())
    return_data: bool | None = attrs.field(default=None, metadata=boolean())


@attrs.frozen(kw_only=True, repr=False, eq=False)
class EvaluationCriteria(Spec):
    """Criteria of an alarm on a PromQL query; none of the members is declared."""

    IS_PARTIAL: ClassVar = True


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AlarmSpec(Spec):
    """Alarm: its metrics and its threshold."""

    IS_PARTIAL: ClassVar = True

    alarm_actions: tuple[str, ...] | None = attrs.field(default=None, metadata=_actions())
    alarm_name: str | None = attrs.field(
        default=None, metadata=string(max_length=255, pattern=r"[^\x00-\x1f\x7f]*")
    )
    namespace: str | None = attrs.field(default=None, metadata=string(max_length=255))
    metric_name: str | None = attrs.field(default=None, metadata=string(max_length=255))
    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricDimension, min_items=0, max_items=30)
    )
    statistic: str | None = attrs.field(default=None, metadata=_any_string())
    extended_statistic: str | None = attrs.field(default=None, metadata=_any_string())
    comparison_operator: str | None = attrs.field(default=None, metadata=choice(ComparisonOperator))
    datapoints_to_alarm: int | None = attrs.field(default=None, metadata=integer(1))
    evaluate_low_sample_count_percentile: str | None = attrs.field(
        default=None, metadata=choice(LowSampleCount, closed_choices=True)
    )
    evaluation_criteria: EvaluationCriteria | None = attrs.field(
        default=None, metadata=nested(EvaluationCriteria)
    )
    evaluation_interval: int | None = attrs.field(default=None, metadata=integer())
    evaluation_periods: int | None = attrs.field(default=None, metadata=integer(1))
    insufficient_data_actions: tuple[str, ...] | None = attrs.field(
        default=None, metadata=_actions()
    )
    ok_actions: tuple[str, ...] | None = attrs.field(default=None, metadata=_actions("OKActions"))
    period: int | None = attrs.field(default=None, metadata=integer())
    threshold_metric_id: str | None = attrs.field(default=None, metadata=_any_string())
    treat_missing_data: str | None = attrs.field(
        default=None, metadata=choice(MissingData, closed_choices=True)
    )
    unit: str | None = attrs.field(default=None, metadata=choice(StandardUnit, closed_choices=True))
    threshold: float | None = attrs.field(default=None, metadata=number(-(2.0**360)))
    metrics: tuple[MetricDataQuery, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricDataQuery, min_items=0, max_items=500)
    )

    def metric_uses(self) -> Iterator[MetricUse]:
        """Yield each resolved metric of the alarm."""
        if self.metric_name is not None or self.namespace is not None:
            name = "extended_statistic" if self.statistic is None else "statistic"
            yield MetricUse(
                path=(),
                metric=self,
                owner=self,
                statistic=getattr(self, name),
                statistic_path=(name,),
            )
        for path, query in self._queries():
            stat = query.metric_stat
            if isinstance(stat, MetricStat) and isinstance(stat.metric, MetricName):
                yield MetricUse(
                    path=(*path, "metric_stat", "metric"),
                    metric=stat.metric,
                    owner=stat,
                    statistic=stat.stat,
                    statistic_path=(*path, "metric_stat", "stat"),
                )

    def compared_metric(self) -> MetricUse | None:
        """Return the metric that is compared with the threshold; ``None`` for an expression."""
        queries = list(self._queries())
        if not queries:
            return next(self.metric_uses(), None)
        returned = [path for path, each in queries if each.return_data is not False]
        if len(returned) != 1:
            return None
        steps = len(returned[0])
        return next((each for each in self.metric_uses() if each.path[:steps] == returned[0]), None)

    def _queries(self) -> Iterator[tuple[Path, MetricDataQuery]]:
        for index, query in enumerate(items_of(self.metrics)):
            if isinstance(query, MetricDataQuery):
                yield ("metrics", index), query


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CompositeAlarmSpec(Spec):
    """Composite alarm: the alarm that suppresses its actions, with the waits in seconds."""

    IS_PARTIAL: ClassVar = True

    actions_suppressor: str | None = attrs.field(default=None, metadata=_any_string())
    actions_suppressor_wait_period: int | None = attrs.field(default=None, metadata=integer())
    actions_suppressor_extension_period: int | None = attrs.field(default=None, metadata=integer())


@attrs.frozen(kw_only=True, repr=False)
class MetricUse:
    """Metric of an alarm.

    Attributes:
        path: Path of the object with the namespace, name and dimensions of the metric.
        metric: Object with these members: the alarm itself or a nested metric.
        owner: Object with the statistic, the period and the unit.
        statistic: Statistic of the metric.
        statistic_path: Path of the statistic.
    """

    path: Path
    metric: AlarmSpec | MetricName
    owner: AlarmSpec | MetricStat
    statistic: str | None
    statistic_path: Path

    def period(self) -> tuple[Path, object]:
        """Return the path and the value of the period."""
        return (*self._owner_path, "period"), self.owner.period

    def unit(self) -> tuple[Path, object]:
        """Return the path and the value of the unit."""
        return (*self._owner_path, "unit"), self.owner.unit

    @property
    def _owner_path(self) -> Path:
        return self.statistic_path[:-1]

    def dimensions(self) -> Iterator[tuple[Path, str, object]]:
        """Yield the path of the value, the name and the value of each dimension with a name."""
        for index, each in enumerate(items_of(self.metric.dimensions)):
            if isinstance(each, MetricDimension) and isinstance(each.name, str):
                yield (*self.path, "dimensions", index, "value"), each.name, each.value

    def dimension_names(self) -> frozenset[str] | None:
        """Return the names of the dimensions; ``None`` if one of them is unresolved."""
        given = self.metric.dimensions
        if given is not None and not is_list(given):
            return None
        names = [name for _, name, _ in self.dimensions() if is_resolved(name)]
        return frozenset(names) if len(names) == len(given or ()) else None
