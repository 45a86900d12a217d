"""Syntax of template expressions: scalars, intrinsic functions and the names in them."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator
from typing import Any, Final, TypeAlias, TypeGuard

from cdk_epc.spec.fields import Bounds
from cdk_epc.spec.unresolved import is_list, is_mapping

MAX_DEPTH: Final = 50
"""Depth to which expressions are read; deeper ones are unresolved. Templates have a few levels."""
SUB_VARIABLE: Final = re.compile(r"\$\{([^${}]*)\}")
"""Variable of ``Fn::Sub``; ``${!Name}`` is the literal text ``${Name}``."""

Scalar: TypeAlias = str | int | float | bool

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,30}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_BOOLEANS: Final = {"true": True, "false": False}
_MAX_BITS: Final = 1024
"""Bits of an integer; Python limits the length of those that it converts to text."""


def is_scalar(value: object) -> TypeGuard[Scalar]:
    """Return whether a value is a text, number or boolean that can be written as text."""
    if isinstance(value, int):
        return value.bit_length() <= _MAX_BITS
    return isinstance(value, str | float)


def to_text(value: Scalar) -> str:
    """Return a scalar as the text that CloudFormation makes of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def convert_scalar(bounds: Bounds, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a scalar in the type of its member, where CloudFormation converts it."""
    if type(value) is bounds.kind or not is_scalar(value):
        return value
    if bounds.kind is str:
        return to_text(value)
    if bounds.kind is int:
        return _to_integer(value)
    if bounds.kind is bool:
        return _BOOLEANS.get(value.lower(), value) if isinstance(value, str) else value
    return _to_number(value)


def _to_integer(value: Scalar) -> Scalar:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value


def _to_number(value: Scalar) -> Scalar:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return value
    return int(value) if _WHOLE.fullmatch(value) else float(value)


def is_function(key: object) -> bool:
    """Return whether a key is the name of an intrinsic function, a known or an unknown one."""
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))


def canonical_key(node: object, depth: int = 0) -> Hashable:
    """Return a key that is equal for equal expressions, independent of the order of members."""
    if depth > MAX_DEPTH:
        return id(node)
    if is_mapping(node):
        return frozenset((str(key), canonical_key(value, depth + 1)) for key, value in node.items())
    if is_list(node):
        return tuple(canonical_key(item, depth + 1) for item in node)
    return to_text(node) if is_scalar(node) else id(node)


NESTED_OUTPUT: Final = "Outputs of a nested stack"
"""Function of the names of outputs of nested stacks."""
OUTPUTS: Final = "Outputs."
"""Beginning of the attributes of a nested stack that are its outputs."""


def names_in(node: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield every name in an expression with its function.

    The functions are ``Ref``, ``Fn::GetAtt`` (with the logical id only), ``Fn::ImportValue`` and
    ``Fn::GetStackOutput`` (as ``stack.output`` or ``stack.output.region``). A variable of
    ``Fn::Sub`` is a ``Ref`` or ``Fn::GetAtt``. An output of a nested stack is also yielded as
    `NESTED_OUTPUT` (as ``logical id.output``).
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
    """Yield the names in one function as `names_in` does, without those in nested functions."""
    if isinstance(value, str):
        if key in {"Ref", "Fn::ImportValue"}:
            yield str(key), value
        elif key == "Fn::GetAtt":
            yield from _attribute_names(*value.partition(".")[::2])
        elif key == "Fn::Sub":
            yield from _variable_names(value)
    elif is_list(value) and value and isinstance(value[0], str):
        if key == "Fn::GetAtt":
            yield from _attribute_names(value[0], value[-1])
        elif key == "Fn::Sub":
            yield from _variable_names(value[0])
    elif key == "Fn::GetStackOutput" and is_mapping(value):
        # Names of stacks, outputs and regions have no dots.
        parts = [value.get(each) for each in ("StackName", "OutputName", "Region")]
        texts = [each for each in parts if isinstance(each, str)]
        if texts == parts[: len(texts)] and len(texts) > 1:
            yield str(key), ".".join(texts)


def _variable_names(text: str) -> Iterator[tuple[str, str]]:
    for match in SUB_VARIABLE.finditer(text):
        name, dot, attribute = match[1].partition(".")
        if dot:
            yield from _attribute_names(name, attribute)
        else:
            yield "Ref", name


def _attribute_names(name: str, attribute: object) -> Iterator[tuple[str, str]]:
    yield "Fn::GetAtt", name
    if isinstance(attribute, str) and attribute.startswith(OUTPUTS):
        yield NESTED_OUTPUT, f"{name}.{attribute.removeprefix(OUTPUTS)}"
