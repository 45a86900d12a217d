"""What a model of this app and an imported one have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk.interfaces.aws_sagemaker import IModelRef, ModelReference
from constructs import Construct

if TYPE_CHECKING:
    from aws_cdk.aws_ec2 import Connections, ISecurityGroup

SERVICE: Final = "sagemaker"
RESOURCE: Final = "model"


@jsii.implements(IModelRef, iam.IGrantable)
class ModelBase(cdk.Resource):
    """A model that a variant, or an inference component, can be given."""

    @property
    def model_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def model_name(self) -> str:
        """The name, which is what a variant takes."""
        raise NotImplementedError

    @property
    def model_ref(self) -> ModelReference:
        """The reference that CDK's own constructs take."""
        return ModelReference(model_arn=self.model_arn)

    @property
    def execution_role(self) -> iam.IRole | None:
        """The role that its containers run with; ``None`` if only its ARN, or nothing, is known."""
        return None

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role as whom something is granted to: ``topic.grant_publish(model)``.

        Of a model whose role is not known, CDK grants nothing and says so.
        """
        role = self.execution_role
        return iam.UnknownPrincipal(resource=self) if role is None else role.grant_principal

    @property
    def connections(self) -> Connections:
        """Who may reach the containers and whom they may reach; also takes part in others' rules.

        For example ``database.connections.allow_default_port_from(model.connections)``.
        """
        raise NotImplementedError


class ImportedModel(ModelBase):
    """A model that is not of this app."""

    def __init__(  # noqa: PLR0913 - what may be known of a model
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        name: str,
        execution_role: iam.IRole | None = None,
        security_groups: Sequence[ISecurityGroup] = (),
    ) -> None:
        """Refer to the model with this ARN and name."""
        super().__init__(scope, id, environment_from_arn=arn)
        self._arn = arn
        self._name = name
        self._role = execution_role
        self._security_groups = tuple(security_groups)

    @property
    def model_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def model_name(self) -> str:
        """The name."""
        return self._name

    @property
    def execution_role(self) -> iam.IRole | None:
        """The role, if it was given."""
        return self._role

    @property
    def connections(self) -> Connections:
        """The connections of its security groups; of none if none were given."""
        return connections_of(self._security_groups)


def connections_of(security_groups: Sequence[ISecurityGroup]) -> Connections:
    """The connections of security groups."""
    from aws_cdk.aws_ec2 import Connections  # noqa: PLC0415 - costly, and not all need it

    return Connections(security_groups=list(security_groups))


def arn_of(scope: Construct, name: str) -> str:
    """The ARN of a model of this name in the stack's own account and region."""
    return cdk.Stack.of(scope).format_arn(service=SERVICE, resource=RESOURCE, resource_name=name)


def name_in(arn: str) -> str:
    """The name at the end of a model's ARN."""
    return cdk.Arn.extract_resource_name(arn, RESOURCE)
