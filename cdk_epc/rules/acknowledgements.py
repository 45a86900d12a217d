"""Acknowledgements: a finding that somebody has seen, and means to leave as it is, with a reason.

An acknowledgement is never silent: what it hides is reported with its reason, and one that is
unknown, without a reason, or no longer needed is a finding itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

import attrs

from cdk_epc.rules.rule import Evidence, Finding, Rule, Severity, Violation

UNKNOWN: Final = Rule(
    id="acknowledgement-unknown",
    title="An acknowledgement names a rule that there is",
    why="It hides nothing, and whoever reads it thinks that it does.",
    fix="Correct the id; `cdk-epc rules` lists all of them.",
    evidence=Evidence.OURS,
    about=(),
    check=lambda _: (),
)
UNUSED: Final = Rule(
    id="acknowledgement-unused",
    title="What is acknowledged still occurs",
    why="It would hide the next finding of that rule, which nobody has seen yet.",
    fix="Take the acknowledgement out.",
    evidence=Evidence.OURS,
    about=(),
    check=lambda _: (),
    severity=Severity.WARNING,
)
REASON: Final = Rule(
    id="acknowledgement-reason-missing",
    title="An acknowledgement says why",
    why="Whoever reads it next cannot tell whether the reason still holds.",
    fix="Say in a sentence why the finding may stay.",
    evidence=Evidence.OURS,
    about=(),
    check=lambda _: (),
)
RULES: Final = (UNKNOWN, UNUSED, REASON)
_OURS: Final = frozenset(rule.id for rule in RULES)


@attrs.frozen
class Sorted:
    """Findings after the acknowledgements.

    Attributes:
        left: The findings that nobody acknowledged, those about acknowledgements last.
        acknowledged: The others, each with the reason.
    """

    left: tuple[Finding, ...]
    acknowledged: tuple[Finding, ...]


def sort_out(
    findings: Iterable[Finding],
    given: Mapping[str, Any],
    rules: Iterable[Rule],
    place: str,
) -> Sorted:
    """Tell the findings that are acknowledged from those that are not.

    Args:
        findings: Those of one resource.
        given: The reasons by rule id, as they were written.
        rules: Every rule there is, with the severities that apply.
        place: Where the acknowledgements stand, for the findings about them; the id is put behind.
    """
    if not given:
        return Sorted(tuple(findings), ())
    every = tuple(findings)
    by_id = {rule.id: rule for rule in rules}
    valid = {id_ for id_, reason in given.items() if id_ in by_id and _is_reason(reason)}
    valid -= _OURS  # nobody acknowledges a fault of an acknowledgement
    occurring = {finding.rule_id for finding in every}
    about = [
        Finding.of(by_id.get(rule.id, rule), violation, f"{place}[{violation.path[0]!r}]")
        for id_, reason in given.items()
        for rule, violation in _violations(id_, reason, by_id, occurring)
    ]
    return Sorted(
        left=(*(each for each in every if each.rule_id not in valid), *about),
        acknowledged=tuple(
            attrs.evolve(each, acknowledged=given[each.rule_id].strip())
            for each in every
            if each.rule_id in valid
        ),
    )


def _is_reason(reason: object) -> bool:
    return isinstance(reason, str) and bool(reason.strip())


def _is_packed(id_: str) -> bool:
    from cdk_epc.rules.registry import PACKED  # noqa: PLC0415 - rare, and its rules need this module

    return any(rule.id == id_ for rule in PACKED)


def _violations(
    id_: str, reason: object, by_id: Mapping[str, Rule], occurring: set[str]
) -> Iterator[tuple[Rule, Violation]]:
    # Where nobody asked for its pack, nobody knows whether it still occurs.
    is_packed = id_ not in by_id and _is_packed(id_)
    if (id_ not in by_id and not is_packed) or id_ in _OURS:
        near = get_close_matches(id_, sorted(set(by_id) - _OURS))
        fix = f"Did you mean {near[0]}?" if near else "Take it out, or correct the id."
        yield UNKNOWN, Violation(path=(id_,), got=id_, allowed="the id of a rule", fix=fix)
    elif not _is_reason(reason):
        fix = "Say in a sentence why the finding may stay."
        yield REASON, Violation(path=(id_,), got=reason, allowed="a reason", fix=fix)
    elif id_ not in occurring and not is_packed:
        fix = "Take the acknowledgement out."
        yield (
            UNUSED,
            Violation(path=(id_,), got=reason, allowed="nothing, for it no longer occurs", fix=fix),
        )
