"""Expressions of a template, worked out in a scenario as far as they can be known.

The result is JSON in which every value that only the deployment knows is an `Unresolved`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from cdk_epc.spec.fields import Bounds
from cdk_epc.spec.unresolved import (
    Unresolved,
    is_integer,
    is_list,
    is_mapping,
)
from cdk_epc.templates.conditions import holds
from cdk_epc.templates.expressions import (
    DEEPEST,
    VARIABLE,
    canonical,
    converted,
    is_function,
    is_scalar,
    text,
)
from cdk_epc.templates.parameters import NO_VALUE, from_another, parameter, pseudo_parameter
from cdk_epc.templates.scenarios import Scope

DYNAMIC: Final = "{{resolve:"
"""What a dynamic reference begins with; the deployment puts in what is stored elsewhere."""

Parts: TypeAlias = list[str | Unresolved]


def joined(parts: Parts | None, node: object) -> str | Unresolved:
    """The whole text, if every part of it is known.

    Args:
        parts: Those; ``None`` if the expression is malformed.
        node: The expression.
    """
    if parts is None:
        return Unresolved(node)
    if all(isinstance(part, str) for part in parts):
        whole = "".join(map(str, parts))
        return Unresolved(node) if DYNAMIC in whole else whole
    (first, *others) = parts
    return Unresolved(
        node, first.refers_to if isinstance(first, Unresolved) and not others else None
    )


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
    if isinstance(value, Unresolved):
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


_KEYS = 3


def find_in_map(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    """The value in a mapping; where a key is unknown, the value that all entries agree on."""
    if not is_list(argument) or len(argument) not in {_KEYS, _KEYS + 1}:
        return Unresolved(node)
    name, *keys = (scope.evaluate(each) for each in argument[:_KEYS])
    table = scope.source.mappings.get(name) if isinstance(name, str) else None
    if not is_mapping(table):
        return Unresolved(node)
    options = argument[_KEYS] if len(argument) > _KEYS else None
    found = [*_found(table, keys, options)]
    there = [each[0] for each in found if each]
    if len(there) < len(found) or len(set(map(canonical, there))) != 1:
        return Unresolved(node)
    return scope.evaluate(there[0])


def _found(table: Any, keys: list[Any], options: Any) -> Iterator[tuple[Any] | None]:  # noqa: ANN401
    """Every value that may be meant, each in a tuple; ``None`` for one that is not there."""
    default = options.get("DefaultValue") if is_mapping(options) else None
    missing = None if default is None else (default,)
    rows = list(_rows(table, keys[0]))
    if not is_scalar(keys[0]) and missing:
        yield missing
    for row in rows:
        values = list(_rows(row[0], keys[1])) if row and is_mapping(row[0]) else [None]
        if not is_scalar(keys[1]) and missing:
            yield missing
        yield from (value or missing for value in values)


def _rows(table: Any, key: object) -> Iterator[tuple[Any] | None]:  # noqa: ANN401 - JSON
    if not is_scalar(key):
        yield from ((value,) for value in table.values())
    elif key in table:
        yield (table[key],)
    else:  # YAML reads an account for a number
        matching = [
            value for each, value in table.items() if is_scalar(each) and text(each) == text(key)
        ]
        yield (matching[0],) if matching else None


Function: TypeAlias = Callable[[Scope, Any, Any], Any]
"""Takes where it is worked out, its argument, and itself as it is written."""
_INDEX: Final = Bounds(int)


def evaluate(scope: Scope, node: Any) -> Any:  # noqa: ANN401 - JSON
    """Work out an expression, with everything in it."""
    if isinstance(node, str):
        return Unresolved(node) if DYNAMIC in node else node
    if node is None or is_scalar(node):
        return node
    run = scope.run
    if run.depth > DEEPEST:
        return Unresolved(node)
    run.depth += 1
    result = _inner(scope, node)
    run.depth -= 1
    return result


def _inner(scope: Scope, node: Any) -> Any:  # noqa: ANN401 - JSON
    if is_mapping(node):
        # Loops, for this runs for every value of a template.
        for key in node:
            if is_function(key):
                return _function(scope, node)
        return {
            key: done
            for key, value in node.items()
            if (done := evaluate(scope, value)) is not NO_VALUE
        }
    if is_list(node):
        return [each for item in node if (each := evaluate(scope, item)) is not NO_VALUE]
    return node


def _function(scope: Scope, node: Mapping[Any, Any]) -> Any:  # noqa: ANN401 - JSON
    if len(node) > 1:
        return Unresolved(node)
    ((name, argument),) = node.items()
    function = _FUNCTIONS.get(name)
    return function(scope, argument, node) if function else Unresolved(node)


def _ref(scope: Scope, name: object, node: object) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(name, str):
        return Unresolved(node)
    if name.startswith("AWS::"):
        return pseudo_parameter(scope, name, node)
    if name in scope.source.parameters:
        return parameter(scope, name, node)
    return Unresolved(node, scope.source.reference(name, None))


def _get_att(scope: Scope, argument: Any, node: object) -> Unresolved:  # noqa: ANN401 - JSON
    if isinstance(argument, str):
        argument = list(argument.partition(".")[::2])
    if is_list(argument) and len(argument) == 2:  # noqa: PLR2004 - the resource and the attribute
        name, attribute = argument
        if isinstance(name, str) and isinstance(attribute, str):
            return Unresolved(node, scope.source.reference(name, attribute))
    return Unresolved(node)


def _if(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    branch = branch_of(scope, argument)
    return Unresolved(node) if branch is None else evaluate(scope, argument[branch])


def branch_of(scope: Scope, argument: Any) -> int | None:  # noqa: ANN401 - JSON
    """Which item of the argument of ``Fn::If`` is taken; ``None`` if that is unknown."""
    if not is_list(argument) or len(argument) != 3 or not isinstance(argument[0], str):  # noqa: PLR2004
        return None
    result = holds(scope, argument[0])
    return None if result is None else 1 if result else 2


def _sub(scope: Scope, argument: object, node: object) -> Any:  # noqa: ANN401 - JSON
    return joined(parts_of_sub(scope, argument), node)


def _join(scope: Scope, argument: object, node: object) -> Any:  # noqa: ANN401 - JSON
    return joined(parts_of_join(scope, argument), node)


def _split(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    values = scope.evaluate(argument)
    if is_list(values) and len(values) == 2:  # noqa: PLR2004 - the delimiter and the text
        delimiter, whole = values
        if isinstance(delimiter, str) and delimiter and isinstance(whole, str):
            return whole.split(delimiter)
    return Unresolved(node)


def _select(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    if not is_list(argument) or len(argument) != 2:  # noqa: PLR2004 - the index and the list
        return Unresolved(node)
    index, items = (scope.evaluate(each) for each in argument)
    # Where an item comes to nothing, nobody says which are counted.
    written = len(argument[1]) if is_list(argument[1]) else None
    if not is_list(items) or (written is not None and written != len(items)):
        return Unresolved(node)
    at = converted(_INDEX, index)
    return items[at] if is_integer(at) and 0 <= at < len(items) else Unresolved(node)


def _base64(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    value = scope.evaluate(argument)
    if not isinstance(value, str):
        return Unresolved(node)
    return base64.b64encode(value.encode(errors="surrogatepass")).decode()


def _length(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    value = scope.evaluate(argument)
    return len(value) if is_list(value) else Unresolved(node)


def _import_value(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    name = scope.evaluate(argument)
    export = scope.run.app.export(name, scope.source) if isinstance(name, str) else None
    if export is None:
        return Unresolved(node)
    inside = scope.within(export.source)
    place = (_import_value, export.source.index, export.output)
    value: Any = scope.run.once(place, lambda: inside.evaluate(export.value), None)
    return value if is_scalar(value) else Unresolved(node, from_another(value, export.source))


_FUNCTIONS: Final[Mapping[Any, Function]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": find_in_map,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ImportValue": _import_value,
}
"""All that can be worked out; everything else is unknown."""
