"""What SageMaker publishes to CloudWatch about its endpoints: a table, and look-ups in it.

Nothing here needs CDK.
"""

from __future__ import annotations

from cdk_epc.catalog.metrics import (
    async_inference as queues,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.catalog.metrics import (
    invocations,
    serverless,
)
from cdk_epc.catalog.metrics import (
    multi_model as models,
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
