"""``Fn::FindInMap``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_epc.spec.unresolved import Unknown, is_list, is_mapping
from cdk_epc.templates.expressions import canonical
from cdk_epc.templates.scalars import is_scalar, text
from cdk_epc.templates.scenarios import Scope

_KEYS = 3


def find_in_map(scope: Scope, argument: Any, node: object) -> Any:  # noqa: ANN401 - JSON
    """The value in a mapping; where a key is unknown, the value that all entries agree on."""
    if not is_list(argument) or len(argument) not in {_KEYS, _KEYS + 1}:
        return Unknown(node)
    name, *keys = (scope.evaluate(each) for each in argument[:_KEYS])
    table = scope.source.mappings.get(name) if isinstance(name, str) else None
    if not is_mapping(table):
        return Unknown(node)
    options = argument[_KEYS] if len(argument) > _KEYS else None
    found = [*_found(table, keys, options)]
    there = [each[0] for each in found if each]
    if len(there) < len(found) or len(set(map(canonical, there))) != 1:
        return Unknown(node)
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
