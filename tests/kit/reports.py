"""CDK's validation report of an app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk

from cdk_epc import EndpointValidator

PLUGIN = "cdk-epc"


class PolicyViolation(NamedTuple):
    """Violation in the report."""

    rule: str
    severity: str
    construct: str
    places: tuple[str, ...]
    text: str


class Suppressed(NamedTuple):
    """Violation that CDK suppressed, with the reason and the path of its acknowledgement."""

    rule: str
    construct: str
    reason: str
    at: str


class Reported(NamedTuple):
    """Report of the validator, and whether synth failed."""

    failed: bool
    violations: list[PolicyViolation]
    suppressed: list[Suppressed]

    @property
    def errors(self) -> list[PolicyViolation]:
        return [each for each in self.violations if each.severity == "error"]


def new_app(context: dict[str, Any] | None = None, **options: Any) -> cdk.App:
    """Return an app with a validator that has these options."""
    app = cdk.App(analytics_reporting=False, context=context)
    cdk.Validations.of(app).add_plugins(EndpointValidator(**options))
    return app


def synth(app: cdk.App) -> Reported:
    """Synthesize the app and return CDK's report."""
    failed = False
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
        failed = True
    violations, suppressed = [], []
    for report in _reports(Path(app.outdir) / "validation-report.json"):
        assert "error" not in report.get("metadata", {}), report["metadata"]
        for each in report["violations"]:
            violations += [_violation(each, at) for at in each["violatingConstructs"]]
        for each in report.get("suppressedViolations", []):
            suppressed += [
                Suppressed(
                    each["ruleName"],
                    at["constructPath"],
                    each["reason"],
                    each.get("acknowledgedAt", ""),
                )
                for at in each["violatingConstructs"]
            ]
    return Reported(failed, sorted(violations), sorted(suppressed))


def _reports(path: Path) -> list[Any]:
    if not path.exists():
        return []
    every = json.loads(path.read_text("utf-8"))["pluginReports"]
    return [each for each in every if each["pluginName"] == PLUGIN]


def _violation(violation: Any, at: Any) -> PolicyViolation:
    severity = violation["severity"]
    return PolicyViolation(
        rule=violation["ruleName"],
        # The lowest version of CDK can suppress errors of other constructs: they are fatal there.
        severity="error" if severity == "fatal" else severity,
        construct=at["constructPath"],
        places=tuple((at.get("cloudFormationResource") or {}).get("propertyPaths", ())),
        text=_message(violation, at["constructPath"]),
    )


def _message(violation: Any, construct: str) -> str:
    """Return the message in the text of a violation, which has the layout of `Finding.text`."""
    message, fix, resource, *source = violation["description"].splitlines()
    rule_id = f"{violation['ruleName']}: "
    assert message.startswith(rule_id), message
    assert fix.startswith("    fix: "), fix
    assert resource == f"    construct: {construct}"
    url = violation.get("ruleMetadata", {}).get("source")
    assert source == ([] if url is None else [f"    source: {url}"])
    return str(message.removeprefix(rule_id))
