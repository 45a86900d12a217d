"""Dependencies of resources: references, and ``DependsOn``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.expressions import MAX_DEPTH, function_names
from cdk_epc.templates.intrinsics import branch_of
from cdk_epc.templates.references import ResourceRef, cached, resources_in
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template


def dependencies_of(evaluation: Evaluation, logical_id: str) -> frozenset[str]:
    """Return all resources of the template that CloudFormation creates before a resource.

    The members of a dependency cycle depend on themselves. Other templates are not read.
    """
    key = (dependencies_of, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: _all_dependencies(evaluation, logical_id))


def _all_dependencies(evaluation: Evaluation, logical_id: str) -> frozenset[str]:
    found: set[str] = set()
    remaining = [logical_id]
    while remaining:
        new = _direct_dependencies(evaluation, remaining.pop()) - found
        found |= new
        remaining += new
    return frozenset(found)


def _direct_dependencies(evaluation: Evaluation, logical_id: str) -> frozenset[str]:
    key = (_direct_dependencies, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: frozenset(_deployed_names(evaluation, logical_id)))


def _deployed_names(evaluation: Evaluation, logical_id: str) -> Iterator[str]:
    template = evaluation.template
    references = _referenced_names(evaluation, template.raw_properties(logical_id), 0)
    for name in dict.fromkeys([*_depends_on(template, logical_id), *references]):
        if name in template.resources and is_deployed(evaluation, name):
            yield name


def _depends_on(template: Template, logical_id: str) -> list[str]:
    """Return the logical ids in ``DependsOn``."""
    given = template.resources[logical_id].get("DependsOn")
    return [name for name in (given if is_list(given) else [given]) if isinstance(name, str)]


def _referenced_names(evaluation: Evaluation, node: Any, depth: int) -> Iterator[str]:  # noqa: ANN401
    """Yield every name in an expression, without those in branches that are not deployed."""
    if depth > MAX_DEPTH:
        return
    if is_list(node):
        for item in node:
            yield from _referenced_names(evaluation, item, depth + 1)
    elif is_mapping(node):
        branch = branch_of(evaluation, node["Fn::If"]) if "Fn::If" in node else None
        if branch is not None:
            yield from _referenced_names(evaluation, node["Fn::If"][branch], depth + 1)
            return
        for key, value in node.items():
            yield from (name for _, name in function_names(key, value))
            yield from _referenced_names(evaluation, value, depth + 1)


def is_dependent(evaluation: Evaluation, logical_id: str, found: ResourceRef | None) -> bool:
    """Return whether a resource depends on another one.

    The order of resources in different templates is unknown, so it is taken for right.

    Args:
        evaluation: Evaluation of the template of the resource.
        logical_id: Logical id of the resource.
        found: The other resource; ``None`` if it is unknown.
    """
    return (
        found is None
        or found.by_reference
        or found.evaluation.template is not evaluation.template
        or found.logical_id in dependencies_of(evaluation, logical_id)
    )


def may_depend_on(evaluation: Evaluation, logical_id: str, found: ResourceRef) -> bool:
    """Return whether a resource depends on another one in some scenario.

    This is faster than `is_dependent`: it reads ``DependsOn`` of the resource and of its
    dependencies, and the references of the resource in all branches.

    Args:
        evaluation: Evaluation of the template of the resource.
        logical_id: Logical id of the resource.
        found: The other resource.
    """
    template = evaluation.template
    if found.by_reference or found.evaluation.template is not template:
        return True
    direct = _depends_on(template, logical_id)
    indirect = [
        name
        for each in direct
        if each in template.resources
        for name in _depends_on(template, each)
    ]
    if found.logical_id in direct or found.logical_id in indirect:
        return True
    mentioned = resources_in(evaluation, template, template.raw_properties(logical_id))
    return any(id_ == found.logical_id for each, id_ in mentioned if each is template)
