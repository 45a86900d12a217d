"""App: an asynchronous endpoint in a VPC, with an image in another account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    InstanceType,
    Model,
    S3Location,
)

if TYPE_CHECKING:
    from constructs import Construct


class AsyncInVpc(cdk.Stack):
    """Analysis of documents, whose instances scale to zero."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        bucket = s3.Bucket(self, "Bucket", encryption_key=key)
        answers, failures = (sns.Topic(self, name) for name in ("Answers", "Failures"))
        vpc = ec2.Vpc(self, "Vpc", max_azs=2, nat_gateways=1)
        uploader = iam.Role(
            self, "Uploader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        repository = ecr.Repository.from_repository_arn(
            self, "Repository", "arn:aws:ecr:eu-west-1:444455556666:repository/documents"
        )

        model = Model(
            self,
            "Model",
            container=Container(
                image=ContainerImage.from_ecr_repository(repository, "3.1.0"),
                model_data=S3Location(bucket, "models/documents.tar.gz"),
            ),
            vpc=vpc,
        )
        config = EndpointConfig(self, "Config", encryption_key=key)
        documents = config.add_instance_variant(
            "documents",
            model=model,
            instance_type=InstanceType.ML_M5_XLARGE,
            initial_instance_count=1,
        )
        config.enable_async_inference(
            input_path=S3Location(bucket, "documents/"),
            output_path=S3Location(bucket, "answers/"),
            failure_path=S3Location(bucket, "failures/"),
            success_topic=answers,
            error_topic=failures,
            encryption_key=key,
        )
        endpoint = Endpoint(self, "Endpoint", endpoint_config=config)
        documents.auto_scale(0, 6).scale_on_backlog(5)
        endpoint.add_recommended_alarms(notify=failures)
        endpoint.grant_invoke_async(uploader)
