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
    is_list,
    is_mapping,
    is_whole,
)
from cdk_epc.templates.conditions import condition_holds
from cdk_epc.templates.expressions import (
    MAX_DEPTH,
    VARIABLE,
    canonical_key,
    convert_scalar,
    is_function,
    is_scalar,
    text,
)
from cdk_epc.templates.parameters import (
    NO_VALUE,
    reference_from,
    parameter,
    evaluate_pseudo_parameter,
)
from cdk_epc.templates.scenarios import Evaluation

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


def parts_of(evaluation: Evaluation, node: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """The parts of any expression of a text; ``None`` if it is none."""
    if is_mapping(node) and len(node) == 1:
        ((function, argument),) = node.items()
        if function == "Fn::Sub":
            return parts_of_sub(evaluation, argument)
        if function == "Fn::Join":
            return parts_of_join(evaluation, argument)
    return _part(evaluation.evaluate(node))


def _part(value: object) -> Parts | None:
    if isinstance(value, Unresolved):
        return [value]
    return [text(value)] if is_scalar(value) else None


def parts_of_sub(evaluation: Evaluation, argument: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """The parts of ``Fn::Sub``."""
    given: Any = {}
    if is_list(argument):
        if len(argument) != 2 or not is_mapping(argument[1]):  # noqa: PLR2004 - text and values
            return None
        argument, given = argument
    if not isinstance(argument, str):
        return None
    return _gathered(list(_substituted(evaluation, argument, given)))


def _substituted(evaluation: Evaluation, whole: str, given: Any) -> Iterator[Parts | None]:  # noqa: ANN401
    for at, each in enumerate(VARIABLE.split(whole)):
        if at % 2 == 0:  # between the variables
            yield [each]
        elif (name := each.strip()).startswith("!"):
            yield [f"${{{name[1:]}}}"]
        else:
            yield _variable(evaluation, name, given)


def _variable(evaluation: Evaluation, name: str, given: Any) -> Parts | None:  # noqa: ANN401 - JSON
    if name in given:
        return _part(evaluation.evaluate(given[name]))
    logical_id, dot, attribute = name.partition(".")
    node = {"Fn::GetAtt": [logical_id, attribute]} if dot else {"Ref": name}
    return _part(evaluation.evaluate(node))


def parts_of_join(evaluation: Evaluation, argument: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """The parts of ``Fn::Join``."""
    if not is_list(argument) or len(argument) != 2:  # noqa: PLR2004 - the delimiter and the list
        return None
    delimiter, items = (evaluation.evaluate(each) for each in argument)
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


def find_in_map(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    """The value in a mapping; where a key is unknown, the value that all entries agree on."""
    if not is_list(argument) or len(argument) not in {_KEYS, _KEYS + 1}:
        return Unresolved(node)
    name, *keys = (evaluation.evaluate(each) for each in argument[:_KEYS])
    table = evaluation.template.mappings.get(name) if isinstance(name, str) else None
    if not is_mapping(table):
        return Unresolved(node)
    options = argument[_KEYS] if len(argument) > _KEYS else None
    found = [*_found(table, keys, options)]
    there = [each[0] for each in found if each]
    if len(there) < len(found) or len(set(map(canonical_key, there))) != 1:
        return Unresolved(node)
    return evaluation.evaluate(there[0])


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


Function: TypeAlias = Callable[[Evaluation, Any, Any], Any]
"""Takes where it is worked out, its argument, and itself as it is written."""
_INDEX: Final = Bounds(int)


def evaluate(evaluation: Evaluation, node: Any) -> Any:  # noqa: ANN401 - JSON
    """Work out an expression, with everything in it."""
    if isinstance(node, str):
        return Unresolved(node) if DYNAMIC in node else node
    if node is None or is_scalar(node):
        return node
    scenario = evaluation.scenario
    if scenario.depth > MAX_DEPTH:
        return Unresolved(node)
    scenario.depth += 1
    result = _inner(evaluation, node)
    scenario.depth -= 1
    return result


def _inner(evaluation: Evaluation, node: Any) -> Any:  # noqa: ANN401 - JSON
    if is_mapping(node):
        # Loops, for this runs for every value of a template.
        for key in node:
            if is_function(key):
                return _function(evaluation, node)
        return {
            key: done
            for key, value in node.items()
            if (done := evaluate(evaluation, value)) is not NO_VALUE
        }
    if is_list(node):
        return [each for item in node if (each := evaluate(evaluation, item)) is not NO_VALUE]
    return node


def _function(evaluation: Evaluation, node: Mapping[Any, Any]) -> Any:  # noqa: ANN401 - JSON
    if len(node) > 1:
        return Unresolved(node)
    ((name, argument),) = node.items()
    function = _FUNCTIONS.get(name)
    return function(evaluation, argument, node) if function else Unresolved(node)


def _ref(evaluation: Evaluation, name: object, node: object) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(name, str):
        return Unresolved(node)
    if name.startswith("AWS::"):
        return evaluate_pseudo_parameter(evaluation, name, node)
    if name in evaluation.template.parameters:
        return parameter(evaluation, name, node)
    return Unresolved(node, evaluation.template.reference(name, None))


def _get_att(evaluation: Evaluation, argument: Any, node: object) -> Unresolved:  # noqa: ANN401 - JSON
    if isinstance(argument, str):
        argument = list(argument.partition(".")[::2])
    if is_list(argument) and len(argument) == 2:  # noqa: PLR2004 - the resource and the attribute
        name, attribute = argument
        if isinstance(name, str) and isinstance(attribute, str):
            return Unresolved(node, evaluation.template.reference(name, attribute))
    return Unresolved(node)


def _if(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    branch = branch_of(evaluation, argument)
    return Unresolved(node) if branch is None else evaluate(evaluation, argument[branch])


def branch_of(evaluation: Evaluation, argument: Any) -> int | None:  # noqa: ANN401 - JSON
    """Which item of the argument of ``Fn::If`` is taken; ``None`` if that is unknown."""
    if not is_list(argument) or len(argument) != 3 or not isinstance(argument[0], str):  # noqa: PLR2004
        return None
    result = condition_holds(evaluation, argument[0])
    return None if result is None else 1 if result else 2


def _sub(evaluation: Evaluation, argument: object, node: object) -> Any:  # noqa: ANN401 - JSON
    return joined(parts_of_sub(evaluation, argument), node)


def _join(evaluation: Evaluation, argument: object, node: object) -> Any:  # noqa: ANN401 - JSON
    return joined(parts_of_join(evaluation, argument), node)


def _split(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    values = evaluation.evaluate(argument)
    if is_list(values) and len(values) == 2:  # noqa: PLR2004 - the delimiter and the text
        delimiter, whole = values
        if isinstance(delimiter, str) and delimiter and isinstance(whole, str):
            return whole.split(delimiter)
    return Unresolved(node)


def _select(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    if not is_list(argument) or len(argument) != 2:  # noqa: PLR2004 - the index and the list
        return Unresolved(node)
    index, items = (evaluation.evaluate(each) for each in argument)
    # Where an item comes to nothing, nobody says which are counted.
    written = len(argument[1]) if is_list(argument[1]) else None
    if not is_list(items) or (written is not None and written != len(items)):
        return Unresolved(node)
    at = convert_scalar(_INDEX, index)
    return items[at] if is_whole(at) and 0 <= at < len(items) else Unresolved(node)


def _base64(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    value = evaluation.evaluate(argument)
    if not isinstance(value, str):
        return Unresolved(node)
    return base64.b64encode(value.encode(errors="surrogatepass")).decode()


def _length(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    value = evaluation.evaluate(argument)
    return len(value) if is_list(value) else Unresolved(node)


def _import_value(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    name = evaluation.evaluate(argument)
    export = (
        evaluation.scenario.app.export_named(name, evaluation.template)
        if isinstance(name, str)
        else None
    )
    if export is None:
        return Unresolved(node)
    inside = evaluation.within(export.template)
    place = (_import_value, export.template.index, export.output)
    value: Any = evaluation.scenario.compute_once(
        place, lambda: inside.evaluate(export.value), None
    )
    return value if is_scalar(value) else Unresolved(node, reference_from(value, export.template))


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
