"""Execution roles with their permissions, and the IAM policies attached to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.spec.context import ConfigContext, KnownRole, ReferencedPolicy, RolePolicies
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping
from cdk_epc.templates.app import COMPONENT, Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.dependencies import dependencies_of
from cdk_epc.templates.intrinsics import text_parts
from cdk_epc.templates.references import (
    ResourceRef,
    cached,
    properties_of,
    referenced_resource,
    referring_resources,
    resources_in,
)
from cdk_epc.templates.scenarios import Evaluation

ROLE: Final = "AWS::IAM::Role"
_MANAGED_POLICY: Final = "AWS::IAM::ManagedPolicy"
ROLE_PROPERTIES: Final = {
    "AWS::IAM::Policy": "Roles",
    _MANAGED_POLICY: "Roles",
    "AWS::IAM::RolePolicy": "RoleName",
}
"""Property with the roles of a policy, by type."""
_AWS_POLICY: Final = ":aws:policy/"
"""Part of the ARN of AWS's managed policies, before the path and name."""
_DESCRIBE_ALARMS: Final = frozenset({"cloudwatch:describealarms"})
_INVOKE: Final = "sagemaker:invokeendpoint"


class _UnknownPolicyError(Exception):
    """A policy of the role, or a part of it, is unknown."""


def role_policies(evaluation: Evaluation, value: object) -> RolePolicies | None:
    """Return the execution role of a resource with its allowed actions.

    Args:
        evaluation: Evaluation of the template of the resource.
        value: Its evaluated ``ExecutionRoleArn``.

    Returns:
        The role; ``None`` if it or one of its policies is unknown.
    """
    role = referenced_resource(evaluation, ROLE, value)
    if role is None or not evaluation.scenario.app.is_complete:
        return None
    if _has_policies_of_unknown_roles(evaluation):
        return None
    return cached(evaluation, (_role_policies, *role.key), lambda: _role_policies(role))


def _role_policies(role: ResourceRef) -> RolePolicies | None:
    try:
        allowed = frozenset(action.lower() for action in _role_actions(role))
    except _UnknownPolicyError:
        return None
    return RolePolicies(logical_id=role.logical_id, allowed=allowed)


def _role_actions(role: ResourceRef) -> Iterator[str]:
    """Yield the actions that a role allows; raise an error if some are unknown."""
    properties = properties_of(role.evaluation, role.logical_id)
    if not is_mapping(properties):
        raise _UnknownPolicyError
    for policy in _items(properties.get("Policies")):
        yield from _document_actions(policy.get("PolicyDocument") if is_mapping(policy) else None)
    for arn in _items(properties.get("ManagedPolicyArns")):
        yield from _managed_policy_actions(role.evaluation, arn)
    for type_, property_ in ROLE_PROPERTIES.items():
        attached = referring_resources(role.evaluation, type_, property_)
        for policy in attached.get(role.key, ()):
            yield from _attached_policy_actions(role, policy, property_)


def _managed_policy_actions(evaluation: Evaluation, arn: object) -> Iterator[str]:
    policy = referenced_resource(evaluation, _MANAGED_POLICY, arn)
    if policy is None:
        raise _UnknownPolicyError
    yield from _document_actions(_document(policy.evaluation, policy.logical_id))


def _attached_policy_actions(role: ResourceRef, policy: Resource, property_: str) -> Iterator[str]:
    """Yield the actions of a policy if it is attached to the role in this scenario."""
    template, logical_id = policy
    evaluation = role.evaluation.within(template)
    if not is_deployed(evaluation, logical_id):
        return
    properties = properties_of(evaluation, logical_id)
    if not is_mapping(properties):
        raise _UnknownPolicyError
    roles = properties.get(property_)
    for each in roles if is_list(roles) else [roles]:
        if isinstance(each, Unresolved) and each.refers_to is None:
            raise _UnknownPolicyError
        found = referenced_resource(evaluation, ROLE, each)
        if found is not None and found.key == role.key:
            yield from _document_actions(properties.get("PolicyDocument"))


def _document(evaluation: Evaluation, logical_id: str) -> Any:  # noqa: ANN401 - JSON
    properties = properties_of(evaluation, logical_id)
    return properties.get("PolicyDocument") if is_mapping(properties) else None


def _document_actions(document: object) -> Iterator[str]:
    statements = document.get("Statement") if is_mapping(document) else None
    for statement in [statements] if is_mapping(statements) else _items(statements, required=True):
        if not is_mapping(statement):
            raise _UnknownPolicyError
        if statement.get("Effect") == "Deny":
            continue
        actions = statement.get("Action")
        for action in [actions] if isinstance(actions, str) else _items(actions, required=True):
            if not isinstance(action, str):
                raise _UnknownPolicyError
            yield action


def _items(value: object, *, required: bool = False) -> Iterator[Any]:
    if value is None and not required:
        return
    if not is_list(value):
        raise _UnknownPolicyError
    yield from value


