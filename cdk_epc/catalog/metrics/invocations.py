"""Rows: requests and how long they take."""

from __future__ import annotations

from typing import Final

import attrs

from cdk_epc.catalog.metrics._shorthands import (
    ALL,
    AT_ONCE,
    BY_COMPONENT,
    BY_CONTAINER,
    BY_FLEET,
    BY_INVOCATION,
    COMPONENTS,
    COUNTED,
    EVERY,
    EXTREMES,
    RATE,
    REAL_TIME,
    SERVERLESS,
    SHARE,
    SUM,
)
from cdk_epc.catalog.metrics.published_metric import (
    Feature,
    Namespace,
    PublishedMetric,
    Statistic,
    Unit,
)

_NOT_QUEUED: Final = AT_ONCE | SERVERLESS

INVOCATIONS: Final = PublishedMetric(
    name="Invocations",
    namespace=Namespace.INVOCATIONS,
    by=(*BY_INVOCATION, *BY_CONTAINER),
    hosting=_NOT_QUEUED,
    unit=Unit.NONE,
    statistics=COUNTED,
    default=Statistic.SUM,
    about="Requests.",
)
INVOCATIONS_PER_INSTANCE: Final = PublishedMetric(
    name="InvocationsPerInstance",
    namespace=Namespace.INVOCATIONS,
    by=BY_FLEET,
    hosting=AT_ONCE,
    unit=Unit.NONE,
    statistics=SUM,
    default=Statistic.SUM,
    about="Requests over the number of instances; only their sum means anything.",
)
INVOCATIONS_PER_COPY: Final = PublishedMetric(
    name="InvocationsPerCopy",
    namespace=Namespace.INVOCATIONS,
    by=BY_COMPONENT,
    hosting=COMPONENTS,
    unit=None,
    statistics=SUM,
    default=Statistic.SUM,
    about="Requests over the number of copies of a component.",
)
CLIENT_ERRORS: Final = PublishedMetric(
    name="Invocation4XXErrors",
    namespace=Namespace.INVOCATIONS,
    by=(*BY_INVOCATION, *BY_CONTAINER),
    hosting=EVERY,
    unit=Unit.NONE,
    statistics=RATE,
    default=Statistic.AVERAGE,
    range=SHARE,
    about="Requests answered with a 4xx status; the average is their share, 0 to 1.",
)
SERVER_ERRORS: Final = attrs.evolve(
    CLIENT_ERRORS,
    name="Invocation5XXErrors",
    about="Requests answered with a 5xx status; the average is their share, 0 to 1.",
)
MODEL_ERRORS: Final = attrs.evolve(
    CLIENT_ERRORS,
    name="InvocationModelErrors",
    by=BY_INVOCATION,
    hosting=AT_ONCE,
    about="Requests that the model did not answer with a 2xx status, time-outs among them; the "
    "average is their share, 0 to 1.",
)
MODEL_LATENCY: Final = PublishedMetric(
    name="ModelLatency",
    namespace=Namespace.INVOCATIONS,
    by=BY_INVOCATION,
    hosting=EVERY,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    has_percentiles=True,
    default=Statistic.AVERAGE,
    about="What the model takes to answer. For asynchronous endpoints AWS names no percentiles.",
)
OVERHEAD_LATENCY: Final = PublishedMetric(
    name="OverheadLatency",
    namespace=Namespace.INVOCATIONS,
    by=(*BY_INVOCATION, *BY_CONTAINER),
    hosting=_NOT_QUEUED,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    about="What SageMaker adds to the model's time; a serverless cold start is in it.",
)
MODEL_SETUP_TIME: Final = PublishedMetric(
    name="ModelSetupTime",
    namespace=Namespace.INVOCATIONS,
    by=BY_FLEET,
    hosting=SERVERLESS,
    unit=Unit.MICROSECONDS,
    statistics=ALL - SUM,
    has_percentiles=True,
    default=Statistic.AVERAGE,
    about="What it takes to start the resources of a serverless endpoint.",
)
CONCURRENT_REQUESTS_PER_MODEL: Final = PublishedMetric(
    name="ConcurrentRequestsPerModel",
    namespace=Namespace.INVOCATIONS,
    by=BY_FLEET,
    hosting=AT_ONCE,
    unit=None,
    statistics=EXTREMES,
    default=Statistic.MAXIMUM,
    about="Requests that a model has at a time, those that wait included; every 10 seconds.",
)
CONCURRENT_REQUESTS_PER_COPY: Final = attrs.evolve(
    CONCURRENT_REQUESTS_PER_MODEL,
    name="ConcurrentRequestsPerCopy",
    by=BY_COMPONENT,
    hosting=COMPONENTS,
    about="Requests that a copy of a component has at a time; every 10 seconds.",
)
MID_STREAM_ERRORS: Final = PublishedMetric(
    name="MidStreamErrors",
    namespace=Namespace.INVOCATIONS,
    by=BY_INVOCATION,
    hosting=AT_ONCE,
    unit=Unit.NONE,
    statistics=RATE,
    default=Statistic.SUM,
    needs=Feature.STREAMING,
    about="Errors after a streamed answer had begun.",
)
FIRST_CHUNK_LATENCY: Final = PublishedMetric(
    name="FirstChunkLatency",
    namespace=Namespace.INVOCATIONS,
    by=BY_INVOCATION,
    hosting=AT_ONCE,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    has_percentiles=True,
    default=Statistic.AVERAGE,
    needs=Feature.BIDIRECTIONAL_STREAMING,
    about="From the request to the first part of a streamed answer.",
)
FIRST_CHUNK_MODEL_LATENCY: Final = attrs.evolve(
    FIRST_CHUNK_LATENCY,
    name="FirstChunkModelLatency",
    about="What the model takes for the first part of a streamed answer.",
)
FIRST_CHUNK_OVERHEAD_LATENCY: Final = attrs.evolve(
    FIRST_CHUNK_LATENCY,
    name="FirstChunkOverheadLatency",
    about="What SageMaker adds to that.",
)
NO_CAPACITY_FAILURES: Final = PublishedMetric(
    name="NoCapacityInvocationFailures",
    namespace=Namespace.INVOCATIONS,
    by=BY_COMPONENT,
    hosting=COMPONENTS,
    unit=None,
    statistics=SUM,
    default=Statistic.SUM,
    about="Requests that failed because a component had no copy.",
)
EXPLANATIONS_PER_INSTANCE: Final = PublishedMetric(
    name="ExplanationsPerInstance",
    namespace=Namespace.INVOCATIONS,
    by=BY_FLEET,
    hosting=REAL_TIME,
    unit=None,
    statistics=SUM,
    default=Statistic.SUM,
    needs=Feature.EXPLAINER,
    about="Explained records over the number of instances.",
)
ROWS: Final = (
    INVOCATIONS,
    INVOCATIONS_PER_INSTANCE,
    INVOCATIONS_PER_COPY,
    CLIENT_ERRORS,
    SERVER_ERRORS,
    MODEL_ERRORS,
    MODEL_LATENCY,
    OVERHEAD_LATENCY,
    MODEL_SETUP_TIME,
    CONCURRENT_REQUESTS_PER_MODEL,
    CONCURRENT_REQUESTS_PER_COPY,
    MID_STREAM_ERRORS,
    FIRST_CHUNK_LATENCY,
    FIRST_CHUNK_MODEL_LATENCY,
    FIRST_CHUNK_OVERHEAD_LATENCY,
    NO_CAPACITY_FAILURES,
    EXPLANATIONS_PER_INSTANCE,
)
