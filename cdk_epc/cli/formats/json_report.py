"""The report for programs: one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cdk_epc.cli.result import RunResult
from cdk_epc.rules.finding import Finding


def lines_of(outcome: RunResult) -> Iterator[str]:
    """The object, in ASCII: it can be read back whatever the encoding of the output is."""
    yield json.dumps(object_of(outcome), indent=2)


def object_of(outcome: RunResult) -> dict[str, Any]:
    """The findings, what was acknowledged, what could not be used, and the sums."""
    return {
        "findings": [_finding(each) for each in outcome.findings],
        "acknowledged": [
            {**_finding(each), "reason": each.acknowledged} for each in outcome.acknowledged
        ],
        "unusable": [{"file": each.file, "message": each.message} for each in outcome.unusable],
        "summary": {
            "files": outcome.files,
            "errors": outcome.errors,
            "warnings": outcome.warnings,
            "acknowledged": len(outcome.acknowledged),
            "unusable": len(outcome.unusable),
            "skipped": outcome.skipped,
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule_id": finding.rule_id,
        "severity": str(finding.severity),
        "path": finding.path,
        "message": finding.message,
        "fix": finding.fix,
        "source_url": finding.source_url,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "resource": finding.resource,
    }
