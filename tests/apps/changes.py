"""App: an endpoint whose model, instance type and variant name change between deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from cdk_epc import Container, ContainerImage, Endpoint, EndpointConfig, Model

if TYPE_CHECKING:
    from constructs import Construct


class Changed(cdk.Stack):
    """Endpoint with the values of one deployment."""

    def __init__(  # noqa: PLR0913 - values of a deployment
        self,
        scope: Construct,
        construct_id: str,
        *,
        archive: str = "s3://linden-fraud/7.tar.gz",
        instance_type: str = "ml.m5.xlarge",
        name: str = "main",
        is_scaled: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        image = ContainerImage.from_dlc("xgboost", "1.7-1")
        model = Model(self, "Model", container=Container(image=image, model_data=archive))
        config = EndpointConfig(self, "Config")
        variant = config.add_instance_variant(
            name, model=model, instance_type=instance_type, initial_instance_count=2
        )
        Endpoint(self, "Endpoint", endpoint_config=config)
        if is_scaled:
            variant.auto_scale(2, 6).scale_on_invocations(max_requests_per_second=40)
