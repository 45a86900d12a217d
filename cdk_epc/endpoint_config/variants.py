"""The variants of a configuration as typed values: on instances, serverless, for components.

A mix that SageMaker refuses can mostly not be written: each kind has the arguments of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from cdk_epc.catalog.instances import InstanceType
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

    from cdk_epc.constructs.convert import Model


def _type_or_pools(given: InstanceType | Sequence[InstancePool]) -> tuple[Any, Any]:
    if is_list(given):
        return None, convert_value(given)
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

    model: Model = argument("model_name", convert=model_name)
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

    model: Model = argument("model_name", convert=model_name)
    memory_size: Size = argument("serverless_config.memory_size_in_mb", convert=mebibytes)
    max_concurrency: int = argument("serverless_config.max_concurrency")
    provisioned_concurrency: int | None = argument(
        "serverless_config.provisioned_concurrency", default=None
    )
    initial_weight: float | None = argument("initial_variant_weight", default=None)
