"""The scaling of the copies of an inference component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from cdk_epc.autoscaling.scalable_target import Scalable
from cdk_epc.autoscaling.target_tracking import (
    SAFETY_FACTOR,
    Target,
    Tracking,
    TrackingOptions,
    invocations,
)
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.spec.scaling import PredefinedMetric

if TYPE_CHECKING:
    from cdk_epc.autoscaling.scaling_policy import ScalingPolicy


class ScalableCopies(Scalable):
    """The copies of an inference component, which scale between two numbers.

    The instances under them are scaled by SageMaker, where the variant has managed instance
    scaling. Where several policies are given, the one that asks for the most wins.
    """

    def scale_on_invocations(
        self,
        target: float | None = None,
        *,
        max_requests_per_second: float | None = None,
        safety_factor: float = SAFETY_FACTOR,
        **how: Unpack[TrackingOptions],
    ) -> ScalingPolicy:
        """Keep the requests for each copy near a number.

        Args:
            target: Requests a minute that one copy should get. Either this or
                ``max_requests_per_second``.
            max_requests_per_second: What one copy was measured to serve at most. The target is
                that, times the safety factor, times 60.
            safety_factor: Which part of it to make use of, 0.5 to begin with.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The target makes no sense.
        """
        title = "scale_on_invocations()"
        per_copy = invocations(
            self._state,
            title,
            CallSite.current(),
            target=target,
            max_requests_per_second=max_requests_per_second,
            safety_factor=safety_factor,
        )
        metric = PredefinedMetric.INVOCATIONS_PER_COPY
        return self._tracks("Invocations", title, metric, per_copy, Tracking(**how))

    def scale_on_concurrent_requests(
        self, target: float, **how: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep the requests that one copy serves at the same time near a number.

        The metric comes every 10 seconds, so that copies are added sooner than with any other.

        Args:
            target: Requests at a time; AWS's own examples have 5.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: The target makes no sense.
        """
        metric = PredefinedMetric.CONCURRENT_REQUESTS_PER_COPY
        title = "scale_on_concurrent_requests()"
        return self._tracks(
            "ConcurrentRequests", title, metric, Target(value=target), Tracking(**how)
        )
