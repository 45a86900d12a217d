"""Models that are not of this app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import finding_of
from cdk_epc.model.base import (
    RESOURCE,
    SERVICE,
    ModelBase,
    connections_of,
)
from cdk_epc.rules import EndpointConfigError, Violation
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.spec import ModelSpec
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_ec2 import Connections, ISecurityGroup
    from aws_cdk.aws_iam import IRole


class ImportedModel(ModelBase):
    """A model that is not of this app."""

    def __init__(  # noqa: PLR0913 - what may be known of a model
        self,
        scope: Construct,
        id: str,
        *,
        arn: str,
        name: str,
        execution_role: IRole | None = None,
        security_groups: Sequence[ISecurityGroup] = (),
    ) -> None:
        """Refer to the model with this ARN and name."""
        self._arn, self._name = arn, name
        self._role, self._security_groups = execution_role, tuple(security_groups)
        super().__init__(scope, id, environment_from_arn=arn)

    @property
    def model_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def model_name(self) -> str:
        """The name."""
        return self._name

    @property
    def execution_role(self) -> IRole | None:
        """The role, if it was given."""
        return self._role

    @property
    def connections(self) -> Connections:
        """The connections of its security groups; of none if none were given."""
        return connections_of(self._security_groups)


class Importing:
    """Where a model of another app is referred to."""

    @staticmethod
    def from_model_name(scope: Construct, id: str, model_name: str) -> ModelBase:
        """Refer to a model of another app, of the stack's account and region, by name.

        Its ARN has the name in lower case, as SageMaker writes it.
        """
        return Importing.from_model_attributes(scope, id, model_name=model_name)

    @staticmethod
    def from_model_arn(scope: Construct, id: str, model_arn: str) -> ModelBase:
        """Refer to a model of another app by its ARN.

        SageMaker writes the name in lower case in an ARN; by name it is found all the same.
        """
        return Importing.from_model_attributes(scope, id, model_arn=model_arn)

    @staticmethod
    def from_model_attributes(  # noqa: PLR0913 - what may be known of a model
        scope: Construct,
        id: str,
        *,
        model_name: str | None = None,
        model_arn: str | None = None,
        execution_role: IRole | None = None,
        security_groups: Sequence[ISecurityGroup] = (),
    ) -> ModelBase:
        """Refer to a model of another app of which more is known.

        Args:
            scope: Where the reference belongs.
            id: Its id there.
            model_name: The name; the end of the ARN by default.
            model_arn: The ARN; that of the name in the stack's account and region by default.
            execution_role: The role, so that configurations can grant it what they need.
            security_groups: The groups that it is in, for ``connections``.

        Raises:
            EndpointConfigError: Neither the name nor the ARN is given.
        """
        if model_name is None and model_arn is None:
            _refuse(f"{scope.node.path}/{id}")
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
    known = name if is_unresolved(name) else name.lower()
    return cdk.Stack.of(scope).format_arn(service=SERVICE, resource=RESOURCE, resource_name=known)


def _refuse(path: str) -> None:
    violation = Violation(
        path=("model_name",),
        got=None,
        must="be the name of a model, or its ARN as model_arn",
        fix="Give one of the two.",
    )
    site = CallSite.current()
    finding = finding_of(ARGUMENT_TYPE, violation, "model_name", path, site, ModelSpec)
    raise EndpointConfigError([finding])
