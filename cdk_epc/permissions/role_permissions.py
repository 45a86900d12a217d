"""Every role of a resource gets everything that the resource needs, whichever came first.

A resource waits for the policies of its roles and not just for the roles: SageMaker tries the role
out while it makes a model or an endpoint, and finds "role is invalid" where the policy is not
attached yet. It needs the role until the endpoint is gone, too, and what waits is deleted first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, TypeGuard, cast

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.duck_typing import construct_path, has_member
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole
    from constructs import Construct, IConstruct


@attrs.frozen(eq=False)
class Permission:
    """Something that a role must be allowed to do.

    Attributes:
        key: What tells it from other needs: of two that are equal, one is granted.
        grant: Grants it to a role, through CDK's own grants.
    """

    key: Hashable
    grant: Callable[[IRole], None]


class RolePermissions:
    """The roles of a resource, what they need, and what waits until they have it.

    A role of which only the ARN is known is nobody's to grant to, and is left alone. A role of
    another stack is granted to in a policy of the scope's stack: its own policy would make its
    stack wait for this one, which waits for the role.
    """

    def __init__(self, scope: Construct | None = None, *, separate: bool = False) -> None:
        """Know nothing yet.

        Args:
            scope: The resource. Without it, each role is granted to in its own policy.
            separate: Whether to grant in policies of the scope's own, each of one role, so that what
                they refer to is waited for only by what waits for this access.
        """
        self._scope = scope
        self._separate = separate
        self._known: dict[str, _Known] = {}
        self._needs: dict[Hashable, Permission] = {}
        self._granted: set[tuple[str, Hashable]] = set()
        self._waiting: list[IConstruct] = []

    @property
    def roles(self) -> tuple[IRole, ...]:
        """The roles that are known as constructs."""
        return tuple(each.role for each in self._known.values())

    def separate_grantee(self, grantee: Any, scope: Construct) -> Any:  # noqa: ANN401 - any grantee, or none
        """Whom to grant to what refers to something that waits for this access.

        Of one of its roles that is a stand-in, whose policy is the scope's own: what waits for the
        role waits for the role's policy, which must not refer to it then.

        Args:
            grantee: Who is granted something.
            scope: What it is granted on.
        """
        principal = getattr(grantee, "grant_principal", None)
        if not _is_role(principal) or not has_member(principal, "node"):
            return grantee  # a service, or an account
        if construct_path(principal) not in self._known or not _can_change(principal):
            return grantee
        known: Any = scope.node.try_find_child(f"Access{principal.node.addr[-8:]}")
        return known or _stand_in(scope, principal)

    def add_role(self, role: object, needs: Iterable[Permission] = ()) -> None:
        """Grant this role all that is needed, now and later.

        Args:
            role: The role. Anything that is no construct is left alone.
            needs: What this role needs on top, which the others do not.
        """
        if not _is_role(role):
            return
        path = construct_path(role)
        if path not in self._known:
            known = self._known[path] = self._look_at(role)
            for construct in self._waiting:
                known.make_wait(construct)
        for need in (*self._needs.values(), *needs):
            self._grant(path, need)

    def add_permissions(self, needs: Iterable[Permission]) -> None:
        """Grant these to all roles, now and later."""
        for need in needs:
            self._needs.setdefault(need.key, need)
            for path in self._known:
                self._grant(path, need)

    def wait(self, construct: IConstruct) -> None:
        """Make what is below a construct only after the roles and their policies."""
        self._waiting.append(construct)
        for known in self._known.values():
            known.make_wait(construct)

    def _grant(self, path: str, need: Permission) -> None:
        if (path, need.key) not in self._granted:
            self._granted.add((path, need.key))
            need.grant(self._known[path].grantee)

    def _look_at(self, role: IRole) -> _Known:
        """Find out whose policies are granted to: the role's, or those of a stand-in here."""
        scope = self._scope
        if scope is None:
            return _Known(role, role, [role])
        is_here = cdk.Stack.of(scope) is cdk.Stack.of(role)
        is_own = is_here and not self._separate
        grantee = role if is_own or not _can_change(role) else _stand_in(scope, role)
        # CDK has no dependencies between stages, which are deployed one by one.
        is_near = is_here or cdk.Stage.of(scope) is cdk.Stage.of(role)
        waited = {id(each): each for each in (role, grantee) if is_near or each is not role}
        return _Known(role, grantee, list(waited.values()))


@attrs.frozen
class _Known:
    """A role, whose policies are granted to for it, and what is waited for."""

    role: IRole
    grantee: IRole
    waited: list[IRole]

    def make_wait(self, construct: IConstruct) -> None:
        if self.waited:
            construct.node.add_dependency(*self.waited)


def _is_role(given: object) -> TypeGuard[IRole]:
    return has_member(given, "add_to_principal_policy")


def _can_change(role: IRole) -> bool:
    """Whether CDK changes the policies of a role; it calls those that it does not so."""
    return not role.node.id.startswith("ImmutableRole")


def _stand_in(scope: Construct, role: IRole) -> IRole:
    from aws_cdk import aws_iam as iam  # noqa: PLC0415 - costly, and seldom needed

    # Two policies of one name would overwrite each other where stacks of several regions have the
    # same names, for roles are those of all regions.
    region = cdk.Stack.of(scope).region
    parts = [cdk.Names.unique_resource_name(scope, max_length=90), role.node.addr[-8:]]
    name = "-".join(parts if is_unresolved(region) else [*parts, region])
    known: Any = iam.Role.from_role_name(
        scope, f"Access{parts[1]}", role.role_name, default_policy_name=name
    )
    return cast("IRole", known)
