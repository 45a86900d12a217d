"""Two variants with a bare `Resource` of CDK, which has an L1 construct and nothing else.

The rows with this implementation show the least that an L2 construct can cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig
from aws_cdk.interfaces.aws_sagemaker import EndpointConfigReference, IEndpointConfigRef

if TYPE_CHECKING:
    from constructs import Construct

    from benchmarks.implementations import Models


@jsii.implements(IEndpointConfigRef)
class BareConfig(cdk.Resource):
    """Configuration without rules."""

    def __init__(self, scope: Construct, id: str, variants: list[dict[str, Any]]) -> None:
        """Create the configuration."""
        super().__init__(scope, id)
        self.resource = CfnEndpointConfig(self, "Resource", production_variants=variants)

    @property
    def endpoint_config_ref(self) -> EndpointConfigReference:
        """Reference of the configuration, which CDK's interface requires."""
        return EndpointConfigReference(endpoint_config_arn=self.resource.attr_endpoint_config_arn)


class BareEndpoint(cdk.Resource):
    """Endpoint without rules."""

    def __init__(self, scope: Construct, id: str, config: BareConfig) -> None:
        """Create the endpoint of a configuration."""
        super().__init__(scope, id)
        name = config.resource.attr_endpoint_config_name
        CfnEndpoint(self, "Resource", endpoint_config_name=name)


def constructor(stack: cdk.Stack, models: Models, count: int) -> None:
    """Pass both variants to the constructor."""
    for index in range(count):
        BareConfig(
            stack,
            f"Config{index}",
            [
                {
                    "variantName": "stable",
                    "modelName": models.first,
                    "instanceType": "ml.m5.large",
                    "initialInstanceCount": 2,
                    "initialVariantWeight": 9,
                },
                {
                    "variantName": "canary",
                    "modelName": models.second,
                    "instanceType": "ml.c5.xlarge",
                    "initialInstanceCount": 1,
                    "initialVariantWeight": 1,
                },
            ],
        )
