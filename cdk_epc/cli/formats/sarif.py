"""Report as SARIF 2.1.0, in the subset that GitHub's code scanning supports.

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
from cdk_epc.cli.formats._escape import printable_json
from cdk_epc.cli.result import RunResult, UnusableInput
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.rule import Diagnostic, Evidence, Severity
from cdk_epc.rules.update_registry import UPDATE_RULES

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "%SRCROOT%"
"""GitHub's name of the root of the repository, in which its workflows run."""
_FINGERPRINT: Final = "cdkEpcFinding/v1"
_EVERY: Final = (*DIAGNOSTICS, *PACKED, *UPDATE_RULES)
_MAX_LENGTH: Final = 1024
"""Maximum number of characters of a description that GitHub shows."""
_PRECISION: Final = {
    Evidence.DOCUMENTED: "very-high",
    Evidence.REAL_ERROR: "very-high",
    Evidence.INFERRED: "high",
    Evidence.OURS: "high",
}


def descriptor(rule: Diagnostic) -> dict[str, Any]:
    """Return the descriptor of a rule, which viewers show and use to sort results."""
    described: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title[:_MAX_LENGTH]},
        "fullDescription": {"text": rule.why[:_MAX_LENGTH]},
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


def lines_of(result: RunResult) -> Iterator[str]:
    """Yield the log as JSON in printable ASCII."""
    yield printable_json(log_of(result))


def log_of(result: RunResult) -> dict[str, Any]:
    """Return the log with one run."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(result)]}


def _run(result: RunResult) -> dict[str, Any]:
    driver = {
        "name": "cdk-epc",
        "version": version(),
        "rules": [descriptor(rule) for rule in _EVERY],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder that the command ran in."}}
        },
        "invocations": [
            {
                "executionSuccessful": not result.unusable,
                "toolExecutionNotifications": [_notification(each) for each in result.unusable],
            }
        ],
        "results": list(_results(result)),
    }


def _results(result: RunResult) -> Iterator[dict[str, Any]]:
    index_of = {rule.id: index for index, rule in enumerate(_EVERY)}
    every = (*result.findings, *result.acknowledged)
    for finding, fingerprint in zip(every, _fingerprints(every), strict=True):
        yield _result(finding, fingerprint, index_of)


def _result(finding: Finding, fingerprint: str, index_of: Mapping[str, int]) -> dict[str, Any]:
    text = f"{finding.message}. {finding.fix}"
    entry: dict[str, Any] = {
        "ruleId": finding.rule_id,
        "level": str(finding.severity),
        "message": {"text": text},
        "locations": [_location(finding)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {"path": finding.path, "severity": str(finding.severity)},
    }
    if finding.rule_id in index_of:
        entry["ruleIndex"] = index_of[finding.rule_id]
    if finding.acknowledged is not None:
        # GitHub ignores suppressions; a note does not fail its check and can show the reason.
        entry["level"] = "note"
        entry["message"] = {"text": f"{text} Acknowledged: {finding.acknowledged}"}
        entry["suppressions"] = [{"kind": "inSource", "justification": finding.acknowledged}]
    return entry


def _location(finding: Finding) -> dict[str, Any]:
    # GitHub requires a line; line 1 is used for a finding about the whole file.
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
    # The bytes are quoted, because the name of a file need not be valid text.
    name = path.as_posix()
    try:
        uri = quote(os.fsencode(name))
    except UnicodeEncodeError:  # no file can have this name
        uri = quote(name.encode("utf-8", "surrogatepass"))
    if not path.is_absolute():
        return {"uri": uri, "uriBaseId": _ROOT}
    return {"uri": f"file://{uri}" if uri.startswith("/") else f"file:///{uri}"}


def _notification(unusable: UnusableInput) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": str(unusable)},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(unusable.file)}}],
    }


def _fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a fingerprint of each finding that stays the same when lines move or values change."""
    seen: Counter[str] = Counter()
    for finding in findings:
        file = Path(finding.file or "").as_posix()
        key = json.dumps([finding.rule_id, file, finding.resource, finding.path])
        seen[key] += 1
        yield sha256(f"{key}#{seen[key]}".encode()).hexdigest()
