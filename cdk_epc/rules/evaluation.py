"""Evaluation of rules on a subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Self, TypeVar

from cdk_epc.rules.finding import Finding
from cdk_epc.rules.rule import Diagnostic, Rule, Severity, Violation, Words
from cdk_epc.rules.rule_set import ApplicableRules, RuleGroup, violations
from cdk_epc.spec.context import Subject, root_of
from cdk_epc.spec.fields import aws_path


class RuleList(tuple[Rule, ...]):  # noqa: SLOT001 - a tuple has no slots for values
    """Rules that many subjects are checked with, with a memory of those that apply."""

    _applicable: ApplicableRules

    def __new__(cls, rules: Iterable[Rule] = ()) -> Self:
        """Create a list of these rules, in their order."""
        made = super().__new__(cls, rules)
        made._applicable = ApplicableRules()
        return made

    def applicable(self, subject: Subject) -> tuple[RuleGroup, ...]:
        """Return the rules about a subject whose required members it has."""
        return self._applicable.groups(subject, self._about)

    def _about(self, kind: type) -> Iterator[Rule]:
        return (rule for rule in self if kind in rule.about)


def evaluate(subject: Subject, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Violation]]:
    """Yield every violation of a subject with its rule, in the order of the rules."""
    listed = rules if isinstance(rules, RuleList) else RuleList(rules)
    yield from violations(listed.applicable(subject), subject)


D = TypeVar("D", bound=Diagnostic)


def without_consequences(found: Iterable[tuple[D, Violation]]) -> list[tuple[D, Violation]]:
    """Return violations without the warnings that only follow from an error in the same value.

    A warning about a fixed name stays, because it does not follow from the wrong characters.
    """
    every = list(found)
    wrong = {violation.path for each, violation in every if each.id in _OF_VALUES}
    if not wrong:
        return every
    return [
        (each, violation)
        for each, violation in every
        if each.id in _OF_VALUES
        or violation.path not in wrong
        or not isinstance(violation.got, str)
        or isinstance(violation.got, Words)
        or (violation.got and (each.severity is Severity.ERROR or each.id.endswith("-fixed")))
    ]


_OF_VALUES: Final = frozenset({"value-length-wrong", "value-pattern-mismatch", "value-type-wrong"})
"""Rules of the form of one value."""


def check(subject: Subject, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """Return every finding of a subject, errors and warnings, with paths in AWS's names.

    Args:
        subject: A spec, or one with its related resources.
        rules: Rules to ask; by default those that always apply.
    """
    root = root_of(type(subject))
    if rules is None:
        # Imported here because the registry lists rules, which import this package.
        from cdk_epc.rules.registry import rules_of  # noqa: PLC0415

        rules = rules_of(root)
    return [
        Finding.of(rule, violation, aws_path(violation.path, root))
        for rule, violation in evaluate(subject, rules)
    ]
