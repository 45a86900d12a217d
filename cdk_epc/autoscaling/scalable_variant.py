"""Scalable variant: scalable target of a variant's instances or provisioned concurrency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Unpack

from cdk_epc.autoscaling.scalable_target import ScalableTarget
from cdk_epc.autoscaling.target_tracking import (
    SAFETY_FACTOR,
    TargetValue,
    TrackingOptions,
    TrackingSettings,
    add_tracking_policy,
    invocations_target,
    utilization_target,
)
from cdk_epc.catalog.metrics import Namespace, Per, Statistic
from cdk_epc.constructs.call_signature import checks_options
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricStatistic,
    PredefinedMetric,
    ScalableTargetSpec,
)

if TYPE_CHECKING:
    from cdk_epc.autoscaling.scalable_source import AutoScaleArguments, ScalableSource
    from cdk_epc.autoscaling.scaling_policy import ScalingPolicy
    from cdk_epc.constructs.resource_state import ResourceState
    from cdk_epc.spec import ProductionVariant


class ScaledEndpoint(Protocol):
    """Endpoint of a scaled variant."""

    @property
    def name_in_metrics(self) -> str:
        """Value of the dimension ``EndpointName``."""
        ...


class ScaledVariant(Protocol):
    """Variant that a scalable target scales."""

    @property
    def endpoint(self) -> ScaledEndpoint:
        """Endpoint that runs the variant."""
        ...

    @property
    def variant_name(self) -> str:
        """Name of the variant."""
        ...

    @property
    def spec(self) -> ProductionVariant:
        """Spec of the variant."""
        ...


class ScalableVariant(ScalableTarget):
    """Variant of an endpoint, scaled between two capacities.

    The capacity is the number of instances, or the provisioned concurrency of a serverless variant.
    Where a target has several policies, the one that requires the highest capacity applies.

    Attributes:
        variant: The `EndpointVariant`.
    """

    variant: ScaledVariant

    def __init__(
        self,
        variant: ScaledVariant,
        source: ScalableSource,
        arguments: AutoScaleArguments,
        state: ResourceState[ScalableTargetSpec],
    ) -> None:
        """Create the target of a state of `new_target_state`."""
        self.variant = variant
        super().__init__(source, arguments, state)

    @checks_options(TrackingOptions)
    def scale_on_invocations(
        self,
        target: float | None = None,
        *,
        max_requests_per_second: float | None = None,
        safety_factor: float = SAFETY_FACTOR,
        **options: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep the number of requests for each instance near a target value.

        Args:
            target: Requests a minute for one instance. Pass this or ``max_requests_per_second``.
            max_requests_per_second: Maximum load of one instance, from a load test. The target is
                this number * ``safety_factor`` * 60.
            safety_factor: Share of the maximum load to use; 0.5 by default.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The endpoint does not publish this metric, because it is
                asynchronous, serverless or hosts inference components; or the target value is
                missing, passed twice or out of range.
        """
        call = "scale_on_invocations()"
        target_value = invocations_target(
            self._state,
            call,
            target=target,
            max_requests_per_second=max_requests_per_second,
            safety_factor=safety_factor,
        )
        return add_tracking_policy(
            self._internals,
            "Invocations",
            call,
            PredefinedMetric.INVOCATIONS_PER_INSTANCE,
            target_value,
            TrackingSettings.of(options),
        )

    @checks_options(TrackingOptions)
    def scale_on_concurrent_requests(
        self, target: float, **options: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep the number of concurrent requests for each instance near a target value.

        SageMaker publishes this metric every 10 seconds, so it adds instances sooner than any
        other. It suits models with long requests, such as language models.

        Args:
            target: Concurrent requests; 5 in AWS's examples.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The endpoint does not publish this metric, or the target value is
                out of range.
        """
        return add_tracking_policy(
            self._internals,
            "ConcurrentRequests",
            "scale_on_concurrent_requests()",
            PredefinedMetric.CONCURRENT_REQUESTS_PER_MODEL,
            TargetValue(value=target),
            TrackingSettings.of(options),
        )

    @checks_options(TrackingOptions)
    def scale_on_cpu_utilization(
        self,
        percent: float | None = None,
        *,
        target: float | None = None,
        **options: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep the CPU utilization near a target value.

        CloudWatch counts 100 percent for each vCPU: 4 vCPUs in full use are 400 percent.

        Args:
            percent: Percent of all vCPUs, which is multiplied by their number. Pass this or
                ``target``.
            target: Percent as CloudWatch counts.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The variant is serverless, or the number of vCPUs of the instance
                type is unknown.
        """
        call = "scale_on_cpu_utilization()"
        target_value = self._utilization_target(call, percent, target, Per.VCPU)
        metric = self._metric("CPUUtilization")
        settings = TrackingSettings.of(options)
        return add_tracking_policy(self._internals, "Cpu", call, metric, target_value, settings)

    @checks_options(TrackingOptions)
    def scale_on_gpu_utilization(
        self,
        percent: float | None = None,
        *,
        target: float | None = None,
        **options: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep the GPU utilization near a target value.

        CloudWatch counts 100 percent for each GPU: 4 GPUs in full use are 400 percent.

        Args:
            percent: Percent of all GPUs, which is multiplied by their number. Pass this or
                ``target``.
            target: Percent as CloudWatch counts.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The instance type has no GPU, or the number of its GPUs is unknown.
        """
        call = "scale_on_gpu_utilization()"
        target_value = self._utilization_target(call, percent, target, Per.GPU)
        metric = self._metric("GPUUtilization")
        settings = TrackingSettings.of(options)
        return add_tracking_policy(self._internals, "Gpu", call, metric, target_value, settings)

    @checks_options(TrackingOptions)
    def scale_on_explanations(
        self, target: float, **options: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep the number of explanations for each instance near a target value.

        The endpoint needs an explainer. Add a policy on invocations as well.

        Args:
            target: Explanations a minute for one instance; 20 in AWS's example.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The configuration has no explainer, or the target value is out of
                range.
        """
        return add_tracking_policy(
            self._internals,
            "Explanations",
            "scale_on_explanations()",
            self._metric("ExplanationsPerInstance", Namespace.INVOCATIONS, MetricStatistic.SUM),
            TargetValue(value=target),
            TrackingSettings.of(options),
        )

    @checks_options(TrackingOptions)
    def scale_on_backlog(self, target: float, **options: Unpack[TrackingOptions]) -> ScalingPolicy:
        """Keep the number of waiting requests for each instance near a target value.

        The endpoint must be asynchronous. With 0 instances there is no such number: the policy to
        scale from zero, which ``auto_scale(0, ...)`` adds, starts the first instance.

        Args:
            target: Waiting requests for one instance; 5 in AWS's example.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The endpoint is not asynchronous, or the target value is out of
                range.
        """
        metric = CustomizedMetricSpecification(
            namespace=Namespace.INVOCATIONS.value,
            metric_name="ApproximateBacklogSizePerInstance",
            dimensions=(self._endpoint_dimension(),),
            statistic=Statistic.AVERAGE.value,
        )
        return add_tracking_policy(
            self._internals,
            "Backlog",
            "scale_on_backlog()",
            metric,
            TargetValue(value=target),
            TrackingSettings.of(options),
        )

    @checks_options(TrackingOptions)
    def scale_on_provisioned_concurrency_utilization(
        self, target: float = 0.5, **options: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep the utilization of a serverless variant's provisioned concurrency near a value.

        Args:
            target: Share of the provisioned concurrency in use, 0 to 1.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The variant is not serverless, or the target value is out of range.
        """
        return add_tracking_policy(
            self._internals,
            "Utilization",
            "scale_on_provisioned_concurrency_utilization()",
            PredefinedMetric.PROVISIONED_CONCURRENCY_UTILIZATION,
            TargetValue(value=target),
            TrackingSettings.of(options),
        )

    def _utilization_target(
        self, call: str, percent: float | None, target: float | None, per: Per
    ) -> TargetValue:
        return utilization_target(
            self._state,
            call,
            percent=percent,
            target=target,
            per=per,
            variant=self.variant.spec,
        )

    def _metric(
        self,
        name: str,
        namespace: Namespace = Namespace.ENDPOINTS,
        statistic: MetricStatistic = MetricStatistic.AVERAGE,
    ) -> CustomizedMetricSpecification:
        variant = MetricDimension(name="VariantName", value=self.variant.variant_name)
        return CustomizedMetricSpecification(
            namespace=namespace.value,
            metric_name=name,
            dimensions=(self._endpoint_dimension(), variant),
            statistic=statistic.value,
        )

    def _endpoint_dimension(self) -> MetricDimension:
        name = self.variant.endpoint.name_in_metrics
        return MetricDimension(name="EndpointName", value=name)
