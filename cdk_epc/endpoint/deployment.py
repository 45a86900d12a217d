"""Deployment policies: typed values of the update of an endpoint to another configuration.

Sources: API reference, ``DeploymentConfig``; developer guide, deployment guardrails.
"""

from __future__ import annotations

from typing import ClassVar, Final

import attrs
import aws_cdk as cdk

from cdk_epc._records import Record
from cdk_epc.constructs.call_signature import names_meant_arguments
from cdk_epc.constructs.convert import seconds
from cdk_epc.constructs.values import (
    ArgumentTypeError,
    Value,
    argument,
    synonyms_of,
    value,
)
from cdk_epc.spec import CapacitySize as CapacitySizeSpec
from cdk_epc.spec import CapacitySizeType, DeploymentConfig, Spec, TrafficRoutingType

_BLUE_GREEN: Final = "blue_green_update_policy"
_ROUTING: Final = f"{_BLUE_GREEN}.traffic_routing_configuration"
_ROLLING: Final = "rolling_update_policy"


@attrs.frozen(eq=False, repr=False)
class CapacitySize(Record):
    """Capacity that one step of a deployment updates. Use `percent` or `instances`.

    Attributes:
        amount: Number of instances, or whole percent of the fleet.
        unit: Meaning of ``amount``.
    """

    amount: int
    unit: CapacitySizeType

    @classmethod
    def percent(cls, share: int) -> CapacitySize:
        """Return a share of the fleet, in whole percent."""
        return cls(share, CapacitySizeType.CAPACITY_PERCENT)

    @classmethod
    def instances(cls, count: int) -> CapacitySize:
        """Return a number of instances."""
        return cls(count, CapacitySizeType.INSTANCE_COUNT)


def capacity_size(given: object) -> CapacitySizeSpec:
    """Return a capacity size as the API accepts it.

    Raises:
        ArgumentTypeError: The value is not a capacity size.
    """
    if isinstance(given, CapacitySizeSpec):
        return given
    if isinstance(given, CapacitySize):
        return CapacitySizeSpec(type=given.unit.value, value=given.amount)
    raise ArgumentTypeError(
        given, "a CapacitySize", "Pass CapacitySize.percent(10) or CapacitySize.instances(1)."
    )


