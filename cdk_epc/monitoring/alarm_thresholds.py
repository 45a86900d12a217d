"""Alarm thresholds: kinds and thresholds of the recommended alarms."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.metrics import invocations
from cdk_epc.constructs.call_signature import arguments_inside, with_hints
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.unresolved import is_integer, is_unresolved

if TYPE_CHECKING:
    from aws_cdk import Duration


class AlarmKind(StrEnum):
    """Kind of a recommended alarm."""

    SERVER_ERRORS = "server-errors"
    """Share of requests with a 5xx status."""
    CLIENT_ERRORS = "client-errors"
    """Share of requests with a 4xx status, which a model may return as well."""
    LATENCY = "latency"
    """Response time of the model."""
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    GPU = "gpu"
    GPU_MEMORY = "gpu-memory"
    BACKLOG_AGE = "backlog-age"
    """Age of the oldest waiting asynchronous request."""
    EXPIRED_REQUESTS = "expired-requests"
    """Asynchronous requests that expired before a response."""
    FAILED_REQUESTS = "failed-requests"
    """Asynchronous requests that failed, or whose input, response or notification failed."""
    CONCURRENCY = "concurrency"
    """Share of a serverless endpoint's maximum concurrency in use."""
    SPILLOVER = "spillover"
    """Requests that arrived while all provisioned concurrency was in use; some of them have a cold
    start."""
    NO_CAPACITY = "no-capacity"
    """Requests that failed because an inference component had no copy."""
    IDLE = "idle"
    """No requests for a long time; only with ``AlarmThresholds.idle``."""


@with_hints
@attrs.frozen(kw_only=True, eq=False, repr=False)
class AlarmThresholds(Record):
    """Thresholds of the recommended alarms.

    Shares are numbers between 0 and 1. The period of an alarm is a minute, or the publishing
    interval of its metric if that is longer.

    Attributes:
        server_error_rate: Share of requests with a 5xx status; 0.05 by default.
        client_error_rate: Share of requests with a 4xx status; 0.2 by default.
        min_requests: Number of requests in a minute below which error rates do not count; no limit
            by default. Asynchronous endpoints do not publish this number.
        latency: Response time of the model. By default half of the time that SageMaker waits: 30
            seconds, and 450 seconds on an asynchronous endpoint.
        latency_statistic: Statistic of the latency. By default ``p99``, and ``Average`` on an
            asynchronous endpoint, for which the guide lists no percentiles.
        cpu: Share of all vCPUs in use, averaged over all instances; 0.9 by default.
        memory: Share of the memory in use, of the fullest instance; 0.9 by default.
        disk: Share of the disk in use, of the fullest instance. By default 0.85, and 0.7 with data
            capture, which pauses at 0.75. Multi-model containers, which fill the disk by design,
            have this alarm only if the share is given.
        gpu: Share of all GPUs in use, averaged over all instances; 0.95 by default.
        gpu_memory: Share of the GPU memory in use, of the fullest instance; 0.95 by default. Model
            servers that reserve all GPU memory when they start, such as vLLM, have this alarm only
            if the share is given.
        concurrency: Share of a serverless endpoint's maximum concurrency in use; 0.9 by default.
        backlog_age: Age of the oldest waiting asynchronous request; 30 minutes by default.
        expired_requests: Number of expired asynchronous requests in a minute; 1 by default.
        failed_requests: Number of failed asynchronous requests in a minute; 1 by default.
        no_capacity_failures: Number of requests in a minute that find no copy of a component; 1 by
            default. There are some while copies start from zero, so a component that ``auto_scale``
            has scaled to zero before has this alarm only if the number is given.
        idle: Time without requests after which the alarm on idleness goes off, in whole minutes up
            to a day or in whole hours up to seven days; no such alarm by default.
        request_minutes: Number of periods that an alarm on requests evaluates; 5 by default.
        bad_request_minutes: Number of these that must be breaching; 3 by default.
        utilization_intervals: Number of periods that an alarm on utilization evaluates; 15 by
            default.
        bad_utilization_intervals: Number of these that must be breaching; 10 by default.
    """

    server_error_rate: float = 0.05
    client_error_rate: float = 0.2
    min_requests: int | None = None
    latency: Duration | None = None
    latency_statistic: str | None = None
    cpu: float = 0.9
    memory: float = 0.9
    disk: float | None = None
    gpu: float = 0.95
    gpu_memory: float | None = None
    concurrency: float = 0.9
    backlog_age: Duration | None = None
    expired_requests: int = 1
    failed_requests: int = 1
    no_capacity_failures: int | None = None
    idle: Duration | None = None
    request_minutes: int = 5
    bad_request_minutes: int = 3
    utilization_intervals: int = 15
    bad_utilization_intervals: int = 10


