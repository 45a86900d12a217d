"""Findings are sorted into those that somebody acknowledged, with the reason, and the others."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cdk_epc.rules import RULES, Finding, Profile, Rule, Severity, Violation
from cdk_epc.rules.report import Report
from cdk_epc.rules.acknowledgements import apply_acknowledgements

PLACE = "Metadata"
REASON = "the team has measured it"


def rule(id_: str, severity: Severity) -> Rule:
    return Rule(id=id_, title="A title", why="Why.", check=lambda _: (), severity=severity)


COST = rule("team-cost", Severity.WARNING)
NETWORK = rule("team-network", Severity.ERROR)
EVERY = (*RULES, COST, NETWORK)
BY_ID = {each.id: each for each in RULES}


def of(broken: Rule, name: str = "a") -> Finding:
    violation = Violation(path=("kms_key_id",), got=name, allowed="less", fix="Spend less.")
    return Finding.of(broken, violation, "KmsKeyId")


def about(id_: str, at: str, got: object, allowed: str, fix: str) -> Finding:
    """A finding about an acknowledgement."""
    violation = Violation(path=(), got=got, allowed=allowed, fix=fix)
    return Finding.of(BY_ID[f"acknowledgement-{id_}"], violation, f"Metadata['{at}']")


def unknown(at: str, fix: str) -> Finding:
    return about("unknown", at, at, "the id of a rule", fix)


def unexplained(reason: object) -> Finding:
    fix = "Say in a sentence why the finding may stay."
    return about("reason-missing", "team-cost", reason, "a reason", fix)


UNUSED = about(
    "unused",
    "team-network",
    REASON,
    "nothing, for it no longer occurs",
    "Take the acknowledgement out.",
)
NO_NEAR_ONE = "Take it out, or correct the id."


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
        ({"x": REASON}, [of(COST), unknown("x", NO_NEAR_ONE)], []),
        ({"x": ""}, [of(COST), unknown("x", NO_NEAR_ONE)], []),
        (
            {"acknowledgement-unused": REASON},
            [of(COST), unknown("acknowledgement-unused", NO_NEAR_ONE)],
            [],
        ),
        (
            {"team-cost": REASON, "team-network": REASON, "x": REASON},
            [UNUSED, unknown("x", NO_NEAR_ONE)],
            [of(COST)],
        ),
    ],
)
def test_what_is_left_and_what_is_acknowledged(
    given: dict[str, Any], left: list[Finding], acknowledged: list[Finding]
) -> None:
    with_reason = tuple(attrs.evolve(each, acknowledged=REASON) for each in acknowledged)
    assert apply_acknowledgements([of(COST)], given, EVERY, PLACE) == Report(
        tuple(left), with_reason
    )


def test_every_finding_of_a_rule_is_acknowledged_and_no_other() -> None:
    found = [of(COST, "a"), of(NETWORK), of(COST, "b")]
    assert apply_acknowledgements(found, {"team-cost": REASON}, EVERY, PLACE) == Report(
        (of(NETWORK),),
        tuple(attrs.evolve(of(COST, each), acknowledged=REASON) for each in ("a", "b")),
    )


def test_nobody_acknowledges_a_violation_of_an_acknowledgement() -> None:
    given = {"acknowledgement-unknown": REASON}
    found = [unknown("x", NO_NEAR_ONE)]
    assert apply_acknowledgements(found, given, EVERY, PLACE).acknowledged == ()


def test_a_finding_about_an_acknowledgement_has_the_severity_that_applies() -> None:
    strict = Profile.STRICT.apply(EVERY)
    (finding,) = apply_acknowledgements([], {"team-network": REASON}, strict, PLACE).findings
    assert finding == attrs.evolve(UNUSED, severity=Severity.ERROR)


def test_a_severity_is_declared_where_the_rules_lack_the_one_about_acknowledgements() -> None:
    assert apply_acknowledgements([], {"team-network": REASON}, [NETWORK], PLACE).findings == (
        UNUSED,
    )


def test_in_the_strict_profile_warnings_are_errors_and_nothing_else_changes() -> None:
    assert Profile.DEFAULT.apply([COST, NETWORK]) == (COST, NETWORK)
    assert Profile.STRICT.apply([COST, NETWORK]) == (
        attrs.evolve(COST, severity=Severity.ERROR),
        NETWORK,
    )
