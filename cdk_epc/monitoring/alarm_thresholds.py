"""What the recommended alarms are about, and when they go off."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import attrs

from cdk_epc.catalog.metrics import invocations
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.unresolved import is_integer, is_unresolved

if TYPE_CHECKING:
    from aws_cdk import Duration


class AlarmKind(StrEnum):
    """What a recommended alarm is about."""

    SERVER_ERRORS = "server-errors"
    """The share of requests answered with a 5xx status."""
    CLIENT_ERRORS = "client-errors"
    """The share of requests answered with a 4xx status, which the model gives as well."""
    LATENCY = "latency"
    """What the model takes to answer."""
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    GPU = "gpu"
    GPU_MEMORY = "gpu-memory"
    BACKLOG_AGE = "backlog-age"
    """How long the oldest asynchronous request has been waiting."""
    EXPIRED_REQUESTS = "expired-requests"
    """Asynchronous requests that waited for too long."""
    FAILED_REQUESTS = "failed-requests"
    """Asynchronous requests that failed, or whose input, answer or notification did."""
    CONCURRENCY = "concurrency"
    """How much of a serverless endpoint's greatest concurrency is in use."""
    SPILLOVER = "spillover"
    """Requests that found all provisioned concurrency in use, and may meet a cold start."""
    NO_CAPACITY = "no-capacity"
    """Requests that failed because an inference component had no copy."""


@attrs.frozen(kw_only=True)
class AlarmThresholds:
    """When the recommended alarms go off. What is left out is as it says here.

    Shares are numbers between 0 and 1. An alarm looks at each minute, or at each interval that the
    metrics are published at, where that is longer.

    Attributes:
        server_error_rate: The share of requests answered with a 5xx status.
        client_error_rate: The share of requests answered with a 4xx status.
        min_requests: The requests there must be in a minute for the share of errors to count; any
            number by default. Asynchronous endpoints do not publish how many there are.
        latency: What the model takes to answer. By default half of what SageMaker waits for an
            answer: 30 seconds, and 450 of an asynchronous endpoint.
        latency_statistic: Of which statistic. The guide names no percentiles for asynchronous
            endpoints, so it is their average by default, and ``p99`` of all others.
        cpu: The share of all vCPUs that is in use, over all instances.
        memory: The share of memory in use, of the fullest instance.
        disk: The share of the disk in use, of the fullest instance. By default 0.85, and 0.7 where
            data is captured, for that pauses at 0.75.
        gpu: The share of all GPUs in use, over all instances.
        gpu_memory: The share of the GPUs' memory in use, of the fullest instance.
        concurrency: The share of a serverless endpoint's greatest concurrency in use.
        backlog_age: The age of the oldest asynchronous request; 30 minutes by default.
        expired_requests: Asynchronous requests that expired, in a minute.
        failed_requests: Asynchronous requests that failed, in a minute.
        no_capacity_failures: Requests that found no copy of a component, in a minute. While copies
            start from zero there are some.
        request_minutes: How many of these an alarm about requests looks back.
        bad_request_minutes: In how many of these the threshold is passed.
        utilization_intervals: How many intervals an alarm about what is in use looks back.
        bad_utilization_intervals: In how many of these the threshold is passed.
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
    gpu_memory: float = 0.95
    concurrency: float = 0.9
    backlog_age: Duration | None = None
    expired_requests: int = 1
    failed_requests: int = 1
    no_capacity_failures: int = 1
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
_DURATIONS: Final = ("latency", "backlog_age")
_PARTS: Final = {
    "bad_request_minutes": "request_minutes",
    "bad_utilization_intervals": "utilization_intervals",
}


def violations_of(thresholds: AlarmThresholds) -> Iterator[Violation]:
    """The thresholds that no alarm could pass, or that every one would."""
    given: dict[str, Any] = attrs.asdict(thresholds, recurse=False)
    for name in _SHARES:
        if (share := given[name]) is not None and not (_is_number(share) and 0 < share < 1):
            yield _violation(name, share, "a share, above 0 and below 1")
    for name in _COUNTS:
        if (count := given[name]) is not None and not (is_integer(count) and count >= 1):
            yield _violation(name, count, "1 or more")
    for name, whole in _PARTS.items():
        most = given[whole]
        if is_integer(most) and not (is_integer(given[name]) and 1 <= given[name] <= most):
            yield _violation(name, given[name], f"1 to {most}, which is {whole}")
    for name in _DURATIONS:
        if (duration := given[name]) is not None and not _is_known(duration):
            yield _violation(
                name, duration, "a Duration above 0 that is known before the deployment"
            )
    statistic = given["latency_statistic"]
    is_allowed = isinstance(statistic, str) and invocations.MODEL_LATENCY.allows(statistic)
    if statistic is not None and not is_allowed:
        yield _violation(
            "latency_statistic", statistic, "Average, Maximum, or a percentile like p99"
        )


def _is_number(given: object) -> TypeGuard[float]:
    """Whether it is a number that can be reckoned with: a token cannot."""
    is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
    return is_number and not is_unresolved(given)


def _is_known(duration: Any) -> bool:  # noqa: ANN401 - whatever was given
    return (
        hasattr(duration, "is_unresolved")
        and not duration.is_unresolved()
        and duration.to_milliseconds() > 0
    )


def _violation(name: str, got: object, allowed: str) -> Violation:
    fix = "Write another value, known before the deployment, or leave it out."
    return Violation(path=(name,), got=got, must=f"be {allowed}", fix=fix)
