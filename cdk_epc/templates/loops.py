"""Loops of the transform ``AWS::LanguageExtensions``, which CloudFormation expands first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import SCALAR_TYPES, is_list, is_mapping
from cdk_epc.templates.expressions import MAX_DEPTH, is_scalar, to_text

_LOOP: Final = "Fn::ForEach::"
_BODY: Final = 2
"""Index of the body in the argument of a loop, after the identifier and the collection."""
_MAX_LOOPS: Final = 5
"""Depth of nested loops up to which CloudFormation expands them."""
_MAX_NODES: Final = 40_000
"""Values of expanded resources that are read; templates have at most 500 resources."""
_UNCHANGED: Final = SCALAR_TYPES - {str}
_NOT_IN_IDS: Final = re.compile("[^A-Za-z0-9]")

Placed: TypeAlias = tuple[Any, Any, Path]
"""Key, value and position in the template of an entry of a section."""


def is_loop(key: object) -> bool:
    """Return whether a key is that of a loop."""
    return isinstance(key, str) and key.startswith(_LOOP)


def expanded(
    section: Mapping[Any, Any], parameters: Mapping[str, Any], base: Path
) -> Iterator[Placed]:
    """Yield the entries of a section with those of its loops.

    A loop over values that are not known, or of too many values, remains an entry of its own.

    Args:
        section: Section of a template.
        parameters: Declared parameters.
        base: Position of the section in the template.
    """
    yield from _Expansion(parameters).entries(section, base, 0)


class _Expansion:
    """Expansion of the loops of one section, up to a number of values."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._nodes = 0

    def entries(self, section: Mapping[Any, Any], base: Path, depth: int) -> Iterator[Placed]:
        for key, value in section.items():
            loop = self._read(value) if is_loop(key) and depth < _MAX_LOOPS else None
            if loop is None:
                yield key, value, (*base, key)
                continue
            identifier, items, body = loop
            for item in items:
                for inner, each, place in self.entries(body, (*base, key, _BODY), depth + 1):
                    if self._nodes > _MAX_NODES:
                        return
                    yield (
                        self._text(str(inner), identifier, item),
                        self._value(each, identifier, item, 0),
                        place,
                    )

    def _read(self, argument: Any) -> tuple[str, Sequence[str], Mapping[Any, Any]] | None:  # noqa: ANN401
        """Return identifier, values and body of a loop; ``None`` if they are not known."""
        if not is_list(argument) or len(argument) != _BODY + 1:
            return None
        identifier, collection, body = argument
        if not isinstance(identifier, str) or not is_mapping(body):
            return None
        items = self._items(collection)
        return None if items is None else (identifier, items, body)

    def _items(self, collection: Any) -> Sequence[str] | None:  # noqa: ANN401 - JSON
        if is_list(collection) and all(map(is_scalar, collection)):
            return [to_text(each) for each in collection]
        if is_mapping(collection) and len(collection) == 1:
            name = collection.get("Ref")
            declaration = self._parameters.get(name) if isinstance(name, str) else None
            default = declaration.get("Default") if is_mapping(declaration) else None
            if is_scalar(default) and to_text(default):
                return [each.strip() for each in to_text(default).split(",")]
        return None

    def _value(self, node: Any, identifier: str, item: str, depth: int) -> Any:  # noqa: ANN401
        """Return an expression of the body for one value of the loop."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > _MAX_NODES or type(node) in _UNCHANGED:
            return node
        if isinstance(node, str):
            return self._text(node, identifier, item)
        if is_list(node):
            return [self._value(each, identifier, item, depth + 1) for each in node]
        return self._mapping(node, identifier, item, depth) if is_mapping(node) else node

    def _mapping(
        self, node: Mapping[Any, Any], identifier: str, item: str, depth: int
    ) -> str | dict[Any, Any]:
        if len(node) == 1 and node.get("Ref") == identifier:
            return item
        entries: dict[Any, Any] = {}
        for key, value, _ in self.entries(node, (), 0):
            name = self._text(key, identifier, item) if isinstance(key, str) else key
            entries[name] = self._value(value, identifier, item, depth + 1)
        text = entries.get("Fn::Sub") if len(entries) == 1 else None
        # The extensions allow Fn::Sub in the arguments of Ref and Fn::GetAtt.
        return text if isinstance(text, str) and "${" not in text else entries

    def _text(self, text: str, identifier: str, item: str) -> str:
        if identifier not in text:
            return text
        replaced = text.replace(f"${{{identifier}}}", item)
        return replaced.replace(f"&{{{identifier}}}", _NOT_IN_IDS.sub("", item))
