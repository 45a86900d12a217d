"""Who may call an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_sagemaker import IInferenceComponentRef

    Component: TypeAlias = IInferenceComponentRef | str

INVOKE: Final = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream")


class Calling:
    """An endpoint that somebody may be allowed to call."""

    if TYPE_CHECKING:

        @property
        def endpoint_arn(self) -> str:
            """The endpoint's."""
            raise NotImplementedError

    def _grant_invoke(
        self,
        grantee: iam.IGrantable,
        target_models: Sequence[str] | None,
        components: Sequence[Component] | None,
    ) -> iam.Grant:
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=[*INVOKE], resource_arns=[self.endpoint_arn]
        )
