"""App: data, endpoint and callers in three stacks, and the monitoring in a nested stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_epc import (
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


class Data(cdk.Stack):
    """Stateful resources."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(self, "Key", enable_key_rotation=True)
        self.bucket = s3.Bucket(self, "Bucket", encryption_key=self.key)
        self.on_call = sns.Topic(self, "OnCall")


class Serving(cdk.Stack):
    """Endpoint with its model and configuration, which belong together."""

    def __init__(self, scope: Construct, construct_id: str, *, data: Data) -> None:
        super().__init__(scope, construct_id)
        container = Container(
            image=ContainerImage.from_dlc("xgboost", "1.7-1"),
            model_data=S3Location(data.bucket, "fraud.tar.gz"),
        )
        config = EndpointConfig(self, "Config", encryption_key=data.key)
        main = config.add_instance_variant(
            "main",
            model=Model(self, "Model", container=container),
            instance_type=InstanceType.ML_M5_XLARGE,
            initial_instance_count=2,
        )
        config.capture_data(destination=S3Location(data.bucket, "captured/"), sampling_percentage=5)
        self.endpoint = Endpoint(
            self,
            "Endpoint",
            endpoint_config=config,
            deployment=Deployment.linear(CapacitySize.percent(50), cdk.Duration.minutes(5)),
        )
        main.auto_scale(2, 6).scale_on_cpu_utilization(60)
        alarms = self.endpoint.add_recommended_alarms(notify=data.on_call)
        self.endpoint.roll_back_on(*alarms.for_rollback())
        monitoring = cdk.NestedStack(self, "Monitoring")
        self.endpoint.dashboard(scope=monitoring)


class Calling(cdk.Stack):
    """Caller of the endpoint."""

    def __init__(self, scope: Construct, construct_id: str, *, serving: Serving) -> None:
        super().__init__(scope, construct_id)
        shop = iam.Role(self, "Shop", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        serving.endpoint.grant_invoke(shop)


def build(app: cdk.App) -> None:
    """Add the three stacks."""
    serving = Serving(app, "Serving", data=Data(app, "Data"))
    Calling(app, "Calling", serving=serving)
