"""Metrics of asynchronous inference."""

from __future__ import annotations

from typing import Final

import attrs

from cdk_epc.catalog.metrics._shorthands import (
    ALL,
    ASYNCHRONOUS,
    BY_QUEUE,
    BY_VARIANT,
    SHARE,
    SPREAD,
    SUM,
)
from cdk_epc.catalog.metrics.published_metric import (
    Namespace,
    PublishedMetric,
    Statistic,
    Unit,
)

BACKLOG_SIZE: Final = PublishedMetric(
    name="ApproximateBacklogSize",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_QUEUE,
    endpoint_kinds=ASYNCHRONOUS,
    unit=Unit.COUNT,
    statistics=SPREAD,
    default=Statistic.AVERAGE,
    description="Requests in the queue or being processed.",
)
BACKLOG_SIZE_PER_INSTANCE: Final = attrs.evolve(
    BACKLOG_SIZE,
    name="ApproximateBacklogSizePerInstance",
    description="Requests in the queue, divided by the number of instances.",
)
AGE_OF_OLDEST_REQUEST: Final = attrs.evolve(
    BACKLOG_SIZE,
    name="ApproximateAgeOfOldestRequest",
    unit=Unit.SECONDS,
    default=Statistic.MAXIMUM,
    description="Age of the oldest request in the queue.",
)
HAS_BACKLOG_WITHOUT_CAPACITY: Final = attrs.evolve(
    BACKLOG_SIZE,
    name="HasBacklogWithoutCapacity",
    statistics=frozenset({Statistic.AVERAGE}),
    range=SHARE,
    description="1 while the queue has requests and there is no instance, otherwise 0.",
)
REQUEST_DOWNLOAD_FAILURES: Final = PublishedMetric(
    name="RequestDownloadFailures",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=ASYNCHRONOUS,
    unit=Unit.COUNT,
    statistics=SUM,
    default=Statistic.SUM,
    description="Requests that failed because their input could not be read from S3.",
)
RESPONSE_UPLOAD_FAILURES: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="ResponseUploadFailures",
    description="Requests that failed because the response could not be written to S3.",
)
NOTIFICATION_FAILURES: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="NotificationFailures",
    description="Notifications that could not be published.",
)
EXPIRED_REQUESTS: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="ExpiredRequests",
    description="Requests that exceeded their maximum time in the queue.",
)
INVOCATION_FAILURES: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="InvocationFailures",
    description="Requests that failed, for any reason.",
)
REQUEST_DOWNLOAD_LATENCY: Final = PublishedMetric(
    name="RequestDownloadLatency",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=ASYNCHRONOUS,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    description="Time to read a request from S3.",
)
RESPONSE_UPLOAD_LATENCY: Final = attrs.evolve(
    REQUEST_DOWNLOAD_LATENCY,
    name="ResponseUploadLatency",
    description="Time to write a response to S3.",
)
TIME_IN_BACKLOG: Final = attrs.evolve(
    REQUEST_DOWNLOAD_LATENCY,
    name="TimeInBacklog",
    unit=Unit.MILLISECONDS,
    description="Time that a request waited in the queue.",
)
TOTAL_PROCESSING_TIME: Final = attrs.evolve(
    TIME_IN_BACKLOG,
    name="TotalProcessingTime",
    description="Time from the arrival of a request to the end of its processing.",
)
ROWS: Final = (
    BACKLOG_SIZE,
    BACKLOG_SIZE_PER_INSTANCE,
    AGE_OF_OLDEST_REQUEST,
    HAS_BACKLOG_WITHOUT_CAPACITY,
    REQUEST_DOWNLOAD_FAILURES,
    RESPONSE_UPLOAD_FAILURES,
    NOTIFICATION_FAILURES,
    EXPIRED_REQUESTS,
    INVOCATION_FAILURES,
    REQUEST_DOWNLOAD_LATENCY,
    RESPONSE_UPLOAD_LATENCY,
    TIME_IN_BACKLOG,
    TOTAL_PROCESSING_TIME,
)
