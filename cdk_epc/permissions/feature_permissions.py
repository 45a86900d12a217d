"""What execution roles are allowed for each feature: the least that it takes, on nothing but that.

No action has a wildcard. A resource is ``*`` only where AWS offers nothing narrower: for
``ecr:GetAuthorizationToken``, for ``cloudwatch:PutMetricData`` (narrowed by the namespace), for
what describes networks, and for alarms if one of them is a composite alarm.

CDK's interfaces are recognised by what they offer, as everywhere here.

Source: the SageMaker developer guide, "SageMaker roles", and the pages of the features; what S3
needs of a key: the S3 guide, "Using server-side encryption with AWS KMS keys".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import aws_cdk as cdk

from cdk_epc.permissions.role_permissions import Permission
from cdk_epc.permissions.statements import (
    all_of,
    below,
    bucket_arn,
    grant,
    grant_key,
    on_key,
    on_objects,
)
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_ecr import IRepository
    from aws_cdk.aws_iam import IRole
    from aws_cdk.aws_lambda import IFunction
    from aws_cdk.aws_sns import ITopic
    from constructs import IConstruct

    from cdk_epc.permissions.kms_keys import Key
    from cdk_epc.permissions.statements import Bucket

    Topic: TypeAlias = ITopic | str

NAMESPACES: Final = ("AWS/SageMaker", "/aws/sagemaker/*")
"""The namespaces that hosting publishes its metrics in."""

LOGGING: Final = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
)
INTERFACES: Final = (
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)
DESCRIBING: Final = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)
READ_WITH_KEY: Final = ("kms:Decrypt",)
WRITE_WITH_KEY: Final = ("kms:Decrypt", "kms:GenerateDataKey")
"""S3 makes a data key for each object, and decrypts it again between the parts of an upload."""


def logs_and_metrics(scope: IConstruct) -> Permission:
    """Write the containers' logs, and publish metrics of the hosts."""
    logs = cdk.Stack.of(scope).format_arn(
        service="logs",
        resource="log-group",
        resource_name="/aws/sagemaker/*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    ours = {"StringLike": {"cloudwatch:namespace": list(NAMESPACES)}}

    def granted(role: IRole) -> None:
        grant(role, LOGGING, [logs])
        grant(role, ["cloudwatch:PutMetricData"], ["*"], conditions=ours)

    return Permission(("logs_and_metrics", logs), granted)


def ecr_pull(repository: IRepository) -> Permission:
    """Pull images of a repository."""

    def granted(role: IRole) -> None:
        repository.grant_pull(role)  # these actions are exact

    return Permission(("pulls", repository.repository_arn), granted)


def s3_read(bucket: Bucket, prefix: str = "") -> Permission:
    """Read the objects below a prefix, the whole bucket by default; see `reads_object` for one."""
    return on_objects("reads", bucket, below(prefix), ["s3:GetObject"], READ_WITH_KEY)


def s3_read_object(bucket: Bucket, key: str) -> Permission:
    """Read one object."""
    return on_objects("reads", bucket, key, ["s3:GetObject"], READ_WITH_KEY)


def s3_list(bucket: Bucket, prefix: str = "") -> Permission:
    """List what is below a prefix, the whole bucket by default."""
    arn = bucket_arn(bucket)
    patterns = [prefix.removesuffix("/"), below(prefix)]
    conditions = {"StringLike": {"s3:prefix": patterns}} if prefix else None

    def granted(role: IRole) -> None:
        grant(role, ["s3:ListBucket"], [arn], on=bucket, conditions=conditions)

    return Permission(("lists", arn, *patterns), granted)


def s3_write(bucket: Bucket, prefix: str = "", *, bucket_key: bool = True) -> Permission:
    """Write objects below a prefix.

    Args:
        bucket: Where.
        prefix: Below which prefix; the whole bucket by default.
        bucket_key: Whether the bucket's own key encrypts them, if it has one; `encrypts` is for
            those who bring another.
    """
    actions = ("s3:AbortMultipartUpload", "s3:PutObject")
    of_key = WRITE_WITH_KEY if bucket_key else ()
    return on_objects("writes", bucket, below(prefix), actions, of_key)


def sns_publish(topic: Topic) -> Permission:
    """Tell a topic, which may be given by its ARN."""
    arn = topic if isinstance(topic, str) else topic.topic_arn

    def granted(role: IRole) -> None:
        grant(role, ["sns:Publish"], [arn], on=topic)
        if (key := getattr(topic, "master_key", None)) is not None:
            grant_key(role, WRITE_WITH_KEY, key)

    return Permission(("publishes", arn), granted)


def kms_encrypt_objects(key: Key) -> Permission:
    """Put objects into S3 that a key encrypts.

    SageMaker's documentation asks for ``kms:Encrypt``; what S3 uses are the other two.
    """
    return on_key("encrypts", key, ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"))


def kms_encrypt_volumes(key: Key) -> Permission:
    """Let the instances' storage be encrypted with a key.

    SageMaker hands the key on to the storage by a grant, which only AWS's services may ask for.
    """
    ours = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return all_of(
        on_key("describes", key, ["kms:DescribeKey"]),
        on_key("hands on", key, ["kms:CreateGrant"], ours),
    )


def vpc_access(
    scope: IConstruct, *, subnet_ids: Sequence[str], security_group_ids: Sequence[str]
) -> Permission:
    """Make network interfaces in subnets, with security groups.

    Args:
        scope: Something of the stack.
        subnet_ids: The subnets; those that another account shares are found too.
        security_group_ids: The security groups.
    """
    stack = cdk.Stack.of(scope)

    def arns(resource: str, ids: Sequence[str], account: str) -> list[str]:
        names = ["*"] if is_unresolved(ids) else list(ids)
        return [
            stack.format_arn(service="ec2", account=account, resource=resource, resource_name=name)
            for name in names
        ]

    interfaces = arns("network-interface", ["*"], stack.account)
    places = arns("subnet", subnet_ids, "*") + arns("security-group", security_group_ids, "*")

    def granted(role: IRole) -> None:
        grant(role, ["ec2:CreateNetworkInterface"], [*interfaces, *places])
        grant(role, INTERFACES, interfaces)
        grant(role, DESCRIBING, ["*"])

    return Permission(("vpc", *places), granted)


def lambda_invoke(function: IFunction) -> Permission:
    """Call a function, the one that has a private registry's credentials.

    It is allowed in the role's policy alone: to CDK an imported function may be another account's,
    and its own grant refuses those.
    """
    arns = function.resource_arns_for_grant_invoke
    actions = ["lambda:InvokeFunction"]
    return Permission(("invokes", function.function_arn), lambda role: grant(role, actions, arns))


def cloudwatch_describe_alarms(arns: Iterable[str]) -> Permission:
    """Read the state of alarms.

    CloudWatch tells of composite alarms only who may describe every alarm (API reference,
    ``DescribeAlarms``): their ARN is ``*`` here.
    """
    every = sorted(set(arns))
    allowed = ["*"] if "*" in every else every
    actions = ["cloudwatch:DescribeAlarms"]
    return Permission(("describes_alarms", *allowed), lambda role: grant(role, actions, allowed))
