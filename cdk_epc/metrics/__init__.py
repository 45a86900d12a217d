"""What SageMaker publishes to CloudWatch about its endpoints: a table, and look-ups in it.

Nothing here needs CDK.
"""

from __future__ import annotations

from cdk_epc.metrics import hosts, invocations, models, queues, serverless
from cdk_epc.metrics.catalogue import PUBLISHED
from cdk_epc.metrics.lookup import find, find_all, is_published_by, metrics_for
from cdk_epc.metrics.published import (
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
    "find",
    "find_all",
    "hosts",
    "invocations",
    "is_percentile",
    "is_published_by",
    "metrics_for",
    "models",
    "queues",
    "serverless",
]
