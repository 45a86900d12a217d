"""Ids in cfn-lint: every rule has a number, and numbers never change."""

from __future__ import annotations

import hashlib
import json

import attrs
import pytest

from cdk_epc.rules.lint_ids import (
    FIRST,
    LAST,
    LINTED,
    extended,
    lint_id,
    rule_of,
    stored_numbers,
)
from cdk_epc.rules.registry import PACKED
from cdk_epc.rules.rule import Severity

RELEASED = 374
"""Numbers that must stay as they are."""
DIGEST = "ea417ad0ec4ba3cd6da96c5261baba6b23f2797b7dcd91813413eba4456dfbe7"


def test_every_rule_has_a_number_of_its_own() -> None:
    numbers = stored_numbers()
    missing = {each.id for each in (*LINTED, *PACKED)} - numbers.keys()
    assert missing == set(), "run `python -m tools docs`"
    assert len(set(numbers.values())) == len(numbers)
    assert set(numbers.values()) <= set(range(FIRST, LAST + 1))


def test_numbers_are_never_changed() -> None:
    """A rule that is removed keeps its number, so that no other rule gets it."""
    released = dict(list(stored_numbers().items())[:RELEASED])
    text = json.dumps(released, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST


def test_new_rules_get_the_next_numbers() -> None:
    one, two = (attrs.evolve(LINTED[0], id=f"new-rule-{index}") for index in (1, 2))
    assert extended({"removed-rule": 9200}, [one, two]) == {
        "removed-rule": 9200,
        "new-rule-1": 9201,
        "new-rule-2": 9202,
    }
    assert extended({}, [one]) == {"new-rule-1": FIRST}
    with pytest.raises(ValueError, match="9999"):
        extended({"last-rule": LAST}, [one])


def test_the_letter_is_the_severity() -> None:
    rule = LINTED[0]
    number = stored_numbers()[rule.id]
    assert lint_id(attrs.evolve(rule, severity=Severity.ERROR)) == f"E{number}"
    assert lint_id(attrs.evolve(rule, severity=Severity.WARNING)) == f"W{number}"
    assert rule_of(f"E{number}") == rule_of(f"W{number}") == rule.id
    assert [rule_of(each) for each in ("E3012", "E9999", "I9100", "E91", "kms-key")] == [None] * 5
