"""What recommended alarms watch of requests: errors as a share, and the model's latency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from cdk_epc.catalog.metrics import PublishedMetric, invocations
from cdk_epc.monitoring.alarm_definition import Watch, greatest, reading
from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.metric_math import expression, named
from cdk_epc.monitoring.options import MetricOptions
from cdk_epc.monitoring.place import Place
from cdk_epc.spec import Hosting

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric

_MICROSECONDS: Final = 1_000_000
# Half of what SageMaker waits for a model: 60 seconds, and 15 minutes of an asynchronous one where
# nothing else is asked for (API reference, InvokeEndpoint and InvokeEndpointAsync).
_SECONDS: Final = 30
_SECONDS_QUEUED: Final = 450


def watched_requests(
    places: Sequence[Place], of: str, thresholds: AlarmThresholds
) -> Iterator[Watch]:
    """Errors and latency of one place, or the worst of several."""
    interval = places[0].period_of(invocations.MODEL_LATENCY)
    for kind, metric, rate, status in (
        (AlarmKind.SERVER_ERRORS, invocations.SERVER_ERRORS, thresholds.server_error_rate, "5xx"),
        (AlarmKind.CLIENT_ERRORS, invocations.CLIENT_ERRORS, thresholds.client_error_rate, "4xx"),
    ):
        yield _watch(
            kind,
            of,
            _errors(places, metric, thresholds.min_requests),
            rate,
            f"more than {rate * 100:g}% of the requests got a {status} status",
            thresholds,
            interval,
        )
    seconds = _latency(places[0], thresholds)
    statistic = _latency_statistic(places[0], thresholds)
    yield _watch(
        AlarmKind.LATENCY,
        of,
        greatest([(each, reading(each, invocations.MODEL_LATENCY, statistic)) for each in places]),
        seconds * _MICROSECONDS,
        f"the model's latency ({statistic}) is above {seconds:g} seconds",
        thresholds,
        interval,
    )


def _watch(  # noqa: PLR0913, PLR0917 - what an alarm needs
    kind: AlarmKind,
    of: str,
    metric: IMetric,
    threshold: float,
    told: str,
    thresholds: AlarmThresholds,
    interval: int,
) -> Watch:
    minutes, bad = thresholds.request_minutes, thresholds.bad_request_minutes
    return Watch(
        kind=kind,
        of=of,
        metric=metric,
        threshold=threshold,
        periods=minutes,
        bad_periods=bad,
        seconds=interval,
        told=told,
    )


def _errors(places: Sequence[Place], metric: PublishedMetric, least: int | None) -> IMetric:
    """The share of errors: the average of zeros and ones, and 0 while there are few requests."""
    shares = [(each, reading(each, metric, "Average")) for each in places]
    if least is None:
        return greatest(shares)
    counts = named((each, reading(each, invocations.INVOCATIONS, "Sum")) for each in places)
    every = named(shares)
    terms = [
        f"IF({count} >= {least}, {share}, 0)" for count, share in zip(counts, every, strict=True)
    ]
    text = terms[0] if len(terms) == 1 else f"MAX([{', '.join(terms)}])"
    return expression(text, {**every, **counts}, MetricOptions(period=shares[0][1].period))


def _latency(place: Place, thresholds: AlarmThresholds) -> float:
    if thresholds.latency is not None:
        milliseconds: float = thresholds.latency.to_milliseconds()
        return milliseconds / 1000
    return _SECONDS_QUEUED if place.hosting is Hosting.ASYNCHRONOUS else _SECONDS


def _latency_statistic(place: Place, thresholds: AlarmThresholds) -> str:
    if thresholds.latency_statistic is not None:
        return thresholds.latency_statistic
    return "Average" if place.hosting is Hosting.ASYNCHRONOUS else "p99"
