"""What a variant on instances can be given: routing, scaling, pools, reservations, core dumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.constructs.convert import (
    instance_type_name,
    key_id,
    minutes,
    model_name,
    s3_uri,
)
from cdk_epc.constructs.values import Value, argument, value
from cdk_epc.spec import (
    CapacityReservationConfig,
    CapacityReservationPreference,
    CoreDumpConfig,
    ManagedInstanceScalingStatus,
    RoutingConfig,
    RoutingStrategy,
    ScaleInPolicy,
    ScaleInStrategy,
    Spec,
)
from cdk_epc.spec import InstancePool as InstancePoolSpec
from cdk_epc.spec import ManagedInstanceScaling as ManagedInstanceScalingSpec

if TYPE_CHECKING:
    from aws_cdk import Duration

    from cdk_epc.constructs.convert import Key, Location, Model


@value
class Routing(Value):
    """How requests find an instance. Use one of the class methods."""

    SPEC: ClassVar[type[Spec]] = RoutingConfig

    strategy: RoutingStrategy = argument("routing_strategy")
    prefix_length: int | None = argument("prefix_aware_routing_config.prefix_length", default=None)
    concurrency_threshold: int | None = argument(
        "prefix_aware_routing_config.concurrency_threshold", default=None
    )

    @classmethod
    def random(cls) -> Routing:
        """Any instance; the service's default."""
        return cls(strategy=RoutingStrategy.RANDOM)

    @classmethod
    def least_outstanding_requests(cls) -> Routing:
        """The instance with the fewest requests under way."""
        return cls(strategy=RoutingStrategy.LEAST_OUTSTANDING_REQUESTS)

    @classmethod
    def prefix_aware(cls, *, prefix_length: int, concurrency_threshold: int) -> Routing:
        """The instance that has seen the same beginning of the prompt.

        Args:
            prefix_length: Characters that are compared, 1024 to 65536.
            concurrency_threshold: Requests under way, 1 to 1024, beyond which another is taken.
        """
        return cls(
            strategy=RoutingStrategy.PREFIX_AWARE,
            prefix_length=prefix_length,
            concurrency_threshold=concurrency_threshold,
        )

    @classmethod
    def kv_aware(cls) -> Routing:
        """The instance with the best key-value cache; CloudFormation may not know it yet."""
        return cls(strategy=RoutingStrategy.KV_AWARE)


@value
class ScaleIn(Value):
    """How managed instance scaling gives instances back. Use one of the class methods."""

    SPEC: ClassVar[type[Spec]] = ScaleInPolicy

    strategy: ScaleInStrategy = argument("strategy")
    maximum_step_size: int | None = argument("maximum_step_size", default=None)
    cooldown: Duration | None = argument("cooldown_in_minutes", convert=minutes, default=None)

    @classmethod
    def idle_release(cls) -> ScaleIn:
        """Instances that host no copy of a component."""
        return cls(strategy=ScaleInStrategy.IDLE_RELEASE)

    @classmethod
    def consolidation(
        cls, *, maximum_step_size: int | None = None, cooldown: Duration | None = None
    ) -> ScaleIn:
        """Copies are moved together, and the instances that come free are given back.

        Args:
            maximum_step_size: Instances given back at a time, 1 to 100.
            cooldown: Pause between steps, 5 to 1440 whole minutes.
        """
        return cls(
            strategy=ScaleInStrategy.CONSOLIDATION,
            maximum_step_size=maximum_step_size,
            cooldown=cooldown,
        )


@value
class ManagedInstanceScaling(Value):
    """SageMaker's own scaling of the instances under inference components.

    Attributes:
        min_instance_count: Least number of instances, 0 or more.
        max_instance_count: Greatest number, 1 or more and not below the least.
        status: Whether it is on; on by default.
        scale_in: How instances are given back; the service decides by default.
    """

    SPEC: ClassVar[type[Spec]] = ManagedInstanceScalingSpec

    min_instance_count: int | None = argument("min_instance_count", default=None)
    max_instance_count: int | None = argument("max_instance_count", default=None)
    status: ManagedInstanceScalingStatus = argument(
        "status", default=ManagedInstanceScalingStatus.ENABLED
    )
    scale_in: ScaleIn | None = argument("scale_in_policy", default=None)


@value
class InstancePool(Value):
    """One of several instance types that a variant may run on.

    Attributes:
        instance_type: The type.
        priority: 1 (tried first) to 5.
        model_override: Another model for this type, for example one compiled for it.
    """

    SPEC: ClassVar[type[Spec]] = InstancePoolSpec

    instance_type: InstanceType = argument(
        "instance_type", convert=instance_type_name, kw_only=False
    )
    priority: int = argument("priority")
    model_override: Model | None = argument("model_name_override", convert=model_name, default=None)


@value
class CapacityReservation(Value):
    """The training plan whose reserved instances a variant runs on.

    Attributes:
        ml_reservation_arn: The plan's ARN.
        preference: Which capacity may be used; only the reserved one by default.
    """

    SPEC: ClassVar[type[Spec]] = CapacityReservationConfig

    ml_reservation_arn: str = argument("ml_reservation_arn", kw_only=False)
    preference: CapacityReservationPreference = argument(
        "capacity_reservation_preference",
        default=CapacityReservationPreference.CAPACITY_RESERVATIONS_ONLY,
    )


@value
class CoreDump(Value):
    """Where a core dump of the model container goes when its process crashes.

    Attributes:
        destination: A prefix in S3.
        encryption_key: The key that the dump is encrypted with.
    """

    SPEC: ClassVar[type[Spec]] = CoreDumpConfig

    destination: Location = argument("destination_s3_uri", convert=s3_uri, kw_only=False)
    encryption_key: Key | None = argument("kms_key_id", convert=key_id, default=None)
