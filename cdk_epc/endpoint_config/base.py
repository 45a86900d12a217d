"""What a configuration of this app and an imported one have in common."""

from __future__ import annotations

import aws_cdk as cdk
import jsii
from aws_cdk.interfaces.aws_sagemaker import EndpointConfigReference, IEndpointConfigRef
from constructs import Construct

_SERVICE = "sagemaker"
_RESOURCE = "endpoint-config"


@jsii.implements(IEndpointConfigRef)
class EndpointConfigBase(cdk.Resource):
    """A configuration that an endpoint can be given."""

    @property
    def endpoint_config_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def endpoint_config_name(self) -> str:
        """The name, which is what `CfnEndpoint.endpoint_config_name` takes."""
        raise NotImplementedError

    @property
    def endpoint_config_ref(self) -> EndpointConfigReference:
        """The reference that CDK's own constructs take."""
        return EndpointConfigReference(endpoint_config_arn=self.endpoint_config_arn)


class ImportedEndpointConfig(EndpointConfigBase):
    """A configuration that is not of this app."""

    def __init__(self, scope: Construct, id: str, *, arn: str, name: str) -> None:
        """Refer to the configuration with this ARN and name."""
        super().__init__(scope, id, environment_from_arn=arn)
        self._arn = arn
        self._name = name

    @property
    def endpoint_config_arn(self) -> str:
        """The ARN."""
        return self._arn

    @property
    def endpoint_config_name(self) -> str:
        """The name."""
        return self._name


def arn_of(scope: Construct, name: str) -> str:
    """The ARN of a configuration of this name in the stack's own account and region."""
    return cdk.Stack.of(scope).format_arn(service=_SERVICE, resource=_RESOURCE, resource_name=name)


def name_in(arn: str) -> str:
    """The name at the end of a configuration's ARN."""
    return cdk.Arn.extract_resource_name(arn, _RESOURCE)
