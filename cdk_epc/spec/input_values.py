"""Size of input that Python code passes: objects that share parts, and objects in a cycle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import SCALAR_TYPES, is_list, is_mapping

MAX_CONTAINERS: Final = 1_000_000
"""Maximum number of objects and lists; a template of CloudFormation's maximum size has fewer."""


def require_tree(given: object, name: str) -> None:
    """Check that a value is a tree of a size that can be read.

    A YAML parser returns one object for an anchor and all its aliases, so that a small file may
    stand for very many values. Each use of a shared part counts.

    Args:
        given: The value.
        name: Name of the input in the message.

    Raises:
        ValueError: The value contains itself, or too many values.
    """
    count = 0
    remaining: list[Any] = [given]
    while remaining:
        # The exact type decides for almost every value, and far faster than a call.
        found = [
            each
            for each in _items(remaining.pop())
            if type(each) not in SCALAR_TYPES and (is_mapping(each) or is_list(each))
        ]
        count += len(found)
        if count > MAX_CONTAINERS:
            raise ValueError(f"{name} {_problem(given)}")
        remaining += found


def _items(container: Any) -> Iterable[Any]:  # noqa: ANN401 - JSON
    values: Iterable[Any] = container.values() if is_mapping(container) else container
    return values


def _problem(given: Any) -> str:  # noqa: ANN401 - JSON
    path = _path_of_cycle(given)
    if path is None:
        return (
            f"has more than {MAX_CONTAINERS:,} objects and lists, if each use of a shared one "
            "counts; pass a smaller one"
        )
    return f"contains itself: the value at {path} is one of its own parents; remove it"


def _path_of_cycle(given: Any) -> str | None:  # noqa: ANN401 - JSON
    """Return the path at which a value contains one of its parents; ``None`` if there is none."""
    finished: set[int] = set()
    parents: dict[int, Any] = {}
    remaining: list[tuple[Any, Path, bool]] = [(given, (), False)]
    while remaining:
        node, path, is_done = remaining.pop()
        if is_done:
            del parents[id(node)]
            finished.add(id(node))
        elif id(node) in parents:
            return ".".join(map(str, path))
        elif id(node) not in finished and (is_mapping(node) or is_list(node)):
            parents[id(node)] = node
            remaining.append((node, path, True))
            steps = node.items() if is_mapping(node) else enumerate(node)
            remaining += [(value, (*path, step), False) for step, value in steps]
    return None
