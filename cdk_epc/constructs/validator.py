"""The rules as a CDK validation plugin: one line in an app guards everything in it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import aws_cdk as cdk
import jsii

from cdk_epc.constructs.acknowledgements import given_at
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.profiles import profile_named, profile_of
from cdk_epc.constructs.synthesized_templates import written_templates
from cdk_epc.constructs.timetable import of_ones_own, taken_id
from cdk_epc.constructs.told import Told
from cdk_epc.constructs.violations import FATAL, violations_of
from cdk_epc.rules import RULES, EndpointConfigError, Finding, Profile, Rule, Severity
from cdk_epc.rules.call_errors import RULE_ID_TAKEN
from cdk_epc.templates import review_app

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
        self._rules = of_ones_own(rules)
        self._profile = None if profile is None else profile_named(profile, "profile")
        if (fault := taken_id(self._rules)) is not None:
            finding = Finding.of(RULE_ID_TAKEN, fault, "rules")
            raise EndpointConfigError([given_at(finding, None, CallSite.current())])

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
        return [rule.id for rule in (*RULES, *self._rules)]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Check the templates of an app, for CDK."""
        root = context.app_construct
        profile = profile_of(root) if self._profile is None else self._profile
        written = written_templates(context)
        reports = review_app([each.placed for each in written], rules=self._rules, profile=profile)
        told = Told.of(root)
        violations = [
            violation
            for each, report in zip(written, reports, strict=True)
            for violation in violations_of(each, report, told)
        ]
        return cdk.PolicyValidationPluginReport(
            success=not any(each.severity in {FATAL, Severity.ERROR} for each in violations),
            plugin_version=self.version,
            violations=violations,
        )
