"""Which rules are applied when: at the call that wrote a fault, or at synth."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import attrs

from cdk_epc.constructs.resource_type import Kind
from cdk_epc.constructs.values import UnfitError, several
from cdk_epc.rules import RULES, Fault, Profile, Rule, Severity
from cdk_epc.rules.packs import PACKED

_OUR_IDS: Final = frozenset(rule.id for rule in RULES)
_PACKED: Final = frozenset(rule.id for rule in PACKED)


@attrs.frozen
class Timetable:
    """Rules by when they are applied.

    Attributes:
        at_once: Those that are raised where a fault was written.
        at_synth: Those that wait for synth.
    """

    at_once: tuple[Rule, ...]
    at_synth: tuple[Rule, ...]

    @classmethod
    def of(cls, rules: Iterable[Rule], kind: Kind[Any]) -> Timetable:
        """At once is what is settled, an error, and about a resource of this kind alone."""
        at_once: list[Rule] = []
        at_synth: list[Rule] = []
        for rule in rules:
            is_error = rule.severity is Severity.ERROR
            is_settled = rule.settled or kind.is_whole_at_once
            is_at_once = is_settled and is_error and kind.spec in rule.about
            (at_once if is_at_once else at_synth).append(rule)
        return cls(tuple(at_once), tuple(at_synth))

    @property
    def every(self) -> tuple[Rule, ...]:
        """All of them."""
        return self.at_once + self.at_synth

    def __add__(self, other: Timetable) -> Timetable:
        """Both, each in its order."""
        return Timetable(self.at_once + other.at_once, self.at_synth + other.at_synth)


def of_ones_own(rules: object) -> tuple[Rule, ...]:
    """Rules that were passed on, each once: a policy and its caller may both bring the same.

    Raises:
        UnfitError: There is something else among them.
    """
    allowed, fix = "a list of rules (Rule)", "Put your own rules into a list: [rule]."
    given = several(rules, allowed, fix)
    for each in given:
        if not isinstance(each, Rule):
            raise UnfitError(each, allowed, fix)
    return tuple(dict.fromkeys(given))


def taken_id(rules: Iterable[Rule]) -> Fault | None:
    """The fault of the first of these rules that has the id of one of ours, or of another."""
    taken = set(_OUR_IDS)
    for rule in rules:
        if rule.id in taken or (rule.id in _PACKED and rule not in PACKED):
            return Fault(
                path=("rules",),
                got=rule.id,
                allowed="an id that no other rule has",
                fix="Begin your rules' ids with a word of your own.",
            )
        taken.add(rule.id)
    return None


@cache
def our_timetable(profile: Profile, kind: Kind[Any]) -> Timetable:
    """Our rules for a kind of resource, with the severities of a profile."""
    return Timetable.of(profile.apply(RULES), kind)
