"""One thing that a recommended alarm watches, before there is an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from cdk_epc.catalog.metrics import PublishedMetric, is_percentile
from cdk_epc.monitoring.alarm_thresholds import AlarmKind
from cdk_epc.monitoring.metric_factory import measure
from cdk_epc.monitoring.metric_math import expression, named
from cdk_epc.monitoring.metric_source import (
    MINUTE,
    MetricOptions,
    Place,
    lasting,
)

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Alarm, IMetric, Metric
    from constructs import Construct


@attrs.frozen(kw_only=True, eq=False)
class AlarmDefinition:
    """What an alarm watches and when it goes off.

    Attributes:
        kind: What it is about.
        of: Whom: the variant, the component, or the queue.
        metric: What is read.
        threshold: The number.
        is_reached: Whether it goes off at the threshold already, and not only above.
        periods: How many points it looks at.
        bad_periods: How many of these must pass the threshold.
        seconds: What one point stands for.
        told: What has happened in such a point when it goes off.
    """

    kind: AlarmKind
    of: str
    metric: IMetric
    threshold: float
    is_reached: bool = False
    periods: int
    bad_periods: int
    seconds: int = MINUTE
    reported: str

    def __str__(self) -> str:
        """What has happened when it goes off."""
        return f"{self.reported}, {_in_points(self.bad_periods, self.periods, self.seconds)}"

    def alarm(self, scope: Construct, id: str, about: str) -> Alarm:
        """The alarm. No data is no reason to go off: without requests there is none.

        Args:
            scope: Where it belongs.
            id: Its id there.
            about: Whom it is about, for its description.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415 - costly

        over = cloudwatch.ComparisonOperator
        return cloudwatch.Alarm(
            scope,
            id,
            metric=self.metric,
            threshold=self.threshold,
            comparison_operator=over.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            if self.is_reached
            else over.GREATER_THAN_THRESHOLD,
            evaluation_periods=self.periods,
            datapoints_to_alarm=self.bad_periods,
            # Of a few requests the slowest would be the percentile.
            evaluate_low_sample_count_percentile="ignore" if _is_percentile(self.metric) else None,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{about}: {self}.",
        )


def _is_percentile(metric: IMetric) -> bool:
    statistic = getattr(metric, "statistic", None)  # an expression has none
    return isinstance(statistic, str) and is_percentile(statistic)


def reading(place: Place, metric: PublishedMetric, statistic: str) -> Metric:
    """A metric for an alarm: of whatever unit, for with a wrong one an alarm never has data."""
    period = lasting(place.period_of(metric))
    options = MetricOptions(statistic=statistic, period=period)
    return measure(place, metric, options, has_unit=False, is_near=True)


def _in_points(bad: int, points: int, seconds: int) -> str:
    """In how many points of how many, in words."""
    if seconds == MINUTE:
        return "in a minute" if points == 1 else f"in {bad} of {points} minutes"
    return f"in {bad} of {points} intervals of {seconds} seconds"


def greatest(readings: Sequence[tuple[Place, Metric]]) -> IMetric:
    """The greatest of several readings; the reading itself if it is the only one."""
    if len(readings) == 1:
        return readings[0][1]
    every = named(readings)
    return expression(f"MAX([{', '.join(every)}])", every, _of(readings))


def total(readings: Sequence[tuple[Place, Metric]]) -> IMetric:
    """Several counts added up."""
    every = named(readings)
    return expression(f"SUM([{', '.join(every)}])", every, _of(readings))


def _of(readings: Sequence[tuple[Place, Metric]]) -> MetricOptions:
    """The period of an expression, which goes before those of its metrics."""
    return MetricOptions(period=readings[0][1].period)
