"""The table of published metrics.

Sources: SageMaker's developer guide, pages ``monitoring-cloudwatch``, ``multi-container-metrics``,
``inference-pipeline-logs-metrics``, ``async-inference-monitor``,
``serverless-endpoints-monitoring``, ``endpoint-auto-scaling-zero-instances`` and
``endpoint-auto-scaling-add-code-define``. The pages on asynchronous and on serverless endpoints
call their lists exhaustive, apart from what instances publish.

The guide also names an ``InvocationsProcesssed``, spelt like that; nobody knows its true name, so
it is not here. Detailed observability publishes to OpenTelemetry, which no alarm and no graph of
these can read; nor are the results of Model Monitor here, whose names are the monitor's own.
"""

from __future__ import annotations

from typing import Final

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
from cdk_epc.catalog.metrics.published_metric import Dimensions, PublishedMetric
from cdk_epc.spec.endpoint_config import EndpointKind

PUBLISHED: Final[tuple[PublishedMetric, ...]] = (
    *invocations.ROWS,
    *models.ROWS,
    *queues.ROWS,
    *serverless.ROWS,
    *hosts.ROWS,
)
"""Every metric, one row for each namespace and name."""


_BY_KEY: Final = {metric.key: metric for metric in PUBLISHED}


def find(namespace: str, name: str) -> PublishedMetric | None:
    """The metric of this namespace and name; ``None`` if the table has none."""
    return _BY_KEY.get((namespace, name))


def find_all(name: str) -> tuple[PublishedMetric, ...]:
    """The metrics of this name, in whichever namespace."""
    return tuple(metric for metric in PUBLISHED if metric.name == name)


def is_published_by(
    metric: PublishedMetric, hosting: EndpointKind | None, by: Dimensions | None = None
) -> bool:
    """Whether a kind of endpoint publishes a metric.

    Args:
        metric: The metric.
        hosting: The kind; where it is not known nothing is said against it.
        by: The dimensions that it is asked for by; any by default.
    """
    if by is not None and by not in metric.by:
        return False
    if hosting is None:
        return True
    if hosting not in metric.hosting:
        return False
    # What has a name of its own is a component or a container; not every kind has these.
    if by is Dimensions.COMPONENT:
        return hosting is EndpointKind.INFERENCE_COMPONENTS
    return by is not Dimensions.CONTAINER or hosting is EndpointKind.REAL_TIME


def metrics_for(hosting: EndpointKind, by: Dimensions | None = None) -> tuple[PublishedMetric, ...]:
    """The metrics that a kind of endpoint publishes, in the order of the table."""
    return tuple(metric for metric in PUBLISHED if is_published_by(metric, hosting, by))
