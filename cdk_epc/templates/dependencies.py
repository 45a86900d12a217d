"""What a resource waits for: what it refers to, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.expressions import MAX_DEPTH, function_names
from cdk_epc.templates.intrinsics import branch_of
from cdk_epc.templates.references import cached
from cdk_epc.templates.scenarios import Evaluation


def dependencies_of(evaluation: Evaluation, logical_id: str) -> frozenset[str]:
    """Every resource of its template that is made before a resource, in this scenario.

    Of a circle all members wait for themselves. What another template has is not looked at.
    """
    key = (dependencies_of, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: _behind(evaluation, logical_id))


def _behind(evaluation: Evaluation, logical_id: str) -> frozenset[str]:
    found: set[str] = set()
    left = [logical_id]
    while left:
        new = _direct(evaluation, left.pop()) - found
        found |= new
        left += new
    return frozenset(found)


def _direct(evaluation: Evaluation, logical_id: str) -> frozenset[str]:
    key = (_direct, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: frozenset(_named(evaluation, logical_id)))


def _named(evaluation: Evaluation, logical_id: str) -> Iterator[str]:
    resources = evaluation.template.resources
    given = resources[logical_id].get("DependsOn")
    depends = [name for name in (given if is_list(given) else [given]) if isinstance(name, str)]
    mentions = _mentions(evaluation, evaluation.template.raw_properties(logical_id), 0)
    for name in dict.fromkeys([*depends, *mentions]):
        if name in resources and is_deployed(evaluation, name):
            yield name


def _mentions(evaluation: Evaluation, node: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every name that is mentioned, along the branches that are taken."""
    if depth > MAX_DEPTH:
        return
    if is_list(node):
        for item in node:
            yield from _mentions(evaluation, item, depth + 1)
    elif is_mapping(node):
        branch = branch_of(evaluation, node["Fn::If"]) if "Fn::If" in node else None
        if branch is not None:
            yield from _mentions(evaluation, node["Fn::If"][branch], depth + 1)
            return
        for key, value in node.items():
            yield from (name for _, name in function_names(key, value))
            yield from _mentions(evaluation, value, depth + 1)
