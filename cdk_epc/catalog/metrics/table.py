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
from cdk_epc.catalog.metrics.published_metric import PublishedMetric

PUBLISHED: Final[tuple[PublishedMetric, ...]] = (
    *invocations.ROWS,
    *models.ROWS,
    *queues.ROWS,
    *serverless.ROWS,
    *hosts.ROWS,
)
"""Every metric, one row for each namespace and name."""
