"""What an expression of a template is made of, before anybody works it out."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any, Final

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.scalars import is_scalar, text

DEEPEST: Final = 50
"""How deep expressions are read; what lies deeper is unknown. Nobody writes a tenth of that."""
VARIABLE: Final = re.compile(r"\$\{([^${}]*)\}")
"""What ``Fn::Sub`` replaces; ``${!Name}`` stands for ``${Name}`` itself."""


def is_function(key: object) -> bool:
    """Whether a key of a mapping makes it an intrinsic function, known or not."""
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))


def canonical(node: object, depth: int = 0) -> Hashable:
    """A key that two expressions share when they are written alike, whatever the order of keys."""
    if depth > DEEPEST:
        return id(node)
    if is_mapping(node):
        return frozenset((str(key), canonical(value, depth + 1)) for key, value in node.items())
    if is_list(node):
        return tuple(canonical(item, depth + 1) for item in node)
    return text(node) if is_scalar(node) else id(node)


def named(node: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every name that an expression mentions, with the function that mentions it.

    The functions are ``Ref``, ``Fn::GetAtt`` (the logical id alone) and ``Fn::ImportValue``; what
    ``Fn::Sub`` mentions counts as one of the first two.
    """
    if depth > DEEPEST:
        return
    if is_mapping(node):
        for key, value in node.items():
            yield from names_in(key, value)
            yield from named(value, depth + 1)
    elif is_list(node):
        for item in node:
            yield from named(item, depth + 1)


def names_in(key: object, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """What a function mentions itself, apart from what its arguments do; see `named`."""
    if isinstance(value, str):
        if key in {"Ref", "Fn::ImportValue"}:
            yield str(key), value
        elif key == "Fn::GetAtt":
            yield "Fn::GetAtt", value.partition(".")[0]
        elif key == "Fn::Sub":
            yield from _substituted(value)
    elif is_list(value) and value and isinstance(value[0], str):
        if key == "Fn::GetAtt":
            yield "Fn::GetAtt", value[0]
        elif key == "Fn::Sub":
            yield from _substituted(value[0])


def _substituted(value: str) -> Iterator[tuple[str, str]]:
    for found in VARIABLE.finditer(value):
        name, dot, _ = found[1].partition(".")
        yield ("Fn::GetAtt" if dot else "Ref"), name
