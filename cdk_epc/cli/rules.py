"""Commands ``rules`` and ``explain``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.cli.arguments import Format
from cdk_epc.rules.explain import explain
from cdk_epc.rules.lint_ids import rule_of
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED, pack_of
from cdk_epc.rules.rule import Diagnostic, InputError, Rule
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.spec.similarity import get_close_matches

EVERY: Final[tuple[Diagnostic, ...]] = (*DIAGNOSTICS, *PACKED, *UPDATE_RULES)
"""All rules, call errors and input errors; the rules of packs and of updates come last."""


class UnknownRuleError(LookupError):
    """Rule id that does not exist. The message is one line and names similar ids."""


def rule_list(form: str) -> Iterator[str]:
    """Yield the lines of the list of all rules, in the order in which findings are reported."""
    if form == Format.JSON:
        yield json.dumps({"rules": [_metadata(each) for each in EVERY]}, indent=2)
        return
    widest = max(len(each.id) for each in EVERY)
    for each in EVERY:
        pack = pack_of(each)
        origin = "diff" if each in UPDATE_RULES else f"--pack {pack}" if pack else None
        title = f"{each.title} ({origin})" if origin else each.title
        yield f"{each.id:{widest}}  {each.severity:7}  {each.evidence:10}  {title}"


def explanation(rule_id: str) -> Iterator[str]:
    """Return the lines of the explanation of a rule.

    Args:
        rule_id: Id of the rule, here or in cfn-lint.

    Raises:
        UnknownRuleError: No rule has this id.
    """
    id_ = rule_of(rule_id) or rule_id
    found = next((each for each in EVERY if each.id == id_), None)
    if found is None:
        similar = get_close_matches(rule_id, [each.id for each in EVERY])
        hint = "`cdk-epc rules` lists all of them"
        if similar:
            hint = f"did you mean {' or '.join(similar)}?"
        raise UnknownRuleError(f"there is no rule {rule_id!r}; {hint}")
    return iter(explain(found).splitlines())


def _metadata(each: Diagnostic) -> dict[str, Any]:
    return {
        "id": each.id,
        "severity": str(each.severity),
        "title": each.title,
        "why": each.why,
        "fix": each.fix,
        "evidence": str(each.evidence),
        "since": each.since,
        "pack": pack_of(each),
        "source_url": each.source_url,
        "about": [subject.__name__ for subject in each.about] if isinstance(each, Rule) else [],
        "of_templates": isinstance(each, Rule | InputError) and each.of_templates,
        "eager": isinstance(each, Rule) and each.eager,
        "facts": list(each.facts),
    }
