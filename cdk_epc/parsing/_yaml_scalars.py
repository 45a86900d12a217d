"""Plain YAML scalars to values, as YAML 1.1 and PyYAML's ``SafeLoader`` read them.

Three differences. Timestamps stay text, for CloudFormation does not support them and
``2012-10-17`` is a version. Infinity, NaN and numbers out of range stay text, for JSON has none of
them. A number without digits, such as ``0x_``, is text where ``SafeLoader`` crashes.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import re
import sys
from typing import Final, TypeAlias, TypeVar

from cdk_epc.parsing.limits import MOST_DIGITS

Scalar: TypeAlias = "str | int | float | bool | None"
_Number = TypeVar("_Number", int, float)

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS: Final = {
    written: value
    for value, words in ((True, ("yes", "true", "on")), (False, ("no", "false", "off")))
    for word in words
    for written in (word, word.capitalize(), word.upper())
}
_WORDS: Final[dict[str, Scalar]] = {**BOOLEANS, **dict.fromkeys(NULLS)}
_WORD_STARTS: Final = frozenset(word[0] for word in _WORDS if word)
_SIGNS: Final = "+-"
_NUMBER_STARTS: Final = frozenset("-+0123456789.")
_INTEGER: Final = re.compile(
    r"[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
    r"|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+"
)
_FLOAT: Final = re.compile(
    r"[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
)


def plain(text: str) -> Scalar:
    """The value of a scalar without quotes and without a tag."""
    start = text[:1]
    if start in _NUMBER_STARTS:
        number = number_of(text)
        return text if number is None else number
    if start in _WORD_STARTS or not start:
        return _WORDS.get(text, text)
    return text


def number_of(text: str) -> int | float | None:
    """The number, or ``None`` if it is none that YAML and JSON both have."""
    if len(text) > MOST_DIGITS:
        return None
    try:
        if _INTEGER.fullmatch(text):
            return _in_range(_integer(text.replace("_", "")))
        if _FLOAT.fullmatch(text):
            return _in_range(_float(text.replace("_", "")))
    except ValueError:  # only underscores where the digits should be
        return None
    return None


def _in_range(number: _Number) -> _Number | None:
    return number if abs(number) <= sys.float_info.max else None


def _integer(text: str) -> int:
    sign, digits = _signed(text)
    if ":" in digits:
        return sign * _of_sixties([int(part) for part in digits.split(":")])
    if digits[:2] in {"0b", "0x"}:
        return sign * int(digits[2:], 2 if digits[1] == "b" else 16)
    return sign * int(digits, 8 if digits[0] == "0" else 10)


def _float(text: str) -> float:
    sign, digits = _signed(text)
    if ":" not in digits:
        return sign * float(digits)
    *whole, last = digits.split(":")
    return sign * (_of_sixties([int(part) for part in whole]) * 60 + float(last))


def _signed(text: str) -> tuple[int, str]:
    return (-1 if text[0] == "-" else 1), text.lstrip(_SIGNS)


def _of_sixties(parts: list[int]) -> int:
    value = 0
    for part in parts:
        value = value * 60 + part
    return value
