"""Variant metrics: metrics of a variant, of its containers and of its fleets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol, Unpack

import attrs

from cdk_epc.catalog.metrics import Dimensions, PublishedMetric, invocations
from cdk_epc.catalog.metrics import instances as hosts
from cdk_epc.catalog.metrics import multi_model as models
from cdk_epc.monitoring.metric_availability import raise_metric_error
from cdk_epc.monitoring.metric_factory import metric_by_name, metric_method
from cdk_epc.monitoring.metric_methods import InvocationMetrics, VariantMetricMethods
from cdk_epc.monitoring.metric_source import (
    MetricOptions,
    MetricSource,
    MonitoredEndpoint,
    as_construct,
)
from cdk_epc.monitoring.resource_facts import (
    config_of,
    has_enhanced_metrics,
    metric_interval,
    model_of,
    unused_features_of_variant,
)
from cdk_epc.rules.call_errors import VARIANTS_UNKNOWN
from cdk_epc.spec import ProductionVariant

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Metric


class MonitoredConfig(Protocol):
    """Endpoint configuration of a fleet."""

    @property
    def endpoint_config_name(self) -> str:
        """Value of the dimension ``EndpointConfigName``."""
        ...


class VariantMetrics(VariantMetricMethods, ABC):
    """Metrics of a variant; shadow variants have them as well.

    Each method has the name of its metric. By default the metric has the dimensions of the variant,
    the unit and the most useful statistic of the catalog, and a period of 1 minute. A metric that
    this kind of endpoint does not publish raises an error.
    """

    @property
    @abstractmethod
    def endpoint(self) -> MonitoredEndpoint:
        """Endpoint that runs the variant."""

    @property
    @abstractmethod
    def variant_name(self) -> str:
        """Name of the variant."""

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """Return a metric by its name, with the dimensions of the variant.

        Args:
            metric: A metric of `cdk_epc.catalog.metrics`, or a name. A name that is not in the
                catalog may be newer than it: that metric has no unit, and its statistic is the
                average.
            namespace: Namespace of the metric; by default that of the catalog, or
                ``AWS/SageMaker``.
            **options: See `MetricOptions`.

        Raises:
            EndpointConfigError: The metric is in the catalog, and this kind of endpoint does not
                publish it.
        """
        return metric_by_name(variant_source(self), metric, namespace, options)

    def container(self, name: str) -> ContainerMetrics:
        """Return the metrics of one container of a model with several.

        Args:
            name: Hostname of the container; in a pipeline without hostnames ``container-1`` and so
                on.
        """
        return ContainerMetrics(self, name)

    def fleet(self, endpoint_config: MonitoredConfig | None = None) -> FleetMetrics:
        """Return the metrics of the instances that one configuration runs for the variant.

        During a deployment there is an old fleet and a new one, and the metrics of the variant are
        those of both. A fleet has data only while it receives requests, so an alarm should treat
        missing data as not breaching.

        Args:
            endpoint_config: Configuration of the fleet; by default that of the endpoint, which is
                the configuration of the new fleet.

        Raises:
            EndpointConfigError: The endpoint is imported, so its configuration must be passed.
        """
        return FleetMetrics(self, endpoint_config)


class ContainerMetrics:
    """Metrics of one container of a variant.

    Attributes:
        container_name: Hostname of the container.
    """

    metric_invocations = metric_method(invocations.INVOCATIONS)
    metric_invocation_4xx_errors = metric_method(invocations.CLIENT_ERRORS)
    metric_invocation_5xx_errors = metric_method(invocations.SERVER_ERRORS)
    metric_overhead_latency = metric_method(invocations.OVERHEAD_LATENCY)
    metric_container_latency = metric_method(models.CONTAINER_LATENCY)
    metric_cpu_utilization = metric_method(hosts.CPU_UTILIZATION)
    metric_memory_utilization = metric_method(hosts.MEMORY_UTILIZATION)

    def __init__(self, variant: VariantMetrics, container_name: str) -> None:
        """Read the metrics of the container of this name."""
        self.container_name = container_name
        self._source = container_source(variant_source(variant), container_name)

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """Return a metric by its name, with the dimensions of the container.

        See `VariantMetrics.metric`.
        """
        return metric_by_name(self._source, metric, namespace, options)


class FleetMetrics(InvocationMetrics):
    """Metrics of the instances that one configuration runs for a variant."""

    metric_invocations_per_instance = metric_method(invocations.INVOCATIONS_PER_INSTANCE)
    metric_concurrent_requests_per_model = metric_method(invocations.CONCURRENT_REQUESTS_PER_MODEL)
    metric_explanations_per_instance = metric_method(invocations.EXPLANATIONS_PER_INSTANCE)

    def __init__(self, variant: VariantMetrics, config: MonitoredConfig | None = None) -> None:
        """Read the metrics of the fleet of this configuration, by default of the endpoint's.

        Raises:
            EndpointConfigError: The endpoint is imported, so its configuration must be passed.
        """
        self._source = fleet_source(variant, config)

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """Return a metric by its name, with the dimensions of the fleet.

        See `VariantMetrics.metric`.
        """
        return metric_by_name(self._source, metric, namespace, options)


def variant_source(variant: VariantMetrics) -> MetricSource:
    """Return the metric source of a variant."""
    endpoint, name = variant.endpoint, variant.variant_name
    facts: dict[str, Any] = {}
    spec, config = getattr(variant, "spec", None), config_of(variant)
    if isinstance(spec, ProductionVariant) and config is not None:
        facts = {
            "unused_features": unused_features_of_variant(config, spec, model_of(variant)),
            "is_enhanced": has_enhanced_metrics(config),
            "interval": metric_interval(config),
        }
    return MetricSource(
        scope=as_construct(endpoint),
        label=f"variant {name!r}",
        dimension_set=Dimensions.VARIANT,
        dimensions={"EndpointName": endpoint.name_in_metrics, "VariantName": name},
        endpoint_kind=endpoint.endpoint_kind,
        **facts,
    )


def container_source(variant: MetricSource, name: str) -> MetricSource:
    """Return the metric source of one container of a variant."""
    return attrs.evolve(
        variant,
        label=f"container {name!r} of {variant.label}",
        dimension_set=Dimensions.CONTAINER,
        dimensions={**variant.dimensions, "ContainerName": name},
    )


def fleet_source(variant: VariantMetrics, config: MonitoredConfig | None = None) -> MetricSource:
    """Return the metric source of one fleet of a variant.

    Raises:
        EndpointConfigError: The endpoint is imported, so its configuration must be passed.
    """
    source = variant_source(variant)
    config = config or getattr(variant.endpoint, "config", None)
    if config is None:
        raise_metric_error(
            source,
            VARIANTS_UNKNOWN,
            got=None,
            sentence=f"the fleet of {source.label} is unknown because the endpoint is imported",
            fix="Pass the endpoint configuration of the fleet: fleet(endpoint_config).",
        )
    return attrs.evolve(
        source,
        label=f"the fleet of {source.label}",
        dimension_set=Dimensions.FLEET,
        dimensions={**source.dimensions, "EndpointConfigName": config.endpoint_config_name},
    )
