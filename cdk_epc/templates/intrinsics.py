"""Evaluation of template expressions in a scenario.

The value of an expression is JSON in which every value that is unknown before the deployment is an
`Unresolved`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from cdk_epc.spec.fields import Bounds
from cdk_epc.spec.unresolved import (
    Reference,
    Unresolved,
    is_integer,
    is_list,
    is_mapping,
    parts_of,
)
from cdk_epc.templates.app import App
from cdk_epc.templates.conditions import condition_holds
from cdk_epc.templates.exports import Export, find_export, find_nested_output, find_output
from cdk_epc.templates.expressions import (
    MAX_DEPTH,
    OUTPUTS,
    SUB_VARIABLE,
    canonical_key,
    convert_scalar,
    is_function,
    is_scalar,
    to_text,
)
from cdk_epc.templates.parameters import (
    NO_VALUE,
    evaluate_parameter,
    evaluate_pseudo_parameter,
    reference_from,
)
from cdk_epc.templates.scenarios import Evaluation, Scenario

_DYNAMIC_REFERENCE: Final = "{{resolve:"
"""Start of a dynamic reference, whose value is stored in another service."""
_KEYS: Final = 3
"""Arguments of ``Fn::FindInMap``: the map and two keys; options may follow."""
_INDEX: Final = Bounds(int)
_NUMBERS: Final = frozenset({int, float, bool})

Parts: TypeAlias = list[str | Unresolved]
"""Parts of a text: the known ones and the unresolved ones."""
Function: TypeAlias = Callable[[Evaluation, Any, Any], Any]
"""Intrinsic function: takes the evaluation, the argument and the whole expression."""


def scenario_of(app: App, prefix: tuple[int, ...] = ()) -> Scenario:
    """Return a scenario of an app with the indices of its first decisions."""
    return Scenario(app, evaluate, prefix)


def evaluate(evaluation: Evaluation, node: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the value of an expression and of everything in it."""
    if isinstance(node, str):
        return Unresolved(node) if _DYNAMIC_REFERENCE in node else node
    if node is None or is_scalar(node):
        return node
    scenario = evaluation.scenario
    if scenario.depth > MAX_DEPTH:
        return Unresolved(node)
    scenario.depth += 1
    value = _evaluate_container(evaluation, node)
    scenario.depth -= 1
    return value


def _evaluate_container(evaluation: Evaluation, node: Any) -> Any:  # noqa: ANN401 - JSON
    if is_mapping(node):
        if _has_function(tuple(node)):
            return _call(evaluation, node)
        return {
            key: evaluated
            for key, value in node.items()
            # Most values are texts and numbers, and a call for each of them would take time.
            if (
                evaluated := value
                if type(value) in _NUMBERS
                or (type(value) is str and _DYNAMIC_REFERENCE not in value)
                else evaluate(evaluation, value)
            )
            is not NO_VALUE
        }
    if is_list(node):
        return [each for item in node if (each := evaluate(evaluation, item)) is not NO_VALUE]
    return node


# Most objects of an app have the same few combinations of keys.
@lru_cache(maxsize=1024)
def _has_function(keys: tuple[Any, ...]) -> bool:
    return any(map(is_function, keys))


