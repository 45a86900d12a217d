"""Inference component: all members of ``AWS::SageMaker::InferenceComponent``.

Source of the members and their bounds: botocore's sagemaker model, shapes
``CreateInferenceComponentInput`` and ``UpdateInferenceComponentInput``, and CloudFormation's
schema. The narrower bound of the two applies, because a component passes through both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, TypeAlias

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.containers import ENVIRONMENT_LENGTH, MetricsEndpoint
from cdk_epc.spec.endpoint import AutoRollbackConfiguration
from cdk_epc.spec.enums import (
    AvailabilityZoneEnforcementMode,
    ComponentCapacitySizeType,
    PlacementStrategy,
)
from cdk_epc.spec.features import Tag
from cdk_epc.spec.fields import (
    Path,
    Spec,
    boolean,
    choice,
    integer,
    nested,
    nested_list,
    number,
    string,
    string_map,
)
from cdk_epc.spec.kept import kept_in_spec
from cdk_epc.spec.unresolved import is_string, items_of

_PARTITION: Final = (
    "CloudFormation cannot express an accelerator partition; create this component through the API"
)
_ONE_TYPE: Final = (
    "CloudFormation accepts an instance type only in Specifications, with one item for each type"
)
_ADAPTER: Final = (
    "CloudFormation accepts an adapter only in Specification, which has no instance type"
)


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentMetricsConfig(Spec):
    """Metrics that SageMaker scrapes from the container of a component."""

    metrics_endpoints: tuple[MetricsEndpoint, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricsEndpoint, min_items=1, max_items=1, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentContainer(Spec):
    """Container of a component: its image, its artifact and its environment.

    CloudFormation requires at least two characters in the name of a variable. Its schema and the
    prose of the API allow at most 16 variables.
    """

    READ_ONLY: ClassVar = frozenset({"DeployedImage"})

    image: str | None = attrs.field(
        default=None, metadata=string(max_length=255, pattern=patterns.NO_SPACE)
    )
    artifact_url: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.URL_LENGTH, pattern=patterns.URL)
    )
    environment: Mapping[str, str] | None = attrs.field(
        default=None,
        metadata=string_map(
            max_items=16,
            max_length=ENVIRONMENT_LENGTH,
            key_pattern=patterns.LONG_VARIABLE,
            pattern=patterns.ANYTHING,
        ),
    )
    container_metrics_config: ComponentMetricsConfig | None = attrs.field(
        default=None, metadata=nested(ComponentMetricsConfig)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class StartupParameters(Spec):
    """Time limits, in seconds, for the start of a copy."""

    model_data_download_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(60, 3600)
    )
    container_startup_health_check_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(60, 3600)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComputeResourceRequirements(Spec):
    """Resources that each copy reserves on an instance. Memory is in MiB.

    The minimum memory is optional in CloudFormation's schema and required by the API.
    """

    number_of_cpu_cores_required: float | None = attrs.field(default=None, metadata=number(0.25))
    number_of_accelerator_devices_required: float | None = attrs.field(
        default=None, metadata=number(1)
    )
    min_memory_required_in_mb: int | None = attrs.field(
        default=None, metadata=integer(128, required=True)
    )
    max_memory_required_in_mb: int | None = attrs.field(default=None, metadata=integer(128))
    accelerator_partition_type: str | None = attrs.field(
        default=None,
        metadata=string(
            min_length=None, max_length=32, pattern=patterns.PARTITION, api_only=_PARTITION
        ),
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class DataCacheConfig(Spec):
    """Cache of the artifact and the image on each instance, for a faster start of copies."""

    enable_caching: bool | None = attrs.field(default=None, metadata=boolean(required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AvailabilityZoneBalance(Spec):
    """Balance of the copies over the availability zones; the maximum imbalance is in copies."""

    enforcement_mode: str | None = attrs.field(
        default=None, metadata=choice(AvailabilityZoneEnforcementMode, required=True)
    )
    max_imbalance: int | None = attrs.field(default=None, metadata=integer(0, 100))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class SchedulingConfig(Spec):
    """Placement of copies. The balance is optional in the API, required by CloudFormation."""

    placement_strategy: str | None = attrs.field(
        default=None, metadata=choice(PlacementStrategy, required=True)
    )
    availability_zone_balance: AvailabilityZoneBalance | None = attrs.field(
        default=None, metadata=nested(AvailabilityZoneBalance, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentSpecification(Spec):
    """Model or container of a component and its resources, for all instance types."""

    READ_ONLY: ClassVar = frozenset({"CurrentDataCacheConfig"})

    instance_type: str | None = attrs.field(
        default=None, metadata=string(min_length=None, max_length=63, api_only=_ONE_TYPE)
    )
    model_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    container: ComponentContainer | None = attrs.field(
        default=None, metadata=nested(ComponentContainer)
    )
    startup_parameters: StartupParameters | None = attrs.field(
        default=None, metadata=nested(StartupParameters)
    )
    compute_resource_requirements: ComputeResourceRequirements | None = attrs.field(
        default=None, metadata=nested(ComputeResourceRequirements)
    )
    base_inference_component_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    data_cache_config: DataCacheConfig | None = attrs.field(
        default=None, metadata=nested(DataCacheConfig)
    )
    scheduling_config: SchedulingConfig | None = attrs.field(
        default=None, metadata=nested(SchedulingConfig)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class InstanceTypeSpecification(Spec):
    """Model or container of a component and its resources, for one instance type."""

    READ_ONLY: ClassVar = frozenset({"CurrentDataCacheConfig"})

    instance_type: str | None = attrs.field(
        default=None, metadata=string(min_length=None, max_length=63, required=True)
    )
    model_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    container: ComponentContainer | None = attrs.field(
        default=None, metadata=nested(ComponentContainer)
    )
    startup_parameters: StartupParameters | None = attrs.field(
        default=None, metadata=nested(StartupParameters)
    )
    compute_resource_requirements: ComputeResourceRequirements | None = attrs.field(
        default=None, metadata=nested(ComputeResourceRequirements)
    )
    base_inference_component_name: str | None = attrs.field(
        default=None,
        metadata=string(
            max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME, api_only=_ADAPTER
        ),
    )
    data_cache_config: DataCacheConfig | None = attrs.field(
        default=None, metadata=nested(DataCacheConfig)
    )
    scheduling_config: SchedulingConfig | None = attrs.field(
        default=None, metadata=nested(SchedulingConfig)
    )


AnySpecification: TypeAlias = ComponentSpecification | InstanceTypeSpecification
"""Specification of a component, in either form."""


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentRuntimeConfig(Spec):
    """Number of copies; optional in CloudFormation's schema and required by the API."""

    READ_ONLY: ClassVar = frozenset({"CurrentCopyCount", "DesiredCopyCount", "PlacementStatus"})

    copy_count: int | None = attrs.field(default=None, metadata=integer(0, required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentCapacitySize(Spec):
    """Size of one step of a deployment: a number of copies or a percentage of them."""

    type: str | None = attrs.field(
        default=None, metadata=choice(ComponentCapacitySizeType, required=True)
    )
    value: int | None = attrs.field(default=None, metadata=integer(1, required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentRollingUpdatePolicy(Spec):
    """Rolling update, which replaces the copies in batches. Times are in seconds.

    The batch size and the wait are optional in CloudFormation's schema and required by the API.
    """

    maximum_batch_size: ComponentCapacitySize | None = attrs.field(
        default=None, metadata=nested(ComponentCapacitySize, required=True)
    )
    wait_interval_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(0, 3600, required=True)
    )
    maximum_execution_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(600, 28800)
    )
    rollback_maximum_batch_size: ComponentCapacitySize | None = attrs.field(
        default=None, metadata=nested(ComponentCapacitySize)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentDeploymentConfig(Spec):
    """Deployment of updates of the component; the creation ignores it.

    The rolling policy is optional in CloudFormation's schema and required by the API.
    """

    rolling_update_policy: ComponentRollingUpdatePolicy | None = attrs.field(
        default=None, metadata=nested(ComponentRollingUpdatePolicy, required=True)
    )
    auto_rollback_configuration: AutoRollbackConfiguration | None = attrs.field(
        default=None, metadata=nested(AutoRollbackConfiguration)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ComponentTag(Tag):
    """Tag of a component. CloudFormation requires a value of at least one character."""

    value: str | None = attrs.field(
        default=None, metadata=string(max_length=256, pattern=patterns.TAG_TEXT, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class InferenceComponentSpec(Spec):
    """Inference component in the shape of the API; independent of CDK.

    The deployment configuration is part of an update request in the API; in CloudFormation it is a
    property of the resource.
    """

    READ_ONLY: ClassVar = frozenset(
        {
            "CreationTime",
            "FailureReason",
            "InferenceComponentArn",
            "InferenceComponentStatus",
            "LastModifiedTime",
        }
    )

    inference_component_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    endpoint_name: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME, required=True),
    )
    endpoint_arn: str | None = attrs.field(default=None, metadata=string(max_length=256))
    variant_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    specification: ComponentSpecification | None = attrs.field(
        default=None, metadata=nested(ComponentSpecification)
    )
    specifications: tuple[InstanceTypeSpecification, ...] | None = attrs.field(
        default=None, metadata=nested_list(InstanceTypeSpecification, min_items=2, max_items=5)
    )
    runtime_config: ComponentRuntimeConfig | None = attrs.field(
        default=None, metadata=nested(ComponentRuntimeConfig)
    )
    deployment_config: ComponentDeploymentConfig | None = attrs.field(
        default=None, metadata=nested(ComponentDeploymentConfig)
    )
    tags: tuple[ComponentTag, ...] | None = attrs.field(
        default=None, metadata=nested_list(ComponentTag, min_items=0, max_items=50)
    )

    def every_specification(self) -> LocatedSpecifications:
        """Return each resolved specification of the component, with its path."""
        return _every_specification(self)

    def instance_types(self) -> Iterator[tuple[Path, str]]:
        """Yield each resolved instance type, with its path."""
        for path, each in self.every_specification():
            if is_string(each.instance_type):
                yield (*path, "instance_type"), each.instance_type


LocatedSpecifications: TypeAlias = tuple[tuple[Path, AnySpecification], ...]
"""Specifications, each with its path: ``("specifications", 0)``."""


@kept_in_spec
def _every_specification(spec: InferenceComponentSpec) -> LocatedSpecifications:
    found: list[tuple[Path, AnySpecification]] = []
    if isinstance(spec.specification, ComponentSpecification):
        found.append((("specification",), spec.specification))
    for index, each in enumerate(items_of(spec.specifications)):
        if isinstance(each, InstanceTypeSpecification):
            found.append((("specifications", index), each))
    return tuple(found)
