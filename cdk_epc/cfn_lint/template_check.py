"""Check of a template for all rules of a run of cfn-lint together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import attrs

from cdk_epc.cfn_lint.linter import UNCERTAIN_REGIONS, Template, follow
from cdk_epc.cfn_lint.schema_rules import is_reported_by_cfn_lint
from cdk_epc.cli.regions import reports_in
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.registry import PACKS
from cdk_epc.rules.report import Report
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates import TemplateInput, review_app


@attrs.define(eq=False)
class TemplateCheck:
    """Check of one template, which runs at the first question for its findings.

    Attributes:
        template: The template, after cfn-lint's transforms.
        regions: Regions of the deployment, for cfn-lint's schemas.
        parameter_sets: Values of parameters, one mapping for each deployment that cfn-lint knows.
        chosen_regions: Regions of the settings.
        packs: Opt-in packs whose rules belong to the run.
    """

    template: Mapping[str, Any]
    regions: Sequence[str]
    parameter_sets: Sequence[Mapping[str, Any]]
    chosen_regions: Sequence[str] = ()
    packs: dict[str, None] = attrs.Factory(dict[str, None])
    _found: Mapping[str, Sequence[Finding]] | None = None
    _acknowledged: Sequence[Finding] = ()

    def prepare(self, pack: str | None, regions: Sequence[str] = ()) -> None:
        """Take a rule of the run into account, and forget the findings of another run.

        Args:
            pack: Pack of the rule.
            regions: Regions of the settings.
        """
        self._found = None
        if pack is not None:
            self.packs[pack] = None
        self.chosen_regions = regions or self.chosen_regions

    def findings(self, rule_id: str) -> Sequence[Finding]:
        """Return the findings of a rule that cfn-lint does not report itself.

        Raises:
            ValueError: The template contains itself, or too many values. Only the first question
                raises it, so that cfn-lint reports it once and not for each rule.
        """
        return self._results().get(rule_id, ())

    def acknowledged(self) -> Sequence[Finding]:
        """Return the acknowledged findings of all rules."""
        self._results()
        return self._acknowledged

    def existing(self, place: Path) -> list[str | int]:
        """Return the part of a place that exists, because cfn-lint locates only such values."""
        return list(follow(self.template, place)[0])

    def _results(self) -> Mapping[str, Sequence[Finding]]:
        if self._found is None:
            self._found, self._acknowledged = {}, ()
            reports = [self._report(each) for each in self.parameter_sets or [{}]]
            found: dict[str, list[Finding]] = {}
            for each in _each_once(finding for report in reports for finding in report.findings):
                if not is_reported_by_cfn_lint(each, self.template, self.regions):
                    found.setdefault(each.rule_id, []).append(each)
            self._found = found
            self._acknowledged = _each_once(
                finding for report in reports for finding in report.acknowledged
            )
        return self._found

    def _report(self, parameters: Mapping[str, Any]) -> Report:
        """Return the report for these values of parameters."""
        template = with_parameters(plain(self.template), parameters)
        rules = [rule for name in self.packs for rule in PACKS[name]]

        def review(region: str | None) -> list[Report]:
            return review_app([TemplateInput(template=template, region=region)], rules=rules)

        regions = self.chosen_regions
        if not regions and frozenset(self.regions) not in UNCERTAIN_REGIONS:
            regions = self.regions
        return reports_in(regions or None, review)[0]


_CHECKS: Final[WeakKeyDictionary[Template, TemplateCheck]] = WeakKeyDictionary()


def check_of(cfn: Template) -> TemplateCheck:
    """Return the check of a template, the same one for all rules."""
    check = _CHECKS.get(cfn)
    if check is None or check.template is not cfn.template:
        sets = [each.parameters for each in cfn.context.parameter_sets or ()]
        check = _CHECKS[cfn] = TemplateCheck(cfn.template, tuple(cfn.regions), sets)
    return check


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a copy without cfn-lint's classes, which keep the positions of values.

    A value with several places, as by aliases of YAML, is copied once.
    """
    copies: dict[int, Any] = {}

    def copied(each: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(each, str):
            return str(each)
        if id(each) in copies:
            return copies[id(each)]
        if is_mapping(each):
            mapping = copies[id(each)] = dict[Any, Any]()
            mapping.update((copied(key), copied(item)) for key, item in each.items())
            return mapping
        if is_list(each):
            items = copies[id(each)] = list[Any]()
            items.extend(map(copied, each))
            return items
        return each

    return copied(value)


def with_parameters(template: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template whose parameters can have only these values.

    Args:
        template: The template.
        values: Values by the name of the parameter; those of undeclared ones are left out.
    """
    declared = template.get("Parameters")
    if not values or not is_mapping(declared):
        return template
    fixed = {
        name: {**declared[name], "Default": value, "AllowedValues": [value]}
        for name, value in values.items()
        if is_mapping(declared.get(name))
    }
    return {**template, "Parameters": {**declared, **fixed}}


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those that several sets of parameters have in common."""
    found: dict[object, Finding] = {}
    for each in findings:
        found.setdefault((each.rule_id, each.message, each.place, each.acknowledged), each)
    return list(found.values())
