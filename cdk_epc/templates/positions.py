"""Where in the template a value stands that was worked out."""

from __future__ import annotations

from typing import Any

from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import MAX_DEPTH, is_function
from cdk_epc.templates.intrinsics import branch_of
from cdk_epc.templates.parameters import NO_VALUE
from cdk_epc.templates.scenarios import Evaluation

_NOTHING: Any = object()


def position_of(evaluation: Evaluation, resource: str, steps: Path) -> Path:
    """The steps in the template to a value of a resource.

    Args:
        scope: The template in the scenario in which the value was worked out.
        resource: The logical id.
        steps: Where the value stands in the properties that were worked out, in AWS's names.

    Returns:
        The steps along the branches that were taken. They end at a function that gives the value
        whole, such as ``Ref``. Of what is missing, they lead to where it would stand.
    """
    return _followed(evaluation, resource, steps)[0]


def expression_at(evaluation: Evaluation, resource: str, steps: Path) -> Any:  # noqa: ANN401 - JSON
    """The expression that stands there; ``None`` if there is none."""
    found = _followed(evaluation, resource, steps)[1]
    return None if found is _NOTHING else found


def _followed(evaluation: Evaluation, resource: str, steps: Path) -> tuple[Path, Any]:
    place: Path = ("Resources", resource, "Properties")
    place, node = _into(evaluation, place, evaluation.template.raw_properties(resource))
    for at, step in enumerate(steps):
        if is_mapping(node) and any(map(is_function, node)):
            return place, node
        inner, found = _step(evaluation, node, step)
        if found is _NOTHING:
            return (*place, *steps[at:]), _NOTHING
        place, node = _into(evaluation, (*place, inner), found)
    return place, node


def _into(evaluation: Evaluation, place: Path, node: Any) -> tuple[Path, Any]:  # noqa: ANN401 - JSON
    """Along the branches of ``Fn::If``."""
    for _ in range(MAX_DEPTH):  # what lies deeper was not worked out either
        if not (is_mapping(node) and len(node) == 1 and "Fn::If" in node):
            break
        branch = branch_of(evaluation, node["Fn::If"])
        if branch is None:
            break
        place, node = (*place, "Fn::If", branch), node["Fn::If"][branch]
    return place, node


def _step(evaluation: Evaluation, node: Any, step: str | int) -> tuple[str | int, Any]:  # noqa: ANN401
    if isinstance(step, int):
        return _item(evaluation, node, step)
    if is_mapping(node):
        for key, value in node.items():
            if str(key) == step:
                return key, value
    return step, _NOTHING


def _item(evaluation: Evaluation, node: Any, index: int) -> tuple[int, Any]:  # noqa: ANN401
    """The item that came to be the one with the index, for some may have come to nothing."""
    left = index
    for at, item in enumerate(node if is_list(node) else ()):
        if evaluation.evaluate(item) is not NO_VALUE:
            if left == 0:
                return at, item
            left -= 1
    return index, _NOTHING
