"""Base class of configurations of this app and of imported ones, and the resource type."""

from __future__ import annotations

from typing import Final

import aws_cdk as cdk
import jsii
from aws_cdk.interfaces import ResourceEnvironment
from aws_cdk.interfaces.aws_sagemaker import EndpointConfigReference, IEndpointConfigRef
from constructs import Construct

from cdk_epc.constructs.convert import key_id, role_arn, tag_list
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import stack_of
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext

_SERVICE: Final = "sagemaker"
_RESOURCE: Final = "endpoint-config"

CONFIG: Final = ResourceType(
    spec=EndpointConfigSpec,
    arguments={
        "production_variants": "production_variants",
        "shadow_production_variants": "shadow_production_variants",
        "async_inference_config": "async_inference",
        "data_capture_config": "data_capture",
        "explainer_config": "explainer",
        "vpc_config": "vpc",
        "metrics_config": "metrics",
        "kms_key_id": "encryption_key",
        "execution_role_arn": "execution_role",
        "enable_network_isolation": "network_isolation",
        "endpoint_config_name": "endpoint_config_name",
        "tags": "tags",
    },
    context=ConfigContext,
    list_members=frozenset({"production_variants", "shadow_production_variants"}),
    converters={"kms_key_id": key_id, "execution_role_arn": role_arn, "tags": tag_list},
)
"""Resource type of an endpoint configuration."""


class EndpointConfigBase(Construct):
    """Endpoint configuration of this app or of another one.

    It is a `Resource` of CDK and implements ``IEndpointConfigRef``. The subclasses name CDK's class
    first, for the reason in `CheckedResource`.
    """

    @property
    def env(self) -> ResourceEnvironment:
        """Account and region of the configuration, which CDK's `Resource` knows."""
        raise NotImplementedError

    @property
    def endpoint_config_arn(self) -> str:
        """ARN of the configuration."""
        raise NotImplementedError

    @property
    def endpoint_config_name(self) -> str:
        """Name of the configuration, which `CfnEndpoint.endpoint_config_name` accepts."""
        raise NotImplementedError

    @property
    def endpoint_config_ref(self) -> EndpointConfigReference:
        """Reference that CDK's L1 constructs accept."""
        raise NotImplementedError


@jsii.implements(IEndpointConfigRef)
class ImportedEndpointConfig(cdk.Resource, EndpointConfigBase):
    """Endpoint configuration of another app."""

    def __init__(self, scope: Construct, id: str, *, arn: str, name: str) -> None:
        """Refer to the configuration with this ARN and name."""
        super().__init__(scope, id, environment_from_arn=arn)
        self._arn = arn
        self._name = name

    @property
    def endpoint_config_arn(self) -> str:
        """ARN of the configuration."""
        return self._arn

    @property
    def endpoint_config_name(self) -> str:
        """Name of the configuration."""
        return self._name

    @property
    def endpoint_config_ref(self) -> EndpointConfigReference:
        """Reference that CDK's L1 constructs accept."""
        return EndpointConfigReference(endpoint_config_arn=self.endpoint_config_arn)


def arn_of_name(scope: Construct, name: str) -> str:
    """Return the ARN of a configuration in the stack's account and region."""
    return stack_of(scope).format_arn(service=_SERVICE, resource=_RESOURCE, resource_name=name)


def name_of_arn(arn: str) -> str:
    """Return the name at the end of a configuration's ARN."""
    return cdk.Arn.extract_resource_name(arn, _RESOURCE)
