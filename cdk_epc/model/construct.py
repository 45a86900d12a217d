"""The model: a typed shell around ``CfnModel``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import attrs
from aws_cdk.aws_sagemaker import CfnModel
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.convert import role_arn
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType, tags_of
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.endpoint_config.features import VpcPlacement
from cdk_epc.model.base import (
    RESOURCE,
    SERVICE,
    ModelBase,
    connections_of,
)
from cdk_epc.model.container import Container, bindings_of, in_stack
from cdk_epc.model.context import model_in_use
from cdk_epc.model.imported import Importing
from cdk_epc.model.permissions import of_container
from cdk_epc.permissions import (
    ExecutionRole,
    Permission,
    RolePermissions,
    feature_permissions,
)
from cdk_epc.rules.call_errors import MODEL_CONNECTIONS
from cdk_epc.rules.rule import Violation
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
    from aws_cdk.aws_ec2 import Connections
    from aws_cdk.aws_iam import IRole

    from cdk_epc.constructs.convert import Role
    from cdk_epc.rules import Profile, Rule

    AnyContainer: TypeAlias = Container | ContainerDefinition


def _execution(mode: Any) -> object:  # noqa: ANN401 - whatever was given, for the rules to see
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
        "inference_execution_config": _execution,
        "tags": tags_of,
    },
    is_complete_at_construction=True,
)
"""A model."""


class Model(ModelBase, CheckedResource[ModelSpec], Importing):
    """A model: its containers, and the role that they run with.

    What SageMaker would refuse is refused at the call that wrote it. Every property but the tags
    can only be replaced, so a change makes a new model; configurations that refer to it follow.

    Attributes:
        role_permissions: The permissions of its role; `RolePermissions.add_permissions` adds further ones.
    """

    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        container: AnyContainer | None = None,
        containers: Sequence[AnyContainer] = (),
        execution_mode: InferenceExecutionMode | None = None,
        execution_role: Role | None = None,
        vpc: VpcPlacement | VpcConfig | None = None,
        network_isolation: bool | None = None,
        model_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Describe a model.

        Args:
            scope: Where it belongs.
            id: Its id there.
            container: The container, where there is one.
            containers: The containers, 15 at most, where there are several.
            execution_mode: How several work together: one after the other by default, or each
                called by its ``hostname``.
            execution_role: What SageMaker may do. By default the model has a role of its own. A
                role that is given as a construct is granted what the model needs, too; one that is
                given by its ARN must have it already.
            vpc: The network of the containers.
            network_isolation: Whether the containers are cut off from the network. SageMaker still
                fetches image and artifacts for them.
            model_name: A fixed name. It collides with itself on the next change; by default
                CloudFormation makes one.
            tags: Labels.
            rules: Rules of your own, checked in addition to ours.
            acknowledge: By the id of a rule, why its findings may stay as they are.
            profile: Whether warnings are errors; by default what the app's context says under
                ``cdk-epc:profile``, and without that they are not.

        Raises:
            EndpointConfigError: SageMaker would refuse this, or an image of SageMaker's is not
                published in the stack's region.
            ValueError: There is no such profile.
        """
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        self._state = ResourceState(
            MODEL, construct_scope, rules, site, validation.profile_of(profile)
        )
        self._state.acknowledge(acknowledge, site)
        given: dict[str, object] = {
            "primary_container": _in_stack(container, scope),
            "containers": _all_in_stack(containers, scope),
            "inference_execution_config": execution_mode,
            "execution_role_arn": execution_role,
            "vpc_config": vpc,
            "enable_network_isolation": network_isolation,
            "model_name": model_name,
            "tags": tags,
        }
        # All that can be refused is refused before there is a construct, so that its id stays free.
        self._state.apply_arguments(given, site)
        super().__init__(scope, id, physical_name=model_name)
        construct_scope.construct = self
        self._vpc = vpc
        self._role = self._role_or_own(execution_role)
        self.role_permissions = RolePermissions(self)
        self.role_permissions.add_permissions(self._needs(given))
        self.role_permissions.add_role(self._role)
        self._resource = CfnModel(self, "Resource", **to_l1_arguments(self.spec))
        self.role_permissions.wait(self._resource)
        if kept := self._state.acknowledgements.reasons:
            record_acknowledgements(self, self._resource, kept)
        if any(ModelContext in rule.about for rule in self._state.custom_rules):
            self._state.context = lambda: model_in_use(self)
        validation.add(self)

    def _role_or_own(self, given: Role | None) -> IRole | None:
        """The role as a construct, made here if none was given; ``None`` for the ARN of one."""
        if given is not None:
            return None if isinstance(given, str) else given
        role = cast("IRole", ExecutionRole(self))
        # No rule is about a role that is sure to be right, so none is asked again.
        self._state.spec = attrs.evolve(self.spec, execution_role_arn=ReferenceToken(role.role_arn))
        return role

    def _needs(self, given: Mapping[str, object]) -> Iterator[Permission]:
        """What the model's features need."""
        yield feature_permissions.logs_and_metrics(self)
        network = self.spec.vpc_config
        if isinstance(network, VpcConfig):
            yield feature_permissions.vpc_access(
                self,
                subnet_ids=network.subnets or (),
                security_group_ids=network.security_group_ids or (),
            )
        for each in (given["primary_container"], *cast("Any", given["containers"])):
            if isinstance(each, Container):
                for placing in bindings_of(each):
                    yield from placing.complete(self)
            elif isinstance(each, ContainerDefinition):
                yield from of_container(each)

    @property
    def execution_role(self) -> IRole | None:
        """The role that the containers run with; ``None`` if only its ARN was given."""
        return self._role

    @property
    def connections(self) -> Connections:
        """The connections of the security groups that the model is in.

        For example ``database.connections.allow_default_port_from(model.connections)``.

        Raises:
            EndpointConfigError: The model is in no VPC, or only the ids of its groups are known.
        """
        if not isinstance(self._vpc, VpcPlacement):
            violation = Violation(
                path=("vpc_config",),
                got=None,
                must="be a VpcPlacement",
                fix="Give the model a VpcPlacement with the security groups themselves.",
            )
            self._state.raise_call_error(MODEL_CONNECTIONS, violation, "vpc", CallSite.current())
        return connections_of(self._vpc.security_groups)

    @property
    def model_arn(self) -> str:
        """The ARN, which is what ``Ref`` gives."""
        return self._get_resource_arn_attribute(
            self._resource.attr_model_arn,
            service=SERVICE,
            resource=RESOURCE,
            resource_name=self._physical_name,
        )

    @property
    def model_name(self) -> str:
        """The name, which is what a variant takes."""
        return self._get_resource_name_attribute(self._resource.attr_model_name)

    def __str__(self) -> str:
        """The construct's path."""
        return f"Model {self.node.path}"


def _in_stack(container: object, scope: Construct) -> object:
    return in_stack(container, scope) if isinstance(container, Container) else container


def _all_in_stack(containers: object, scope: Construct) -> object:
    """The same for each; a token or a mistake stays what it is, for the rules to see."""
    if not is_list(containers) or is_unresolved(containers):
        return containers
    return tuple(_in_stack(each, scope) for each in containers)
