"""What an expression of a template is made of, before anybody works it out."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator
from typing import Any, Final, TypeAlias, TypeGuard

from cdk_epc.spec.fields import Bounds
from cdk_epc.spec.unresolved import is_list, is_mapping

Scalar: TypeAlias = str | int | float | bool

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,30}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_FLAGS: Final = {"true": True, "false": False}
_LONGEST: Final = 1024
"""Bits of a whole number; Python refuses to write far longer ones in digits."""


def is_scalar(value: object) -> TypeGuard[Scalar]:
    """Whether the value is a plain one that can be written as text."""
    if isinstance(value, int):
        return value.bit_length() <= _LONGEST
    return isinstance(value, str | float)


def text(value: Scalar) -> str:
    """A plain value as CloudFormation writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def convert_scalar(bounds: Bounds, value: Any) -> Any:  # noqa: ANN401 - JSON
    """A plain value of the kind that its member has, where CloudFormation would make it one."""
    if type(value) is bounds.kind or not is_scalar(value):
        return value
    if bounds.kind is str:
        return text(value)
    if bounds.kind is int:
        return _whole(value)
    if bounds.kind is bool:
        return _FLAGS.get(value.lower(), value) if isinstance(value, str) else value
    return _number(value)


def _whole(value: Scalar) -> Scalar:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value


def _number(value: Scalar) -> Scalar:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return value
    return int(value) if _WHOLE.fullmatch(value) else float(value)


MAX_DEPTH: Final = 50
"""How deep expressions are read; what lies deeper is unknown. Nobody writes a tenth of that."""
VARIABLE: Final = re.compile(r"\$\{([^${}]*)\}")
"""What ``Fn::Sub`` replaces; ``${!Name}`` stands for ``${Name}`` itself."""


def is_function(key: object) -> bool:
    """Whether a key of a mapping makes it an intrinsic function, known or not."""
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))


def canonical_key(node: object, depth: int = 0) -> Hashable:
    """A key that two expressions share when they are written alike, whatever the order of keys."""
    if depth > MAX_DEPTH:
        return id(node)
    if is_mapping(node):
        return frozenset((str(key), canonical_key(value, depth + 1)) for key, value in node.items())
    if is_list(node):
        return tuple(canonical_key(item, depth + 1) for item in node)
    return text(node) if is_scalar(node) else id(node)


def names_in(node: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every name that an expression mentions, with the function that mentions it.

    The functions are ``Ref``, ``Fn::GetAtt`` (the logical id alone) and ``Fn::ImportValue``; what
    ``Fn::Sub`` mentions counts as one of the first two.
    """
    if depth > MAX_DEPTH:
        return
    if is_mapping(node):
        for key, value in node.items():
            yield from function_names(key, value)
            yield from names_in(value, depth + 1)
    elif is_list(node):
        for item in node:
            yield from names_in(item, depth + 1)


def function_names(key: object, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
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
