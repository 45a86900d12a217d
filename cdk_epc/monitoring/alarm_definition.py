"""Alarm definition: metric, threshold and periods of a recommended alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import attrs

from cdk_epc.catalog.metrics import PublishedMetric, is_percentile
from cdk_epc.monitoring.alarm_thresholds import AlarmKind
from cdk_epc.monitoring.metric_factory import published_metric
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, MetricSource, duration

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Alarm, IMetric, Metric
    from constructs import Construct


@attrs.frozen(kw_only=True, eq=False)
class AlarmDefinition:
    """Definition of a recommended alarm.

    Attributes:
        kind: Kind of the alarm.
        of: Name of the variant or component, or ``queue``.
        metric: Metric of the alarm.
        threshold: Threshold of the alarm.
        includes_threshold: Whether the threshold itself is breaching.
        is_minimum: Whether values below the threshold, and missing ones, are breaching.
        periods: Number of periods that the alarm evaluates.
        breaching_periods: Number of these that must be breaching.
        period: Seconds in a period.
        condition: Description of a breaching period.
    """

    kind: AlarmKind
    of: str
    metric: IMetric
    threshold: float
    includes_threshold: bool = False
    is_minimum: bool = False
    periods: int
    breaching_periods: int
    period: int = MINUTE
    condition: str

    def __str__(self) -> str:
        """Return the description of the alarm."""
        return f"{self.condition}, {_frequency(self.breaching_periods, self.periods, self.period)}"

    def create(self, scope: Construct, id: str, resource: str) -> Alarm:
        """Create the alarm.

        Missing data is not breaching, because without requests there is none; except for an alarm
        on exactly that.

        Args:
            scope: Scope of the alarm.
            id: Construct id of the alarm.
            resource: The monitored resource, for the description of the alarm.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415 - slow to import

        operators, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
        if self.is_minimum:
            operator = operators.LESS_THAN_THRESHOLD
        elif self.includes_threshold:
            operator = operators.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        else:
            operator = operators.GREATER_THAN_THRESHOLD
        return cloudwatch.Alarm(
            scope,
            id,
            metric=self.metric,
            threshold=self.threshold,
            comparison_operator=operator,
            evaluation_periods=self.periods,
            datapoints_to_alarm=self.breaching_periods,
            # With few requests, a high percentile is that of the slowest request.
            evaluate_low_sample_count_percentile="ignore" if _is_percentile(self.metric) else None,
            treat_missing_data=missing.BREACHING if self.is_minimum else missing.NOT_BREACHING,
            alarm_description=f"{resource}: {self}.",
        )


_METRIC_MEMBERS: Final = (
    "dimensions",
    "evaluate_low_sample_count_percentile",  # not for an expression
    "extended_statistic",
    "metric_name",
    "metrics",
    "namespace",
    "period",
    "statistic",
    "unit",
)
"""Members of an L1 alarm that depend on its metric."""


def copy_metric(source: Alarm, target: Alarm) -> None:
    """Make an alarm watch the metric of another one."""
    other, resource = source.node.default_child, target.node.default_child
    for member in _METRIC_MEMBERS:
        setattr(resource, member, getattr(other, member))


_STATISTICS: Final[WeakKeyDictionary[IMetric, str]] = WeakKeyDictionary()
"""Statistics of the metrics of `alarm_metric`, to save calls into Node."""


def _is_percentile(metric: IMetric) -> bool:
    # An expression has no statistic.
    statistic = _STATISTICS.get(metric) or getattr(metric, "statistic", None)
    return isinstance(statistic, str) and is_percentile(statistic)


def _frequency(breaching: int, periods: int, seconds: int) -> str:
    """Return the number of breaching periods in words."""
    if seconds == MINUTE:
        return "in a minute" if periods == 1 else f"in {breaching} of {periods} minutes"
    return f"in {breaching} of {periods} intervals of {seconds} seconds"


def alarm_metric(source: MetricSource, metric: PublishedMetric, statistic: str) -> Metric:
    """Return a metric for an alarm, of any unit: an alarm on a wrong unit never has data."""
    period = duration(source.period_of(metric))
    options = MetricOptions(statistic=statistic, period=period)
    made = published_metric(source, metric, options, has_unit=False, is_attached=False)
    _STATISTICS[made] = statistic
    return made