_SHARES: Final = (
    "server_error_rate",
    "client_error_rate",
    "cpu",
    "memory",
    "disk",
    "gpu",
    "gpu_memory",
    "concurrency",
)
_COUNTS: Final = (
    "min_requests",
    "expired_requests",
    "failed_requests",
    "no_capacity_failures",
    "request_minutes",
    "utilization_intervals",
)
_PARTS: Final = {
    "bad_request_minutes": "request_minutes",
    "bad_utilization_intervals": "utilization_intervals",
}


def violations_of(thresholds: AlarmThresholds) -> Iterator[Violation]:
    """Yield the thresholds that no value, or every value, of their metric passes."""
    given: dict[str, Any] = attrs.asdict(thresholds, recurse=False)
    for name in _SHARES:
        if (share := given[name]) is not None and not (_is_number(share) and 0 < share < 1):
            yield _violation(name, share, "be above 0 and below 1")
    for name in _COUNTS:
        if (count := given[name]) is not None and not (is_integer(count) and count >= 1):
            yield _violation(name, count, "be a whole number, 1 or more")
    for name, whole in _PARTS.items():
        maximum = given[whole]
        if is_integer(maximum) and not (is_integer(given[name]) and 1 <= given[name] <= maximum):
            yield _violation(name, given[name], f"be 1 to {maximum}, the value of {whole}")
    for name, (is_valid_time, must) in _DURATIONS.items():
        if (duration := given[name]) is not None and not is_valid_time(duration):
            yield _violation(name, duration, must)
    statistic = given["latency_statistic"]
    is_valid = isinstance(statistic, str) and invocations.MODEL_LATENCY.allows(statistic)
    if statistic is not None and not is_valid:
        yield _violation(
            "latency_statistic", statistic, "be Average, Maximum or a percentile such as p99"
        )


def _is_number(given: object) -> TypeGuard[float]:
    """Return whether a value is a number, and neither a token nor a boolean."""
    is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
    return is_number and not is_unresolved(given)


def _is_positive_duration(given: Any) -> bool:  # noqa: ANN401 - any argument
    return (
        hasattr(given, "is_unresolved")
        and not given.is_unresolved()
        and given.to_milliseconds() > 0
    )


def _is_idle_time(given: Any) -> bool:  # noqa: ANN401 - any value
    """Return whether an alarm can evaluate a time: up to a day, or seven in periods of an hour."""
    if not _is_positive_duration(given):
        return False
    minutes: float = given.to_milliseconds() / 60_000
    longest = 7 * 24 * 60 if minutes % 60 == 0 else 24 * 60
    return minutes % 1 == 0 and minutes <= longest


_POSITIVE: Final = (_is_positive_duration, "be a Duration above 0, known before the deployment")
_DURATIONS: Final = {
    "latency": _POSITIVE,
    "backlog_age": _POSITIVE,
    "idle": (_is_idle_time, "be a Duration of whole minutes up to a day, or of hours up to 7 days"),
}
"""Test of each duration, and its requirement."""


def _violation(name: str, got: object, must: str) -> Violation:
    fix = f"Change {name}, or remove it to use the default."
    return Violation(path=(name,), got=got, must=must, fix=fix)


def alarm_arguments() -> dict[str, str]:
    """Return the code to write for each threshold that is passed as an argument itself."""
    names = (each.name for each in attrs.fields(AlarmThresholds))
    return arguments_inside("thresholds", "AlarmThresholds", names)
