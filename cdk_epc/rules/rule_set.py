"""Rules that apply, by the members that they require."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from cdk_epc.rules.rule import Diagnostic, Rule, Violation
from cdk_epc.spec.context import Subject, given_members

_MAX_REMEMBERED: Final = 1000
"""Combinations of given members whose rules are remembered."""


@attrs.frozen
class RuleSet:
    """Rules that apply.

    Attributes:
        by_id: All diagnostics by id, with the severities that apply.
        about: Rules by type of subject.
    """

    by_id: Mapping[str, Diagnostic]
    about: Mapping[type, tuple[Rule, ...]]
    _by_members: dict[tuple[type, frozenset[str]], tuple[Rule, ...]] = attrs.Factory(
        dict[tuple[type, frozenset[str]], tuple[Rule, ...]]
    )

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic]) -> RuleSet:
        """Return the set of these diagnostics."""
        every = tuple(diagnostics)
        about: dict[type, tuple[Rule, ...]] = {}
        for each in every:
            if isinstance(each, Rule):
                for type_ in each.about:
                    about[type_] = (*about.get(type_, ()), each)
        return cls({each.id: each for each in every}, about)

    def evaluate(self, subject: Subject) -> list[tuple[Rule, Violation]]:
        """Return the violations of a subject as `cdk_epc.rules.evaluate` does."""
        key = (type(subject), given_members(subject))
        if (rules := self._by_members.get(key)) is None:
            if len(self._by_members) >= _MAX_REMEMBERED:  # a process may check templates for ever
                self._by_members.clear()
            rules = self._by_members[key] = self._applicable(*key)
        return [(rule, violation) for rule in rules for violation in rule.check(subject)]

    def _applicable(self, type_: type, members: frozenset[str]) -> tuple[Rule, ...]:
        """Return the rules for a type of subject that require only the given members."""
        return tuple(rule for rule in self.about.get(type_, ()) if rule.requires <= members)
