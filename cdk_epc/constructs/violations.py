"""Findings as CDK's own report takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import aws_cdk as cdk

from cdk_epc.constructs.synthesized_templates import WrittenTemplate
from cdk_epc.constructs.told import Told
from cdk_epc.rules import Finding, Severity
from cdk_epc.rules.acknowledgements import UNUSED
from cdk_epc.rules.report import Report

FATAL: Final = "fatal"
INFO: Final = "info"

_BY_PLACE: Final = hasattr(cdk.PolicyValidationStack, "region")
"""Whether this CDK takes an acknowledgement for the construct that it was given for, and not for
every construct of the app; the same release told the region of each stack."""


def violations_of(
    written: WrittenTemplate, report: Report, told: Told
) -> Iterator[cdk.PolicyViolation]:
    """The findings in a template, less what its constructs have told of themselves.

    What is acknowledged is in it too. Where CDK knows of that, it moves the violation to its list
    of suppressed ones, with the reason. Where only the template does, it becomes a note.
    """
    for finding in report.findings:
        if not told.has(finding, _path(written, finding)) and not _is_unsure(written, finding):
            yield _violation(written, finding, _severity(finding), finding.message)
    for finding in report.acknowledged:
        if _is_known_to_cdk(written, finding):
            yield _violation(written, finding, finding.severity, finding.message)
        else:
            text = f"{finding.message}; acknowledged: {finding.acknowledged}"
            yield _violation(written, finding, INFO, text)


def _is_unsure(written: WrittenTemplate, finding: Finding) -> bool:
    """Whether other stacks may need what is acknowledged on a scope above this one.

    An older CDK asks about one environment at a time.
    """
    inside = f"{_path(written, finding)}/".startswith(f"{written.stack}/")
    return not _BY_PLACE and finding.rule_id == UNUSED.id and not inside


def _severity(finding: Finding) -> str:
    """An error, so that no acknowledgement for another construct hides it in an older CDK."""
    is_error = finding.severity is Severity.ERROR
    return FATAL if is_error and not _BY_PLACE else str(finding.severity)


def _is_known_to_cdk(written: WrittenTemplate, finding: Finding) -> bool:
    path = _path(written, finding)
    return any(
        finding.rule_id in reasons and f"{path}/".startswith(f"{at}/" if at else "")
        for at, reasons in written.placed.acknowledged.items()
    )


def _path(written: WrittenTemplate, finding: Finding) -> str:
    """The construct path; a finding about an acknowledgement on a scope has the scope's."""
    logical_id = _logical_id(finding)
    if logical_id is not None:
        return written.paths.get(logical_id, written.stack)
    return finding.resource if finding.resource is not None else written.stack


def _logical_id(finding: Finding) -> str | None:
    """The resource of a finding; none if it is about the template as a whole."""
    if len(finding.place) > 1 and finding.place[0] == "Resources":
        return str(finding.place[1])
    return None


def _violation(
    written: WrittenTemplate, finding: Finding, severity: str, text: str
) -> cdk.PolicyViolation:
    logical_id = _logical_id(finding)
    steps = finding.place if logical_id is None else finding.place[2:]
    return cdk.PolicyViolation(
        rule_name=finding.rule_id,
        description=text,
        fix=finding.fix,
        severity=severity,
        rule_metadata=None if finding.source_url is None else {"source": finding.source_url},
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=logical_id,
                construct_path=_path(written, finding) if logical_id is None else None,
                template_path=written.placed.name,
                locations=[".".join(map(str, steps))] if steps else [],
            )
        ],
    )
