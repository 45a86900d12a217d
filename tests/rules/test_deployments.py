"""Each rule of endpoints: a good endpoint, one change, and the whole finding that comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from kit.specs import changed
from kit.subjects import FULL_SUBJECTS, bad_rows, bad_subject, endpoint, expected

from cdk_epc.rules import check

BAD = bad_rows("endpoint")
POLICY = "DeploymentConfig.BlueGreenUpdatePolicy"
ROLLING = "DeploymentConfig.RollingUpdatePolicy"


@pytest.mark.parametrize("name", FULL_SUBJECTS["endpoint"])
def test_good_endpoint_has_no_finding(name: str) -> None:
    assert check(endpoint(FULL_SUBJECTS["endpoint"][name])) == []


@pytest.mark.parametrize("row", BAD, ids=[row["id"] for row in BAD])
def test_one_change_to_an_endpoint_gives_exactly_these_findings(row: dict[str, Any]) -> None:
    assert check(bad_subject(row)) == expected(row)


@pytest.mark.parametrize(
    ("name", "at", "good"),
    [
        ("canary", f"{POLICY}.TrafficRoutingConfiguration.CanarySize.Value", [1, 50]),
        (
            "linear without a timeout",
            f"{POLICY}.TrafficRoutingConfiguration.LinearStepSize.Value",
            [10, 50],
        ),
        ("rolling without a timeout", f"{ROLLING}.MaximumBatchSize.Value", [5, 50]),
        ("rolling", f"{ROLLING}.RollbackMaximumBatchSize.Value", [1, 100]),
    ],
)
def test_the_edges_of_a_share_are_allowed(name: str, at: str, good: list[int]) -> None:
    full = FULL_SUBJECTS["endpoint"][name]
    assert [check(endpoint(changed(full, at, value))) for value in good] == [[], []]


def test_the_wait_between_steps_may_be_missing() -> None:
    """The API calls it required; CloudFormation does not, nor AWS's own example."""
    routing = FULL_SUBJECTS["endpoint"]["all at once"]["DeploymentConfig"]["BlueGreenUpdatePolicy"]
    assert "WaitIntervalInSeconds" not in routing["TrafficRoutingConfiguration"]


def test_an_unknown_step_size_counts_as_one_wait() -> None:
    full = FULL_SUBJECTS["endpoint"]["linear"]
    at = f"{POLICY}.TrafficRoutingConfiguration.LinearStepSize"
    unknown = changed(full, at, "${Token[TOKEN.1]}")
    limit = f"{POLICY}.MaximumExecutionTimeoutInSeconds"
    assert check(endpoint(changed(unknown, limit, 600))) == []
    long = changed(unknown, f"{POLICY}.TerminationWaitInSeconds", 300)
    (finding,) = check(endpoint(changed(long, limit, 600)))
    assert (finding.rule_id, finding.got) == ("deployment-timeout-too-short", 600)


def test_steps_of_one_percent_wait_ninety_nine_times() -> None:
    full = FULL_SUBJECTS["endpoint"]["linear"]
    at = f"{POLICY}.TrafficRoutingConfiguration.LinearStepSize.Value"
    found = {each.rule_id: each.allowed for each in check(endpoint(changed(full, at, 1)))}
    assert (
        found["deployment-timeout-too-short"]
        == f"more than the waits, which are {99 * 300 + 120} seconds"
    )
