"""Result of a run, before a format renders it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.rule import Severity

if TYPE_CHECKING:
    from cdk_epc.updates.deployment import EndpointPlan
    from cdk_epc.updates.notes import UpdateNote


class ExitCode(IntEnum):
    """Exit code of the process. Unusable input takes precedence over findings."""

    CLEAN = 0
    """No finding of error severity."""
    FINDINGS = 1
    """At least one finding of error severity."""
    UNUSABLE = 2
    """An input could not be used, or the command line is wrong."""
    INTERRUPTED = 130
    """The user pressed Ctrl-C."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UnusableInput(Record):
    """Input that could not be read or is neither a template nor a request.

    Attributes:
        file: Name of the input for reports.
        message: Reason, in one line, without the name.
    """

    file: str
    message: str

    def __str__(self) -> str:
        """Return the name and the reason in one line."""
        return f"{self.file}: {self.message}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RunResult(Record):
    """Result of a run, or of one of its inputs.

    Attributes:
        findings: Findings with their positions, by file in the order of the command line.
        acknowledged: Acknowledged findings, in the same order.
        unusable: Inputs that could not be checked.
        notes: Files of a folder that could not be parsed and do not look like templates or
            requests, but mention SageMaker or Application Auto Scaling.
        unread: Number of files of a folder that could not be parsed and mention no resource of
            SageMaker or Application Auto Scaling.
        files: Number of checked files.
        skipped: Number of files that are neither templates nor requests and that the command line
            does not name.
    """

    findings: tuple[Finding, ...] = ()
    acknowledged: tuple[Finding, ...] = ()
    unusable: tuple[UnusableInput, ...] = ()
    notes: tuple[UnusableInput, ...] = ()
    unread: int = 0
    files: int = 0
    skipped: int = 0

    @classmethod
    def merged(cls, results: Iterable[RunResult]) -> RunResult:
        """Return several results as one, in their order."""
        every = tuple(results)
        return cls(
            findings=tuple(each for one in every for each in one.findings),
            acknowledged=tuple(each for one in every for each in one.acknowledged),
            unusable=tuple(each for one in every for each in one.unusable),
            notes=tuple(each for one in every for each in one.notes),
            unread=sum(one.unread for one in every),
            files=sum(one.files for one in every),
            skipped=sum(one.skipped for one in every),
        )

    @property
    def errors(self) -> int:
        """Number of findings of error severity."""
        return sum(each.severity is Severity.ERROR for each in self.findings)

    @property
    def warnings(self) -> int:
        """Number of findings of warning severity."""
        return len(self.findings) - self.errors

    @property
    def exit_code(self) -> ExitCode:
        """Exit code of the process."""
        if self.unusable:
            return ExitCode.UNUSABLE
        return ExitCode.FINDINGS if self.errors else ExitCode.CLEAN


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UpdateResult(Record):
    """Result of a comparison.

    Attributes:
        result: Findings of the rules about updates, with their positions in the new templates.
        plans: Effect of the update on each endpoint that it reaches.
        notes: Effects on other resources that are no fault.
    """

    result: RunResult
    plans: tuple[EndpointPlan, ...] = ()
    notes: tuple[UpdateNote, ...] = ()
