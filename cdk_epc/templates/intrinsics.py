"""Expressions of a template, worked out in a scenario as far as they can be known.

The result is JSON in which every value that only the deployment knows is an `Unknown`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from cdk_epc.spec.fields import Bounds
from cdk_epc.spec.unresolved import (
    Unknown,
    is_list,
    is_mapping,
    is_whole,
)
from cdk_epc.templates.conditions import holds
from cdk_epc.templates.expressions import DEEPEST, is_function
from cdk_epc.templates.maps import find_in_map
from cdk_epc.templates.parameters import NO_VALUE, from_another, parameter, pseudo_parameter
from cdk_epc.templates.scalars import converted, is_scalar
from cdk_epc.templates.scenarios import Scope
from cdk_epc.templates.texts import DYNAMIC, joined, parts_of_join, parts_of_sub

Function: TypeAlias = Callable[[Scope, Any, Any], Any]
"""Takes where it is worked out, its argument, and itself as it is written."""
_INDEX: Final = Bounds(int)


def evaluate(scope: Scope, node: Any) -> Any:  # noqa: ANN401 - JSON
    """Work out an expression, with everything in it."""
    if isinstance(node, str):
        return Unknown(node) if DYNAMIC in node else node
    if node is None or is_scalar(node):
        return node
    run = scope.run
    if run.depth > DEEPEST:
        return Unknown(node)
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
        return Unknown(node)
    ((name, argument),) = node.items()
    function = _FUNCTIONS.get(name)
    return function(scope, argument, node) if function else Unknown(node)


def _ref(scope: Scope, name: object, node: object) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(name, str):
        return Unknown(node)
    if name.startswith("AWS::"):
        return pseudo_parameter(scope, name, node)
    if name in scope.source.parameters:
        return parameter(scope, name, node)
    return Unknown(node, scope.source.reference(name, None))


def _get_att(scope: Scope, argument: Any, node: object) -> Unknown:  # noqa: ANN401 - JSON
    if isinstance(argument, str):
        argument = list(argument.partition(".")[::2])
    if is_list(argument) and len(argument) == 2:  # noqa: PLR2004 - the resource and the attribute
        name, attribute = argument
        if isinstance(name, str) and isinstance(attribute, str):
            return Unknown(node, scope.source.reference(name, attribute))
    return Unknown(node)


def _if(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    branch = branch_of(scope, argument)
    return Unknown(node) if branch is None else evaluate(scope, argument[branch])


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
    return Unknown(node)


def _select(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    if not is_list(argument) or len(argument) != 2:  # noqa: PLR2004 - the index and the list
        return Unknown(node)
    index, items = (scope.evaluate(each) for each in argument)
    # Where an item comes to nothing, nobody says which are counted.
    written = len(argument[1]) if is_list(argument[1]) else None
    if not is_list(items) or (written is not None and written != len(items)):
        return Unknown(node)
    at = converted(_INDEX, index)
    return items[at] if is_whole(at) and 0 <= at < len(items) else Unknown(node)


def _base64(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    value = scope.evaluate(argument)
    if not isinstance(value, str):
        return Unknown(node)
    return base64.b64encode(value.encode(errors="surrogatepass")).decode()


def _length(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    value = scope.evaluate(argument)
    return len(value) if is_list(value) else Unknown(node)


def _import_value(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    name = scope.evaluate(argument)
    export = scope.run.app.export(name, scope.source) if isinstance(name, str) else None
    if export is None:
        return Unknown(node)
    inside = scope.within(export.source)
    place = (_import_value, export.source.index, export.output)
    value: Any = scope.run.once(place, lambda: inside.evaluate(export.value), None)
    return value if is_scalar(value) else Unknown(node, from_another(value, export.source))


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
