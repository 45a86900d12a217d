"""Rules of the form of alarms: period, window, threshold and metric."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.rule import Evidence, Violation, Words, rule
from cdk_epc.spec import Path
from cdk_epc.spec.alarm import AlarmSpec, ComparisonOperator, MetricDataQuery, MetricStat
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_set, is_string, items_of

_CLOUDWATCH: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/"
_PUT: Final = f"{_CLOUDWATCH}APIReference/API_PutMetricAlarm.html"
_ABOUT: Final = (AlarmSpec,)
_SHORT_PERIODS: Final = (10, 20, 30)
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800
_BANDS: Final = frozenset(
    {
        ComparisonOperator.OUTSIDE_BAND.value,
        ComparisonOperator.BELOW_BAND.value,
        ComparisonOperator.ABOVE_BAND.value,
    }
)
_CLASSIC: Final = (
    "metric_name",
    "metrics",
    "namespace",
    "dimensions",
    "period",
    "unit",
    "statistic",
    "extended_statistic",
    "threshold",
    "comparison_operator",
    "threshold_metric_id",
    "evaluation_periods",
    "datapoints_to_alarm",
)
"""Members that AWS excludes beside ``EvaluationCriteria``."""
_PERCENTILE: Final = re.compile(r"p(\d+)(\.\d+)?", re.ASCII)
_STATISTICS: Final = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_EXTENDED: Final = re.compile(
    r"IQM|p\d+(\.\d+)?|(?:tm|tc|ts|wm)\d+(\.\d+)?|(?:PR|TM|TC|TS|WM)\([^()]*\)",
    re.ASCII | re.IGNORECASE,
)


def _is_classic(alarm: AlarmSpec) -> bool:
    """Return whether an alarm is on metrics, not on a PromQL query."""
    return alarm.evaluation_criteria is None


def _periods(alarm: AlarmSpec) -> Iterator[tuple[Path, Any]]:
    """Yield the periods of an alarm with their paths."""
    yield ("period",), alarm.period
    for path, query in _queries(alarm):
        yield (*path, "period"), query.period
        if isinstance(query.metric_stat, MetricStat):
            yield (*path, "metric_stat", "period"), query.metric_stat.period


def _queries(alarm: AlarmSpec) -> Iterator[tuple[Path, MetricDataQuery]]:
    for index, query in enumerate(items_of(alarm.metrics)):
        if isinstance(query, MetricDataQuery):
            yield ("metrics", index), query


def _is_period(period: int) -> bool:
    return period in _SHORT_PERIODS or (period >= _MINUTE and period % _MINUTE == 0)


@rule(
    id="alarm-period-wrong",
    title="The period of an alarm must be 10, 20, 30 or a multiple of 60 seconds",
    why="CloudWatch refuses the alarm: Period must be 10, 20, 30 or a multiple of 60.",
    fix="Use 60 seconds; most metrics of SageMaker have one datapoint a minute.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
)
def alarm_period_wrong(alarm: AlarmSpec) -> Iterator[Violation]:
    for path, period in _periods(alarm):
        if is_integer(period) and not _is_period(period):
            yield Violation(
                path=path,
                got=period,
                must="be 10, 20, 30 or a multiple of 60",
                fix="Use 60.",
            )


@rule(
    id="alarm-window-too-long",
    title="An alarm must evaluate one day at most, or seven days in periods of an hour or more",
    why="CloudWatch refuses the alarm: EvaluationPeriods * Period must be <= 86400.",
    fix="Lower the number of periods, or use periods of an hour.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
)
def alarm_window_too_long(alarm: AlarmSpec) -> Iterator[Violation]:
    count = alarm.evaluation_periods
    periods = [period for _, period in _periods(alarm) if is_integer(period) and _is_period(period)]
    if not is_integer(count) or not periods:
        return
    period = max(periods)
    limit = _WEEK if period >= _HOUR else _DAY
    if count * period > limit:
        yield Violation(
            path=("evaluation_periods",),
            got=count,
            must=f"be {limit // period} or less with a period of {period} seconds",
            fix="Lower the number of periods, or use periods of an hour for up to seven days.",
        )


@rule(
    id="alarm-datapoints-too-large",
    title="An alarm must not need more datapoints than it evaluates periods",
    why="CloudWatch refuses the alarm: DatapointsToAlarm must be less than or equal to "
    "EvaluationPeriods.",
    fix="Raise the number of evaluated periods.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
    requires=("datapoints_to_alarm",),
)
def alarm_datapoints_too_large(alarm: AlarmSpec) -> Iterator[Violation]:
    points, periods = alarm.datapoints_to_alarm, alarm.evaluation_periods
    if is_integer(points) and is_integer(periods) and points > periods:
        yield Violation(
            path=("datapoints_to_alarm",),
            got=points,
            must=f"not exceed `evaluation_periods` ({periods})",
            fix="Raise `evaluation_periods`, or lower `datapoints_to_alarm`.",
        )


@rule(
    id="alarm-threshold-mismatch",
    title="The threshold of an alarm must fit its comparison operator",
    why="CloudWatch compares with a number, or with the band of an anomaly detector for the "
    "operators of ranges, and refuses an alarm with neither or both.",
    fix="Set Threshold, or ThresholdMetricId for a band.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
)
def alarm_threshold_mismatch(alarm: AlarmSpec) -> Iterator[Violation]:
    operator, band = alarm.comparison_operator, alarm.threshold_metric_id
    if not _is_classic(alarm):
        return
    if is_resolved(alarm.threshold) and is_set(band):
        yield Violation(
            path=("threshold",),
            got=alarm.threshold,
            not_allowed="beside `threshold_metric_id`",
            fix="Remove one of them.",
        )
    elif is_string(operator) and operator in _BANDS and band is None:
        yield Violation(
            path=("threshold_metric_id",),
            required=f"for {operator}",
            fix="Name the query with the band, or use an operator such as GreaterThanThreshold.",
        )
    elif (
        is_string(operator) and operator not in _BANDS and alarm.threshold is None and band is None
    ):
        yield Violation(
            path=("threshold",),
            required=f"for {operator}",
            fix="Set `threshold`.",
        )
    if is_string(band) and (ids := _returned_ids(alarm)) is not None and band not in ids:
        yield Violation(
            path=("threshold_metric_id",),
            got=band,
            must="be the id of a query that returns data",
            fix="Name the query with the band, and let it return data.",
        )


def _returned(alarm: AlarmSpec) -> list[MetricDataQuery] | None:
    """Return the queries that return data; ``None`` where one is unknown."""
    queries = items_of(alarm.metrics)
    # An unresolved query has no members.
    values = [getattr(query, "return_data", ...) for query in queries]
    if not all(value is None or isinstance(value, bool) for value in values):
        return None
    return [query for query in queries if query.return_data is not False]


def _returned_ids(alarm: AlarmSpec) -> set[object] | None:
    ids: set[object] = {query.id for query in _returned(alarm) or ()}
    return ids if ids and all(map(is_string, ids)) else None


@rule(
    id="alarm-metric-mismatch",
    title="An alarm must be on one metric with a statistic, or on a list of queries",
    why="CloudWatch refuses an alarm without a metric, with several kinds of metrics, or without "
    "the members that its kind needs.",
    fix="Set MetricName, Namespace and Statistic, or Metrics alone.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT,
    about=_ABOUT,
)
def alarm_metric_mismatch(alarm: AlarmSpec) -> Iterator[Violation]:
    if not _is_classic(alarm):
        return
    if alarm.metrics is not None:
        yield from _beside_queries(alarm)
    elif alarm.metric_name is None:
        yield _missing("metric_name", "because the alarm has no `metrics` either")
    else:
        yield from _single_metric(alarm)
    for name in ("comparison_operator", "evaluation_periods"):
        if getattr(alarm, name) is None:
            yield _missing(name, "for an alarm on metrics")


def _missing(name: str, required: str) -> Violation:
    return Violation(path=(name,), required=required, fix=f"Add `{name}`.")


def _beside_queries(alarm: AlarmSpec) -> Iterator[Violation]:
    names = (
        "metric_name",
        "namespace",
        "dimensions",
        "period",
        "unit",
        "statistic",
        "extended_statistic",
    )
    if not is_resolved(alarm.metrics):
        return
    for name in names:
        if is_set(getattr(alarm, name)):
            yield Violation(
                path=(name,),
                got=Words("given"),
                sentence=f"`{name}` is not allowed beside `metrics`",
                fix=f"Remove `{name}`; each query has its own.",
            )
            return


def _single_metric(alarm: AlarmSpec) -> Iterator[Violation]:
    if alarm.namespace is None:
        yield _missing("namespace", "beside `metric_name`")
    if alarm.period is None:
        yield _missing("period", "beside `metric_name`")
    if alarm.statistic is None and alarm.extended_statistic is None:
        yield _missing("statistic", "because the alarm has no `extended_statistic` either")
    elif is_set(alarm.statistic) and is_set(alarm.extended_statistic):
        yield Violation(
            path=("extended_statistic",),
            got=alarm.extended_statistic,
            not_allowed="beside `statistic`",
            fix="Remove one of them.",
        )


@rule(
    id="alarm-queries-wrong",
    title="The queries of an alarm must be metrics or expressions, and one must return data",
    why="CloudWatch refuses the alarm: Exactly one element of the metrics list should return data "
    "(two for an alarm on a band). At most 10 metrics and 10 expressions are allowed, and "
    "SEARCH is not.",
    fix="Set ReturnData to false for all queries except the compared one.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_CLOUDWATCH}APIReference/API_MetricDataQuery.html",
    about=_ABOUT,
    requires=("metrics",),
)
def alarm_queries_wrong(alarm: AlarmSpec) -> Iterator[Violation]:
    queries = items_of(alarm.metrics)
    if not queries:
        return
    returned, wanted = _returned(alarm), 1 if alarm.threshold_metric_id is None else 2
    if returned is not None and len(returned) != wanted:
        yield Violation(
            path=("metrics",),
            got=Words(f"{len(returned)} queries that return data"),
            sentence=f"`metrics` has {len(returned) or 'no'} queries that return data; must have "
            f"exactly {wanted}",
            fix="Set `return_data` to false for the other queries.",
        )
    for name, word in (("metric_stat", "metrics"), ("expression", "expressions")):
        count = sum(is_set(getattr(query, name, None)) for query in queries)
        if count > 10:  # noqa: PLR2004 - the quota
            yield Violation(
                path=("metrics",),
                got=Words(f"{count} {word}"),
                must=f"have at most 10 {word}",
                fix=f"Remove some of the {word}.",
            )
    for path, query in _queries(alarm):
        yield from _wrong_query(path, query)


def _wrong_query(path: Path, query: MetricDataQuery) -> Iterator[Violation]:
    if is_set(query.expression) and is_resolved(query.metric_stat):
        yield Violation(
            path=(*path, "expression"),
            got=query.expression,
            not_allowed="beside `metric_stat`",
            fix="Move one of them to another query.",
        )
    elif query.expression is None and query.metric_stat is None:
        yield Violation(
            path=(*path, "metric_stat"),
            required="because the query has no `expression` either",
            fix="Add one of them.",
        )
    if is_string(query.expression) and re.search(r"\bSEARCH\s*\(", query.expression):
        yield Violation(
            path=(*path, "expression"),
            got=query.expression,
            must="not use SEARCH, which alarms do not support",
            fix="Name each metric in a query of its own.",
        )


@rule(
    id="alarm-statistic-invalid",
    title="The statistic of an alarm must be one that CloudWatch knows",
    why="CloudWatch refuses the alarm, for example with: The value p101 for parameter "
    "ExtendedStatistic is not supported.",
    fix="Use Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p99.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_CLOUDWATCH}monitoring/Statistics-definitions.html",
    about=_ABOUT,
)
def alarm_statistic_invalid(alarm: AlarmSpec) -> Iterator[Violation]:
    if is_string(alarm.statistic) and alarm.statistic not in _STATISTICS:
        extended = " or `extended_statistic`" if _EXTENDED.fullmatch(alarm.statistic) else ""
        yield Violation(
            path=("statistic",),
            got=alarm.statistic,
            must=f"be {', '.join(_STATISTICS[:-1])} or {_STATISTICS[-1]}",
            fix=f"Use one of them{extended}.",
        )
    extended_statistic = alarm.extended_statistic
    if is_string(extended_statistic) and _is_beyond_100(extended_statistic):
        yield _beyond_100(("extended_statistic",), extended_statistic)
    for path, query in _queries(alarm):
        stat = query.metric_stat.stat if isinstance(query.metric_stat, MetricStat) else None
        place = (*path, "metric_stat", "stat")
        if not is_string(stat):
            continue
        if _is_beyond_100(stat):
            yield _beyond_100(place, stat)
        elif stat not in _STATISTICS and not _EXTENDED.fullmatch(stat):
            yield Violation(
                path=place,
                got=stat,
                must="be a statistic of CloudWatch",
                fix="Use Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p99.",
            )


def _is_beyond_100(statistic: str) -> bool:
    # CloudWatch accepts p100.5, so only the whole part is compared.
    match = _PERCENTILE.fullmatch(statistic)
    return match is not None and int(match[1]) > 100  # noqa: PLR2004 - percent


def _beyond_100(path: Path, statistic: str) -> Violation:
    return Violation(
        path=path, got=statistic, must="be a percentile up to p100", fix="Use for example p99."
    )


@rule(
    id="alarm-low-samples-without-percentile",
    title="The treatment of few samples must be set for percentiles only",
    why="CloudWatch refuses the alarm: Option evaluateLowSampleCountPercentile can not be applied "
    "with statistic.",
    fix="Remove EvaluateLowSampleCountPercentile.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
    requires=("evaluate_low_sample_count_percentile",),
)
def alarm_low_samples_without_percentile(alarm: AlarmSpec) -> Iterator[Violation]:
    if is_set(alarm.evaluate_low_sample_count_percentile) and is_set(alarm.statistic):
        yield Violation(
            path=("evaluate_low_sample_count_percentile",),
            got=alarm.evaluate_low_sample_count_percentile,
            not_allowed="because `statistic` is no percentile",
            fix="Remove `evaluate_low_sample_count_percentile`, or use `extended_statistic`.",
        )


@rule(
    id="alarm-metric-name-invalid",
    title="Namespace and dimensions of an alarm must be ASCII and not begin with a colon",
    why="CloudWatch refuses the alarm: Namespace must not contain Non-ASCII characters.",
    fix="Write the names as the metric is published.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
)
def alarm_metric_name_invalid(alarm: AlarmSpec) -> Iterator[Violation]:
    metrics: list[tuple[Path, Any]] = [(use.path, use.metric) for use in alarm.metric_uses()]
    for path, metric in metrics:
        texts = [((*path, "namespace"), metric.namespace)]
        for index, dimension in enumerate(items_of(metric.dimensions)):
            place = (*path, "dimensions", index)
            texts.append(((*place, "name"), getattr(dimension, "name", None)))
            texts.append(((*place, "value"), getattr(dimension, "value", None)))
        for place, text in texts:
            has_colon = place[-1] != "value" and str(text).startswith(":")
            # `value-length-wrong` reports an empty text.
            is_blank = bool(text) and not str(text).strip()
            if is_string(text) and (is_blank or not text.isascii() or has_colon):
                yield Violation(
                    path=place,
                    got=text,
                    must="be ASCII text that is not blank and does not begin with a colon",
                    fix="Write the name as the metric is published.",
                )


@rule(
    id="alarm-evaluation-mismatch",
    title="An alarm on a PromQL query must have an interval, and no other alarm may have one",
    why="CloudWatch evaluates a query at the interval, and a metric at its period.",
    fix="Set the interval beside EvaluationCriteria only.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT,
    about=_ABOUT,
)
def alarm_evaluation_mismatch(alarm: AlarmSpec) -> Iterator[Violation]:
    interval = alarm.evaluation_interval
    if _is_classic(alarm):
        if is_resolved(interval) and (alarm.metric_name is not None or alarm.metrics is not None):
            yield Violation(
                path=("evaluation_interval",),
                got=interval,
                not_allowed="for an alarm on metrics",
                fix="Remove `evaluation_interval`; `period` is the interval of a metric.",
            )
        return
    if interval is None:
        yield _missing("evaluation_interval", "beside `evaluation_criteria`")
    elif is_integer(interval) and (not _is_period(interval) or interval > _HOUR):
        yield Violation(
            path=("evaluation_interval",),
            got=interval,
            must="be 10, 20, 30 or a multiple of 60 up to 3600",
            fix="Use 60.",
        )
    if is_resolved(alarm.evaluation_criteria):
        for name in _CLASSIC:
            given = getattr(alarm, name)
            if given is not None and is_resolved(given):
                yield Violation(
                    path=(name,),
                    got=Words("given"),
                    sentence=f"`{name}` is not allowed beside `evaluation_criteria`",
                    fix=f"Remove `{name}`.",
                )
                return


RULES: Final = (
    alarm_period_wrong,
    alarm_window_too_long,
    alarm_datapoints_too_large,
    alarm_threshold_mismatch,
    alarm_metric_mismatch,
    alarm_queries_wrong,
    alarm_statistic_invalid,
    alarm_low_samples_without_percentile,
    alarm_metric_name_invalid,
    alarm_evaluation_mismatch,
)
