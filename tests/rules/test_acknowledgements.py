"""Acknowledgements: findings with a reason are separated from the others."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cdk_epc.rules import Finding, InputError, Profile, Rule, Severity, Violation
from cdk_epc.rules.acknowledgements import INPUT_ERRORS, apply_acknowledgements
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.report import Report
from cdk_epc.rules.update_registry import UPDATE_RULES

PLACE = "Metadata"
REASON = "the team has measured it"


def rule(id_: str, severity: Severity) -> Rule:
    return Rule(id=id_, title="A title", why="Why.", check=lambda _: (), severity=severity)


COST = rule("team-cost", Severity.WARNING)
NETWORK = rule("team-network", Severity.ERROR)
EVERY = (*DIAGNOSTICS, COST, NETWORK)
BY_ID: dict[str, InputError] = {each.id: each for each in INPUT_ERRORS}


def of(violated: Rule, name: str = "a") -> Finding:
    violation = Violation(path=("kms_key_id",), got=name, must="be less", fix="Spend less.")
    return Finding.of(violated, violation, "KmsKeyId")


def about(id_: str, at: str, got: object, fix: str, **form: str) -> Finding:
    """Return a finding about an acknowledgement."""
    violation = Violation(path=(), got=got, fix=fix, **form)
    return Finding.of(BY_ID[f"acknowledgement-{id_}"], violation, f"Metadata['{at}']")


def unknown(at: str, fix: str) -> Finding:
    return about("unknown", at, at, fix, must="be the id of a rule")


def unexplained(reason: object) -> Finding:
    fix = "Write in one sentence why the finding may stay."
    return about("reason-missing", "team-cost", reason, fix, must="be a reason")


UNUSED = about(
    "unused",
    "team-network",
    REASON,
    "Remove the acknowledgement.",
    sentence="the acknowledgement of team-network is not needed, because the finding does not "
    "occur",
)
NO_NEAR_ID = "Correct the id, or remove it."


@pytest.mark.parametrize(
    ("given", "left", "acknowledged"),
    [
        ({}, [of(COST)], []),
        ({"team-cost": f" {REASON}\n"}, [], [of(COST)]),
        ({"team-cost": ""}, [of(COST), unexplained("")], []),
        ({"team-cost": " "}, [of(COST), unexplained(" ")], []),
        ({"team-cost": 7}, [of(COST), unexplained(7)], []),
        ({"team-cost": None}, [of(COST), unexplained(None)], []),
        ({"team-network": REASON}, [of(COST), UNUSED], []),
        (
            {"team-netwrk": REASON},
            [of(COST), unknown("team-netwrk", "Did you mean team-network?")],
            [],
        ),
        ({"x": REASON}, [of(COST), unknown("x", NO_NEAR_ID)], []),
        ({"x": ""}, [of(COST), unknown("x", NO_NEAR_ID)], []),
        (
            {"acknowledgement-unused": REASON},
            [of(COST), unknown("acknowledgement-unused", NO_NEAR_ID)],
            [],
        ),
        (
            {"team-cost": REASON, "team-network": REASON, "x": REASON},
            [UNUSED, unknown("x", NO_NEAR_ID)],
            [of(COST)],
        ),
        ({PACKED[0].id: REASON}, [of(COST)], []),
        ({UPDATE_RULES[0].id: REASON}, [of(COST)], []),
        (
            {PACKED[0].id: ""},
            [
                of(COST),
                about(
                    "reason-missing",
                    PACKED[0].id,
                    "",
                    "Write in one sentence why the finding may stay.",
                    must="be a reason",
                ),
            ],
            [],
        ),
    ],
)
def test_findings_and_acknowledged_findings(
    given: dict[str, Any], left: list[Finding], acknowledged: list[Finding]
) -> None:
    with_reason = tuple(attrs.evolve(each, acknowledged=REASON) for each in acknowledged)
    assert apply_acknowledgements([of(COST)], given, EVERY, PLACE) == Report(
        tuple(left), with_reason
    )


def test_the_messages_are_sentences() -> None:
    assert unexplained("").message == "Metadata['team-cost'] is empty; must be a reason"
    assert unknown("x", "").message == "Metadata['x'] is 'x'; must be the id of a rule"
    assert UNUSED.message == (
        "the acknowledgement of team-network is not needed, because the finding does not occur"
    )


def test_an_acknowledgement_applies_to_all_findings_of_its_rule_and_to_no_other() -> None:
    found = [of(COST, "a"), of(NETWORK), of(COST, "b")]
    assert apply_acknowledgements(found, {"team-cost": REASON}, EVERY, PLACE) == Report(
        (of(NETWORK),),
        tuple(attrs.evolve(of(COST, each), acknowledged=REASON) for each in ("a", "b")),
    )


def test_a_finding_about_an_acknowledgement_cannot_be_acknowledged() -> None:
    given = {"acknowledgement-unknown": REASON}
    found = [unknown("x", NO_NEAR_ID)]
    assert apply_acknowledgements(found, given, EVERY, PLACE).acknowledged == ()


def test_a_finding_about_an_acknowledgement_has_the_severity_of_the_profile() -> None:
    strict = Profile.STRICT.apply(EVERY)
    (finding,) = apply_acknowledgements([], {"team-network": REASON}, strict, PLACE).findings
    assert finding == attrs.evolve(UNUSED, severity=Severity.ERROR)


def test_a_finding_about_an_acknowledgement_has_its_declared_severity_without_a_profile() -> None:
    assert apply_acknowledgements([], {"team-network": REASON}, [NETWORK], PLACE).findings == (
        UNUSED,
    )


def test_the_strict_profile_only_turns_warnings_into_errors() -> None:
    assert Profile.DEFAULT.apply([COST, NETWORK]) == (COST, NETWORK)
    assert Profile.STRICT.apply([COST, NETWORK]) == (
        attrs.evolve(COST, severity=Severity.ERROR),
        NETWORK,
    )
