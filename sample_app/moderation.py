"""Moderation of uploaded pictures, with a queue for requests and a topic for verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    InferenceResponseIn,
    InstanceType,
    Model,
    S3Location,
)
from sample_app.policy import CompanyEndpointConfig
from sample_app.use_case import UseCaseStack
from sample_app.wildcards import acknowledge_wildcards

if TYPE_CHECKING:
    from constructs import Construct

    from sample_app.foundation import Foundation


class ModerationStack(UseCaseStack):
    """Asynchronous inference that scales to zero without uploads."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Create the endpoint with its model, configuration, scaling and alarms."""
        super().__init__(scope, construct_id)
        self._foundation = foundation
        config = CompanyEndpointConfig(self, "Config", foundation=foundation, product="marketplace")
        variant = config.add_instance_variant(
            "moderation",
            model=self._model(),
            instance_type=InstanceType.ML_M7I_2XLARGE,
            initial_instance_count=1,
            model_data_download_timeout=cdk.Duration.minutes(10),
        )
        config.enable_async_inference(
            input_path=S3Location(foundation.bucket, "uploads/"),
            output_path=S3Location(foundation.bucket, "verdicts/"),
            failure_path=S3Location(foundation.bucket, "failures/"),
            success_topic=self._topic("Verdicts"),
            error_topic=self._topic("Failures"),
            include_inference_response_in=[InferenceResponseIn.SUCCESS_NOTIFICATION_TOPIC],
            encryption_key=foundation.key,
            max_concurrent_invocations_per_instance=4,
        )

        endpoint = Endpoint(self, "Endpoint", endpoint_config=config)
        variant.auto_scale(0, 6).scale_on_backlog(5)
        endpoint.add_recommended_alarms()
        endpoint.dashboard()
        uploader = iam.Role(
            self, "Uploader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        endpoint.grant_invoke_async(uploader)
        acknowledge_wildcards(self)

    def _model(self) -> Model:
        return Model(
            self,
            "Model",
            container=Container(
                image=ContainerImage.from_dlc(
                    "huggingface", "2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04"
                ),
                environment={
                    "HF_MODEL_ID": "Falconsai/nsfw_image_detection",
                    "HF_TASK": "image-classification",
                },
            ),
        )

    def _topic(self, name: str) -> sns.Topic:
        return sns.Topic(self, name, master_key=self._foundation.key, enforce_ssl=True)
