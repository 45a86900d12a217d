"""Members that a rule requires: without them its check finds nothing, so that it is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from unittest import mock

import attrs
import pytest
from kit.bad_requests import EXAMPLES, ROWS
from kit.requests import API_REQUESTS, FULL_REQUESTS, Request
from kit.subjects import BAD_SUBJECTS, bad_subject

from cdk_epc.rules import RULES, Rule, Violation, evaluate
from cdk_epc.rules.custom_checks import guarded
from cdk_epc.rules.evaluation import RuleList
from cdk_epc.rules.explain import ExampleKind, example_of
from cdk_epc.rules.registry import PACKED
from cdk_epc.rules.rule_set import RuleSet
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Spec
from cdk_epc.spec.context import ROOTS, ConfigContext, ModelContext, Subject, given_members
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.wire import from_json
from cdk_epc.templates import check_template

S = TypeVar("S", bound=Spec)

REGIONS = (None, "eu-west-3", "us-east-1", "cn-north-1")
SELECTIVE = [rule for rule in (*RULES, *PACKED) if rule.requires]
"""Rules that require members."""
REQUIRED = {(type_, name) for rule in SELECTIVE for type_ in rule.about for name in rule.requires}


def requests() -> Iterator[Request]:
    yield from FULL_REQUESTS.values()
    yield from API_REQUESTS.values()
    for each in (*ROWS, *EXAMPLES):
        yield from (each.good, each.bad)


def subjects_in_examples() -> list[Subject]:
    """Return every subject in the templates that are examples of rules."""
    found: list[Subject] = []
    with mock.patch.object(RuleSet, "evaluate", lambda _, subject: found.append(subject) or []):
        for rule in (*RULES, *PACKED):
            example = example_of(rule.id)
            if example is not None and example.kind is ExampleKind.TEMPLATE:
                for template in (example.good, example.bad):
                    assert not isinstance(template, str)
                    check_template(template, region=example.region)
    return found


def subjects() -> Iterator[Subject]:
    yield from subjects_in_examples()
    yield from map(bad_subject, BAD_SUBJECTS)
    arn = "arn:aws:iam::111122223333:role/fraud"
    yield ModelContext(model=ModelSpec(execution_role_arn=arn), account="444455556666")
    for request in requests():
        spec, _ = from_json(request)
        yield spec
        yield from (ConfigContext(config=spec, region=region) for region in REGIONS)


def stripped(spec: S, name: str) -> S:
    """Return a spec without all members of this name, at any depth."""
    changes: dict[str, Any] = {}
    for member in members_of(type(spec)):
        value = getattr(spec, member.name)
        if member.name == name:
            changes[name] = None
        elif isinstance(value, Spec):
            changes[member.name] = stripped(value, name)
        elif member.nested is not None and isinstance(value, tuple):
            items = (stripped(each, name) if isinstance(each, Spec) else each for each in value)
            changes[member.name] = tuple(items)
    return attrs.evolve(spec, **changes)


def without(subject: Any, name: str) -> Any:
    """Return a subject without a member of its spec, or without the related resource."""
    if isinstance(subject, Spec):
        return stripped(subject, name)
    root, *related = attrs.fields(type(subject))
    changes: dict[str, Any] = {root.name: stripped(getattr(subject, root.name), name)}
    for field in related:
        value = getattr(subject, field.name)
        if field.name.lstrip("_") == name:
            factory = getattr(field.default, "factory", None)
            changes[name] = factory() if factory else field.default
        elif isinstance(value, ROOTS[type(subject)]):
            changes[field.name] = stripped(value, name)
    return attrs.evolve(subject, **changes)


def test_a_rule_finds_nothing_without_its_required_members() -> None:
    by_name: dict[tuple[type, str], list[Subject]] = {key: [] for key in REQUIRED}
    names_of: dict[type, set[str]] = {}
    for type_, name in REQUIRED:
        names_of.setdefault(type_, set()).add(name)
    for subject in subjects():
        given = given_members(subject)
        for name in names_of.get(type(subject), set()) & given:
            bare = without(subject, name)
            assert name not in given_members(bare)
            by_name[type(subject), name].append(bare)
    wrong = {
        (rule.id, name)
        for rule in SELECTIVE
        for type_ in rule.about
        for name in rule.requires
        if any(list(rule.check(each)) for each in by_name[type_, name])
    }
    assert wrong == set()
    names = {name for (_, name), found in by_name.items() if found}
    assert names == {name for _, name in REQUIRED}


def test_the_index_of_rules_hides_no_finding() -> None:
    of_all = [attrs.evolve(rule, requires=(), when=None) for rule in (*RULES, *PACKED)]
    for subject in subjects():
        indexed = [(rule.id, each) for rule, each in evaluate(subject, (*RULES, *PACKED))]
        assert indexed == [(rule.id, each) for rule, each in evaluate(subject, of_all)]


def test_a_condition_is_asked_once_for_rules_that_follow_each_other() -> None:
    asked: list[object] = []

    def is_tagged(spec: EndpointConfigSpec) -> bool:
        asked.append(spec)
        return spec.tags is not None

    def custom(id_: str, when: Callable[[Any], bool] | None) -> Rule:
        violation = Violation(path=("tags",), got=None, must="be given", fix="Give tags.")
        return Rule(id=id_, title="A title", why="Why.", when=when, check=lambda _: [violation])

    rules = [custom("own-a", is_tagged), custom("own-b", is_tagged), custom("own-c", None)]
    bare, tagged = EndpointConfigSpec(), EndpointConfigSpec(tags=())
    for subject, ids in ((bare, ["own-c"]), (tagged, ["own-a", "own-b", "own-c"])):
        for evaluated in (RuleSet.of(rules).evaluate(subject), evaluate(subject, RuleList(rules))):
            assert [rule.id for rule, _ in evaluated] == ids
    assert asked == [bare, bare, tagged, tagged]


def test_the_condition_of_a_custom_rule_may_fail() -> None:
    def fails(_: object) -> bool:
        raise KeyError("tags")

    rule = Rule(id="own-rule", title="A title", why="Why.", when=fails, check=lambda _: ())
    (own,) = guarded([rule])
    ((_, violation),) = evaluate(EndpointConfigSpec(), [own])
    assert "rule own-rule raises KeyError" in str(violation.sentence)


def test_most_rules_require_members() -> None:
    assert len(SELECTIVE) > len(RULES) / 2


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


def test_names_of_related_resources_are_given_only_if_they_exist() -> None:
    subject = ConfigContext(config=EndpointConfigSpec(tags=()), region="eu-west-1")
    assert given_members(subject) == {"config", "region", "tags"}
