"""Members and paths of constructs, read without a call into Node where possible."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from constructs import IConstruct

_PATHS: Final[WeakKeyDictionary[IConstruct, str]] = WeakKeyDictionary()


def has_member(given: object, name: str) -> bool:
    """Return whether an object has a property or method.

    The class is looked at first, because `hasattr` on the object would fetch the property from
    Node. The object decides only where CDK returned an interface, whose class has no members.
    """
    return hasattr(type(given), name) or hasattr(given, name)


def construct_path(construct: Any) -> str:  # noqa: ANN401 - any construct
    """Return the path of a construct, cached because it never changes."""
    if (path := _PATHS.get(construct)) is None:
        path = _PATHS[construct] = construct.node.path
    return path
