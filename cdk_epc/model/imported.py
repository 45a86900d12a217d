"""Models that another app, or no app, created."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.constructs.duck_typing import child_path
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.constructs.scope import stack_of
from cdk_epc.model.base import (
    RESOURCE,
    SERVICE,
    ModelBase,
    connections_of,
)
from cdk_epc.rules import Violation
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.spec import ModelSpec
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_ec2 import Connections, ISecurityGroup
    from aws_cdk.aws_iam import IRole


class ImportedModel(ModelBase):
    """Reference to a model that this app does not create."""

    def __init__(  # noqa: PLR0913 - the known attributes of a model
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        name: str,
        execution_role: IRole | None = None,
        security_groups: Sequence[ISecurityGroup] = (),
    ) -> None:
        """Create a reference to the model with this ARN and name."""
        self._arn, self._name = arn, name
        self._role, self._security_groups = execution_role, tuple(security_groups)
        super().__init__(scope, id, environment_from_arn=arn)

    @property
    def model_arn(self) -> str:
        """ARN of the model."""
        return self._arn

    @property
    def model_name(self) -> str:
        """Name of the model."""
        return self._name

    @property
    def execution_role(self) -> IRole | None:
        """Execution role; ``None`` if it was not given."""
        return self._role

    @property
    def connections(self) -> Connections:
        """Network connections of the given security groups."""
        return connections_of(self._security_groups)


def import_model(  # noqa: PLR0913 - the known attributes of a model
    scope: Construct,
    id: str,
    *,
    model_name: str | None = None,
    model_arn: str | None = None,
    execution_role: IRole | None = None,
    security_groups: Sequence[ISecurityGroup] = (),
) -> ModelBase:
    """Import a model; see `Model.from_model_attributes`.

    Raises:
        EndpointConfigError: Neither the name nor the ARN is given.
    """
    if model_name is None and model_arn is None:
        violation = Violation(
            path=("model_name",),
            got=None,
            required="unless model_arn is given",
            fix="Pass model_name or model_arn.",
        )
        path = child_path(scope, id)
        raise_call_error(ARGUMENT_TYPE, violation, "model_name", construct=path, spec=ModelSpec)
    arn = _arn_of(scope, model_name or "") if model_arn is None else model_arn
    name = cdk.Arn.extract_resource_name(arn, RESOURCE) if model_name is None else model_name
    return ImportedModel(
        scope,
        id,
        arn=arn,
        name=name,
        execution_role=execution_role,
        security_groups=security_groups,
    )


def _arn_of(scope: Construct, name: str) -> str:
    name_in_arn = name if is_unresolved(name) else name.lower()
    return stack_of(scope).format_arn(service=SERVICE, resource=RESOURCE, resource_name=name_in_arn)
