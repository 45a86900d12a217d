"""The rules themselves: all of them in a list, or one in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final

from cdk_epc.cli.arguments import Format
from cdk_epc.rules.explain import explain
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED, pack_of
from cdk_epc.rules.rule import CallError, InputError, Rule

EVERY: Final = (*DIAGNOSTICS, *PACKED)
"""All rules, those of the packs last."""


class UnknownRuleError(LookupError):
    """There is no rule of that id. The message is one line and names the nearest ones."""


def listed(form: str) -> Iterator[str]:
    """All rules, in the order in which their findings are reported, those of packs last."""
    if form == Format.JSON:
        yield json.dumps({"rules": [_metadata(rule) for rule in EVERY]}, indent=2)
        return
    widest = max(len(rule.id) for rule in EVERY)
    for rule in EVERY:
        pack = pack_of(rule)
        title = f"{rule.title} (--pack {pack})" if pack else rule.title
        yield f"{rule.id:{widest}}  {rule.severity:7}  {rule.evidence:10}  {title}"


def explained(rule_id: str) -> Iterator[str]:
    """All there is to say about one rule.

    Raises:
        UnknownRuleError: There is no rule of that id.
    """
    found = next((rule for rule in EVERY if rule.id == rule_id), None)
    if found is None:
        near = get_close_matches(rule_id, [rule.id for rule in EVERY])
        hint = f"did you mean {' or '.join(near)}?" if near else "`cdk-epc rules` lists all of them"
        raise UnknownRuleError(f"there is no rule {rule_id!r}; {hint}")
    return iter(explain(found).splitlines())


def _metadata(rule: Rule | CallError | InputError) -> dict[str, Any]:
    return {
        "id": rule.id,
        "severity": str(rule.severity),
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "evidence": str(rule.evidence),
        "since": rule.since,
        "pack": pack_of(rule),
        "source_url": rule.source_url,
        "about": [each.__name__ for each in rule.about] if isinstance(rule, Rule) else [],
        "of_templates": not isinstance(rule, CallError) and rule.of_templates,
        "eager": isinstance(rule, Rule) and rule.eager,
        "facts": list(rule.facts),
    }
