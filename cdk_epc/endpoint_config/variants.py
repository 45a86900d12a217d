"""Typed values of the variants: on instances, serverless, and for inference components.

Each class has only the arguments that SageMaker accepts for its type of variant, so that most
invalid combinations cannot be written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from cdk_epc.constructs.convert import (
    gibibytes,
    instance_type_name,
    mebibytes,
    model_name,
    seconds,
)
from cdk_epc.constructs.values import (
    Value,
    argument,
    convert_value,
    value,
)
from cdk_epc.endpoint_config.variant_settings import (
    CapacityReservation,
    CoreDump,
    InstancePool,
    ManagedInstanceScaling,
    Routing,
)
from cdk_epc.spec import InferenceAmiVersion, ProductionVariant, Spec
from cdk_epc.spec.unresolved import is_list

if TYPE_CHECKING:
    from aws_cdk import Duration, Size

    from cdk_epc.constructs.convert import InstanceTypeOrName, ModelOrName


def _machine_image(given: object) -> object:
    return None if given == DEFAULT_MACHINE_IMAGE else given


def _type_or_pools(given: InstanceTypeOrName | Sequence[InstancePool]) -> tuple[Any, Any]:
    if is_list(given):
        return None, convert_value(given)
    return instance_type_name(given), None


DEFAULT_MACHINE_IMAGE: Final = "default"
"""Argument for the machine image that SageMaker chooses."""


@value
class Variant(Value):
    """Base of all variants."""

    SPEC: ClassVar[type[Spec]] = ProductionVariant

    name: str = argument("variant_name", kw_only=False)


@value
class InstanceBackedVariant(Variant):
    """Base of the variants on instances, with a model or without one."""

    instance_type: InstanceTypeOrName | Sequence[InstancePool] = argument(
        "instance_type", "instance_pools", convert=_type_or_pools
    )
    initial_instance_count: int = argument("initial_instance_count")
    routing: Routing | None = argument("routing_config", default=None)
    volume_size: Size | None = argument("volume_size_in_gb", convert=gibibytes, default=None)
    model_data_download_timeout: Duration | None = argument(
        "model_data_download_timeout_in_seconds", convert=seconds, default=None
    )
    container_startup_health_check_timeout: Duration | None = argument(
        "container_startup_health_check_timeout_in_seconds", convert=seconds, default=None
    )
    instance_provision_timeout: Duration | None = argument(
        "variant_instance_provision_timeout_in_seconds", convert=seconds, default=None
    )
    inference_ami_version: InferenceAmiVersion | Literal["default"] | None = argument(
        "inference_ami_version", convert=_machine_image, default=None
    )
    core_dump: CoreDump | None = argument("core_dump_config", default=None)
    capacity_reservation: CapacityReservation | None = argument(
        "capacity_reservation_config", default=None
    )


@value
class InstanceVariant(InstanceBackedVariant):
    """Variant that runs a model on instances.

    Attributes:
        name: Name of the variant: letters, digits and inner hyphens, 63 at most.
        model: The model, or its name.
        instance_type: Instance type as a constant of `InstanceType` or by its name, or instance
            pools in the order of their priority.
        initial_instance_count: Number of instances at the start, 1 or more.
        initial_weight: Share of the traffic, relative to the weights of the other variants; 0 or
            more, 1 by default. For a shadow variant, the share of the requests that are copied.
        enable_ssm_access: Whether AWS Systems Manager may open a session on the instances; off by
            default.
        routing: Routing strategy; random by default.
        volume_size: Storage volume of each instance, 1 to 512 GiB; not allowed with local NVMe
            storage.
        model_data_download_timeout: Time limit to download the model data, 60 to 3600 seconds.
        container_startup_health_check_timeout: Time limit for the container to pass its first
            health check, 60 to 3600 seconds.
        instance_provision_timeout: Time limit to provision instances from the pools, 300 to 3600
            seconds.
        inference_ami_version: Machine image of the instances. By default SageMaker chooses one,
            except for images of AWS with CUDA 13, whose containers do not start with the driver of
            SageMaker's default: on the types of the families g4dn, g5, g6, g6e, p4d, p4de, p5, p5e
            and p5en, the variant then gets ``al2023-ami-sagemaker-inference-gpu-4-1``, as in
            SageMaker's Python SDK. ``"default"`` leaves the choice to SageMaker in any case.
        core_dump: Destination of core dumps; none are stored by default.
        capacity_reservation: Training plan whose instances the variant runs on.
    """

    model: ModelOrName = argument("model_name", convert=model_name)
    initial_weight: float | None = argument("initial_variant_weight", default=None)
    enable_ssm_access: bool | None = argument("enable_ssm_access", default=None)


@value
class InferenceComponentVariant(InstanceBackedVariant):
    """Variant without a model, on whose instances inference components run.

    The configuration needs an execution role. The variant has no weight, because each request
    names its inference component. Without ``inference_ami_version``, SageMaker chooses the machine
    image, because the images of the components are not known yet.

    Attributes:
        name: Name of the variant: letters, digits and inner hyphens, 63 at most.
        instance_type: Instance type as a constant of `InstanceType` or by its name, or instance
            pools in the order of their priority.
        initial_instance_count: Number of instances at the start, 1 or more.
        routing: Routing strategy; random by default.
        volume_size: Storage volume of each instance, 1 to 512 GiB; not allowed with local NVMe
            storage.
        model_data_download_timeout: Time limit to download the model data, 60 to 3600 seconds.
        container_startup_health_check_timeout: Time limit for the container to pass its first
            health check, 60 to 3600 seconds.
        instance_provision_timeout: Time limit to provision instances from the pools, 300 to 3600
            seconds.
        inference_ami_version: Machine image of the instances; SageMaker chooses one by default.
        core_dump: Destination of core dumps; none are stored by default.
        capacity_reservation: Training plan whose instances the variant runs on.
        managed_instance_scaling: SageMaker's own scaling of the instances; off by default.
    """

    managed_instance_scaling: ManagedInstanceScaling | None = argument(
        "managed_instance_scaling", default=None
    )


@value
class ServerlessVariant(Variant):
    """Serverless variant. It must be the only variant of its configuration.

    Attributes:
        name: Name of the variant: letters, digits and inner hyphens, 63 at most.
        model: The model, or its name.
        memory_size: Memory, 1 to 6 whole GiB.
        max_concurrency: Maximum number of concurrent requests, 1 to 200.
        provisioned_concurrency: Concurrent requests for which SageMaker keeps capacity warm, 1 to
            `max_concurrency`; none by default.
        initial_weight: Weight of the variant. SageMaker accepts it; it has no effect, because there
            is only one variant.
    """

    model: ModelOrName = argument("model_name", convert=model_name)
    memory_size: Size = argument("serverless_config.memory_size_in_mb", convert=mebibytes)
    max_concurrency: int = argument("serverless_config.max_concurrency")
    provisioned_concurrency: int | None = argument(
        "serverless_config.provisioned_concurrency", default=None
    )
    initial_weight: float | None = argument("initial_variant_weight", default=None)
