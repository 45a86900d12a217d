"""Rows: serverless endpoints. Their page names no dimensions; those of a variant are inferred."""

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
    by=BY_VARIANT,
    hosting=SERVERLESS,
    unit=Unit.NONE,
    statistics=SPREAD,
    default=Statistic.MAXIMUM,
    range=SHARE,
    about="Requests under way over the greatest concurrency, 0 to 1.",
)
PROVISIONED_CONCURRENCY_EXECUTIONS: Final = PublishedMetric(
    name="ServerlessProvisionedConcurrencyExecutions",
    namespace=Namespace.INVOCATIONS,
    by=BY_VARIANT,
    hosting=SERVERLESS,
    unit=Unit.COUNT,
    statistics=SPREAD,
    default=Statistic.MAXIMUM,
    needs=Feature.PROVISIONED_CONCURRENCY,
    about="Requests under way on provisioned concurrency.",
)
PROVISIONED_CONCURRENCY_UTILIZATION: Final = attrs.evolve(
    PROVISIONED_CONCURRENCY_EXECUTIONS,
    name="ServerlessProvisionedConcurrencyUtilization",
    unit=Unit.NONE,
    range=SHARE,
    about="Requests under way over the provisioned concurrency, 0 to 1.",
)
PROVISIONED_CONCURRENCY_INVOCATIONS: Final = attrs.evolve(
    PROVISIONED_CONCURRENCY_EXECUTIONS,
    name="ServerlessProvisionedConcurrencyInvocations",
    range=Range(),
    about="Requests that provisioned concurrency took.",
)
PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS: Final = attrs.evolve(
    PROVISIONED_CONCURRENCY_INVOCATIONS,
    name="ServerlessProvisionedConcurrencySpilloverInvocations",
    about="Requests that found all provisioned concurrency in use.",
)
ROWS: Final = (
    CONCURRENT_EXECUTIONS_UTILIZATION,
    PROVISIONED_CONCURRENCY_EXECUTIONS,
    PROVISIONED_CONCURRENCY_UTILIZATION,
    PROVISIONED_CONCURRENCY_INVOCATIONS,
    PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS,
)
