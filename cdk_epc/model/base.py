"""What a model of this app and an imported one have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk.interfaces.aws_sagemaker import IModelRef, ModelReference

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
        if role is not None:
            return role.grant_principal
        unknown: Any = iam.UnknownPrincipal(resource=self)
        return cast("iam.IPrincipal", unknown)

    @property
    def connections(self) -> Connections:
        """Who may reach the containers and whom they may reach; also takes part in others' rules.

        For example ``database.connections.allow_default_port_from(model.connections)``.
        """
        raise NotImplementedError


def connections_of(security_groups: Sequence[ISecurityGroup]) -> Connections:
    """The connections of security groups."""
    from aws_cdk.aws_ec2 import Connections  # noqa: PLC0415 - costly, and not all need it

    return Connections(security_groups=list(security_groups))
