"""What runs in an inference component, and what each copy of it takes.

Source of the members and their bounds: as in `cdk_epc.spec.component`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, TypeAlias

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.containers import ENVIRONMENT_LENGTH, MetricsEndpoint
from cdk_epc.spec.enums import AvailabilityZoneEnforcementMode, PlacementStrategy
from cdk_epc.spec.fields import (
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
