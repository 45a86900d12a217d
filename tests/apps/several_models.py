"""App: a multi-model endpoint, a pipeline of containers, and explanations with Clarify."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    InstanceType,
    Model,
    ModelData,
    S3Location,
    ShapBaseline,
)

if TYPE_CHECKING:
    from constructs import Construct


class SeveralModels(cdk.Stack):
    """Three endpoints with one bucket."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(self, "Bucket")
        tenant = iam.Role(self, "Tenant", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        xgboost = ContainerImage.from_dlc("xgboost", "1.7-1")

        tenants = ModelData.multi_model(S3Location(self.bucket, "tenants/"))
        many = Model(self, "Many", container=Container(image=xgboost, model_data=tenants))
        endpoint, _ = self.endpoint("Tenants", many)
        endpoint.grant_invoke(tenant, target_models=["linden.tar.gz"])

        scaler = Container(
            image=ContainerImage.from_dlc("sklearn", "1.2-1-cpu-py3"),
            model_data=S3Location(self.bucket, "scaler.tar.gz"),
            environment={"SAGEMAKER_PROGRAM": "scale.py"},
        )
        churn = Container(image=xgboost, model_data=S3Location(self.bucket, "churn.tar.gz"))
        self.endpoint("Pipeline", Model(self, "ScaledChurn", containers=[scaler, churn]))

        _, config = self.endpoint("Explained", Model(self, "Churn", container=churn))
        config.explain_with_clarify(
            baseline=ShapBaseline.from_s3(S3Location(self.bucket, "baseline.csv")),
            feature_headers=["orders", "returns", "days"],
            number_of_samples=100,
        )

    def endpoint(self, name: str, model: Model) -> tuple[Endpoint, EndpointConfig]:
        """Add an endpoint with its configuration."""
        config = EndpointConfig(self, f"{name}Config")
        config.add_instance_variant(
            "main", model=model, instance_type=InstanceType.ML_M5_XLARGE, initial_instance_count=2
        )
        return Endpoint(self, f"{name}Endpoint", endpoint_config=config), config
