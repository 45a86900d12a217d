"""Rules on deployment policies of inference components; `test_subjects.py` has a table."""

from __future__ import annotations

import pytest
from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, component

from cdk_epc.rules import check

ROLLING = "DeploymentConfig.RollingUpdatePolicy"
BATCH = f"{ROLLING}.MaximumBatchSize.Value"


@pytest.mark.parametrize(
    ("at", "name", "bounds"),
    [
        (BATCH, "in fives", [5, 50]),
        (f"{ROLLING}.RollbackMaximumBatchSize.Value", "whole", [1, 100]),
        (f"{ROLLING}.MaximumExecutionTimeoutInSeconds", "in copies", [601, 28800]),
    ],
)
def test_the_bounds_are_allowed(at: str, name: str, bounds: list[float]) -> None:
    full = FULL_SUBJECTS["component"][name]
    assert [check(component(changed(full, at, value))) for value in bounds] == [[], []]


@pytest.mark.parametrize("share", [1, 4, 51])
def test_shares_outside_the_bounds(share: int) -> None:
    full = changed(FULL_SUBJECTS["component"]["in fives"], BATCH, share)
    assert "component-batch-out-of-range" in {each.rule_id for each in check(component(full))}


def test_a_batch_of_one_copy_is_never_too_large() -> None:
    """A single copy can only be updated as a whole."""
    full = changed(FULL_SUBJECTS["component"]["in copies"], "RuntimeConfig.CopyCount", 1)
    assert check(component(changed(full, BATCH, 1))) == []
