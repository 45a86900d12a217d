"""Graphs of a dashboard: what is used of instances, and how the endpoint scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import attrs

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
from cdk_epc.catalog.metrics import (
    multi_model as models,
)
from cdk_epc.monitoring.dashboard_series import (
    DashboardEntry,
    bounds_in,
    line,
    lines,
    targets_in,
    worked_out,
)
from cdk_epc.monitoring.metric_source import MINUTE, Place, lasting
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.scaling import ScalableDimension

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import GraphWidget, IMetric


WIDTH: Final = 8
"""A third of a dashboard."""
HEIGHT: Final = 6


@attrs.frozen(eq=False)
class Graph:
    """A graph; without lines there is none.

    Attributes:
        title: What it shows.
        left: Its lines.
        unit: What the axis counts.
        is_stacked: Whether the lines stand on each other.
        most: The end of the axis, where the values have one.
        marks: Numbers to draw a level line at, each with what it means.
    """

    title: str
    left: Sequence[IMetric] = attrs.field(kw_only=True)
    unit: str = attrs.field(kw_only=True)
    is_stacked: bool = attrs.field(default=False, kw_only=True)
    most: float | None = attrs.field(default=None, kw_only=True)
    marks: Sequence[tuple[float, str]] = attrs.field(default=(), kw_only=True)

    def widget(self, region: str | None = None) -> GraphWidget:
        """The widget, one point a minute."""
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415 - costly

        return cloudwatch.GraphWidget(
            title=self.title,
            left=list(self.left),
            left_y_axis=cloudwatch.YAxisProps(
                label=self.unit, min=0, max=self.most, show_units=False
            ),
            left_annotations=[
                cloudwatch.HorizontalAnnotation(value=value, label=label)
                for value, label in self.marks
            ],
            stacked=self.is_stacked,
            period=lasting(MINUTE),
            region=region,
            width=WIDTH,
            height=HEIGHT,
        )


_PERCENT: Final = "percent"
_FULL: Final = 100


def graphs_of_use(everybody: Sequence[DashboardEntry]) -> Iterator[Graph]:
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


def _of_gpus(everybody: Sequence[DashboardEntry]) -> Iterator[Graph]:
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


def _all_of(everybody: Sequence[DashboardEntry], unit: str) -> list[tuple[float, str]]:
    """Where all of an instance is in use, for each number of vCPUs or GPUs that there is."""
    types = {each.name: each for shown in everybody for each in shown.machine.types}
    counts = {(each.vcpus if unit == "vCPUs" else each.gpus) or 0 for each in types.values()}
    return [(float(_FULL * count), f"all {count} {unit}") for count in sorted(counts) if count]


def graphs_of_scaling(everybody: Sequence[DashboardEntry], endpoint: Place) -> Iterator[Graph]:
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
    yield from _of_queue(DashboardEntry(place=endpoint, label="Queue"), kept)
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


def _of_queue(queue: DashboardEntry, kept: Sequence[tuple[float, str]]) -> Iterator[Graph]:
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


def _instances(everybody: Sequence[DashboardEntry]) -> list[IMetric]:
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


def _copies(everybody: Sequence[DashboardEntry]) -> list[IMetric]:
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


_LATENCIES = ("p50", "p90", "p99")


def graphs_of_requests(
    everybody: Sequence[DashboardEntry], hosting: EndpointKind | None
) -> Iterator[Graph]:
    """How many requests there are, and what part of them each variant gets."""
    if hosting is EndpointKind.ASYNCHRONOUS:
        counts = lines(everybody, queues.TOTAL_PROCESSING_TIME, Statistic.SAMPLE_COUNT)
        yield Graph("Processed requests", left=counts, unit="requests", is_stacked=True)
        return
    answering = [each for each in everybody if not each.is_shadow]
    shadow = [each for each in everybody if each.is_shadow]
    yield Graph(
        "Requests", left=lines(answering, invocations.INVOCATIONS), unit="requests", is_stacked=True
    )
    if len(answering) > 1:
        yield _split(answering)
    if shadow:
        copies = lines(shadow, invocations.INVOCATIONS)
        yield Graph("Copies to shadow variants", left=copies, unit="requests")


def _split(answering: Sequence[DashboardEntry]) -> Graph:
    read = [
        (each.place, line(each, invocations.INVOCATIONS))
        for each in answering
        if each.publishes(invocations.INVOCATIONS)
    ]
    every = ", ".join(f"{{{index}}}" for index in range(len(read)))
    shares = [
        worked_out(f"100 * {{{index}}} / SUM([{every}])", read, each.label)
        for index, each in enumerate(answering[: len(read)])
    ]
    return Graph("Split of the traffic", left=shares, unit="percent", is_stacked=True, most=100)


def graphs_of_latency(
    everybody: Sequence[DashboardEntry], hosting: EndpointKind | None
) -> Iterator[Graph]:
    """How long the model takes, and what comes on top."""
    is_queued = hosting is EndpointKind.ASYNCHRONOUS
    statistics = (Statistic.AVERAGE, Statistic.MAXIMUM) if is_queued else _LATENCIES
    model = [
        each
        for statistic in statistics
        for each in lines(everybody, invocations.MODEL_LATENCY, str(statistic), str(statistic))
    ]
    yield Graph("Model latency", left=model, unit="microseconds")
    overhead = lines(everybody, invocations.OVERHEAD_LATENCY)
    setup = lines(everybody, invocations.MODEL_SETUP_TIME, "p99", "set-up p99")
    yield Graph("Overhead latency", left=[*overhead, *setup], unit="microseconds")
    waiting = lines(everybody, queues.TIME_IN_BACKLOG, word="in backlog")
    total = lines(everybody, queues.TOTAL_PROCESSING_TIME, word="in all")
    yield Graph("Time to the answer", left=[*waiting, *total], unit="milliseconds")


def graphs_of_errors(everybody: Sequence[DashboardEntry]) -> Iterator[Graph]:
    """What part of the requests fails, and how many."""
    errors = ((invocations.SERVER_ERRORS, "5xx"), (invocations.CLIENT_ERRORS, "4xx"))
    rates = [each for row, word in errors for each in lines(everybody, row, word=word)]
    yield Graph("Errors, as a share", left=rates, unit="share of requests", most=1)
    counted = (*errors, (invocations.MODEL_ERRORS, "of the model"))
    counts = [each for row, word in counted for each in lines(everybody, row, Statistic.SUM, word)]
    none_free = lines(everybody, invocations.NO_CAPACITY_FAILURES, word="no copy")
    yield Graph("Errors", left=[*counts, *none_free], unit="requests")
    lost = (
        (queues.INVOCATION_FAILURES, "failed"),
        (queues.EXPIRED_REQUESTS, "expired"),
        (queues.REQUEST_DOWNLOAD_FAILURES, "input not read"),
        (queues.RESPONSE_UPLOAD_FAILURES, "answer not written"),
        (queues.NOTIFICATION_FAILURES, "not notified"),
    )
    failures = [each for row, word in lost for each in lines(everybody, row, word=word)]
    yield Graph("Lost requests", left=failures, unit="requests")


def graphs_of_models(everybody: Sequence[DashboardEntry]) -> Iterator[Graph]:
    """What is behind a variant with many models, or with several containers."""
    many = [each for each in everybody if each.is_multi_model]
    hits = lines(many, models.MODEL_CACHE_HIT)
    yield Graph("Requests whose model was loaded", left=hits, unit="share of requests", most=1)
    loaded = lines(many, models.LOADED_MODEL_COUNT)
    yield Graph("Loaded models, for each instance", left=loaded, unit="models")
    times = (
        (models.MODEL_LOADING_WAIT_TIME, "waiting"),
        (models.MODEL_DOWNLOADING_TIME, "downloading"),
        (models.MODEL_LOADING_TIME, "loading"),
    )
    taken = [each for row, word in times for each in lines(many, row, word=word)]
    yield Graph("Time to load a model", left=taken, unit="microseconds")
    containers = [each for shown in everybody for each in shown.each_container()]
    latencies = lines(containers, models.CONTAINER_LATENCY)
    yield Graph("Latency of containers", left=latencies, unit="microseconds")
