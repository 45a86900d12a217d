"""Differences between what our classes declare and what a published model says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from tools.published.facts import Facts

Difference: TypeAlias = tuple[str, str, Any, Any]
"""Place, fact, what we say, what they say. The fact ``present`` is whether a side has the place."""

Explained: TypeAlias = Mapping[str, list[Difference]]
"""Differences that are meant, by the reason."""


def differences(ours: Mapping[str, Facts], theirs: Mapping[str, Facts]) -> Iterator[Difference]:
    """Every difference; of a member that one side lacks there is no fact but that."""
    for place in sorted(ours.keys() | theirs.keys()):
        if place not in ours or place not in theirs:
            yield place, "present", place in ours, place in theirs
            continue
        for fact in sorted(ours[place].keys() | theirs[place].keys()):
            we, they = ours[place].get(fact), theirs[place].get(fact)
            if we != they:
                yield place, fact, we, they


def listed(explained: Explained) -> list[Difference]:
    """The differences of a table, without their reasons."""
    return [difference for each in explained.values() for difference in each]


def comparable(given: Iterable[Difference]) -> list[tuple[str, ...]]:
    """Sorted, with sets and word lists in one order, so that a mismatch reads well."""
    return sorted(tuple(map(_text, difference)) for difference in given)


def without_shadow(facts: Mapping[str, Facts]) -> dict[str, Facts]:
    """The same less the shadow variants, which are like the others."""
    return {place: each for place, each in facts.items() if not place.startswith("Shadow")}


def _text(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        return " ".join(sorted(map(str, value)))
    return str(value)
