"""The metrics of a variant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import attrs

from cdk_epc.catalog.metrics import (
    Dimensions,
    Feature,
    PublishedMetric,
    invocations,
    serverless,
)
from cdk_epc.catalog.metrics import (
    async_inference as queues,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.catalog.metrics import (
    multi_model as models,
)
from cdk_epc.monitoring.metric_availability import (
    interval_of,
    is_enhanced,
    lacks_of,
    model_of,
    refuse,
)
from cdk_epc.monitoring.metric_factory import any_metric, measures
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, Place
from cdk_epc.rules.call_errors import VARIANTS_UNKNOWN
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Metric

    from cdk_epc.endpoint.base import EndpointBase
    from cdk_epc.endpoint_config.base import EndpointConfigBase


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


class InvocationMetrics:
    """What CloudWatch knows of requests and of how they were answered."""

    metric_invocations = measures(invocations.INVOCATIONS)
    metric_invocation_4xx_errors = measures(invocations.CLIENT_ERRORS)
    metric_invocation_5xx_errors = measures(invocations.SERVER_ERRORS)
    metric_invocation_model_errors = measures(invocations.MODEL_ERRORS)
    metric_model_latency = measures(invocations.MODEL_LATENCY)
    metric_overhead_latency = measures(invocations.OVERHEAD_LATENCY)
    metric_mid_stream_errors = measures(invocations.MID_STREAM_ERRORS)
    metric_first_chunk_latency = measures(invocations.FIRST_CHUNK_LATENCY)
    metric_first_chunk_model_latency = measures(invocations.FIRST_CHUNK_MODEL_LATENCY)
    metric_first_chunk_overhead_latency = measures(invocations.FIRST_CHUNK_OVERHEAD_LATENCY)


class FleetMetrics(InvocationMetrics):
    """What CloudWatch knows of the requests of one fleet."""

    metric_invocations_per_instance = measures(invocations.INVOCATIONS_PER_INSTANCE)
    metric_concurrent_requests_per_model = measures(invocations.CONCURRENT_REQUESTS_PER_MODEL)
    metric_explanations_per_instance = measures(invocations.EXPLANATIONS_PER_INSTANCE)

    def __init__(self, variant: Place, config: EndpointConfigBase | None) -> None:
        """The fleet that a configuration has for a variant.

        Raises:
            EndpointConfigError: There is no configuration.
        """
        if config is None:
            refuse(
                variant,
                VARIANTS_UNKNOWN,
                got="a fleet without a configuration",
                allowed="the configuration that the fleet is of, which an imported endpoint hides",
                fix="Say which: fleet(endpoint_config).",
            )
        name = config.endpoint_config_name
        self._place = attrs.evolve(
            variant,
            title=f"the fleet of {variant.title}",
            by=Dimensions.FLEET,
            dimensions={**variant.dimensions, "EndpointConfigName": name},
        )

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """A metric by its name, with the dimensions of the fleet.

        See `VariantMetrics.metric`.
        """
        return any_metric(self._place, metric, namespace, options)


class VariantMetrics(InvocationMetrics):
    """What CloudWatch knows of a variant, a shadow variant included.

    Each method is named after its metric, and gives it with the dimensions of the variant, the unit
    and the statistic that say most, one point a minute. What the kind of endpoint does not publish
    is refused.
    """

    endpoint: EndpointBase

    if TYPE_CHECKING:

        @property
        def variant_name(self) -> str:
            """The variant's."""
            raise NotImplementedError

    metric_invocations_per_instance = measures(invocations.INVOCATIONS_PER_INSTANCE)
    metric_model_setup_time = measures(invocations.MODEL_SETUP_TIME)
    metric_concurrent_requests_per_model = measures(invocations.CONCURRENT_REQUESTS_PER_MODEL)
    metric_explanations_per_instance = measures(invocations.EXPLANATIONS_PER_INSTANCE)

    metric_model_loading_wait_time = measures(models.MODEL_LOADING_WAIT_TIME)
    metric_model_unloading_time = measures(models.MODEL_UNLOADING_TIME)
    metric_model_downloading_time = measures(models.MODEL_DOWNLOADING_TIME)
    metric_model_loading_time = measures(models.MODEL_LOADING_TIME)
    metric_model_cache_hit = measures(models.MODEL_CACHE_HIT)
    metric_loaded_model_count = measures(models.LOADED_MODEL_COUNT)

    metric_request_download_failures = measures(queues.REQUEST_DOWNLOAD_FAILURES)
    metric_response_upload_failures = measures(queues.RESPONSE_UPLOAD_FAILURES)
    metric_notification_failures = measures(queues.NOTIFICATION_FAILURES)
    metric_expired_requests = measures(queues.EXPIRED_REQUESTS)
    metric_invocation_failures = measures(queues.INVOCATION_FAILURES)
    metric_request_download_latency = measures(queues.REQUEST_DOWNLOAD_LATENCY)
    metric_response_upload_latency = measures(queues.RESPONSE_UPLOAD_LATENCY)
    metric_time_in_backlog = measures(queues.TIME_IN_BACKLOG)
    metric_total_processing_time = measures(queues.TOTAL_PROCESSING_TIME)

    metric_serverless_concurrent_executions_utilization = measures(
        serverless.CONCURRENT_EXECUTIONS_UTILIZATION
    )
    metric_serverless_provisioned_concurrency_executions = measures(
        serverless.PROVISIONED_CONCURRENCY_EXECUTIONS
    )
    metric_serverless_provisioned_concurrency_utilization = measures(
        serverless.PROVISIONED_CONCURRENCY_UTILIZATION
    )
    metric_serverless_provisioned_concurrency_invocations = measures(
        serverless.PROVISIONED_CONCURRENCY_INVOCATIONS
    )
    metric_serverless_provisioned_concurrency_spillover_invocations = measures(
        serverless.PROVISIONED_CONCURRENCY_SPILLOVER_INVOCATIONS
    )

    metric_cpu_utilization = measures(hosts.CPU_UTILIZATION)
    metric_memory_utilization = measures(hosts.MEMORY_UTILIZATION)
    metric_disk_utilization = measures(hosts.DISK_UTILIZATION)
    metric_gpu_utilization = measures(hosts.GPU_UTILIZATION)
    metric_gpu_memory_utilization = measures(hosts.GPU_MEMORY_UTILIZATION)
    metric_cpu_reservation = measures(hosts.CPU_RESERVATION)
    metric_memory_reservation = measures(hosts.MEMORY_RESERVATION)
    metric_gpu_reservation = measures(hosts.GPU_RESERVATION)
    metric_cpu_utilization_normalized = measures(hosts.CPU_UTILIZATION_NORMALIZED)
    metric_gpu_utilization_normalized = measures(hosts.GPU_UTILIZATION_NORMALIZED)
    metric_gpu_memory_utilization_normalized = measures(hosts.GPU_MEMORY_UTILIZATION_NORMALIZED)

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> Metric:
        """A metric by its name, with the dimensions of the variant.

        Args:
            metric: A row of `cdk_epc.catalog.metrics`, or a name. A name that the table lacks may
                be newer than it: such a metric has no unit, and is read by its average.
            namespace: Where it is, if the name alone does not say; ``AWS/SageMaker`` of a name that
                the table lacks.
            **options: Those of `MetricOptions`.

        Raises:
            EndpointConfigError: It is in the table, and this kind of endpoint does not publish it.
        """
        return any_metric(self._place, metric, namespace, options)

    def container(self, name: str) -> ContainerMetrics:
        """The metrics of one container, of a pipeline or of several that are called directly.

        Args:
            name: Its hostname; in a pipeline without hostnames ``container-1`` and so on.
        """
        return ContainerMetrics(self._place, name)

    def fleet(self, endpoint_config: EndpointConfigBase | None = None) -> FleetMetrics:
        """The metrics of the variant as one configuration runs it.

        During a deployment there is an old fleet and a new one; `metric_*` of the variant are of
        both together. There is data from when the fleet gets traffic, so let an alarm treat missing
        data as not breaching.

        Args:
            endpoint_config: The configuration; that of the endpoint by default, which is the new
                fleet's.
        """
        config = endpoint_config or getattr(self.endpoint, "config", None)
        return FleetMetrics(self._place, config)

    @property
    def _place(self) -> Place:
        config = getattr(getattr(self.endpoint, "config", None), "spec", None)
        variant = getattr(self, "spec", None)
        lacks: frozenset[Feature] = frozenset()
        enhanced, interval = None, MINUTE
        if isinstance(config, EndpointConfigSpec) and isinstance(variant, ProductionVariant):
            lacks = lacks_of(config, variant, model_of(self))
            enhanced, interval = is_enhanced(config), interval_of(config)
        return Place(
            scope=self.endpoint,
            title=f"variant {self.variant_name!r}",
            by=Dimensions.VARIANT,
            dimensions={
                "EndpointName": self.endpoint.name_in_metrics,
                "VariantName": self.variant_name,
            },
            hosting=self.endpoint.hosting,
            lacks=lacks,
            is_enhanced=enhanced,
            interval=interval,
        )
