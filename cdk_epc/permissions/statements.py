"""Grants of exact actions, made as CDK makes its own.

CDK's ready-made grants are broader than a role needs: ``bucket.grant_read`` allows
``s3:GetObject*`` and ``s3:List*`` of the whole bucket, ``topic.grant_publish`` allows
``kms:GenerateDataKey*``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import aws_cdk as cdk

from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.permissions.kms_keys import arn_of, key_behind, key_named
from cdk_epc.permissions.role_permissions import Permission
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IResourceWithPolicyV2, IRole
    from aws_cdk.aws_kms import IKey
    from aws_cdk.aws_s3 import IBucket

    from cdk_epc.permissions.kms_keys import Key

    Bucket: TypeAlias = IBucket | str

_S3: Final = "s3://"


def grant(  # noqa: PLR0913 - what a statement is made of
    role: IRole,
    actions: Sequence[str],
    arns: Sequence[str],
    *,
    on: object = None,
    conditions: Mapping[str, Any] | None = None,
    own_arns: Sequence[str] | None = None,
) -> None:
    """Grant as CDK does: in the role's policy, and in the resource's where it takes both.

    Args:
        role: To whom.
        actions: What.
        arns: On what.
        on: The construct that it is, if it has a policy of its own.
        conditions: When.
        own_arns: How the resource's policy calls the resource, if not by its ARN.
    """
    from aws_cdk import aws_iam as iam  # noqa: PLC0415 - loaded already where there is a role

    if has_member(on, "add_to_resource_policy"):
        iam.Grant.add_to_principal_or_resource(
            grantee=role,
            actions=list(actions),
            resource_arns=list(arns),
            resource=cast("IResourceWithPolicyV2", on),
            resource_self_arns=own_arns,
            conditions=conditions,
        )
    else:
        iam.Grant.add_to_principal(
            grantee=role, actions=list(actions), resource_arns=list(arns), conditions=conditions
        )


def grant_key(
    role: IRole,
    actions: Sequence[str],
    key: Key,
    conditions: Mapping[str, Any] | None = None,
) -> None:
    """Grant on a key, or on nothing if its name does not say which it is.

    CDK's own grant knows what its policy has to say where key and role are far from each other; it
    takes no conditions.
    """
    key = key_behind(key)
    if isinstance(key, str):
        if (named := key_named(key)) is not None:
            every = {**named.conditions, **(conditions or {})} or None
            grant(role, actions, [named.arn], conditions=every)
    elif conditions is None and has_member(key, "grant"):
        cast("IKey", key).grant(role, *actions)
    else:
        arns = [arn_of(key)]
        grant(role, actions, arns, on=key, conditions=conditions, own_arns=["*"])


def on_key(
    verb: str, key: Key, actions: Sequence[str], conditions: Mapping[str, Any] | None = None
) -> Permission:
    """The need to do this with a key."""
    key = key_behind(key)
    name = key if isinstance(key, str) else arn_of(key)
    return Permission((verb, name), lambda role: grant_key(role, actions, key, conditions))


def on_objects(
    verb: str, bucket: Bucket, pattern: str, actions: Sequence[str], of_key: Sequence[str]
) -> Permission:
    """The need to do this with objects, and with the key of their bucket if it has one.

    Args:
        verb: What it is called.
        bucket: The bucket.
        pattern: The objects.
        actions: What is done with them.
        of_key: What S3 then does with the bucket's key, in the name of the role.
    """
    arn = f"{bucket_arn(bucket)}/{pattern}"

    def granted(role: IRole) -> None:
        grant(role, actions, [arn], on=bucket)
        if of_key and (key := getattr(bucket, "encryption_key", None)) is not None:
            grant_key(role, of_key, key)

    return Permission((verb, arn, tuple(of_key)), granted)


def bucket_arn(bucket: Bucket) -> str:
    """The ARN of a bucket, which may be given by its name."""
    if isinstance(bucket, str):
        return f"arn:{cdk.Aws.PARTITION}:s3:::{bucket}"
    return bucket.bucket_arn


def bucket_and_key(uri: object) -> tuple[str, str] | None:
    """The bucket and the key of an S3 URI, each of which may be a token."""
    if not isinstance(uri, str) or not uri.startswith(_S3):
        return None
    bucket, _, key = uri.removeprefix(_S3).partition("/")
    return (bucket, key) if bucket else None


def below(prefix: str) -> str:
    """The pattern of what is below a prefix: SageMaker puts a slash after it if it has none."""
    if not prefix or prefix.endswith("/") or is_unresolved(prefix):
        return f"{prefix}*"
    return f"{prefix}/*"


def all_of(*needs: Permission) -> Permission:
    """These as one."""

    def granted(role: IRole) -> None:
        for need in needs:
            need.grant(role)

    return Permission(tuple(need.key for need in needs), granted)
