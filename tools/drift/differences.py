"""Differences between the spec classes and a published model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from tools.published.facts import Facts

Difference: TypeAlias = tuple[str, str, Any, Any]
"""Place, fact, declared value, published value; the fact ``present`` is the existence."""

Explained: TypeAlias = Mapping[str, list[Difference]]
"""Intended differences by their reason."""


def differences(ours: Mapping[str, Facts], theirs: Mapping[str, Facts]) -> Iterator[Difference]:
    """Yield every difference; a member that one side lacks has only the fact ``present``."""
    for place in sorted(ours.keys() | theirs.keys()):
        if place not in ours or place not in theirs:
            yield place, "present", place in ours, place in theirs
            continue
        for fact in sorted(ours[place].keys() | theirs[place].keys()):
            we, they = ours[place].get(fact), theirs[place].get(fact)
            if we != they:
                yield place, fact, we, they


def listed(explained: Explained) -> list[Difference]:
    """Return the differences of a table without their reasons."""
    return [difference for each in explained.values() for difference in each]


def comparable(given: Iterable[Difference]) -> list[tuple[str, ...]]:
    """Return the differences sorted and as text, for a readable comparison."""
    return sorted(tuple(map(_text, difference)) for difference in given)


def without_shadow(facts: Mapping[str, Facts]) -> dict[str, Facts]:
    """Return the facts without those of shadow variants, which equal those of variants."""
    return {place: each for place, each in facts.items() if not place.startswith("Shadow")}


def _text(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        return " ".join(sorted(map(str, value)))
    return str(value)
