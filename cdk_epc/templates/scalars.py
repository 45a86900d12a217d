"""Plain values as CloudFormation reads them: it converts text, numbers and flags to each other.

What it would not convert is left as it is, for the bounds rules to find.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final, TypeAlias, TypeGuard

from cdk_epc.spec.fields import Bounds

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


def converted(bounds: Bounds, value: Any) -> Any:  # noqa: ANN401 - JSON
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
