"""Execution role of SageMaker."""

from __future__ import annotations

from typing import cast

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_epc.constructs.duck_typing import construct_path, remember_place


class ExecutionRole(iam.Role):
    """Role that SageMaker assumes, without permissions until `RolePermissions` grants them.

    It has no managed policy; in particular, it does not have ``AmazonSageMakerFullAccess``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str = "ExecutionRole",
        *,
        description: str | None = None,
    ) -> None:
        """Create a role that SageMaker can assume.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in its scope.
            description: Description in IAM, at most 1000 characters; by default with the path of
                the scope.
        """
        super().__init__(
            scope,
            id,
            assumed_by=cast("iam.IPrincipal", iam.ServicePrincipal("sagemaker.amazonaws.com")),
            description=description or f"Execution role of {construct_path(scope)}"[:1000],
        )
        remember_place(self, scope, id)
