"""Base class of models of this app and imported models."""

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
    """Model for a variant or an inference component."""

    @property
    def model_arn(self) -> str:
        """ARN of the model."""
        raise NotImplementedError

    @property
    def model_name(self) -> str:
        """Name of the model, as a variant takes it."""
        raise NotImplementedError

    @property
    def model_ref(self) -> ModelReference:
        """Reference for CDK's own constructs."""
        return ModelReference(model_arn=self.model_arn)

    @property
    def execution_role(self) -> iam.IRole | None:
        """Execution role; ``None`` if only its ARN is known, or the model has none."""
        return None

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Principal for grants to the model, for example ``topic.grant_publish(model)``.

        If the execution role is not known, CDK grants nothing and adds a warning.
        """
        role = self.execution_role
        if role is not None:
            return role.grant_principal
        unknown: Any = iam.UnknownPrincipal(resource=self)
        return cast("iam.IPrincipal", unknown)

    @property
    def connections(self) -> Connections:
        """Network connections of the model's security groups.

        For example, ``database.connections.allow_default_port_from(model.connections)``.
        """
        raise NotImplementedError


def connections_of(security_groups: Sequence[ISecurityGroup]) -> Connections:
    """Return the network connections of security groups."""
    from aws_cdk.aws_ec2 import Connections  # noqa: PLC0415 - slow to load, and rarely needed

    return Connections(security_groups=list(security_groups))
