"""Table of the metrics that SageMaker publishes about endpoints, and its look-ups.

Sources: SageMaker's developer guide, pages ``monitoring-cloudwatch``, ``multi-container-metrics``,
``inference-pipeline-logs-metrics``, ``async-inference-monitor``,
``serverless-endpoints-monitoring``, ``endpoint-auto-scaling-zero-instances`` and
``endpoint-auto-scaling-add-code-define``. The pages on asynchronous and on serverless endpoints
call their lists exhaustive, apart from the metrics of instances.

Three groups are left out: ``InvocationsProcesssed``, a misspelt name in the guide whose correct
spelling is unknown; the metrics of detailed observability, which go to OpenTelemetry, where
CloudWatch alarms and graphs cannot read them; and the results of Model Monitor, whose names depend
on the monitor.
"""

from __future__ import annotations

from typing import Final

from cdk_epc.catalog.metrics import (
    async_inference,
    instances,
    invocations,
    multi_model,
    serverless,
)
from cdk_epc.catalog.metrics.published_metric import Dimensions, PublishedMetric
from cdk_epc.spec.endpoint_config import EndpointKind

PUBLISHED: Final[tuple[PublishedMetric, ...]] = (
    *invocations.ROWS,
    *multi_model.ROWS,
    *async_inference.ROWS,
    *serverless.ROWS,
    *instances.ROWS,
)
"""All metrics, one row for each namespace and name."""

_BY_KEY: Final = {metric.key: metric for metric in PUBLISHED}


def find(namespace: str, name: str) -> PublishedMetric | None:
    """Return the metric of a namespace and name; ``None`` if the table has none."""
    return _BY_KEY.get((namespace, name))


def find_all(name: str) -> tuple[PublishedMetric, ...]:
    """Return the metrics of a name in all namespaces."""
    return tuple(metric for metric in PUBLISHED if metric.name == name)


def is_published_by(
    metric: PublishedMetric, kind: EndpointKind | None, dimensions: Dimensions | None = None
) -> bool:
    """Return whether a kind of endpoint publishes a metric.

    Args:
        metric: Metric of the table.
        kind: Kind of the endpoint; the result for an unknown kind is that of any kind.
        dimensions: Dimensions of the metric; any by default.
    """
    if dimensions is not None and dimensions not in metric.dimension_sets:
        return False
    if kind is None:
        return True
    if kind not in metric.endpoint_kinds:
        return False
    # Only these kinds of endpoints have inference components and named containers.
    if dimensions is Dimensions.COMPONENT:
        return kind is EndpointKind.INFERENCE_COMPONENTS
    return dimensions is not Dimensions.CONTAINER or kind is EndpointKind.REAL_TIME


def metrics_for(
    kind: EndpointKind, dimensions: Dimensions | None = None
) -> tuple[PublishedMetric, ...]:
    """Return the metrics that a kind of endpoint publishes, in the order of the table."""
    return tuple(metric for metric in PUBLISHED if is_published_by(metric, kind, dimensions))
