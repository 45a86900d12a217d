"""Least-privilege permissions of an execution role, one function for each feature.

No action has a wildcard. The resource is ``*`` only where AWS supports no narrower one: for
``ecr:GetAuthorizationToken``, for ``cloudwatch:PutMetricData`` (limited to namespaces by a
condition), for ``ec2:Describe*`` actions, and for ``cloudwatch:DescribeAlarms`` if one of the
alarms is a composite alarm.

CDK's interfaces are recognised by their members; see `cdk_epc.constructs.convert`.

Sources: SageMaker developer guide, "SageMaker roles" and the pages of the features; for the
permissions that S3 needs on a key, S3 user guide, "Using server-side encryption with AWS KMS keys".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk

from cdk_epc.constructs.scope import stack_of
from cdk_epc.permissions.role_permissions import Permission
from cdk_epc.permissions.statements import (
    all_of,
    below,
    bucket_arn,
    grant,
    grant_key,
    key_permission,
    literal,
    object_permission,
)
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_ecr import IRepository
    from aws_cdk.aws_iam import IRole, PolicyStatement
    from aws_cdk.aws_lambda import Function, IFunction
    from constructs import IConstruct

    from cdk_epc.constructs.convert import TopicOrArn
    from cdk_epc.permissions.kms_keys import KeyOrId
    from cdk_epc.permissions.statements import BucketOrName


_NAMESPACES: Final = ("AWS/SageMaker", "/aws/sagemaker/*")
"""CloudWatch namespaces of the metrics of endpoints."""

_LOG_ACTIONS: Final = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
)
_LOG_GROUPS: Final[WeakKeyDictionary[cdk.Stack, str]] = WeakKeyDictionary()
"""ARN of the log groups of SageMaker in each stack."""

_LISTS: Final[WeakKeyDictionary[IRole, dict[str, tuple[PolicyStatement, dict[str, None]]]]] = (
    WeakKeyDictionary()
)
"""Statements to list the objects below prefixes, by role and bucket, with the patterns.

