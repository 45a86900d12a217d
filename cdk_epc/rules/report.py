"""What a check comes to."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from cdk_epc.rules import Finding, Severity


@attrs.frozen
class Report:
    """The findings of a check.

    Attributes:
        findings: What is wrong.
        acknowledged: What is wrong and was acknowledged, each with the reason.
    """

    findings: tuple[Finding, ...] = ()
    acknowledged: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a deployment."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The less sure ones."""
        return tuple(each for each in self.findings if each.severity is Severity.WARNING)

    @classmethod
    def joined(cls, reports: Iterable[Report]) -> Report:
        """One report of several, in their order."""
        every = tuple(reports)
        return cls(
            findings=tuple(finding for each in every for finding in each.findings),
            acknowledged=tuple(finding for each in every for finding in each.acknowledged),
        )
