"""Acknowledgements of one construct, and their record in CDK's metadata and in the template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import attrs
import aws_cdk as cdk
from constructs import IConstruct

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.scope import PREFIX
from cdk_epc.rules import Finding, Violation, acknowledgements, call_errors, requests
from cdk_epc.rules.acknowledgements import (
    UNKNOWN,
    UNUSED,
    apply_acknowledgements,
)
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec.unresolved import is_mapping

METADATA_KEY: Final = "cdk-epc"
"""Our key in the ``Metadata`` of a resource."""

ARGUMENT: Final = "acknowledge"
"""Name of the argument and the method, and the key below `METADATA_KEY`."""

CALL_ERROR_IDS: Final = frozenset(each.id for each in call_errors.CALL_ERRORS)
"""Ids of call errors. The call has no effect, so that nothing remains to be acknowledged."""

UNSUPPORTED_MEMBER_IDS: Final = frozenset(
    {
        requests.REMOVED.id,
        requests.UNKNOWN_MEMBER.id,
        requests.UNPUBLISHED_MEMBER.id,
        requests.NULL.id,
        "member-not-in-cloudformation",
    }
)
"""Ids of findings about members that a construct cannot write, so that it would drop them."""

_ABOUT_ACKNOWLEDGEMENTS: Final = frozenset(each.id for each in acknowledgements.INPUT_ERRORS)
_NOT_ACKNOWLEDGEABLE: Final = {
    **dict.fromkeys(CALL_ERROR_IDS, "Correct the call; a call with this error has no effect."),
    **dict.fromkeys(
        UNSUPPORTED_MEMBER_IDS, "Remove the member; the construct cannot write it to the template."
    ),
}


class Acknowledgements:
    """Acknowledgements of one construct.

    Attributes:
        reasons: Reasons by rule id.
    """

    def __init__(self, rules: Callable[[], Iterable[Diagnostic]]) -> None:
        """Create an empty collection.

        Args:
            rules: Function that returns all rules that may find something, with the severities
                that apply. Most constructs have no acknowledgement.
        """
        self.reasons: dict[str, str] = {}
        self._rules = rules
        self._sites: dict[str, CallSite | None] = {}

    def add(self, given: Mapping[Any, Any], site: CallSite | None) -> list[Finding]:
        """Add reasons by rule id, and return the findings about them.

        If there is a finding, none of the reasons is added.
        """
        reasons = {str(id_): reason for id_, reason in given.items()}
        unsupported = CALL_ERROR_IDS | UNSUPPORTED_MEMBER_IDS
        if wrong := acknowledgement_errors(reasons, self._rules(), unsupported):
            return wrong
        self.reasons.update({id_: reason.strip() for id_, reason in reasons.items()})
        self._sites.update(dict.fromkeys(reasons, site))
        return []

    def apply(self, findings: Iterable[Finding], resource: str) -> Report:
        """Separate acknowledged findings from the others, and report unused acknowledgements."""
        if not self.reasons:
            return Report(tuple(findings))
        report = apply_acknowledgements(findings, self.reasons, self._rules(), ARGUMENT)
        sites = {_label(id_): site for id_, site in self._sites.items()}
        remaining = (
            with_call_site(each, resource, sites[each.path])
            if each.rule_id in _ABOUT_ACKNOWLEDGEMENTS
            else each
            for each in report.findings
        )
        return attrs.evolve(report, findings=tuple(remaining))


def _label(id_: str) -> str:
    return f"{ARGUMENT}[{id_!r}]"


def with_call_site(finding: Finding, resource: str | None, site: CallSite | None) -> Finding:
    """Return a finding with the path of its construct, and with the line of the call."""
    file, line = (site.file, site.line) if site else (None, None)
    return attrs.evolve(finding, resource=resource, file=file, line=line)


def acknowledgement_errors(
    given: Mapping[str, Any], rules: Iterable[Diagnostic], unsupported: frozenset[str]
) -> list[Finding]:
    """Return the findings about the ids and reasons of acknowledgements.

    Args:
        given: Reasons by rule id.
        rules: All known rules.
        unsupported: Ids of the rules that cannot be acknowledged here.
    """
    known = [rule for rule in rules if rule.id not in unsupported]
    wrong = apply_acknowledgements((), given, known, ARGUMENT).findings
    return [_explained(each, unsupported) for each in wrong if each.rule_id != UNUSED.id]


def _explained(finding: Finding, unsupported: frozenset[str]) -> Finding:
    if finding.rule_id != UNKNOWN.id or finding.got not in unsupported:
        return finding
    violation = Violation(
        path=(),
        got=finding.got,
        must="be the id of a rule that can be acknowledged",
        fix=_NOT_ACKNOWLEDGEABLE[finding.got],
    )
    return Finding.of(UNKNOWN, violation, finding.path)


def record_acknowledgements(
    construct: IConstruct, resource: cdk.CfnResource | None, given: Mapping[str, str]
) -> None:
    """Write reasons by rule id to CDK's metadata and to the metadata of the resource.

    The template gets all ids but those of call errors, which no check of a template can find.
    """
    cdk.Validations.of(construct).acknowledge(
        *(cdk.Acknowledgment(id=PREFIX + id_, reason=reason) for id_, reason in given.items())
    )
    in_template = {id_: reason for id_, reason in given.items() if id_ not in CALL_ERROR_IDS}
    if resource is not None and in_template:
        before = _mapping(resource.get_metadata(METADATA_KEY))
        every = {**_mapping(before.get(ARGUMENT)), **in_template}
        resource.add_metadata(METADATA_KEY, {**before, ARGUMENT: every})


def _mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping; an empty one for any other value, which a user may have written."""
    return value if is_mapping(value) else {}
