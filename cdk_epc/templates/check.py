"""Templates of one app, which may refer to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules import Finding, Profile, Rule, Violation
from cdk_epc.rules._engine import members_given
from cdk_epc.rules.finding import shown
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.report import Report
from cdk_epc.rules.requests import TRANSFORMED, unknown_member_violations
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.context import Subject
from cdk_epc.spec.fields import Path, aws_steps, in_aws_words
from cdk_epc.spec.unresolved import is_mapping, is_unresolved
from cdk_epc.templates.acknowledgements import AppAcknowledgements
from cdk_epc.templates.app import CONFIG, App, Resource
from cdk_epc.templates.conditions import is_deployed, satisfies_rules
from cdk_epc.templates.context.subjects import (
    RELATED_SPECS,
    ALL_SPECS,
    RESOURCE_SPECS,
    is_checked,
    subjects_of,
)
from cdk_epc.templates.positions import position_of
from cdk_epc.templates.quotas import ServerlessUsage, UsageCounter
from cdk_epc.templates.references import properties_of, spec_of
from cdk_epc.templates.scenarios import (
    Facts,
    Scenario,
    Evaluation,
    explore,
    facts_of,
    scenario_suffix,
)
from cdk_epc.templates.template import Template, TemplateInput

_TYPE: Final = "value-type-wrong"
_PARTS: Final = frozenset(RELATED_SPECS.values())

_Key: TypeAlias = tuple[str, str, str, int]
"""What makes a fault the same in two scenarios: rule, path, value, and which of several it is."""


@attrs.frozen
class RuleSet:
    """The rules that apply.

    Attributes:
        by_id: All of them, with the severities that apply.
        about: Those about each kind of subject, in their order.
    """

    by_id: Mapping[str, Diagnostic]
    about: Mapping[type, tuple[Rule, ...]]
    _asked: dict[tuple[type, frozenset[str] | None], tuple[Rule, ...]] = attrs.Factory(
        dict[tuple[type, frozenset[str] | None], tuple[Rule, ...]]
    )

    @classmethod
    def of(cls, diagnostics: Sequence[Diagnostic]) -> RuleSet:
        """The book of these rules."""
        about: dict[type, tuple[Rule, ...]] = {}
        for each in diagnostics:
            if isinstance(each, Rule):
                for kind in each.about:
                    about[kind] = (*about.get(kind, ()), each)
        return cls({each.id: each for each in diagnostics}, about)

    def evaluate(self, subject: Subject) -> list[tuple[Rule, Violation]]:
        """The faults of a subject, each with its rule: as `cdk_epc.rules.evaluate` finds them."""
        key = (type(subject), members_given(subject))
        if (asked := self._asked.get(key)) is None:
            asked = self._asked[key] = self._asked_of(*key)
        return [(rule, violation) for rule in asked for violation in rule.check(subject)]

    def _asked_of(self, kind: type, given: frozenset[str] | None) -> tuple[Rule, ...]:
        """The rules to ask, which are the same for all subjects with the same members."""
        return tuple(rule for rule in self.about[kind] if given is None or rule.requires <= given)


@attrs.frozen
class _Seen:
    """What came of a resource in one scenario."""

    facts: Facts
    found: Mapping[_Key, Finding]
    takes: ServerlessUsage


@attrs.frozen
class ResourceChecker:
    """Holds the rules against resources, in the order of the app."""

    rules: RuleSet
    usage: UsageCounter

    def findings(self, resource: Resource) -> list[Finding]:
        """Every finding of a resource, in the order in which they are found."""
        app = self.usage.app
        template, logical_id = resource
        cls = ALL_SPECS[template.resources[logical_id]["Type"]]
        every = list(explore(app.scenario, lambda scenario: self._seen(scenario, resource, cls)))
        seen = [each for each in every if each is not None]
        if cls is EndpointConfigSpec:
            self.usage.add(resource, _least(every))
        if len(seen) == 1:
            return list(seen[0].found.values())
        return _told_apart(seen)

    def _seen(self, scenario: Scenario, resource: Resource, cls: type[Spec]) -> _Seen | None:
        """What comes of a resource in a scenario; ``None`` if it is not deployed in it."""
        template, logical_id = resource
        evaluation = Evaluation(scenario, template)
        if not is_deployed(evaluation, logical_id):
            return None
        found: dict[_Key, Finding] = {}
        times: Counter[tuple[str, str, str]] = Counter()
        takes = ServerlessUsage()
        for rule, violation in self._violations(evaluation, logical_id, cls):
            finding = self._finding(evaluation, logical_id, cls, rule, violation)
            # What is allowed may read differently from one scenario to the next.
            key = (rule.id, finding.path, shown(violation.got))
            found[*key, times[key]] = finding
            times[key] += 1
        if cls is EndpointConfigSpec and (
            read := spec_of(evaluation, logical_id, EndpointConfigSpec)
        ):
            takes = ServerlessUsage.of(read[0])
        return (
            _Seen(facts_of(scenario, template.index), found, takes)
            if satisfies_rules(evaluation)
            else None
        )

    def _violations(
        self, evaluation: Evaluation, logical_id: str, cls: type[Spec]
    ) -> list[tuple[Diagnostic, Violation]]:
        read = spec_of(evaluation, logical_id, cls)
        is_part = cls in _PARTS
        if read is None:
            properties = properties_of(evaluation, logical_id)
            is_known = not is_part and not is_unresolved(properties)
            return [self._no_object(properties)] if is_known else []
        spec, unknown_members = read
        found: list[tuple[Diagnostic, Violation]] = []
        if not is_part:
            found += unknown_member_violations(unknown_members)
        for subject in subjects_of(evaluation, logical_id, spec, self.usage, self.rules.about):
            found += self.rules.evaluate(subject)
        return found

    def _no_object(self, properties: Any) -> tuple[Diagnostic, Violation]:  # noqa: ANN401 - JSON
        fix = "Give an object with the members of its shape."
        violation = Violation(path=(), got=properties, must="be an object", fix=fix)
        return self.rules.by_id[_TYPE], violation

    def _finding(
        self,
        evaluation: Evaluation,
        logical_id: str,
        cls: type[Spec],
        rule: Diagnostic,
        violation: Violation,
    ) -> Finding:
        words = in_aws_words(violation.path, cls) or "Properties"
        steps: Path = aws_steps(violation.path, cls)
        return attrs.evolve(
            Finding.of(self.rules.by_id[rule.id], violation, words),
            resource=logical_id,
            place=position_of(evaluation, logical_id, steps),
        )


def _least(every: Sequence[_Seen | None]) -> ServerlessUsage:
    """What a configuration takes at least."""
    least = every[0].takes if every[0] else ServerlessUsage()
    for each in every[1:]:
        least = least.minimum(each.takes if each else ServerlessUsage())
    return least


def _told_apart(seen: Sequence[_Seen]) -> list[Finding]:
    """The findings of all scenarios, each once, with the choices that lead to it."""
    where: dict[_Key, list[int]] = {}
    for at, each in enumerate(seen):
        for key in each.found:
            where.setdefault(key, []).append(at)
    findings: list[Finding] = []
    for key, places in where.items():
        has = set(places)
        words = scenario_suffix(
            [seen[at].facts for at in places],
            [each.facts for at, each in enumerate(seen) if at not in has],
        )
        first = seen[places[0]].found[key]
        findings.append(attrs.evolve(first, message=first.message + words))
    return findings


__all__ = ["TemplateInput", "check_template", "review_app", "review_template"]


def review_app(
    templates: Sequence[TemplateInput],
    *,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Report]:
    """Check templates of one app together; one report for each, in their order.

    Args:
        templates: Those.
        rules: Rules of your own, in addition to ours.
        profile: Whether warnings are errors.

    Raises:
        TypeError: A template is no mapping.
    """
    for placed in templates:
        _refuse_unless_mapping(placed.template)
    app = App.of(templates)
    more = tuple(rules)
    book = RuleSet.of(profile.apply((*DIAGNOSTICS, *more))) if more else _our_book(profile)
    return _reports(app, book)


def review_template(
    template: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> Report:
    """Check one template.

    Args:
        template: It, as JSON; short forms of intrinsic functions are written out.
        region: The region that it is for, which some rules need.
        rules: Rules of your own, in addition to ours.
        profile: Whether warnings are errors.

    Raises:
        TypeError: It is no mapping.
    """
    placed = TemplateInput(template=template, region=region)
    (report,) = review_app([placed], rules=rules, profile=profile)
    return report


def check_template(
    template: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Finding]:
    """Every finding of `review_template`, which says what the arguments are."""
    return list(review_template(template, region=region, rules=rules, profile=profile).findings)


def _refuse_unless_mapping(template: object) -> None:
    if not is_mapping(template):
        raise TypeError(
            f"a template is a mapping, not {type(template).__name__}; "
            "give it as json.load or a YAML reader does"
        )


@cache
def _our_book(profile: Profile) -> RuleSet:
    return RuleSet.of(profile.apply(DIAGNOSTICS))


def _reports(app: App, book: RuleSet) -> list[Report]:
    found = _found(app, book)
    scopes = AppAcknowledgements(book.by_id, _given(app))
    reports = [_report(template, scopes, found, book) for template in app.templates]
    for path, finding in scopes.mistakes():
        at = next(s.index for s in app.templates if path in s.input.acknowledged)
        before = reports[at]
        reports[at] = attrs.evolve(before, findings=(*before.findings, finding))
    return reports


def _given(app: App) -> dict[str, dict[str, Any]]:
    """What is acknowledged on constructs, over all templates."""
    given: dict[str, dict[str, Any]] = {}
    for template in app.templates:
        for path, reasons in template.input.acknowledged.items():
            given.setdefault(path, {}).update(reasons)
    return given


def _judged(app: App) -> list[Resource]:
    """The resources that are judged, in their order."""
    return [
        (template, logical_id)
        for template in app.templates
        if not template.opaque()
        for logical_id in template.resources
        if is_checked((template, logical_id))
    ]


def _found(app: App, book: RuleSet) -> dict[tuple[int, str], list[Finding]]:
    """The findings of each resource."""
    evaluate = ResourceChecker(book, UsageCounter(app))
    # Configurations first: an endpoint wants its own in place, after all before that one.
    resources = sorted(_judged(app), key=lambda each: each[0].resources[each[1]]["Type"] != CONFIG)
    return {(each[0].index, each[1]): evaluate.findings(each) for each in resources}


def _report(
    template: Template,
    scopes: AppAcknowledgements,
    found: Mapping[tuple[int, str], list[Finding]],
    book: RuleSet,
) -> Report:
    findings: list[Finding] = []
    acknowledged: list[Finding] = []
    if opaque := template.opaque():
        types = {resource["Type"] for resource in template.resources.values()}
        return Report((_not_judged(opaque, book),) if types & RESOURCE_SPECS.keys() else ())
    for logical_id in template.resources:
        if (here := found.get((template.index, logical_id))) is not None:
            result = scopes.sort(template, logical_id, here)
            findings += result.findings
            acknowledged += result.acknowledged
    return Report(tuple(findings), tuple(acknowledged))


def _not_judged(opaque: list[str], book: RuleSet) -> Finding:
    violation = Violation(
        path=(),
        got=", ".join(opaque),
        must="be transforms that leave these resources as they are written",
        fix="Check the template that the macro makes, which the change set shows.",
    )
    finding = Finding.of(book.by_id[TRANSFORMED.id], violation, "Transform")
    return attrs.evolve(finding, place=("Transform",))
