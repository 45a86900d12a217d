"""AWS managed policies that execution roles often have.

Only actions on the services that the rules ask for are listed. Source of the policies and their
versions: AWS managed policy reference, as moto 5.2.5 copies it from IAM (October 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.role import RoleStatement

FULL_ACCESS: Final = "AmazonSageMakerFullAccess"
FULL_ACCESS_WORDS: Final = ("SageMaker", "Sagemaker", "sagemaker", "aws-glue")
"""Words of which `FULL_ACCESS` requires one in the bucket or the key of an object."""
_SPELLINGS: Final = FULL_ACCESS_WORDS[:3]


@attrs.frozen(eq=False, repr=False)
class ManagedPolicy(Record):
    """Managed policy of AWS.

    Attributes:
        version: Version of the policy.
        date: Date of the version.
        statements: Its statements.
    """

    version: str
    date: str
    statements: tuple[RoleStatement, ...]


def _named(name: str, version: str, date: str, *allowed: str) -> tuple[str, ManagedPolicy]:
    """Return a policy that allows actions on all resources."""
    statement = _statement(name, allowed, ("*",))
    return name, ManagedPolicy(version, date, (statement,))


def _statement(name: str, actions: tuple[str, ...], resources: tuple[str, ...]) -> RoleStatement:
    return RoleStatement(
        actions=frozenset(each.lower() for each in actions),
        resources=frozenset(resources),
        managed_policy=name,
    )


_PULL: Final = ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_LOGS: Final = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_OF_FULL_ACCESS: Final = (
    "cloudwatch:DescribeAlarms",
    "cloudwatch:PutMetricData",
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "ecr:BatchCheckLayerAvailability",
    *_PULL,
    "kms:DescribeKey",
    "kms:ListAliases",
    *_LOGS,
    "logs:DescribeLogStreams",
    "s3:GetBucketLocation",
    "s3:ListBucket",
)
_OBJECT_ACTIONS: Final = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
)
_FULL_ACCESS: Final = ManagedPolicy(
    "v29",
    "2026-02-12",
    (
        _statement(FULL_ACCESS, _OF_FULL_ACCESS, ("*",)),
        _statement(
            FULL_ACCESS,
            _OBJECT_ACTIONS,
            tuple(f"arn:aws:s3:::*{word}*" for word in FULL_ACCESS_WORDS),
        ),
        _statement(
            FULL_ACCESS,
            ("lambda:InvokeFunction",),
            tuple(f"arn:aws:lambda:*:*:function:*{word}*" for word in _SPELLINGS),
        ),
        _statement(
            FULL_ACCESS,
            ("sns:Publish",),
            tuple(f"arn:aws:sns:*:*:*{word}*" for word in _SPELLINGS),
        ),
    ),
)

MANAGED_POLICIES: Final[Mapping[str, ManagedPolicy]] = {
    FULL_ACCESS: _FULL_ACCESS,
    **dict(
        [
            _named("AmazonSageMakerReadOnly", "v11", "2021-12-01", "cloudwatch:DescribeAlarms"),
            _named("AmazonS3ReadOnlyAccess", "v3", "2023-08-10", "s3:Get*", "s3:List*"),
            _named("AmazonS3FullAccess", "v2", "2021-09-27", "s3:*"),
            _named(
                "AmazonEC2ContainerRegistryReadOnly",
                "v3",
                "2019-12-10",
                *_PULL,
                "ecr:BatchCheckLayerAvailability",
            ),
            _named(
                "AmazonEC2ContainerRegistryPowerUser",
                "v3",
                "2019-12-10",
                *_PULL,
                "ecr:BatchCheckLayerAvailability",
            ),
            _named("AmazonEC2ContainerRegistryFullAccess", "v3", "2020-12-05", "ecr:*"),
            _named("AmazonEC2ContainerRegistryPullOnly", "v1", "2024-10-04", *_PULL),
            _named("CloudWatchLogsFullAccess", "v8", "2026-02-12", "logs:*"),
            _named("CloudWatchFullAccess", "v4", "2022-11-27", "cloudwatch:*", "logs:*", "sns:*"),
            _named("CloudWatchFullAccessV2", "v17", "2026-09-22", "cloudwatch:*", "logs:*"),
            _named("AWSLambdaBasicExecutionRole", "v1", "2015-04-09", *_LOGS),
            _named(
                "AmazonSSMManagedInstanceCore",
                "v2",
                "2019-05-23",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ),
            _named("AdministratorAccess", "v1", "2015-02-06", "*"),
            # All actions but those of IAM, Organizations and Account Management.
            _named("PowerUserAccess", "v12", "2026-02-12", "*"),
        ]
    ),
}
"""Managed policies by name."""
