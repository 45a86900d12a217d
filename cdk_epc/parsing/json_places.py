"""Where the parts of a JSON text stand, in one pass that only looks into what is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from cdk_epc.spec.paths import Path

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
