"""Rules that apply, by the members that they require."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.registry import DiagnosticsById, RulesBySubject
from cdk_epc.rules.rule import Diagnostic, Profile, Rule, Violation
from cdk_epc.spec.context import Subject, given_members
from cdk_epc.spec.empty import new_dict

_MAX_REMEMBERED: Final = 1000
"""Combinations of given members whose rules are remembered; a process may check for ever."""

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


@attrs.frozen(eq=False, repr=False)
class ApplicableRules(Record):
    """Memory of the rules that apply, because most subjects of an app have the same members."""

    _by_members: dict[tuple[type, frozenset[str]], tuple[RuleGroup, ...]] = attrs.Factory(new_dict)

    def groups(
        self, subject: Subject, rules_about: Callable[[type], Iterable[Rule]]
    ) -> tuple[RuleGroup, ...]:
        """Return the rules whose required members a subject has.

        Args:
            subject: The subject.
            rules_about: Function that returns the rules about a type of subject.
        """
        key = kind, members = type(subject), given_members(subject)
        if (groups := self._by_members.get(key)) is None:
            if len(self._by_members) >= _MAX_REMEMBERED:
                self._by_members.clear()
            groups = groups_of(rule for rule in rules_about(kind) if rule.requires <= members)
            self._by_members[key] = groups
        return groups


@attrs.frozen(eq=False, repr=False)
class RuleSet(Record):
    """Rules that apply.

    Attributes:
        by_id: All diagnostics by id, with the severities that apply.
        about: Rules by type of subject.
    """

    by_id: Mapping[str, Diagnostic]
    about: Mapping[type, tuple[Rule, ...]]
    _applicable: ApplicableRules = attrs.Factory(ApplicableRules)

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
        return list(violations(self._applicable.groups(subject, self._about), subject))

    def _about(self, subject_type: type) -> tuple[Rule, ...]:
        return self.about.get(subject_type, ())
