"""Rules as a CDK validation plugin, which checks a whole app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike, fspath
from typing import Final

import attrs
import aws_cdk as cdk
import jsii

from cdk_epc._version import version
from cdk_epc.constructs.acknowledgements import with_call_site
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.cli_report import CliReport
from cdk_epc.constructs.previous_app import previous_of, update_reports
from cdk_epc.constructs.rule_phases import checked_custom_rules, repeated_id
from cdk_epc.constructs.stage_validation import ReportedFindings, profile_named, profile_of
from cdk_epc.constructs.synthesized_templates import SynthesizedTemplate, synthesized_templates
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.rules import EndpointConfigError, Finding, Profile, Rule, Severity
from cdk_epc.rules.acknowledgements import UNUSED
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, RULE_ID_TAKEN
from cdk_epc.rules.printable import printable
from cdk_epc.rules.registry import DIAGNOSTICS
from cdk_epc.rules.report import Report
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.templates import review_app

FATAL: Final = "fatal"
INFO: Final = "info"
NAME: Final = "cdk-epc"

_IS_ACKNOWLEDGED_BY_CONSTRUCT: Final = hasattr(cdk.PolicyValidationStack, "region")
"""Whether this CDK applies an acknowledgement to its construct only, and not to the whole app.

The same release added the region of each stack.
"""


@jsii.implements(cdk.IPolicyValidationPlugin)
class EndpointValidator:
    """Validation plugin that checks all configurations, models and endpoints of an app.

    It also checks L1 constructs, escape hatches, included templates, nested stacks and nested
    stages. CDK shows the findings with their construct paths, and `cdk synth` fails on an error:

        cdk.Validations.of(app).add_plugins(EndpointValidator())

    It reads the templates, so it does not check values that only the deployment knows. It skips
    findings that a construct of this library has already reported.
    """

    def __init__(
        self,
        *,
        rules: Iterable[Rule] = (),
        profile: Profile | None = None,
        previous: str | PathLike[str] | None = None,
    ) -> None:
        """Create a validator with all built-in rules.

        Args:
            rules: Custom rules, checked in addition to the built-in ones.
            profile: Whether warnings are errors. By default, the value of ``cdk-epc:profile`` in
                the app's context, or else they are not.
            previous: Folder with the cloud assembly of the deployed app, to which the rules about
                updates compare this app. By default, the value of ``cdk-epc:previous`` in the
                app's context, or else they do not apply.

        Raises:
            EndpointConfigError: The rules are no list of rules, or a custom rule has the id of
                another rule.
            ValueError: No profile has this name.
        """
        try:
            self._rules = checked_custom_rules(rules)
        except ArgumentTypeError as error:
            found = Finding.of(ARGUMENT_TYPE, error.violation(), "rules")
            site = CallSite.current()
            raise EndpointConfigError([with_call_site(found, None, site)]) from None
        self._profile = None if profile is None else profile_named(profile, "profile")
        self._previous = None if previous is None else fspath(previous)
        if (violation := repeated_id(self._rules)) is not None:
            finding = Finding.of(RULE_ID_TAKEN, violation, "rules")
            raise EndpointConfigError([with_call_site(finding, None, CallSite.current())])

    @property
    def name(self) -> str:
        """Name of the plugin, with which CDK prefixes the ids of our rules."""
        return NAME

    @property
    def version(self) -> str:
        """Version of this library."""
        return version()

    @property
    def rule_ids(self) -> list[str]:
        """Ids of all rules, custom rules included."""
        return [rule.id for rule in (*DIAGNOSTICS, *UPDATE_RULES, *self._rules)]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Check the templates of an app; CDK calls this."""
        root = context.app_construct
        if CliReport.of(root).is_unfinished:
            return cdk.PolicyValidationPluginReport(
                success=True, plugin_version=self.version, violations=[]
            )
        profile = profile_of(root) if self._profile is None else self._profile
        templates = synthesized_templates(context)
        reports = review_app([each.input for each in templates], rules=self._rules, profile=profile)
        reported = ReportedFindings.of(root)
        if (previous := previous_of(root, self._previous)) is not None:
            updates = update_reports(root, previous, templates, profile, self._rules)
            reports = [Report.joined(each) for each in zip(reports, updates, strict=True)]
        violations = [
            violation
            for each, report in zip(templates, reports, strict=True)
            for violation in policy_violations(each, report, reported)
        ]
        return cdk.PolicyValidationPluginReport(
            success=not any(each.severity in {FATAL, Severity.ERROR} for each in violations),
            plugin_version=self.version,
            violations=violations,
        )


