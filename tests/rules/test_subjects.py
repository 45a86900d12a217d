"""Tables of subjects: a good one has no finding, and one change gives exactly its findings."""

from __future__ import annotations

import pytest
from kit.subjects import BAD_SUBJECTS, FULL_SUBJECTS, MAKERS, findings_of_good, unexpected_findings

from cdk_epc.rules import check

each_kind = pytest.mark.parametrize("kind", MAKERS)


@each_kind
def test_good_subjects_have_no_finding(kind: str) -> None:
    assert findings_of_good(check, kind) == {}


@each_kind
def test_one_change_gives_exactly_the_findings_of_its_row(kind: str) -> None:
    assert unexpected_findings(check, kind) == {}


def test_one_change_violates_one_rule() -> None:
    violated = {row["id"]: {each["rule_id"] for each in row["findings"]} for row in BAD_SUBJECTS}
    assert {id_: rules for id_, rules in violated.items() if len(rules) != 1} == {}


def test_rows_have_different_ids_and_the_kinds_of_good_subjects() -> None:
    assert len({row["id"] for row in BAD_SUBJECTS}) == len(BAD_SUBJECTS)
    assert {row["kind"] for row in BAD_SUBJECTS} == set(FULL_SUBJECTS) == set(MAKERS)
