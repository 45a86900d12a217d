"""Scalable copies: scalable target of the copies of an inference component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from cdk_epc.autoscaling.scalable_target import ScalableTarget
from cdk_epc.autoscaling.target_tracking import (
    SAFETY_FACTOR,
    TargetValue,
    TrackingOptions,
    TrackingSettings,
    add_tracking_policy,
    invocations_target,
)
from cdk_epc.constructs.call_signature import checks_options
from cdk_epc.spec.scaling import PredefinedMetric

if TYPE_CHECKING:
    from cdk_epc.autoscaling.scaling_policy import ScalingPolicy


class ScalableCopies(ScalableTarget):
    """Copies of an inference component, scaled between two numbers.

    SageMaker scales the instances below the copies if the variant has managed instance scaling.
    Where a target has several policies, the one that requires the highest capacity applies.
    """

    @checks_options(TrackingOptions)
    def scale_on_invocations(
        self,
        target: float | None = None,
        *,
        max_requests_per_second: float | None = None,
        safety_factor: float = SAFETY_FACTOR,
        **options: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep the number of requests for each copy near a target value.

        Args:
            target: Requests a minute for one copy. Pass this or ``max_requests_per_second``.
            max_requests_per_second: Maximum load of one copy, from a load test. The target is this
                number * ``safety_factor`` * 60.
            safety_factor: Share of the maximum load to use; 0.5 by default.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The target value is missing, passed twice or out of range.
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
            PredefinedMetric.INVOCATIONS_PER_COPY,
            target_value,
            TrackingSettings.of(options),
        )

    @checks_options(TrackingOptions)
    def scale_on_concurrent_requests(
        self, target: float, **options: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep the number of concurrent requests for each copy near a target value.

        SageMaker publishes this metric every 10 seconds, so it adds copies sooner than any other.

        Args:
            target: Concurrent requests; 5 in AWS's examples.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The target value is out of range.
        """
        return add_tracking_policy(
            self._internals,
            "ConcurrentRequests",
            "scale_on_concurrent_requests()",
            PredefinedMetric.CONCURRENT_REQUESTS_PER_COPY,
            TargetValue(value=target),
            TrackingSettings.of(options),
        )
