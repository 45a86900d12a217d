"""Values of YAML scalars, by YAML 1.1 and as PyYAML's ``SafeLoader`` reads them.

There are three differences to ``SafeLoader``: timestamps stay text, because CloudFormation does not
support them and ``2012-10-17`` is a policy version; infinity, NaN and numbers out of range stay
text, because JSON has none of them; and a number without digits, such as ``0x_``, is text, where
``SafeLoader`` crashes.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from cdk_epc.parsing.document import MAX_DIGITS
from cdk_epc.parsing.positions import quoted

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


def plain_scalar(text: str) -> Scalar:
    """Return the value of a scalar without quotes and without a tag."""
    start = text[:1]
    if start in _NUMBER_STARTS:
        number = number_of(text)
        return text if number is None else number
    if start in _WORD_STARTS or not start:
        return _WORDS.get(text, text)
    return text


def number_of(text: str) -> int | float | None:
    """Return the value of a number; ``None`` for other text and for numbers that JSON lacks."""
    if len(text) > MAX_DIGITS:
        return None
    try:
        if _INTEGER.fullmatch(text):
            return _in_range(_integer(text.replace("_", "")))
        if _FLOAT.fullmatch(text):
            return _in_range(_float(text.replace("_", "")))
    except ValueError:  # underscores without digits
        return None
    return None


def _in_range(number: _Number) -> _Number | None:
    return number if abs(number) <= sys.float_info.max else None


def _integer(text: str) -> int:
    sign, digits = _signed(text)
    if ":" in digits:
        return sign * _base_60([int(part) for part in digits.split(":")])
    if digits[:2] in {"0b", "0x"}:
        return sign * int(digits[2:], 2 if digits[1] == "b" else 16)
    return sign * int(digits, 8 if digits[0] == "0" else 10)


def _float(text: str) -> float:
    sign, digits = _signed(text)
    if ":" not in digits:
        return sign * float(digits)
    *whole, last = digits.split(":")
    return sign * (_base_60([int(part) for part in whole]) * 60 + float(last))


def _signed(text: str) -> tuple[int, str]:
    return (-1 if text[0] == "-" else 1), text.lstrip(_SIGNS)


def _base_60(parts: list[int]) -> int:
    value = 0
    for part in parts:
        value = value * 60 + part
    return value


_NAMES: Final = (
    *("Base64", "Cidr", "FindInMap", "ForEach", "GetAtt", "GetAZs", "GetStackOutput"),
    *("ImportValue", "Join", "Length", "Select", "Split", "Sub", "ToJsonString", "Transform"),
    *("And", "Equals", "If", "Not", "Or"),
    # Only allowed in the section Rules.
    *("Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll"),
)
FUNCTIONS: Final = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _NAMES},
}
"""Long forms of the short forms of intrinsic functions."""

_STANDARD: Final = "tag:yaml.org,2002:"
TEXT_TAGS: Final = frozenset({"!", f"{_STANDARD}str"})
"""Tags of text; ``!`` is the tag of a quoted scalar."""

COLLECTIONS: Final = {f"{_STANDARD}seq": list, f"{_STANDARD}map": dict}


def short_form_argument(tag: str, text: str) -> str | list[str]:
    """Return the argument of a short form with a scalar, which is always text."""
    return text.split(".", 1) if tag == "!GetAtt" else text


def tagged_scalar(tag: str, text: str) -> Scalar:
    """Return the value of a scalar with a standard tag.

    Raises:
        KeyError: The tag is not a standard tag of data.
        ValueError: The text does not match the tag.
    """
    if tag in TEXT_TAGS:
        return text
    return _CONVERSIONS[tag](text)


def unknown_tag(tag: str) -> tuple[str, str]:
    """Return the problem of an unknown tag and its fix."""
    short = "!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag
    # Imported here, because only this message needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    similar = get_close_matches(short[:60], FUNCTIONS, 1)
    fix = f"did you mean {similar[0]}?" if similar else "remove the tag"
    return f"the tag {quoted(short)} is not a short form of CloudFormation", fix


def _number(text: str) -> int | float:
    number = number_of(text)
    if number is None:
        raise ValueError
    return number


def _tagged_integer(text: str) -> int:
    number = _number(text)
    if isinstance(number, float):
        raise ValueError  # noqa: TRY004 - the text is wrong, not its Python type
    return number


def _boolean(text: str) -> bool:
    if text not in BOOLEANS:
        raise ValueError
    return BOOLEANS[text]


def _null(text: str) -> None:
    if text not in NULLS:
        raise ValueError


_CONVERSIONS: Final[dict[str, Callable[[str], Scalar]]] = {
    f"{_STANDARD}int": _tagged_integer,
    f"{_STANDARD}float": lambda text: float(_number(text)),
    f"{_STANDARD}bool": _boolean,
    f"{_STANDARD}null": _null,
}
