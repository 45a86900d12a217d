"""What a rule says that it needs: without it, it finds nothing in any request of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs
import pytest
from kit.specs import FULL_REQUESTS, Request, changed, load, without

from cdk_epc.rules import RULES, Rule, evaluate
from cdk_epc.rules.explain import example_of
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.wire import from_json

TABLES = ("bad_requests.json", "bad_requests_warnings.json", "bad_api_requests.json")
GOOD: dict[str, Request] = FULL_REQUESTS | load("api_requests.json")
OWN = {member.name for member in members_of(EndpointConfigSpec)}
OF_VARIANTS = {member.name for member in members_of(ProductionVariant)}
REGIONS = (None, "eu-west-3", "us-east-1", "cn-north-1")

NEEDY = [rule for rule in RULES if rule.needs]


def requests() -> Iterator[Request]:
    yield from GOOD.values()
    for row in (row for table in TABLES for row in load(table)):
        good = GOOD[row["good"]]
        yield (
            without(good, row["at"]) if "take_out" in row else changed(good, row["at"], row["give"])
        )
    for rule in RULES:
        bad = example_of(rule.id).bad
        if isinstance(bad, dict) and "ProductionVariants" in bad:
            yield bad


SPECS = [from_json(request)[0] for request in requests()]


def less(spec: EndpointConfigSpec, member: str) -> EndpointConfigSpec:
    """The configuration without a member, of its own and of every variant."""
    if member in OWN:
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


def found(rule: Rule, spec: EndpointConfigSpec) -> bool:
    """Whether the check itself, asked about the configuration, finds anything."""
    subjects = [spec, *(ConfigContext(config=spec, region=region) for region in REGIONS)]
    return any(list(rule.check(each)) for each in subjects if type(each) in rule.about)


@pytest.mark.parametrize("rule", NEEDY, ids=[rule.id for rule in NEEDY])
def test_without_what_it_needs_a_rule_finds_nothing(rule: Rule) -> None:
    for member in sorted(rule.needs):
        assert member in OWN | OF_VARIANTS
        assert not any(found(rule, less(spec, member)) for spec in SPECS)


def test_most_rules_say_what_they_need() -> None:
    about_configs = [
        rule for rule in RULES if {EndpointConfigSpec, ConfigContext} & set(rule.about)
    ]
    assert len(NEEDY) > len(about_configs) / 2


@pytest.mark.parametrize("subject_of", [lambda spec: spec, lambda spec: ConfigContext(config=spec)])
def test_a_rule_is_asked_only_where_what_it_needs_is_given(
    subject_of: Callable[[EndpointConfigSpec], EndpointConfigSpec | ConfigContext],
) -> None:
    asked: list[object] = []
    rule = Rule(
        id="own-rule",
        title="A title",
        why="Why.",
        about=(EndpointConfigSpec, ConfigContext),
        needs=("tags", "volume_size_in_gb"),
        check=lambda spec: asked.append(spec) or (),  # type: ignore[func-returns-value]
    )
    bare, full = (
        subject_of(from_json({"ProductionVariants": [variant], "Tags": []})[0])
        for variant in ({"VariantName": "a"}, {"VolumeSizeInGB": 1})
    )
    assert list(evaluate(bare, [rule])) == list(evaluate(full, [rule])) == []
    assert asked == [full]
