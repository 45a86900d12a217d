"""What execution roles are allowed for each feature: the least that it takes, on nothing but that.

No action has a wildcard. A resource is ``*`` only where AWS offers nothing narrower: for
``ecr:GetAuthorizationToken``, ``cloudwatch:PutMetricData`` (narrowed by the namespace) and the
describing actions of EC2.

CDK's interfaces are recognised by what they offer, as everywhere here; a bucket may also be given
by its name, and a topic or a key by its ARN, and then nothing but the role's policy can grant.

Source: the SageMaker developer guide, "SageMaker roles", and the pages of the features; what S3
needs of a key: the S3 guide, "Using server-side encryption with AWS KMS keys".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_epc.access.granting import Need
from cdk_epc.spec.unknown import is_unknown

if TYPE_CHECKING:
    from aws_cdk.aws_ecr import IRepository
    from aws_cdk.aws_lambda import IFunction
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.aws_sns import ITopic
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from constructs import IConstruct

    Bucket: TypeAlias = IBucket | str
    Key: TypeAlias = IKeyRef | str
    Topic: TypeAlias = ITopic | str

NAMESPACES: Final = ("AWS/SageMaker", "/aws/sagemaker/*")
"""The namespaces that hosting publishes its metrics in."""


def logs_and_metrics(scope: IConstruct) -> Need:
    """Write the containers' logs, and publish metrics of the hosts."""
    logs = cdk.Stack.of(scope).format_arn(
        service="logs",
        resource="log-group",
        resource_name="/aws/sagemaker/*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )

    def grant(role: iam.IRole) -> None:
        iam.Grant.add_to_principal(
            grantee=role,
            actions=[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ],
            resource_arns=[logs],
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["cloudwatch:PutMetricData"],
            resource_arns=["*"],
            conditions={"StringLike": {"cloudwatch:namespace": list(NAMESPACES)}},
        )

    return Need(("logs_and_metrics", logs), grant)


def pulls(repository: IRepository) -> Need:
    """Pull images of a repository."""
    return Need(
        ("pulls", repository.repository_arn), lambda role: _ignore(repository.grant_pull(role))
    )


def reads(bucket: Bucket, prefix: str = "") -> Need:
    """Read the objects below a prefix, the whole bucket by default; see `reads_object` for one."""
    return _objects("reads", bucket, below(prefix), ["s3:GetObject"], ["kms:Decrypt"])


def reads_object(bucket: Bucket, key: str) -> Need:
    """Read one object."""
    return _objects("reads", bucket, key, ["s3:GetObject"], ["kms:Decrypt"])


def lists(bucket: Bucket, prefix: str = "") -> Need:
    """List what is below a prefix, the whole bucket by default."""
    arn = _bucket_arn(bucket)
    patterns = None if not prefix else [prefix.removesuffix("/"), below(prefix)]
    conditions = {"StringLike": {"s3:prefix": patterns}} if patterns else None

    def grant(role: iam.IRole) -> None:
        _grant(role, ["s3:ListBucket"], [arn], bucket, conditions)

    return Need(("lists", arn, prefix), grant)


def writes(bucket: Bucket, prefix: str = "", *, key: Key | None = None) -> Need:
    """Write objects below a prefix.

    Args:
        bucket: Where.
        prefix: Below which prefix; the whole bucket by default.
        key: The key that the writer encrypts with; the bucket's own by default.
    """
    actions = ["s3:PutObject", "s3:AbortMultipartUpload"]
    # S3 makes a data key for each object, and decrypts it again between the parts of an upload.
    of_key = ["kms:GenerateDataKey", "kms:Decrypt"] if key is None else []
    need = _objects("writes", bucket, below(prefix), actions, of_key)
    return need if key is None else all_of(need, encrypts(key))


def publishes(topic: Topic) -> Need:
    """Tell a topic."""
    arn = topic if isinstance(topic, str) else topic.topic_arn

    def grant(role: iam.IRole) -> None:
        _grant(role, ["sns:Publish"], [arn], topic)
        if (key := getattr(topic, "master_key", None)) is not None:
            _on_key(role, key, ["kms:GenerateDataKey", "kms:Decrypt"])

    return Need(("publishes", arn), grant)


def decrypts(key: Key) -> Need:
    """Decrypt with a key."""
    return _key_need("decrypts", key, ["kms:Decrypt"])


def encrypts(key: Key) -> Need:
    """Put objects into S3 that a key encrypts.

    SageMaker's documentation asks for ``kms:Encrypt``; what S3 uses are the other two.
    """
    return _key_need("encrypts", key, ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"])


def volume_key(key: Key) -> Need:
    """Let the instances' storage be encrypted with a key.

    SageMaker hands the key on to the storage by a grant, which only AWS's services may ask for.
    """
    grants = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    describe = _key_need("describes", key, ["kms:DescribeKey"])
    return all_of(describe, _key_need("hands on", key, ["kms:CreateGrant"], grants))


def vpc(scope: IConstruct, *, subnet_ids: Sequence[str], security_group_ids: Sequence[str]) -> Need:
    """Make network interfaces in subnets, with security groups.

    Args:
        scope: Something of the stack.
        subnet_ids: The subnets; a subnet that another account shares is found too.
        security_group_ids: The security groups.
    """
    stack = cdk.Stack.of(scope)

    def arns(resource: str, ids: Sequence[str], account: str) -> list[str]:
        names = ["*"] if is_unknown(ids) else list(ids)
        return [
            stack.format_arn(service="ec2", account=account, resource=resource, resource_name=name)
            for name in names
        ]

    interfaces = arns("network-interface", ["*"], stack.account)
    places = arns("subnet", subnet_ids, "*") + arns("security-group", security_group_ids, "*")

    def grant(role: iam.IRole) -> None:
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ec2:CreateNetworkInterface"],
            resource_arns=[*interfaces, *places],
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
            resource_arns=interfaces,
        )
        iam.Grant.add_to_principal(
            grantee=role,
            actions=[
                "ec2:DeleteNetworkInterfacePermission",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcEndpoints",
                "ec2:DescribeVpcs",
            ],
            resource_arns=["*"],
        )

    return Need(("vpc", *places), grant)


def invokes(function: IFunction) -> Need:
    """Call a function, the one that has a private registry's credentials."""
    return Need(
        ("invokes", function.function_arn), lambda role: _ignore(function.grant_invoke(role))
    )


def describes_alarms(alarms: Iterable[Any]) -> Need:
    """Read the state of alarms (``IAlarmRef`` or ``IAlarm``)."""
    arns = [each.alarm_arn for each in alarms]

    def grant(role: iam.IRole) -> None:
        iam.Grant.add_to_principal(
            grantee=role, actions=["cloudwatch:DescribeAlarms"], resource_arns=arns
        )

    return Need(("describes_alarms", *arns), grant)


def all_of(*needs: Need) -> Need:
    """These as one."""

    def grant(role: iam.IRole) -> None:
        for need in needs:
            need.grant(role)

    return Need(tuple(need.key for need in needs), grant)


def below(prefix: str) -> str:
    """The pattern of what is below a prefix: SageMaker puts a slash after it if it has none."""
    if not prefix or prefix.endswith("/") or is_unknown(prefix):
        return f"{prefix}*"
    return f"{prefix}/*"


def _objects(
    verb: str, bucket: Bucket, pattern: str, actions: Sequence[str], of_key: Sequence[str]
) -> Need:
    arn = f"{_bucket_arn(bucket)}/{pattern}"

    def grant(role: iam.IRole) -> None:
        _grant(role, actions, [arn], bucket)
        if of_key and (key := getattr(bucket, "encryption_key", None)) is not None:
            _on_key(role, key, of_key)

    return Need((verb, arn, tuple(of_key)), grant)


def _bucket_arn(bucket: Bucket) -> str:
    return (
        f"arn:{cdk.Aws.PARTITION}:s3:::{bucket}" if isinstance(bucket, str) else bucket.bucket_arn
    )


def _key_need(
    verb: str, key: Key, actions: Sequence[str], conditions: Mapping[str, Any] | None = None
) -> Need:
    arn = _key_arn(key)
    return Need((verb, arn), lambda role: _on_key(role, key, actions, conditions))


def _key_arn(key: Key) -> str:
    return key if isinstance(key, str) else key.key_ref.key_arn


def _on_key(
    role: iam.IRole, key: Key, actions: Sequence[str], conditions: Mapping[str, Any] | None = None
) -> None:
    _grant(role, actions, [_key_arn(key)], key, conditions, own_arns=["*"])


def _grant(  # noqa: PLR0913, PLR0917 - what a statement is made of
    role: iam.IRole,
    actions: Sequence[str],
    arns: Sequence[str],
    resource: Any,  # noqa: ANN401 - any interface of CDK, or a string
    conditions: Mapping[str, Any] | None = None,
    own_arns: Sequence[str] | None = None,
) -> None:
    """Grant as CDK does: in the role's policy, and in the resource's where that takes both."""
    if hasattr(resource, "add_to_resource_policy"):
        iam.Grant.add_to_principal_or_resource(
            grantee=role,
            actions=actions,
            resource_arns=arns,
            resource=resource,
            resource_self_arns=own_arns,
            conditions=conditions,
        )
    else:
        iam.Grant.add_to_principal(
            grantee=role, actions=actions, resource_arns=arns, conditions=conditions
        )


def _ignore(_grant: iam.Grant) -> None:
    """Roles and their policies are waited for, so the grant itself is not kept."""
