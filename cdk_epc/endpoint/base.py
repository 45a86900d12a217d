"""Base class of the endpoints of this app and of imported endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import IEndpoint
from aws_cdk.interfaces.aws_sagemaker import EndpointReference

from cdk_epc.endpoint.grants import EndpointGrants
from cdk_epc.monitoring.endpoint_metrics import EndpointMetrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk.aws_iam import Grant, IGrantable

    from cdk_epc.constructs.convert import S3LocationOrUri
    from cdk_epc.endpoint.grants import ComponentOrName
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.monitoring.variant_metrics import VariantMetrics
    from cdk_epc.spec import EndpointKind


@jsii.implements(IEndpoint)
class EndpointBase(cdk.Resource, EndpointMetrics):
    """Endpoint of this app or of another one, with its metrics and grants.

    It implements CDK's ``IEndpoint``.
    """

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint."""
        raise NotImplementedError

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint, which callers pass to SageMaker."""
        raise NotImplementedError

    @property
    def endpoint_ref(self) -> EndpointReference:
        """Reference that CDK's L1 constructs accept."""
        return EndpointReference(endpoint_arn=self.endpoint_arn)

    @property
    def name_in_metrics(self) -> str:
        """Name of the endpoint as the value of the dimension ``EndpointName``.

        A name that is known before the deployment is a literal and not a reference to the endpoint,
        so that the endpoint itself can refer to an alarm on the metric.
        """
        raise NotImplementedError

    @property
    def endpoint_kind(self) -> EndpointKind | None:
        """Kind of the endpoint, which determines its metrics; ``None`` if unknown."""
        return None

    @property
    def async_input(self) -> S3LocationOrUri | None:
        """S3 location of the requests to an asynchronous endpoint; ``None`` if unknown."""
        return None

    @property
    def is_multi_model(self) -> bool | None:
        """Whether a container loads models on demand; ``None`` if unknown."""
        return None

    @property
    def inference_components(self) -> tuple[ComponentOrName, ...]:
        """Inference components that this app places on the endpoint."""
        return EndpointGrants.of(self).components

    def variant(self, variant: str | VariantHandle) -> VariantMetrics:
        """Return the variant with this name, with its metrics."""
        raise NotImplementedError

    @property
    def grants(self) -> EndpointGrants:
        """Grants to the callers of the endpoint."""
        return EndpointGrants.of(self)

    # Both grants stand in this class because jsii only calls overrides of classes that come before
    # CDK's own classes in the method resolution order.
    def grant_invoke(
        self,
        grantee: IGrantable,
        *,
        target_models: Sequence[str] | None = None,
        components: Sequence[ComponentOrName] | None = None,
        bearer_token: bool = False,
    ) -> Grant:
        """Grant permission to send requests to the endpoint; see `EndpointGrants.invoke`.

        Args:
            grantee: Principal that calls the endpoint, in the endpoint's account.
            target_models: Models of a multi-model endpoint that the grantee may call; all by
                default.
            components: Inference components that the grantee may call; all by default.
            bearer_token: Whether the grantee may call the OpenAI-compatible path of the endpoint.

        Returns:
            The grant.

        Raises:
            EndpointConfigError: The endpoint does not accept such requests, or the grantee is in
                another account or has no identity policy.
        """
        return self.grants.invoke(
            grantee,
            target_models=target_models,
            components=components,
            bearer_token=bearer_token,
        )

    def grant_invoke_async(
        self, grantee: IGrantable, *, input: S3LocationOrUri | None = None
    ) -> Grant:
        """Grant permission to send requests to an asynchronous endpoint.

        The grant includes writes below the input location; see `EndpointGrants.invoke_async`.

        Args:
            grantee: Principal that calls the endpoint, in the endpoint's account.
            input: Location of the requests, an `S3Location` or an S3 URI; by default the
                ``input_path`` of the configuration's `AsyncInference`.

        Returns:
            The grant to call the endpoint.

        Raises:
            EndpointConfigError: The endpoint is not asynchronous, the input is not a location in
                S3, or the grantee is in another account or has no identity policy.
        """
        return self.grants.invoke_async(grantee, input=input)
