"""Report of a check: findings and acknowledged findings."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.rule import Severity


@attrs.frozen(eq=False, repr=False)
class Report(Record):
    """Findings of a check.

    Attributes:
        findings: Findings that are not acknowledged, errors and warnings.
        acknowledged: Acknowledged findings, each with its reason.
    """

    findings: tuple[Finding, ...] = ()
    acknowledged: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that stop a deployment."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that do not stop a deployment."""
        return tuple(each for each in self.findings if each.severity is Severity.WARNING)

    @classmethod
    def joined(cls, reports: Iterable[Report]) -> Report:
        """Return one report with the findings of several, in their order."""
        every = tuple(reports)
        return cls(
            findings=tuple(finding for each in every for finding in each.findings),
            acknowledged=tuple(finding for each in every for finding in each.acknowledged),
        )
