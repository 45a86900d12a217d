"""Positions of evaluated values in their template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import MAX_DEPTH, is_function
from cdk_epc.templates.intrinsics import branch_of
from cdk_epc.templates.parameters import NO_VALUE
from cdk_epc.templates.scenarios import Evaluation

_MISSING: Any = object()
_SMALL: Final = 16
"""Members of a mapping up to which its keys are searched each time."""


def position_of(evaluation: Evaluation, resource: str, path: Path) -> Path:
    """Return the keys and indices that lead to a value in the template.

    Args:
        evaluation: Evaluation of the template in the scenario of the value.
        resource: Logical id of the resource.
        path: Path of the value in the evaluated properties, in AWS's names.

    Returns:
        The position, through the branches of the scenario. It ends at the function whose result
        contains the value, such as ``Ref``. For a missing value, it is where the value belongs.
    """
    return _follow(evaluation, resource, path)[0]


def expression_at(evaluation: Evaluation, resource: str, path: Path) -> Any:  # noqa: ANN401 - JSON
    """Return the expression at `position_of` with the same arguments; ``None`` if it is missing."""
    node = _follow(evaluation, resource, path)[1]
    return None if node is _MISSING else node


def _follow(evaluation: Evaluation, resource: str, path: Path) -> tuple[Path, Any]:
    position: Path = (*evaluation.template.place(resource), "Properties")
    properties = evaluation.template.raw_properties(resource)
    position, node = _enter_branches(evaluation, position, properties)
    for depth, step in enumerate(path):
        if is_mapping(node) and _has_function(evaluation, node):
            return position, node
        key, child = _child(evaluation, node, step)
        if child is _MISSING:
            return (*position, *path[depth:]), _MISSING
        position, node = _enter_branches(evaluation, (*position, key), child)
    return position, node


def _has_function(evaluation: Evaluation, node: Mapping[Any, Any]) -> bool:
    """Return whether a function is among the keys; all findings in a large mapping ask this."""
    if len(node) <= _SMALL:
        return any(map(is_function, node))
    cache, key = evaluation.scenario.app.cache, (_has_function, id(node))
    if key not in cache:
        cache[key] = any(map(is_function, node))
    return bool(cache[key])


def _enter_branches(
    evaluation: Evaluation,
    position: Path,
    node: Any,  # noqa: ANN401 - JSON
) -> tuple[Path, Any]:
    """Return the position and the expression of the branch of nested ``Fn::If``."""
    for _ in range(MAX_DEPTH):  # deeper expressions are not evaluated either
        if not (is_mapping(node) and len(node) == 1 and "Fn::If" in node):
            break
        branch = branch_of(evaluation, node["Fn::If"])
        if branch is None:
            break
        position, node = (*position, "Fn::If", branch), node["Fn::If"][branch]
    return position, node


def _child(evaluation: Evaluation, node: Any, step: str | int) -> tuple[str | int, Any]:  # noqa: ANN401
    """Return the key in the template and the expression of one step."""
    if isinstance(step, int):
        return _item(evaluation, node, step)
    if is_mapping(node):
        if step in node:
            return step, node[step]
        for key, value in node.items():
            if str(key) == step:
                return key, value
    return step, _MISSING


def _item(evaluation: Evaluation, node: Any, index: int) -> tuple[int, Any]:  # noqa: ANN401
    """Return the item with an index after the items with ``AWS::NoValue`` were removed."""
    kept = _kept_positions(evaluation, node) if is_list(node) else ()
    if index >= len(kept):
        return index, _MISSING
    return kept[index], node[kept[index]]


def _kept_positions(evaluation: Evaluation, node: Sequence[Any]) -> Sequence[int]:
    """Return the positions of the items without ``AWS::NoValue``.

    All findings in a list ask for them, so that they are determined once.
    """
    if not any(map(is_mapping, node)):
        return range(len(node))
    key = (_kept_positions, id(node))
    return evaluation.scenario.compute_once(
        key,
        lambda: tuple(
            position
            for position, item in enumerate(node)
            if evaluation.evaluate(item) is not NO_VALUE
        ),
        (),
    )
