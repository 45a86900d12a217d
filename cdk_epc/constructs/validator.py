"""The rules as a CDK validation plugin: one line in an app guards everything in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import aws_cdk as cdk
import jsii

from cdk_epc.constructs.acknowledgements import with_call_site
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import checked_custom_rules, repeated_id
from cdk_epc.constructs.stage_validation import ReportedFindings, profile_named, profile_of
from cdk_epc.constructs.synthesized_templates import WrittenTemplate, written_templates
from cdk_epc.rules import EndpointConfigError, Finding, Profile, Rule, Severity
from cdk_epc.rules.acknowledgements import UNUSED
from cdk_epc.rules.call_errors import RULE_ID_TAKEN
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.report import Report
from cdk_epc.templates import review_app

FATAL: Final = "fatal"
INFO: Final = "info"

_BY_PLACE: Final = hasattr(cdk.PolicyValidationStack, "region")
"""Whether this CDK takes an acknowledgement for the construct that it was given for, and not for
every construct of the app; the same release told the region of each stack."""


def violations_of(
    written: WrittenTemplate, report: Report, reported: ReportedFindings
) -> Iterator[cdk.PolicyViolation]:
    """The findings in a template, less what its constructs have told of themselves.

    What is acknowledged is in it too. Where CDK knows of that, it moves the violation to its list
    of suppressed ones, with the reason. Where only the template does, it becomes a note.
    """
    for finding in report.findings:
        if not reported.has(finding, _path(written, finding)) and not _is_unsure(written, finding):
            yield _violation(written, finding, _severity(finding), finding.message)
    for finding in report.acknowledged:
        if _is_known_to_cdk(written, finding):
            yield _violation(written, finding, finding.severity, finding.message)
        else:
            text = f"{finding.message}; acknowledged: {finding.acknowledged}"
            yield _violation(written, finding, INFO, text)


def _is_unsure(written: WrittenTemplate, finding: Finding) -> bool:
    """Whether other stacks may need what is acknowledged on a scope above this one.

    An older CDK asks about one environment at a time.
    """
    inside = f"{_path(written, finding)}/".startswith(f"{written.stack}/")
    return not _BY_PLACE and finding.rule_id == UNUSED.id and not inside


def _severity(finding: Finding) -> str:
    """An error, so that no acknowledgement for another construct hides it in an older CDK."""
    is_error = finding.severity is Severity.ERROR
    return FATAL if is_error and not _BY_PLACE else str(finding.severity)


def _is_known_to_cdk(written: WrittenTemplate, finding: Finding) -> bool:
    path = _path(written, finding)
    return any(
        finding.rule_id in reasons and f"{path}/".startswith(f"{at}/" if at else "")
        for at, reasons in written.placed.acknowledged.items()
    )


def _path(written: WrittenTemplate, finding: Finding) -> str:
    """The construct path; a finding about an acknowledgement on a scope has the scope's."""
    logical_id = _logical_id(finding)
    if logical_id is not None:
        return written.paths.get(logical_id, written.stack)
    return finding.resource if finding.resource is not None else written.stack


def _logical_id(finding: Finding) -> str | None:
    """The resource of a finding; none if it is about the template as a whole."""
    if len(finding.place) > 1 and finding.place[0] == "Resources":
        return str(finding.place[1])
    return None


def _violation(
    written: WrittenTemplate, finding: Finding, severity: str, text: str
) -> cdk.PolicyViolation:
    logical_id = _logical_id(finding)
    steps = finding.place if logical_id is None else finding.place[2:]
    return cdk.PolicyViolation(
        rule_name=finding.rule_id,
        description=text,
        fix=finding.fix,
        severity=severity,
        rule_metadata=None if finding.source_url is None else {"source": finding.source_url},
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=logical_id,
                construct_path=_path(written, finding) if logical_id is None else None,
                template_path=written.placed.name,
                locations=[".".join(map(str, steps))] if steps else [],
            )
        ],
    )


NAME: Final = "cdk-epc"


@jsii.implements(cdk.IPolicyValidationPlugin)
class EndpointValidator:
    """Checks every configuration, model and endpoint of an app, whoever wrote it.

    That is raw L1s, escape hatches, included templates, nested stacks and nested stages too. CDK
    shows the findings with their construct paths, and `cdk synth` fails if one is an error:

        cdk.Validations.of(app).add_plugins(EndpointValidator())

    It sees the templates, so a value that only the deployment knows is never judged. What an
    `EndpointConfig` has said itself is not said again.
    """

    def __init__(self, *, rules: Iterable[Rule] = (), profile: Profile | None = None) -> None:
        """Make a validator of all our rules.

        Args:
            rules: Rules of your own, checked in addition to ours.
            profile: Whether warnings are errors; by default what the app's context says under
                ``cdk-epc:profile``, and without that they are not.

        Raises:
            EndpointConfigError: A rule has the id of one of ours, or of another of these.
            ValueError: There is no such profile.
        """
        self._rules = checked_custom_rules(rules)
        self._profile = None if profile is None else profile_named(profile, "profile")
        if (violation := repeated_id(self._rules)) is not None:
            finding = Finding.of(RULE_ID_TAKEN, violation, "rules")
            raise EndpointConfigError([with_call_site(finding, None, CallSite.current())])

    @property
    def name(self) -> str:
        """What CDK calls it, and with what ids of our rules begin there."""
        return NAME

    @property
    def version(self) -> str:
        """This library's; CDK's word for an unknown one if the library was not installed."""
        try:
            return version(NAME)
        except PackageNotFoundError:
            return "0.0.0"

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules that are applied."""
        return [rule.id for rule in (*DIAGNOSTICS, *self._rules)]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Check the templates of an app, for CDK."""
        root = context.app_construct
        profile = profile_of(root) if self._profile is None else self._profile
        written = written_templates(context)
        reports = review_app([each.placed for each in written], rules=self._rules, profile=profile)
        reported = ReportedFindings.of(root)
        violations = [
            violation
            for each, report in zip(written, reports, strict=True)
            for violation in violations_of(each, report, reported)
        ]
        return cdk.PolicyValidationPluginReport(
            success=not any(each.severity in {FATAL, Severity.ERROR} for each in violations),
            plugin_version=self.version,
            violations=violations,
        )
