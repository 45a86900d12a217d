"""Alarm definitions: the recommended alarms of each kind of resource."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc._records import Record
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
from cdk_epc.monitoring.alarm_definition import AlarmDefinition, alarm_metric
from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.metric_factory import published_metric
from cdk_epc.monitoring.metric_math import by_identifier, expression, maximum, total
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, MetricSource, duration
from cdk_epc.monitoring.resource_facts import Copies, Machine
from cdk_epc.spec import EndpointKind

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric


@attrs.frozen(eq=False, repr=False)
class LeftOutAlarm(Record):
    """Recommended alarm that was left out.

    Attributes:
        kind: Kind of the alarm.
        of: Name of the variant or component.
        reason: Reason for which there is no alarm.
    """

    kind: AlarmKind
    of: str
    reason: str


_MICROSECONDS: Final = 1_000_000
# Half of the time that SageMaker waits for a model: 60 seconds, and 15 minutes on an asynchronous
# endpoint without another limit (API reference, InvokeEndpoint and InvokeEndpointAsync).
_LATENCY: Final = 30
_ASYNCHRONOUS_LATENCY: Final = 450


def request_alarms(
    sources: Sequence[MetricSource], of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
    """Yield the alarms on error rates and latency: of one resource, or of the worst of several."""
    period = sources[0].period_of(invocations.MODEL_LATENCY)
    for kind, metric, rate, status in (
        (AlarmKind.SERVER_ERRORS, invocations.SERVER_ERRORS, thresholds.server_error_rate, "5xx"),
        (AlarmKind.CLIENT_ERRORS, invocations.CLIENT_ERRORS, thresholds.client_error_rate, "4xx"),
    ):
        yield AlarmDefinition(
            kind=kind,
            of=of,
            metric=_error_rate(sources, metric, thresholds.min_requests),
            threshold=rate,
            periods=thresholds.request_minutes,
            breaching_periods=thresholds.bad_request_minutes,
            period=period,
            condition=f"more than {rate * 100:g}% of the requests have a {status} status",
        )
    seconds, statistic = _latency(sources[0], thresholds)
    latencies = [
        (each, alarm_metric(each, invocations.MODEL_LATENCY, statistic)) for each in sources
    ]
    yield AlarmDefinition(
        kind=AlarmKind.LATENCY,
        of=of,
        metric=maximum(latencies),
        threshold=seconds * _MICROSECONDS,
        periods=thresholds.request_minutes,
        breaching_periods=thresholds.bad_request_minutes,
        period=period,
        condition=f"the model latency ({statistic}) is above {seconds:g} seconds",
    )


def _error_rate(
    sources: Sequence[MetricSource], metric: PublishedMetric, min_requests: int | None
) -> IMetric:
    """Return the error rate, which is 0 below the minimum number of requests.

    Each sample of the metric is 0 or 1, so that the average is the rate.
    """
    rates = [(each, alarm_metric(each, metric, "Average")) for each in sources]
    if min_requests is None:
        return maximum(rates)
    counts = by_identifier(
        (each, alarm_metric(each, invocations.INVOCATIONS, "Sum")) for each in sources
    )
    named_rates = by_identifier(rates)
    terms = [
        f"IF({count} >= {min_requests}, {rate}, 0)"
        for count, rate in zip(counts, named_rates, strict=True)
    ]
    text = terms[0] if len(terms) == 1 else f"MAX([{', '.join(terms)}])"
    options = MetricOptions(period=rates[0][1].period)
    return expression(text, {**named_rates, **counts}, options)


def _latency(source: MetricSource, thresholds: AlarmThresholds) -> tuple[float, str]:
    """Return the maximum latency in seconds, and its statistic."""
    is_asynchronous = source.endpoint_kind is EndpointKind.ASYNCHRONOUS
    statistic = thresholds.latency_statistic or ("Average" if is_asynchronous else "p99")
    if thresholds.latency is not None:
        milliseconds: float = thresholds.latency.to_milliseconds()
        return milliseconds / 1000, statistic
    return _ASYNCHRONOUS_LATENCY if is_asynchronous else _LATENCY, statistic


def idle_alarms(
    source: MetricSource, of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
    """Yield the alarm on a long time without requests, if the caller wants it."""
    if thresholds.idle is None or not is_published_by(
        invocations.INVOCATIONS, source.endpoint_kind, source.dimension_set
    ):
        return
    seconds = int(thresholds.idle.to_seconds())
    # CloudWatch evaluates at most a day in periods of less than an hour.
    period = _HOUR if seconds % _HOUR == 0 else MINUTE
    metric = published_metric(
        source,
        invocations.INVOCATIONS,
        MetricOptions(statistic="Sum", period=duration(period)),
        has_unit=False,
        is_attached=False,
    )
    yield AlarmDefinition(
        kind=AlarmKind.IDLE,
        of=of,
        metric=metric,
        threshold=1,
        is_minimum=True,
        periods=seconds // period,
        breaching_periods=seconds // period,
        period=period,
        condition="there are no requests",
    )


_HOUR: Final = 3600
_GPU_MEMORY: Final = 0.95
_NO_CAPACITY_FAILURES: Final = 1
_RESERVED: Final = "the model server reserves all GPU memory when it starts"
_DISK: Final = 0.85
_DISK_WITH_CAPTURE: Final = 0.7
_COMPONENT_HOST_METRICS: Final = {
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
# Requests are distributed over all instances, but each instance runs out of memory by itself.
_AVERAGED: Final = frozenset({AlarmKind.CPU, AlarmKind.GPU})
_RESOURCES: Final = {
    AlarmKind.CPU: "all vCPUs are",
    AlarmKind.MEMORY: "the memory is",
    AlarmKind.DISK: "the disk is",
    AlarmKind.GPU: "all GPUs are",
    AlarmKind.GPU_MEMORY: "the GPU memory is",
}


def utilization_alarms(
    source: MetricSource, of: str, machine: Machine, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition | LeftOutAlarm]:
    """Yield the alarms on the utilization of instances, or of a serverless variant's memory."""
    for kind, share in _shares(machine, thresholds).items():
        metric = _utilization_metric(kind, source)
        if not is_published_by(metric, source.endpoint_kind, source.dimension_set):
            continue
        if metric.requires is not None and metric.requires in source.unused_features:
            continue
        full = _unsuited(kind, machine, thresholds) or _full_utilization(metric, machine)
        if isinstance(full, str):
            yield LeftOutAlarm(kind, of, full)
        else:
            yield _utilization_alarm(source, of, kind, metric, (share, full), thresholds)


