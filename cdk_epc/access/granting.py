"""Every role of a resource gets everything that the resource needs, whichever came first.

A resource waits for the policies of its roles and not just for the roles: SageMaker tries the role
out while it makes a model or an endpoint, and finds "role is invalid" where the policy is not
attached yet.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, cast

import attrs

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole
    from constructs import IConstruct


@attrs.frozen(eq=False)
class Need:
    """Something that a role must be allowed to do.

    Attributes:
        key: What tells it from other needs: of two that are equal, one is granted.
        grant: Grants it to a role, through CDK's own grants.
    """

    key: Hashable
    grant: Callable[[IRole], None]


class Access:
    """The roles of a resource, what they need, and what waits until they have it.

    A role of which only the ARN is known is nobody's to grant to, and is left alone.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._roles: dict[str, IRole] = {}
        self._needs: dict[Hashable, Need] = {}
        self._waiting: list[IConstruct] = []

    @property
    def roles(self) -> tuple[IRole, ...]:
        """The roles that are known as constructs."""
        return tuple(self._roles.values())

    def add_role(self, role: object) -> None:
        """Grant this role all that is needed, now and later."""
        if not hasattr(role, "add_to_principal_policy") or not hasattr(role, "node"):
            return
        known = cast("IRole", role)
        path = known.node.path
        if path in self._roles:
            return
        self._roles[path] = known
        for need in self._needs.values():
            need.grant(known)
        for each in self._waiting:
            each.node.add_dependency(known)

    def add_needs(self, needs: Iterable[Need]) -> None:
        """Grant these to all roles, now and later."""
        for need in needs:
            if need.key not in self._needs:
                self._needs[need.key] = need
                for role in self._roles.values():
                    need.grant(role)

    def wait(self, construct: IConstruct) -> None:
        """Make what is below a construct only after the roles and their policies."""
        self._waiting.append(construct)
        for role in self._roles.values():
            construct.node.add_dependency(role)
