"""JSON documents, parsed by the standard library; positions are computed on request."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, TypeAlias, cast

import attrs

from cdk_epc.parsing.document import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_REPEATED,
    MAX_VALUES,
    Position,
    RepeatedKey,
    UnusableInputError,
)
from cdk_epc.parsing.positions import positions_of, quoted, repeated_at, unusable_at
from cdk_epc.spec.fields import Path

_Wanted: TypeAlias = "dict[str | int, _Wanted]"  # the requested steps below a value

# Other values are skipped by decoding them, which the scanner in C does fastest.
_DECODER: Final = json.JSONDecoder()
_BLANKS: Final = re.compile(r"[ \t\n\r]*")


def offsets_of(text: str, paths: Iterable[Path]) -> dict[Path, int]:
    """Return the offsets of the existing paths and their parents.

    The offset of a member is that of its key, the offset of an item of a list its start.

    Args:
        text: Valid JSON.
        paths: Requested paths.
    """
    wanted: _Wanted = {}
    for path in paths:
        here = wanted
        for step in path:
            here = here.setdefault(step, {})
    scanner = _OffsetScanner(text)
    root = scanner.skip(0)
    scanner.offsets[()] = root
    scanner.value(root, wanted, ())
    return scanner.offsets


class _OffsetScanner:
    """Scanner for the offsets of requested paths; it recurses only as deep as these paths."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets: dict[Path, int] = {}

    def skip(self, at: int) -> int:
        """Return the end of the blanks at an offset."""
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, wanted: _Wanted, path: Path) -> int:
        """Scan a value and return the offset of its end."""
        if wanted and self.text[at] == "{":
            return self.members(at + 1, wanted, path)
        if wanted and self.text[at] == "[":
            return self.items(at + 1, wanted, path)
        return _DECODER.raw_decode(self.text, at)[1]

    def members(self, at: int, wanted: _Wanted, path: Path) -> int:
        """Scan the members of an object and return the offset of its end."""
        at = self.skip(at)
        while self.text[at] != "}":
            start = at
            key, at = _DECODER.raw_decode(self.text, at)
            at = self.skip(self.skip(at) + 1)  # skips the colon
            at = self.step(start, at, wanted, (*path, key))
        return at + 1

    def items(self, at: int, wanted: _Wanted, path: Path) -> int:
        """Scan the items of a list and return the offset of its end."""
        at, index = self.skip(at), 0
        while self.text[at] != "]":
            at = self.step(at, at, wanted, (*path, index))
            index += 1
        return at + 1

    def step(self, start: int, at: int, wanted: _Wanted, path: Path) -> int:
        """Record the start of a member or item and return the start of the next one."""
        below = wanted.get(path[-1])
        if below is not None:
            self.offsets[path] = start
        at = self.skip(self.value(at, below or {}, path))
        return self.skip(at + 1) if self.text[at] == "," else at


# A number ends where the scanner of `json` ends it, even if the next character is wrong.
_TOKEN: Final = re.compile(r"-?Infinity|NaN|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[^ \t\n\r]")
_DIGITS: Final = frozenset("0123456789")
_CONSTANTS: Final = frozenset({"NaN", "Infinity", "-Infinity"})


def refusal_of(text: str) -> UnusableInputError:
    """Return the error of the first problem in valid JSON that the reader refuses.

    The text has no problem if only the recursion limit of the process was too low to decode it.
    """
    for offset, problem, fix in _problems(text):
        if fix:
            return unusable_at(text, offset, problem, fix)
    return UnusableInputError(f"the input is nested too deep; at most {MAX_DEPTH} levels are read")


