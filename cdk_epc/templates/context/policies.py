"""Policies of execution roles: AWS's own by their names, and those that are resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.spec.context import ConfigInPlace, PolicyInPlace, RoleInSight
from cdk_epc.spec.unresolved import Unknown, is_list, is_mapping
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.context.iam import ATTACHED, ROLE, allowed_by
from cdk_epc.templates.dependencies import waits_for
from cdk_epc.templates.names import COMPONENT
from cdk_epc.templates.references import Neighbour, properties_of, referred
from cdk_epc.templates.scenarios import Scope
from cdk_epc.templates.texts import parts_of

_MANAGED: Final = ":aws:policy/"
_ALARMS: Final = frozenset({"cloudwatch:describealarms"})
_CALL: Final = "sagemaker:invokeendpoint"


def role_in_sight(scope: Scope, value: object) -> RoleInSight | None:
    """The role that a resource runs with, if it is referred to.

    Args:
        scope: The template of the resource.
        value: Its ``ExecutionRoleArn``, worked out.
    """
    found = referred(scope, ROLE, value)
    if found is None:
        return None
    names = frozenset(_managed(found))
    return RoleInSight(logical_id=found.logical_id, managed_policies=names)


def _managed(role: Neighbour) -> Iterator[str]:
    """The names of AWS's policies on a role, as far as they are written out."""
    properties = properties_of(role.scope, role.logical_id)
    given = properties.get("ManagedPolicyArns") if is_mapping(properties) else None
    for value in given if is_list(given) else ():
        text = value if isinstance(value, str) else _written(role.scope, value)
        _, mark, name = text.rpartition(_MANAGED)
        if mark:
            yield name.rpartition("/")[2]


def _written(scope: Scope, value: object) -> str:
    """What is known of an ARN, whose partition mostly is not."""
    parts = parts_of(scope, value.expression) if isinstance(value, Unknown) else None
    return "".join(part if isinstance(part, str) else "?" for part in parts or ())


def policies_of(
    scope: Scope, endpoint: str, config: ConfigInPlace | None
) -> tuple[PolicyInPlace, ...]:
    """The policies in an endpoint's template of the roles that its variants run with.

    One that itself waits for the endpoint cannot be waited for, and is left out. So is one about
    the alarms of an inference component, which waits for it, and one about calling endpoints: what
    is called is made first.
    """
    if config is None or not any(map(any, map(scope.source.of_type, ATTACHED))):
        return ()
    before = waits_for(scope, endpoint)
    roles = dict.fromkeys(
        reference.logical_id
        for role in _role_values(config)
        if (reference := getattr(role, "refers_to", None)) is not None
        and reference.type == ROLE
        and reference.template is None
        and reference.logical_id in before
    )
    return tuple(
        PolicyInPlace(logical_id=policy, role=role, is_awaited=policy in before)
        for role in roles
        for policy in _attached(scope, role)
        if endpoint not in waits_for(scope, policy)
        and not _is_of_component(scope, policy)
        and not _is_of_caller(scope, policy)
    )


def _is_of_component(scope: Scope, policy: str) -> bool:
    """Whether a policy is about alarms alone, and it is a component that waits for it."""
    return allowed_by(scope, policy) == _ALARMS and any(
        policy in waits_for(scope, component) for component in scope.source.of_type(COMPONENT)
    )


def _is_of_caller(scope: Scope, policy: str) -> bool:
    """Whether a policy is about calling endpoints alone, which no endpoint needs to be made."""
    allowed = allowed_by(scope, policy)
    return bool(allowed) and all(each.startswith(_CALL) for each in allowed or ())


def _role_values(config: ConfigInPlace) -> Iterator[object]:
    """What each of the roles is given as."""
    yield config.config.execution_role_arn
    for placed in config.models.values():
        yield placed.model.execution_role_arn


def _attached(scope: Scope, role: str) -> Iterator[str]:
    """The policies of the same template that are attached to a role."""
    source = scope.source
    for type_, name in ATTACHED.items():
        attached = scope.run.app.referring(type_, name).get((source.index, role), ())
        for inside, policy in attached:
            if inside is source and exists(scope, policy):
                yield policy
