"""App: an A/B test of two models, with canary updates that roll back on alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_epc import (
    AlarmThresholds,
    CapacitySize,
    Container,
    ContainerImage,
    Deployment,
    Endpoint,
    EndpointConfig,
    InstanceType,
    Model,
    S3Location,
)

if TYPE_CHECKING:
    from constructs import Construct


class AbTest(cdk.Stack):
    """Champion with nine in ten requests, and challenger with one."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        bucket = s3.Bucket(self, "Bucket", encryption_key=key)
        on_call = sns.Topic(self, "OnCall")
        shop = iam.Role(self, "Shop", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

        config = EndpointConfig(self, "Config", encryption_key=key)
        config.capture_data(
            destination=S3Location(bucket, "captured/"), sampling_percentage=10, encryption_key=key
        )
        endpoint = Endpoint(
            self,
            "Endpoint",
            endpoint_config=config,
            deployment=Deployment.canary(
                size=CapacitySize.percent(10), wait=cdk.Duration.minutes(10)
            ),
        )
        for name, weight in (("champion", 9), ("challenger", 1)):
            model = Model(
                self,
                name.title(),
                container=Container(
                    image=ContainerImage.from_dlc("xgboost", "1.7-1"),
                    model_data=S3Location(bucket, f"models/{name}.tar.gz"),
                ),
            )
            variant = config.add_instance_variant(
                name,
                model=model,
                instance_type=InstanceType.ML_M5_XLARGE,
                initial_instance_count=2,
                initial_weight=weight,
            )
            variant.auto_scale(2, 8).scale_on_invocations(max_requests_per_second=40)
        alarms = endpoint.add_recommended_alarms(
            thresholds=AlarmThresholds(latency=cdk.Duration.millis(300)), notify=on_call
        )
        endpoint.roll_back_on(*alarms.for_rollback())
        endpoint.grant_invoke(shop)
