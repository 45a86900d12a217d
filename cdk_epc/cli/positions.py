"""Findings with the file, the line and the column at which they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from cdk_epc.cli.result import RunResult
from cdk_epc.parsing import Document, Position
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.report import Report
from cdk_epc.spec.fields import Path


def placed(report: Report, file: str, document: Document, base: Path = ()) -> RunResult:
    """The findings of a report, placed, in the order in which they stand.

    Args:
        report: It.
        file: The file's name, for reports.
        document: The content of the file.
        base: The steps in the document to what the report is about.
    """
    every = (*report.findings, *report.acknowledged)
    if not every:
        return RunResult()
    positions = document.positions({(*base, *each.place) for each in every})
    return RunResult(
        findings=_placed(report.findings, file, positions, base),
        acknowledged=_placed(report.acknowledged, file, positions, base),
    )


def _placed(
    findings: Iterable[Finding], file: str, positions: Mapping[Path, Position], base: Path
) -> tuple[Finding, ...]:
    every: list[Finding] = []
    for finding in findings:
        line, column = positions[(*base, *finding.place)]
        every.append(attrs.evolve(finding, file=file, line=line, column=column))
    return tuple(sorted(every, key=lambda each: (each.line or 0, each.column or 0)))
