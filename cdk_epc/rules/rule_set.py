"""Rules that apply, by the members that they require."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules.registry import DiagnosticsById, RulesBySubject
from cdk_epc.rules.rule import Diagnostic, Profile, Rule, Violation
from cdk_epc.spec.context import Subject, given_members

_MAX_REMEMBERED: Final = 1000
"""Combinations of given members whose rules are remembered."""

RuleGroup: TypeAlias = tuple[Callable[[Any], bool] | None, tuple[Rule, ...]]
"""Rules that follow each other and share a condition, which comes first."""


def groups_of(rules: Iterable[Rule]) -> tuple[RuleGroup, ...]:
    """Return rules in their order, grouped by their conditions."""
    grouped = groupby(rules, key=lambda each: each.when)
    return tuple((condition, tuple(group)) for condition, group in grouped)


def violations(groups: Iterable[RuleGroup], subject: Subject) -> Iterator[tuple[Rule, Violation]]:
    """Yield every violation of a subject with its rule, in the order of the rules."""
    for condition, rules in groups:
        if condition is None or condition(subject):
            for rule in rules:
                for violation in rule.check(subject):
                    yield rule, violation


@attrs.frozen
class RuleSet:
    """Rules that apply.

    Attributes:
        by_id: All diagnostics by id, with the severities that apply.
        about: Rules by type of subject.
    """

    by_id: Mapping[str, Diagnostic]
    about: Mapping[type, tuple[Rule, ...]]
    _by_members: dict[tuple[type, frozenset[str]], tuple[RuleGroup, ...]] = attrs.Factory(
        dict[tuple[type, frozenset[str]], tuple[RuleGroup, ...]]
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

    @classmethod
    def built_in(cls, profile: Profile, *, of_templates: bool = True) -> RuleSet:
        """Return the set of all rules that always apply; each is imported for its first subject.

        Args:
            profile: Severities of the rules.
            of_templates: Whether rules that hold only for templates are included.
        """
        by_id = DiagnosticsById(profile)
        return cls(by_id, RulesBySubject(by_id, of_templates=of_templates))

    def evaluate(self, subject: Subject) -> list[tuple[Rule, Violation]]:
        """Return the violations of a subject as `cdk_epc.rules.evaluate` does."""
        key = (type(subject), given_members(subject))
        if (groups := self._by_members.get(key)) is None:
            if len(self._by_members) >= _MAX_REMEMBERED:  # a process may check templates for ever
                self._by_members.clear()
            groups = self._by_members[key] = groups_of(self._applicable(*key))
        return list(violations(groups, subject))

    def _applicable(self, type_: type, members: frozenset[str]) -> tuple[Rule, ...]:
        """Return the rules for a type of subject that require only the given members."""
        return tuple(rule for rule in self.about.get(type_, ()) if rule.requires <= members)
