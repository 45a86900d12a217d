"""Optional arguments of `Model`, as a type for subclasses that pass them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aws_cdk.aws_ec2 import ISecurityGroup, SubnetSelection

    from cdk_epc.constructs.convert import RoleOrArn
    from cdk_epc.constructs.vpc_placement import VpcOrPlacement
    from cdk_epc.model.construct import ContainerOrSpec
    from cdk_epc.rules import Profile, Rule
    from cdk_epc.spec import InferenceExecutionMode


class ModelOptions(TypedDict, total=False):
    """Optional arguments of `Model`, for the constructor of a subclass.

    Write ``**options: Unpack[ModelOptions]``. `Model` describes the arguments.
    """

    container: ContainerOrSpec | None
    containers: Sequence[ContainerOrSpec]
    execution_mode: InferenceExecutionMode | None
    execution_role: RoleOrArn | None
    vpc: VpcOrPlacement | None
    vpc_subnets: SubnetSelection | None
    security_groups: Sequence[ISecurityGroup] | None
    network_isolation: bool | None
    model_name: str | None
    tags: Mapping[str, str] | None
    rules: Iterable[Rule]
    acknowledge: Mapping[str, str] | None
    profile: Profile | None
