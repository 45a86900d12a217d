"""Review of an update: the findings of the rules, and the plan of each endpoint's deployment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.rules import Finding, Profile, Rule, Violation
from cdk_epc.rules.finding import shown
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import rules_given
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.spec.fields import Path, aws_path, aws_steps
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.spec.updates import EndpointUpdate, UpdateSubject
from cdk_epc.templates.app import App
from cdk_epc.templates.positions import position_of
from cdk_epc.templates.references import ResourceKey
from cdk_epc.templates.scenarios import (
    Facts,
    Scenario,
    facts_of,
    scenario_suffix,
    specific_facts,
)
from cdk_epc.templates.template import Template, TemplateInput
from cdk_epc.updates.comparison import Comparison
from cdk_epc.updates.deployment import EndpointPlan, plan_of
from cdk_epc.updates.moves import moved_resources
from cdk_epc.updates.notes import UpdateNote, notes_of
from cdk_epc.updates.pairs import Pairs
from cdk_epc.updates.scenarios import explored
from cdk_epc.updates.subjects import Live, subjects_of_update

_IDS: Final = frozenset(rule.id for rule in UPDATE_RULES)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UpdateReport(Record):
    """Result of the comparison of two apps.

    Attributes:
        reports: One report for each new template, in their order.
        plans: Effect of the update on each endpoint that it reaches.
        notes: Effects on other resources that are no fault.
    """

    reports: tuple[Report, ...]
    plans: tuple[EndpointPlan, ...] = ()
    notes: tuple[UpdateNote, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of all templates that are not acknowledged."""
        return Report.joined(self.reports).findings


def review_update(  # noqa: PLR0913 - the inputs of a comparison
    old: Sequence[TemplateInput],
    new: Sequence[TemplateInput],
    *,
    profile: Profile = Profile.DEFAULT,
    acknowledged: Mapping[str, Any] | None = None,
    live: Live | None = None,
    rules: Iterable[Rule] = (),
) -> UpdateReport:
    """Compare two apps and apply the rules about updates.

    Args:
        old: Templates of the deployed app.
        new: Templates of the app to deploy.
        profile: Strictness; see `Profile`.
        acknowledged: Reasons by rule id, or by logical id and rule id, in addition to those in the
            new templates.
        live: Facts about running endpoints, if the old app is a description of them.
        rules: Custom rules in addition. Those about other subjects than updates are not applied.
    """
    pairs = Pairs.of(App.of(old), App.of(new), is_described=live is not None)
    applied = profile.apply((*UPDATE_RULES, *_guarded(rules)))

    def visit(comparison: Comparison, scenario: Scenario) -> _ScenarioResult:
        return _result(comparison, scenario, applied, live or Live())

    results = list(explored(pairs, visit))
    found = _merged(results, len(pairs.new.templates))
    reasons = acknowledged or {}
    return UpdateReport(
        reports=tuple(
            _report(each, found[each.index], pairs.new, reasons) for each in pairs.new.templates
        ),
        plans=tuple({p.resource: p for each in reversed(results) for p in each.plans}.values()),
        notes=tuple(dict.fromkeys(note for each in results for note in each.notes)),
    )


def _guarded(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    given = rules_given(rules)
    if not given:
        return ()
    from cdk_epc.rules.custom_checks import guarded  # noqa: PLC0415 - most runs have no such rules

    return guarded(given)


_FindingKey: TypeAlias = tuple[int, str, str, str, str]
"""Template, rule, resource, path and value of a finding, which are equal in two scenarios."""


@attrs.frozen(eq=False, repr=False)
class _ScenarioResult(Record):
    """Result of a comparison in one scenario, with the facts by template."""

    facts: tuple[Facts, ...]
    findings: Mapping[_FindingKey, Finding]
    plans: tuple[EndpointPlan, ...]
    notes: tuple[UpdateNote, ...]


def _result(
    comparison: Comparison, scenario: Scenario, rules: Sequence[Rule], live: Live
) -> _ScenarioResult:
    findings: dict[_FindingKey, Finding] = {}
    plans: list[EndpointPlan] = []
    for key, subject in (
        *subjects_of_update(comparison, live),
        *moved_resources(comparison),
    ):
        if isinstance(subject, EndpointUpdate):
            plans.append(plan_of(comparison, key, subject))
        for rule, violation in _violations(subject, rules):
            each = _finding(comparison, key, subject, rule, violation)
            value = shown(violation.got)
            findings.setdefault((key[0], rule.id, key[1], each.path, value), each)
    templates = range(len(comparison.pairs.new.templates))
    return _ScenarioResult(
        tuple(facts_of(scenario, index) for index in templates),
        findings,
        tuple(plans),
        tuple(notes_of(comparison)),
    )


def _merged(results: Sequence[_ScenarioResult], count: int) -> list[list[Finding]]:
    """Return the findings of all scenarios by template, each once with its scenarios."""
    found: list[list[Finding]] = [[] for _ in range(count)]
    for key in dict.fromkeys(key for each in results for key in each.findings):
        index = key[0]
        within = [each for each in results if key in each.findings]
        facts = specific_facts(
            [each.facts[index] for each in within],
            [each.facts[index] for each in results if key not in each.findings],
        )
        finding = within[0].findings[key]
        message = finding.message + scenario_suffix([facts])
        found[index].append(attrs.evolve(finding, message=message))
    return found


def _violations(subject: UpdateSubject, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Violation]]:
    kind = type(subject)
    for rule in rules:
        if kind in rule.about:
            for violation in rule.check(subject):
                yield rule, violation


def _finding(
    comparison: Comparison,
    key: ResourceKey,
    subject: UpdateSubject,
    rule: Rule,
    violation: Violation,
) -> Finding:
    steps: Path = aws_steps(violation.path, subject.root)
    place = position_of(comparison.new_evaluation(key[0]), key[1], steps)
    path = aws_path(violation.path, subject.root) or "Properties"
    return attrs.evolve(Finding.of(rule, violation, path), resource=key[1], place=place)


def _report(
    template: Template, findings: Sequence[Finding], app: App, given: Mapping[str, Any]
) -> Report:
    remaining: list[Finding] = []
    acknowledged: list[Finding] = []
    for finding in findings:
        reasons = _reasons(template, str(finding.resource), app, given)
        reason = next(
            (text for each in reasons if _is_reason(text := each.get(finding.rule_id))), None
        )
        if reason is None:
            remaining.append(finding)
        else:
            acknowledged.append(attrs.evolve(finding, acknowledged=reason.strip()))
    return Report(tuple(remaining), tuple(acknowledged))


def _reasons(
    template: Template, logical_id: str, app: App, given: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield the reasons for a resource: its own, those of its constructs, and the given ones."""
    metadata = template.resources[logical_id].get("Metadata")
    about: Mapping[Any, Any] = metadata if is_mapping(metadata) else {}
    own = about.get("cdk-epc")
    if is_mapping(own) and is_mapping(reasons := own.get("acknowledge")):
        yield reasons
    path = about.get("aws:cdk:path")
    for each in app.templates:
        for enclosing, reasons in each.input.acknowledged.items():
            if isinstance(path, str) and f"{path}/".startswith(
                f"{enclosing}/" if enclosing else ""
            ):
                yield reasons
    of_resource = given.get(logical_id)
    if is_mapping(of_resource):
        yield of_resource
    yield given


def _is_reason(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
