"""What an endpoint of this app and an imported one have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk.interfaces.aws_sagemaker import EndpointReference

if TYPE_CHECKING:
    from cdk_epc.constructs.handle import VariantHandle
    from cdk_epc.monitoring.variant import VariantMetrics
    from cdk_epc.spec import Hosting


class EndpointBase(cdk.Resource):
    """An endpoint that can be called, scaled and watched."""

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
    def hosting(self) -> Hosting | None:
        """The kind of endpoint, which decides what it publishes; ``None`` if that is not known."""
        return None

    def variant(self, variant: str | VariantHandle) -> VariantMetrics:
        """The variant of this name, as it runs."""
        raise NotImplementedError
