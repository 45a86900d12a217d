"""The metrics of an inference component."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Unpack, cast

from cdk_epc.catalog.metrics import (
    Dimensions,
    PublishedMetric,
    invocations,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.monitoring.metric_availability import interval_of, is_enhanced, lacks_of_component
from cdk_epc.monitoring.metric_factory import any_metric, measures
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, Place
from cdk_epc.monitoring.variant_metrics import InvocationMetrics
from cdk_epc.spec import EndpointConfigSpec, EndpointKind

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Metric
    from constructs import Construct

    from cdk_epc.monitoring.alarm_actions import Notified
    from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
    from cdk_epc.monitoring.recommended_alarms import RecommendedAlarms


class ComponentMetrics(InvocationMetrics):
    """What CloudWatch knows of an inference component: of all its copies together.

    Each method is named after its metric; see `VariantMetrics`.
    """

    if TYPE_CHECKING:

        @property
        def name_in_metrics(self) -> str:
            """The component's."""
            raise NotImplementedError

    metric_invocations_per_copy = measures(invocations.INVOCATIONS_PER_COPY)
    metric_concurrent_requests_per_copy = measures(invocations.CONCURRENT_REQUESTS_PER_COPY)
    metric_no_capacity_invocation_failures = measures(invocations.NO_CAPACITY_FAILURES)
    metric_cpu_utilization_normalized = measures(hosts.COMPONENT_CPU_UTILIZATION)
    metric_memory_utilization_normalized = measures(hosts.COMPONENT_MEMORY_UTILIZATION)
    metric_gpu_utilization_normalized = measures(hosts.COMPONENT_GPU_UTILIZATION)
    metric_gpu_memory_utilization_normalized = measures(hosts.COMPONENT_GPU_MEMORY_UTILIZATION)

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """A metric by its name, with the dimension of the component.

        See `VariantMetrics.metric`.
        """
        return any_metric(self._place, metric, namespace, options)

    def add_recommended_alarms(
        self,
        *,
        thresholds: AlarmThresholds | None = None,
        without: Collection[AlarmKind] = (),
        notify: Notified | None = None,
        id: str = "RecommendedAlarms",
    ) -> RecommendedAlarms:
        """Have alarms on what goes wrong with the component.

        The share of errors, the model's latency, requests that found no copy, and how much of what
        a copy reserves is in use.

        Args:
            thresholds: When they go off; see there for the defaults.
            without: Kinds of alarms that are not wanted.
            notify: Who is told: a topic, an action of CDK's, or several.
            id: What they stand under. A second set needs an id of its own.

        Raises:
            EndpointConfigError: A threshold makes no sense.
        """
        from cdk_epc.monitoring import recommended_alarms  # noqa: PLC0415 - not every app has alarms

        wanted = recommended_alarms.Wanted.of(self._place, thresholds, without, notify, id)
        return recommended_alarms.alarms_of_component(self._place, wanted)

    @property
    def _place(self) -> Place:
        endpoint = getattr(self, "endpoint", None)
        given = getattr(getattr(endpoint, "config", None), "spec", None)
        config = given if isinstance(given, EndpointConfigSpec) else None
        return Place(
            scope=cast("Construct", self),
            title="the inference component",
            by=Dimensions.COMPONENT,
            dimensions={"InferenceComponentName": self.name_in_metrics},
            hosting=EndpointKind.INFERENCE_COMPONENTS,
            lacks=lacks_of_component(getattr(self, "spec", None), config),
            is_enhanced=is_enhanced(config) if config else None,
            interval=interval_of(config) if config else MINUTE,
        )
