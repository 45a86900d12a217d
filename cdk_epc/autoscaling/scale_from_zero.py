"""Waking up: from no capacity to one, by an alarm on what could not be served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from aws_cdk import Duration

from cdk_epc.autoscaling.policies import Custom
from cdk_epc.autoscaling.schedule import Schedules
from cdk_epc.autoscaling.step_scaling import ABOVE, Direction, Stepping
from cdk_epc.spec.scaling import MetricAggregationType, StepAdjustment
from cdk_epc.spec.unresolved import is_integer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cdk_epc.autoscaling.scaling_policy import ScalingPolicy

_ID: Final = "WakeUp"


@attrs.frozen(kw_only=True)
class Signal:
    """What says that somebody waits while there is no capacity.

    Attributes:
        metric: Its name, in ``AWS/SageMaker``.
        dimensions: By what it is found.
        statistic: What of it.
        periods: How many minutes in a row it must say so.
        aggregation: How the policy sums it up.
        cooldown: How long to wait before more is added.
    """

    metric: str
    dimensions: Mapping[str, str]
    statistic: str
    periods: int
    aggregation: MetricAggregationType
    cooldown: Duration


class Waking(Custom, Schedules):
    """What may come down to no capacity, and must come up again."""

    _wakes: bool | None
    _signal: Callable[[], Signal] | None

    @property
    def wake_up(self) -> ScalingPolicy | None:
        """The policy that leaves zero, if there is one."""
        return self._policies.get(_ID)

    def _wake(self, min_capacity: object, max_capacity: object) -> None:
        """Give the target its way out of zero, if it comes down to that and may come up again."""
        is_zero = is_integer(min_capacity) and min_capacity == 0
        is_shut = is_integer(max_capacity) and max_capacity == 0
        wanted = is_zero and not is_shut if self._wakes is None else self._wakes
        if self.wake_up is None and wanted and self._signal is not None:
            self._make_wake_up(self._signal())

    def _make_wake_up(self, signal: Signal) -> None:
        # A module that is costly to load, for those alone who scale to zero.
        from aws_cdk.aws_cloudwatch import CfnAlarm  # noqa: PLC0415 - see above

        up = Direction(
            id="",
            comparison=ABOVE,
            threshold=1,
            adjustments=(StepAdjustment(metric_interval_lower_bound=0, scaling_adjustment=1),),
        )
        how = Stepping(cooldown=signal.cooldown, metric_aggregation_type=signal.aggregation)
        policy = self._step_policy(_ID, "wake_up", up, how)
        policy.alarm = CfnAlarm(
            policy,
            "Alarm",
            alarm_actions=[policy.policy_arn],
            alarm_description="Somebody waits and there is no capacity: one is added.",
            namespace="AWS/SageMaker",
            metric_name=signal.metric,
            dimensions=[{"name": name, "value": at} for name, at in signal.dimensions.items()],
            statistic=signal.statistic,
            comparison_operator=up.comparison,
            threshold=up.threshold,
            period=60,
            evaluation_periods=signal.periods,
            datapoints_to_alarm=signal.periods,
            treat_missing_data="missing",
        )


def by_backlog(endpoint_name: str) -> Signal:
    """The signal of an asynchronous endpoint (developer guide, async-inference-autoscale)."""
    return Signal(
        metric="HasBacklogWithoutCapacity",
        dimensions={"EndpointName": endpoint_name},
        statistic="Average",
        periods=2,
        aggregation=MetricAggregationType.AVERAGE,
        cooldown=Duration.seconds(300),
    )


def by_failures(component_name: str) -> Signal:
    """The signal of a component (developer guide, endpoint-auto-scaling-zero-instances).

    The guide's alarm asks for more than one failure a minute, and so sleeps through a caller who
    tries once. AWS's own notebooks take one, and so does this.
    """
    return Signal(
        metric="NoCapacityInvocationFailures",
        dimensions={"InferenceComponentName": component_name},
        statistic="Sum",
        periods=1,
        aggregation=MetricAggregationType.MAXIMUM,
        cooldown=Duration.seconds(60),
    )