A role has one statement for a bucket, because CDK does not merge statements with conditions.
"""

_NETWORK_INTERFACE_ACTIONS: Final = (
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)
_DESCRIBE_NETWORK_ACTIONS: Final = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)
_READ_KEY_ACTIONS: Final = ("kms:Decrypt",)
_WRITE_KEY_ACTIONS: Final = ("kms:Decrypt", "kms:GenerateDataKey")
"""S3 generates a data key for each object, and decrypts it between the parts of an upload."""


def logs_and_metrics(scope: IConstruct) -> Permission:
    """Return the permission to write container logs and publish instance metrics.

    Args:
        scope: Any construct of the endpoint's stack.
    """
    stack = stack_of(scope)
    if (log_groups := _LOG_GROUPS.get(stack)) is None:
        log_groups = _LOG_GROUPS[stack] = stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name="/aws/sagemaker/*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
    in_namespaces = {"StringLike": {"cloudwatch:namespace": list(_NAMESPACES)}}

    def grant_to(role: IRole) -> None:
        grant(role, _LOG_ACTIONS, [log_groups])
        grant(role, ["cloudwatch:PutMetricData"], ["*"], conditions=in_namespaces)

    return Permission(("logs_and_metrics", log_groups), grant_to)


def ecr_pull(repository: IRepository) -> Permission:
    """Return the permission to pull images of a repository."""

    def grant_to(role: IRole) -> None:
        repository.grant_pull(role)  # the actions of this grant are exact

    return Permission(("ecr_pull", repository.repository_arn), grant_to)


def s3_read(bucket: BucketOrName, prefix: str = "") -> Permission:
    """Return the permission to read the objects below a prefix, by default of the whole bucket."""
    return object_permission("s3_read", bucket, below(prefix), ["s3:GetObject"], _READ_KEY_ACTIONS)


def s3_read_object(bucket: BucketOrName, key: str) -> Permission:
    """Return the permission to read one object."""
    return object_permission("s3_read", bucket, literal(key), ["s3:GetObject"], _READ_KEY_ACTIONS)


def s3_list(bucket: BucketOrName, *prefixes: str) -> Permission:
    """Return the permission to list the objects below prefixes, by default of the whole bucket."""
    arn = bucket_arn(bucket)
    patterns = [
        pattern
        for prefix in dict.fromkeys(prefixes)
        for pattern in (literal(prefix.removesuffix("/")), below(prefix))
    ]
    if not (all(prefixes) and prefixes):
        return Permission(
            ("s3_list", arn, *patterns),
            lambda role: grant(role, ["s3:ListBucket"], [arn], on=bucket),
        )

    def grant_to(role: IRole) -> None:
        statements = _LISTS.setdefault(role, {})
        if arn in statements:
            statement, listed = statements[arn]
            listed.update(dict.fromkeys(patterns))
            statement.add_conditions({"StringLike": {"s3:prefix": [*listed]}})
            return
        conditions = {"StringLike": {"s3:prefix": patterns}}
        made = grant(role, ["s3:ListBucket"], [arn], on=bucket, conditions=conditions)
        # With a statement in the bucket's policy, CDK does not return the one of the role.
        if (only := made.principal_statements) and not made.resource_statements:
            statements[arn] = (only[0], dict.fromkeys(patterns))

    return Permission(("s3_list", arn, *patterns), grant_to)


def s3_write(bucket: BucketOrName, prefix: str = "", *, bucket_key: bool = True) -> Permission:
    """Return the permission to write objects below a prefix.

    Args:
        bucket: The bucket.
        prefix: The prefix; by default the whole bucket.
        bucket_key: Whether the objects are encrypted with the bucket's key, if it has one. For
            another key, use `kms_encrypt_objects` too.
    """
    actions = ("s3:AbortMultipartUpload", "s3:PutObject")
    key_actions = _WRITE_KEY_ACTIONS if bucket_key else ()
    return object_permission("s3_write", bucket, below(prefix), actions, key_actions)


def sns_publish(topic: TopicOrArn) -> Permission:
    """Return the permission to publish to a topic or the ARN of a topic."""
    arn = literal(topic) if isinstance(topic, str) else topic.topic_arn

    def grant_to(role: IRole) -> None:
        grant(role, ["sns:Publish"], [arn], on=topic)
        if (key := getattr(topic, "master_key", None)) is not None:
            grant_key(role, _WRITE_KEY_ACTIONS, key)

    return Permission(("sns_publish", arn), grant_to)


def kms_encrypt_objects(key: KeyOrId) -> Permission:
    """Return the permission to encrypt S3 objects with a key.

    SageMaker's documentation requires ``kms:Encrypt``. S3 uses the other two actions.
    """
    actions = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
    return key_permission("kms_encrypt_objects", key, actions)


def kms_encrypt_volumes(key: KeyOrId) -> Permission:
    """Return the permission to encrypt the storage of instances with a key.

    SageMaker passes the key to the storage with a KMS grant. The condition limits such grants to
    AWS services.
    """
    for_aws_services = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return all_of(
        key_permission("kms_describe", key, ["kms:DescribeKey"]),
        key_permission("kms_create_grant", key, ["kms:CreateGrant"], for_aws_services),
    )


def vpc_access(
    scope: IConstruct, *, subnet_ids: Sequence[str], security_group_ids: Sequence[str]
) -> Permission:
    """Return the permission to create network interfaces in subnets, with security groups.

    Args:
        scope: Any construct of the endpoint's stack.
        subnet_ids: Ids of the subnets, which can be shared by another account.
        security_group_ids: Ids of the security groups.
    """
    stack = stack_of(scope)

    def arns(resource: str, ids: Sequence[str] | None, account: str) -> list[str]:
        names = ["*"] if ids is None or is_unresolved(ids) else [literal(each) for each in ids]
        return [
            stack.format_arn(service="ec2", account=account, resource=resource, resource_name=name)
            for name in names
        ]

    interfaces = arns("network-interface", None, stack.account)
    network = arns("subnet", subnet_ids, "*") + arns("security-group", security_group_ids, "*")

    def grant_to(role: IRole) -> None:
        grant(role, ["ec2:CreateNetworkInterface"], [*interfaces, *network])
        grant(role, _NETWORK_INTERFACE_ACTIONS, interfaces)
        grant(role, _DESCRIBE_NETWORK_ACTIONS, ["*"])

    return Permission(("vpc_access", *network), grant_to)


def lambda_invoke(function: IFunction | Function) -> Permission:
    """Return the permission to invoke the function with a private registry's credentials.

    Only the role's policy allows it. For CDK, an imported function can belong to another account,
    and CDK's own grant raises an error for such a function.
    """
    arns = function.resource_arns_for_grant_invoke
    actions = ["lambda:InvokeFunction"]
    return Permission(
        ("lambda_invoke", function.function_arn), lambda role: grant(role, actions, arns)
    )


def cloudwatch_describe_alarms(arns: Iterable[str]) -> Permission:
    """Return the permission to read the state of alarms.

    CloudWatch returns composite alarms only to callers that can describe all alarms (API
    reference, ``DescribeAlarms``), so the ARN of a composite alarm is ``*`` here.
    """
    every = sorted(set(arns))
    resources = ["*"] if "*" in every else every
    actions = ["cloudwatch:DescribeAlarms"]
    return Permission(
        ("cloudwatch_describe_alarms", *resources), lambda role: grant(role, actions, resources)
    )
