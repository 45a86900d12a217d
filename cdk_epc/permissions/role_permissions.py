"""Permissions of a resource, granted to all of its roles in whichever order both are added.

A resource depends on the policies of its roles, not only on the roles: SageMaker tries to assume
the role when it creates a model or an endpoint, and fails with "role is invalid" while the policy
is not attached. The role must also exist until the endpoint is deleted; CloudFormation deletes a
resource before its dependencies.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeGuard, TypeVar, cast
from weakref import WeakKeyDictionary

import attrs
import aws_cdk as cdk

from cdk_epc._records import Record
from cdk_epc.constructs.duck_typing import construct_path, has_member
from cdk_epc.constructs.scope import stack_of

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk.aws_iam import IRole
    from constructs import Construct, IConstruct

_Result = TypeVar("_Result")


@attrs.frozen(eq=False)
class Permission:
    """Permission that a role needs.

    Attributes:
        key: Identity of the permission. Of permissions with equal keys, one is granted.
        grant: Function that grants the permission to a role.
    """

    key: Hashable
    grant: Callable[[IRole], object]


class RolePermissions:
    """Roles of a resource, the permissions that they need, and the constructs that wait for both.

    A role that is known by its ARN only is left alone, because CDK cannot change its policies. For
    a role of another stack, the policy belongs to the scope's stack. The role's own policy would
    make the role's stack depend on the scope's stack, which depends on the role.
    """

    def __init__(self, scope: Construct | None = None, *, separate: bool = False) -> None:
        """Create an empty collection.

        Args:
            scope: The resource; without it, permissions are granted in the policies of the roles.
            separate: Whether to grant in policies of the scope, one for each role, so that only
                the constructs that wait for this collection depend on the resources that the
                permissions refer to.
        """
        self._scope = scope
        self._separate = separate
        self._grantees: dict[str, _Grantee] = {}
        self._permissions: dict[Hashable, Permission] = {}
        self._granted: set[tuple[str, Hashable]] = set()
        self._waiting: list[IConstruct] = []

    @property
    def roles(self) -> tuple[IRole, ...]:
        """Roles that are known as constructs."""
        return tuple(each.role for each in self._grantees.values())

    def grant_separately(
        self,
        grantee: Any,  # noqa: ANN401 - any grantee
        scope: Construct,
        grant: Callable[[Any], _Result],
    ) -> _Result:
        """Grant permissions on a construct that waits for these roles, and return the result.

        If the grantee is one of these roles, the permissions are in a policy of the scope. The
        construct depends on the role's own policy, which therefore cannot refer to the construct.

        Args:
            grantee: The grantee that the caller gave.
            scope: The construct on which permissions are granted.
            grant: Function that grants the permissions to a grantee.
        """
        grantee = self._separate_grantee(grantee, scope)
        result = grant(grantee)
        _name_policy(grantee)
        return result

    def _separate_grantee(self, grantee: Any, scope: Construct) -> Any:  # noqa: ANN401 - any grantee
        principal = getattr(grantee, "grant_principal", None)
        if not _is_role(principal) or not has_member(principal, "node"):
            return grantee  # a service, or an account
        if construct_path(principal) not in self._grantees or not _is_mutable(principal):
            return grantee
        existing: Any = scope.node.try_find_child(f"Access{principal.node.addr[-8:]}")
        return existing or _stand_in(scope, principal)

    def add_role(self, role: object, permissions: Iterable[Permission] = ()) -> None:
        """Grant a role all permissions of the resource, later ones included.

        Args:
            role: The role. Any object that is not a role construct is ignored.
            permissions: Permissions that only this role needs.
        """
        if not _is_role(role):
            return
        path = construct_path(role)
        if path not in self._grantees:
            grantee = self._grantees[path] = self._grantee_of(role)
            for construct in self._waiting:
                grantee.add_dependency(construct)
        for permission in (*self._permissions.values(), *permissions):
            self._grant(path, permission)

    def add_permissions(self, permissions: Iterable[Permission]) -> None:
        """Grant permissions to all roles, later ones included."""
        for permission in permissions:
            self._permissions.setdefault(permission.key, permission)
            for path in self._grantees:
                self._grant(path, permission)

    def wait(self, construct: IConstruct) -> None:
        """Make a construct depend on the roles and their policies, later ones included."""
        self._waiting.append(construct)
        for grantee in self._grantees.values():
            grantee.add_dependency(construct)

    def _grant(self, path: str, permission: Permission) -> None:
        if (path, permission.key) not in self._granted:
            self._granted.add((path, permission.key))
            grantee = self._grantees[path].grantee
            permission.grant(grantee)
            _name_policy(grantee)

    def _grantee_of(self, role: IRole) -> _Grantee:
        """Return the role, or a stand-in with a policy in the scope's stack."""
        scope = self._scope
        if scope is None:
            return _Grantee(role, role, [role])
        is_same_stack = stack_of(scope) is stack_of(role)
        has_own_policy = is_same_stack and not self._separate
        grantee = role if has_own_policy or not _is_mutable(role) else _stand_in(scope, role)
        # CDK has no dependencies between stages, which are deployed one by one.
        is_same_stage = is_same_stack or cdk.Stage.of(scope) is cdk.Stage.of(role)
        awaited = {id(each): each for each in (role, grantee) if is_same_stage or each is not role}
        return _Grantee(role, grantee, list(awaited.values()))


@attrs.frozen(eq=False, repr=False)
class _Grantee(Record):
    """Role, the grantee for its permissions, and the constructs that a resource waits for."""

    role: IRole
    grantee: IRole
    awaited: list[IRole]

    def add_dependency(self, construct: IConstruct) -> None:
        if self.awaited:
            construct.node.add_dependency(*self.awaited)


def _is_role(given: object) -> TypeGuard[IRole]:
    return has_member(given, "add_to_principal_policy")


def _is_mutable(role: IRole) -> bool:
    """Return whether CDK can change the policies of a role."""
    return not role.node.id.startswith("ImmutableRole")  # CDK's id of an immutable role


_POLICY: Final = "Policy"
_POLICY_NAMES: Final[WeakKeyDictionary[Any, str]] = WeakKeyDictionary()
"""Names of the policies of stand-ins, until CDK creates the policy with its first statement."""


def _stand_in(scope: Construct, role: IRole) -> IRole:
    """Return a construct of the same role whose policy belongs to the scope."""
    from aws_cdk import aws_iam as iam  # noqa: PLC0415 - slow to load, and rarely needed

    stand_in: Any = iam.Role.from_role_name(
        scope, f"Access{role.node.addr[-8:]}", role.role_name, default_policy_name=_POLICY
    )
    # Roles are global. Policies with the same name would overwrite each other if stacks in several
    # regions have the same names.
    name = cdk.Names.unique_resource_name(scope, max_length=90)
    _POLICY_NAMES[stand_in] = f"{name}-{stack_of(scope).region}"
    return cast("IRole", stand_in)


def _name_policy(grantee: Any) -> None:  # noqa: ANN401 - any grantee
    """Set the name of a stand-in's policy as soon as the policy exists.

    CDK takes the id of the policy as its name, and with it the name would be in the logical id.
    """
    if not _is_role(grantee) or (name := _POLICY_NAMES.get(grantee)) is None:
        return
    if (policy := grantee.node.try_find_child(_POLICY)) is not None:
        cast("iam.CfnPolicy", policy.node.default_child).policy_name = name
        del _POLICY_NAMES[grantee]
