"""What is acknowledged on a configuration, and where it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec.unresolved import is_mapping

METADATA: Final = "cdk-epc"
"""Our key of a resource's ``Metadata``, where these rules find it in a template."""

PLACE: Final = "acknowledge"
"""The argument, the method, and the key below `METADATA`."""

CALL_ERROR_IDS: Final = frozenset(each.id for each in call_errors.CALL_ERRORS)
"""Rules that a call broke which was then refused: there is nothing to leave as it is."""

UNSUPPORTED_MEMBER_IDS: Final = frozenset(
    {
        requests.REMOVED.id,
        requests.UNKNOWN_MEMBER.id,
        requests.NULL.id,
        "member-not-in-cloudformation",
    }
)
"""Rules about what a configuration has no place for, so that it could only drop it."""

_ABOUT: Final = frozenset(each.id for each in acknowledgements.INPUT_ERRORS)
_IN_TEMPLATES: Final = (
    frozenset(rule.id for rule in (*DIAGNOSTICS, *PACKED)) - CALL_ERROR_IDS - {requests.BACKFILL.id}
)
_NOTHING_TO_LEAVE: Final = {
    **dict.fromkeys(CALL_ERROR_IDS, "Mend the call; it is refused, so there is nothing to leave."),
    **dict.fromkeys(UNSUPPORTED_MEMBER_IDS, "Take the member out; the construct cannot write it."),
}


class Acknowledgements:
    """What is acknowledged on one configuration.

    Attributes:
        reasons: The reasons by rule id.
    """

    def __init__(self, rules: Iterable[Diagnostic]) -> None:
        """Acknowledge nothing yet of what these rules may find."""
        self.reasons: dict[str, str] = {}
        self._rules = tuple(rules)
        self._sites: dict[str, CallSite | None] = {}

    def add(self, given: Mapping[Any, Any], site: CallSite | None) -> list[Finding]:
        """Take in reasons by rule id, and say what is wrong with them; then none is taken in."""
        named = {str(id_): reason for id_, reason in given.items()}
        if wrong := acknowledgement_errors(
            named, self._rules, CALL_ERROR_IDS | UNSUPPORTED_MEMBER_IDS
        ):
            return wrong
        self.reasons.update({id_: reason.strip() for id_, reason in named.items()})
        self._sites.update(dict.fromkeys(named, site))
        return []

    def sort(self, findings: Iterable[Finding], resource: str) -> Report:
        """Tell what is acknowledged from what is not, and find what was acknowledged in vain."""
        result = apply_acknowledgements(findings, self.reasons, self._rules, PLACE)
        sites = {words(id_): site for id_, site in self._sites.items()}
        left = (
            with_call_site(each, resource, sites[each.path]) if each.rule_id in _ABOUT else each
            for each in result.findings
        )
        return attrs.evolve(result, findings=tuple(left))


def words(id_: str) -> str:
    """How a finding about an acknowledgement calls it."""
    return f"{PLACE}[{id_!r}]"


def with_call_site(finding: Finding, resource: str | None, site: CallSite | None) -> Finding:
    """The finding with the construct, and with the line of the call that it is about."""
    file, line = (site.file, site.line) if site else (None, None)
    return attrs.evolve(finding, resource=resource, file=file, line=line)


def acknowledgement_errors(
    given: Mapping[str, Any], rules: Iterable[Diagnostic], refused: frozenset[str]
) -> list[Finding]:
    """What is wrong with acknowledgements as such: the id, or the reason.

    Args:
        given: The reasons by rule id.
        rules: Every rule there is.
        refused: The ids of those that cannot be acknowledged here.
    """
    known = [rule for rule in rules if rule.id not in refused]
    wrong = apply_acknowledgements((), given, known, PLACE).findings
    return [_explained(each, refused) for each in wrong if each.rule_id != UNUSED.id]


def _explained(finding: Finding, refused: frozenset[str]) -> Finding:
    if finding.rule_id != UNKNOWN.id or finding.got not in refused:
        return finding
    violation = Violation(
        path=(),
        got=finding.got,
        must="be the id of a rule whose findings can be left",
        fix=_NOTHING_TO_LEAVE[finding.got],
    )
    return Finding.of(UNKNOWN, violation, finding.path)


def record_acknowledgements(
    construct: IConstruct, resource: cdk.CfnResource | None, given: Mapping[str, str]
) -> None:
    """Keep reasons by rule id with the construct, and in the template where others may read them.

    Rules of one's own, and those that no template can show to be broken, are kept with the
    construct alone: whoever checks the template would find these ids unknown, or not needed.
    """
    cdk.Validations.of(construct).acknowledge(
        *(cdk.Acknowledgment(id=PREFIX + id_, reason=reason) for id_, reason in given.items())
    )
    ours = {id_: reason for id_, reason in given.items() if id_ in _IN_TEMPLATES}
    if resource is not None and ours:
        before = _mapping(resource.get_metadata(METADATA))
        every = {**_mapping(before.get(PLACE)), **ours}
        resource.add_metadata(METADATA, {**before, PLACE: every})


def _mapping(value: object) -> Mapping[str, Any]:
    """What is there, if it is of the right kind; somebody may have written it by hand."""
    return value if is_mapping(value) else {}
