"""Check of CloudFormation templates: the rules, applied to each resource in each scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.rules import Finding, Profile, Rule, Violation
from cdk_epc.rules.evaluation import without_consequences
from cdk_epc.rules.finding import shown
from cdk_epc.rules.report import Report
from cdk_epc.rules.requests import (
    PARAMETER_DEFAULT,
    TRANSFORMED,
    unknown_member_violations,
)
from cdk_epc.rules.rule import Diagnostic, rules_given
from cdk_epc.rules.rule_set import RuleSet
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.fields import Path, aws_path, aws_steps
from cdk_epc.spec.input_values import require_tree
from cdk_epc.spec.unresolved import is_mapping, is_unresolved
from cdk_epc.templates.acknowledgements import ConstructAcknowledgements
from cdk_epc.templates.app import CONFIG, App, Resource
from cdk_epc.templates.conditions import is_deployed, satisfies_rules
from cdk_epc.templates.context.subjects import (
    ALL_SPECS,
    RELATED_SPECS,
    SAGEMAKER_SPECS,
    is_checked,
    subjects_of,
)
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.parameter_defaults import (
    SINGLE_VALUE_RULES,
    default_finding,
    is_guarded,
    is_note,
    responsible_default,
)
from cdk_epc.templates.positions import position_of
from cdk_epc.templates.quotas import ServerlessUsage, UsageCounter
from cdk_epc.templates.reference_checks import reference_findings
from cdk_epc.templates.references import ResourceKey, properties_of, spec_of
from cdk_epc.templates.scenarios import (
    Evaluation,
    Facts,
    Scenario,
    explore,
    facts_of,
    scenario_suffix,
    specific_facts,
)
from cdk_epc.templates.template import Template, TemplateInput

_WRONG_TYPE: Final = "value-type-wrong"
_RELATED_SPECS: Final = frozenset(RELATED_SPECS.values())

_FindingKey: TypeAlias = tuple[str, str, str, int]
"""Rule, path, value and ordinal number of a finding, which are equal in two scenarios."""


@attrs.frozen(eq=False, repr=False)
class _ScenarioResult(Record):
    """Result of a resource in one scenario."""

    facts: Facts
    findings: Mapping[_FindingKey, Finding]
    usage: ServerlessUsage


@attrs.frozen(eq=False, repr=False)
class ResourceChecker(Record):
    """Checker of the resources of an app, in their order."""

    rules: RuleSet
    usage: UsageCounter

    def findings(self, resource: Resource) -> list[Finding]:
        """Return all findings of a resource."""
        app = self.usage.app
        template, logical_id = resource
        cls = ALL_SPECS[template.resources[logical_id]["Type"]]
        every = list(
            explore(
                lambda prefix: scenario_of(app, prefix),
                lambda scenario: self._check(scenario, resource, cls),
            )
        )
        results = [each for each in every if each is not None]
        if cls is EndpointConfigSpec:
            usages = (each.usage if each else ServerlessUsage() for each in every)
            self.usage.add(resource, ServerlessUsage.minimum(usages))
        found = reference_findings(template, logical_id, self.rules.by_id)
        if len(results) == 1:
            return [*results[0].findings.values(), *found]
        return [*_merge(results), *found]

    def _check(
        self, scenario: Scenario, resource: Resource, cls: type[Spec]
    ) -> _ScenarioResult | None:
        """Check a resource in a scenario; return ``None`` if it is not deployed there."""
        template, logical_id = resource
        evaluation = Evaluation(scenario, template)
        if not is_deployed(evaluation, logical_id):
            return None
        findings: dict[_FindingKey, Finding] = {}
        counts: Counter[tuple[str, str, str]] = Counter()
        usage = ServerlessUsage()
        for rule, violation in self._violations(evaluation, logical_id, cls):
            finding = self._finding(evaluation, logical_id, cls, rule, violation)
            if finding is None:
                continue
            # The requirement may have other words in another scenario, so it is not in the key.
            key = (finding.rule_id, finding.path, shown(violation.got))
            findings[*key, counts[key]] = finding
            counts[key] += 1
        if cls is EndpointConfigSpec and (
            read := spec_of(evaluation, logical_id, EndpointConfigSpec)
        ):
            usage = ServerlessUsage.of(read[0])
        if not satisfies_rules(evaluation):
            return None
        return _ScenarioResult(facts_of(scenario, template.index), findings, usage)

    def _violations(
        self, evaluation: Evaluation, logical_id: str, cls: type[Spec]
    ) -> list[tuple[Diagnostic, Violation]]:
        read = spec_of(evaluation, logical_id, cls)
        is_related = cls in _RELATED_SPECS
        if read is None:
            properties = properties_of(evaluation, logical_id)
            is_known = not is_related and not is_unresolved(properties)
            return [self._no_object(properties)] if is_known else []
        spec, unknown_members = read
        found: list[tuple[Diagnostic, Violation]] = []
        if not is_related:
            found += unknown_member_violations(unknown_members)
        for subject in subjects_of(evaluation, logical_id, spec, self.usage, self.rules.about):
            found += self.rules.evaluate(subject)
        return without_consequences(found)

    def _no_object(self, properties: Any) -> tuple[Diagnostic, Violation]:  # noqa: ANN401 - JSON
        fix = "Write a map of property names to values."
        violation = Violation(path=(), got=properties, must="be an object", fix=fix)
        return self.rules.by_id[_WRONG_TYPE], violation

    def _finding(
        self,
        evaluation: Evaluation,
        logical_id: str,
        cls: type[Spec],
        rule: Diagnostic,
        violation: Violation,
    ) -> Finding | None:
        """Return the finding of a violation; ``None`` if it rests on a default that is not used."""
        path = aws_path(violation.path, cls) or "Properties"
        steps: Path = aws_steps(violation.path, cls)
        place = position_of(evaluation, logical_id, steps)
        parameter = None
        if rule.id in SINGLE_VALUE_RULES and evaluation.scenario.parameters:
            parameter = responsible_default(
                evaluation, logical_id, cls, (rule.id, violation), steps
            )
        if parameter is None:
            finding = Finding.of(self.rules.by_id[rule.id], violation, path)
            return attrs.evolve(finding, resource=logical_id, place=place)
        if is_note(parameter, cls, violation) or is_guarded(
            parameter, evaluation, logical_id, place
        ):
            return None
        finding = Finding.of(self.rules.by_id[PARAMETER_DEFAULT.id], violation, path)
        return default_finding(
            attrs.evolve(finding, resource=logical_id, place=place), parameter, evaluation.template
        )


def _merge(results: Sequence[_ScenarioResult]) -> list[Finding]:
    """Return the findings of all scenarios, each once with the facts of its scenarios.

    Values of one parameter that violate the same rule at the same place are one finding.
    """
    occurrences: dict[_FindingKey, list[int]] = {}
    for index, result in enumerate(results):
        for key in result.findings:
            occurrences.setdefault(key, []).append(index)
    values: dict[tuple[Any, ...], list[tuple[_FindingKey, list[int]]]] = {}
    for key, indices in occurrences.items():
        rule_id, path, _, count = key
        place = results[indices[0]].findings[key].place
        values.setdefault((rule_id, path, count, place), []).append((key, indices))
    findings: list[Finding] = []
    for (rule_id, *_), group in values.items():
        key, indices = group[0]
        first = results[indices[0]].findings[key]
        if rule_id != PARAMETER_DEFAULT.id:  # which names the parameter itself
            suffix = scenario_suffix([_facts(results, found) for _, found in group])
            first = attrs.evolve(first, message=first.message + suffix)
        findings.append(first)
    return findings


def _facts(results: Sequence[_ScenarioResult], indices: list[int]) -> tuple[tuple[str, str], ...]:
    """Return the facts that tell the scenarios with these indices from the others."""
    with_finding = set(indices)
    return specific_facts(
        [results[index].facts for index in indices],
        [each.facts for index, each in enumerate(results) if index not in with_finding],
    )


def review_app(
    templates: Sequence[TemplateInput],
    *,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Report]:
    """Check templates of one app together.

    Args:
        templates: The templates.
        rules: Rules in addition to those of this library.
        profile: Strictness; see `Profile`.

    Returns:
        One report for each template, in their order.

    Raises:
        TypeError: A template is no mapping.
        ValueError: A template contains itself, or too many values.
    """
    for each in templates:
        _require_template(each)
    return _reports(App.of(templates), _rules(rules_given(rules), profile))


def review_template(
    template: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> Report:
    """Check one template.

    Args:
        template: The template as JSON, with long forms of intrinsic functions.
        region: Region of the deployment, which some rules need.
        rules: Rules in addition to those of this library.
        profile: Strictness; see `Profile`.

    Returns:
        The findings and the acknowledged findings.

    Raises:
        TypeError: The template is no mapping.
        ValueError: The template contains itself, or too many values.
    """
    given = TemplateInput(template=template, region=region)
    (report,) = review_app([given], rules=rules, profile=profile)
    return report


def check_template(
    template: Mapping[str, Any],
    *,
    region: str | None = None,
    rules: Iterable[Rule] = (),
    profile: Profile = Profile.DEFAULT,
) -> list[Finding]:
    """Return the findings of one template, without the acknowledged ones.

    Args:
        template: The template as JSON, with long forms of intrinsic functions.
        region: Region of the deployment, which some rules need.
        rules: Rules in addition to those of this library.
        profile: Strictness; see `Profile`.

    Raises:
        TypeError: The template is no mapping.
        ValueError: The template contains itself, or too many values.
    """
    return list(review_template(template, region=region, rules=rules, profile=profile).findings)


def _require_template(given: TemplateInput) -> None:
    template: object = given.template
    if not is_mapping(template):
        raise TypeError(
            f"a template must be a mapping, got {type(template).__name__}; "
            "pass the result of json.load or of a YAML parser"
        )
    if not given.is_bounded:
        require_tree(template, "the template")


def _rules(more: tuple[Rule, ...], profile: Profile) -> RuleSet:
    if not more:
        return _default_rules(profile)
    # Imported here because most checks have no custom rules.
    from cdk_epc.rules.custom_checks import guarded  # noqa: PLC0415
    from cdk_epc.rules.registry import DIAGNOSTICS  # noqa: PLC0415

    return RuleSet.of(profile.apply((*DIAGNOSTICS, *guarded(more))))


@cache
def _default_rules(profile: Profile) -> RuleSet:
    return RuleSet.built_in(profile)


def _reports(app: App, rules: RuleSet) -> list[Report]:
    findings = _findings_of(app, rules)
    acknowledgements = ConstructAcknowledgements(rules.by_id, _construct_reasons(app))
    reports = [_report(each, acknowledgements, findings, rules) for each in app.templates]
    for path, finding in acknowledgements.errors():
        index = next(each.index for each in app.templates if path in each.input.acknowledged)
        before = reports[index]
        reports[index] = attrs.evolve(before, findings=(*before.findings, finding))
    return reports


def _construct_reasons(app: App) -> dict[str, dict[str, Any]]:
    """Return the reasons on constructs of all templates, by construct path and rule id."""
    reasons: dict[str, dict[str, Any]] = {}
    for template in app.templates:
        for path, given in template.input.acknowledged.items():
            reasons.setdefault(path, {}).update(given)
    return reasons


def _findings_of(app: App, rules: RuleSet) -> dict[ResourceKey, list[Finding]]:
    """Return the findings of each checked resource."""
    resources = [
        (template, logical_id)
        for template in app.templates
        if not template.macros()
        for logical_id in template.resources
        if is_checked((template, logical_id))
    ]
    # Configurations first, in their order: the serverless usage before each is then complete when
    # an endpoint asks for the context of its configuration.
    resources.sort(key=lambda each: each[0].resources[each[1]]["Type"] != CONFIG)
    checker = ResourceChecker(rules, UsageCounter(app))
    return {(each[0].index, each[1]): checker.findings(each) for each in resources}


def _report(
    template: Template,
    acknowledgements: ConstructAcknowledgements,
    findings: Mapping[ResourceKey, list[Finding]],
    rules: RuleSet,
) -> Report:
    if macros := template.macros():
        types = {resource["Type"] for resource in template.resources.values()}
        is_relevant = bool(types & SAGEMAKER_SPECS.keys())
        return Report((_transformed(macros, rules),) if is_relevant else ())
    remaining: list[Finding] = []
    acknowledged: list[Finding] = []
    for logical_id in template.resources:
        if (of_resource := findings.get((template.index, logical_id))) is not None:
            report = acknowledgements.apply(template, logical_id, of_resource)
            for each in report.findings:
                if not _is_repeated(template, each, remaining):
                    remaining.append(each)
            acknowledged += report.acknowledged
    return Report(tuple(remaining), tuple(acknowledged))


def _is_repeated(template: Template, finding: Finding, before: list[Finding]) -> bool:
    """Return whether a parameter's default or a value of a loop is already reported."""
    is_default = finding.rule_id == PARAMETER_DEFAULT.id
    return (is_default or template.has_loops) and any(
        each.rule_id == finding.rule_id
        and each.place == finding.place
        and (is_default or each.message == finding.message)
        for each in before
    )


def _transformed(macros: list[str], rules: RuleSet) -> Finding:
    """Return the finding of a template that is not checked because of its macros."""
    violation = Violation(
        path=(),
        got=", ".join(macros),
        sentence=f"Transform {', '.join(macros)} may change every resource, so the template is "
        "not checked",
        fix="Check the processed template, which the change set shows.",
    )
    finding = Finding.of(rules.by_id[TRANSFORMED.id], violation, "Transform")
    return attrs.evolve(finding, place=("Transform",))
