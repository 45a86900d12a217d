"""Optional arguments of `InferenceComponent`, as a type for subclasses that pass them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cdk_epc.constructs.convert import ModelOrName
    from cdk_epc.endpoint.rollback_alarms import AlarmOrName
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.inference_component.convert import ComponentOrName
    from cdk_epc.inference_component.specification import (
        ComponentContainer,
        InstanceTypeSpecification,
    )
    from cdk_epc.inference_component.values import (
        ComponentDeployment,
        ComponentScheduling,
        ComponentStartup,
        ComputeRequirements,
    )
    from cdk_epc.rules import Profile, Rule


class InferenceComponentOptions(TypedDict, total=False):
    """Optional arguments of `InferenceComponent`, for the constructor of a subclass.

    Write ``**options: Unpack[InferenceComponentOptions]``. `InferenceComponent` describes the
    arguments. The required ``endpoint`` is not among them.
    """

    variant: VariantHandle | str | None
    inference_component_name: str | None
    model: ModelOrName | None
    container: ComponentContainer | None
    compute: ComputeRequirements | None
    startup: ComponentStartup | None
    cache: bool | None
    scheduling: ComponentScheduling | None
    base_component: ComponentOrName | None
    specifications: Sequence[InstanceTypeSpecification]
    copies: int | None
    deployment: ComponentDeployment | None
    rollback_alarms: Iterable[AlarmOrName]
    tags: Mapping[str, str] | None
    rules: Iterable[Rule]
    acknowledge: Mapping[str, str] | None
    profile: Profile | None
