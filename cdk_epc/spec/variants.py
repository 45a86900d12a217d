"""Production variants and their settings.

Source of the members and their bounds: botocore's sagemaker model, shape ``ProductionVariant``, and
CloudFormation's schema of ``AWS::SageMaker::EndpointConfig``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.enums import (
    CapacityReservationPreference,
    InferenceAmiVersion,
    ManagedInstanceScalingStatus,
    RoutingStrategy,
    ScaleInStrategy,
)
from cdk_epc.spec.fields import (
    Spec,
    boolean,
    choice,
    integer,
    nested,
    nested_list,
    number,
    string,
    string_list,
)


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ServerlessConfig(Spec):
    """Serverless inference of a variant; the memory is in MB."""

    memory_size_in_mb: int | None = attrs.field(
        default=None, metadata=integer(1024, 6144, required=True, wire="MemorySizeInMB")
    )
    max_concurrency: int | None = attrs.field(default=None, metadata=integer(1, 200, required=True))
    provisioned_concurrency: int | None = attrs.field(default=None, metadata=integer(1, 200))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ScaleInPolicy(Spec):
    """Release of instances by managed instance scaling."""

    strategy: str | None = attrs.field(
        default=None, metadata=choice(ScaleInStrategy, required=True)
    )
    maximum_step_size: int | None = attrs.field(default=None, metadata=integer(1, 100))
    cooldown_in_minutes: int | None = attrs.field(default=None, metadata=integer(5, 1440))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ManagedInstanceScaling(Spec):
    """SageMaker's scaling of the instances of inference components."""

    status: str | None = attrs.field(
        default=None, metadata=choice(ManagedInstanceScalingStatus, closed_choices=True)
    )
    min_instance_count: int | None = attrs.field(default=None, metadata=integer(0))
    max_instance_count: int | None = attrs.field(default=None, metadata=integer(1))
    scale_in_policy: ScaleInPolicy | None = attrs.field(
        default=None, metadata=nested(ScaleInPolicy)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class PrefixAwareRoutingConfig(Spec):
    """Routing by the prefix of a prompt. The length is in characters."""

    prefix_length: int | None = attrs.field(default=None, metadata=integer(1024, 65536))
    concurrency_threshold: int | None = attrs.field(default=None, metadata=integer(1, 1024))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class RoutingConfig(Spec):
    """Routing of requests to the instances of the variant.

    The strategy is optional in CloudFormation's schema and required by the API.
    """

    routing_strategy: str | None = attrs.field(
        default=None, metadata=choice(RoutingStrategy, required=True)
    )
    prefix_aware_routing_config: PrefixAwareRoutingConfig | None = attrs.field(
        default=None, metadata=nested(PrefixAwareRoutingConfig)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class InstancePool(Spec):
    """Instance type of a variant with several types; SageMaker tries priority 1 first."""

    instance_type: str | None = attrs.field(
        default=None, metadata=string(min_length=None, max_length=63, required=True)
    )
    model_name_override: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    priority: int | None = attrs.field(default=None, metadata=integer(1, 5, required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CapacityReservationConfig(Spec):
    """Training plan with the reserved instances of the variant."""

    capacity_reservation_preference: str | None = attrs.field(
        default=None, metadata=choice(CapacityReservationPreference)
    )
    ml_reservation_arn: str | None = attrs.field(
        default=None,
        metadata=string(min_length=20, max_length=258, pattern=patterns.RESERVATION_ARN),
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CoreDumpConfig(Spec):
    """Location of the core dumps of the model container."""

    destination_s3_uri: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI, required=True),
    )
    kms_key_id: str | None = attrs.field(
        default=None,
        metadata=string(min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY),
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AcceleratorPartitionLayout(Spec):
    """Partitions of one accelerator for inference components."""

    accelerator_partition_types: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=string_list(
            min_items=0,
            max_items=32,
            max_length=32,
            pattern=patterns.PARTITION,
        ),
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ProductionVariant(Spec):
    """Variant in the shape of the API; it can hold any combination, which the rules check."""

    REMOVED: ClassVar[Mapping[str, str]] = {
        "AcceleratorType": (
            "Elastic Inference has been discontinued; use an instance type with an accelerator"
        ),
    }

    variant_name: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME, required=True),
    )
    model_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    initial_instance_count: int | None = attrs.field(default=None, metadata=integer(1))
    # Separate rules check the instance type, so that it has no bounds but a maximum length.
    instance_type: str | None = attrs.field(
        default=None, metadata=string(min_length=None, max_length=63)
    )
    instance_pools: tuple[InstancePool, ...] | None = attrs.field(
        default=None, metadata=nested_list(InstancePool, min_items=1, max_items=5)
    )
    variant_instance_provision_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(300, 3600)
    )
    initial_variant_weight: float | None = attrs.field(default=None, metadata=number(0))
    core_dump_config: CoreDumpConfig | None = attrs.field(
        default=None, metadata=nested(CoreDumpConfig)
    )
    serverless_config: ServerlessConfig | None = attrs.field(
        default=None, metadata=nested(ServerlessConfig)
    )
    volume_size_in_gb: int | None = attrs.field(
        default=None, metadata=integer(1, 512, wire="VolumeSizeInGB")
    )
    model_data_download_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(60, 3600)
    )
    container_startup_health_check_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(60, 3600)
    )
    enable_ssm_access: bool | None = attrs.field(
        default=None, metadata=boolean(wire="EnableSSMAccess")
    )
    managed_instance_scaling: ManagedInstanceScaling | None = attrs.field(
        default=None, metadata=nested(ManagedInstanceScaling)
    )
    routing_config: RoutingConfig | None = attrs.field(default=None, metadata=nested(RoutingConfig))
    inference_ami_version: str | None = attrs.field(
        default=None, metadata=choice(InferenceAmiVersion, open_choices=True)
    )
    capacity_reservation_config: CapacityReservationConfig | None = attrs.field(
        default=None, metadata=nested(CapacityReservationConfig)
    )
    accelerator_partition_layouts: tuple[AcceleratorPartitionLayout, ...] | None = attrs.field(
        default=None,
        metadata=nested_list(
            AcceleratorPartitionLayout,
            min_items=1,
            max_items=32,
            api_only="CloudFormation cannot express accelerator partitions; create this "
            "configuration through the API",
        ),
    )
