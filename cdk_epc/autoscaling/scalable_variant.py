"""The scaling of a variant: of its instances, or of its provisioned concurrency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from cdk_epc.autoscaling.scalable_target import Scalable
from cdk_epc.autoscaling.target_tracking import (
    SAFETY_FACTOR,
    Target,
    Tracking,
    TrackingOptions,
    invocations,
    utilization,
)
from cdk_epc.catalog.metrics import Namespace, Per, Statistic
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.scaling import CustomizedMetricSpecification, MetricStatistic, PredefinedMetric

if TYPE_CHECKING:
    from cdk_epc.autoscaling.scaling_policy import ScalingPolicy
    from cdk_epc.endpoint.variant import EndpointVariant


class ScalableVariant(Scalable):
    """A variant of an endpoint that scales between two capacities.

    The capacity is instances, and that of a serverless variant requests that are kept warm for.
    Where several policies are given, the one that asks for the most wins.

    Attributes:
        variant: The variant.
    """

    variant: EndpointVariant

    def scale_on_invocations(
        self,
        target: float | None = None,
        *,
        max_requests_per_second: float | None = None,
        safety_factor: float = SAFETY_FACTOR,
        **how: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep the requests for each instance near a number.

        Args:
            target: Requests a minute that one instance should get. Either this or
                ``max_requests_per_second``.
            max_requests_per_second: What one instance was measured to serve at most. The target is
                that, times the safety factor, times 60.
            safety_factor: Which part of it to make use of, 0.5 to begin with.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The endpoint is asynchronous, serverless or for components, and
                publishes no such number; or the target makes no sense.
        """
        title = "scale_on_invocations()"
        per_instance = invocations(
            self._state,
            title,
            CallSite.current(),
            target=target,
            max_requests_per_second=max_requests_per_second,
            safety_factor=safety_factor,
        )
        metric = PredefinedMetric.INVOCATIONS_PER_INSTANCE
        return self._tracks("Invocations", title, metric, per_instance, Tracking(**how))

    def scale_on_concurrent_requests(
        self, target: float, **how: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep the requests that one instance serves at the same time near a number.

        The metric comes every 10 seconds, so that capacity is added sooner than with any other.
        For models whose requests take long, such as language models.

        Args:
            target: Requests at a time; AWS's own examples have 5.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The endpoint publishes no such number, or the target makes no
                sense.
        """
        metric = PredefinedMetric.CONCURRENT_REQUESTS_PER_MODEL
        title = "scale_on_concurrent_requests()"
        return self._tracks(
            "ConcurrentRequests", title, metric, Target(value=target), Tracking(**how)
        )

    def scale_on_cpu_utilization(
        self,
        percent: float | None = None,
        *,
        target: float | None = None,
        **how: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep what is used of the CPU near a share.

        CloudWatch counts 100 percent for each vCPU: a machine of 4 can use 400.

        Args:
            percent: Percent of the whole machine. It is multiplied by the instance type's vCPUs.
            target: In place of that, the number as CloudWatch counts.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The variant is serverless, or how many vCPUs there are is not
                known.
        """
        title = "scale_on_cpu_utilization()"
        use = self._use(percent, target, Per.VCPU, title)
        return self._tracks("Cpu", title, self._metric("CPUUtilization"), use, Tracking(**how))

    def scale_on_gpu_utilization(
        self,
        percent: float | None = None,
        *,
        target: float | None = None,
        **how: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep what is used of the GPUs near a share.

        CloudWatch counts 100 percent for each GPU: a machine of 4 can use 400.

        Args:
            percent: Percent of the whole machine. It is multiplied by the instance type's GPUs.
            target: In place of that, the number as CloudWatch counts.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The instance type has no GPU, or how many is not known.
        """
        title = "scale_on_gpu_utilization()"
        use = self._use(percent, target, Per.GPU, title)
        return self._tracks("Gpu", title, self._metric("GPUUtilization"), use, Tracking(**how))

    def scale_on_explanations(self, target: float, **how: Unpack[TrackingOptions]) -> ScalingPolicy:
        """Keep the explanations for each instance near a number; with an explainer only.

        Args:
            target: Explanations a minute for one instance; AWS's own example has 20. Scale on
                invocations as well.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The configuration has no explainer, or the target makes no sense.
        """
        metric = self._metric("ExplanationsPerInstance", Namespace.INVOCATIONS, MetricStatistic.SUM)
        title = "scale_on_explanations()"
        return self._tracks("Explanations", title, metric, Target(value=target), Tracking(**how))

    def scale_on_backlog(self, target: float, **how: Unpack[TrackingOptions]) -> ScalingPolicy:
        """Keep the queue of an asynchronous endpoint short: requests that wait for each instance.

        At 0 instances there is no such number: what brings the first one back is the wake-up, which
        ``auto_scale(0, ...)`` adds by itself.

        Args:
            target: Requests that wait for one instance; AWS's own example has 5.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The endpoint is not asynchronous, or the target makes no sense.
        """
        metric = CustomizedMetricSpecification(
            namespace=Namespace.INVOCATIONS.value,
            metric_name="ApproximateBacklogSizePerInstance",
            dimensions=(self._endpoint_dimension(),),
            statistic=Statistic.AVERAGE.value,
        )
        title = "scale_on_backlog()"
        return self._tracks("Backlog", title, metric, Target(value=target), Tracking(**how))

    def scale_on_utilization(
        self, target: float = 0.5, **how: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep what is used of the provisioned concurrency of a serverless variant near a share.

        Args:
            target: The share, 0 to 1.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The variant is not serverless, or the target makes no sense.
        """
        metric = PredefinedMetric.PROVISIONED_CONCURRENCY_UTILIZATION
        title = "scale_on_utilization()"
        return self._tracks("Utilization", title, metric, Target(value=target), Tracking(**how))

    def _use(self, percent: float | None, target: float | None, per: Per, title: str) -> Target:
        return utilization(
            self._state,
            title,
            CallSite.current(),
            target=target,
            percent=percent,
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
