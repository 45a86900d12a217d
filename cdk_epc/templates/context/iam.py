"""Execution roles of which every policy is in sight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.spec.context import ConfigContext, KnownRole, ReferencedPolicy, RolePolicies
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping
from cdk_epc.templates.app import COMPONENT, App, Located
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.dependencies import waits_for
from cdk_epc.templates.intrinsics import parts_of
from cdk_epc.templates.references import (
    ResourceRef,
    properties_of,
    referred,
    remembered,
)
from cdk_epc.templates.scenarios import Scope

ROLE: Final = "AWS::IAM::Role"
_MANAGED: Final = "AWS::IAM::ManagedPolicy"
ATTACHED: Final = {
    "AWS::IAM::Policy": "Roles",
    _MANAGED: "Roles",
    "AWS::IAM::RolePolicy": "RoleName",
}
"""Policies, and the property that says what they are attached to."""


class _HiddenError(Exception):
    """Something that the role allows is not in sight."""


def role_context(scope: Scope, value: object) -> RolePolicies | None:
    """The role that a resource runs with.

    Args:
        scope: The template of the resource.
        value: Its ``ExecutionRoleArn``, worked out.

    Returns:
        The role with what it allows; ``None`` if it is not in sight, or not all of it.
    """
    found = referred(scope, ROLE, value)
    if found is None or not scope.run.app.is_whole or _has_loose_policies(scope):
        return None
    return remembered(scope, (_read, *found.located), lambda: _read(found))


def _read(role: ResourceRef) -> RolePolicies | None:
    try:
        allowed = frozenset(action.lower() for action in _actions(role))
    except _HiddenError:
        return None
    return RolePolicies(logical_id=role.logical_id, allowed=allowed)


def allowed_by(scope: Scope, policy: str) -> frozenset[str] | None:
    """The actions that a policy allows, in lower case; ``None`` if not all of them are known."""
    try:
        return frozenset(action.lower() for action in _of_document(_document(scope, policy)))
    except _HiddenError:
        return None


def _actions(role: ResourceRef) -> Iterator[str]:
    properties = properties_of(role.scope, role.logical_id)
    if not is_mapping(properties):
        raise _HiddenError
    for policy in _items(properties.get("Policies")):
        yield from _of_document(policy.get("PolicyDocument") if is_mapping(policy) else None)
    for arn in _items(properties.get("ManagedPolicyArns")):
        yield from _of_managed(role.scope, arn)
    for type_, name in ATTACHED.items():
        attached = role.scope.run.app.referring(type_, name).get(role.located, ())
        for source, logical_id in attached:
            yield from _of_attached(role, (source, logical_id), name)


def _of_managed(scope: Scope, arn: object) -> Iterator[str]:
    found = referred(scope, _MANAGED, arn)
    if found is None:
        raise _HiddenError
    yield from _of_document(_document(found.scope, found.logical_id))


def _of_attached(role: ResourceRef, policy: Located, name: str) -> Iterator[str]:
    """What a policy allows that mentions the role, if it is attached to it in this scenario."""
    scope = role.scope.within(policy[0])
    if not exists(scope, policy[1]):
        return
    properties = properties_of(scope, policy[1])
    if not is_mapping(properties):
        raise _HiddenError
    given = properties.get(name)
    for each in given if is_list(given) else [given]:
        if isinstance(each, Unresolved) and each.refers_to is None:
            raise _HiddenError
        found = referred(scope, ROLE, each)
        if found is not None and found.located == role.located:
            yield from _of_document(properties.get("PolicyDocument"))


def _document(scope: Scope, logical_id: str) -> Any:  # noqa: ANN401 - JSON
    properties = properties_of(scope, logical_id)
    return properties.get("PolicyDocument") if is_mapping(properties) else None


def _of_document(document: object) -> Iterator[str]:
    statements = document.get("Statement") if is_mapping(document) else None
    for statement in [statements] if is_mapping(statements) else _items(statements, needed=True):
        if not is_mapping(statement):
            raise _HiddenError
        if statement.get("Effect") == "Deny":
            continue
        actions = statement.get("Action")
        for action in [actions] if isinstance(actions, str) else _items(actions, needed=True):
            if not isinstance(action, str):
                raise _HiddenError
            yield action


def _items(value: object, *, needed: bool = False) -> Iterator[Any]:
    if value is None and not needed:
        return
    if not is_list(value):
        raise _HiddenError
    yield from value


def _has_loose_policies(scope: Scope) -> bool:
    """Whether a policy of the app is attached to who knows what, so perhaps to the role."""
    app = scope.run.app
    if _loose not in app.remembered:
        app.remembered[_loose] = any(_loose(app))
    return bool(app.remembered[_loose])


def _loose(app: App) -> Iterator[bool]:
    for type_, name in ATTACHED.items():
        for source in app.sources:
            for logical_id in source.of_type(type_):
                given = source.raw(logical_id, name)
                for each in given if is_list(given) else [given]:
                    yield each is not None and not any(app.mentioned(source, each))


_MANAGED_POLICIES: Final = ":aws:policy/"
_ALARMS: Final = frozenset({"cloudwatch:describealarms"})
_CALL: Final = "sagemaker:invokeendpoint"


def role_in_sight(scope: Scope, value: object) -> KnownRole | None:
    """The role that a resource runs with, if it is referred to.

    Args:
        scope: The template of the resource.
        value: Its ``ExecutionRoleArn``, worked out.
    """
    found = referred(scope, ROLE, value)
    if found is None:
        return None
    names = frozenset(_managed(found))
    return KnownRole(logical_id=found.logical_id, managed_policies=names)


def _managed(role: ResourceRef) -> Iterator[str]:
    """The names of AWS's policies on a role, as far as they are written out."""
    properties = properties_of(role.scope, role.logical_id)
    given = properties.get("ManagedPolicyArns") if is_mapping(properties) else None
    for value in given if is_list(given) else ():
        text = value if isinstance(value, str) else _written(role.scope, value)
        _, mark, name = text.rpartition(_MANAGED_POLICIES)
        if mark:
            yield name.rpartition("/")[2]


def _written(scope: Scope, value: object) -> str:
    """What is known of an ARN, whose partition mostly is not."""
    parts = parts_of(scope, value.expression) if isinstance(value, Unresolved) else None
    return "".join(part if isinstance(part, str) else "?" for part in parts or ())


def policies_of(
    scope: Scope, endpoint: str, config: ConfigContext | None
) -> tuple[ReferencedPolicy, ...]:
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
        ReferencedPolicy(logical_id=policy, role=role, is_dependency=policy in before)
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


def _role_values(config: ConfigContext) -> Iterator[object]:
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
