"""Which of CDK's interfaces a construct has, told without asking Node."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from constructs import IConstruct

_PATHS: Final[WeakKeyDictionary[IConstruct, str]] = WeakKeyDictionary()


def has_member(given: object, name: str) -> bool:
    """Whether what is given has this property or method.

    Of most, their class says so; `hasattr` would get a property from Node, only to throw it away.
    What CDK returns as an interface has a class that says nothing.
    """
    return hasattr(type(given), name) or hasattr(given, name)


def construct_path(construct: Any) -> str:  # noqa: ANN401 - any construct
    """The path of a construct, which never changes."""
    if (path := _PATHS.get(construct)) is None:
        path = _PATHS[construct] = construct.node.path
    return path
