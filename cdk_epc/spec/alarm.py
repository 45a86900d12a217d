"""An alarm of CloudWatch, as far as it says what it watches and when it goes off.

These are no whole shapes: what else an alarm has is another service's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import attrs

from cdk_epc.spec.fields import (
    Declaration,
    Path,
    Spec,
    flag,
    number,
    part,
    parts,
    text,
)
from cdk_epc.spec.unresolved import is_given, is_list, items_of


def _any() -> Declaration:
    return text(min_length=None, max_length=None)


@attrs.frozen(kw_only=True, repr=False)
class MetricDimension(Spec):
    """One of the pairs that CloudWatch finds a metric by."""

    IS_PART: ClassVar = True

    name: str | None = attrs.field(default=None, metadata=_any())
    value: str | None = attrs.field(default=None, metadata=_any())


@attrs.frozen(kw_only=True, repr=False)
class MetricName(Spec):
    """A metric by its namespace, name and dimensions."""

    IS_PART: ClassVar = True

    namespace: str | None = attrs.field(default=None, metadata=_any())
    metric_name: str | None = attrs.field(default=None, metadata=_any())
    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDimension, min_items=0, max_items=30)
    )


@attrs.frozen(kw_only=True, repr=False)
class MetricStat(Spec):
    """A metric and a statistic of it."""

    IS_PART: ClassVar = True

    metric: MetricName | None = attrs.field(default=None, metadata=part(MetricName))
    stat: str | None = attrs.field(default=None, metadata=_any())


@attrs.frozen(kw_only=True, repr=False)
class MetricDataQuery(Spec):
    """A metric of several that an expression may be made of, or such an expression."""

    IS_PART: ClassVar = True

    expression: str | None = attrs.field(default=None, metadata=_any())
    metric_stat: MetricStat | None = attrs.field(default=None, metadata=part(MetricStat))
    return_data: bool | None = attrs.field(default=None, metadata=flag())


@attrs.frozen(kw_only=True, repr=False)
class AlarmSpec(Spec):
    """What an alarm watches, and when it goes off."""

    IS_PART: ClassVar = True

    alarm_name: str | None = attrs.field(default=None, metadata=_any())
    namespace: str | None = attrs.field(default=None, metadata=_any())
    metric_name: str | None = attrs.field(default=None, metadata=_any())
    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDimension, min_items=0, max_items=30)
    )
    statistic: str | None = attrs.field(default=None, metadata=_any())
    extended_statistic: str | None = attrs.field(default=None, metadata=_any())
    comparison_operator: str | None = attrs.field(default=None, metadata=_any())
    treat_missing_data: str | None = attrs.field(default=None, metadata=_any())
    threshold: float | None = attrs.field(default=None, metadata=number(-(2.0**360)))
    metrics: tuple[MetricDataQuery, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDataQuery, min_items=0, max_items=500)
    )

    def uses(self) -> Iterator[MetricUse]:
        """Every metric that it watches, as far as that is known."""
        if self.metric_name is not None or self.namespace is not None:
            name = "extended_statistic" if self.statistic is None else "statistic"
            yield MetricUse(
                path=(),
                metric=self,
                statistic=getattr(self, name),
                statistic_path=(name,),
            )
        for path, query in self._queries():
            stat = query.metric_stat
            if isinstance(stat, MetricStat) and isinstance(stat.metric, MetricName):
                yield MetricUse(
                    path=(*path, "metric_stat", "metric"),
                    metric=stat.metric,
                    statistic=stat.stat,
                    statistic_path=(*path, "metric_stat", "stat"),
                )

    def compared(self) -> MetricUse | None:
        """The metric that the threshold is compared with, if it is one and no expression."""
        queries = list(self._queries())
        if not queries:
            return next(self.uses(), None)
        returned = [path for path, each in queries if each.return_data is not False]
        if len(returned) != 1:
            return None
        steps = len(returned[0])
        return next((each for each in self.uses() if each.path[:steps] == returned[0]), None)

    def _queries(self) -> Iterator[tuple[Path, MetricDataQuery]]:
        for index, query in enumerate(items_of(self.metrics)):
            if isinstance(query, MetricDataQuery):
                yield ("metrics", index), query


@attrs.frozen(kw_only=True, repr=False)
class MetricUse:
    """A metric that an alarm watches.

    Attributes:
        path: The place of what has its namespace, its name and its dimensions.
        metric: What has these.
        statistic: Its statistic.
        statistic_path: The place of that.
    """

    path: Path
    metric: AlarmSpec | MetricName
    statistic: str | None
    statistic_path: Path

    def dimensions(self) -> Iterator[tuple[Path, str, object]]:
        """Each dimension whose name is known: the place of its value, its name, its value."""
        for index, each in enumerate(items_of(self.metric.dimensions)):
            if isinstance(each, MetricDimension) and isinstance(each.name, str):
                yield (*self.path, "dimensions", index, "value"), each.name, each.value

    def dimension_names(self) -> frozenset[str] | None:
        """The names of its dimensions; ``None`` if one is not known."""
        given = self.metric.dimensions
        if given is not None and not is_list(given):
            return None
        names = [name for _, name, _ in self.dimensions() if is_given(name)]
        return frozenset(names) if len(names) == len(given or ()) else None
