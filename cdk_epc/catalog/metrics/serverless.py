"""Metrics of serverless endpoints.

Their page in the developer guide names no dimensions; those of a variant are inferred.
"""

from __future__ import annotations

from typing import Final

import attrs

from cdk_epc.catalog.metrics._shorthands import (
    BY_VARIANT,
    SERVERLESS,
    SHARE,
    SPREAD,
)
from cdk_epc.catalog.metrics.published_metric import (
    Feature,
    Namespace,
    PublishedMetric,
    Range,
    Statistic,
    Unit,
)

CONCURRENT_EXECUTIONS_UTILIZATION: Final = PublishedMetric(
    name="ServerlessConcurrentExecutionsUtilization",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=SERVERLESS,
    unit=Unit.NONE,
    statistics=SPREAD,
    default=Statistic.MAXIMUM,
    range=SHARE,
    description="Concurrent requests, divided by the maximum concurrency, 0 to 1.",
)
PROVISIONED_CONCURRENCY_EXECUTIONS: Final = PublishedMetric(
    name="ServerlessProvisionedConcurrencyExecutions",
    namespace=Namespace.INVOCATIONS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=SERVERLESS,
    unit=Unit.COUNT,
    statistics=SPREAD,
    default=Statistic.MAXIMUM,
    requires=Feature.PROVISIONED_CONCURRENCY,
    description="Concurrent requests on provisioned concurrency.",
)
PROVISIONED_CONCURRENCY_UTILIZATION: Final = attrs.evolve(
    PROVISIONED_CONCURRENCY_EXECUTIONS,
    name="ServerlessProvisionedConcurrencyUtilization",
    unit=Unit.NONE,
    range=SHARE,
    description="Concurrent requests, divided by the provisioned concurrency, 0 to 1.",
)
PROVISIONED_CONCURRENCY_INVOCATIONS: Final = attrs.evolve(
    PROVISIONED_CONCURRENCY_EXECUTIONS,
    name="ServerlessProvisionedConcurrencyInvocations",
    range=Range(),
    description="Requests on provisioned concurrency.",
)
PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS: Final = attrs.evolve(
    PROVISIONED_CONCURRENCY_INVOCATIONS,
    name="ServerlessProvisionedConcurrencySpilloverInvocations",
    description="Requests beyond the provisioned concurrency.",
)
ROWS: Final = (
    CONCURRENT_EXECUTIONS_UTILIZATION,
    PROVISIONED_CONCURRENCY_EXECUTIONS,
    PROVISIONED_CONCURRENCY_UTILIZATION,
    PROVISIONED_CONCURRENCY_INVOCATIONS,
    PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS,
)
