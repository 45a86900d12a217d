"""Execution roles of which every policy is in sight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.spec.context import ConfigContext, KnownRole, ReferencedPolicy, RolePolicies
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping
from cdk_epc.templates.app import COMPONENT, App, Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.dependencies import dependencies_of
from cdk_epc.templates.intrinsics import parts_of
from cdk_epc.templates.references import (
    ResourceRef,
    properties_of,
    referenced_resource,
    cached,
)
from cdk_epc.templates.scenarios import Evaluation

ROLE: Final = "AWS::IAM::Role"
_MANAGED: Final = "AWS::IAM::ManagedPolicy"
ROLE_PROPERTIES: Final = {
    "AWS::IAM::Policy": "Roles",
    _MANAGED: "Roles",
    "AWS::IAM::RolePolicy": "RoleName",
}
"""Policies, and the property that says what they are attached to."""


class _UnknownPolicyError(Exception):
    """Something that the role allows is not in sight."""


def role_policies(evaluation: Evaluation, value: object) -> RolePolicies | None:
    """The role that a resource runs with.

    Args:
        scope: The template of the resource.
        value: Its ``ExecutionRoleArn``, worked out.

    Returns:
        The role with what it allows; ``None`` if it is not in sight, or not all of it.
    """
    found = referenced_resource(evaluation, ROLE, value)
    if found is None or not evaluation.scenario.app.is_complete or _has_loose_policies(evaluation):
        return None
    return cached(evaluation, (_read, *found.key), lambda: _read(found))


def _read(role: ResourceRef) -> RolePolicies | None:
    try:
        allowed = frozenset(action.lower() for action in _actions(role))
    except _UnknownPolicyError:
        return None
    return RolePolicies(logical_id=role.logical_id, allowed=allowed)


def allowed_by(evaluation: Evaluation, policy: str) -> frozenset[str] | None:
    """The actions that a policy allows, in lower case; ``None`` if not all of them are known."""
    try:
        return frozenset(action.lower() for action in _of_document(_document(evaluation, policy)))
    except _UnknownPolicyError:
        return None


def _actions(role: ResourceRef) -> Iterator[str]:
    properties = properties_of(role.evaluation, role.logical_id)
    if not is_mapping(properties):
        raise _UnknownPolicyError
    for policy in _items(properties.get("Policies")):
        yield from _of_document(policy.get("PolicyDocument") if is_mapping(policy) else None)
    for arn in _items(properties.get("ManagedPolicyArns")):
        yield from _of_managed(role.evaluation, arn)
    for type_, name in ROLE_PROPERTIES.items():
        attached = role.evaluation.scenario.app.referring_resources(type_, name).get(role.key, ())
        for template, logical_id in attached:
            yield from _of_attached(role, (template, logical_id), name)


def _of_managed(evaluation: Evaluation, arn: object) -> Iterator[str]:
    found = referenced_resource(evaluation, _MANAGED, arn)
    if found is None:
        raise _UnknownPolicyError
    yield from _of_document(_document(found.evaluation, found.logical_id))


def _of_attached(role: ResourceRef, policy: Resource, name: str) -> Iterator[str]:
    """What a policy allows that mentions the role, if it is attached to it in this scenario."""
    evaluation = role.evaluation.within(policy[0])
    if not is_deployed(evaluation, policy[1]):
        return
    properties = properties_of(evaluation, policy[1])
    if not is_mapping(properties):
        raise _UnknownPolicyError
    given = properties.get(name)
    for each in given if is_list(given) else [given]:
        if isinstance(each, Unresolved) and each.refers_to is None:
            raise _UnknownPolicyError
        found = referenced_resource(evaluation, ROLE, each)
        if found is not None and found.key == role.key:
            yield from _of_document(properties.get("PolicyDocument"))


def _document(evaluation: Evaluation, logical_id: str) -> Any:  # noqa: ANN401 - JSON
    properties = properties_of(evaluation, logical_id)
    return properties.get("PolicyDocument") if is_mapping(properties) else None


def _of_document(document: object) -> Iterator[str]:
    statements = document.get("Statement") if is_mapping(document) else None
    for statement in [statements] if is_mapping(statements) else _items(statements, needed=True):
        if not is_mapping(statement):
            raise _UnknownPolicyError
        if statement.get("Effect") == "Deny":
            continue
        actions = statement.get("Action")
        for action in [actions] if isinstance(actions, str) else _items(actions, needed=True):
            if not isinstance(action, str):
                raise _UnknownPolicyError
            yield action


def _items(value: object, *, needed: bool = False) -> Iterator[Any]:
    if value is None and not needed:
        return
    if not is_list(value):
        raise _UnknownPolicyError
    yield from value


def _has_loose_policies(evaluation: Evaluation) -> bool:
    """Whether a policy of the app is attached to who knows what, so perhaps to the role."""
    app = evaluation.scenario.app
    if _loose not in app.cache:
        app.cache[_loose] = any(_loose(app))
    return bool(app.cache[_loose])


def _loose(app: App) -> Iterator[bool]:
    for type_, name in ROLE_PROPERTIES.items():
        for template in app.templates:
            for logical_id in template.of_type(type_):
                given = template.raw(logical_id, name)
                for each in given if is_list(given) else [given]:
                    yield each is not None and not any(app.resources_in(template, each))


_MANAGED_POLICIES: Final = ":aws:policy/"
_ALARMS: Final = frozenset({"cloudwatch:describealarms"})
_CALL: Final = "sagemaker:invokeendpoint"


def known_role(evaluation: Evaluation, value: object) -> KnownRole | None:
    """The role that a resource runs with, if it is referred to.

    Args:
        scope: The template of the resource.
        value: Its ``ExecutionRoleArn``, worked out.
    """
    found = referenced_resource(evaluation, ROLE, value)
    if found is None:
        return None
    names = frozenset(_managed(found))
    return KnownRole(logical_id=found.logical_id, managed_policies=names)


def _managed(role: ResourceRef) -> Iterator[str]:
    """The names of AWS's policies on a role, as far as they are written out."""
    properties = properties_of(role.evaluation, role.logical_id)
    given = properties.get("ManagedPolicyArns") if is_mapping(properties) else None
    for value in given if is_list(given) else ():
        text = value if isinstance(value, str) else _written(role.evaluation, value)
        _, mark, name = text.rpartition(_MANAGED_POLICIES)
        if mark:
            yield name.rpartition("/")[2]