class Deployment(Value):
    """Deployment policy of an endpoint: the way in which an update is carried out.

    Use `all_at_once`, `canary`, `linear` or `rolling`. The first three are blue/green deployments:
    SageMaker starts a second fleet of full size, shifts the traffic to it and terminates the old
    fleet. The policy applies to updates, not to the first deployment.

    A rollback alarm can stop the update during the waits. Without rollback alarms SageMaker rolls
    an update back only if the new instances fail to start. Deployment guardrails do not support
    Inf1 instances and containers from AWS Marketplace, and rolling deployments do not support
    serverless endpoints and endpoints with several variants; SageMaker then shifts all traffic at
    once, without a wait.
    """

    __slots__ = ()
    SPEC: ClassVar[type[Spec]] = DeploymentConfig
    WRITTEN_AS: ClassVar[str] = (
        "Deployment.canary(...), .linear(...), .rolling(...) or .all_at_once(...)"
    )

    @staticmethod
    @names_meant_arguments("Deployment.all_at_once", lambda: _synonyms(_AllAtOnce))
    def all_at_once(
        *,
        wait: cdk.Duration | None = None,
        termination_wait: cdk.Duration | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Return a policy that shifts all traffic to the new fleet in one step.

        Args:
            wait: Time to watch the new fleet after the shift, 0 by default, an hour at most.
            termination_wait: Time before the old fleet is terminated, an hour at most; 0 by
                default.
            timeout: Maximum duration of the update, after which it is rolled back: 10 minutes to 8
                hours, and more than the sum of the waits.
        """
        # The wait is optional in CloudFormation's schema but required in the API that it calls.
        waits = cdk.Duration.seconds(0) if wait is None else wait
        return _AllAtOnce(wait=waits, termination_wait=termination_wait, timeout=timeout)

    @staticmethod
    @names_meant_arguments("Deployment.canary", lambda: _synonyms(_Canary))
    def canary(
        size: CapacitySize,
        wait: cdk.Duration,
        *,
        termination_wait: cdk.Duration | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Return a policy that shifts a small part of the traffic first, and then the rest.

        Args:
            size: Size of the canary: the capacity that gets traffic first, at most half of the
                fleet.
            wait: Time to watch the canary, an hour at most.
            termination_wait: Time before the old fleet is terminated, an hour at most; 0 by
                default.
            timeout: Maximum duration of the update, after which it is rolled back: 10 minutes to 8
                hours, and more than the sum of the waits.
        """
        return _Canary(size=size, wait=wait, termination_wait=termination_wait, timeout=timeout)

    @staticmethod
    @names_meant_arguments("Deployment.linear", lambda: _synonyms(_Linear))
    def linear(
        step: CapacitySize,
        wait: cdk.Duration,
        *,
        termination_wait: cdk.Duration | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Return a policy that shifts the traffic in equal steps.

        Args:
            step: Capacity of each step, 10 to 50 percent of the fleet.
            wait: Time to watch after each step, an hour at most.
            termination_wait: Time before the old fleet is terminated, an hour at most; 0 by
                default.
            timeout: Maximum duration of the update, after which it is rolled back: 10 minutes to 8
                hours, and more than the sum of the waits.
        """
        return _Linear(step=step, wait=wait, termination_wait=termination_wait, timeout=timeout)

    @staticmethod
    @names_meant_arguments("Deployment.rolling", lambda: _synonyms(_Rolling))
    def rolling(
        batch: CapacitySize,
        wait: cdk.Duration,
        *,
        rollback_batch: CapacitySize | None = None,
        timeout: cdk.Duration | None = None,
    ) -> Deployment:
        """Return a policy that replaces the fleet in batches, without a second full fleet.

        Args:
            batch: Capacity of each batch, 5 to 50 percent of the fleet.
            wait: Time to watch after each batch, an hour at most.
            rollback_batch: Capacity that is rolled back at a time; by default the whole fleet,
                which needs a second fleet of full size.
            timeout: Maximum duration of the update, after which it is rolled back: 10 minutes to 8
                hours, and more than the sum of the waits.
        """
        return _Rolling(batch=batch, wait=wait, rollback_batch=rollback_batch, timeout=timeout)


def _synonyms(policy: type[Value]) -> dict[str, str]:
    """Return the argument, or the code to write, for other names of a policy's arguments."""
    size = {"_Canary": "size", "_Linear": "step", "_Rolling": "batch"}.get(policy.__name__, "")
    return {
        **synonyms_of(policy),
        "percent": f"{size}=CapacitySize.percent(...)",
        "instances": f"{size}=CapacitySize.instances(...)",
        "interval": "wait",
        "alarms": "Endpoint(rollback_alarms=...)",
        "rollback_alarms": "Endpoint(rollback_alarms=...)",
    }


@value
class _BlueGreen(Deployment):
    wait: cdk.Duration | None = argument(
        f"{_ROUTING}.wait_interval_in_seconds", convert=seconds, default=None
    )
    termination_wait: cdk.Duration | None = argument(
        f"{_BLUE_GREEN}.termination_wait_in_seconds", convert=seconds, default=None
    )
    timeout: cdk.Duration | None = argument(
        f"{_BLUE_GREEN}.maximum_execution_timeout_in_seconds", convert=seconds, default=None
    )


@value
class _AllAtOnce(_BlueGreen):
    type: str = argument(f"{_ROUTING}.type", default=TrafficRoutingType.ALL_AT_ONCE.value)


@value
class _Canary(_BlueGreen):
    type: str = argument(f"{_ROUTING}.type", default=TrafficRoutingType.CANARY.value)
    size: CapacitySize = argument(f"{_ROUTING}.canary_size", convert=capacity_size)


@value
class _Linear(_BlueGreen):
    type: str = argument(f"{_ROUTING}.type", default=TrafficRoutingType.LINEAR.value)
    step: CapacitySize = argument(f"{_ROUTING}.linear_step_size", convert=capacity_size)


@value
class _Rolling(Deployment):
    batch: CapacitySize = argument(f"{_ROLLING}.maximum_batch_size", convert=capacity_size)
    wait: cdk.Duration = argument(f"{_ROLLING}.wait_interval_in_seconds", convert=seconds)
    rollback_batch: CapacitySize | None = argument(
        f"{_ROLLING}.rollback_maximum_batch_size", convert=capacity_size, default=None
    )
    timeout: cdk.Duration | None = argument(
        f"{_ROLLING}.maximum_execution_timeout_in_seconds", convert=seconds, default=None
    )
