"""Dashboard graphs: traffic, latency, errors, models, utilization and scaling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cdk_epc.catalog.metrics import Feature, PublishedMetric, Statistic, invocations, serverless
from cdk_epc.catalog.metrics import async_inference as queues
from cdk_epc.catalog.metrics import instances as hosts
from cdk_epc.catalog.metrics import multi_model as models
from cdk_epc.monitoring.dashboard_series import (
    DashboardEntry,
    capacity_lines,
    math_series,
    series,
    series_of_each,
    target_lines,
)
from cdk_epc.monitoring.dashboard_widgets import Graph, MetricSeries, Series
from cdk_epc.monitoring.metric_source import MetricSource
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.scaling import ScalableDimension


def _series(
    entries: Sequence[DashboardEntry],
    metrics: Iterable[tuple[PublishedMetric, str]],
    statistic: str | None = None,
) -> list[MetricSeries]:
    """Return the series of several metrics, each with the suffix of its labels."""
    return [
        each
        for metric, suffix in metrics
        for each in series_of_each(entries, metric, statistic, suffix)
    ]


_LATENCIES: Final = ("p50", "p90", "p99")


def graphs_of_requests(
    entries: Sequence[DashboardEntry], kind: EndpointKind | None
) -> Iterator[Graph]:
    """Yield the graphs of the number of requests, and of their distribution to variants."""
    if kind is EndpointKind.ASYNCHRONOUS:
        counts = series_of_each(entries, queues.TOTAL_PROCESSING_TIME, Statistic.SAMPLE_COUNT)
        yield Graph("Processed requests", left=counts, unit="requests", is_stacked=True)
        return
    production = [each for each in entries if not each.is_shadow]
    shadow = [each for each in entries if each.is_shadow]
    requests = series_of_each(production, invocations.INVOCATIONS)
    yield Graph("Requests", left=requests, unit="requests", is_stacked=True)
    if len(production) > 1:
        yield _distribution(production)
    if shadow:
        copies = series_of_each(shadow, invocations.INVOCATIONS)
        yield Graph("Requests copied to shadow variants", left=copies, unit="requests")


def _distribution(entries: Sequence[DashboardEntry]) -> Graph:
    published = [each for each in entries if each.publishes(invocations.INVOCATIONS)]
    operands = [series(each, invocations.INVOCATIONS) for each in published]
    every = ", ".join(f"{{{index}}}" for index in range(len(operands)))
    shares = [
        math_series(f"100 * {{{index}}} / SUM([{every}])", operands, each.label)
        for index, each in enumerate(published)
    ]
    return Graph("Traffic distribution", left=shares, unit="percent", is_stacked=True, maximum=100)


def graphs_of_latency(
    entries: Sequence[DashboardEntry], kind: EndpointKind | None
) -> Iterator[Graph]:
    """Yield the graphs of the response time of the model, and of the time around it."""
    is_asynchronous = kind is EndpointKind.ASYNCHRONOUS
    statistics = (Statistic.AVERAGE, Statistic.MAXIMUM) if is_asynchronous else _LATENCIES
    model = [
        each
        for statistic in map(str, statistics)
        for each in series_of_each(entries, invocations.MODEL_LATENCY, statistic, statistic)
    ]
    yield Graph("Model latency", left=model, unit="microseconds")
    overhead = series_of_each(entries, invocations.OVERHEAD_LATENCY)
    setup = series_of_each(entries, invocations.MODEL_SETUP_TIME, "p99", "setup p99")
    yield Graph("Overhead latency", left=[*overhead, *setup], unit="microseconds")
    times = _series(
        entries,
        [(queues.TIME_IN_BACKLOG, "in backlog"), (queues.TOTAL_PROCESSING_TIME, "total")],
    )
    yield Graph("Time to response", left=times, unit="milliseconds")


def graphs_of_errors(entries: Sequence[DashboardEntry]) -> Iterator[Graph]:
    """Yield the graphs of error rates and numbers of errors."""
    errors = ((invocations.SERVER_ERRORS, "5xx"), (invocations.CLIENT_ERRORS, "4xx"))
    rates = _series(entries, errors)
    yield Graph("Error rate", left=rates, unit="share of requests", maximum=1)
    model_errors = (invocations.MODEL_ERRORS, "model error")
    counts = _series(entries, [*errors, model_errors], Statistic.SUM)
    no_copy = _series(entries, [(invocations.NO_CAPACITY_FAILURES, "no copy")])
    yield Graph("Errors", left=[*counts, *no_copy], unit="requests")
    failures = _series(
        entries,
        [
            (queues.INVOCATION_FAILURES, "failed"),
            (queues.EXPIRED_REQUESTS, "expired"),
            (queues.REQUEST_DOWNLOAD_FAILURES, "input download failed"),
            (queues.RESPONSE_UPLOAD_FAILURES, "response upload failed"),
            (queues.NOTIFICATION_FAILURES, "notification failed"),
        ],
    )
    yield Graph("Failed asynchronous requests", left=failures, unit="requests")


def graphs_of_models(entries: Sequence[DashboardEntry]) -> Iterator[Graph]:
    """Yield the graphs of multi-model containers, and of several containers."""
    multi_model = [each for each in entries if each.is_multi_model]
    hits = series_of_each(multi_model, models.MODEL_CACHE_HIT)
    yield Graph("Model cache hits", left=hits, unit="share of requests", maximum=1)
    loaded = series_of_each(multi_model, models.LOADED_MODEL_COUNT)
    yield Graph("Loaded models per instance", left=loaded, unit="models")
    times = _series(
        multi_model,
        [
            (models.MODEL_LOADING_WAIT_TIME, "waiting"),
            (models.MODEL_DOWNLOADING_TIME, "downloading"),
            (models.MODEL_LOADING_TIME, "loading"),
        ],
    )
    yield Graph("Model loading time", left=times, unit="microseconds")
    containers = [container for each in entries for container in each.each_container()]
    latencies = series_of_each(containers, models.CONTAINER_LATENCY)
    yield Graph("Container latency", left=latencies, unit="microseconds")


_PERCENT: Final = "percent"
_FULL: Final = 100


def graphs_of_utilization(entries: Sequence[DashboardEntry]) -> Iterator[Graph]:
    """Yield the graphs of the utilization of instances, by variants and by components."""
    yield Graph(
        "CPU utilization (100% for each vCPU)",
        left=series_of_each(entries, hosts.CPU_UTILIZATION),
        unit=_PERCENT,
        lines=[*_full_lines(entries, "vCPUs"), *target_lines(entries, hosts.CPU_UTILIZATION)],
    )
    normalized = _series(
        entries,
        [
            (hosts.CPU_UTILIZATION_NORMALIZED, "used"),
            (hosts.CPU_RESERVATION, "reserved"),
            (hosts.COMPONENT_CPU_UTILIZATION, ""),
        ],
    )
    title = "CPU utilization (100% for all vCPUs)"
    yield Graph(title, left=normalized, unit=_PERCENT, maximum=_FULL)
    memory = _series(
        entries,
        [
            (hosts.MEMORY_UTILIZATION, "used"),
            (hosts.MEMORY_RESERVATION, "reserved"),
            (hosts.COMPONENT_MEMORY_UTILIZATION, ""),
        ],
        Statistic.MAXIMUM,
    )
    yield Graph("Memory utilization (maximum)", left=memory, unit=_PERCENT, maximum=_FULL)
    yield Graph(
        "Disk utilization (maximum)",
        left=series_of_each(entries, hosts.DISK_UTILIZATION, Statistic.MAXIMUM),
        unit=_PERCENT,
        maximum=_FULL,
        lines=[(75.0, "data capture pauses")]
        if any(each.machine.is_capturing for each in entries)
        else [],
    )
    yield from _graphs_of_gpus(
        [each for each in entries if Feature.GPU not in each.source.unused_features]
    )


def _graphs_of_gpus(entries: Sequence[DashboardEntry]) -> Iterator[Graph]:
    metrics = ((hosts.GPU_UTILIZATION, ""), (hosts.GPU_MEMORY_UTILIZATION, "memory"))
    yield Graph(
        "GPU utilization (100% for each GPU)",
        left=_series(entries, metrics),
        unit=_PERCENT,
        lines=[*_full_lines(entries, "GPUs"), *target_lines(entries, hosts.GPU_UTILIZATION)],
    )
    normalized = _series(
        entries,
        [
            (hosts.GPU_UTILIZATION_NORMALIZED, "used"),
            (hosts.GPU_MEMORY_UTILIZATION_NORMALIZED, "memory"),
            (hosts.GPU_RESERVATION, "reserved"),
            (hosts.COMPONENT_GPU_UTILIZATION, ""),
            (hosts.COMPONENT_GPU_MEMORY_UTILIZATION, "memory"),
        ],
    )
    title = "GPU utilization (100% for all GPUs)"
    yield Graph(title, left=normalized, unit=_PERCENT, maximum=_FULL)


def _full_lines(entries: Sequence[DashboardEntry], unit: str) -> list[tuple[float, str]]:
    """Return the lines of full utilization, one for each number of vCPUs or GPUs."""
    types = {each.name: each for entry in entries for each in entry.machine.types}
    counts = {(each.vcpus if unit == "vCPUs" else each.gpus) or 0 for each in types.values()}
    return [(float(_FULL * count), f"all {count} {unit}") for count in sorted(counts) if count]


def graphs_of_scaling(entries: Sequence[DashboardEntry], endpoint: MetricSource) -> Iterator[Graph]:
    """Yield the graphs of the metrics that policies track, and of the capacities."""
    load = (
        (invocations.INVOCATIONS_PER_INSTANCE, "per instance"),
        (invocations.INVOCATIONS_PER_COPY, "per copy"),
    )
    yield Graph(
        "Requests per instance or copy",
        left=_series(entries, load),
        unit="requests",
        lines=target_lines(entries, *(metric for metric, _ in load)),
    )
    concurrent = (
        invocations.CONCURRENT_REQUESTS_PER_MODEL,
        invocations.CONCURRENT_REQUESTS_PER_COPY,
    )
    yield Graph(
        "Concurrent requests",
        left=_series(entries, [(metric, "") for metric in concurrent]),
        unit="requests",
        lines=target_lines(entries, *concurrent),
    )
    yield from _graphs_of_queue(
        DashboardEntry(source=endpoint, label="Queue"),
        target_lines(entries, queues.BACKLOG_SIZE_PER_INSTANCE),
    )
    utilization = _series(
        entries,
        [
            (serverless.CONCURRENT_EXECUTIONS_UTILIZATION, "of maximum concurrency"),
            (serverless.PROVISIONED_CONCURRENCY_UTILIZATION, "of provisioned concurrency"),
        ],
    )
    targets = target_lines(entries, serverless.PROVISIONED_CONCURRENCY_UTILIZATION)
    title = "Concurrency utilization"
    yield Graph(title, left=utilization, unit="share", maximum=1, lines=targets)
    provisioned = _series(
        entries,
        [
            (serverless.PROVISIONED_CONCURRENCY_INVOCATIONS, "used"),
            (serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS, "spillover"),
        ],
    )
    yield Graph("Provisioned concurrency", left=provisioned, unit="requests")
    capacities = capacity_lines(entries, ScalableDimension.INSTANCES)
    yield Graph("Instances", left=_instances(entries), unit="instances", lines=capacities)
    capacities = capacity_lines(entries, ScalableDimension.COPIES)
    yield Graph("Copies", left=_copies(entries), unit="copies", lines=capacities)


def _graphs_of_queue(
    queue: DashboardEntry, targets: Sequence[tuple[float, str]]
) -> Iterator[Graph]:
    sizes = ((queues.BACKLOG_SIZE, ""), (queues.BACKLOG_SIZE_PER_INSTANCE, "per instance"))
    yield Graph("Backlog", left=_series([queue], sizes), unit="requests", lines=targets)
    age = _series([queue], [(queues.AGE_OF_OLDEST_REQUEST, "oldest request")])
    yield Graph("Age of the backlog", left=age, unit="seconds")
    empty = _series([queue], [(queues.HAS_BACKLOG_WITHOUT_CAPACITY, "without an instance")])
    yield Graph("Backlog without an instance", left=empty, unit="0 or 1", maximum=1)


def _instances(entries: Sequence[DashboardEntry]) -> list[Series]:
    """Return the numbers of instances.

    SageMaker publishes no such metric, but each instance sends one sample of its CPU utilization in
    each interval (developer guide, ``monitoring-cloudwatch``), so that the samples can be counted.
    """
    return [
        math_series(
            f"{{0}} * {each.source.interval} / {each.source.period_of(hosts.CPU_UTILIZATION)}",
            [series(each, hosts.CPU_UTILIZATION, Statistic.SAMPLE_COUNT)],
            each.label,
        )
        for each in entries
        if each.publishes(hosts.CPU_UTILIZATION)
    ]


def _copies(entries: Sequence[DashboardEntry]) -> list[Series]:
    """Return the numbers of copies: requests divided by requests per copy, while there are any."""
    return [
        math_series(
            "{0} / {1}",
            [
                series(each, invocations.INVOCATIONS),
                series(each, invocations.INVOCATIONS_PER_COPY),
            ],
            each.label,
        )
        for each in entries
        if each.publishes(invocations.INVOCATIONS_PER_COPY)
    ]
