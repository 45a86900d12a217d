"""Members that a rule requires: without them its check finds nothing, so that it is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs
import pytest
from kit.bad_requests import EXAMPLES, ROWS
from kit.requests import API_REQUESTS, FULL_REQUESTS, Request

from cdk_epc.rules import RULES, Rule, evaluate
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.wire import from_json

OF_CONFIGURATIONS = {member.name for member in members_of(EndpointConfigSpec)}
OF_VARIANTS = {member.name for member in members_of(ProductionVariant)}
REGIONS = (None, "eu-west-3", "us-east-1", "cn-north-1")

SELECTIVE = [rule for rule in RULES if rule.requires]
"""Rules that require members."""


def requests() -> Iterator[Request]:
    yield from FULL_REQUESTS.values()
    yield from API_REQUESTS.values()
    for each in (*ROWS, *EXAMPLES):
        yield from (each.good, each.bad)


SPECS = [from_json(request)[0] for request in requests()]


def without_member(spec: EndpointConfigSpec, member: str) -> EndpointConfigSpec:
    """Return the configuration without a member of its own or of all its variants."""
    if member in OF_CONFIGURATIONS:
        return attrs.evolve(spec, **{member: None})
    lists = {}
    for name in ("production_variants", "shadow_production_variants"):
        if isinstance(variants := getattr(spec, name), tuple):
            lists[name] = tuple(
                attrs.evolve(each, **{member: None})
                if isinstance(each, ProductionVariant)
                else each
                for each in variants
            )
    return attrs.evolve(spec, **lists)


def has_violation(rule: Rule, spec: EndpointConfigSpec) -> bool:
    """Return whether the check finds a violation, in any region."""
    subjects = [spec, *(ConfigContext(config=spec, region=region) for region in REGIONS)]
    return any(list(rule.check(each)) for each in subjects if type(each) in rule.about)


def test_required_members_exist() -> None:
    required = {member for rule in SELECTIVE for member in rule.requires}
    assert required - OF_CONFIGURATIONS - OF_VARIANTS == set()


def test_a_rule_finds_nothing_without_its_required_members() -> None:
    stripped = {
        member: [without_member(spec, member) for spec in SPECS]
        for member in {member for rule in SELECTIVE for member in rule.requires}
    }
    wrong = [
        (rule.id, member)
        for rule in SELECTIVE
        for member in sorted(rule.requires)
        if any(has_violation(rule, spec) for spec in stripped[member])
    ]
    assert wrong == []


def test_most_rules_of_configurations_require_members() -> None:
    of_configurations = [
        rule for rule in RULES if {EndpointConfigSpec, ConfigContext} & set(rule.about)
    ]
    assert len(SELECTIVE) > len(of_configurations) / 2


@pytest.mark.parametrize("subject_of", [lambda spec: spec, lambda spec: ConfigContext(config=spec)])
def test_a_rule_is_checked_only_where_its_required_members_are_given(
    subject_of: Callable[[EndpointConfigSpec], EndpointConfigSpec | ConfigContext],
) -> None:
    checked: list[object] = []
    rule = Rule(
        id="own-rule",
        title="A title",
        why="Why.",
        about=(EndpointConfigSpec, ConfigContext),
        requires=("tags", "volume_size_in_gb"),
        check=lambda spec: checked.append(spec) or (),  # type: ignore[func-returns-value]
    )
    bare, full = (
        subject_of(from_json({"ProductionVariants": [variant], "Tags": []})[0])
        for variant in ({"VariantName": "a"}, {"VolumeSizeInGB": 1})
    )
    assert list(evaluate(bare, [rule])) == list(evaluate(full, [rule])) == []
    assert checked == [full]
