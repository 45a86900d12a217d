"""An inference component: everything ``AWS::SageMaker::InferenceComponent`` has.

Source of the members and their bounds: botocore's sagemaker model, shapes
``CreateInferenceComponentInput`` and ``UpdateInferenceComponentInput``, and CloudFormation's
schema. Where one of the two is narrower, that one holds here: a component comes through both.
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
    choice,
    flag,
    number,
    part,
    parts,
    text,
    text_map,
    whole,
)
from cdk_epc.spec.unresolved import is_text, items_of

_PARTITION: Final = (
    "CloudFormation cannot express an accelerator partition; create this component through the API"
)
_ONE_TYPE: Final = (
    "CloudFormation takes an instance type in Specifications alone, one entry for each type"
)
_ADAPTER: Final = (
    "CloudFormation takes an adapter in Specification alone, which has no instance type"
)


@attrs.frozen(kw_only=True, repr=False)
class ComponentMetricsConfig(Spec):
    """The metrics that are fetched from the container of a component."""

    metrics_endpoints: tuple[MetricsEndpoint, ...] | None = attrs.field(
        default=None, metadata=parts(MetricsEndpoint, min_items=1, max_items=1, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class ComponentContainer(Spec):
    """The container of a component: its image, its artifact and its environment.

    CloudFormation wants two characters in the name of a variable, and both it and the text of the
    API know of 16 variables at most.
    """

    READ_ONLY: ClassVar = frozenset({"DeployedImage"})

    image: str | None = attrs.field(
        default=None, metadata=text(max_length=255, pattern=patterns.NO_SPACE)
    )
    artifact_url: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.URL_LENGTH, pattern=patterns.URL)
    )
    environment: Mapping[str, str] | None = attrs.field(
        default=None,
        metadata=text_map(
            max_items=16,
            max_length=ENVIRONMENT_LENGTH,
            key_pattern=patterns.LONG_VARIABLE,
            pattern=patterns.ANYTHING,
        ),
    )
    container_metrics_config: ComponentMetricsConfig | None = attrs.field(
        default=None, metadata=part(ComponentMetricsConfig)
    )


@attrs.frozen(kw_only=True, repr=False)
class StartupParameters(Spec):
    """How long a copy may take to start. Times are in seconds."""

    model_data_download_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(60, 3600)
    )
    container_startup_health_check_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(60, 3600)
    )


@attrs.frozen(kw_only=True, repr=False)
class ComputeResourceRequirements(Spec):
    """What each copy takes of an instance. Memory is in MiB.

    CloudFormation does without the least memory; the API does not.
    """

    number_of_cpu_cores_required: float | None = attrs.field(default=None, metadata=number(0.25))
    number_of_accelerator_devices_required: float | None = attrs.field(
        default=None, metadata=number(1)
    )
    min_memory_required_in_mb: int | None = attrs.field(
        default=None, metadata=whole(128, required=True)
    )
    max_memory_required_in_mb: int | None = attrs.field(default=None, metadata=whole(128))
    accelerator_partition_type: str | None = attrs.field(
        default=None,
        metadata=text(
            min_length=None, max_length=32, pattern=patterns.PARTITION, api_only=_PARTITION
        ),
    )


@attrs.frozen(kw_only=True, repr=False)
class DataCacheConfig(Spec):
    """Whether each instance keeps the artifact and the image, so that copies start faster."""

    enable_caching: bool | None = attrs.field(default=None, metadata=flag(required=True))


@attrs.frozen(kw_only=True, repr=False)
class AvailabilityZoneBalance(Spec):
    """How even the copies are over the availability zones; the imbalance is in copies."""

    enforcement_mode: str | None = attrs.field(
        default=None, metadata=choice(AvailabilityZoneEnforcementMode, required=True)
    )
    max_imbalance: int | None = attrs.field(default=None, metadata=whole(0, 100))


@attrs.frozen(kw_only=True, repr=False)
class SchedulingConfig(Spec):
    """Where copies are placed. The API does without the balance; CloudFormation does not."""

    placement_strategy: str | None = attrs.field(
        default=None, metadata=choice(PlacementStrategy, required=True)
    )
    availability_zone_balance: AvailabilityZoneBalance | None = attrs.field(
        default=None, metadata=part(AvailabilityZoneBalance, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class ComponentSpecification(Spec):
    """What runs in a component, whatever the instance, and what it needs."""

    READ_ONLY: ClassVar = frozenset({"CurrentDataCacheConfig"})

    instance_type: str | None = attrs.field(
        default=None, metadata=text(min_length=None, max_length=63, api_only=_ONE_TYPE)
    )
    model_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    container: ComponentContainer | None = attrs.field(
        default=None, metadata=part(ComponentContainer)
    )
    startup_parameters: StartupParameters | None = attrs.field(
        default=None, metadata=part(StartupParameters)
    )
    compute_resource_requirements: ComputeResourceRequirements | None = attrs.field(
        default=None, metadata=part(ComputeResourceRequirements)
    )
    base_inference_component_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    data_cache_config: DataCacheConfig | None = attrs.field(
        default=None, metadata=part(DataCacheConfig)
    )
    scheduling_config: SchedulingConfig | None = attrs.field(
        default=None, metadata=part(SchedulingConfig)
    )


@attrs.frozen(kw_only=True, repr=False)
class InstanceTypeSpecification(Spec):
    """What runs in a component on instances of one type, and what it needs there."""

    READ_ONLY: ClassVar = frozenset({"CurrentDataCacheConfig"})

    instance_type: str | None = attrs.field(
        default=None, metadata=text(min_length=None, max_length=63, required=True)
    )
    model_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    container: ComponentContainer | None = attrs.field(
        default=None, metadata=part(ComponentContainer)
    )
    startup_parameters: StartupParameters | None = attrs.field(
        default=None, metadata=part(StartupParameters)
    )
    compute_resource_requirements: ComputeResourceRequirements | None = attrs.field(
        default=None, metadata=part(ComputeResourceRequirements)
    )
    base_inference_component_name: str | None = attrs.field(
        default=None,
        metadata=text(
            max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME, api_only=_ADAPTER
        ),
    )
    data_cache_config: DataCacheConfig | None = attrs.field(
        default=None, metadata=part(DataCacheConfig)
    )
    scheduling_config: SchedulingConfig | None = attrs.field(
        default=None, metadata=part(SchedulingConfig)
    )


AnySpecification: TypeAlias = ComponentSpecification | InstanceTypeSpecification
"""What a component runs, of whichever form."""


@attrs.frozen(kw_only=True, repr=False)
class ComponentRuntimeConfig(Spec):
    """How many copies there are. CloudFormation does without the number; the API does not."""

    READ_ONLY: ClassVar = frozenset({"CurrentCopyCount", "DesiredCopyCount", "PlacementStatus"})

    copy_count: int | None = attrs.field(default=None, metadata=whole(0, required=True))


@attrs.frozen(kw_only=True, repr=False)
class ComponentCapacitySize(Spec):
    """How many copies one step of a deployment takes: a number, or a share in percent."""

    type: str | None = attrs.field(
        default=None, metadata=choice(ComponentCapacitySizeType, required=True)
    )
    value: int | None = attrs.field(default=None, metadata=whole(1, required=True))


@attrs.frozen(kw_only=True, repr=False)
class ComponentRollingUpdatePolicy(Spec):
    """An update that replaces the copies batch by batch. Times are in seconds.

    CloudFormation does without the batch and the wait; the API does not.
    """

    maximum_batch_size: ComponentCapacitySize | None = attrs.field(
        default=None, metadata=part(ComponentCapacitySize, required=True)
    )
    wait_interval_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(0, 3600, required=True)
    )
    maximum_execution_timeout_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(600, 28800)
    )
    rollback_maximum_batch_size: ComponentCapacitySize | None = attrs.field(
        default=None, metadata=part(ComponentCapacitySize)
    )


@attrs.frozen(kw_only=True, repr=False)
class ComponentDeploymentConfig(Spec):
    """How an update of the component is carried out; its creation has no use for it.

    CloudFormation does without the rolling policy; the API does not.
    """

    rolling_update_policy: ComponentRollingUpdatePolicy | None = attrs.field(
        default=None, metadata=part(ComponentRollingUpdatePolicy, required=True)
    )
    auto_rollback_configuration: AutoRollbackConfiguration | None = attrs.field(
        default=None, metadata=part(AutoRollbackConfiguration)
    )


@attrs.frozen(kw_only=True, repr=False)
class ComponentTag(Tag):
    """A label of a component. CloudFormation wants a value of one character at least."""

    value: str | None = attrs.field(
        default=None, metadata=text(max_length=256, pattern=patterns.TAG_TEXT, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class InferenceComponentSpec(Spec):
    """What an inference component is, with no CDK in sight.

    The deployment is a member of an update; CloudFormation has it beside the others.
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
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
    endpoint_name: str | None = attrs.field(
        default=None,
        metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME, required=True),
    )
    endpoint_arn: str | None = attrs.field(default=None, metadata=text(max_length=256))
    variant_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    specification: ComponentSpecification | None = attrs.field(
        default=None, metadata=part(ComponentSpecification)
    )
    specifications: tuple[InstanceTypeSpecification, ...] | None = attrs.field(
        default=None, metadata=parts(InstanceTypeSpecification, min_items=2, max_items=5)
    )
    runtime_config: ComponentRuntimeConfig | None = attrs.field(
        default=None, metadata=part(ComponentRuntimeConfig)
    )
    deployment_config: ComponentDeploymentConfig | None = attrs.field(
        default=None, metadata=part(ComponentDeploymentConfig)
    )
    tags: tuple[ComponentTag, ...] | None = attrs.field(
        default=None, metadata=parts(ComponentTag, min_items=0, max_items=50)
    )

    def every_specification(self) -> Iterator[tuple[Path, AnySpecification]]:
        """Everything that the component runs and that is known, each with its place."""
        if isinstance(self.specification, ComponentSpecification):
            yield ("specification",), self.specification
        for index, each in enumerate(items_of(self.specifications)):
            if isinstance(each, InstanceTypeSpecification):
                yield ("specifications", index), each

    def instance_types(self) -> Iterator[tuple[Path, str]]:
        """Each instance type that is known, with its place."""
        for path, each in self.every_specification():
            if is_text(each.instance_type):
                yield (*path, "instance_type"), each.instance_type