def _problems(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the offset, the description and the fix of each problem before the first syntax error.

    A repeated key has no fix: as in AWS's own readers, its last value applies.
    """
    opened: list[set[str] | None] = []  # keys so far of each open object; None for a list
    is_key = False
    for offset, part, string in _tokens(text):
        keys = opened[-1] if opened else None
        if string is not None and is_key and keys is not None:
            if string in keys:
                yield offset, string, ""
            keys.add(string)
        elif part in {"[", "{"}:
            opened.append(set() if part == "{" else None)
            if len(opened) > MAX_DEPTH:
                problem = f"the input is nested more than {MAX_DEPTH} levels deep"
                yield offset, problem, "reduce the nesting"
        elif part in {"]", "}"}:
            if not opened:
                return
            opened.pop()
        else:
            yield from ((offset, *each) for each in _number_problems(part))
        is_key = part in {"{", ","}


def _tokens(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield the offset and the text of each token, with the value of a string."""
    at = 0
    while found := _TOKEN.search(text, at):
        at = found.end()
        string = None
        if found[0] == '"':
            try:
                string, at = _DECODER.raw_decode(text, found.start())
            except json.JSONDecodeError:
                return
        yield found.start(), found[0], string


def _number_problems(token: str) -> Iterator[tuple[str, str]]:
    if token in _CONSTANTS:
        yield f"{token} is not allowed in JSON", "write a number, or remove the member"
    elif len(token) > MAX_DIGITS and token.removeprefix("-").isdecimal():
        yield f"the number has too many digits ({len(token):,}, maximum {MAX_DIGITS})", "shorten it"
    elif token[-1] in _DIGITS and math.isinf(float(token)):
        yield f"the number {quoted(token)} is out of range", "write a smaller number"


# Matches a pair of surrogates, a lone surrogate, or another escape such as that of a backslash.
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<lone>u[dD][89a-fA-F]..)|.)", re.DOTALL
)
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class NotJsonError(UnusableInputError):
    """Text with a syntax error for JSON; it may be YAML in flow style."""


class _RefusedError(Exception):
    """Valid JSON that the reader refuses; `refusal_of` finds the reason in the text."""


@attrs.frozen(eq=False)
class JsonDocument:
    """Parsed JSON.

    Attributes:
        data: Content.
        text: Text of the document.
        repeated_keys: Keys that occur again in the same object, with the last value.
    """

    data: Any
    text: str = attrs.field(repr=False)
    repeated_keys: tuple[RepeatedKey, ...] = ()

    def positions(self, paths: Iterable[Path]) -> Mapping[Path, Position]:
        """Return the position of the key of each member and of the start of each item."""
        requested = list(paths)
        return positions_of(self.text, requested, offsets_of(self.text, requested))


def read_json(text: str) -> JsonDocument:
    """Read JSON.

    Raises:
        NotJsonError: The text has a syntax error.
        UnusableInputError: The JSON has lone surrogates or numbers out of range, or is too deep or
            too long.
    """
    # Every value but the first follows one of these characters, so this is an upper bound.
    if text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:
        raise UnusableInputError(
            f"the input may have more than {MAX_VALUES:,} values; split it into several files"
        )
    repeated: tuple[RepeatedKey, ...] = ()
    try:
        data = _STRICT_DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(text, error) from None
    except (_RefusedError, RecursionError) as error:
        problems = list(islice(_problems(text), MAX_REPEATED))
        if isinstance(error, RecursionError) or any(fix for _, _, fix in problems):
            raise refusal_of(text) from None
        data = _decoded_with_last_values(text)
        repeated = repeated_at(text, ((key, offset) for offset, key, _ in problems))
    # Few texts have enough brackets, and counting them is fast.
    if text.count("{") + text.count("[") > MAX_DEPTH and _is_too_deep(data):
        raise refusal_of(text)
    _refuse_lone_surrogates(text)
    return JsonDocument(data, text, repeated)


def _decoded_with_last_values(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return _LAST_VALUE_DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(text, error) from None
    except (_RefusedError, RecursionError):
        raise refusal_of(text) from None


def _not_json(text: str, error: json.JSONDecodeError) -> NotJsonError:
    reason = error.msg[0].lower() + error.msg[1:].removesuffix(" at").removesuffix(" starting")
    if not text[error.pos :].strip():
        reason = f"the text ends too early, {reason}"
    problem = f"the input is not JSON: {reason}"
    return NotJsonError(*unusable_at(text, error.pos, problem, "correct the syntax").args)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError
    return members


def _refuse(_: str) -> object:
    """Refuse ``NaN`` and ``Infinity``, which Python accepts and JSON does not."""
    raise _RefusedError


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _RefusedError
    return int(digits)


def _float(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise _RefusedError
    return number


_STRICT_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_constant=_refuse, parse_int=_integer, parse_float=_float
)
_LAST_VALUE_DECODER: Final = json.JSONDecoder(
    parse_constant=_refuse, parse_int=_integer, parse_float=_float
)
"""Decoder of JSON with repeated keys."""


def _is_too_deep(data: object) -> bool:
    """Return whether the nesting exceeds the limit; iterates by level instead of recursing."""
    level: list[Any] = [data] if type(data) is dict or type(data) is list else []
    for _ in range(MAX_DEPTH):
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
            problem = f"the surrogate \\{escape['lone']} is not part of a pair"
            raise unusable_at(text, escape.start(), problem, "write the character itself")
