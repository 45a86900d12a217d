"""JSON, by the scanner of the standard library; positions are worked out when asked for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import attrs

from cdk_epc.parsing.document import Position, UnusableInputError
from cdk_epc.parsing.json_faults import fault_in
from cdk_epc.parsing.json_places import offsets_of
from cdk_epc.parsing.limits import MOST_DIGITS, MOST_LEVELS, MOST_VALUES
from cdk_epc.parsing.positions import located, unusable_at
from cdk_epc.spec.paths import Path

# A pair of surrogates, a lone one, or any other escape; an escaped backslash is of the last kind.
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<lone>u[dD][89a-fA-F]..)|.)", re.DOTALL
)
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class NotJsonError(UnusableInputError):
    """It breaks JSON's grammar; it may be YAML, which can look much like JSON."""


class _RefusedError(Exception):
    """JSON's grammar allows it and we do not; what and where is looked up in the text."""


@attrs.frozen(eq=False)
class JsonDocument:
    """JSON that was read.

    Attributes:
        data: The whole of it.
        text: What it was read from.
    """

    data: Any
    text: str = attrs.field(repr=False)

    def positions(self, places: Iterable[Path]) -> Mapping[Path, Position]:
        """Where these stand: the key of a member, the start of an element of a list."""
        asked = list(places)
        return located(self.text, asked, offsets_of(self.text, asked))


def read_json(text: str) -> JsonDocument:
    """Read JSON.

    Raises:
        NotJsonError: It is none.
        UnusableInputError: It is, and has what nobody can make anything of: a key twice, lone
            surrogates, numbers out of range; or it is too deep or too long.
    """
    # Each value but the first comes right after one of these.
    if text.count(",") + text.count("[") + text.count("{") > MOST_VALUES:
        raise UnusableInputError(
            f"it may hold more than {MOST_VALUES:,} values; split it into several files"
        )
    try:
        data = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(text, error) from None
    except (_RefusedError, RecursionError):
        raise fault_in(text) from None
    if _is_too_deep(data):
        raise fault_in(text)
    _refuse_lone_surrogates(text)
    return JsonDocument(data, text)


def _not_json(text: str, error: json.JSONDecodeError) -> NotJsonError:
    wrong = error.msg[0].lower() + error.msg[1:].removesuffix(" at").removesuffix(" starting")
    if not text[error.pos :].strip():
        wrong = f"the text ends too early, {wrong}"
    return NotJsonError(*unusable_at(text, error.pos, f"it is not JSON: {wrong}", "mend it").args)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError
    return members


def _refuse(_: str) -> object:
    """``NaN`` and ``Infinity``, which Python reads and JSON does not have."""
    raise _RefusedError


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise _RefusedError
    return int(digits)


def _float(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise _RefusedError
    return number


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_constant=_refuse, parse_int=_integer, parse_float=_float
)


def _is_too_deep(data: object) -> bool:
    """Whether containers stand in containers beyond the limit; level by level, not recursing."""
    level: list[Any] = [data] if type(data) is dict or type(data) is list else []
    for _ in range(MOST_LEVELS):
        if not level:
            return False
        level = [
            child
            for each in level
            for child in _children(each)
            if type(child) is dict or type(child) is list
        ]
    return bool(level)


def _children(container: Any) -> Iterable[Any]:  # noqa: ANN401 - JSON
    return cast("dict[str, Any]", container).values() if type(container) is dict else container


def _refuse_lone_surrogates(text: str) -> None:
    if not _SURROGATE.search(text):
        return
    for escape in _ESCAPE.finditer(text):
        if escape["lone"]:
            wrong = f"half of a character, \\{escape['lone']}, stands without its other half"
            raise unusable_at(text, escape.start(), wrong, "write the character itself")
