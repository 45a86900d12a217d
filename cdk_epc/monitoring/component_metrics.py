"""Component metrics: metrics of an inference component."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING, Unpack

from cdk_epc.catalog.metrics import Dimensions, PublishedMetric, invocations
from cdk_epc.catalog.metrics import instances as hosts
from cdk_epc.constructs.call_signature import reports_wrong_arguments
from cdk_epc.monitoring.alarm_thresholds import alarm_arguments
from cdk_epc.monitoring.metric_factory import metric_by_name, metric_method
from cdk_epc.monitoring.metric_methods import InvocationMetrics
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, MetricSource, as_construct
from cdk_epc.monitoring.resource_facts import (
    Copies,
    config_of,
    has_enhanced_metrics,
    metric_interval,
    unused_features_of_component,
)
from cdk_epc.spec import EndpointKind

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Metric

    from cdk_epc.monitoring.alarm_actions import TopicsOrActions
    from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
    from cdk_epc.monitoring.recommended_alarms import RecommendedAlarms


class ComponentMetrics(InvocationMetrics, ABC):
    """Metrics of an inference component, of all its copies together.

    Each method has the name of its metric; see `VariantMetrics`.
    """

    @property
    @abstractmethod
    def name_in_metrics(self) -> str:
        """Value of the dimension ``InferenceComponentName``."""

    def _copies(self) -> Copies:
        """Return the copies as far as they are known; nothing is known of an imported component."""
        return Copies()

    metric_invocations_per_copy = metric_method(invocations.INVOCATIONS_PER_COPY)
    metric_concurrent_requests_per_copy = metric_method(invocations.CONCURRENT_REQUESTS_PER_COPY)
    metric_no_capacity_invocation_failures = metric_method(invocations.NO_CAPACITY_FAILURES)
    metric_cpu_utilization_normalized = metric_method(hosts.COMPONENT_CPU_UTILIZATION)
    metric_memory_utilization_normalized = metric_method(hosts.COMPONENT_MEMORY_UTILIZATION)
    metric_gpu_utilization_normalized = metric_method(hosts.COMPONENT_GPU_UTILIZATION)
    metric_gpu_memory_utilization_normalized = metric_method(hosts.COMPONENT_GPU_MEMORY_UTILIZATION)

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """Return a metric by its name, with the dimension of the component.

        See `VariantMetrics.metric`.
        """
        return metric_by_name(component_source(self), metric, namespace, options)

    @reports_wrong_arguments(alarm_arguments)
    def add_recommended_alarms(
        self,
        *,
        thresholds: AlarmThresholds | None = None,
        without: Collection[AlarmKind] = (),
        notify: TopicsOrActions | None = None,
        id: str = "RecommendedAlarms",
    ) -> RecommendedAlarms:
        """Add the alarms that suit a component.

        They are about error rates, model latency, requests that find no copy, and the utilization
        of the CPUs, memory and GPUs that a copy reserves.

        Args:
            thresholds: Thresholds of the alarms; see there for the defaults.
            without: Kinds of alarms to leave out.
            notify: SNS topics, their ARNs, or alarm actions; one or several.
            id: Construct id of the alarms' scope. A second set of alarms needs a different one.

        Raises:
            EndpointConfigError: A threshold is out of range.
        """
        from cdk_epc.monitoring import recommended_alarms as alarms  # noqa: PLC0415 - not in every app

        source = component_source(self)
        options = alarms.AlarmOptions.of(source, thresholds, without, notify, id)
        return alarms.alarms_of_component(source, self._copies(), options)


def component_source(component: ComponentMetrics) -> MetricSource:
    """Return the metric source of an inference component."""
    config = config_of(component)
    return MetricSource(
        scope=as_construct(component),
        label="the inference component",
        dimension_set=Dimensions.COMPONENT,
        dimensions={"InferenceComponentName": component.name_in_metrics},
        endpoint_kind=EndpointKind.INFERENCE_COMPONENTS,
        unused_features=unused_features_of_component(getattr(component, "spec", None), config),
        is_enhanced=has_enhanced_metrics(config) if config else None,
        interval=metric_interval(config) if config else MINUTE,
    )
