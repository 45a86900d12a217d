"""Graphs of a dashboard: requests, how they are split, how long they take, how they fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdk_epc.catalog.metrics import (
    Statistic,
    invocations,
)
from cdk_epc.catalog.metrics import (
    async_inference as queues,
)
from cdk_epc.catalog.metrics import (
    multi_model as models,
)
from cdk_epc.monitoring.dashboard_series import (
    Shown,
    line,
    lines,
    worked_out,
)
from cdk_epc.monitoring.graph import Graph
from cdk_epc.spec import Hosting

_LATENCIES = ("p50", "p90", "p99")


def graphs_of_requests(everybody: Sequence[Shown], hosting: Hosting | None) -> Iterator[Graph]:
    """How many requests there are, and what part of them each variant gets."""
    if hosting is Hosting.ASYNCHRONOUS:
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


def _split(answering: Sequence[Shown]) -> Graph:
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


def graphs_of_latency(everybody: Sequence[Shown], hosting: Hosting | None) -> Iterator[Graph]:
    """How long the model takes, and what comes on top."""
    is_queued = hosting is Hosting.ASYNCHRONOUS
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


def graphs_of_errors(everybody: Sequence[Shown]) -> Iterator[Graph]:
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


def graphs_of_models(everybody: Sequence[Shown]) -> Iterator[Graph]:
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
