"""May this picture be shown? Uploads wait in a queue, and the shop hears of each verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.aws_sagemaker import CfnEndpoint

from cdk_epc import InferenceResponseIn, InstanceType, S3Location
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from constructs import Construct


class ModerationStack(cdk.Stack):
    """Asynchronous inference with topics for successes and failures."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Make the endpoint and what it needs."""
        super().__init__(scope, construct_id)
        foundation = Foundation(self, "Foundation")
        model = foundation.model(
            self,
            "Model",
            image=foundation.image("moderation", "3.0.1"),
            data="moderation/model.tar.gz",
        )

        config = CompanyEndpointConfig(self, "Config", foundation=foundation, product="marketplace")
        config.add_instance_variant(
            "moderation",
            model=model,
            instance_type=InstanceType.ML_INF2_XLARGE,
            initial_instance_count=1,
            model_data_download_timeout=cdk.Duration.minutes(10),
        )
        config.enable_async_inference(
            output_path=S3Location(foundation.bucket, "verdicts/"),
            failure_path=S3Location(foundation.bucket, "failures/"),
            success_topic=self._topic("Verdicts", foundation),
            error_topic=self._topic("Failures", foundation),
            include_inference_response_in=[InferenceResponseIn.SUCCESS_NOTIFICATION_TOPIC],
            encryption_key=foundation.key,
            max_concurrent_invocations_per_instance=4,
        )

        CfnEndpoint(self, "Endpoint", endpoint_config_name=config.endpoint_config_name)

    def _topic(self, name: str, foundation: Foundation) -> sns.Topic:
        topic = sns.Topic(self, name, master_key=foundation.key, enforce_ssl=True)
        topic.grant_publish(foundation.role)
        return topic
