"""Execution roles with their permissions, and the IAM policies attached to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cdk_epc.catalog.managed_policies import MANAGED_POLICIES
from cdk_epc.spec.context import ConfigContext, ReferencedPolicy
from cdk_epc.spec.role import OWN_ACCOUNT, Role, RoleStatement, trusted_services
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
_ROLE_ARN: Final = ":role/"
"""Part of the ARN of a role, before the path and name."""
_ACCOUNT_ID: Final = {"Ref": "AWS::AccountId"}
_DESCRIBE_ALARMS: Final = frozenset({"cloudwatch:describealarms"})
_INVOKE: Final = "sagemaker:invokeendpoint"


class _UnknownPolicyError(Exception):
    """A policy of the role, or a part of it, is unknown."""


def execution_role(evaluation: Evaluation, value: object) -> Role | None:
    """Return the execution role of a resource; ``None`` if it is no resource of the app.

    Args:
        evaluation: Evaluation of the template of the resource.
        value: Its evaluated ``ExecutionRoleArn``.
    """
    role = referenced_role(evaluation, value)
    return None if role is None else read_role(role)


def read_role(role: ResourceRef) -> Role:
    """Return a role with its permissions and its trust policy."""
    return cached(role.evaluation, (read_role, *role.key), lambda: _role(role))


def referenced_role(evaluation: Evaluation, value: object) -> ResourceRef | None:
    """Return the role of an ARN: a reference, or a text that ends with the name of a role."""
    if value is None or not any(evaluation.scenario.app.of_type(ROLE)):
        return None
    if (found := referenced_resource(evaluation, ROLE, value)) is not None:
        return found
    names = _role_names(evaluation)
    if isinstance(value, str):
        return _named_role(evaluation, value) if names else None
    expression = value.expression if isinstance(value, Unresolved) else None
    parts = text_parts(evaluation, expression) if is_mapping(expression) else None
    if not parts or _ROLE_ARN not in "".join(each for each in parts if isinstance(each, str)):
        return None
    if isinstance(parts[-1], Unresolved):
        reference = parts[-1].refers_to
        is_name = reference is not None and reference.attribute is None
        return referenced_resource(evaluation, ROLE, parts[-1]) if is_name else None
    return _named_role(evaluation, _joined(parts)) if names else None


def _joined(parts: Sequence[str | Unresolved]) -> str:
    """Return a text with ``*`` for its unknown parts."""
    return "".join(part if isinstance(part, str) else "*" for part in parts)


def _role_names(evaluation: Evaluation) -> Mapping[str, list[Resource]]:
    """Return the roles of the app that have a fixed name, by path and name."""
    app = evaluation.scenario.app
    if _role_names not in app.cache:
        found: dict[str, list[Resource]] = {}
        for template, logical_id in app.of_type(ROLE):
            name = template.raw_property(logical_id, "RoleName")
            path = template.raw_property(logical_id, "Path")
            if isinstance(name, str) and isinstance(path, (str, type(None))):
                found.setdefault(f"{path or '/'}{name}", []).append((template, logical_id))
        app.cache[_role_names] = found
    known: Mapping[str, list[Resource]] = app.cache[_role_names]
    return known


def _named_role(evaluation: Evaluation, arn: str) -> ResourceRef | None:
    """Return the role of the same account with the path and name of an ARN."""
    before, separator, name = arn.partition(_ROLE_ARN)
    found = _role_names(evaluation).get(f"/{name}", []) if separator else []
    if len(found) != 1:
        return None
    ((template, logical_id),) = found
    owner = evaluation.within(template)
    account = evaluation.scenario.app.root_of(template).input.account
    if account is not None and before.rpartition(":")[2] not in {account, "*"}:
        return None
    return ResourceRef(owner, logical_id) if is_deployed(owner, logical_id) else None


def _role(role: ResourceRef) -> Role:
    evaluation, app = role.evaluation, role.evaluation.scenario.app
    properties = properties_of(evaluation, role.logical_id)
    statements: list[RoleStatement] = []
    is_complete = app.is_complete and not _has_policies_of_unknown_roles(evaluation)
    try:
        statements += _role_statements(role, properties)
    except _UnknownPolicyError:
        is_complete = False
    trust = properties.get("AssumeRolePolicyDocument") if is_mapping(properties) else None
    return Role(
        logical_id=role.logical_id,
        trusted_services=trusted_services(trust),
        statements=tuple(statements),
        managed_policies=frozenset(_aws_policies(evaluation, properties)),
        is_complete=is_complete,
    )


def _role_statements(role: ResourceRef, properties: Any) -> Iterator[RoleStatement]:  # noqa: ANN401
    """Yield the statements of the policies of a role; raise an error if some are unknown."""
    if not is_mapping(properties):
        raise _UnknownPolicyError
    for policy in _items(properties.get("Policies")):
        document = policy.get("PolicyDocument") if is_mapping(policy) else None
        yield from _statements(role.evaluation, document)
    for arn in _items(properties.get("ManagedPolicyArns")):
        yield from _managed_policy_statements(role.evaluation, arn)
    for type_, property_ in ROLE_PROPERTIES.items():
        attached = referring_resources(role.evaluation, type_, property_)
        for policy in attached.get(role.key, ()):
            yield from _attached_policy_statements(role, policy, property_)


def _managed_policy_statements(evaluation: Evaluation, arn: object) -> Iterator[RoleStatement]:
    policy = referenced_resource(evaluation, _MANAGED_POLICY, arn)
    if policy is not None:
        document = _document(policy.evaluation, policy.logical_id)
        yield from _statements(policy.evaluation, document)
    elif (known := MANAGED_POLICIES.get(_aws_policy(evaluation, arn))) is not None:
        yield from known.statements
    else:
        raise _UnknownPolicyError


def _attached_policy_statements(
    role: ResourceRef, policy: Resource, property_: str
) -> Iterator[RoleStatement]:
    """Yield the statements of a policy if it is attached to the role in this scenario."""
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
            yield from _statements(evaluation, properties.get("PolicyDocument"))


def _document(evaluation: Evaluation, logical_id: str) -> Any:  # noqa: ANN401 - JSON
    properties = properties_of(evaluation, logical_id)
    return properties.get("PolicyDocument") if is_mapping(properties) else None


def _statements(evaluation: Evaluation, document: object) -> Iterator[RoleStatement]:
    """Yield the ``Allow`` statements of a policy document; raise an error if some are unknown."""
    statements = document.get("Statement") if is_mapping(document) else None
    for statement in [statements] if is_mapping(statements) else _items(statements, required=True):
        if not is_mapping(statement):
            raise _UnknownPolicyError
        if statement.get("Effect") != "Deny":
            actions = _actions(statement.get("Action"))
            resources = _resources(evaluation, statement.get("Resource"))
            yield RoleStatement(actions=frozenset(actions), resources=resources)


def _actions(value: object) -> Iterator[str]:
    """Yield the actions of a statement in lower case; raise an error if some are unknown."""
    for action in [value] if isinstance(value, str) else _items(value, required=True):
        if not isinstance(action, str):
            raise _UnknownPolicyError
        yield action.lower()


def _resources(evaluation: Evaluation, value: object) -> frozenset[str] | None:
    """Return the resources of a statement; ``None`` if some cannot be compared."""
    items = value if is_list(value) else [value]
    texts = [_resource(evaluation, each) for each in items if each is not None]
    return frozenset(texts) or None


def _resource(evaluation: Evaluation, value: object) -> str:
    """Return the ARN of a resource, with the account of the deployment marked."""
    if not isinstance(value, Unresolved):
        return value if isinstance(value, str) else "*"
    parts = text_parts(evaluation, value.expression) or []
    marked = [
        OWN_ACCOUNT if isinstance(part, Unresolved) and part.expression == _ACCOUNT_ID else part
        for part in parts
    ]
    return _joined(marked) if any(isinstance(part, str) for part in parts) else "*"


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


def _aws_policies(evaluation: Evaluation, properties: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the known names of AWS's managed policies of a role."""
    arns = properties.get("ManagedPolicyArns") if is_mapping(properties) else None
    for arn in arns if is_list(arns) else ():
        if name := _aws_policy(evaluation, arn):
            yield name


def _aws_policy(evaluation: Evaluation, arn: object) -> str:
    """Return the name of a managed policy of AWS; an empty text if it is another or unknown."""
    _, separator, name = (known_text(evaluation, arn) or "").rpartition(_AWS_POLICY)
    return name.rpartition("/")[2] if separator else ""


def known_text(evaluation: Evaluation, value: object) -> str | None:
    """Return a value as text with ``*`` for its unknown parts; ``None`` if all of it is unknown.

    The unknown part of an ARN is often only the partition.
    """
    if isinstance(value, str):
        return value
    parts = text_parts(evaluation, value.expression) if isinstance(value, Unresolved) else None
    parts = parts or []
    return _joined(parts) if any(isinstance(part, str) for part in parts) else None


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
        statements = _statements(evaluation, _document(evaluation, policy))
        return frozenset(action for each in statements for action in each.actions)
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
