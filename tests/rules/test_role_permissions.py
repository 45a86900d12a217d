"""Rules on permissions of execution roles; `test_subjects.py` has a table."""

from __future__ import annotations

from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, config_context

from cdk_epc.rules import check


def test_a_role_of_two_variants_is_reported_once() -> None:
    data = FULL_SUBJECTS["config_context"]["one role for two variants"]
    for place in ("ProductionVariants[0]", "ProductionVariants[1]"):
        data = changed(data, ("roles", place, "allowed"), ["s3:*"])
    assert [each.rule_id for each in check(config_context(data))] == [
        "async-role-permissions-missing"
    ]
