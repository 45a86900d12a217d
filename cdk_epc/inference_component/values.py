"""Typed values of a component: compute, startup, scheduling, capacity sizes, deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs

from cdk_epc._records import Record
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
    """Compute resources that each copy reserves on an instance.

    Attributes:
        min_memory: Reserved memory, 128 MiB or more.
        max_memory: Maximum memory of a copy, 128 MiB or more and at least `min_memory`.
        cpu_cores: Number of vCPUs, 0.25 or more.
        accelerators: Number of GPUs or Neuron devices, 1 or more.
    """

    SPEC: ClassVar[type[Spec]] = ComputeResourceRequirements

    min_memory: Size = argument("min_memory_required_in_mb", convert=mebibytes)
    max_memory: Size | None = argument("max_memory_required_in_mb", convert=mebibytes, default=None)
    cpu_cores: float | None = argument("number_of_cpu_cores_required", default=None)
    accelerators: float | None = argument("number_of_accelerator_devices_required", default=None)


@value
class ComponentStartup(Value):
    """Time limits for the start of a copy.

    Attributes:
        model_data_download_timeout: Time limit to download the model data, 60 to 3600 seconds.
        container_startup_health_check_timeout: Time limit for the container to pass its first
            health check, 60 to 3600 seconds.
    """

    SPEC: ClassVar[type[Spec]] = StartupParameters

    model_data_download_timeout: Duration | None = argument(
        "model_data_download_timeout_in_seconds", convert=seconds, default=None
    )
    container_startup_health_check_timeout: Duration | None = argument(
        "container_startup_health_check_timeout_in_seconds", convert=seconds, default=None
    )


@value
class ComponentScheduling(Value):
    """Placement of the copies on instances. Use one of the class methods.

    CloudFormation requires a balance of availability zones with each placement strategy, so that
    this value always contains one. It is permissive: SageMaker places a copy even where it cannot
    keep the balance.

    Attributes:
        strategy: Placement strategy of the API.
        max_imbalance: Maximum difference between the numbers of copies in two availability zones.
        enforcement: Whether the balance is only a preference.
    """

    SPEC: ClassVar[type[Spec]] = SchedulingConfig
    WRITTEN_AS: ClassVar[str] = "ComponentScheduling.spread() or .binpack()"

    strategy: PlacementStrategy = argument("placement_strategy")
    max_imbalance: int | None = argument(f"{_BALANCE}.max_imbalance", default=None)
    enforcement: AvailabilityZoneEnforcementMode = argument(
        f"{_BALANCE}.enforcement_mode", default=AvailabilityZoneEnforcementMode.PERMISSIVE
    )

    @classmethod
    def spread(cls, *, max_imbalance: int | None = None) -> ComponentScheduling:
        """Return a placement that spreads the copies over all instances.

        Args:
            max_imbalance: Maximum difference between the numbers of copies in two availability
                zones, 0 to 100; 0 by default.
        """
        return cls(strategy=PlacementStrategy.SPREAD, max_imbalance=max_imbalance)

    @classmethod
    def binpack(cls, *, max_imbalance: int | None = None) -> ComponentScheduling:
        """Return a placement that packs the copies on as few instances as possible.

        Args:
            max_imbalance: Maximum difference between the numbers of copies in two availability
                zones, 0 to 100; 0 by default.
        """
        return cls(strategy=PlacementStrategy.BINPACK, max_imbalance=max_imbalance)


@attrs.frozen(eq=False, repr=False)
class ComponentCapacitySize(Record):
    """Copies that one batch of a deployment updates. Use `percent` or `copies`.

    Attributes:
        amount: Number of copies, or whole percent of the copies.
        unit: Meaning of ``amount``.
    """

    amount: int
    unit: ComponentCapacitySizeType

    @classmethod
    def percent(cls, share: int) -> ComponentCapacitySize:
        """Return a share of the copies, in whole percent."""
        return cls(share, ComponentCapacitySizeType.CAPACITY_PERCENT)

    @classmethod
    def copies(cls, count: int) -> ComponentCapacitySize:
        """Return a number of copies."""
        return cls(count, ComponentCapacitySizeType.COPY_COUNT)


def capacity_size(given: Any) -> ComponentCapacitySizeSpec:  # noqa: ANN401 - a value of any type
    """Return a capacity size as the API accepts it.

    Raises:
        ArgumentTypeError: The value is not a capacity size.
    """
    if isinstance(given, ComponentCapacitySizeSpec):
        return given
    if isinstance(given, ComponentCapacitySize):
        return ComponentCapacitySizeSpec(type=given.unit.value, value=given.amount)
    raise ArgumentTypeError(
        given,
        "a ComponentCapacitySize",
        "Pass ComponentCapacitySize.percent(10) or ComponentCapacitySize.copies(1).",
    )


@value
class ComponentDeployment(Value):
    """Deployment policy of a component. Use `rolling`.

    The policy applies to updates, not to the first deployment. A rollback alarm can stop the update
    during the waits. Without rollback alarms SageMaker rolls an update back only if the new copies
    fail to start.

    Attributes:
        batch: Copies that one batch replaces.
        wait: Time between two batches.
        rollback_batch: Copies that one batch of a rollback replaces.
        timeout: Time limit for the whole update.
    """

    SPEC: ClassVar[type[Spec]] = ComponentDeploymentConfig
    WRITTEN_AS: ClassVar[str] = "ComponentDeployment.rolling(...)"

    batch: ComponentCapacitySize = argument(f"{_ROLLING}.maximum_batch_size", convert=capacity_size)
    wait: Duration = argument(f"{_ROLLING}.wait_interval_in_seconds", convert=seconds)
    rollback_batch: ComponentCapacitySize | None = argument(
        f"{_ROLLING}.rollback_maximum_batch_size", convert=capacity_size, default=None
    )
    timeout: Duration | None = argument(
        f"{_ROLLING}.maximum_execution_timeout_in_seconds", convert=seconds, default=None
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
        """Return a policy that replaces the copies in batches.

        Args:
            batch: Size of each batch, 5 to 50 percent of the copies.
            wait: Time to watch after each batch, an hour at most.
            rollback_batch: Copies that are rolled back at a time; by default all copies, which
                needs capacity for twice as many.
            timeout: Maximum duration of the update, after which it is rolled back: 10 minutes to 8
                hours, and more than the sum of the waits.
        """
        return cls(batch=batch, wait=wait, rollback_batch=rollback_batch, timeout=timeout)
