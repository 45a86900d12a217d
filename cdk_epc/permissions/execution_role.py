"""The role that SageMaker takes on to run what it hosts."""

from __future__ import annotations

from typing import cast

from aws_cdk import aws_iam as iam
from constructs import Construct


class ExecutionRole(iam.Role):
    """A role for SageMaker with no permission of its own: `RolePermissions` grants what is needed.

    It has no managed policy, above all not ``AmazonSageMakerFullAccess``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str = "ExecutionRole",
        *,
        description: str | None = None,
    ) -> None:
        """Make a role that SageMaker may assume.

        Args:
            scope: Where it belongs.
            id: Its id there.
            description: What it is for, at most 1000 characters; the path of the scope by default.
        """
        super().__init__(
            scope,
            id,
            assumed_by=cast("iam.IPrincipal", iam.ServicePrincipal("sagemaker.amazonaws.com")),
            description=description or f"SageMaker runs {scope.node.path} with it"[:1000],
        )
