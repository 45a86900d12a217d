"""What an endpoint of this app and an imported one have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import IEndpoint
from aws_cdk.interfaces.aws_sagemaker import EndpointReference

from cdk_epc.endpoint.grants import Calling
from cdk_epc.monitoring.endpoint_metrics import EndpointMetrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk.aws_iam import Grant, IGrantable

    from cdk_epc.constructs.convert import Location
    from cdk_epc.endpoint.grants import Component
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.monitoring.variant_metrics import VariantMetrics
    from cdk_epc.spec import EndpointKind


@jsii.implements(IEndpoint)
class EndpointBase(cdk.Resource, Calling, EndpointMetrics):
    """An endpoint that can be called, scaled and watched.

    It is one of CDK's ``IEndpoint``, so that whatever takes that takes this.
    """

    @property
    def endpoint_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def endpoint_name(self) -> str:
        """The name, which callers send."""
        raise NotImplementedError

    @property
    def endpoint_ref(self) -> EndpointReference:
        """The reference that CDK's own constructs take."""
        return EndpointReference(endpoint_arn=self.endpoint_arn)

    @property
    def name_in_metrics(self) -> str:
        """The name as the dimension of a metric.

        Where the endpoint has a name that is known before the deployment, this is no reference to
        the endpoint, so that the endpoint itself can refer to an alarm on the metric.
        """
        raise NotImplementedError

    @property
    def hosting(self) -> EndpointKind | None:
        """The kind of endpoint, which decides what it publishes; ``None`` if that is not known."""
        return None

    @property
    def async_input(self) -> Location | None:
        """Where callers of an asynchronous endpoint put their requests, if that is known."""
        return None

    @property
    def is_multi_model(self) -> bool | None:
        """Whether a container loads models as they are asked for; ``None`` if nobody knows."""
        return None

    def variant(self, variant: str | VariantHandle) -> VariantMetrics:
        """The variant of this name, as it runs."""
        raise NotImplementedError

    # Here and not with the other grants: Node only calls what stands before CDK's own classes.
    def grant_invoke(
        self,
        grantee: IGrantable,
        *,
        target_models: Sequence[str] | None = None,
        components: Sequence[Component] | None = None,
    ) -> Grant:
        """Allow somebody to send requests to the endpoint, streamed answers included.

        Args:
            grantee: Who; of the endpoint's own account, for nobody else can call it directly.
            target_models: Of a multi-model endpoint, the models that may be asked for, as callers
                name them; ``*`` and ``?`` stand for any characters. All by default. Streamed
                answers are left out then, for such a call cannot name a model.
            components: Of an endpoint with inference components, the ones that may be asked: a
                component, its ARN or its name. All that this app places on it by default.

        Raises:
            EndpointConfigError: The endpoint surely takes no such requests, or the grantee is of
                another account, or has no policy.
        """
        return self._grant_invoke(grantee, target_models, components)
