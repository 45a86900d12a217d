"""Network of a model or an endpoint, as a typed value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from cdk_epc.constructs.values import ArgumentTypeError, Value, argument, require_list, value
from cdk_epc.spec import Spec, VpcConfig

if TYPE_CHECKING:
    from aws_cdk.aws_ec2 import ISecurityGroup, IVpc, SubnetSelection


def _subnet_ids(vpc: IVpc, selection: SubnetSelection | None) -> tuple[str, ...]:
    if not hasattr(vpc, "select_subnets"):
        raise ArgumentTypeError(vpc, "a VPC (IVpc)", "Pass the VPC construct.")
    # `_subnet_selection` reports a selection of another type.
    if selection is None or not hasattr(selection, "subnet_type"):
        return tuple(vpc.select_subnets().subnet_ids)
    return tuple(
        vpc.select_subnets(
            availability_zones=selection.availability_zones,
            one_per_az=selection.one_per_az,
            subnet_filters=selection.subnet_filters,
            subnet_group_name=selection.subnet_group_name,
            subnets=selection.subnets,
            subnet_type=selection.subnet_type,
        ).subnet_ids
    )


def _subnet_selection(given: Any) -> Any:  # noqa: ANN401 - checked here
    if hasattr(given, "subnet_type"):
        return given
    raise ArgumentTypeError(
        given,
        "a SubnetSelection",
        "Write ec2.SubnetSelection(subnets=[...]), or remove the argument.",
    )


def _security_group_ids(groups: Sequence[ISecurityGroup]) -> tuple[str, ...]:
    listed = require_list(groups, "a list of security groups", "Pass a list: [group].")
    return tuple(_security_group_id(group) for group in listed)


def _security_group_id(group: Any) -> str:  # noqa: ANN401
    if isinstance(identifier := getattr(group, "security_group_id", None), str):
        return identifier
    raise ArgumentTypeError(
        group, "a list of security groups (ISecurityGroup)", "Pass the security group constructs."
    )


@value
class VpcPlacement(Value):
    """Network of a model, or of an endpoint with inference components.

    Attributes:
        vpc: The VPC.
        security_groups: 1 to 5 security groups.
        vpc_subnets: Selection of 1 to 16 subnets; by default the private subnets, as CDK selects
            them.
    """

    SPEC: ClassVar[type[Spec]] = VpcConfig

    vpc: IVpc = argument("subnets", convert=_subnet_ids, read_with="vpc_subnets")
    security_groups: Sequence[ISecurityGroup] = argument(
        "security_group_ids", convert=_security_group_ids
    )
    vpc_subnets: SubnetSelection | None = argument(convert=_subnet_selection, default=None)
