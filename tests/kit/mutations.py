"""Every way to spoil a request at every member, from what the published models say of it.

Our own declarations are not asked: what they have wrong is to be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any, TypeAlias

import attrs

from kit.published import Facts, in_api, in_cfn
from kit.specs import Request, Step, changed, places_of, without

LEFT_OUT = object()
"""The fault is that the member is not there."""
LONG = 10**9

Change: TypeAlias = tuple[str, Any]
"""The kind of fault, and the value that is put in."""


@attrs.frozen
class Violation:
    """One change of a request that is good otherwise.

    Attributes:
        at: Where.
        kind: In which way; a change may leave the request good, where the way is an edge.
        value: What is put there.
    """

    at: tuple[Step, ...]
    kind: str
    value: Any = attrs.field(eq=False)

    @property
    def place(self) -> str:
        """The place without indices, and with shadow variants as the others."""
        return place_of(self.at)

    def apply(self, request: Request) -> Request:
        """The request with this fault."""
        if self.value is LEFT_OUT:
            return without(request, self.at)
        return changed(request, self.at, self.value)


Pair: TypeAlias = tuple[Violation, Violation]


def place_of(at: tuple[Step, ...]) -> str:
    """``ProductionVariants[].ModelName`` of the steps to it."""
    words = "".join("[]" if isinstance(step, int) else f".{step}" for step in at)
    return words.removeprefix(".").removeprefix("Shadow")


def violations_of(request: Request) -> Iterator[Violation]:
    """Every fault at every member that the request has, and at some that it lacks."""
    for at in places_of(request):
        value = value_at(request, at)
        facts = _facts(place_of(at))
        for kind, spoilt in _changes(value, facts):
            yield Violation(at, kind, spoilt)
        if isinstance(value, dict):
            yield Violation((*at, "Colour"), "an unknown member", "red")
    yield Violation(("Colour",), "an unknown member", "red")


def pairs_of(bases: Sequence[Request], count: int, seed: int) -> Iterator[tuple[int, Pair]]:
    """Two faults at once, at places of which none is within the other; the same on every machine.

    Args:
        bases: The requests to spoil.
        count: How many pairs.
        seed: Of the choice.

    Returns:
        The index of the base, and the two faults in the order in which they can be applied.
    """
    random = Random(seed)  # noqa: S311 - a choice of tests
    violations = [list(violations_of(base)) for base in bases]
    while count:
        index = random.randrange(len(bases))
        one, two = random.sample(violations[index], 2)
        shorter = min(len(one.at), len(two.at))
        if one.at[:shorter] != two.at[:shorter]:
            count -= 1
            yield index, (one, two) if _is_later(one, two) else (two, one)


def _is_later(one: Violation, two: Violation) -> bool:
    """Whether one is behind two in the list that holds both; its change moves no other index."""
    here, there = next(steps for steps in zip(one.at, two.at, strict=False) if steps[0] != steps[1])
    return isinstance(here, int) and isinstance(there, int) and here > there


def value_at(request: Any, at: tuple[Step, ...]) -> Any:
    """What stands at a place."""
    for step in at:
        request = request[step]
    return request


@cache
def _facts(place: str) -> tuple[Facts, ...]:
    return tuple(source[place] for source in (in_api(), in_cfn()) if place in source)


def _changes(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    yield "null", None
    yield "left out", LEFT_OUT
    for kind, other in OF_OTHER_TYPES.items():
        if type(other) is not type(value):
            yield kind, other
    yield from _of_lists(value, facts)
    yield from _of_numbers(value, facts)
    yield from _of_texts(value, facts)


OF_OTHER_TYPES: dict[str, Any] = {
    "a word": "word",
    "a whole number": 7,
    "a fraction": 7.5,
    "a boolean": True,
    "an empty list": [],
    "an empty object": {},
    "a list of objects": [{}],
}


def _said(facts: tuple[Facts, ...], fact: str) -> list[Any]:
    return sorted({each[fact] for each in facts if each.get(fact) is not None})


def _of_lists(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    if not isinstance(value, list) or not value:
        return
    for least in _said(facts, "min_items"):
        if least:
            yield "too few items", value[:1] * (least - 1)
    for most in _said(facts, "max_items"):
        yield "as many items as may be", [*value, *value[:1] * most][:most]
        yield "too many items", [*value, *value[:1] * (most + 1)][: most + 1]
    yield "an item that is null", [*value[:-1], None]


def _of_numbers(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    yield "a number as text", str(value)
    yield "far below", -LONG
    yield "far above", LONG
    yield "minus one", -1
    for least in _said(facts, "minimum"):
        yield "the least", least
        yield "below the least", least - 1
    for most in _said(facts, "maximum"):
        yield "the greatest", most
        yield "above the greatest", most + 1


def _of_texts(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    if not isinstance(value, str):
        return
    yield "no text", ""
    yield "a line end after it", f"{value}\n"
    yield "a blank before it", f" {value}"
    yield "an accent after it", f"{value}é"
    yield "a bang after it", f"{value}!"
    yield "in capitals", value.upper()
    for most in _said(facts, "max_length"):
        yield "as long as may be", value + value[-1:] * (most - len(value))
        yield "too long", value + value[-1:] * (most + 1 - len(value))
    for words in (each["enum"] for each in facts if each.get("enum")):
        yield from (("a published word", word) for word in sorted(words)[:12])
        yield "a word to come", f"{value}9"
