"""What a component can be given, whatever it runs: compute, start-up, placement, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs

from cdk_epc.constructs.convert import mebibytes, seconds
from cdk_epc.constructs.values import (
    ArgumentTypeError,
    Value,
    argument,
    value,
)
from cdk_epc.spec import (
    AvailabilityZoneEnforcementMode,
    ComponentCapacitySizeType,
    ComponentDeploymentConfig,
    ComputeResourceRequirements,
    PlacementStrategy,
    SchedulingConfig,
    Spec,
    StartupParameters,
)
from cdk_epc.spec import ComponentCapacitySize as ComponentCapacitySizeSpec

if TYPE_CHECKING:
    from aws_cdk import Duration, Size

_ROLLING: Final = "rolling_update_policy"
_BALANCE: Final = "availability_zone_balance"


@value
class ComputeRequirements(Value):
    """What each copy takes of an instance.

    Attributes:
        min_memory: Memory that is set aside, 128 MiB or more.
        max_memory: Memory that a copy may come to, 128 MiB or more and not below the least.
        cpu_cores: vCPUs, 0.25 or more.
        accelerators: GPUs or Neuron devices, 1 or more.
    """

    SPEC: ClassVar[type[Spec]] = ComputeResourceRequirements

    min_memory: Size = argument("min_memory_required_in_mb", lower=mebibytes)
    max_memory: Size | None = argument("max_memory_required_in_mb", lower=mebibytes, default=None)
    cpu_cores: float | None = argument("number_of_cpu_cores_required", default=None)
    accelerators: float | None = argument("number_of_accelerator_devices_required", default=None)


@value
class ComponentStartup(Value):
    """How long a copy may take to start; an hour at most for each.

    Attributes:
        model_data_download_timeout: 60 to 3600 seconds.
        container_startup_health_check_timeout: 60 to 3600 seconds.
    """

    SPEC: ClassVar[type[Spec]] = StartupParameters

    model_data_download_timeout: Duration | None = argument(
        "model_data_download_timeout_in_seconds", lower=seconds, default=None
    )
    container_startup_health_check_timeout: Duration | None = argument(
        "container_startup_health_check_timeout_in_seconds", lower=seconds, default=None
    )


@value
class ComponentScheduling(Value):
    """Where copies are placed. Use one of the class methods.

    CloudFormation wants a balance of availability zones beside the placement, so there is always
    one; SageMaker tries to keep it, and places a copy all the same where it cannot.
    """

    SPEC: ClassVar[type[Spec]] = SchedulingConfig

    strategy: PlacementStrategy = argument("placement_strategy")
    max_imbalance: int | None = argument(f"{_BALANCE}.max_imbalance", default=None)
    enforcement: AvailabilityZoneEnforcementMode = argument(
        f"{_BALANCE}.enforcement_mode", default=AvailabilityZoneEnforcementMode.PERMISSIVE
    )

    @classmethod
    def spread(cls, *, max_imbalance: int | None = None) -> ComponentScheduling:
        """Over as many instances as there are.

        Args:
            max_imbalance: How many copies more than another an availability zone may have, 0 to
                100; 0 by default.
        """
        return cls(strategy=PlacementStrategy.SPREAD, max_imbalance=max_imbalance)

    @classmethod
    def binpack(cls, *, max_imbalance: int | None = None) -> ComponentScheduling:
        """On as few instances as will do.

        Args:
            max_imbalance: How many copies more than another an availability zone may have, 0 to
                100; 0 by default.
        """
        return cls(strategy=PlacementStrategy.BINPACK, max_imbalance=max_imbalance)


@attrs.frozen
class ComponentCapacitySize:
    """How many copies one step of a deployment takes.

    Make one with `percent` or `copies`.
    """

    amount: int
    unit: ComponentCapacitySizeType

    @classmethod
    def percent(cls, share: int) -> ComponentCapacitySize:
        """A share of the copies, in whole percent."""
        return cls(share, ComponentCapacitySizeType.CAPACITY_PERCENT)

    @classmethod
    def copies(cls, count: int) -> ComponentCapacitySize:
        """A number of copies."""
        return cls(count, ComponentCapacitySizeType.COPY_COUNT)


def copies_size(given: Any) -> ComponentCapacitySizeSpec:  # noqa: ANN401 - whatever was given
    """Copies as the API takes them."""
    if isinstance(given, ComponentCapacitySizeSpec):
        return given
    if isinstance(given, ComponentCapacitySize):
        return ComponentCapacitySizeSpec(type=given.unit.value, value=given.amount)
    raise ArgumentTypeError(
        given,
        "a ComponentCapacitySize",
        "Write ComponentCapacitySize.percent(10) or ComponentCapacitySize.copies(1).",
    )


@value
class ComponentDeployment(Value):
    """How an update of a component is carried out. Make one with `rolling`.

    It acts on updates, not on the first deployment. The wait is there for rollback alarms to go off
    in: without alarms nothing is rolled back but what fails to start.
    """

    SPEC: ClassVar[type[Spec]] = ComponentDeploymentConfig

    batch: ComponentCapacitySize = argument(f"{_ROLLING}.maximum_batch_size", lower=copies_size)
    wait: Duration = argument(f"{_ROLLING}.wait_interval_in_seconds", lower=seconds)
    rollback_batch: ComponentCapacitySize | None = argument(
        f"{_ROLLING}.rollback_maximum_batch_size", lower=copies_size, default=None
    )
    timeout: Duration | None = argument(
        f"{_ROLLING}.maximum_execution_timeout_in_seconds", lower=seconds, default=None
    )

    @classmethod
    def rolling(
        cls,
        batch: ComponentCapacitySize,
        wait: Duration,
        *,
        rollback_batch: ComponentCapacitySize | None = None,
        timeout: Duration | None = None,
    ) -> ComponentDeployment:
        """Replace the copies batch by batch.

        Args:
            batch: How many are replaced at a time: 5 to 50 percent of the copies.
            wait: How long to watch after each batch, an hour at most.
            rollback_batch: How many are rolled back at a time; all of them by default, which takes
                room for as many copies again.
            timeout: When to give up and roll back, 10 minutes to 8 hours, more than the waits.
        """
        return cls(batch=batch, wait=wait, rollback_batch=rollback_batch, timeout=timeout)
