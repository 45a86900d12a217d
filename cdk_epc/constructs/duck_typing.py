"""Members and paths of constructs, read without a call into Node where possible."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from constructs import Construct, IConstruct, Node

_NODES: Final[WeakKeyDictionary[IConstruct, Node]] = WeakKeyDictionary()
_PATHS: Final[WeakKeyDictionary[IConstruct, str]] = WeakKeyDictionary()
_PLACES: Final[WeakKeyDictionary[IConstruct, tuple[Construct, str]]] = WeakKeyDictionary()
"""Scope and id of the constructs of this library."""


def has_member(given: object, name: str) -> bool:
    """Return whether an object has a property or method.

    The class is looked at first, because `hasattr` on the object would fetch the property from
    Node. The object decides only where CDK returned an interface, whose class has no members.
    """
    return hasattr(type(given), name) or hasattr(given, name)


def node_of(construct: IConstruct) -> Node:
    """Return the node of an app or a stage, cached because each read is a call into Node."""
    if (node := _NODES.get(construct)) is None:
        node = _NODES[construct] = construct.node
    return node


def construct_path(construct: Any) -> str:  # noqa: ANN401 - any construct
    """Return the path of a construct, cached because it never changes."""
    if (path := _PATHS.get(construct)) is None:
        place = _PLACES.get(construct)
        path = _PATHS[construct] = construct.node.path if place is None else child_path(*place)
    return path


def child_path(scope: Construct, id: str) -> str:
    """Return the path of a construct with an id in a scope."""
    path, name = construct_path(scope), str(id).replace("/", "--")  # as CDK writes ids
    return f"{path}/{name}" if path else name


def remember_place(construct: Construct, scope: Construct, id: str) -> None:
    """Store scope and id of a construct of this library, to save calls into Node."""
    _PLACES[construct] = (scope, id)


def known_scope(construct: IConstruct) -> Construct | None:
    """Return the scope of a construct of this library; ``None`` for any other construct."""
    place = _PLACES.get(construct)
    return None if place is None else place[0]
