"""Typed values of a variant's settings: routing, scaling, pools, reservations, core dumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

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

    from cdk_epc.constructs.convert import InstanceTypeOrName, KeyOrId, ModelOrName, S3LocationOrUri


@value
class Routing(Value):
    """Routing strategy: the choice of the instance that gets a request.

    Use one of the class methods.

    Attributes:
        strategy: Strategy of the API.
        prefix_length: Characters that prefix-aware routing compares.
        concurrency_threshold: Requests in progress above which prefix-aware routing chooses another
            instance.
    """

    SPEC: ClassVar[type[Spec]] = RoutingConfig
    WRITTEN_AS: ClassVar[str] = (
        "Routing.random(), .least_outstanding_requests(), .prefix_aware(...) or .kv_aware()"
    )

    strategy: RoutingStrategy = argument("routing_strategy")
    prefix_length: int | None = argument("prefix_aware_routing_config.prefix_length", default=None)
    concurrency_threshold: int | None = argument(
        "prefix_aware_routing_config.concurrency_threshold", default=None
    )

    @classmethod
    def random(cls) -> Routing:
        """Return random routing, which is SageMaker's default."""
        return cls(strategy=RoutingStrategy.RANDOM)

    @classmethod
    def least_outstanding_requests(cls) -> Routing:
        """Return routing to the instance with the fewest requests in progress."""
        return cls(strategy=RoutingStrategy.LEAST_OUTSTANDING_REQUESTS)

    @classmethod
    def prefix_aware(cls, *, prefix_length: int, concurrency_threshold: int) -> Routing:
        """Return routing to the instance that has served the same beginning of the prompt.

        Args:
            prefix_length: Characters that are compared, 1024 to 65536.
            concurrency_threshold: Requests in progress on the instance, 1 to 1024, above which
                SageMaker chooses another instance.
        """
        return cls(
            strategy=RoutingStrategy.PREFIX_AWARE,
            prefix_length=prefix_length,
            concurrency_threshold=concurrency_threshold,
        )

    @classmethod
    def kv_aware(cls) -> Routing:
        """Return routing to the instance with the best key-value cache for the prompt.

        CloudFormation may not support this strategy yet.
        """
        return cls(strategy=RoutingStrategy.KV_AWARE)


@value
class ScaleIn(Value):
    """Scale-in policy of managed instance scaling. Use one of the class methods.

    Attributes:
        strategy: Strategy of the API.
        maximum_step_size: Maximum number of instances that one step of a consolidation releases.
        cooldown: Time between two steps of a consolidation.
    """

    SPEC: ClassVar[type[Spec]] = ScaleInPolicy
    WRITTEN_AS: ClassVar[str] = "ScaleIn.idle_release() or .consolidation(...)"

    strategy: ScaleInStrategy = argument("strategy")
    maximum_step_size: int | None = argument("maximum_step_size", default=None)
    cooldown: Duration | None = argument("cooldown_in_minutes", convert=minutes, default=None)

    @classmethod
    def idle_release(cls) -> ScaleIn:
        """Return a policy that releases instances without a copy of an inference component."""
        return cls(strategy=ScaleInStrategy.IDLE_RELEASE)

    @classmethod
    def consolidation(
        cls, *, maximum_step_size: int | None = None, cooldown: Duration | None = None
    ) -> ScaleIn:
        """Return a policy that moves copies to fewer instances and releases the free ones.

        Args:
            maximum_step_size: Maximum number of instances that one step releases, 1 to 100.
            cooldown: Time between two steps, 5 to 1440 whole minutes.
        """
        return cls(
            strategy=ScaleInStrategy.CONSOLIDATION,
            maximum_step_size=maximum_step_size,
            cooldown=cooldown,
        )


@value
class ManagedInstanceScaling(Value):
    """SageMaker's own scaling of the instances that host inference components.

    Attributes:
        min_instance_count: Minimum number of instances, 0 or more.
        max_instance_count: Maximum number of instances, 1 or more and at least the minimum.
        status: Whether the scaling is on; on by default.
        scale_in: Scale-in policy; SageMaker chooses one by default.
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
    """Instance pool: one of several instance types that a variant may run on.

    Attributes:
        instance_type: Instance type of the pool, as a constant or by its name.
        priority: Priority, from 1 (tried first) to 5.
        model_override: Model for this instance type in place of the variant's model, for example
            one that is compiled for the type.
    """

    SPEC: ClassVar[type[Spec]] = InstancePoolSpec

    instance_type: InstanceTypeOrName = argument(
        "instance_type", convert=instance_type_name, kw_only=False
    )
    priority: int = argument("priority")
    model_override: ModelOrName | None = argument(
        "model_name_override", convert=model_name, default=None
    )


@value
class CapacityReservation(Value):
    """Training plan whose reserved instances a variant runs on.

    Attributes:
        ml_reservation_arn: ARN of the training plan.
        preference: Capacity that the variant may use; only the reserved capacity by default.
    """

    SPEC: ClassVar[type[Spec]] = CapacityReservationConfig

    ml_reservation_arn: str = argument("ml_reservation_arn", kw_only=False)
    preference: CapacityReservationPreference = argument(
        "capacity_reservation_preference",
        default=CapacityReservationPreference.CAPACITY_RESERVATIONS_ONLY,
    )


@value
class CoreDump(Value):
    """Destination of a core dump of the model container after a crash.

    Attributes:
        destination: S3 prefix of the core dumps.
        encryption_key: KMS key that SageMaker encrypts the core dumps with.
    """

    SPEC: ClassVar[type[Spec]] = CoreDumpConfig

    destination: S3LocationOrUri = argument("destination_s3_uri", convert=s3_uri, kw_only=False)
    encryption_key: KeyOrId | None = argument("kms_key_id", convert=key_id, default=None)
