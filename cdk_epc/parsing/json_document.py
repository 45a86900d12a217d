"""JSON, by the scanner of the standard library; positions are worked out when asked for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias, cast

import attrs

from cdk_epc.parsing.document import (
    MOST_DIGITS,
    MOST_LEVELS,
    MOST_VALUES,
    Position,
    UnusableInputError,
)
from cdk_epc.parsing.positions import located, shown, unusable_at
from cdk_epc.spec.fields import Path

_Wanted: TypeAlias = "dict[str | int, _Wanted]"  # the steps from here that are asked for

# What is not asked for is skipped by reading it: the scanner in C does that fastest.
_DECODER: Final = json.JSONDecoder()
_BLANKS: Final = re.compile(r"[ \t\n\r]*")


def offsets_of(text: str, places: Iterable[Path]) -> dict[Path, int]:
    """Where the places and their parents start, as far as they are there.

    Args:
        text: JSON that was read without fault.
        places: Places in it; of a member, the key counts, of a list's element its own start.
    """
    wanted: _Wanted = {}
    for place in places:
        here = wanted
        for step in place:
            here = here.setdefault(step, {})
    pass_ = _Pass(text)
    root = pass_.skip(0)
    pass_.offsets[()] = root
    pass_.value(root, wanted, ())
    return pass_.offsets


class _Pass:
    """One pass over a text; it recurses as deep as the places that are asked for do."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets: dict[Path, int] = {}

    def skip(self, at: int) -> int:
        """The end of the blanks here."""
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, wanted: _Wanted, place: Path) -> int:
        """Go through a value that starts here; the end of it."""
        if wanted and self.text[at] == "{":
            return self.members(at + 1, wanted, place)
        if wanted and self.text[at] == "[":
            return self.items(at + 1, wanted, place)
        return _DECODER.raw_decode(self.text, at)[1]

    def members(self, at: int, wanted: _Wanted, place: Path) -> int:
        """Go through the members of an object; the end of it."""
        at = self.skip(at)
        while self.text[at] != "}":
            start = at
            key, at = _DECODER.raw_decode(self.text, at)
            at = self.skip(self.skip(at) + 1)  # the colon stands between
            at = self.step(start, at, wanted, (*place, key))
        return at + 1

    def items(self, at: int, wanted: _Wanted, place: Path) -> int:
        """Go through the elements of a list; the end of it."""
        at, index = self.skip(at), 0
        while self.text[at] != "]":
            at = self.step(at, at, wanted, (*place, index))
            index += 1
        return at + 1

    def step(self, start: int, at: int, wanted: _Wanted, place: Path) -> int:
        """Note where a member or an element starts; the start of the next, or the end of all."""
        below = wanted.get(place[-1])
        if below is not None:
            self.offsets[place] = start
        at = self.skip(self.value(at, below or {}, place))
        return self.skip(at + 1) if self.text[at] == "," else at


# A number ends where json's own scanner ends it, whatever comes next.
_TOKEN: Final = re.compile(r"-?Infinity|NaN|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[^ \t\n\r]")
_DIGITS: Final = frozenset("0123456789")
_CONSTANTS: Final = frozenset({"NaN", "Infinity", "-Infinity"})


def violation_in(text: str) -> UnusableInputError:
    """The error about the first fault.

    There is none only where the caller's own stack left no room to read the text.
    """
    for offset, wrong, fix in _violations(text):
        return unusable_at(text, offset, wrong, fix)
    return UnusableInputError(f"it is nested too deep; {MOST_LEVELS} levels are read at most")


def _violations(text: str) -> Iterator[tuple[int, str, str]]:
    """Offsets, with what is wrong there and what to do."""
    opened: list[set[str] | None] = []  # keys so far; None for a list
    is_key = False
    for offset, part, string in _tokens(text):
        keys = opened[-1] if opened else None
        if string is not None and is_key and keys is not None:
            if string in keys:
                yield offset, f"the key {shown(string)} is there twice", "take one of them out"
            keys.add(string)
        elif part in {"[", "{"}:
            opened.append(set() if part == "{" else None)
            if len(opened) > MOST_LEVELS:
                wrong = f"it is nested more than {MOST_LEVELS} levels deep"
                yield offset, wrong, "nothing in AWS is, so write it flatter"
        elif part in {"]", "}"}:
            opened.pop()
        else:
            yield from ((offset, *words) for words in _number_violations(part))
        is_key = part in {"{", ","}


def _tokens(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Offset, token, and what it stands for if it is a string."""
    at = 0
    while found := _TOKEN.search(text, at):
        at = found.end()
        string = None
        if found[0] == '"':
            string, at = _DECODER.raw_decode(text, found.start())
        yield found.start(), found[0], string


def _number_violations(token: str) -> Iterator[tuple[str, str]]:
    if token in _CONSTANTS:
        yield f"{token} is no JSON", "write a number, or leave the member out"
    elif len(token) > MOST_DIGITS and token.removeprefix("-").isdecimal():
        yield f"a number has {len(token):,} digits, more than {MOST_DIGITS}", "shorten it"
    elif token[-1] in _DIGITS and math.isinf(float(token)):
        yield f"the number {shown(token)} is out of range", "write a smaller one"


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
        data = _DECODER_JSON_DOCUMENT.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(text, error) from None
    except (_RefusedError, RecursionError):
        raise violation_in(text) from None
    if _is_too_deep(data):
        raise violation_in(text)
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


_DECODER_JSON_DOCUMENT: Final = json.JSONDecoder(
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
