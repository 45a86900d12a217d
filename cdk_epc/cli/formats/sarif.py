"""The report as SARIF 2.1.0, in the subset that GitHub's code scanning takes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html and
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from cdk_epc._version import version
from cdk_epc.cli.result import RunResult, Unusable
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.rule import Diagnostic, Evidence, Severity

_LONGEST: Final = 1024
"""Characters that GitHub shows of a description."""
_PRECISION: Final = {
    Evidence.DOCUMENTED: "very-high",
    Evidence.REAL_ERROR: "very-high",
    Evidence.INFERRED: "high",
    Evidence.OURS: "high",
}


def descriptor(rule: Diagnostic) -> dict[str, Any]:
    """What a viewer shows of a rule, and how it sorts what the rule found."""
    described: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title[:_LONGEST]},
        "fullDescription": {"text": rule.why[:_LONGEST]},
        "help": {"text": _help(rule), "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": str(rule.severity)},
        "properties": {
            "tags": ["aws", "sagemaker", f"evidence/{rule.evidence}"],
            "precision": _PRECISION[rule.evidence],
            "problem.severity": "error" if rule.severity is Severity.ERROR else "warning",
            "since": rule.since,
        },
    }
    if rule.source_url is not None:
        described["helpUri"] = rule.source_url
    return described


def _help(rule: Diagnostic) -> str:
    source = f"\nSource: {rule.source_url}" if rule.source_url else ""
    return f"{rule.title}.\nWhy: {rule.why}\nFix: {rule.fix}{source}"


def _markdown(rule: Diagnostic) -> str:
    source = f"\n\n[Source]({rule.source_url})" if rule.source_url else ""
    return f"{rule.title}.\n\n**Why:** {rule.why}\n\n**Fix:** {rule.fix}{source}"


SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME: Final = "%SRCROOT%"
"""What GitHub calls the root of the repository, where its workflows run."""
_FINGERPRINT: Final = "cdkEpcFinding/v1"
_EVERY: Final = (*DIAGNOSTICS, *PACKED)


def lines_of(outcome: RunResult) -> Iterator[str]:
    """The log, in ASCII."""
    yield json.dumps(log_of(outcome), indent=2)


def log_of(outcome: RunResult) -> dict[str, Any]:
    """The log: one run."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(outcome)]}


def _run(outcome: RunResult) -> dict[str, Any]:
    driver = {
        "name": "cdk-epc",
        "version": version(),
        "rules": [descriptor(rule) for rule in _EVERY],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _HOME: {"description": {"text": "The folder that the command ran in."}}
        },
        "invocations": [
            {
                "executionSuccessful": not outcome.unusable,
                "toolExecutionNotifications": [_notification(each) for each in outcome.unusable],
            }
        ],
        "results": list(_results(outcome)),
    }


def _results(outcome: RunResult) -> Iterator[dict[str, Any]]:
    index_of = {rule.id: index for index, rule in enumerate(_EVERY)}
    every = (*outcome.findings, *outcome.acknowledged)
    for finding, fingerprint in zip(every, _fingerprints(every), strict=True):
        yield _result(finding, fingerprint, index_of)


def _result(finding: Finding, fingerprint: str, index_of: Mapping[str, int]) -> dict[str, Any]:
    text = f"{finding.message}. {finding.fix}"
    result: dict[str, Any] = {
        "ruleId": finding.rule_id,
        "level": str(finding.severity),
        "message": {"text": text},
        "locations": [_location(finding)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {"path": finding.path, "severity": str(finding.severity)},
    }
    if finding.rule_id in index_of:
        result["ruleIndex"] = index_of[finding.rule_id]
    if finding.acknowledged is not None:
        # GitHub does not read suppressions. A note does not fail its check, and says the reason.
        result["level"] = "note"
        result["message"] = {"text": f"{text} Acknowledged: {finding.acknowledged}"}
        result["suppressions"] = [{"kind": "inSource", "justification": finding.acknowledged}]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    # GitHub asks for a line; the first one stands for the whole file.
    region = {"startLine": finding.line or 1, "startColumn": finding.column or 1}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(finding.file or ""),
            "region": region,
        }
    }
    if finding.resource is not None:
        location["logicalLocations"] = [{"name": finding.resource, "kind": "resource"}]
    return location


def _artifact(file: str) -> dict[str, str]:
    path = Path(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    # By its bytes: a name need not be valid text.
    return {"uri": quote(os.fsencode(path.as_posix())), "uriBaseId": _HOME}


def _notification(unusable: Unusable) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": str(unusable)},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(unusable.file)}}],
    }


def _fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """What a finding is known by when lines move: everything but line, column and values."""
    seen: Counter[str] = Counter()
    for finding in findings:
        file = Path(finding.file or "").as_posix()
        known = json.dumps([finding.rule_id, file, finding.resource, finding.path])
        seen[known] += 1
        yield sha256(f"{known}#{seen[known]}".encode()).hexdigest()
