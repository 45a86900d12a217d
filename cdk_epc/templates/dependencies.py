"""What a resource waits for: what it refers to, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.expressions import DEEPEST, names_in
from cdk_epc.templates.intrinsics import branch_of
from cdk_epc.templates.references import remembered
from cdk_epc.templates.scenarios import Scope


def waits_for(scope: Scope, logical_id: str) -> frozenset[str]:
    """Every resource of its template that is made before a resource, in this scenario.

    Of a circle all members wait for themselves. What another template has is not looked at.
    """
    key = (waits_for, scope.source.index, logical_id)
    return remembered(scope, key, lambda: _behind(scope, logical_id))


def _behind(scope: Scope, logical_id: str) -> frozenset[str]:
    found: set[str] = set()
    left = [logical_id]
    while left:
        new = _direct(scope, left.pop()) - found
        found |= new
        left += new
    return frozenset(found)


def _direct(scope: Scope, logical_id: str) -> frozenset[str]:
    key = (_direct, scope.source.index, logical_id)
    return remembered(scope, key, lambda: frozenset(_named(scope, logical_id)))


def _named(scope: Scope, logical_id: str) -> Iterator[str]:
    resources = scope.source.resources
    given = resources[logical_id].get("DependsOn")
    depends = [name for name in (given if is_list(given) else [given]) if isinstance(name, str)]
    mentions = _mentions(scope, scope.source.raw_properties(logical_id), 0)
    for name in dict.fromkeys([*depends, *mentions]):
        if name in resources and exists(scope, name):
            yield name


def _mentions(scope: Scope, node: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Every name that is mentioned, along the branches that are taken."""
    if depth > DEEPEST:
        return
    if is_list(node):
        for item in node:
            yield from _mentions(scope, item, depth + 1)
    elif is_mapping(node):
        branch = branch_of(scope, node["Fn::If"]) if "Fn::If" in node else None
        if branch is not None:
            yield from _mentions(scope, node["Fn::If"][branch], depth + 1)
            return
        for key, value in node.items():
            yield from (name for _, name in names_in(key, value))
            yield from _mentions(scope, value, depth + 1)
