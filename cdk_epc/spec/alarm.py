"""An alarm of CloudWatch, as far as it says what it watches and when it goes off.

These are no whole shapes: what else an alarm has is another service's business.
"""

from __future__ import annotations

import attrs

from cdk_epc.spec.member import Declaration, Spec, flag, number, part, parts, text

_MOST: int = 500


def _any() -> Declaration:
    return text(min_length=None, max_length=None)


@attrs.frozen(kw_only=True)
class MetricDimension(Spec):
    """One of the pairs that CloudWatch finds a metric by."""

    name: str | None = attrs.field(default=None, metadata=_any())
    value: str | None = attrs.field(default=None, metadata=_any())


@attrs.frozen(kw_only=True)
class MetricName(Spec):
    """A metric by its namespace, name and dimensions."""

    namespace: str | None = attrs.field(default=None, metadata=_any())
    metric_name: str | None = attrs.field(default=None, metadata=_any())
    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDimension, min_items=0, max_items=30)
    )


@attrs.frozen(kw_only=True)
class MetricStat(Spec):
    """A metric and a statistic of it."""

    metric: MetricName | None = attrs.field(default=None, metadata=part(MetricName))
    stat: str | None = attrs.field(default=None, metadata=_any())


@attrs.frozen(kw_only=True)
class MetricDataQuery(Spec):
    """A metric of several that an expression may be made of, or such an expression."""

    expression: str | None = attrs.field(default=None, metadata=_any())
    metric_stat: MetricStat | None = attrs.field(default=None, metadata=part(MetricStat))
    return_data: bool | None = attrs.field(default=None, metadata=flag())


@attrs.frozen(kw_only=True)
class AlarmSpec(Spec):
    """What an alarm watches, and when it goes off."""

    alarm_name: str | None = attrs.field(default=None, metadata=_any())
    namespace: str | None = attrs.field(default=None, metadata=_any())
    metric_name: str | None = attrs.field(default=None, metadata=_any())
    dimensions: tuple[MetricDimension, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDimension, min_items=0, max_items=30)
    )
    statistic: str | None = attrs.field(default=None, metadata=_any())
    extended_statistic: str | None = attrs.field(default=None, metadata=_any())
    comparison_operator: str | None = attrs.field(default=None, metadata=_any())
    threshold: float | None = attrs.field(default=None, metadata=number(-(10**300)))
    metrics: tuple[MetricDataQuery, ...] | None = attrs.field(
        default=None, metadata=parts(MetricDataQuery, min_items=0, max_items=_MOST)
    )