def _unsuited(kind: AlarmKind, machine: Machine, thresholds: AlarmThresholds) -> str | None:
    """Return the reason for which an alarm would be on in normal operation, if there is one."""
    if kind is AlarmKind.DISK and thresholds.disk is None and machine.is_multi_model:
        return "a multi-model container fills the disk with models, and then removes some of them"
    is_default = thresholds.gpu_memory is None
    if kind is AlarmKind.GPU_MEMORY and is_default and machine.reserves_gpu_memory:
        return _RESERVED
    return None


def _gpu_memory(thresholds: AlarmThresholds) -> float:
    return _GPU_MEMORY if thresholds.gpu_memory is None else thresholds.gpu_memory


def _shares(machine: Machine, thresholds: AlarmThresholds) -> dict[AlarmKind, float]:
    disk = thresholds.disk
    if disk is None:
        disk = _DISK_WITH_CAPTURE if machine.is_capturing else _DISK
    return {
        AlarmKind.CPU: thresholds.cpu,
        AlarmKind.MEMORY: thresholds.memory,
        AlarmKind.DISK: disk,
        AlarmKind.GPU: thresholds.gpu,
        AlarmKind.GPU_MEMORY: _gpu_memory(thresholds),
    }


def _utilization_metric(kind: AlarmKind, source: MetricSource) -> PublishedMetric:
    if source.endpoint_kind is EndpointKind.INFERENCE_COMPONENTS:
        return _COMPONENT_HOST_METRICS.get(kind, _METRICS[kind])
    return _METRICS[kind]


def _full_utilization(metric: PublishedMetric, machine: Machine) -> float | str:
    """Return the value of the metric at full utilization, or the reason for which it is unknown."""
    maximum_of_one = metric.range.maximum or 0
    if metric.range.per is None:
        if metric.requires is Feature.GPU and not machine.types:
            return "the instance type is unknown, so it may have no GPU"
        return maximum_of_one
    unit = "vCPUs" if metric.range.per is Per.VCPU else "GPUs"
    if not machine.types or not all(each.is_known for each in machine.types):
        return f"the instance type is unknown, and with it the number of {unit}"
    counts = {_count(metric.range.per, each) for each in machine.types}
    if len(counts) > 1:
        return f"the instance types have different numbers of {unit}"
    return maximum_of_one * counts.pop()


def _count(per: Per, instance_type: InstanceType) -> int:
    return (instance_type.vcpus if per is Per.VCPU else instance_type.gpus) or 0


def _utilization_alarm(  # noqa: PLR0913, PLR0917 - the parts of an alarm
    source: MetricSource,
    of: str,
    kind: AlarmKind,
    metric: PublishedMetric,
    share_of_full: tuple[float, float],
    thresholds: AlarmThresholds,
) -> AlarmDefinition:
    """Return an alarm on more than a share of full utilization."""
    share, full = share_of_full
    statistic = "Average" if kind in _AVERAGED else "Maximum"
    return AlarmDefinition(
        kind=kind,
        of=of,
        metric=alarm_metric(source, metric, statistic),
        threshold=round(share * full, 6),
        periods=thresholds.utilization_intervals,
        breaching_periods=thresholds.bad_utilization_intervals,
        period=source.period_of(metric),
        condition=f"more than {share * 100:g}% of {_RESOURCES[kind]} in use",
    )


QUEUE: Final = "queue"
"""Resource of the alarm on the queue of an asynchronous endpoint."""

