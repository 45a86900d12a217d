"""What a run comes to, before it is shown in one format or another."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

import attrs

from cdk_epc.rules.finding import Finding
from cdk_epc.rules.rule import Severity


class ExitCode(IntEnum):
    """What the command says to the shell. Unusable input outranks findings."""

    CLEAN = 0
    """Nothing of error severity."""
    FINDINGS = 1
    """At least one finding of error severity."""
    UNUSABLE = 2
    """Some input, or the command line itself, could not be used."""
    INTERRUPTED = 130
    """Somebody pressed Ctrl-C."""


@attrs.frozen(kw_only=True)
class Unusable:
    """Input that nothing can be made of.

    Attributes:
        file: Its name, as it is shown.
        message: Why, in one line, without the name.
    """

    file: str
    message: str

    def __str__(self) -> str:
        """Both, in one line."""
        return f"{self.file}: {self.message}"


@attrs.frozen(kw_only=True)
class RunResult:
    """Everything that a run found.

    Attributes:
        findings: What is wrong, by file in the order of the command line, each with its place.
        acknowledged: What is wrong and was acknowledged, in the same order.
        unusable: What could not be checked.
        notes: What was found in a folder and could not be read, and does not look like ours.
        files: How many files were checked.
        skipped: How many files were neither templates nor requests, and were not named.
    """

    findings: tuple[Finding, ...] = ()
    acknowledged: tuple[Finding, ...] = ()
    unusable: tuple[Unusable, ...] = ()
    notes: tuple[Unusable, ...] = ()
    files: int = 0
    skipped: int = 0

    @classmethod
    def joined(cls, outcomes: Iterable[RunResult]) -> RunResult:
        """One outcome of several, in their order."""
        every = tuple(outcomes)
        return cls(
            findings=tuple(each for one in every for each in one.findings),
            acknowledged=tuple(each for one in every for each in one.acknowledged),
            unusable=tuple(each for one in every for each in one.unusable),
            notes=tuple(each for one in every for each in one.notes),
            files=sum(one.files for one in every),
            skipped=sum(one.skipped for one in every),
        )

    @property
    def errors(self) -> int:
        """How many findings stop a deployment."""
        return sum(each.severity is Severity.ERROR for each in self.findings)

    @property
    def warnings(self) -> int:
        """How many are less sure."""
        return len(self.findings) - self.errors

    @property
    def exit_code(self) -> ExitCode:
        """What the command says to the shell."""
        if self.unusable:
            return ExitCode.UNUSABLE
        return ExitCode.FINDINGS if self.errors else ExitCode.CLEAN
