"""Tests of the fleet: the assignment of endpoints to stacks, and its stability."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from sample_app.fleet import endpoints
from sample_app.fleet.endpoints import FILE, HASHED_STACKS, hashed_stack, read_endpoints
from sample_app.fleet.stacks import FleetStage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.pin_only

LIMIT = 500
"""Maximum number of resources of a stack."""


def templates(given: Sequence[endpoints.FleetEndpoint]) -> dict[str, dict[str, Any]]:
    app = cdk.App(analytics_reporting=False)
    stage = FleetStage(app, "Test", endpoints=given, env=cdk.Environment(region="eu-west-1"))
    return {each.stack_name: each.template for each in stage.synth().stacks}


def test_one_more_endpoint_changes_one_template_and_only_adds_to_it() -> None:
    rows = read_endpoints()
    more = next(each for each in rows[6:] if each.stack in {row.stack for row in rows[:6]})
    before = templates(rows[:6])
    after = templates([more, *rows[:6]])  # a row may be anywhere in the file
    assert before.keys() == after.keys()
    [name] = (each for each in before if before[each] != after[each])
    assert name == f"Test-Fleet{more.stack:02}"
    old, new = before[name], after[name]
    added = new["Resources"].keys() - old["Resources"].keys()
    assert {key: new["Resources"][key] for key in old["Resources"]} == old["Resources"]
    assert {key: value for key, value in new.items() if key != "Resources"} == {
        key: value for key, value in old.items() if key != "Resources"
    }
    # The largest stack of the data file is below the limit.
    most = max(Counter(each.stack for each in rows).values())
    assert len(added) * most < LIMIT
    assert len(rows) == 200


def test_the_stack_depends_on_the_name_alone() -> None:
    # Other numbers would delete and create the endpoints.
    assert [hashed_stack(f"store-{each:03}") for each in range(1, 9)] == [2, 8, 9, 7, 12, 11, 6, 9]
    assert {each.stack for each in read_endpoints()} == set(range(HASHED_STACKS))


def test_rows(tmp_path: Path) -> None:
    head, first, *_ = FILE.read_text("utf-8").splitlines()
    file = tmp_path / "endpoints.csv"
    file.write_text(f"{head}\n{first}\n{first.replace('store-001', 'new')}16\n", "utf-8")
    assert [each.stack for each in read_endpoints(file)] == [hashed_stack("store-001"), 16]
    file.write_text(f"{head}\n{first}\n{first}\n", "utf-8")
    with pytest.raises(ValueError, match=r"endpoints\.csv has the same store in two rows"):
        read_endpoints(file)