def _written(evaluation: Evaluation, value: object) -> str:
    """What is known of an ARN, whose partition mostly is not."""
    parts = parts_of(evaluation, value.expression) if isinstance(value, Unresolved) else None
    return "".join(part if isinstance(part, str) else "?" for part in parts or ())


def endpoint_role_policies(
    evaluation: Evaluation, endpoint: str, config: ConfigContext | None
) -> tuple[ReferencedPolicy, ...]:
    """The policies in an endpoint's template of the roles that its variants run with.

    One that itself waits for the endpoint cannot be waited for, and is left out. So is one about
    the alarms of an inference component, which waits for it, and one about calling endpoints: what
    is called is made first.
    """
    if config is None or not any(map(any, map(evaluation.template.of_type, ROLE_PROPERTIES))):
        return ()
    before = dependencies_of(evaluation, endpoint)
    roles = dict.fromkeys(
        reference.logical_id
        for role in _role_values(config)
        if (reference := getattr(role, "refers_to", None)) is not None
        and reference.type == ROLE
        and reference.template is None
        and reference.logical_id in before
    )
    return tuple(
        ReferencedPolicy(logical_id=policy, role=role, is_awaited=policy in before)
        for role in roles
        for policy in _attached(evaluation, role)
        if endpoint not in dependencies_of(evaluation, policy)
        and not _is_of_component(evaluation, policy)
        and not _is_of_caller(evaluation, policy)
    )


def _is_of_component(evaluation: Evaluation, policy: str) -> bool:
    """Whether a policy is about alarms alone, and it is a component that waits for it."""
    return allowed_by(evaluation, policy) == _ALARMS and any(
        policy in dependencies_of(evaluation, component)
        for component in evaluation.template.of_type(COMPONENT)
    )


def _is_of_caller(evaluation: Evaluation, policy: str) -> bool:
    """Whether a policy is about calling endpoints alone, which no endpoint needs to be made."""
    allowed = allowed_by(evaluation, policy)
    return bool(allowed) and all(each.startswith(_CALL) for each in allowed or ())


def _role_values(config: ConfigContext) -> Iterator[object]:
    """What each of the roles is given as."""
    yield config.config.execution_role_arn
    for placed in config.models.values():
        yield placed.model.execution_role_arn


def _attached(evaluation: Evaluation, role: str) -> Iterator[str]:
    """The policies of the same template that are attached to a role."""
    template = evaluation.template
    for type_, name in ROLE_PROPERTIES.items():
        attached = evaluation.scenario.app.referring_resources(type_, name).get(
            (template.index, role), ()
        )
        for inside, policy in attached:
            if inside is template and is_deployed(evaluation, policy):
                yield policy
