"""Metrics of requests and their latency."""

from __future__ import annotations

from typing import Final

import attrs

from cdk_epc.catalog.metrics._shorthands import (
    ALL,
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
    SYNCHRONOUS,
)
from cdk_epc.catalog.metrics.published_metric import (
    Feature,
    Namespace,
    PublishedMetric,
    Statistic,
    Unit,
)

_WITHOUT_QUEUE: Final = SYNCHRONOUS | SERVERLESS

INVOCATIONS: Final = PublishedMetric(
    name="Invocations",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=(*BY_INVOCATION, *BY_CONTAINER),
    endpoint_kinds=_WITHOUT_QUEUE,
    unit=Unit.NONE,
    statistics=COUNTED,
    default=Statistic.SUM,
    description="Requests.",
)
INVOCATIONS_PER_INSTANCE: Final = PublishedMetric(
    name="InvocationsPerInstance",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_FLEET,
    endpoint_kinds=SYNCHRONOUS,
    unit=Unit.NONE,
    statistics=SUM,
    default=Statistic.SUM,
    description="Requests, divided by the number of instances; only the sum is meaningful.",
)
INVOCATIONS_PER_COPY: Final = PublishedMetric(
    name="InvocationsPerCopy",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_COMPONENT,
    endpoint_kinds=COMPONENTS,
    unit=None,
    statistics=SUM,
    default=Statistic.SUM,
    description="Requests, divided by the number of copies of a component.",
)
CLIENT_ERRORS: Final = PublishedMetric(
    name="Invocation4XXErrors",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=(*BY_INVOCATION, *BY_CONTAINER),
    endpoint_kinds=EVERY,
    unit=Unit.NONE,
    statistics=RATE,
    default=Statistic.AVERAGE,
    range=SHARE,
    description="Responses with a 4xx status; the average is their share, 0 to 1.",
)
SERVER_ERRORS: Final = attrs.evolve(
    CLIENT_ERRORS,
    name="Invocation5XXErrors",
    description="Responses with a 5xx status; the average is their share, 0 to 1.",
)
MODEL_ERRORS: Final = attrs.evolve(
    CLIENT_ERRORS,
    name="InvocationModelErrors",
    dimension_sets=BY_INVOCATION,
    endpoint_kinds=SYNCHRONOUS,
    description="Requests without a 2xx response of the model, including time-outs; the average is "
    "their share, 0 to 1.",
)
MODEL_LATENCY: Final = PublishedMetric(
    name="ModelLatency",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_INVOCATION,
    endpoint_kinds=EVERY,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    has_percentiles=True,
    default=Statistic.AVERAGE,
    description=(
        "Response time of the model. For asynchronous endpoints, AWS states no percentiles."
    ),
)
OVERHEAD_LATENCY: Final = PublishedMetric(
    name="OverheadLatency",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=(*BY_INVOCATION, *BY_CONTAINER),
    endpoint_kinds=_WITHOUT_QUEUE,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    description="Time that SageMaker adds to that of the model, including a serverless cold start.",
)
MODEL_SETUP_TIME: Final = PublishedMetric(
    name="ModelSetupTime",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_FLEET,
    endpoint_kinds=SERVERLESS,
    unit=Unit.MICROSECONDS,
    statistics=ALL - SUM,
    has_percentiles=True,
    default=Statistic.AVERAGE,
    description="Time to start the resources of a serverless endpoint.",
)
CONCURRENT_REQUESTS_PER_MODEL: Final = PublishedMetric(
    name="ConcurrentRequestsPerModel",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_FLEET,
    endpoint_kinds=SYNCHRONOUS,
    unit=None,
    statistics=EXTREMES,
    default=Statistic.MAXIMUM,
    description="Concurrent requests of a model, including waiting ones; every 10 seconds.",
)
CONCURRENT_REQUESTS_PER_COPY: Final = attrs.evolve(
    CONCURRENT_REQUESTS_PER_MODEL,
    name="ConcurrentRequestsPerCopy",
    dimension_sets=BY_COMPONENT,
    endpoint_kinds=COMPONENTS,
    description="Concurrent requests of a copy of a component; every 10 seconds.",
)
MID_STREAM_ERRORS: Final = PublishedMetric(
    name="MidStreamErrors",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_INVOCATION,
    endpoint_kinds=SYNCHRONOUS,
    unit=Unit.NONE,
    statistics=RATE,
    default=Statistic.SUM,
    requires=Feature.STREAMING,
    description="Errors after the start of a streamed response.",
)
FIRST_CHUNK_LATENCY: Final = PublishedMetric(
    name="FirstChunkLatency",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_INVOCATION,
    endpoint_kinds=SYNCHRONOUS,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    has_percentiles=True,
    default=Statistic.AVERAGE,
    requires=Feature.BIDIRECTIONAL_STREAMING,
    description="Time from the request to the first chunk of a streamed response.",
)
FIRST_CHUNK_MODEL_LATENCY: Final = attrs.evolve(
    FIRST_CHUNK_LATENCY,
    name="FirstChunkModelLatency",
    description="Time of the model until the first chunk of a streamed response.",
)
FIRST_CHUNK_OVERHEAD_LATENCY: Final = attrs.evolve(
    FIRST_CHUNK_LATENCY,
    name="FirstChunkOverheadLatency",
    description="Time that SageMaker adds until the first chunk of a streamed response.",
)
NO_CAPACITY_FAILURES: Final = PublishedMetric(
    name="NoCapacityInvocationFailures",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_COMPONENT,
    endpoint_kinds=COMPONENTS,
    unit=None,
    statistics=SUM,
    default=Statistic.SUM,
    description="Requests that failed because a component had no copy.",
)
EXPLANATIONS_PER_INSTANCE: Final = PublishedMetric(
    name="ExplanationsPerInstance",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_FLEET,
    endpoint_kinds=REAL_TIME,
    unit=None,
    statistics=SUM,
    default=Statistic.SUM,
    requires=Feature.EXPLAINER,
    description="Explained records, divided by the number of instances.",
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
