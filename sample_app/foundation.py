"""Stateful resources of one region: the key, the buckets and the network.

This stack is deployed first and has termination protection. Its key and buckets are retained when
the stack is deleted. The stacks of the use cases can be deleted and created at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from sample_app.wildcards import acknowledge_wildcards

if TYPE_CHECKING:
    from constructs import Construct


class Foundation(cdk.Stack):
    """Key, bucket and network of one region.

    Attributes:
        key: Key for all encryption.
        bucket: Bucket for the data that SageMaker reads and writes, with a prefix for each kind.
        vpc: Network with outbound access and without inbound access.
    """

    def __init__(self, scope: Construct, construct_id: str, **options: Any) -> None:  # noqa: ANN401 - arguments of `Stack`
        """Create the key, the bucket and the network."""
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
        """Return the bucket for access logs, with S3's key because S3 supports no KMS key there."""
        return s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(365))],
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
