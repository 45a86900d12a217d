"""Findings about a source, which the generated code acknowledges so that it can be synthesised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cdk_epc.importing.resources import TYPED
from cdk_epc.importing.source import SourceStack
from cdk_epc.importing.stack import Options
from cdk_epc.rules import RULES, Severity
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates import TemplateInput
from cdk_epc.templates.check import review_app
from cdk_epc.templates.context.scaled_resources import POLICY, TARGET

_API_ONLY: Final = "member-not-in-cloudformation"
"""Rule whose findings cannot be acknowledged."""
_TYPES: Final = frozenset({*TYPED, TARGET, POLICY})


def options_for(stacks: Sequence[SourceStack], *, keep_ids: bool = False) -> Options:
    """Return the options for stacks, with reasons for the errors that the rules find in them.

    Args:
        stacks: The stacks.
        keep_ids: Whether the resources keep their logical ids.
    """
    rule_ids = {rule.id for rule in RULES}
    inputs = [
        TemplateInput(template=each.template, name=each.name, region=each.region) for each in stacks
    ]
    reasons: dict[str, dict[str, str]] = {}
    notes: dict[str, list[str]] = {}
    for source, report in zip(stacks, review_app(inputs), strict=True):
        resources = source.template.get("Resources")
        if not is_mapping(resources):
            continue
        for finding in report.findings:
            logical_id = finding.resource
            if finding.severity is not Severity.ERROR or logical_id is None:
                continue
            resource = resources.get(logical_id)
            type_ = resource.get("Type") if is_mapping(resource) else None
            if type_ not in _TYPES:
                continue
            if finding.rule_id == _API_ONLY:
                notes.setdefault(logical_id, []).append(f"{finding.message}. {finding.fix}")
            elif finding.rule_id in rule_ids:
                reason = f"imported as it is: {finding.message}"
                reasons.setdefault(logical_id, {}).setdefault(finding.rule_id, reason)
    return Options(keep_ids=keep_ids, acknowledged=reasons, notes=notes)
