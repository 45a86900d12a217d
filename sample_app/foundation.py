"""What every story stands on: a key, a bucket, a role, and models made with them."""

from __future__ import annotations

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_sagemaker import CfnModel
from constructs import Construct


class Foundation(Construct):
    """The key, the bucket and the role of one stack.

    Attributes:
        key: Encrypts everything.
        bucket: Holds ``models/``, which is read, and what SageMaker writes.
        role: What SageMaker may do in the name of the models.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Make all three."""
        super().__init__(scope, construct_id)
        self.key = kms.Key(self, "Key", enable_key_rotation=True)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(prefix="captured/", expiration=Duration.days(90)),
            ],
        )
        self.role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com")
        )
        self.bucket.grant_read(self.role)
        self.bucket.grant_put(self.role)
        self._grant_logs()

    def image(self, repository: str, tag: str) -> str:
        """The URI of a container image of this account, which the role may pull."""
        images = ecr.Repository.from_repository_name(self, repository, f"linden/{repository}")
        images.grant_pull(self.role)
        return images.repository_uri_for_tag(tag)

    def model(self, scope: Construct, construct_id: str, *, image: str, data: str) -> CfnModel:
        """A model: an image, and the archive in ``models/`` that it loads."""
        model = CfnModel(
            scope,
            construct_id,
            execution_role_arn=self.role.role_arn,
            primary_container=CfnModel.ContainerDefinitionProperty(
                image=image, model_data_url=self.bucket.s3_url_for_object(f"models/{data}")
            ),
        )
        model.node.add_dependency(self.role)
        return model

    def _grant_logs(self) -> None:
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[
                    Stack.of(self).format_arn(
                        service="logs",
                        resource="log-group",
                        resource_name="/aws/sagemaker/*",
                        arn_format=ArnFormat.COLON_RESOURCE_NAME,
                    )
                ],
            )
        )
