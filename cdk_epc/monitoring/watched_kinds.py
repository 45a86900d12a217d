"""What recommended alarms watch of queues, of serverless endpoints and of components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs

from cdk_epc.catalog.metrics import (
    Feature,
    PublishedMetric,
    invocations,
    serverless,
)
from cdk_epc.catalog.metrics import (
    async_inference as queues,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.monitoring.alarm_definition import Watch, reading, total
from cdk_epc.monitoring.alarm_definitions import watched_use
from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.place import Place

_AGE: Final = 1800
"""Seconds. Instances that start from zero need some ten minutes, and a request may live for six
hours."""
_FAILURES: Final = (
    queues.INVOCATION_FAILURES,
    queues.REQUEST_DOWNLOAD_FAILURES,
    queues.RESPONSE_UPLOAD_FAILURES,
    queues.NOTIFICATION_FAILURES,
)


def watched_queue(place: Place, thresholds: AlarmThresholds) -> Iterator[Watch]:
    """How long requests wait in the queue of an asynchronous endpoint."""
    age: Any = thresholds.backlog_age
    seconds: float = _AGE if age is None else age.to_seconds()
    minutes, bad = thresholds.request_minutes, thresholds.bad_request_minutes
    yield Watch(
        kind=AlarmKind.BACKLOG_AGE,
        of="queue",
        metric=reading(place, queues.AGE_OF_OLDEST_REQUEST, "Maximum"),
        threshold=seconds,
        periods=minutes,
        bad_periods=bad,
        told=f"the oldest request has been waiting for more than {seconds:g} seconds",
    )


def watched_failures(place: Place, of: str, thresholds: AlarmThresholds) -> Iterator[Watch]:
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


def watched_serverless(place: Place, of: str, thresholds: AlarmThresholds) -> Iterator[Watch]:
    """How near a serverless endpoint is to its greatest concurrency."""
    minutes, bad = thresholds.request_minutes, thresholds.bad_request_minutes
    share = thresholds.concurrency
    yield Watch(
        kind=AlarmKind.CONCURRENCY,
        of=of,
        metric=reading(place, serverless.CONCURRENT_EXECUTIONS_UTILIZATION, "Maximum"),
        threshold=share,
        periods=minutes,
        bad_periods=bad,
        told=f"more than {share * 100:g}% of the greatest concurrency is in use",
    )
    if Feature.PROVISIONED_CONCURRENCY not in place.lacks:
        # The guide lists no sum for it; its greatest sample is above 0 wherever there is one.
        spilt = reading(place, serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS, "Maximum")
        yield Watch(
            kind=AlarmKind.SPILLOVER,
            of=of,
            metric=spilt,
            threshold=0,
            periods=minutes,
            bad_periods=bad,
            told="requests found all provisioned concurrency in use",
        )


def watched_component(place: Place, of: str, thresholds: AlarmThresholds) -> Iterator[Watch]:
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
        if metric.needs not in place.lacks:
            part = (share, _most(metric))
            yield watched_use(place, of, kind, metric, part, thresholds)


def _most(metric: PublishedMetric) -> float:
    return metric.range.most or 0


def _counted(kind: AlarmKind, of: str, metric: Any, count: int, told: str) -> Watch:  # noqa: ANN401 - IMetric
    """So many in one minute."""
    return Watch(
        kind=kind,
        of=of,
        metric=metric,
        threshold=count,
        is_reached=True,
        periods=1,
        bad_periods=1,
        told=f"{count} or more {told}",
    )
