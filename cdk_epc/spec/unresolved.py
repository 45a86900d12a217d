"""Values that are not known at synth, recognised without a call into Node.

CDK encodes a value that only the deployment knows (a token) as an ordinary Python value: a string
that contains ``${Token[``, a huge negative number, a list of one string that starts with
``#{Token[``, or an object with a ``resolve`` method. In a template it is an intrinsic function
whose value the template does not determine; such a value is read as an `Unresolved`.

Rules neither check an unresolved value nor treat it as missing: a token may resolve to
``AWS::NoValue``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, TypeGuard, TypeVar

import attrs

_STRING_MARK = "${Token["
_LIST_MARK = "#{Token["
_MARK = "{Token["  # part of both, and rare in other strings
# CDK encodes a number token as about -1.888e289; no property of SageMaker has such a value.
_NUMBER_MARK = -1e288

T = TypeVar("T")


@attrs.frozen
class Reference:
    """Reference of an expression to a resource.

    Attributes:
        type: CloudFormation type of the resource.
        logical_id: Logical id of the resource.
        attribute: Attribute of ``Fn::GetAtt``; ``None`` for ``Ref``.
        template: Name of the template with the resource, if it is another template.
    """

    type: str
    logical_id: str
    attribute: str | None = None
    template: str | None = None


@attrs.frozen(eq=False)
class Unresolved:
    """Value of a template that only the deployment determines.

    Attributes:
        expression: Expression, as the template writes it.
        refers_to: Referenced resource, if the expression is only a ``Ref`` or ``Fn::GetAtt``.
    """

    expression: Any
    refers_to: Reference | None = None


class ReferenceToken(str):
    """Name or ARN of a construct, usually a token; it always resolves to a value."""

    __slots__ = ()


def is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Return whether the value is a list or a tuple."""
    return isinstance(value, (list, tuple))  # `list | tuple` would create a union at each call


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Return whether the value is a mapping."""
    return isinstance(value, (dict, Mapping))  # the check for dict is much faster than for Mapping


def is_unresolved(value: object) -> bool:
    """Return whether the value is a token, or a string or list that contains one.

    A list is unresolved only if one of its items is the token of a whole list.
    """
    # The most frequent types come first; an attribute look-up on a mapping would be slow.
    if value is None or isinstance(value, dict):
        return False
    if isinstance(value, str):
        return _MARK in value and (_STRING_MARK in value or value.startswith(_LIST_MARK))
    if isinstance(value, (int, float)):
        return value < _NUMBER_MARK
    if is_list(value):
        # A loop is faster than any(), and this runs hundreds of times for each configuration.
        for item in value:  # noqa: SIM110
            if isinstance(item, str) and item.startswith(_LIST_MARK):
                return True
        return False
    return isinstance(value, Unresolved) or _is_resolvable(value)


def _is_resolvable(value: object) -> bool:
    """Return whether CDK resolves the value; stacks and paths also have a ``resolve`` method."""
    if not hasattr(value, "resolve"):
        return False
    return not isinstance(value, PathLike) and not hasattr(type(value), "node")


def is_resolved(value: T | None) -> TypeGuard[T]:
    """Return whether the value is given and known: neither ``None`` nor unresolved."""
    return value is not None and not is_unresolved(value)


def is_set(value: object) -> bool:
    """Return whether the value is certainly given: it is resolved or refers to a resource.

    The name or ARN of a resource is unknown before the deployment, but it cannot be missing.
    """
    if isinstance(value, ReferenceToken):
        return True
    if isinstance(value, Unresolved):
        return value.refers_to is not None
    return is_resolved(value)


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether the value is a resolved integer; a boolean is none."""
    return isinstance(value, int) and not isinstance(value, bool) and not is_unresolved(value)


def is_number(value: object) -> TypeGuard[float]:
    """Return whether the value is a resolved number; a boolean is none."""
    has_type = isinstance(value, (int, float)) and not isinstance(value, bool)
    return has_type and not is_unresolved(value)


def is_string(value: object) -> TypeGuard[str]:
    """Return whether the value is a resolved string, which may be empty."""
    return isinstance(value, str) and not is_unresolved(value)


def items_of(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - the value may have a wrong type
    """Return the items of a resolved list; none for ``None``, tokens and other types."""
    if not is_list(value) or is_unresolved(value):
        return ()
    return value if isinstance(value, tuple) else tuple(value)


def known_start(value: object) -> str:
    """Return the beginning of a text that is known although its rest may be unresolved."""
    parts = _text_around_variables(value)
    return parts[0] if parts else ""


def known_end(value: object) -> str:
    """Return the end of a text that is known although its beginning may be unresolved."""
    parts = _text_around_variables(value)
    return parts[1] if parts else ""


def _text_around_variables(value: object) -> tuple[str, str] | None:
    """Return the text before the first variable of a text and after the last one.

    Both are the whole text if it has no variable. ``None`` stands for other values.
    """
    if isinstance(value, Unresolved):
        return _text_of_expression(value.expression)
    if not isinstance(value, str):
        return None
    return value.partition("${")[0], value.rpartition("}")[2] if "${" in value else value


def _text_of_expression(expression: Any) -> tuple[str, str] | None:  # noqa: ANN401 - JSON
    """Return the same of ``Fn::Sub``, ``Fn::Join`` and a text with a dynamic reference."""
    if isinstance(expression, str):
        return expression.partition("{{")[0], expression.rpartition("}}")[2]
    if not is_mapping(expression) or len(expression) != 1:
        return None
    ((function, argument),) = expression.items()
    if function == "Fn::Sub":
        text = argument[0] if is_list(argument) and argument else argument
        return _text_around_variables(text) if isinstance(text, str) else None
    if function == "Fn::Join" and is_list(argument) and len(argument) == 2:  # noqa: PLR2004
        delimiter, items = argument
        if isinstance(delimiter, str) and is_list(items) and items:
            return _joined(items, delimiter), _joined(items[::-1], delimiter, is_end=True)
    return None


def _joined(items: Sequence[Any], delimiter: str, *, is_end: bool = False) -> str:
    """Return the known text from one end of joined items up to the first unresolved one."""
    text = ""
    for position, item in enumerate(items):
        separator = delimiter if position else ""
        start, end = _text_around_variables(item) if isinstance(item, str) else ("", "")
        known = end if is_end else start
        text = f"{known}{separator}{text}" if is_end else f"{text}{separator}{known}"
        if known != item:
            return text
    return text
