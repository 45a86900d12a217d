"""Execution role of SageMaker."""

from __future__ import annotations

from typing import Any, cast

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_epc.constructs.duck_typing import construct_path, remember_place
from cdk_epc.constructs.scope import stack_of
from cdk_epc.permissions.statements import partition


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
        restrict_source: bool = False,
    ) -> None:
        """Create a role that SageMaker can assume.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in its scope.
            description: Description in IAM, at most 1000 characters; by default with the path of
                the scope.
            restrict_source: Whether SageMaker may assume the role only for resources of the
                stack's account and region: conditions on ``aws:SourceArn`` and
                ``aws:SourceAccount`` in the trust policy, against confused deputies. AWS documents
                them for real-time, serverless and asynchronous endpoints, and not for inference
                components; therefore they are off by default.
        """
        principal = iam.ServicePrincipal("sagemaker.amazonaws.com")
        trusted: object = principal
        if restrict_source:
            trusted = principal.with_conditions(_source_conditions(scope))
        super().__init__(
            scope,
            id,
            assumed_by=cast("iam.IPrincipal", trusted),
            description=description or f"Execution role of {construct_path(scope)}"[:1000],
        )
        remember_place(self, scope, id)


def _source_conditions(scope: Construct) -> dict[str, Any]:
    """Return the conditions of a trust policy on the source of a request.

    Source: SageMaker developer guide, "Cross-service confused deputy prevention". For inference,
    SageMaker sends an ARN that ends with an asterisk, and not that of a model or endpoint.
    """
    stack = stack_of(scope)
    arn = f"arn:{partition()}:sagemaker:{stack.region}:{stack.account}:*"
    return {
        "ArnLike": {"aws:SourceArn": arn},
        "StringEquals": {"aws:SourceAccount": stack.account},
    }
