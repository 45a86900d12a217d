"""How an endpoint moves from one configuration to the next, as typed values.

Sources: the API's reference, ``DeploymentConfig``, and the developer guide's pages on deployment
guardrails.
"""

from __future__ import annotations

from typing import Final

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.convert import seconds
from cdk_epc.constructs.values import (
    ArgumentTypeError,
    Value,
    argument,
    value,
)
from cdk_epc.spec import CapacitySize as CapacitySizeSpec
from cdk_epc.spec import CapacitySizeType, DeploymentConfig, TrafficRoutingType

_BLUE_GREEN: Final = "blue_green_update_policy"
_ROUTING: Final = f"{_BLUE_GREEN}.traffic_routing_configuration"
_ROLLING: Final = "rolling_update_policy"


@attrs.frozen
class CapacitySize:
    """How much of a fleet one step of a deployment takes.

    Make one with `percent` or `instances`.
    """

    amount: int
    unit: CapacitySizeType

    @classmethod
    def percent(cls, share: int) -> CapacitySize:
        """A share of the fleet, in whole percent."""
        return cls(share, CapacitySizeType.CAPACITY_PERCENT)

    @classmethod
    def instances(cls, count: int) -> CapacitySize:
        """A number of instances."""
        return cls(count, CapacitySizeType.INSTANCE_COUNT)


def capacity_size(given: object) -> CapacitySizeSpec:
    """A capacity as the API takes it."""
    if isinstance(given, CapacitySizeSpec):
        return given
    if isinstance(given, CapacitySize):
        return CapacitySizeSpec(type=given.unit.value, value=given.amount)
    raise ArgumentTypeError(
        given, "a CapacitySize", "Write CapacitySize.percent(10) or CapacitySize.instances(1)."
    )


class Deployment(Value):
    """How an update of an endpoint is carried out.

    Make one with `all_at_once`, `canary`, `linear` or `rolling`. The first three are blue/green: a
    second fleet of full size comes up, the traffic moves there, and then the old fleet goes. It
    acts on updates, not on the first deployment.

    The waits are there for rollback alarms to go off in: without alarms nothing is ever rolled back
    but what fails to start. SageMaker moves all traffic at once, and does not wait, where it knows
    no guardrails: for Inf1 instances and containers from AWS Marketplace, and with a rolling
    deployment also for serverless endpoints and for more than one variant.
    """

    __slots__ = ()
    SPEC = DeploymentConfig

    @staticmethod
    def all_at_once(
        *,
        wait: cdk.Duration | None = None,
        termination_wait: cdk.Duration | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Move all traffic to the new fleet in one step.

        Args:
            wait: How long to watch the new fleet once it has the traffic, an hour at most; 0 by
                default.
            termination_wait: How much longer to keep the old fleet, an hour at most; 0 by default.
            timeout: When to give up and roll back, 10 minutes to 8 hours, more than the waits.
        """
        # CloudFormation's schema lets it be left out, the API that it calls does not.
        waits = cdk.Duration.seconds(0) if wait is None else wait
        return _AllAtOnce(wait=waits, termination_wait=termination_wait, timeout=timeout)

    @staticmethod
    def canary(
        size: CapacitySize,
        wait: cdk.Duration,
        *,
        termination_wait: cdk.Duration | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Move a small part of the traffic first, and the rest if that goes well.

        Args:
            size: The part that goes first: at most half of the fleet.
            wait: How long to watch it, an hour at most.
            termination_wait: How much longer to keep the old fleet, an hour at most; 0 by default.
            timeout: When to give up and roll back, 10 minutes to 8 hours, more than the waits.
        """
        return _Canary(size=size, wait=wait, termination_wait=termination_wait, timeout=timeout)

    @staticmethod
    def linear(
        step: CapacitySize,
        wait: cdk.Duration,
        *,
        termination_wait: cdk.Duration | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Move the traffic in equal steps.

        Args:
            step: The part that each step moves: 10 to 50 percent of the fleet.
            wait: How long to watch after each step, an hour at most.
            termination_wait: How much longer to keep the old fleet, an hour at most; 0 by default.
            timeout: When to give up and roll back, 10 minutes to 8 hours, more than the waits.
        """
        return _Linear(step=step, wait=wait, termination_wait=termination_wait, timeout=timeout)

    @staticmethod
    def rolling(
        batch: CapacitySize,
        wait: cdk.Duration,
        *,
        rollback_batch: CapacitySize | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Replace the fleet batch by batch, so that no second one of full size is needed.

        Args:
            batch: How much is replaced at a time: 5 to 50 percent of the fleet.
            wait: How long to watch after each batch, an hour at most.
            rollback_batch: How much is rolled back at a time; by default all of it, which takes a
                second fleet of full size.
            timeout: When to give up and roll back, 10 minutes to 8 hours, more than the waits.
        """
        return _Rolling(batch=batch, wait=wait, rollback_batch=rollback_batch, timeout=timeout)


@value
class _BlueGreen(Deployment):
    wait: cdk.Duration | None = argument(
        f"{_ROUTING}.wait_interval_in_seconds", lower=seconds, default=None
    )
    termination_wait: cdk.Duration | None = argument(
        f"{_BLUE_GREEN}.termination_wait_in_seconds", lower=seconds, default=None
    )
    timeout: cdk.Duration | None = argument(
        f"{_BLUE_GREEN}.maximum_execution_timeout_in_seconds", lower=seconds, default=None
    )


@value
class _AllAtOnce(_BlueGreen):
    type: str = argument(f"{_ROUTING}.type", default=TrafficRoutingType.ALL_AT_ONCE.value)


@value
class _Canary(_BlueGreen):
    type: str = argument(f"{_ROUTING}.type", default=TrafficRoutingType.CANARY.value)
    size: CapacitySize = argument(f"{_ROUTING}.canary_size", lower=capacity_size)


@value
class _Linear(_BlueGreen):
    type: str = argument(f"{_ROUTING}.type", default=TrafficRoutingType.LINEAR.value)
    step: CapacitySize = argument(f"{_ROUTING}.linear_step_size", lower=capacity_size)


@value
class _Rolling(Deployment):
    batch: CapacitySize = argument(f"{_ROLLING}.maximum_batch_size", lower=capacity_size)
    wait: cdk.Duration = argument(f"{_ROLLING}.wait_interval_in_seconds", lower=seconds)
    rollback_batch: CapacitySize | None = argument(
        f"{_ROLLING}.rollback_maximum_batch_size", lower=capacity_size, default=None
    )
    timeout: cdk.Duration | None = argument(
        f"{_ROLLING}.maximum_execution_timeout_in_seconds", lower=seconds, default=None
    )
