"""Unintended differences of a published model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tools.drift.differences import Difference, Explained, differences, listed
from tools.published.facts import Facts

_PRODUCTION = "ProductionVariants[]"
_SHADOW = f"Shadow{_PRODUCTION}"


def drift(
    declared: Mapping[str, Facts], published: Mapping[str, Facts], explained: Explained
) -> list[Difference]:
    """Return the differences of a published model that are not intended.

    A new or removed object is listed without its members. Differences of shadow variants that
    production variants also have are left out.

    Returns:
        Place, fact, expected value and published value.
    """
    meant = [(at, *rest) for place, *rest in listed(explained) for at in _with_shadow(place)]
    theirs_alone = {place for place, fact, _, there in meant if fact == "present" and there}
    gone = [(place, "present", True, False) for place in theirs_alone - published.keys()]
    rest = {place: facts for place, facts in published.items() if place not in theirs_alone}
    found = sorted([*differences(_expected(declared, meant), rest), *gone], key=lambda it: it[:2])
    return list(_without_twins(list(_tops(found))))


def _expected(declared: Mapping[str, Facts], meant: Iterable[Difference]) -> dict[str, Facts]:
    """Return the declared facts with the intended differences applied."""
    facts = {place: dict(each) for place, each in declared.items()}
    for place, fact, _, theirs in meant:
        if fact != "present":
            facts[place][fact] = theirs
        elif not theirs:
            facts.pop(place, None)
    return facts


def _with_shadow(place: str) -> list[str]:
    if place.startswith(_PRODUCTION):
        return [place, place.replace(_PRODUCTION, _SHADOW, 1)]
    return [place]


def _tops(found: Iterable[Difference]) -> Iterator[Difference]:
    """Yield the differences without those below a new or removed object."""
    tops: list[str] = []
    for difference in found:
        place, fact, *_ = difference
        if fact == "present":
            if any(place.startswith((f"{top}.", f"{top}[", f"{top}{{")) for top in tops):
                continue
            tops.append(place)
        yield difference


def _without_twins(found: list[Difference]) -> Iterator[Difference]:
    known = {(place, fact, str(theirs)) for place, fact, _, theirs in found}
    for place, fact, ours, theirs in found:
        twin = place.replace(_SHADOW, _PRODUCTION, 1) if place.startswith(_SHADOW) else None
        if (twin, fact, str(theirs)) not in known:
            yield place, fact, ours, theirs
