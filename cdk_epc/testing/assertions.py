"""Assertions about the findings of a stack or a template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

from cdk_epc.rules import EndpointConfigError, Finding, Rule
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import rules_given
from cdk_epc.spec.similarity import get_close_matches
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates import review_template
from cdk_epc.testing.stack_review import review_stack
from cdk_epc.testing.templates import TemplateSource, synth, write_refused_template


def assert_no_findings(
    source: TemplateSource,
    *,
    ignore: Iterable[str] = (),
    rules: Iterable[Rule] = (),
    region: str | None = None,
) -> None:
    """Assert that the rules find nothing in a stack or a template, neither errors nor warnings.

    Acknowledged findings are accepted. A stack is synthesised and checked with its nested stacks.

    Args:
        source: Stack or template.
        ignore: Ids of rules whose findings are accepted.
        rules: Rules in addition to those that always apply: custom rules, or a pack such as
            `SECURITY_CONTROLS`.
        region: Region of the deployment; by default that of the stack.

    Raises:
        AssertionError: There are other findings; the message has all of them with their fixes.
        ValueError: No rule has an id in `ignore`.
        RuntimeError: CDK refuses the app for another reason.
    """
    __tracebackhide__ = True
    added, ignored = rules_given(rules), _given_ids(ignore)
    _require_known(ignored, added)
    report, error = _review(source, added, region)
    found = [each for each in report.findings if each.rule_id not in ignored]
    if found:
        raise AssertionError(f"{_count(found)}, expected none:\n\n{_listed(found)}")
    if error is not None:
        raise error


def assert_finding(  # noqa: PLR0913 - all but the first two are options
    source: TemplateSource | EndpointConfigError,
    rule_id: str,
    *,
    resource: str | None = None,
    path: str | None = None,
    rules: Iterable[Rule] = (),
    region: str | None = None,
) -> Finding:
    """Assert that a rule finds something in a stack or a template.

    A stack is synthesised and checked with its nested stacks; it may have errors.

    Args:
        source: Stack, template, or the error that a call of a construct raised.
        rule_id: Id of the rule.
        resource: Logical id of the resource of the finding; any by default. For a finding that
            only a construct can have, such as the error of a call, the path of the construct.
        path: Property of the finding, such as ``ProductionVariants[0].ModelName``; any by default.
        rules: Rules in addition to those that always apply.
        region: Region of the deployment; by default that of the stack.

    Returns:
        The first such finding.

    Raises:
        AssertionError: There is no such finding; the message has the findings that there are.
        ValueError: No rule has the id.
    """
    __tracebackhide__ = True
    added = rules_given(rules)
    _require_known([rule_id], added)
    if isinstance(source, EndpointConfigError):
        report = Report(source.findings)
    else:
        report, _ = _review(source, added, region)
    for finding in report.findings:
        if (
            finding.rule_id == rule_id
            and resource in {None, finding.resource}
            and path in {None, finding.path}
        ):
            return finding
    where = f" in {resource}" if resource else ""
    where += f" at {path}" if path else ""
    lines = [f"no finding of {rule_id}{where}"]
    lines += [
        f"it is acknowledged in {each.resource}: {each.acknowledged}"
        for each in report.acknowledged
        if each.rule_id == rule_id
    ]
    if report.findings:
        lines += [f"{_count(report.findings)}:", "", _listed(report.findings)]
    else:
        lines.append("there are no findings")
    raise AssertionError("\n".join(lines))


def _review(
    source: TemplateSource, rules: tuple[Rule, ...], region: str | None
) -> tuple[Report, RuntimeError | None]:
    """Return the report on a source, and the error of CDK's validation."""
    if not isinstance(source, cdk.Stack):
        return review_template(_as_json(source), region=region, rules=rules), None
    error: RuntimeError | None = None
    try:
        synth(source)
    except RuntimeError as failed:
        if not write_refused_template(source):
            raise
        error = failed
    return review_stack(source, rules, region), error


def _as_json(source: object) -> dict[str, Any]:
    if isinstance(source, Template) or is_mapping(source):
        return synth(source)
    raise TypeError(
        f"a stack or a template is required, got {type(source).__name__}; "
        "pass a cdk.Stack, a Template or the template as a dict"
    )


def _given_ids(ignore: Iterable[str]) -> tuple[str, ...]:
    return (ignore,) if isinstance(ignore, str) else tuple(ignore)


def _require_known(ids: Iterable[str], rules: Iterable[Rule]) -> None:
    known = [each.id for each in (*DIAGNOSTICS, *PACKED, *rules)]
    for id_ in ids:
        if id_ not in known:
            near = get_close_matches(id_, known)
            hint = f"did you mean {near[0]}?" if near else "`cdk-epc rules` lists all of them"
            raise ValueError(f"there is no rule {id_!r}; {hint}")


def _count(findings: Iterable[Finding]) -> str:
    number = len(tuple(findings))
    return "1 finding" if number == 1 else f"{number} findings"


def _listed(findings: Iterable[Finding]) -> str:
    return "\n".join(map(str, findings))
