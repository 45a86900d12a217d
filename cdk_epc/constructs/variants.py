"""The variants of a configuration as typed values: on instances, serverless, for components.

A mix that SageMaker refuses can mostly not be written: each kind has the arguments of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from cdk_epc.constructs.arguments import Value, argument, as_given, value
from cdk_epc.constructs.lowering import (
    gibibytes,
    instance_type_name,
    key_id,
    mebibytes,
    minutes,
    model_name,
    s3_uri,
    seconds,
)
from cdk_epc.instances import InstanceType
from cdk_epc.spec import (
    CapacityReservationConfig,
    CapacityReservationPreference,
    CoreDumpConfig,
    InferenceAmiVersion,
    ManagedInstanceScalingStatus,
    ProductionVariant,
    RoutingConfig,
    RoutingStrategy,
    ScaleInPolicy,
    ScaleInStrategy,
    Spec,
)
from cdk_epc.spec import InstancePool as InstancePoolSpec
from cdk_epc.spec import ManagedInstanceScaling as ManagedInstanceScalingSpec
from cdk_epc.spec.unknown import is_list

if TYPE_CHECKING:
    from aws_cdk import Duration, Size

    from cdk_epc.constructs.lowering import Key, Location, Model

__all__ = [
    "CapacityReservation",
    "CoreDump",
    "InferenceComponentVariant",
    "InstancePool",
    "InstanceVariant",
    "ManagedInstanceScaling",
    "Routing",
    "ScaleIn",
    "ServerlessVariant",
    "Variant",
]


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
    cooldown: Duration | None = argument("cooldown_in_minutes", lower=minutes, default=None)

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

    instance_type: InstanceType = argument("instance_type", lower=instance_type_name, kw_only=False)
    priority: int = argument("priority")
    model_override: Model | None = argument("model_name_override", lower=model_name, default=None)


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

    destination: Location = argument("destination_s3_uri", lower=s3_uri, kw_only=False)
    encryption_key: Key | None = argument("kms_key_id", lower=key_id, default=None)


def _type_or_pools(given: InstanceType | Sequence[InstancePool]) -> tuple[Any, Any]:
    if is_list(given):
        return None, as_given(given)
    return instance_type_name(given), None


@value
class Variant(Value):
    """What all kinds of variants have."""

    SPEC: ClassVar[type[Spec]] = ProductionVariant

    name: str = argument("variant_name", kw_only=False)


@value
class OnInstances(Variant):
    """What all variants on instances have, with a model or without."""

    instance_type: InstanceType | Sequence[InstancePool] = argument(
        "instance_type", "instance_pools", lower=_type_or_pools
    )
    initial_instance_count: int = argument("initial_instance_count")
    routing: Routing | None = argument("routing_config", default=None)
    volume_size: Size | None = argument("volume_size_in_gb", lower=gibibytes, default=None)
    model_data_download_timeout: Duration | None = argument(
        "model_data_download_timeout_in_seconds", lower=seconds, default=None
    )
    container_startup_health_check_timeout: Duration | None = argument(
        "container_startup_health_check_timeout_in_seconds", lower=seconds, default=None
    )
    instance_provision_timeout: Duration | None = argument(
        "variant_instance_provision_timeout_in_seconds", lower=seconds, default=None
    )
    inference_ami_version: InferenceAmiVersion | None = argument(
        "inference_ami_version", default=None
    )
    core_dump: CoreDump | None = argument("core_dump_config", default=None)
    capacity_reservation: CapacityReservation | None = argument(
        "capacity_reservation_config", default=None
    )


@value
class InstanceVariant(OnInstances):
    """A model on instances.

    Attributes:
        name: The variant's name: letters, digits and inner hyphens, 63 at most.
        model: The model, or its name.
        instance_type: The type, or pools of types in the order of their priority.
        initial_instance_count: Instances to start with, 1 or more.
        initial_weight: Share of the traffic, relative to the other variants' weights; 0 or more,
            1 by default. For a shadow variant, the share of the requests that it gets a copy of.
        enable_ssm_access: Whether Systems Manager may open a session on the instances.
        routing: How requests find an instance; at random by default.
        volume_size: Storage of each instance, 1 to 512 GiB; not with local NVMe storage.
        model_data_download_timeout: 60 to 3600 seconds.
        container_startup_health_check_timeout: 60 to 3600 seconds.
        instance_provision_timeout: How long to try for the pools' instances, 300 to 3600 seconds.
        inference_ami_version: The machine image; the service's choice by default.
        core_dump: Where core dumps go; nowhere by default.
        capacity_reservation: The training plan to run on.
    """

    model: Model = argument("model_name", lower=model_name)
    initial_weight: float | None = argument("initial_variant_weight", default=None)
    enable_ssm_access: bool | None = argument("enable_ssm_access", default=None)


@value
class InferenceComponentVariant(OnInstances):
    """Instances without a model of their own, for inference components to be placed on.

    The configuration needs an execution role, and the variant has no weight: a request names its
    component. The attributes are those of `InstanceVariant` less model, weight and SSM, and:

    Attributes:
        managed_instance_scaling: SageMaker's own scaling of the instances; off by default.
    """

    managed_instance_scaling: ManagedInstanceScaling | None = argument(
        "managed_instance_scaling", default=None
    )


@value
class ServerlessVariant(Variant):
    """A model without instances of one's own. It is the only variant of its configuration.

    Attributes:
        name: The variant's name: letters, digits and inner hyphens, 63 at most.
        model: The model, or its name.
        memory_size: 1 to 6 whole GiB.
        max_concurrency: Greatest number of requests at a time, 1 to 200.
        provisioned_concurrency: Requests that are kept warm for, 1 up to the greatest number.
        initial_weight: Accepted by the service and of no effect, for there is one variant.
    """

    model: Model = argument("model_name", lower=model_name)
    memory_size: Size = argument("serverless_config.memory_size_in_mb", lower=mebibytes)
    max_concurrency: int = argument("serverless_config.max_concurrency")
    provisioned_concurrency: int | None = argument(
        "serverless_config.provisioned_concurrency", default=None
    )
    initial_weight: float | None = argument("initial_variant_weight", default=None)
