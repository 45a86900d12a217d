"""Templates of one app, which may refer to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules import Finding, Profile, Rule, Violation
from cdk_epc.rules.evaluation import members_given
from cdk_epc.rules.finding import shown
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.report import Report
from cdk_epc.rules.requests import TRANSFORMED, unknown_member_violations
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec import EndpointConfigSpec, Spec
from cdk_epc.spec.context import Subject
from cdk_epc.spec.fields import Path, aws_path, aws_steps
from cdk_epc.spec.unresolved import is_mapping, is_unresolved
from cdk_epc.templates.acknowledgements import Scopes
from cdk_epc.templates.app import CONFIG, App, Located
from cdk_epc.templates.conditions import exists, may_be
from cdk_epc.templates.context.subjects import PARTS, READ, SPECS, is_judged, subjects_of
from cdk_epc.templates.positions import place_of
from cdk_epc.templates.quotas import Total, Totals
from cdk_epc.templates.references import properties_of, spec_of
from cdk_epc.templates.scenarios import Facts, Run, Scope, explored, facts_of, words_for
from cdk_epc.templates.template import Source, TemplateInput

_TYPE: Final = "value-type-wrong"
_PARTS: Final = frozenset(PARTS.values())

_Key: TypeAlias = tuple[str, str, str, int]
"""What makes a fault the same in two scenarios: rule, path, value, and which of several it is."""


@attrs.frozen
class RuleBook:
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
    def of(cls, diagnostics: Sequence[Diagnostic]) -> RuleBook:
        """The book of these rules."""
        about: dict[type, tuple[Rule, ...]] = {}
        for each in diagnostics:
            if isinstance(each, Rule):
                for kind in each.about:
                    about[kind] = (*about.get(kind, ()), each)
        return cls({each.id: each for each in diagnostics}, about)

    def evaluate(self, subject: Subject) -> list[tuple[Rule, Violation]]:
        """The faults of a subject, each with its rule: as `cdk_epc.rules.evaluate` finds them."""
        key = (type(subject), given_members(subject))
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
    takes: Total


@attrs.frozen
class Judge:
    """Holds the rules against resources, in the order of the app."""

    rules: RuleBook
    totals: Totals

    def findings(self, resource: Located) -> list[Finding]:
        """Every finding of a resource, in the order in which they are found."""
        app = self.totals.app
        source, logical_id = resource
        cls = READ[source.resources[logical_id]["Type"]]
        every = list(explored(app.run, lambda run: self._seen(run, resource, cls)))
        seen = [each for each in every if each is not None]
        if cls is EndpointConfigSpec:
            self.totals.add(resource, _least(every))
        if len(seen) == 1:
            return list(seen[0].found.values())
        return _told_apart(seen)

    def _seen(self, run: Run, resource: Located, cls: type[Spec]) -> _Seen | None:
        """What comes of a resource in a scenario; ``None`` if it is not deployed in it."""
        source, logical_id = resource
        scope = Scope(run, source)
        if not exists(scope, logical_id):
            return None
        found: dict[_Key, Finding] = {}
        times: Counter[tuple[str, str, str]] = Counter()
        takes = Total()
        for rule, violation in self._violations(scope, logical_id, cls):
            finding = self._finding(scope, logical_id, cls, rule, violation)
            # What is allowed may read differently from one scenario to the next.
            key = (rule.id, finding.path, shown(violation.got))
            found[*key, times[key]] = finding
            times[key] += 1
        if cls is EndpointConfigSpec and (read := spec_of(scope, logical_id, EndpointConfigSpec)):
            takes = Total.of(read[0])
        return _Seen(facts_of(run, source.index), found, takes) if may_be(scope) else None

    def _violations(
        self, scope: Scope, logical_id: str, cls: type[Spec]
    ) -> list[tuple[Diagnostic, Violation]]:
        read = spec_of(scope, logical_id, cls)
        is_part = cls in _PARTS
        if read is None:
            properties = properties_of(scope, logical_id)
            is_known = not is_part and not is_unresolved(properties)
            return [self._no_object(properties)] if is_known else []
        spec, unknown_members = read
        found: list[tuple[Diagnostic, Violation]] = []
        if not is_part:
            found += unknown_member_violations(unknown_members)
        for subject in subjects_of(scope, logical_id, spec, self.totals, self.rules.about):
            found += self.rules.evaluate(subject)
        return found

    def _no_object(self, properties: Any) -> tuple[Diagnostic, Violation]:  # noqa: ANN401 - JSON
        fix = "Give an object with the members of its shape."
        violation = Violation(path=(), got=properties, must="be an object", fix=fix)
        return self.rules.by_id[_TYPE], violation

    def _finding(
        self, scope: Scope, logical_id: str, cls: type[Spec], rule: Diagnostic, violation: Violation
    ) -> Finding:
        words = aws_path(violation.path, cls) or "Properties"
        steps: Path = aws_steps(violation.path, cls)
        return attrs.evolve(
            Finding.of(self.rules.by_id[rule.id], violation, words),
            resource=logical_id,
            place=place_of(scope, logical_id, steps),
        )


def _least(every: Sequence[_Seen | None]) -> Total:
    """What a configuration takes at least."""
    least = every[0].takes if every[0] else Total()
    for each in every[1:]:
        least = least.least(each.takes if each else Total())
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
        words = words_for(
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
    book = RuleBook.of(profile.apply((*DIAGNOSTICS, *more))) if more else _our_book(profile)
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
def _our_book(profile: Profile) -> RuleBook:
    return RuleBook.of(profile.apply(DIAGNOSTICS))


def _reports(app: App, book: RuleBook) -> list[Report]:
    found = _found(app, book)
    scopes = Scopes(book.by_id, _given(app))
    reports = [_report(source, scopes, found, book) for source in app.sources]
    for path, finding in scopes.mistakes():
        at = next(s.index for s in app.sources if path in s.placed.acknowledged)
        before = reports[at]
        reports[at] = attrs.evolve(before, findings=(*before.findings, finding))
    return reports


def _given(app: App) -> dict[str, dict[str, Any]]:
    """What is acknowledged on constructs, over all templates."""
    given: dict[str, dict[str, Any]] = {}
    for source in app.sources:
        for path, reasons in source.placed.acknowledged.items():
            given.setdefault(path, {}).update(reasons)
    return given


def _judged(app: App) -> list[Located]:
    """The resources that are judged, in their order."""
    return [
        (source, logical_id)
        for source in app.sources
        if not source.opaque()
        for logical_id in source.resources
        if is_judged((source, logical_id))
    ]


def _found(app: App, book: RuleBook) -> dict[tuple[int, str], list[Finding]]:
    """The findings of each resource."""
    evaluate = Judge(book, Totals(app))
    # Configurations first: an endpoint wants its own in place, after all before that one.
    resources = sorted(_judged(app), key=lambda each: each[0].resources[each[1]]["Type"] != CONFIG)
    return {(each[0].index, each[1]): evaluate.findings(each) for each in resources}


def _report(
    source: Source,
    scopes: Scopes,
    found: Mapping[tuple[int, str], list[Finding]],
    book: RuleBook,
) -> Report:
    findings: list[Finding] = []
    acknowledged: list[Finding] = []
    if opaque := source.opaque():
        types = {resource["Type"] for resource in source.resources.values()}
        return Report((_not_judged(opaque, book),) if types & SPECS.keys() else ())
    for logical_id in source.resources:
        if (here := found.get((source.index, logical_id))) is not None:
            result = scopes.sort(source, logical_id, here)
            findings += result.findings
            acknowledged += result.acknowledged
    return Report(tuple(findings), tuple(acknowledged))


def _not_judged(opaque: list[str], book: RuleBook) -> Finding:
    violation = Violation(
        path=(),
        got=", ".join(opaque),
        must="be transforms that leave these resources as they are written",
        fix="Check the template that the macro makes, which the change set shows.",
    )
    finding = Finding.of(book.by_id[TRANSFORMED.id], violation, "Transform")
    return attrs.evolve(finding, place=("Transform",))