def _call(evaluation: Evaluation, node: Mapping[Any, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return the value of an intrinsic function."""
    if len(node) > 1:
        return Unresolved(node)
    ((name, argument),) = node.items()
    function = _FUNCTIONS.get(name)
    return function(evaluation, argument, node) if function else Unresolved(node)


def text_parts(evaluation: Evaluation, node: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """Return the parts of an expression of a text; ``None`` if it is no text."""
    if is_mapping(node) and len(node) == 1:
        ((function, argument),) = node.items()
        if function == "Fn::Sub":
            return _sub_parts(evaluation, argument)
        if function == "Fn::Join":
            return _join_parts(evaluation, argument)
    return _part(evaluation.evaluate(node))


def _part(value: object) -> Parts | None:
    if isinstance(value, Unresolved):
        return [value]
    return [to_text(value)] if is_scalar(value) else None


def _joined(parts: Parts | None, node: object) -> str | Unresolved:
    """Return the text of the parts if all of them are known; ``None`` is a wrong expression."""
    if parts is None:
        return Unresolved(node)
    text = "".join(part for part in parts if isinstance(part, str))
    if _DYNAMIC_REFERENCE not in text and all(isinstance(part, str) for part in parts):
        return text
    # A text that consists of one reference only is that reference.
    (first, *others) = parts
    refers_to = first.refers_to if isinstance(first, Unresolved) and not others else None
    candidates = first.candidates if isinstance(first, Unresolved) else ()
    known = list(_known_parts(parts))
    return Unresolved(
        node,
        refers_to,
        tuple(each if isinstance(each, str) else None for each in known),
        candidates,
        tuple(each for each in known if not isinstance(each, str)),
    )


def _known_parts(parts: Parts) -> Iterator[str | Reference | None]:
    """Yield the known parts, and a reference or ``None`` for each other one.

    All are unknown from a dynamic reference.
    """
    for part in parts:
        for each in parts_of(part) if isinstance(part, Unresolved) else (part,):
            if isinstance(each, str) and _DYNAMIC_REFERENCE in each:
                yield each.partition(_DYNAMIC_REFERENCE)[0]
                yield None
                return
            yield each


def _flat(parts: list[Parts | None]) -> Parts | None:
    """Return all parts without empty ones; ``None`` if one of them is no text."""
    flat: Parts = []
    for each in parts:
        if each is None:
            return None
        flat += (part for part in each if part)
    return flat


def _sub_parts(evaluation: Evaluation, argument: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """Return the parts of ``Fn::Sub``."""
    values: Any = {}
    if is_list(argument):
        if len(argument) != 2 or not is_mapping(argument[1]):  # noqa: PLR2004 - text and values
            return None
        argument, values = argument
    if not isinstance(argument, str):
        return None
    return _flat(list(_substituted(evaluation, argument, values)))


def _substituted(
    evaluation: Evaluation,
    text: str,
    values: Any,  # noqa: ANN401 - JSON
) -> Iterator[Parts | None]:
    for position, each in enumerate(SUB_VARIABLE.split(text)):
        if position % 2 == 0:  # between the variables
            yield [each]
        elif (name := each.strip()).startswith("!"):
            yield [f"${{{name[1:]}}}"]
        else:
            yield _variable_value(evaluation, name, values)


def _variable_value(evaluation: Evaluation, name: str, values: Any) -> Parts | None:  # noqa: ANN401
    if name in values:
        return _part(evaluation.evaluate(values[name]))
    logical_id, dot, attribute = name.partition(".")
    node = {"Fn::GetAtt": [logical_id, attribute]} if dot else {"Ref": name}
    return _part(evaluation.evaluate(node))


def _join_parts(evaluation: Evaluation, argument: Any) -> Parts | None:  # noqa: ANN401 - JSON
    """Return the parts of ``Fn::Join``."""
    if not is_list(argument) or len(argument) != 2:  # noqa: PLR2004 - the delimiter and the list
        return None
    delimiter, items = (evaluation.evaluate(each) for each in argument)
    if not isinstance(delimiter, str) or not is_list(items):
        return None
    parts: list[Parts | None] = []
    for item in items:
        parts.append([delimiter])
        parts.append(_part(item))
    return _flat(parts[1:])


def _sub(evaluation: Evaluation, argument: object, node: object) -> Any:  # noqa: ANN401 - JSON
    return _joined(_sub_parts(evaluation, argument), node)


def _join(evaluation: Evaluation, argument: object, node: object) -> Any:  # noqa: ANN401 - JSON
    return _joined(_join_parts(evaluation, argument), node)


def _ref(evaluation: Evaluation, name: object, node: object) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(name, str):
        return Unresolved(node)
    if name.startswith("AWS::"):
        return evaluate_pseudo_parameter(evaluation, name, node)
    if name in evaluation.template.parameters:
        return evaluate_parameter(evaluation, name, node)
    return Unresolved(node, evaluation.template.reference(name, None))


def _get_att(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(argument, str):
        argument = list(argument.partition(".")[::2])
    if is_list(argument) and len(argument) == 2:  # noqa: PLR2004 - the resource and the attribute
        name, attribute = argument
        if isinstance(name, str) and isinstance(attribute, str):
            template = evaluation.template
            if attribute.startswith(OUTPUTS) and name in template.input.nested:
                output = attribute.removeprefix(OUTPUTS)
                found = find_nested_output(evaluation.scenario.app, template, name, output)
                if found is not None:
                    return _output_value(evaluation, found, node)
            return Unresolved(node, evaluation.template.reference(name, attribute))
    return Unresolved(node)


def branch_of(evaluation: Evaluation, argument: Any) -> int | None:  # noqa: ANN401 - JSON
    """Return the index of the branch of ``Fn::If``; ``None`` if the condition is unknown."""
    if not is_list(argument) or len(argument) != 3 or not isinstance(argument[0], str):  # noqa: PLR2004
        return None
    result = condition_holds(evaluation, argument[0])
    return None if result is None else 1 if result else 2


def _if(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    branch = branch_of(evaluation, argument)
    return Unresolved(node) if branch is None else evaluate(evaluation, argument[branch])


def _find_in_map(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    """Return a value of a map; if a key is unknown, the value that all entries have."""
    if not is_list(argument) or len(argument) not in {_KEYS, _KEYS + 1}:
        return Unresolved(node)
    name, *keys = (evaluation.evaluate(each) for each in argument[:_KEYS])
    map_ = evaluation.template.mappings.get(name) if isinstance(name, str) else None
    if not is_mapping(map_):
        return Unresolved(node)
    options = argument[_KEYS] if len(argument) > _KEYS else None
    candidates = [*_map_values(map_, keys, options)]
    values = [each[0] for each in candidates if each]
    if len(values) < len(candidates) or len(set(map(canonical_key, values))) != 1:
        texts = [to_text(each) for each in values if is_scalar(each)]
        is_complete = len(texts) == len(candidates)
        return Unresolved(node, candidates=tuple(dict.fromkeys(texts)) if is_complete else ())
    return evaluation.evaluate(values[0])


def _map_values(map_: Any, keys: list[Any], options: Any) -> Iterator[tuple[Any] | None]:  # noqa: ANN401
    """Yield each possible value of a map in a tuple; ``None`` for a missing one."""
    default = options.get("DefaultValue") if is_mapping(options) else None
    missing = None if default is None else (default,)
    entries = list(_entries(map_, keys[0]))
    if not is_scalar(keys[0]) and missing:
        yield missing
    for entry in entries:
        values = list(_entries(entry[0], keys[1])) if entry and is_mapping(entry[0]) else [None]
        if not is_scalar(keys[1]) and missing:
            yield missing
        yield from (value or missing for value in values)


def _entries(map_: Any, key: object) -> Iterator[tuple[Any] | None]:  # noqa: ANN401 - JSON
    """Yield the entry of a key in a tuple; every entry if the key is unknown."""
    if not is_scalar(key):
        yield from ((value,) for value in map_.values())
    elif key in map_:
        yield (map_[key],)
    else:  # a YAML parser reads an account id as a number
        same_text = [
            value
            for each, value in map_.items()
            if is_scalar(each) and to_text(each) == to_text(key)
        ]
        yield (same_text[0],) if same_text else None


def _split(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    values = evaluation.evaluate(argument)
    if is_list(values) and len(values) == 2:  # noqa: PLR2004 - the delimiter and the text
        delimiter, text = values
        if isinstance(delimiter, str) and delimiter and isinstance(text, str):
            return text.split(delimiter)
    return Unresolved(node)


def _select(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    if not is_list(argument) or len(argument) != 2:  # noqa: PLR2004 - the index and the list
        return Unresolved(node)
    index, items = (evaluation.evaluate(each) for each in argument)
    # AWS does not document whether an item with AWS::NoValue counts.
    written = len(argument[1]) if is_list(argument[1]) else None
    if not is_list(items) or (written is not None and written != len(items)):
        return Unresolved(node)
    position = convert_scalar(_INDEX, index)
    is_index = is_integer(position) and 0 <= position < len(items)
    return items[position] if is_index else Unresolved(node)


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
    export = find_export(evaluation, name, evaluation.template) if isinstance(name, str) else None
    return _output_value(evaluation, export, node)


def _get_stack_output(evaluation: Evaluation, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    given = evaluation.evaluate(argument)
    if not is_mapping(given):
        return Unresolved(node)
    stack, output, region = (given.get(each) for each in ("StackName", "OutputName", "Region"))
    if not isinstance(stack, str) or not isinstance(output, str):
        return Unresolved(node)
    scenario, reader = evaluation.scenario, evaluation.template
    name = region if isinstance(region, str) else None
    return _output_value(evaluation, find_output(scenario.app, stack, output, name, reader), node)


def _output_value(evaluation: Evaluation, export: Export | None, node: object) -> Any:  # noqa: ANN401
    """Return the value of an output of another template."""
    if export is None:
        return Unresolved(node)
    exporter = evaluation.within(export.template)
    key = (_output_value, export.template.index, export.output)
    value: Any = evaluation.scenario.compute_once(
        key, lambda: exporter.evaluate(export.value), None
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
    "Fn::FindInMap": _find_in_map,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ImportValue": _import_value,
    "Fn::GetStackOutput": _get_stack_output,
}
"""Evaluated functions; the value of every other function is unresolved."""
