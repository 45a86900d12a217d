"""Templates of one app, which may refer to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from cdk_epc.rules import RULES, Fault, Finding, Profile, Rule
from cdk_epc.rules.report import Report
from cdk_epc.rules.templates import NOT_JUDGED
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates.acknowledgements import Scopes
from cdk_epc.templates.app import App
from cdk_epc.templates.context.subjects import SPECS, is_judged
from cdk_epc.templates.judging import Judge, RuleBook
from cdk_epc.templates.names import CONFIG, Located
from cdk_epc.templates.placed import PlacedTemplate
from cdk_epc.templates.quotas import Totals
from cdk_epc.templates.template import Source

__all__ = ["PlacedTemplate", "check_template", "review_app", "review_template"]


def review_app(
    templates: Sequence[PlacedTemplate],
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
    book = RuleBook.of(profile.apply((*RULES, *more))) if more else _our_book(profile)
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
    placed = PlacedTemplate(template=template, region=region)
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
    return RuleBook.of(profile.apply(RULES))


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
    judge = Judge(book, Totals(app))
    # Configurations first: an endpoint wants its own in place, after all before that one.
    resources = sorted(_judged(app), key=lambda each: each[0].resources[each[1]]["Type"] != CONFIG)
    return {(each[0].index, each[1]): judge.findings(each) for each in resources}


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
            findings += result.left
            acknowledged += result.acknowledged
    return Report(tuple(findings), tuple(acknowledged))


def _not_judged(opaque: list[str], book: RuleBook) -> Finding:
    fault = Fault(
        path=(),
        got=", ".join(opaque),
        allowed="transforms that leave these resources as they are written",
        fix="Check the template that the macro makes, which the change set shows.",
    )
    finding = Finding.of(book.by_id[NOT_JUDGED.id], fault, "Transform")
    return attrs.evolve(finding, place=("Transform",))
