"""Values that are not known at synth: recognised without asking Node.

CDK encodes a value that only the deployment knows ("token") as an ordinary Python value: a string
that contains ``${Token[``, a huge negative number, a one-element list whose element starts with
``#{Token[``, or an object with a ``resolve`` method. A rule never judges such a value, and never
takes it for absent either: a token may turn out to be ``AWS::NoValue``. What a template leaves to
the deployment (an intrinsic function that nothing here can work out) is an `Unresolved`, and is
treated alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any, TypeGuard, TypeVar

import attrs

_STRING_MARK = "${Token["
_LIST_MARK = "#{Token["
_MARK = "{Token["  # in both, and in hardly anything else
# CDK encodes a number token as about -1.888e289; no property of SageMaker is anywhere near.
_NUMBER_MARK = -1e288

T = TypeVar("T")


@attrs.frozen
class Reference:
    """The resource that an expression of a template refers to.

    Attributes:
        type: Its CloudFormation type.
        logical_id: Its name in the template.
        attribute: The attribute that is asked for; ``None`` for a plain ``Ref``.
        template: The name of the template that it stands in, if that is another one.
    """

    type: str
    logical_id: str
    attribute: str | None = None
    template: str | None = None


@attrs.frozen(eq=False)
class Unresolved:
    """A value that a template leaves to the deployment.

    Attributes:
        expression: It, as the template has it.
        refers_to: The resource behind it, where it is a plain reference to one.
    """

    expression: Any
    refers_to: Reference | None = None


class ReferenceToken(str):
    """What a construct is called, a token mostly: whatever it turns out to be, it is there."""

    __slots__ = ()


def is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether the value is a list, of whatever."""
    return isinstance(value, (list, tuple))  # a union would be made anew in each of many calls


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether the value is a mapping, of whatever."""
    return isinstance(value, (dict, Mapping))  # a dict is told much faster than a Mapping


def is_unresolved(value: object) -> bool:
    """Whether the value is a token, or contains one that decides what it is.

    A list is unknown when one of its elements stands for a whole tokenised list.
    """
    # The commonest first; asking a mapping for a name of CDK's would be slow.
    if value is None or isinstance(value, dict):
        return False
    if isinstance(value, str):
        return _MARK in value and (_STRING_MARK in value or value.startswith(_LIST_MARK))
    if isinstance(value, (int, float)):
        return value < _NUMBER_MARK
    if is_list(value):
        # A loop, for this runs hundreds of times for each configuration.
        for item in value:  # noqa: SIM110
            if isinstance(item, str) and item.startswith(_LIST_MARK):
                return True
        return False
    return isinstance(value, Unresolved) or _is_resolvable(value)


def _is_resolvable(value: object) -> bool:
    """Whether CDK works it out later. A stack and a path have a method of that name, too."""
    if not hasattr(value, "resolve"):
        return False
    return not isinstance(value, PathLike) and not hasattr(type(value), "node")


def is_given(value: T | None) -> TypeGuard[T]:
    """Whether the value was given and is known: neither ``None`` nor a token."""
    return value is not None and not is_unresolved(value)


def is_set(value: object) -> bool:
    """Whether the value was surely given: it is known, or a reference to a resource.

    What it is, nobody can say before the deployment; that it is something, can be said now.
    """
    if isinstance(value, ReferenceToken):
        return True
    if isinstance(value, Unresolved):
        return value.refers_to is not None
    return is_given(value)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether the value is a whole number that is known."""
    return isinstance(value, int) and not isinstance(value, bool) and not is_unresolved(value)


def is_number(value: object) -> TypeGuard[float]:
    """Whether the value is a number that is known; a boolean is none."""
    is_kind = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_kind and not is_unresolved(value)


def is_text(value: object) -> TypeGuard[str]:
    """Whether the value is a text that is known, an empty one included."""
    return isinstance(value, str) and not is_unresolved(value)


def items_of(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - whatever stands where a list belongs
    """The items of a list that is known; none for a token, ``None`` or what is no list."""
    if not is_list(value) or is_unresolved(value):
        return ()
    return value if isinstance(value, tuple) else tuple(value)
