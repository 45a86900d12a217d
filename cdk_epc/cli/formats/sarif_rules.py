"""Rules as SARIF's reporting descriptors."""

from __future__ import annotations

from typing import Any, Final

from cdk_epc.rules.rule import Evidence, Rule, Severity

_LONGEST: Final = 1024
"""Characters that GitHub shows of a description."""
_PRECISION: Final = {
    Evidence.DOCUMENTED: "very-high",
    Evidence.REAL_ERROR: "very-high",
    Evidence.INFERRED: "high",
    Evidence.OURS: "high",
}


def descriptor(rule: Rule) -> dict[str, Any]:
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


def _help(rule: Rule) -> str:
    source = f"\nSource: {rule.source_url}" if rule.source_url else ""
    return f"{rule.title}.\nWhy: {rule.why}\nMend: {rule.mend}{source}"


def _markdown(rule: Rule) -> str:
    source = f"\n\n[Source]({rule.source_url})" if rule.source_url else ""
    return f"{rule.title}.\n\n**Why:** {rule.why}\n\n**Mend:** {rule.mend}{source}"
