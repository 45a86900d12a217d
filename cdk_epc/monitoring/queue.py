"""The metrics of the queue of an asynchronous endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from cdk_epc.catalog.metrics import PublishedMetric
from cdk_epc.catalog.metrics import async_inference as queues
from cdk_epc.monitoring.metric_factory import any_metric, measures
from cdk_epc.monitoring.options import MetricOptions

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Metric

    from cdk_epc.monitoring.place import Place


class QueueMetrics:
    """What CloudWatch knows of the queue: metrics of the endpoint and of no variant."""

    metric_approximate_backlog_size = measures(queues.BACKLOG_SIZE)
    metric_approximate_backlog_size_per_instance = measures(queues.BACKLOG_SIZE_PER_INSTANCE)
    metric_approximate_age_of_oldest_request = measures(queues.AGE_OF_OLDEST_REQUEST)
    metric_has_backlog_without_capacity = measures(queues.HAS_BACKLOG_WITHOUT_CAPACITY)

    def __init__(self, place: Place) -> None:
        """The queue of this endpoint."""
        self._place = place

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """A metric by its name, with the dimension of the endpoint alone.

        See `VariantMetrics.metric`.
        """
        return any_metric(self._place, metric, namespace, options)
