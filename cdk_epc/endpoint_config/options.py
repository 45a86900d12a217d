"""Optional arguments of `EndpointConfig`, as a type for subclasses that pass them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aws_cdk.aws_ec2 import ISecurityGroup, SubnetSelection

    from cdk_epc import spec as specs
    from cdk_epc.constructs.convert import KeyOrId, RoleOrArn
    from cdk_epc.constructs.vpc_placement import VpcOrPlacement
    from cdk_epc.endpoint_config.construct import ShadowVariantOrSpec, VariantOrSpec
    from cdk_epc.endpoint_config.features import (
        AsyncInference,
        ClarifyExplainer,
        DataCapture,
        MetricsPublication,
    )
    from cdk_epc.rules import Profile, Rule


class EndpointConfigOptions(TypedDict, total=False):
    """Optional arguments of `EndpointConfig`, for the constructor of a subclass.

    Write ``**options: Unpack[EndpointConfigOptions]``. `EndpointConfig` describes the arguments.
    """

    production_variants: Sequence[VariantOrSpec]
    shadow_production_variants: Sequence[ShadowVariantOrSpec]
    async_inference: AsyncInference | specs.AsyncInferenceConfig | None
    data_capture: DataCapture | specs.DataCaptureConfig | None
    explainer: ClarifyExplainer | specs.ExplainerConfig | None
    vpc: VpcOrPlacement | None
    vpc_subnets: SubnetSelection | None
    security_groups: Sequence[ISecurityGroup] | None
    metrics: MetricsPublication | specs.MetricsConfig | None
    encryption_key: KeyOrId | None
    execution_role: RoleOrArn | None
    network_isolation: bool | None
    endpoint_config_name: str | None
    endpoint_config_name_prefix: str | None
    tags: Mapping[str, str] | None
    rules: Iterable[Rule]
    acknowledge: Mapping[str, str] | None
    profile: Profile | None
