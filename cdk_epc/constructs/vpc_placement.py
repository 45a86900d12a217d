"""Network of a model or an endpoint: a VPC of CDK, or ids of subnets and security groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.deferred_string import DeferredString
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError, Value, argument, require_list, value
from cdk_epc.rules.call_errors import VPC_CONNECTIONS
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import Spec, VpcConfig
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from typing import TypeAlias

    from aws_cdk.aws_ec2 import Connections, ISecurityGroup, IVpc, SubnetSelection
    from constructs import Construct

    from cdk_epc.constructs.resource_state import ResourceState

    VpcOrPlacement: TypeAlias = "IVpc | VpcPlacement | VpcConfig"


@value
class VpcPlacement(Value):
    """Subnets and security groups by their ids, for a VPC that is not a construct of the app.

    Attributes:
        subnet_ids: Ids of 1 to 16 subnets.
        security_group_ids: Ids of 1 to 5 security groups.
    """

    SPEC: ClassVar[type[Spec]] = VpcConfig

    subnet_ids: Sequence[str] = argument("subnets")
    security_group_ids: Sequence[str] = argument("security_group_ids")


class _NewSecurityGroup:
    """Security group that is created after its resource has been accepted."""

    def __init__(self) -> None:
        """Create the token of the group's id."""
        self.id = DeferredString()
        self.construct: ISecurityGroup | None = None

    def create(self, scope: Construct, vpc: IVpc) -> None:
        """Create the group below a construct."""
        from aws_cdk.aws_ec2 import SecurityGroup  # noqa: PLC0415 - loaded already, with the VPC

        self.construct = SecurityGroup(scope, "SecurityGroup", vpc=vpc)
        self.id.text = self.construct.security_group_id


def _subnet_ids(vpc: IVpc, selection: SubnetSelection | None) -> tuple[str, ...]:
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
        "an ec2.SubnetSelection",
        "Write ec2.SubnetSelection(subnets=[...]), or remove the argument.",
    )


def _security_group_ids(groups: object) -> tuple[str, ...]:
    if isinstance(groups, _NewSecurityGroup):
        return (groups.id.token,)
    listed = require_list(groups, "a list of security groups", "Pass a list: [group].")
    return tuple(_security_group_id(group) for group in listed)


def _security_group_id(group: Any) -> str:  # noqa: ANN401
    if isinstance(identifier := getattr(group, "security_group_id", None), str):
        return identifier
    raise ArgumentTypeError(
        group,
        "a list of security groups (ISecurityGroup)",
        "Pass the security group constructs; ec2.SecurityGroup.from_security_group_id imports one.",
    )


@value
class VpcNetwork(Value):
    """Network of a resource in a VPC of CDK.

    Attributes:
        vpc: The VPC.
        vpc_subnets: Selection of 1 to 16 subnets; by default the private subnets, as CDK selects
            them.
        security_groups: 1 to 5 security groups, or the one to create.
    """

    SPEC: ClassVar[type[Spec]] = VpcConfig
    IS_SPREAD: ClassVar[bool] = True

    vpc: IVpc = argument("subnets", convert=_subnet_ids, read_with="vpc_subnets")
    vpc_subnets: SubnetSelection | None = argument(convert=_subnet_selection, default=None)
    security_groups: Sequence[ISecurityGroup] | _NewSecurityGroup = argument(
        "security_group_ids", convert=_security_group_ids
    )

    def create_security_group(self, scope: Construct) -> None:
        """Create the security group below a construct, if none was given."""
        if isinstance(self.security_groups, _NewSecurityGroup):
            self.security_groups.create(scope, self.vpc)

    def connections(self) -> Connections:
        """Return the network connections of the security groups."""
        from aws_cdk.aws_ec2 import Connections  # noqa: PLC0415 - loaded already, with the VPC

        given = self.security_groups
        groups = [given.construct] if isinstance(given, _NewSecurityGroup) else given
        return Connections(security_groups=[each for each in groups if each is not None])


def connections_of(network: VpcNetwork | None, state: ResourceState[Any]) -> Connections:
    """Return the network connections of the security groups of a resource.

    Args:
        network: The network; ``None`` for a resource without one or with ids only.
        state: State of the resource.

    Raises:
        EndpointConfigError: There is no network.
    """
    if network is None:
        violation = Violation(
            path=("vpc_config",),
            got=state.spec.vpc_config,
            must="be an ec2.IVpc because connections needs security group constructs",
            fix="Pass the VPC construct as vpc; security_groups can be omitted.",
        )
        state.raise_call_error(VPC_CONNECTIONS, violation, "vpc", CallSite.current())
    return network.connections()


def network_of(
    vpc: object,
    vpc_subnets: SubnetSelection | None,
    security_groups: Sequence[ISecurityGroup] | None,
) -> Any:  # noqa: ANN401 - a value of any type that `ResourceState.convert` accepts
    """Return the network that the arguments of a construct describe.

    Raises:
        ArgumentTypeError: The VPC has another type, or an argument belongs to a VPC of CDK and
            there is none.
    """
    if vpc is None or isinstance(vpc, (VpcPlacement, VpcConfig)) or is_unresolved(vpc):
        others = {"vpc_subnets": vpc_subnets, "security_groups": security_groups}
        for name, given in others.items():
            if given is not None:
                sentence = f"{name} is only allowed with an ec2.IVpc as vpc"
                raise ArgumentTypeError(
                    given,
                    "",
                    f"Pass the VPC construct as vpc, or remove {name}.",
                    sentence=sentence,
                ).within(name)
        return vpc
    if not has_member(vpc, "select_subnets"):
        raise ArgumentTypeError(
            vpc,
            "an ec2.IVpc or a VpcPlacement",
            "Pass the VPC construct. With ids, write VpcPlacement(subnet_ids=[...], "
            "security_group_ids=[...]).",
        ).within("vpc")
    return VpcNetwork(
        vpc=cast("IVpc", vpc),
        vpc_subnets=vpc_subnets,
        security_groups=_NewSecurityGroup() if security_groups is None else security_groups,
    )
