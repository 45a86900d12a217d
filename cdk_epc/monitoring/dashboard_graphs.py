"""Graphs of a dashboard: what is used of instances, and how the endpoint scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from cdk_epc.catalog.metrics import (
    Feature,
    Statistic,
    invocations,
    serverless,
)
from cdk_epc.catalog.metrics import (
    async_inference as queues,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.monitoring.dashboard_series import (
    Shown,
    line,
    lines,
    worked_out,
)
from cdk_epc.monitoring.graph import Graph
from cdk_epc.monitoring.place import Place
from cdk_epc.monitoring.scaled import bounds_in, targets_in
from cdk_epc.spec.scaling import ScalableDimension

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric

_PERCENT: Final = "percent"
_FULL: Final = 100


def graphs_of_use(everybody: Sequence[Shown]) -> Iterator[Graph]:
    """What is in use of instances, by variants and by components."""
    yield Graph(
        "CPU, 100 for each vCPU",
        left=lines(everybody, hosts.CPU_UTILIZATION),
        unit=_PERCENT,
        marks=[
            *_all_of(everybody, "vCPUs"),
            *targets_in(everybody, hosts.CPU_UTILIZATION),
        ],
    )
    shares = (
        (hosts.CPU_UTILIZATION_NORMALIZED, "used"),
        (hosts.CPU_RESERVATION, "reserved"),
        (hosts.COMPONENT_CPU_UTILIZATION, ""),
    )
    cpu = [each for row, word in shares for each in lines(everybody, row, word=word)]
    yield Graph("CPU, 100 for all vCPUs", left=cpu, unit=_PERCENT, most=_FULL)
    memory = (
        (hosts.MEMORY_UTILIZATION, "used"),
        (hosts.MEMORY_RESERVATION, "reserved"),
        (hosts.COMPONENT_MEMORY_UTILIZATION, ""),
    )
    used = [each for row, word in memory for each in lines(everybody, row, Statistic.MAXIMUM, word)]
    yield Graph("Memory, at its fullest", left=used, unit=_PERCENT, most=_FULL)
    disk = lines(everybody, hosts.DISK_UTILIZATION, Statistic.MAXIMUM)
    marks = [(75.0, "capture pauses")] if any(e.machine.is_capturing for e in everybody) else []
    yield Graph("Disk, at its fullest", left=disk, unit=_PERCENT, most=_FULL, marks=marks)
    yield from _of_gpus([each for each in everybody if Feature.GPU not in each.place.lacks])


def _of_gpus(everybody: Sequence[Shown]) -> Iterator[Graph]:
    plain = ((hosts.GPU_UTILIZATION, ""), (hosts.GPU_MEMORY_UTILIZATION, "memory"))
    yield Graph(
        "GPU, 100 for each GPU",
        left=[each for row, word in plain for each in lines(everybody, row, word=word)],
        unit=_PERCENT,
        marks=[
            *_all_of(everybody, "GPUs"),
            *targets_in(everybody, hosts.GPU_UTILIZATION),
        ],
    )
    normalized = (
        (hosts.GPU_UTILIZATION_NORMALIZED, "used"),
        (hosts.GPU_MEMORY_UTILIZATION_NORMALIZED, "memory"),
        (hosts.GPU_RESERVATION, "reserved"),
        (hosts.COMPONENT_GPU_UTILIZATION, ""),
        (hosts.COMPONENT_GPU_MEMORY_UTILIZATION, "memory"),
    )
    lines_of = [each for row, word in normalized for each in lines(everybody, row, word=word)]
    yield Graph("GPU, 100 for all GPUs", left=lines_of, unit=_PERCENT, most=_FULL)


def _all_of(everybody: Sequence[Shown], unit: str) -> list[tuple[float, str]]:
    """Where all of an instance is in use, for each number of vCPUs or GPUs that there is."""
    types = {each.name: each for shown in everybody for each in shown.machine.types}
    counts = {(each.vcpus if unit == "vCPUs" else each.gpus) or 0 for each in types.values()}
    return [(float(_FULL * count), f"all {count} {unit}") for count in sorted(counts) if count]


def graphs_of_scaling(everybody: Sequence[Shown], endpoint: Place) -> Iterator[Graph]:
    """What scaling goes by, and what it comes to."""
    by = (
        (invocations.INVOCATIONS_PER_INSTANCE, "for each instance"),
        (invocations.INVOCATIONS_PER_COPY, "for each copy"),
    )
    load = [each for row, word in by for each in lines(everybody, row, word=word)]
    kept = targets_in(everybody, *(row for row, _ in by))
    yield Graph("Requests for each instance or copy", left=load, unit="requests", marks=kept)
    at_once = (invocations.CONCURRENT_REQUESTS_PER_MODEL, invocations.CONCURRENT_REQUESTS_PER_COPY)
    concurrent = [each for row in at_once for each in lines(everybody, row)]
    kept = targets_in(everybody, *at_once)
    yield Graph("Requests at a time", left=concurrent, unit="requests", marks=kept)
    kept = targets_in(everybody, queues.BACKLOG_SIZE_PER_INSTANCE)
    yield from _of_queue(Shown(place=endpoint, label="Queue"), kept)
    used = (
        (serverless.CONCURRENT_EXECUTIONS_UTILIZATION, "of the greatest concurrency"),
        (serverless.PROVISIONED_CONCURRENCY_UTILIZATION, "of the provisioned one"),
    )
    shares = [each for row, word in used for each in lines(everybody, row, word=word)]
    kept = targets_in(everybody, serverless.PROVISIONED_CONCURRENCY_UTILIZATION)
    yield Graph("Concurrency in use", left=shares, unit="share", most=1, marks=kept)
    # The guide lists no sums for these.
    taken = (
        (serverless.PROVISIONED_CONCURRENCY_INVOCATIONS, "taken"),
        (serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS, "spilt over"),
    )
    provisioned = [each for row, word in taken for each in lines(everybody, row, word=word)]
    yield Graph("Provisioned concurrency", left=provisioned, unit="requests")
    between = bounds_in(everybody, ScalableDimension.INSTANCES)
    yield Graph("Instances", left=_instances(everybody), unit="instances", marks=between)
    between = bounds_in(everybody, ScalableDimension.COPIES)
    yield Graph("Copies", left=_copies(everybody), unit="copies", marks=between)


def _of_queue(queue: Shown, kept: Sequence[tuple[float, str]]) -> Iterator[Graph]:
    sizes = (
        (queues.BACKLOG_SIZE, ""),
        (queues.BACKLOG_SIZE_PER_INSTANCE, "for each instance"),
    )
    backlog = [each for row, word in sizes for each in lines([queue], row, word=word)]
    yield Graph("Backlog", left=backlog, unit="requests", marks=kept)
    age = lines([queue], queues.AGE_OF_OLDEST_REQUEST, word="oldest request")
    yield Graph("Age of the backlog", left=age, unit="seconds")
    none = lines([queue], queues.HAS_BACKLOG_WITHOUT_CAPACITY, word="without an instance")
    yield Graph("Backlog without an instance", left=none, unit="0 or 1", most=1)


def _instances(everybody: Sequence[Shown]) -> list[IMetric]:
    """No metric counts instances; each sends one sample at every interval (guide, on CPU)."""
    return [
        worked_out(
            f"{{0}} * {each.place.interval} / {each.place.period_of(hosts.CPU_UTILIZATION)}",
            [(each.place, line(each, hosts.CPU_UTILIZATION, Statistic.SAMPLE_COUNT))],
            each.label,
        )
        for each in everybody
        if each.publishes(hosts.CPU_UTILIZATION)
    ]


def _copies(everybody: Sequence[Shown]) -> list[IMetric]:
    """Requests over requests for each copy: known while there are some."""
    return [
        worked_out(
            "{0} / {1}",
            [
                (each.place, line(each, invocations.INVOCATIONS)),
                (each.place, line(each, invocations.INVOCATIONS_PER_COPY)),
            ],
            each.label,
        )
        for each in everybody
        if each.publishes(invocations.INVOCATIONS_PER_COPY)
    ]