def _has_policies_of_unknown_roles(evaluation: Evaluation) -> bool:
    """Return whether a policy of the app may be attached to any role."""
    app = evaluation.scenario.app
    if _are_roles_unknown not in app.cache:
        app.cache[_are_roles_unknown] = any(_are_roles_unknown(evaluation))
    return bool(app.cache[_are_roles_unknown])


def _are_roles_unknown(evaluation: Evaluation) -> Iterator[bool]:
    """Yield for each role of each policy whether it is no resource of the app."""
    for type_, property_ in ROLE_PROPERTIES.items():
        for template, logical_id in evaluation.scenario.app.of_type(type_):
            roles = template.raw_property(logical_id, property_)
            for each in roles if is_list(roles) else [roles]:
                yield each is not None and not any(resources_in(evaluation, template, each))


def known_role(evaluation: Evaluation, value: object) -> KnownRole | None:
    """Return the execution role of a resource; ``None`` if it is no resource of the app.

    Args:
        evaluation: Evaluation of the template of the resource.
        value: Its evaluated ``ExecutionRoleArn``.
    """
    role = referenced_resource(evaluation, ROLE, value)
    if role is None:
        return None
    names = frozenset(_aws_policies(role))
    return KnownRole(logical_id=role.logical_id, managed_policies=names)


def _aws_policies(role: ResourceRef) -> Iterator[str]:
    """Yield the known names of AWS's managed policies of a role."""
    properties = properties_of(role.evaluation, role.logical_id)
    arns = properties.get("ManagedPolicyArns") if is_mapping(properties) else None
    for value in arns if is_list(arns) else ():
        arn = value if isinstance(value, str) else _known_text(role.evaluation, value)
        _, separator, name = arn.rpartition(_AWS_POLICY)
        if separator:
            yield name.rpartition("/")[2]


def _known_text(evaluation: Evaluation, value: object) -> str:
    """Return an ARN with "?" for its unknown parts; the partition is usually unknown."""
    parts = text_parts(evaluation, value.expression) if isinstance(value, Unresolved) else None
    return "".join(part if isinstance(part, str) else "?" for part in parts or ())


def endpoint_role_policies(
    evaluation: Evaluation, endpoint: str, config: ConfigContext | None
) -> tuple[ReferencedPolicy, ...]:
    """Return the policies of the roles of an endpoint's variants, in the endpoint's template.

    A policy is left out if the endpoint cannot or need not depend on it: one that depends on the
    endpoint, one for the rollback alarms of a component, which depends on it, and one that only
    allows the invocation of endpoints.

    Args:
        evaluation: Evaluation of the template of the endpoint.
        endpoint: Logical id of the endpoint.
        config: Context of its configuration.
    """
    if config is None or not any(map(any, map(evaluation.template.of_type, ROLE_PROPERTIES))):
        return ()
    before = dependencies_of(evaluation, endpoint)
    roles = dict.fromkeys(
        reference.logical_id
        for value in _role_values(config)
        if (reference := getattr(value, "refers_to", None)) is not None
        and reference.type == ROLE
        and reference.template is None
        and reference.logical_id in before
    )
    return tuple(
        ReferencedPolicy(logical_id=policy, role=role, is_dependency=policy in before)
        for role in roles
        for policy in _attached_policies(evaluation, role)
        if endpoint not in dependencies_of(evaluation, policy)
        and not _is_for_component_alarms(evaluation, policy)
        and not _is_for_invocation(evaluation, policy)
    )


def _is_for_component_alarms(evaluation: Evaluation, policy: str) -> bool:
    """Return whether a policy is for the rollback alarms of a component that depends on it."""
    return _allowed_actions(evaluation, policy) == _DESCRIBE_ALARMS and any(
        policy in dependencies_of(evaluation, component)
        for component in evaluation.template.of_type(COMPONENT)
    )


def _is_for_invocation(evaluation: Evaluation, policy: str) -> bool:
    """Return whether a policy only allows the invocation of endpoints."""
    allowed = _allowed_actions(evaluation, policy)
    return bool(allowed) and all(each.startswith(_INVOKE) for each in allowed or ())


def _allowed_actions(evaluation: Evaluation, policy: str) -> frozenset[str] | None:
    """Return the actions of a policy in lower case; ``None`` if some are unknown."""
    try:
        actions = _document_actions(_document(evaluation, policy))
        return frozenset(action.lower() for action in actions)
    except _UnknownPolicyError:
        return None


def _role_values(config: ConfigContext) -> Iterator[object]:
    """Yield the execution roles of a configuration and of its models."""
    yield config.config.execution_role_arn
    for each in config.models.values():
        yield each.model.execution_role_arn


def _attached_policies(evaluation: Evaluation, role: str) -> Iterator[str]:
    """Yield the policies of the same template that are attached to a role."""
    template = evaluation.template
    for type_, property_ in ROLE_PROPERTIES.items():
        attached = referring_resources(evaluation, type_, property_)
        for owner, policy in attached.get((template.index, role), ()):
            if owner is template and is_deployed(evaluation, policy):
                yield policy
