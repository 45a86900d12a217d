"""Texts that are put together: ``Fn::Sub`` and ``Fn::Join``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from cdk_epc.spec.unresolved import Unknown, is_list, is_mapping
from cdk_epc.templates.expressions import VARIABLE
from cdk_epc.templates.scalars import is_scalar, text
from cdk_epc.templates.scenarios import Scope

DYNAMIC: Final = "{{resolve:"
"""What a dynamic reference begins with; the deployment puts in what is stored elsewhere."""

Parts: TypeAlias = list[str | Unknown]


def joined(parts: Parts | None, node: object) -> str | Unknown:
    """The whole text, if every part of it is known.

    Args:
        parts: Those; ``None`` if the expression is malformed.
        node: The expression.
    """
    if parts is None:
        return Unknown(node)
    if all(isinstance(part, str) for part in parts):
        whole = "".join(map(str, parts))
        return Unknown(node) if DYNAMIC in whole else whole
    (first, *others) = parts
    return Unknown(node, first.refers_to if isinstance(first, Unknown) and not others else None)


def parts_of(scope: Scope, node: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """The parts of any expression of a text; ``None`` if it is none."""
    if is_mapping(node) and len(node) == 1:
        ((function, argument),) = node.items()
        if function == "Fn::Sub":
            return parts_of_sub(scope, argument)
        if function == "Fn::Join":
            return parts_of_join(scope, argument)
    return _part(scope.evaluate(node))


def _part(value: object) -> Parts | None:
    if isinstance(value, Unknown):
        return [value]
    return [text(value)] if is_scalar(value) else None


def parts_of_sub(scope: Scope, argument: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """The parts of ``Fn::Sub``."""
    given: Any = {}
    if is_list(argument):
        if len(argument) != 2 or not is_mapping(argument[1]):  # noqa: PLR2004 - text and values
            return None
        argument, given = argument
    if not isinstance(argument, str):
        return None
    return _gathered(list(_substituted(scope, argument, given)))


def _substituted(scope: Scope, whole: str, given: Any) -> Iterator[Parts | None]:  # noqa: ANN401
    for at, each in enumerate(VARIABLE.split(whole)):
        if at % 2 == 0:  # between the variables
            yield [each]
        elif (name := each.strip()).startswith("!"):
            yield [f"${{{name[1:]}}}"]
        else:
            yield _variable(scope, name, given)


def _variable(scope: Scope, name: str, given: Any) -> Parts | None:  # noqa: ANN401 - JSON
    if name in given:
        return _part(scope.evaluate(given[name]))
    logical_id, dot, attribute = name.partition(".")
    node = {"Fn::GetAtt": [logical_id, attribute]} if dot else {"Ref": name}
    return _part(scope.evaluate(node))


def parts_of_join(scope: Scope, argument: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """The parts of ``Fn::Join``."""
    if not is_list(argument) or len(argument) != 2:  # noqa: PLR2004 - the delimiter and the list
        return None
    delimiter, items = (scope.evaluate(each) for each in argument)
    if not isinstance(delimiter, str) or not is_list(items):
        return None
    parts: list[Parts | None] = []
    for item in items:
        parts.append([delimiter])
        parts.append(_part(item))
    return _gathered(parts[1:])


def _gathered(parts: list[Parts | None]) -> Parts | None:
    """One list of parts without empty ones; ``None`` if one is no text."""
    gathered: Parts = []
    for each in parts:
        if each is None:
            return None
        gathered += (part for part in each if part)
    return gathered