_BACKLOG_AGE: Final = 1800
"""Seconds. Instances start from zero in about ten minutes; requests expire after six hours."""
_FAILURES: Final = (
    queues.INVOCATION_FAILURES,
    queues.REQUEST_DOWNLOAD_FAILURES,
    queues.RESPONSE_UPLOAD_FAILURES,
    queues.NOTIFICATION_FAILURES,
)


def queue_alarms(source: MetricSource, thresholds: AlarmThresholds) -> Iterator[AlarmDefinition]:
    """Yield the alarm on the age of the backlog of an asynchronous endpoint."""
    age: Any = thresholds.backlog_age
    seconds: float = _BACKLOG_AGE if age is None else age.to_seconds()
    yield AlarmDefinition(
        kind=AlarmKind.BACKLOG_AGE,
        of=QUEUE,
        metric=alarm_metric(source, queues.AGE_OF_OLDEST_REQUEST, "Maximum"),
        threshold=seconds,
        periods=thresholds.request_minutes,
        breaching_periods=thresholds.bad_request_minutes,
        condition=f"the oldest request has been waiting for more than {seconds:g} seconds",
    )


def asynchronous_alarms(
    source: MetricSource, of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
    """Yield the alarms on expired and failed asynchronous requests, whose callers do not wait."""
    yield _count_alarm(
        AlarmKind.EXPIRED_REQUESTS,
        of,
        alarm_metric(source, queues.EXPIRED_REQUESTS, "Sum"),
        thresholds.expired_requests,
        "requests expired in the queue",
    )
    failures = [(source, alarm_metric(source, each, "Sum")) for each in _FAILURES]
    yield _count_alarm(
        AlarmKind.FAILED_REQUESTS,
        of,
        total(failures),
        thresholds.failed_requests,
        "requests, downloads of input, uploads of responses or notifications failed",
    )


def serverless_alarms(
    source: MetricSource, of: str, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition]:
    """Yield the alarms on the concurrency of a serverless variant."""
    share = thresholds.concurrency
    yield AlarmDefinition(
        kind=AlarmKind.CONCURRENCY,
        of=of,
        metric=alarm_metric(source, serverless.CONCURRENT_EXECUTIONS_UTILIZATION, "Maximum"),
        threshold=share,
        periods=thresholds.request_minutes,
        breaching_periods=thresholds.bad_request_minutes,
        condition=f"more than {share * 100:g}% of the maximum concurrency is in use",
    )
    if Feature.PROVISIONED_CONCURRENCY not in source.unused_features:
        # The guide lists no sum of this metric. Its maximum is above 0 wherever there is a sample.
        spillover = serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS
        yield AlarmDefinition(
            kind=AlarmKind.SPILLOVER,
            of=of,
            metric=alarm_metric(source, spillover, "Maximum"),
            threshold=0,
            periods=thresholds.request_minutes,
            breaching_periods=thresholds.bad_request_minutes,
            condition="all provisioned concurrency was in use when requests arrived",
        )


def component_alarms(
    source: MetricSource, of: str, copies: Copies, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition | LeftOutAlarm]:
    """Yield the alarms on missing copies of a component, and on the utilization of its copies."""
    failures = thresholds.no_capacity_failures
    if failures is None and copies.scale_to_zero:
        reason = "requests find no copy whenever copies start from zero"
        yield LeftOutAlarm(AlarmKind.NO_CAPACITY, of, reason)
    else:
        yield attrs.evolve(
            _count_alarm(
                AlarmKind.NO_CAPACITY,
                of,
                alarm_metric(source, invocations.NO_CAPACITY_FAILURES, "Sum"),
                _NO_CAPACITY_FAILURES if failures is None else failures,
                "requests found no copy of the component",
            ),
            periods=thresholds.request_minutes,
            breaching_periods=thresholds.bad_request_minutes,
            period=source.period_of(invocations.NO_CAPACITY_FAILURES),
        )
    for kind, metric, share in (
        (AlarmKind.CPU, hosts.COMPONENT_CPU_UTILIZATION, thresholds.cpu),
        (AlarmKind.MEMORY, hosts.COMPONENT_MEMORY_UTILIZATION, thresholds.memory),
        (AlarmKind.GPU, hosts.COMPONENT_GPU_UTILIZATION, thresholds.gpu),
        (AlarmKind.GPU_MEMORY, hosts.COMPONENT_GPU_MEMORY_UTILIZATION, _gpu_memory(thresholds)),
    ):
        if metric.requires in source.unused_features:
            continue
        is_default = kind is AlarmKind.GPU_MEMORY and thresholds.gpu_memory is None
        if is_default and copies.reserve_gpu_memory:
            yield LeftOutAlarm(kind, of, _RESERVED)
        else:
            share_of_full = (share, metric.range.maximum or 0)
            yield _utilization_alarm(source, of, kind, metric, share_of_full, thresholds)


def _count_alarm(
    kind: AlarmKind, of: str, metric: IMetric, count: int, condition: str
) -> AlarmDefinition:
    """Return an alarm on this count or more in one minute."""
    return AlarmDefinition(
        kind=kind,
        of=of,
        metric=metric,
        threshold=count,
        includes_threshold=True,
        periods=1,
        breaching_periods=1,
        condition=f"{count} or more {condition}",
    )
