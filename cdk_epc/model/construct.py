"""`Model`, a construct with typed arguments around ``CfnModel``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import attrs
from aws_cdk.aws_sagemaker import CfnModel
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_signature import arguments_inside, reports_wrong_arguments
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.convert import role_arn, tag_list
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.vpc_placement import VpcNetwork, connections_of, network_of
from cdk_epc.model.base import (
    RESOURCE,
    SERVICE,
    ModelBase,
)
from cdk_epc.model.container import Container, bindings_of, published_traits, with_bindings
from cdk_epc.model.context import model_context, role_at_synth, role_context
from cdk_epc.model.imported import import_model
from cdk_epc.model.permissions import container_permissions
from cdk_epc.permissions import (
    ExecutionRole,
    Permission,
    RolePermissions,
    feature_permissions,
)
from cdk_epc.spec import (
    ContainerDefinition,
    InferenceExecutionConfig,
    InferenceExecutionMode,
    ModelSpec,
    VpcConfig,
)
from cdk_epc.spec.context import ModelContext
from cdk_epc.spec.unresolved import ReferenceToken, is_list, is_unresolved
from cdk_epc.spec.wire import to_l1_arguments

if TYPE_CHECKING:
    from aws_cdk.aws_ec2 import Connections, ISecurityGroup, SubnetSelection
    from aws_cdk.aws_iam import IRole

    from cdk_epc.catalog.image_traits import ImageTraits
    from cdk_epc.constructs.convert import RoleOrArn
    from cdk_epc.constructs.vpc_placement import VpcOrPlacement
    from cdk_epc.rules import Profile, Rule

    ContainerOrSpec: TypeAlias = Container | ContainerDefinition


def _execution_config(mode: Any) -> object:  # noqa: ANN401 - the rules check it
    return InferenceExecutionConfig(mode=mode)


MODEL: Final = ResourceType(
    spec=ModelSpec,
    arguments={
        "model_name": "model_name",
        "primary_container": "container",
        "containers": "containers",
        "inference_execution_config": "execution_mode",
        "execution_role_arn": "execution_role",
        "vpc_config": "vpc",
        "enable_network_isolation": "network_isolation",
        "tags": "tags",
    },
    list_members=frozenset({"containers"}),
    converters={
        "execution_role_arn": role_arn,
        "inference_execution_config": _execution_config,
        "tags": tag_list,
    },
    is_complete_at_construction=True,
)
"""Resource type of a model."""


@attrs.define(eq=False)
class ModelInternals(ConstructInternals[ModelSpec, CfnModel]):
    """Values that a model shares with other modules of this library.

    Attributes:
        containers: Containers, as typed values with bound images or as specs.
    """

    containers: Sequence[object]

    def image_traits(self) -> Iterator[ImageTraits]:
        """Yield the hardware and uses of each image that AWS publishes."""
        for container in self.containers:
            traits = published_traits(container)
            if traits is not None:
                yield traits


_CONTAINER_ARGUMENTS: Final = {
    **arguments_inside(
        "container",
        "Container",
        ("image", "model_data", "environment", "hostname", "repository_auth"),
    ),
    "env": "container=Container(environment=...)",
    "image_uri": "container=Container(image=...)",
    "model_data_url": "container=Container(model_data=...)",
}
"""Code to write for arguments of a container, which SageMaker's SDK takes for the model itself."""


