"""Rows: asynchronous inference."""

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
    by=BY_QUEUE,
    hosting=ASYNCHRONOUS,
    unit=Unit.COUNT,
    statistics=SPREAD,
    default=Statistic.AVERAGE,
    about="Requests in the queue or being processed.",
)
BACKLOG_SIZE_PER_INSTANCE: Final = attrs.evolve(
    BACKLOG_SIZE,
    name="ApproximateBacklogSizePerInstance",
    about="Requests in the queue over the number of instances.",
)
AGE_OF_OLDEST_REQUEST: Final = attrs.evolve(
    BACKLOG_SIZE,
    name="ApproximateAgeOfOldestRequest",
    unit=Unit.SECONDS,
    default=Statistic.MAXIMUM,
    about="How long the oldest request has been in the queue.",
)
HAS_BACKLOG_WITHOUT_CAPACITY: Final = attrs.evolve(
    BACKLOG_SIZE,
    name="HasBacklogWithoutCapacity",
    statistics=frozenset({Statistic.AVERAGE}),
    range=SHARE,
    about="1 while there are requests in the queue and no instance, else 0.",
)
REQUEST_DOWNLOAD_FAILURES: Final = PublishedMetric(
    name="RequestDownloadFailures",
    namespace=Namespace.INVOCATIONS,
    by=BY_VARIANT,
    hosting=ASYNCHRONOUS,
    unit=Unit.COUNT,
    statistics=SUM,
    default=Statistic.SUM,
    about="Requests that failed because their input could not be read from S3.",
)
RESPONSE_UPLOAD_FAILURES: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="ResponseUploadFailures",
    about="Requests that failed because the answer could not be written to S3.",
)
NOTIFICATION_FAILURES: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="NotificationFailures",
    about="Notifications that could not be published.",
)
EXPIRED_REQUESTS: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="ExpiredRequests",
    about="Requests that were in the queue for longer than they were to live.",
)
INVOCATION_FAILURES: Final = attrs.evolve(
    REQUEST_DOWNLOAD_FAILURES,
    name="InvocationFailures",
    about="Requests that failed, for whatever reason.",
)
REQUEST_DOWNLOAD_LATENCY: Final = PublishedMetric(
    name="RequestDownloadLatency",
    namespace=Namespace.INVOCATIONS,
    by=BY_VARIANT,
    hosting=ASYNCHRONOUS,
    unit=Unit.MICROSECONDS,
    statistics=ALL,
    default=Statistic.AVERAGE,
    about="What it takes to read a request from S3.",
)
RESPONSE_UPLOAD_LATENCY: Final = attrs.evolve(
    REQUEST_DOWNLOAD_LATENCY,
    name="ResponseUploadLatency",
    about="What it takes to write an answer to S3.",
)
TIME_IN_BACKLOG: Final = attrs.evolve(
    REQUEST_DOWNLOAD_LATENCY,
    name="TimeInBacklog",
    unit=Unit.MILLISECONDS,
    about="How long a request waited before it was processed.",
)
TOTAL_PROCESSING_TIME: Final = attrs.evolve(
    TIME_IN_BACKLOG,
    name="TotalProcessingTime",
    about="From when SageMaker got a request to the end of its processing.",
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
