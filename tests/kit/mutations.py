"""Mutations of a request: every member with values that the published models accept or refuse.

The kinds of values come from AWS's models only, because the declarations in `cdk_epc.spec` are
under test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any, TypeAlias

import attrs

from kit.published_models import Facts, in_api, in_cfn
from kit.requests import Request, Step, changed, paths_of, without

REMOVED = object()
"""Value of a mutation that removes the member."""
LARGE = 10**9

Change: TypeAlias = tuple[str, Any]
"""Kind of a mutation, and the new value."""


@attrs.frozen
class Mutation:
    """One change of a valid request; the result may be valid, too.

    Attributes:
        at: Path of the member.
        kind: Kind of the change.
        value: New value.
    """

    at: tuple[Step, ...]
    kind: str
    value: Any = attrs.field(eq=False)

    @property
    def place(self) -> str:
        """Return the path without indices; that of a shadow variant as of a production variant."""
        return place_of(self.at)

    def apply(self, request: Request) -> Request:
        """Return the changed request."""
        if self.value is REMOVED:
            return without(request, self.at)
        return changed(request, self.at, self.value)


Pair: TypeAlias = tuple[Mutation, Mutation]


def place_of(at: tuple[Step, ...]) -> str:
    """Return ``ProductionVariants[].ModelName`` for the path of a model name."""
    words = "".join("[]" if isinstance(step, int) else f".{step}" for step in at)
    return words.removeprefix(".").removeprefix("Shadow")


def mutations_of(request: Request) -> Iterator[Mutation]:
    """Yield mutations of every member of a request, and unknown members in every object."""
    for at in paths_of(request):
        value = value_at(request, at)
        for kind, new in _changes(value, _facts(place_of(at))):
            yield Mutation(at, kind, new)
        if isinstance(value, dict):
            yield Mutation((*at, "Colour"), "an unknown member", "red")
    yield Mutation(("Colour",), "an unknown member", "red")


def pairs_of(bases: Sequence[Request], count: int, seed: int) -> Iterator[tuple[int, Pair]]:
    """Yield pairs of mutations of which neither is inside the other.

    Args:
        bases: Requests to mutate.
        count: Number of pairs.
        seed: Seed of the choice, which is the same on every machine.

    Yields:
        The index of the request, and two mutations in the order in which they can be applied.
    """
    random = Random(seed)  # noqa: S311 - a choice of tests
    mutations = [list(mutations_of(base)) for base in bases]
    while count:
        index = random.randrange(len(bases))
        one, two = random.sample(mutations[index], 2)
        shorter = min(len(one.at), len(two.at))
        if one.at[:shorter] != two.at[:shorter]:
            count -= 1
            yield index, (one, two) if _is_later(one, two) else (two, one)


def _is_later(one: Mutation, two: Mutation) -> bool:
    """Return whether one follows two in their list, so that it moves no index of two."""
    here, there = next(steps for steps in zip(one.at, two.at, strict=False) if steps[0] != steps[1])
    return isinstance(here, int) and isinstance(there, int) and here > there


def value_at(request: Any, at: tuple[Step, ...]) -> Any:
    """Return the value at a path."""
    for step in at:
        request = request[step]
    return request


@cache
def _facts(place: str) -> tuple[Facts, ...]:
    return tuple(source[place] for source in (in_api(), in_cfn()) if place in source)


def _changes(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    yield "null", None
    yield "left out", REMOVED
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


def _published(facts: tuple[Facts, ...], fact: str) -> list[Any]:
    """Return the different values of a fact in the models."""
    return sorted({each[fact] for each in facts if each.get(fact) is not None})


def _of_lists(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    if not isinstance(value, list) or not value:
        return
    for minimum in _published(facts, "min_items"):
        if minimum:
            yield "too few items", value[:1] * (minimum - 1)
    for maximum in _published(facts, "max_items"):
        yield "as many items as may be", [*value, *value[:1] * maximum][:maximum]
        yield "too many items", [*value, *value[:1] * (maximum + 1)][: maximum + 1]
    yield "an item that is null", [*value[:-1], None]


def _of_numbers(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    yield "a number as text", str(value)
    yield "far below", -LARGE
    yield "far above", LARGE
    yield "minus one", -1
    for minimum in _published(facts, "minimum"):
        yield "the minimum", minimum
        yield "below the minimum", minimum - 1
    for maximum in _published(facts, "maximum"):
        yield "the maximum", maximum
        yield "above the maximum", maximum + 1


def _of_texts(value: Any, facts: tuple[Facts, ...]) -> Iterator[Change]:
    if not isinstance(value, str):
        return
    yield "no text", ""
    yield "a line end after it", f"{value}\n"
    yield "a blank before it", f" {value}"
    yield "an accent after it", f"{value}é"
    yield "a bang after it", f"{value}!"
    yield "in capitals", value.upper()
    for maximum in _published(facts, "max_length"):
        yield "as long as may be", value + value[-1:] * (maximum - len(value))
        yield "too long", value + value[-1:] * (maximum + 1 - len(value))
    for words in (each["enum"] for each in facts if each.get("enum")):
        yield from (("a published word", word) for word in sorted(words)[:12])
        yield "a word to come", _to_come(value)


def _to_come(word: str) -> str:
    """Return a word that may be added; that of an instance type has its form."""
    of_a_new_family = re.sub(r"^(ml\.[a-z]+)\d+", r"\g<1>99", word)
    return f"{word}9" if of_a_new_family == word else of_a_new_family
