"""Trust policies of roles that an app creates."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakSet

from constructs import IConstruct

from cdk_epc.constructs.duck_typing import construct_path, has_member
from cdk_epc.constructs.scope import stack_of
from cdk_epc.spec.role import Role, trusted_services
from cdk_epc.spec.unresolved import is_string

_CONSOLE: Final = ":role/AmazonSageMaker-ExecutionRole-"
_ASSUMABLE: Final[WeakSet[Any]] = WeakSet()
"""Roles that SageMaker may assume. Later calls only add statements to a trust policy."""


def console_role(arn: object, scope: IConstruct) -> Role | None:
    """Return the role of an app whose name is that of a role of SageMaker's console in an ARN.

    Args:
        arn: The ARN, as it was given.
        scope: Any construct of the app.
    """
    if not is_string(arn) or _CONSOLE not in arn:
        return None
    from aws_cdk.aws_iam import CfnRole  # noqa: PLC0415 - hardly any app has such an ARN

    name = arn.rpartition("/")[2]
    for each in scope.node.root.node.find_all():
        if isinstance(each, CfnRole) and each.role_name == name:
            return Role(logical_id=construct_path(each))
    return None


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
