"""Keys that are given by a name: an ARN, an id, an alias or the ARN of an alias.

IAM knows keys by their ARNs alone. Of an alias it can say "any key that has it", which is one, of
the account and region: a condition (KMS developer guide, ``kms:ResourceAliases``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.duck_typing import has_member

if TYPE_CHECKING:
    from aws_cdk.aws_kms import IAlias, IKey
    from aws_cdk.interfaces.aws_kms import IKeyRef

    Key: TypeAlias = IKeyRef | str

_ARN: Final = re.compile(r"(arn:[^:]+:kms:[^:]+:[^:]+:)(key|alias)/([^*?]+)", re.ASCII)
_ID: Final = re.compile(r"(?:mrk-)?[0-9a-fA-F-]{32,36}", re.ASCII)
_ALIAS: Final = "alias/"
_OF_AWS: Final = "aws/"
"""How the aliases begin of the keys that AWS manages, which nobody can be granted."""


@attrs.frozen
class NamedKey:
    """What a statement says of a key.

    Attributes:
        arn: Its resource.
        conditions: Its conditions.
    """

    arn: str
    conditions: Mapping[str, Any]


def key_behind(key: Key) -> Key:
    """The key that an alias is for; the name of the alias if CDK does not know the key.

    To CDK an alias is a key, whose ARN is that of the alias, and on that nothing can be granted.
    """
    if isinstance(key, str) or not has_member(key, "alias_name"):
        return key
    alias = cast("IAlias", key)
    try:
        return alias.alias_target_key
    except RuntimeError:  # an alias that is imported by its name
        return alias.alias_name


def arn_of(key: IKeyRef) -> str:
    """The ARN of a key construct.

    Most have it as a property of their own; the reference has three, each asked of Node.
    """
    return cast("IKey", key).key_arn if has_member(key, "key_arn") else key.key_ref.key_arn


def key_named(name: str) -> NamedKey | None:
    """The key of this name; ``None`` if that is a token, or no name of a key that can be granted.

    An id and an alias are of the account and region of the stack with the policy.
    """
    here = f"arn:{cdk.Aws.PARTITION}:kms:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:"
    if _ID.fullmatch(name):
        return NamedKey(f"{here}key/{name}", {})
    if name.startswith(_ALIAS):
        return _of_alias(here, name.removeprefix(_ALIAS))
    if (found := _ARN.fullmatch(name)) is None:
        return None
    where, kind, rest = found.groups()
    return NamedKey(name, {}) if kind == "key" else _of_alias(where, rest)


def _of_alias(where: str, alias: str) -> NamedKey | None:
    if not alias or alias.startswith(_OF_AWS):
        return None
    has_it = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"{_ALIAS}{alias}"}}
    return NamedKey(f"{where}key/*", has_it)
