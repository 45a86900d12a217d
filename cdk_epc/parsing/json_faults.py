"""What is wrong with JSON that follows the grammar, and where; only for JSON known to be wrong."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.parsing.document import UnusableInputError
from cdk_epc.parsing.limits import MOST_DIGITS, MOST_LEVELS
from cdk_epc.parsing.positions import shown, unusable_at

# A number ends where json's own scanner ends it, whatever comes next.
_TOKEN: Final = re.compile(r"-?Infinity|NaN|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[^ \t\n\r]")
_DECODER: Final = json.JSONDecoder()
_DIGITS: Final = frozenset("0123456789")
_CONSTANTS: Final = frozenset({"NaN", "Infinity", "-Infinity"})


def fault_in(text: str) -> UnusableInputError:
    """The error about the first fault.

    There is none only where the caller's own stack left no room to read the text.
    """
    for offset, wrong, mend in _faults(text):
        return unusable_at(text, offset, wrong, mend)
    return UnusableInputError(f"it is nested too deep; {MOST_LEVELS} levels are read at most")


def _faults(text: str) -> Iterator[tuple[int, str, str]]:
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
            yield from ((offset, *words) for words in _number_faults(part))
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


def _number_faults(token: str) -> Iterator[tuple[str, str]]:
    if token in _CONSTANTS:
        yield f"{token} is no JSON", "write a number, or leave the member out"
    elif len(token) > MOST_DIGITS and token.removeprefix("-").isdecimal():
        yield f"a number has {len(token):,} digits, more than {MOST_DIGITS}", "shorten it"
    elif token[-1] in _DIGITS and math.isinf(float(token)):
        yield f"the number {shown(token)} is out of range", "write a smaller one"
