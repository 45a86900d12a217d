"""Acknowledgements: reasons for which findings are accepted.

Reports show acknowledged findings with the reason. An acknowledgement of an unknown rule, without a
reason or without a finding is a finding itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc.rules.call_errors import CUSTOM_RULE_FAILED
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Diagnostic, Evidence, InputError, Severity, Violation
from cdk_epc.spec.similarity import get_close_matches

UNKNOWN: Final = InputError(
    id="acknowledgement-unknown",
    title="An acknowledgement must name an existing rule",
    why="The acknowledgement has no effect, because no rule has this id.",
    fix="Correct the id; `cdk-epc rules` lists all of them.",
    evidence=Evidence.OURS,
)
UNUSED: Final = InputError(
    id="acknowledgement-unused",
    title="An acknowledged finding should still occur",
    why="The acknowledgement would accept a later finding of the rule without a review.",
    fix="Remove the acknowledgement.",
    evidence=Evidence.OURS,
    severity=Severity.WARNING,
)
REASON: Final = InputError(
    id="acknowledgement-reason-missing",
    title="An acknowledgement must have a reason",
    why="Without a reason, no reader can decide whether the acknowledgement is still justified.",
    fix="Write in one sentence why the finding may stay.",
    evidence=Evidence.OURS,
)
INPUT_ERRORS: Final = (UNKNOWN, UNUSED, REASON)
_MISSPELT: Final = 0.8
"""Similarity of a misspelt id."""
_OURS: Final = frozenset(each.id for each in (*INPUT_ERRORS, CUSTOM_RULE_FAILED))
"""Ids of findings about acknowledgements and rules, which cannot be acknowledged."""


def apply_acknowledgements(
    findings: Iterable[Finding],
    given: Mapping[str, Any],
    diagnostics: Iterable[Diagnostic],
    place: str,
    *,
    may_be_custom: bool = False,
) -> Report:
    """Separate acknowledged findings from the others.

    Findings about the acknowledgements themselves come last.

    Args:
        findings: Findings of one resource.
        given: Reasons by rule id, as they were written.
        diagnostics: All known rules, with the severities that apply.
        place: Place of the acknowledgements, to which findings about them append the id.
        may_be_custom: Whether an unknown id may be that of a custom rule that this run does not
            have, unless the id is a misspelling.
    """
    if not given:
        return Report(tuple(findings))
    every = tuple(findings)
    by_id = {each.id: each for each in diagnostics}
    valid = {id_ for id_, reason in given.items() if id_ in by_id and _is_reason(reason)}
    valid -= _OURS
    occurring = {finding.rule_id for finding in every}
    wrong = [
        Finding.of(by_id.get(each.id, each), violation, f"{place}[{violation.path[0]!r}]")
        for id_, reason in given.items()
        for each, violation in _violations(
            id_, reason, by_id, occurring, may_be_custom=may_be_custom
        )
    ]
    return Report(
        findings=(*(each for each in every if each.rule_id not in valid), *wrong),
        acknowledged=tuple(
            attrs.evolve(each, acknowledged=given[each.rule_id].strip())
            for each in every
            if each.rule_id in valid
        ),
    )


def misspelt(id_: str, known: Collection[str]) -> str | None:
    """Return the known id for a misspelt one; ``None`` for a known id and for any other text."""
    near = () if id_ in known else get_close_matches(id_, known, 1, _MISSPELT)
    return near[0] if near else None


def _is_reason(reason: object) -> bool:
    return isinstance(reason, str) and bool(reason.strip())


def _is_of_another_run(id_: str) -> bool:
    """Return whether a pack has the rule, or a comparison of two templates."""
    # Imported here because it is rare, and the registry imports this module.
    from cdk_epc.rules.registry import PACKED  # noqa: PLC0415
    from cdk_epc.rules.update_registry import UPDATE_RULES  # noqa: PLC0415

    return any(each.id == id_ for each in (*PACKED, *UPDATE_RULES))


def _violations(
    id_: str,
    reason: object,
    by_id: Mapping[str, Diagnostic],
    occurring: set[str],
    *,
    may_be_custom: bool,
) -> Iterator[tuple[InputError, Violation]]:
    # Another run may apply the rule, so that its acknowledgement is not unused.
    is_off = id_ not in by_id and (
        _is_of_another_run(id_) or (may_be_custom and misspelt(id_, by_id) is None)
    )
    if (id_ not in by_id and not is_off) or id_ in _OURS:
        near = get_close_matches(id_, sorted(set(by_id) - _OURS))
        fix = f"Did you mean {near[0]}?" if near else "Correct the id, or remove it."
        yield UNKNOWN, Violation(path=(id_,), got=id_, must="be the id of a rule", fix=fix)
    elif not _is_reason(reason):
        fix = "Write in one sentence why the finding may stay."
        yield REASON, Violation(path=(id_,), got=reason, must="be a reason", fix=fix)
    elif id_ not in occurring and not is_off:
        sentence = f"the acknowledgement of {id_} is not needed, because the finding does not occur"
        fix = "Remove the acknowledgement."
        yield UNUSED, Violation(path=(id_,), got=reason, sentence=sentence, fix=fix)