class Model(ModelBase, CheckedResource[ModelSpec, CfnModel]):
    """Model: one or several containers with their execution role.

    The constructor raises every error that SageMaker would report. CloudFormation replaces a model
    when any property except the tags changes, and configurations that refer to it follow.

    Attributes:
        role_permissions: Permissions of the execution role. Add permissions for your own code with
            `RolePermissions.add_permissions`.
    """

    _internals: ModelInternals

    @reports_wrong_arguments(lambda: {**MODEL.arguments, **_CONTAINER_ARGUMENTS})
    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        container: ContainerOrSpec | None = None,
        containers: Sequence[ContainerOrSpec] = (),
        execution_mode: InferenceExecutionMode | None = None,
        execution_role: RoleOrArn | None = None,
        vpc: VpcOrPlacement | None = None,
        vpc_subnets: SubnetSelection | None = None,
        security_groups: Sequence[ISecurityGroup] | None = None,
        network_isolation: bool | None = None,
        model_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Create a model.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in its scope.
            container: The container of a model with one container.
            containers: The containers of a model with several, at most 15.
            execution_mode: How requests reach several containers: as a pipeline (the default), or
                directly by the container's ``hostname``.
            execution_role: Execution role; by default a new one. A role construct is granted the
                permissions that the model needs. A role that is given by its ARN must have them.
            vpc: VPC in which the containers run, or a `VpcPlacement` with the ids of its subnets
                and security groups. By default the containers have no network interface in a VPC.
            vpc_subnets: Selection of 1 to 16 subnets of the VPC; by default the private subnets, as
                CDK selects them.
            security_groups: 1 to 5 security groups; by default a new one, see `connections`.
            network_isolation: Whether the containers have no network access. SageMaker still
                downloads image and artifacts.
            model_name: Fixed name, with which CloudFormation cannot replace the model; by default
                CloudFormation generates a name.
            tags: Tags by key.
            rules: Custom rules, checked in addition to the built-in ones.
            acknowledge: Reasons for which findings may stay, by rule id.
            profile: Whether warnings are errors. By default, the value of ``cdk-epc:profile`` in
                the app's context, or else they are not.

        Raises:
            EndpointConfigError: SageMaker would refuse the model, or SageMaker does not publish
                the image in the stack's region.
            ValueError: No profile has this name.
        """
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        state = ResourceState(MODEL, construct_scope, rules, site, validation.profile_of(profile))
        state.acknowledge(acknowledge, site)
        network = state.convert(
            SuppliedPart(("vpc_config",), "", vpc, site),
            lambda given: network_of(given, vpc_subnets, security_groups),
        )
        given: dict[str, object] = {
            "primary_container": _with_bindings(container, scope),
            "containers": _all_with_bindings(containers, scope),
            "inference_execution_config": execution_mode,
            "execution_role_arn": execution_role,
            "vpc_config": network,
            "enable_network_isolation": network_isolation,
            "model_name": model_name,
            "tags": tags,
        }
        # Errors are raised before the construct exists, so that its id stays unused.
        state.apply_arguments(given, site)
        known = role_context(state, execution_role)
        state.check_in_context(known, "execution_role", site, state.supplied_parts, is_new=True)
        self._internals = ModelInternals(state, _containers(given))
        super().__init__(scope, id, physical_name=model_name)
        construct_scope.construct = self
        self._name: str | None = None
        self._network = network if isinstance(network, VpcNetwork) else None
        if self._network is not None:
            self._network.create_security_group(self)
        self._role = self._role_or_default(execution_role)
        self.role_permissions = RolePermissions(self)
        self.role_permissions.add_permissions(self._permissions(given))
        self.role_permissions.add_role(self._role)
        self._internals.resource = CfnModel(self, "Resource", **to_l1_arguments(self.spec))
        self.role_permissions.wait(self._resource)
        if reasons := state.acknowledgements.reasons:
            record_acknowledgements(self, self._resource, reasons)
        # The variants are only for custom rules, because the search takes time.
        has_custom_rule = any(ModelContext in rule.about for rule in state.custom_rules)
        state.context = lambda: (
            model_context(self, known)
            if has_custom_rule
            else attrs.evolve(known, model=self.spec, execution_role=role_at_synth(self, known))
        )
        validation.add(self)

    @staticmethod
    def from_model_name(scope: Construct, id: str, model_name: str) -> ModelBase:
        """Import a model of the stack's account and region by its name.

        The ARN contains the name in lower case, as SageMaker writes it.

        Args:
            scope: Scope of the reference.
            id: Id of the reference in its scope.
            model_name: Name of the model.
        """
        return import_model(scope, id, model_name=model_name)

    @staticmethod
    def from_model_arn(scope: Construct, id: str, model_arn: str) -> ModelBase:
        """Import a model by its ARN.

        SageMaker writes the name in lower case in an ARN, and accepts it as the model's name.

        Args:
            scope: Scope of the reference.
            id: Id of the reference in its scope.
            model_arn: ARN of the model.
        """
        return import_model(scope, id, model_arn=model_arn)

    @staticmethod
    def from_model_attributes(  # noqa: PLR0913 - the known attributes of a model
        scope: Construct,
        id: str,
        *,
        model_name: str | None = None,
        model_arn: str | None = None,
        execution_role: IRole | None = None,
        security_groups: Sequence[ISecurityGroup] = (),
    ) -> ModelBase:
        """Import a model by its name or ARN, with its role and security groups.

        Args:
            scope: Scope of the reference.
            id: Id of the reference in its scope.
            model_name: Name of the model; by default the end of the ARN.
            model_arn: ARN of the model; by default that of the name in the stack's account and
                region.
            execution_role: Execution role, so that configurations can grant it permissions.
            security_groups: Security groups of the model, for ``connections``.

        Raises:
            EndpointConfigError: Neither the name nor the ARN is given.
        """
        return import_model(
            scope,
            id,
            model_name=model_name,
            model_arn=model_arn,
            execution_role=execution_role,
            security_groups=security_groups,
        )

    @property
    def execution_role(self) -> IRole | None:
        """Execution role; ``None`` if only its ARN was given."""
        return self._role

    @property
    def connections(self) -> Connections:
        """Network connections of the model's security groups.

        For example, ``database.connections.allow_default_port_from(model.connections)``.

        Raises:
            EndpointConfigError: The model has no VPC, or only the ids of its security groups are
                known.
        """
        return connections_of(self._network, self._state)

    @property
    def model_arn(self) -> str:
        """ARN of the model, which is also the value of ``Ref``."""
        return self._get_resource_arn_attribute(
            self._resource.attr_model_arn,
            service=SERVICE,
            resource=RESOURCE,
            resource_name=self._physical_name,
        )

    @property
    def model_name(self) -> str:
        """Name of the model, as a variant takes it."""
        if self._name is None:
            self._name = self._get_resource_name_attribute(self._resource.attr_model_name)
        return self._name

    def __str__(self) -> str:
        """Return the construct path."""
        return f"Model {self.node.path}"

    def _role_or_default(self, given: RoleOrArn | None) -> IRole | None:
        """Return the role construct, a new one by default; ``None`` if only an ARN was given."""
        if given is not None:
            return None if isinstance(given, str) else cast("IRole", given)
        role = cast("IRole", ExecutionRole(self))
        # The ARN of a new role violates no rule, so the rules need not run again.
        self._state.spec = attrs.evolve(self.spec, execution_role_arn=ReferenceToken(role.role_arn))
        return role

    def _permissions(self, given: Mapping[str, object]) -> Iterator[Permission]:
        """Yield the permissions that the model's features need, and create its assets."""
        yield feature_permissions.logs_and_metrics(self)
        network = self.spec.vpc_config
        if isinstance(network, VpcConfig):
            yield feature_permissions.vpc_access(
                self,
                subnet_ids=network.subnets or (),
                security_group_ids=network.security_group_ids or (),
            )
        for each in _containers(given):
            if isinstance(each, Container):
                for binding in bindings_of(each):
                    yield from binding.complete(self)
            elif isinstance(each, ContainerDefinition):
                yield from container_permissions(each)


def _containers(given: Mapping[str, object]) -> tuple[object, ...]:
    return (given["primary_container"], *cast("Any", given["containers"]))


def _with_bindings(container: object, scope: Construct) -> object:
    return with_bindings(container, scope) if isinstance(container, Container) else container


def _all_with_bindings(containers: object, scope: Construct) -> object:
    """Return containers with bindings; a token or wrong value unchanged, for the rules."""
    if not is_list(containers) or is_unresolved(containers):
        return containers
    return tuple(_with_bindings(each, scope) for each in containers)
