"""Evaluation of rules on a subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_epc.rules.finding import Finding
from cdk_epc.rules.registry import RULES
from cdk_epc.rules.rule import Rule, Violation
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ROOTS, ConfigContext, Subject
from cdk_epc.spec.fields import aws_path


def evaluate(subject: Subject, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Violation]]:
    """Yield every violation of a subject with its rule, in the order of the rules."""
    kind, given = type(subject), given_members(subject)
    for rule in rules:
        if kind in rule.about and (given is None or rule.requires <= given):
            for violation in rule.check(subject):
                yield rule, violation


def given_members(subject: Subject) -> frozenset[str] | None:
    """Return the members that `Rule.requires` is compared with; ``None`` where all rules apply.

    Most rules are about one feature, and most configurations have few features.
    """
    config = subject.config if isinstance(subject, ConfigContext) else subject
    return config.given_members() if isinstance(config, EndpointConfigSpec) else None


def check(subject: Subject, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """Return every finding of a subject, errors and warnings, with paths in AWS's names."""
    root = ROOTS[type(subject)]
    return [
        Finding.of(rule, violation, aws_path(violation.path, root))
        for rule, violation in evaluate(subject, rules)
    ]
