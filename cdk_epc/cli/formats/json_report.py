"""Report for programs: one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cdk_epc.cli.formats._escape import printable_json
from cdk_epc.cli.result import RunResult, UpdateResult
from cdk_epc.rules.finding import Finding


def lines_of(result: RunResult) -> Iterator[str]:
    """Yield the report as JSON in printable ASCII."""
    yield printable_json(object_of(result))


def lines_of_update(update: UpdateResult) -> Iterator[str]:
    """Yield the report of a comparison as JSON: that of a check, with the updated endpoints."""
    from cdk_epc.cli.formats.update_plan import plan_object, totals_object  # noqa: PLC0415 - a check has no plans

    updates = [plan_object(each) for each in update.plans]
    notes = [
        {"stack": each.stack, "resource": each.logical_id, "text": each.text}
        for each in update.notes
    ]
    yield printable_json(
        {
            **object_of(update.result),
            "updates": updates,
            "instances": totals_object(update.plans),
            "notes": notes,
        }
    )


def schema_of(command: str) -> Iterator[str]:
    """Yield the lines of the JSON schema of the output of a command: check, diff or rules."""
    text = (Path(__file__).parent / "schemas" / f"{command}.json").read_text("utf-8")
    yield from text.splitlines()


def object_of(result: RunResult) -> dict[str, Any]:
    """Return findings, acknowledged findings, unusable inputs and a summary with counts."""
    return {
        "findings": [_finding(each) for each in result.findings],
        "acknowledged": [
            {**_finding(each), "reason": each.acknowledged} for each in result.acknowledged
        ],
        "unusable": [{"file": each.file, "message": each.message} for each in result.unusable],
        "summary": {
            "files": result.files,
            "errors": result.errors,
            "warnings": result.warnings,
            "acknowledged": len(result.acknowledged),
            "unusable": len(result.unusable),
            "skipped": result.skipped,
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
        "regions": list(finding.regions),
    }
