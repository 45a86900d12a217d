"""IAM statements with exact actions, granted through CDK's `Grant`.

CDK's own grant methods allow more than a role needs: ``bucket.grant_read`` allows
``s3:GetObject*`` and ``s3:List*`` on the whole bucket, ``topic.grant_publish`` allows
``kms:GenerateDataKey*``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import aws_cdk as cdk

from cdk_epc.constructs.convert import has_wildcard, key_arn
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.permissions.kms_keys import named_key, resolve_alias
from cdk_epc.permissions.role_permissions import Permission
from cdk_epc.spec.unresolved import TOKEN, is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IResourceWithPolicyV2, IRole
    from aws_cdk.aws_kms import IKey
    from aws_cdk.aws_s3 import IBucket

    from cdk_epc.permissions.kms_keys import KeyOrId

    BucketOrName: TypeAlias = IBucket | str

_S3: Final = "s3://"
_ESCAPES: Final = {"*": "${*}", "?": "${?}", "${": "${$}{"}
_TOKEN_OR_SPECIAL: Final = re.compile(rf"{TOKEN.pattern}|[*?]|\$\{{")


def grant(  # noqa: PLR0913 - the parts of a statement
    role: IRole,
    actions: Sequence[str],
    arns: Sequence[str],
    *,
    on: object = None,
    conditions: Mapping[str, Any] | None = None,
    own_arns: Sequence[str] | None = None,
) -> Grant:
    """Grant actions in the role's policy and, where CDK requires it, in the resource's policy.

    Args:
        role: The role.
        actions: IAM actions.
        arns: ARNs of the resources.
        on: Construct of the resource, if it has a resource policy.
        conditions: Conditions of the statement.
        own_arns: ARNs of the resource in its own policy, if they differ.
    """
    from aws_cdk import aws_iam as iam  # noqa: PLC0415 - loaded already where there is a role

    if has_member(on, "add_to_resource_policy"):
        return iam.Grant.add_to_principal_or_resource(
            grantee=role,
            actions=list(actions),
            resource_arns=list(arns),
            resource=cast("IResourceWithPolicyV2", on),
            resource_self_arns=own_arns,
            conditions=conditions,
        )
    return iam.Grant.add_to_principal(
        grantee=role, actions=list(actions), resource_arns=list(arns), conditions=conditions
    )


def grant_key(
    role: IRole,
    actions: Sequence[str],
    key: KeyOrId,
    conditions: Mapping[str, Any] | None = None,
) -> None:
    """Grant actions on a key; nothing if the name of the key does not identify it.

    CDK's own grant on a key writes the key policy for keys and roles in different environments,
    but takes no conditions.
    """
    key = resolve_alias(key)
    if isinstance(key, str):
        if (named := named_key(key)) is not None:
            every = {**named.conditions, **(conditions or {})} or None
            grant(role, actions, [named.arn], conditions=every)
    elif conditions is None and has_member(key, "grant"):
        cast("IKey", key).grant(role, *actions)
    else:
        arns = [key_arn(key)]
        grant(role, actions, arns, on=key, conditions=conditions, own_arns=["*"])


def key_permission(
    name: str, key: KeyOrId, actions: Sequence[str], conditions: Mapping[str, Any] | None = None
) -> Permission:
    """Return the permission for actions on a key.

    Args:
        name: Name of the permission.
        key: The key.
        actions: IAM actions.
        conditions: Conditions of the statement.
    """
    key = resolve_alias(key)
    identity = key if isinstance(key, str) else key_arn(key)
    return Permission((name, identity), lambda role: grant_key(role, actions, key, conditions))


def object_permission(
    name: str,
    bucket: BucketOrName,
    pattern: str,
    actions: Sequence[str],
    key_actions: Sequence[str],
) -> Permission:
    """Return the permission for actions on objects, and on the key of their bucket if it has one.

    Args:
        name: Name of the permission.
        bucket: The bucket.
        pattern: Key pattern of the objects.
        actions: IAM actions on the objects.
        key_actions: IAM actions of S3 on the bucket's key, which S3 calls in the name of the role.
    """
    arn = f"{bucket_arn(bucket)}/{pattern}"

    def grant_to(role: IRole) -> None:
        grant(role, actions, [arn], on=bucket)
        if key_actions and (key := getattr(bucket, "encryption_key", None)) is not None:
            grant_key(role, key_actions, key)

    return Permission((name, arn, tuple(key_actions)), grant_to)


@cache
def partition() -> str:
    """Return the token of the partition, which is the same in all apps of a process."""
    return cdk.Aws.PARTITION


def bucket_arn(bucket: BucketOrName) -> str:
    """Return the ARN of a bucket or of a bucket name."""
    if isinstance(bucket, str):
        return f"arn:{partition()}:s3:::{literal(bucket)}"
    return bucket.bucket_arn


def bucket_and_key(location: object) -> tuple[BucketOrName, str] | None:
    """Return the bucket and the prefix or key of a location or URI, each of which can be a token.

    The result is ``None`` for a location whose bucket is not known.
    """
    if isinstance(location, S3Location):
        if not isinstance(location.bucket, str):
            return location.bucket, location.prefix
        location = location.uri
    if not isinstance(location, str) or not location.startswith(_S3):
        return None
    bucket, _, key = location.removeprefix(_S3).partition("/")
    return (bucket, key) if bucket and not has_wildcard(bucket) else None


def below(prefix: str) -> str:
    """Return the key pattern of all objects below a prefix.

    SageMaker appends a slash to a prefix that ends without one.
    """
    if not prefix or prefix.endswith("/") or is_unresolved(prefix):
        return f"{literal(prefix)}*"
    return f"{literal(prefix)}/*"


def literal(text: str) -> str:
    """Return the IAM pattern that matches only this text.

    ``*`` and ``?`` are wildcards in IAM, and ``${`` begins a policy variable (IAM user guide,
    "IAM policy elements: Variables and tags"). All of them are legal in the keys of S3 objects and
    the names of alarms. A token stays as it is.
    """
    return _TOKEN_OR_SPECIAL.sub(lambda found: _ESCAPES.get(found[0], found[0]), text)


def all_of(*permissions: Permission) -> Permission:
    """Return several permissions as one."""

    def grant_to(role: IRole) -> None:
        for permission in permissions:
            permission.grant(role)

    return Permission(tuple(permission.key for permission in permissions), grant_to)
