"""YAML tags: CloudFormation's short forms, and the few others that are data.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cdk_epc.parsing._yaml_scalars import (
    BOOLEANS,
    NULLS,
    Scalar,
    number_of,
)
from cdk_epc.parsing.positions import shown

_NAMES: Final = (
    *("Base64", "Cidr", "FindInMap", "ForEach", "GetAtt", "GetAZs", "ImportValue", "Join"),
    *("Length", "Select", "Split", "Sub", "ToJsonString", "Transform"),
    *("And", "Equals", "If", "Not", "Or"),
    # Those that only the section Rules has.
    *("Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll"),
)
FUNCTIONS: Final = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _NAMES},
}
"""Short forms, with what they are written out as."""

_STANDARD: Final = "tag:yaml.org,2002:"
TEXT: Final = frozenset({"!", f"{_STANDARD}str"})
"""The tags of text; ``!`` is for quotes."""

COLLECTIONS: Final = {f"{_STANDARD}seq": list, f"{_STANDARD}map": dict}


def argument(tag: str, text: str) -> str | list[str]:
    """What a short form is given, where that is a scalar: text, whatever it looks like."""
    return text.split(".", 1) if tag == "!GetAtt" else text


def cast(tag: str, text: str) -> Scalar:
    """The value of a scalar with a standard tag.

    Raises:
        KeyError: The tag is none that data has, and nothing is run for one.
        ValueError: The text is none of its kind.
    """
    if tag in TEXT:
        return text
    return _CASTS[tag](text)


def unknown(tag: str) -> tuple[str, str]:
    """What is wrong with a tag that nobody knows, and what to do."""
    short = "!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag
    # Not above, for it is needed for this message alone.
    from difflib import get_close_matches  # noqa: PLC0415

    near = get_close_matches(short[:60], FUNCTIONS, 1)
    mend = f"did you mean {near[0]}?" if near else "take it out, CloudFormation does not know it"
    return f"the tag {shown(short)} is none of CloudFormation's", mend


def _number(text: str) -> int | float:
    number = number_of(text)
    if number is None:
        raise ValueError
    return number


def _integer(text: str) -> int:
    number = _number(text)
    if isinstance(number, float):
        raise ValueError  # noqa: TRY004 - the text is wrong, not its type
    return number


def _boolean(text: str) -> bool:
    if text not in BOOLEANS:
        raise ValueError
    return BOOLEANS[text]


def _null(text: str) -> None:
    if text not in NULLS:
        raise ValueError


_CASTS: Final[dict[str, Callable[[str], Scalar]]] = {
    f"{_STANDARD}int": _integer,
    f"{_STANDARD}float": lambda text: float(_number(text)),
    f"{_STANDARD}bool": _boolean,
    f"{_STANDARD}null": _null,
}
