"""Trust policies of roles that an app creates."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakSet

from cdk_epc.constructs.duck_typing import construct_path, has_member
from cdk_epc.constructs.scope import stack_of
from cdk_epc.spec.role import Role, trusted_services

_ASSUMABLE: Final[WeakSet[Any]] = WeakSet()
"""Roles that SageMaker may assume. Later calls only add statements to a trust policy."""


def role_with_trust(given: Any) -> Role | None:  # noqa: ANN401 - any role
    """Return a role with its trust policy; ``None`` if SageMaker may assume it or that is unknown.

    Reading a trust policy takes two calls into Node, so it is read again only after a violation.

    Args:
        given: Role construct, or the ARN of a role. Only a role that the app creates has a policy.
    """
    if isinstance(given, str) or not has_member(given, "assume_role_policy"):
        return None
    if given in _ASSUMABLE:
        return None
    document = stack_of(given).resolve(given.assume_role_policy)
    role = Role(logical_id=construct_path(given), trusted_services=trusted_services(document))
    if not role.may_be_assumed():
        return role
    _ASSUMABLE.add(given)
    return None
