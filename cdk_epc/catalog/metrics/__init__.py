"""Metrics that SageMaker publishes to CloudWatch about endpoints; independent of CDK."""

from __future__ import annotations

from cdk_epc.catalog.metrics import (
    async_inference,
    instances,
    invocations,
    multi_model,
    serverless,
)
from cdk_epc.catalog.metrics.published_metric import (
    Detail,
    Dimensions,
    Feature,
    Namespace,
    Per,
    PublishedMetric,
    Range,
    Statistic,
    Unit,
    is_percentile,
)
from cdk_epc.catalog.metrics.table import (
    PUBLISHED,
    find,
    find_all,
    is_published_by,
    metrics_for,
)

__all__ = [
    "PUBLISHED",
    "Detail",
    "Dimensions",
    "Feature",
    "Namespace",
    "Per",
    "PublishedMetric",
    "Range",
    "Statistic",
    "Unit",
    "async_inference",
    "find",
    "find_all",
    "instances",
    "invocations",
    "is_percentile",
    "is_published_by",
    "metrics_for",
    "multi_model",
    "serverless",
]
