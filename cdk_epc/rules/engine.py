"""Run rules over a spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_epc.rules.registry import RULES
from cdk_epc.rules.rule import Fault, Finding, Rule
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.paths import in_aws_words


def judge(spec: EndpointConfigSpec, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Fault]]:
    """Every fault of a spec, each with its rule, in the order of the rules."""
    for rule in rules:
        for fault in rule.check(spec):
            yield rule, fault


def check(spec: EndpointConfigSpec, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """Every finding of a spec, errors and warnings, with the places in AWS's words."""
    return [
        Finding.of(rule, fault, in_aws_words(fault.path, EndpointConfigSpec))
        for rule, fault in judge(spec, rules)
    ]
