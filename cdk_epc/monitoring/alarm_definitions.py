"""What recommended alarms watch of instances, and of what components use of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import (
    Feature,
    Per,
    PublishedMetric,
    invocations,
    is_published_by,
    serverless,
)
from cdk_epc.catalog.metrics import (
    async_inference as queues,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.monitoring.alarm_definition import AlarmDefinition, greatest, reading, total
from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.metric_availability import Machine
from cdk_epc.monitoring.metric_math import expression, named
from cdk_epc.monitoring.metric_source import MetricOptions, Place
from cdk_epc.spec import EndpointKind

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric


_DISK: Final = 0.85
_DISK_CAPTURING: Final = 0.7


@attrs.frozen
class LeftOut:
    """An alarm that was not made.

    Attributes:
        kind: What it would have been about.
        of: Whom.
        reason: Why there is none.
    """

    kind: AlarmKind
    of: str
    reason: str


_OF_COMPONENTS: Final = {
    AlarmKind.CPU: hosts.CPU_UTILIZATION_NORMALIZED,
    AlarmKind.GPU: hosts.GPU_UTILIZATION_NORMALIZED,
    AlarmKind.GPU_MEMORY: hosts.GPU_MEMORY_UTILIZATION_NORMALIZED,
}
_METRICS: Final = {
    AlarmKind.CPU: hosts.CPU_UTILIZATION,
    AlarmKind.MEMORY: hosts.MEMORY_UTILIZATION,
    AlarmKind.DISK: hosts.DISK_UTILIZATION,
    AlarmKind.GPU: hosts.GPU_UTILIZATION,
    AlarmKind.GPU_MEMORY: hosts.GPU_MEMORY_UTILIZATION,
}
# The load of all instances is one thing; the memory of one of them runs out alone.
_OF_ALL: Final = frozenset({AlarmKind.CPU, AlarmKind.GPU})
_TOLD: Final = {
    AlarmKind.CPU: "of all vCPUs is in use",
    AlarmKind.MEMORY: "of the memory is in use",
    AlarmKind.DISK: "of the disk is in use",
    AlarmKind.GPU: "of all GPUs is in use",
    AlarmKind.GPU_MEMORY: "of the GPUs' memory is in use",
}


def watched_hosts(
    place: Place, of: str, machine: Machine, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition | LeftOut]:
    """What a variant uses of its instances, or a serverless one of its memory."""
    shares = _shares(machine, thresholds)
    for kind, share in shares.items():
        metric = _metric_of(kind, place)
        if not is_published_by(metric, place.hosting, place.by):
            continue
        if metric.requires is not None and metric.requires in place.lacks:
            continue
        most = _most(metric, machine)
        if isinstance(most, str):
            yield LeftOut(kind, of, most)
        else:
            yield watched_use(place, of, kind, metric, (share, most), thresholds)


def _shares(machine: Machine, thresholds: AlarmThresholds) -> dict[AlarmKind, float]:
    disk = thresholds.disk
    if disk is None:
        disk = _DISK_CAPTURING if machine.is_capturing else _DISK
    return {
        AlarmKind.CPU: thresholds.cpu,
        AlarmKind.MEMORY: thresholds.memory,
        AlarmKind.DISK: disk,
        AlarmKind.GPU: thresholds.gpu,
        AlarmKind.GPU_MEMORY: thresholds.gpu_memory,
    }


def _metric_of(kind: AlarmKind, place: Place) -> PublishedMetric:
    if place.hosting is EndpointKind.INFERENCE_COMPONENTS:
        return _OF_COMPONENTS.get(kind, _METRICS[kind])
    return _METRICS[kind]


def _most(metric: PublishedMetric, machine: Machine) -> float | str:
    """The number that stands for all of it, or why that is not known."""
    most = metric.range.maximum or 0
    if metric.range.per is None:
        if metric.requires is Feature.GPU and not machine.types:
            return "the instance type is not known, so neither is whether it has GPUs"
        return most
    unit = "vCPUs" if metric.range.per is Per.VCPU else "GPUs"
    if not machine.types or not all(each.is_known for each in machine.types):
        return f"the instance type is not known, so neither is its number of {unit}"
    counts = {_count(metric.range.per, each) for each in machine.types}
    if len(counts) > 1:
        return f"the instance types differ in their number of {unit}"
    return most * counts.pop()


def _count(per: Per, instance_type: InstanceType) -> int:
    return (instance_type.vcpus if per is Per.VCPU else instance_type.gpus) or 0


def watched_use(  # noqa: PLR0913, PLR0917 - what an alarm needs
    place: Place,
    of: str,
    kind: AlarmKind,
    metric: PublishedMetric,
    part: tuple[float, float],
    thresholds: AlarmThresholds,
) -> AlarmDefinition:
    """The use of something: more than a share of the number that stands for all of it."""
    share, most = part
    statistic = "Average" if kind in _OF_ALL else "Maximum"
    intervals, bad = thresholds.utilization_intervals, thresholds.bad_utilization_intervals
    return AlarmDefinition(
        kind=kind,
        of=of,
        metric=reading(place, metric, statistic),
        threshold=round(share * most, 6),
        periods=intervals,
        bad_periods=bad,
        seconds=place.period_of(metric),
        reported=f"more than {share * 100:g}% {_TOLD[kind]}",
    )


_AGE: Final = 1800
"""Seconds. Instances that start from zero need some ten minutes, and a request may live for six
hours."""
_FAILURES: Final = (
    queues.INVOCATION_FAILURES,
    queues.REQUEST_DOWNLOAD_FAILURES,
    queues.RESPONSE_UPLOAD_FAILURES,
    queues.NOTIFICATION_FAILURES,
)


def watched_queue(place: Place, thresholds: AlarmThresholds) -> Iterator[AlarmDefinition]:
    """How long requests wait in the queue of an asynchronous endpoint."""
    age: Any = thresholds.backlog_age
    seconds: float = _AGE if age is None else age.to_seconds()
    minutes, bad = thresholds.request_minutes, thresholds.bad_request_minutes
    yield AlarmDefinition(
        kind=AlarmKind.BACKLOG_AGE,
        of="queue",
        metric=reading(place, queues.AGE_OF_OLDEST_REQUEST, "Maximum"),
        threshold=seconds,
        periods=minutes,
        bad_periods=bad,
        reported=f"the oldest request has been waiting for more than {seconds:g} seconds",
    )


def watched_failures(
    place: Place, of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
    """Asynchronous requests that are lost, of which nobody waits for an answer."""
    yield _counted(
        AlarmKind.EXPIRED_REQUESTS,
        of,
        reading(place, queues.EXPIRED_REQUESTS, "Sum"),
        thresholds.expired_requests,
        "requests expired in the queue",
    )
    failures = [(place, reading(place, each, "Sum")) for each in _FAILURES]
    yield _counted(
        AlarmKind.FAILED_REQUESTS,
        of,
        total(failures),
        thresholds.failed_requests,
        "requests, inputs, answers or notifications failed",
    )


def watched_serverless(
    place: Place, of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
    """How near a serverless endpoint is to its greatest concurrency."""
    minutes, bad = thresholds.request_minutes, thresholds.bad_request_minutes
    share = thresholds.concurrency
    yield AlarmDefinition(
        kind=AlarmKind.CONCURRENCY,
        of=of,
        metric=reading(place, serverless.CONCURRENT_EXECUTIONS_UTILIZATION, "Maximum"),
        threshold=share,
        periods=minutes,
        bad_periods=bad,
        reported=f"more than {share * 100:g}% of the greatest concurrency is in use",
    )
    if Feature.PROVISIONED_CONCURRENCY not in place.lacks:
        # The guide lists no sum for it; its greatest sample is above 0 wherever there is one.
        spilt = reading(place, serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS, "Maximum")
        yield AlarmDefinition(
            kind=AlarmKind.SPILLOVER,
            of=of,
            metric=spilt,
            threshold=0,
            periods=minutes,
            bad_periods=bad,
            reported="requests found all provisioned concurrency in use",
        )


def watched_component(
    place: Place, of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
    """Whether a component has copies, and what these use of what they reserve."""
    minutes, bad = thresholds.request_minutes, thresholds.bad_request_minutes
    yield attrs.evolve(
        _counted(
            AlarmKind.NO_CAPACITY,
            of,
            reading(place, invocations.NO_CAPACITY_FAILURES, "Sum"),
            thresholds.no_capacity_failures,
            "requests found no copy of the component",
        ),
        periods=minutes,
        bad_periods=bad,
        seconds=place.period_of(invocations.NO_CAPACITY_FAILURES),
    )
    for kind, metric, share in (
        (AlarmKind.CPU, hosts.COMPONENT_CPU_UTILIZATION, thresholds.cpu),
        (AlarmKind.MEMORY, hosts.COMPONENT_MEMORY_UTILIZATION, thresholds.memory),
        (AlarmKind.GPU, hosts.COMPONENT_GPU_UTILIZATION, thresholds.gpu),
        (AlarmKind.GPU_MEMORY, hosts.COMPONENT_GPU_MEMORY_UTILIZATION, thresholds.gpu_memory),
    ):
        if metric.requires not in place.lacks:
            part = (share, _most_watched_kinds(metric))
            yield watched_use(place, of, kind, metric, part, thresholds)


def _most_watched_kinds(metric: PublishedMetric) -> float:
    return metric.range.maximum or 0


def _counted(kind: AlarmKind, of: str, metric: Any, count: int, reported: str) -> AlarmDefinition:  # noqa: ANN401 - IMetric
    """So many in one minute."""
    return AlarmDefinition(
        kind=kind,
        of=of,
        metric=metric,
        threshold=count,
        is_reached=True,
        periods=1,
        bad_periods=1,
        reported=f"{count} or more {reported}",
    )


_MICROSECONDS: Final = 1_000_000
# Half of what SageMaker waits for a model: 60 seconds, and 15 minutes of an asynchronous one where
# nothing else is asked for (API reference, InvokeEndpoint and InvokeEndpointAsync).
_SECONDS: Final = 30
_SECONDS_QUEUED: Final = 450


def watched_requests(
    places: Sequence[Place], of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
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
    reported: str,
    thresholds: AlarmThresholds,
    interval: int,
) -> AlarmDefinition:
    minutes, bad = thresholds.request_minutes, thresholds.bad_request_minutes
    return AlarmDefinition(
        kind=kind,
        of=of,
        metric=metric,
        threshold=threshold,
        periods=minutes,
        bad_periods=bad,
        seconds=interval,
        reported=reported,
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
    return _SECONDS_QUEUED if place.hosting is EndpointKind.ASYNCHRONOUS else _SECONDS


def _latency_statistic(place: Place, thresholds: AlarmThresholds) -> str:
    if thresholds.latency_statistic is not None:
        return thresholds.latency_statistic
    return "Average" if place.hosting is EndpointKind.ASYNCHRONOUS else "p99"
