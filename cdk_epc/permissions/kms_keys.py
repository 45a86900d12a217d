"""KMS keys that are given by a name: an ARN, an id, an alias or the ARN of an alias.

An IAM statement names a key by its ARN. For an alias, a statement can only allow every key of the
account and region that has the alias, by a condition (KMS developer guide,
``kms:ResourceAliases``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import attrs
import aws_cdk as cdk

from cdk_epc._records import Record
from cdk_epc.constructs.convert import has_wildcard
from cdk_epc.constructs.duck_typing import has_member

if TYPE_CHECKING:
    from aws_cdk.aws_kms import IAlias
    from aws_cdk.interfaces.aws_kms import IKeyRef

    KeyOrId: TypeAlias = IKeyRef | str

_ARN: Final = re.compile(r"(arn:[^:]+:kms:[^:]+:[^:]+:)(key|alias)/(.+)", re.ASCII)
_ID: Final = re.compile(r"(?:mrk-)?[0-9a-fA-F-]{32,36}", re.ASCII)
_ALIAS: Final = "alias/"
_AWS_MANAGED: Final = "aws/"
"""Prefix of the aliases of AWS managed keys, on which no role can be granted permissions."""


@attrs.frozen(eq=False, repr=False)
class NamedKey(Record):
    """Resource and conditions of a statement about a key.

    Attributes:
        arn: ARN of the resource.
        conditions: Conditions of the statement.
    """

    arn: str
    conditions: Mapping[str, Any]


def resolve_alias(key: KeyOrId) -> KeyOrId:
    """Return the key of an alias construct; the alias name if CDK does not know the key.

    CDK treats an alias as a key with the alias's ARN, on which permissions cannot be granted.
    """
    if isinstance(key, str) or not has_member(key, "alias_name"):
        return key
    alias = cast("IAlias", key)
    try:
        return alias.alias_target_key
    except RuntimeError:  # the alias was imported by its name
        return alias.alias_name


def named_key(name: str) -> NamedKey | None:
    """Return the statement parts for a key name.

    An id or alias belongs to the account and region of the stack with the policy.

    Returns:
        The resource and conditions; ``None`` if the name is a token, or does not name a key that
        permissions can be granted on.
    """
    if has_wildcard(name):
        return None
    stack_prefix = f"arn:{cdk.Aws.PARTITION}:kms:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:"
    if _ID.fullmatch(name):
        return NamedKey(f"{stack_prefix}key/{name}", {})
    if name.startswith(_ALIAS):
        return _aliased_key(stack_prefix, name.removeprefix(_ALIAS))
    if (found := _ARN.fullmatch(name)) is None:
        return None
    prefix, resource, rest = found.groups()
    return NamedKey(name, {}) if resource == "key" else _aliased_key(prefix, rest)


def _aliased_key(prefix: str, alias: str) -> NamedKey | None:
    if not alias or alias.startswith(_AWS_MANAGED):
        return None
    has_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"{_ALIAS}{alias}"}}
    return NamedKey(f"{prefix}key/*", has_alias)
