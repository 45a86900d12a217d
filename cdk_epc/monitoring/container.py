"""The metrics of one of several containers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import attrs

from cdk_epc.catalog.metrics import (
    Dimensions,
    PublishedMetric,
    invocations,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.catalog.metrics import (
    multi_model as models,
)
from cdk_epc.monitoring.metric_factory import any_metric, measures
from cdk_epc.monitoring.options import MetricOptions
from cdk_epc.monitoring.place import Place

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Metric


class ContainerMetrics:
    """What CloudWatch knows of one container of a variant.

    Attributes:
        container_name: The container's hostname.
    """

    metric_invocations = measures(invocations.INVOCATIONS)
    metric_invocation_4xx_errors = measures(invocations.CLIENT_ERRORS)
    metric_invocation_5xx_errors = measures(invocations.SERVER_ERRORS)
    metric_overhead_latency = measures(invocations.OVERHEAD_LATENCY)
    metric_container_latency = measures(models.CONTAINER_LATENCY)
    metric_cpu_utilization = measures(hosts.CPU_UTILIZATION)
    metric_memory_utilization = measures(hosts.MEMORY_UTILIZATION)

    def __init__(self, variant: Place, container_name: str) -> None:
        """The container of this name."""
        self.container_name = container_name
        self._place = container_place(variant, container_name)

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """A metric by its name, with the dimensions of the container.

        See `VariantMetrics.metric`.
        """
        return any_metric(self._place, metric, namespace, options)


def container_place(variant: Place, name: str) -> Place:
    """Where the metrics of one container of a variant are."""
    return attrs.evolve(
        variant,
        title=f"container {name!r} of {variant.title}",
        by=Dimensions.CONTAINER,
        dimensions={**variant.dimensions, "ContainerName": name},
    )
