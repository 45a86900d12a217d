"""Execution roles: permissions, and the services that may assume a role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.unresolved import is_list, is_mapping, is_string

SAGEMAKER: Final = "sagemaker.amazonaws.com"
"""Service principal of SageMaker."""
OWN_ACCOUNT: Final = "own-account"
"""Account of the deployment in the ARN of a resource, if its number is unknown."""
_ASSUME: Final = "sts:assumerole"
# AWS documents the first form alone; the others are not known to be refused.
_SAGEMAKER: Final = re.compile(r"\*|sagemaker\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?", re.ASCII)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleStatement(Record):
    """``Allow`` statement of a policy of a role.

    Attributes:
        actions: Actions in lower case, with IAM's wildcards ``*`` and ``?``.
        resources: ARNs with wildcards, `OWN_ACCOUNT` for ``AWS::AccountId``, and ``*`` for other
            unknown parts; ``None`` if they cannot be compared.
        managed_policy: Name of the policy of AWS that has the statement.
    """

    actions: frozenset[str]
    resources: frozenset[str] | None = None
    managed_policy: str | None = None

    def allows(self, action: str) -> bool:
        """Return whether the statement allows an action on some resource."""
        wanted = action.lower()
        if wanted in self.actions:
            return True
        # A loop, because this runs for every model of a template and any() is slower.
        for allowed in self.actions:
            if ("*" in allowed or "?" in allowed) and fnmatchcase(wanted, allowed):
                return True
        return False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Role(Record):
    """Execution role of the same template or app.

    ``Deny`` statements and conditions are not read, so that a statement may allow less than it
    seems to.

    Attributes:
        logical_id: Logical id of the role.
        trusted_services: Service principals that may assume the role; ``None`` if the trust
            policy is unknown or allows any principal.
        statements: Statements of its policies, as far as they are known.
        managed_policies: Names of AWS managed policies of the role, as far as they are known.
        is_complete: Whether all statements are known.
    """

    logical_id: str
    trusted_services: frozenset[str] | None = None
    statements: tuple[RoleStatement, ...] = ()
    managed_policies: frozenset[str] = frozenset()
    is_complete: bool = False

    def allows(self, action: str) -> bool:
        """Return whether a known statement allows an action on some resource."""
        return any(each.allows(action) for each in self.statements)

    def may_be_assumed(self) -> bool:
        """Return whether SageMaker can assume the role, as far as the trust policy is known."""
        services = self.trusted_services
        return services is None or SAGEMAKER in services or any(map(_SAGEMAKER.fullmatch, services))


class _UnknownTrustError(Exception):
    """A part of a trust policy is unknown, or allows any principal."""


def trusted_services(document: object) -> frozenset[str] | None:
    """Return the services that a trust policy allows to assume its role.

    Args:
        document: Trust policy as JSON.

    Returns:
        Service principals in lower case; ``None`` if a part of the policy is unknown, or if it
        allows any principal.
    """
    try:
        return frozenset(_services(document))
    except _UnknownTrustError:
        return None


def _services(document: object) -> Iterator[str]:
    statements = document.get("Statement") if is_mapping(document) else None
    for statement in _several(statements, is_mapping):
        if statement.get("Effect") == "Deny" or not _allows_assuming(statement):
            continue
        principal = statement.get("Principal")
        if not is_mapping(principal) or "*" in _listed(principal.get("AWS")):
            raise _UnknownTrustError
        for service in _several(principal.get("Service", []), is_string):
            yield service.lower()


def _allows_assuming(statement: Any) -> bool:  # noqa: ANN401 - JSON
    actions = _several(statement.get("Action"), is_string)
    return any(fnmatchcase(_ASSUME, action.lower()) for action in actions)


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return list(value) if is_list(value) else [value]


def _several(value: Any, is_known: Callable[[object], bool]) -> list[Any]:  # noqa: ANN401 - JSON
    """Return a value, or the items of a list, if all of them are known."""
    items = _listed(value)
    if not all(map(is_known, items)):
        raise _UnknownTrustError
    return items