def policy_violations(
    template: SynthesizedTemplate, report: Report, reported: ReportedFindings
) -> Iterator[cdk.PolicyViolation]:
    """Yield the findings of a template as CDK takes them, without those already reported.

    Acknowledged findings are included. If CDK knows the acknowledgement, it moves the violation to
    its suppressed ones, with the reason. If only the template has it, the violation is a note.

    Args:
        template: The template.
        report: Its findings.
        reported: Findings that the app's constructs have reported.
    """
    for finding in report.findings:
        is_reported = reported.contains(finding, _path(template, finding))
        if not is_reported and not _is_uncertain(template, finding):
            yield _violation(template, finding, _severity(finding), reported)
    for finding in report.acknowledged:
        if _is_acknowledged_in_cdk(template, finding):
            yield _violation(template, finding, finding.severity, reported)
        else:
            message = f"{finding.message}; acknowledged: {finding.acknowledged}"
            noted = attrs.evolve(finding, message=message)
            yield _violation(template, noted, INFO, reported)


def _is_uncertain(template: SynthesizedTemplate, finding: Finding) -> bool:
    """Return whether another stack may use an acknowledgement that this template does not use.

    An older CDK validates one environment at a time, so a scope above the stack can be needed by
    stacks of another environment.
    """
    is_inside = f"{_path(template, finding)}/".startswith(f"{template.stack}/")
    return not _IS_ACKNOWLEDGED_BY_CONSTRUCT and finding.rule_id == UNUSED.id and not is_inside


def _severity(finding: Finding) -> str:
    """Return CDK's severity; an older CDK can suppress an error, but not a fatal one."""
    is_error = finding.severity is Severity.ERROR
    return FATAL if is_error and not _IS_ACKNOWLEDGED_BY_CONSTRUCT else str(finding.severity)


def _is_acknowledged_in_cdk(template: SynthesizedTemplate, finding: Finding) -> bool:
    path = _path(template, finding)
    return any(
        finding.rule_id in reasons and f"{path}/".startswith(f"{at}/" if at else "")
        for at, reasons in template.input.acknowledged.items()
    )


def _path(template: SynthesizedTemplate, finding: Finding) -> str:
    """Return the construct path of a finding; that of a scope for its acknowledgement."""
    logical_id = _logical_id(finding)
    if logical_id is not None:
        return template.paths.get(logical_id, template.stack)
    return finding.resource if finding.resource is not None else template.stack


def _logical_id(finding: Finding) -> str | None:
    """Return the resource of a finding; ``None`` for a finding about the whole template."""
    if len(finding.place) > 1 and finding.place[0] == "Resources":
        return str(finding.place[1])
    return None


def _violation(
    template: SynthesizedTemplate, finding: Finding, severity: str, reported: ReportedFindings
) -> cdk.PolicyViolation:
    """Return a finding as CDK takes it, in the layout of the errors of constructs.

    The description contains the fix, as in the annotations of constructs, which have no member for
    it. A violation has one, but CDK would then show the two in different layouts.
    """
    logical_id = _logical_id(finding)
    steps = finding.place if logical_id is None else finding.place[2:]
    path = _path(template, finding)
    if path not in template.input.acknowledged:  # CDK looks there and further up
        path = reported.construct_of(path)
    return cdk.PolicyViolation(
        rule_name=finding.rule_id,
        description=attrs.evolve(finding, resource=path, place=()).text,
        severity=severity,
        rule_metadata=None if finding.source_url is None else {"source": finding.source_url},
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=logical_id,
                construct_path=path,
                template_path=template.input.name,
                locations=[printable(".".join(map(str, steps)))] if steps else [],
            )
        ],
    )
