"""What outlives every model: the key, the buckets and the network of one region.

This is the stateful half. Its stack is deployed first, is protected, and what it holds stays when
the stack goes; the stories' stacks can be made anew at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from sample_app.acknowledged import acknowledge_wildcards

if TYPE_CHECKING:
    from constructs import Construct


class Foundation(cdk.Stack):
    """The key, the bucket and the network of one region.

    Attributes:
        key: Encrypts everything.
        bucket: Holds what SageMaker reads and writes, a prefix for each story.
        vpc: A network whose instances reach out and are not reached.
    """

    def __init__(self, scope: Construct, construct_id: str, **options: Any) -> None:  # noqa: ANN401 - those of a stack
        """Make all three."""
        super().__init__(scope, construct_id, termination_protection=True, **options)
        self.key = kms.Key(
            self,
            "Key",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        self.bucket = self._bucket()
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=1,
            flow_logs={"All": ec2.FlowLogOptions()},
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)
            },
        )
        acknowledge_wildcards(self)

    def _bucket(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            server_access_logs_bucket=self._log_bucket(),
            lifecycle_rules=[
                s3.LifecycleRule(prefix="captured/", expiration=cdk.Duration.days(90)),
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )

    def _log_bucket(self) -> s3.Bucket:
        """S3 can deliver access logs only to what it encrypts with its own key."""
        return s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
