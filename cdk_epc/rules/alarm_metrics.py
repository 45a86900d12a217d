"""Rules of monitored metrics: their names, namespaces, dimensions and statistics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.catalog.metrics import (
    Dimensions,
    Statistic,
    invocations,
    is_percentile,
)
from cdk_epc.rules._metric_lookup import (
    listed,
    misspelling_of,
    monitored_config,
    published,
    published_dimensions,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec.alarm import MetricUse
from cdk_epc.spec.context import AlarmContext
from cdk_epc.spec.features import MetricsConfig
from cdk_epc.spec.unresolved import is_integer, is_string, is_unresolved

_METRICS: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"
_PUT: Final = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
)
_MAX_DIMENSIONS: Final = 30
_MINUTE: Final = 60
_SHORT_PERIODS: Final = (10, 20, 30)
_WITHOUT_DIMENSION: Final = frozenset({"Count", "None"})
_EACH_TEN_SECONDS: Final = frozenset(
    {
        "ConcurrentRequestsPerModel",
        "ConcurrentRequestsPerCopy",
        "NoCapacityInvocationFailures",
    }
)
"""Metrics with a datapoint every ten seconds, and one for which AWS's guide has a period of 30."""
_ENHANCED: Final = frozenset({"InstanceId", "ContainerId", "AcceleratorId"})
"""Dimensions that enhanced metrics have in addition."""
_COUNTS: Final = frozenset({Statistic.SUM, Statistic.SAMPLE_COUNT})
_OF_REQUESTS: Final = frozenset(
    each.name
    for each in (
        invocations.INVOCATIONS,
        invocations.INVOCATIONS_PER_INSTANCE,
        invocations.INVOCATIONS_PER_COPY,
        invocations.EXPLANATIONS_PER_INSTANCE,
    )
)
"""Metrics of which each sample is one request, or one request divided by the instances.

For all other metrics each statistic is meaningful, even where AWS's guide does not name it:
percentiles of other latencies, or the maximum of failures that are published one by one.
"""


