"""Classes of cfn-lint's rules, each with one rule of this library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from cdk_epc.cfn_lint.linter import CloudFormationLintRule, RuleMatch, Template
from cdk_epc.cfn_lint.template_check import check_of
from cdk_epc.rules.lint_ids import ACKNOWLEDGED, lint_id
from cdk_epc.rules.registry import pack_of
from cdk_epc.rules.rule import Diagnostic

_PROJECT: Final = "https://pypi.org/project/cdk-epc/"
"""Source of a rule that rests on no page of AWS."""


class TemplateRule(CloudFormationLintRule):
    """Base of all rules, whose findings come from one check of the whole template.

    Attributes:
        rule_id: Id in this library.
    """

    rule_id: ClassVar[str] = ""

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return the findings of this rule in a template."""
        check = check_of(cfn)
        return [
            RuleMatch(check.existing(each.place), f"{each.message}. {each.fix} [{each.rule_id}]")
            for each in check.findings(self.rule_id)
        ]

    def matchall(self, filename: str, cfn: Template) -> Any:  # noqa: ANN401 - the base has another type than it returns
        """Return the matches in a template; nearly always there are none."""
        return super().matchall(filename, cfn) if check_of(cfn).findings(self.rule_id) else ()

    def matchall_resource_properties(
        self,
        filename: str,  # noqa: ARG002
        cfn: Template,  # noqa: ARG002
        resource_properties: object,  # noqa: ARG002
        property_type: str,  # noqa: ARG002
        path: object,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401 - as above
        """Return nothing, because `match` returns the findings of all resources."""
        return ()


class PackRule(TemplateRule):
    """Base of the rules of the opt-in packs.

    Attributes:
        pack: Name of the pack.
    """

    pack: ClassVar[str] = ""

    def initialize(self, cfn: Template) -> None:
        """Add the pack; cfn-lint initialises all rules before the first match."""
        check_of(cfn).prepare(self.pack)


class AcknowledgedFinding(TemplateRule):
    """Acknowledged findings, which cfn-lint shows with ``--include-checks I``.

    The settings of the check are those of this rule.
    """

    id = ACKNOWLEDGED
    shortdesc = "Acknowledged finding of cdk-epc"
    description = "The metadata of the resource gives a reason for which the finding may stay"
    source_url = _PROJECT
    tags = ["resources", "sagemaker", "cdk-epc"]  # noqa: RUF012 - as in the base

    def __init__(self) -> None:
        """Declare the settings."""
        super().__init__()
        self.config_definition = {"regions": {"default": [], "type": "list", "itemtype": "string"}}

    def initialize(self, cfn: Template) -> None:
        """Prepare the check of a template with the settings."""
        check_of(cfn).prepare(None, self.config["regions"])

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return the acknowledged findings in a template."""
        check = check_of(cfn)
        return [
            RuleMatch(
                check.existing(each.place),
                f"{each.message}; acknowledged: {each.acknowledged} [{each.rule_id}]",
            )
            for each in check.acknowledged()
        ]

    def matchall(self, filename: str, cfn: Template) -> Any:  # noqa: ANN401 - as above
        """Return the matches in a template; nearly always there are none."""
        if not check_of(cfn).acknowledged():
            return ()
        return CloudFormationLintRule.matchall(self, filename, cfn)


def rule_classes(diagnostics: Iterable[Diagnostic], module: str) -> dict[str, type[TemplateRule]]:
    """Return a class for each rule, by the name of the class.

    Args:
        diagnostics: The rules.
        module: Module of the classes.
    """
    return {f"Rule{lint_id(each)}": _class_of(each, module) for each in diagnostics}


def _class_of(diagnostic: Diagnostic, module: str) -> type[TemplateRule]:
    pack = pack_of(diagnostic)
    members: dict[str, Any] = {
        "__doc__": diagnostic.title,
        "__module__": module,
        "id": lint_id(diagnostic),
        "shortdesc": f"{diagnostic.title} ({diagnostic.id})",
        "description": " ".join(filter(None, (diagnostic.why, diagnostic.fix))),
        "source_url": diagnostic.source_url or _PROJECT,
        "tags": ["resources", "sagemaker", "cdk-epc", *([pack] if pack else [])],
        "rule_id": diagnostic.id,
    }
    if pack is None:
        return type(f"Rule{members['id']}", (TemplateRule,), members)
    return type(f"Rule{members['id']}", (PackRule,), {**members, "pack": pack})