@rule(
    id="alarm-metric-unknown",
    title="An alarm should watch a metric that SageMaker publishes",
    why="CloudWatch accepts every name, but finds no data, so the alarm never goes off. AWS's "
    "guide has misspellings, such as Invocations4XXErrors. Alarms cannot watch the metrics of "
    "detailed observability.",
    fix="Use the namespace and the name with which SageMaker publishes the metric.",
    evidence=Evidence.DOCUMENTED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_metric_unknown(subject: AlarmContext) -> Iterator[Violation]:
    fix = "Use a metric of AWS's list; alarms cannot watch the metrics of detailed observability."
    for use in subject.alarm.metric_uses():
        names = use.dimension_names() or frozenset()
        found = misspelling_of(use.metric.namespace, use.metric.metric_name, names)
        if found is not None:
            yield Violation(
                path=(*use.path, found.member),
                got=found.got,
                must=found.must,
                fix=fix if found.correct is None else f"Write {found.correct}.",
            )


@rule(
    id="alarm-metric-dimensions-wrong",
    title="An alarm should use the dimensions under which its metric is published",
    why="CloudWatch finds a metric only by its exact dimensions. No metric covers all variants, "
    "and the metrics of an asynchronous queue have no variant.",
    fix="Use the dimensions under which the metric is published.",
    evidence=Evidence.DOCUMENTED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_metric_dimensions_wrong(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        metric, names = published(use), use.dimension_names()
        if metric is None or names is None:
            continue
        # Rules of the form report these.
        if len(names) > _MAX_DIMENSIONS or any(each.startswith(":") for each in names):
            continue
        allowed = {frozenset(each.value) for each in metric.dimension_sets}
        if Dimensions.VARIANT in metric.dimension_sets:
            allowed.add(frozenset(Dimensions.FLEET.value))
        if names not in allowed and names - _ENHANCED not in allowed:
            used = listed(sorted(names)) if names else "none"
            yield Violation(
                path=(*use.path, "dimensions"),
                got=Words(used) if names else None,
                sentence=f"metric {metric.name} is published with the dimensions "
                f"{published_dimensions(metric)}; the alarm uses {used}",
                fix="Use exactly the dimensions with which the metric is published.",
            )


@rule(
    id="alarm-statistic-unsuitable",
    title="An alarm should use a statistic that is meaningful for its metric",
    why="Each request is one sample of 1, or of 1 divided by the number of instances. The average "
    "and the percentiles are the same for one request and for a million; only the sum changes.",
    fix="Use Sum.",
    evidence=Evidence.DOCUMENTED,
    source_url=_METRICS,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_statistic_unsuitable(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        metric, statistic = published(use), use.statistic
        if metric is None or not isinstance(statistic, str) or metric.allows(statistic):
            continue
        if metric.name in _OF_REQUESTS and (
            is_percentile(statistic) or statistic in set(Statistic) - _COUNTS
        ):
            yield Violation(
                path=use.statistic_path,
                got=statistic,
                must=f"be {listed(sorted(metric.statistics), 'or')} for {metric.name}",
                fix=f"Use {metric.default}.",
            )


@rule(
    id="alarm-unit-unpublished",
    title="An alarm should name the unit in which its metric is published, or none",
    why="CloudWatch finds no datapoints of another unit, so the alarm has insufficient data for "
    "ever.",
    fix="Remove the unit.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_unit_unpublished(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        metric, (path, unit) = published(use), use.unit()
        if metric is None or metric.unit is None or not is_string(unit):
            continue
        # AWS's guide gives no unit for counts such as Invocations.
        is_count = {unit, metric.unit.value} <= _WITHOUT_DIMENSION
        if unit != metric.unit.value and not is_count:
            yield Violation(
                path=path,
                got=unit,
                must=f"be {metric.unit}, the unit of {metric.name}",
                fix="Remove `unit`; each metric has one unit only.",
            )


@rule(
    id="alarm-period-too-short",
    title="The period of an alarm should not be shorter than the interval of its metric",
    why="Periods without a datapoint are missing data, so the alarm often has insufficient data. "
    "Such alarms cost more as well.",
    fix="Use a period of 60 seconds, or publish enhanced metrics more often.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT,
    about=(AlarmContext,),
    severity=Severity.WARNING,
)
def alarm_period_too_short(subject: AlarmContext) -> Iterator[Violation]:
    for use in subject.alarm.metric_uses():
        metric, (path, period) = published(use), use.period()
        # `alarm-period-wrong` reports the other periods below a minute.
        if metric is None or metric.name in _EACH_TEN_SECONDS:
            continue
        if not is_integer(period) or period not in _SHORT_PERIODS:
            continue
        interval = _interval(subject, use)
        if interval is not None and period < interval:
            yield Violation(
                path=path,
                got=period,
                must=f"be {interval} or more because {metric.name} has one datapoint in "
                f"{interval} seconds",
                fix=f"Use {interval}, or publish enhanced metrics more often.",
            )


def _interval(subject: AlarmContext, use: MetricUse) -> int | None:
    """Return the seconds between two datapoints of a metric; ``None`` if they are unknown."""
    config = monitored_config(subject, use)
    if config is None:
        is_enhanced = bool(_ENHANCED & (use.dimension_names() or frozenset()))
        return None if is_enhanced else _MINUTE
    metrics: Any = config.config.metrics_config
    if metrics is None:
        return _MINUTE
    if not isinstance(metrics, MetricsConfig) or is_unresolved(metrics.enable_enhanced_metrics):
        return None
    seconds = metrics.metric_publish_frequency_in_seconds
    if not metrics.enable_enhanced_metrics or seconds is None:
        return _MINUTE
    return seconds if is_integer(seconds) else None


RULES: Final = (
    alarm_metric_unknown,
    alarm_metric_dimensions_wrong,
    alarm_statistic_unsuitable,
    alarm_unit_unpublished,
    alarm_period_too_short,
)
