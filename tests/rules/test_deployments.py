"""Rules on deployment policies of endpoints; `test_subjects.py` has a table."""

from __future__ import annotations

from typing import Any

import pytest
from kit.requests import changed
from kit.subjects import FULL_SUBJECTS, endpoint

from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import (
    Alarm,
    AutoRollbackConfiguration,
    BlueGreenUpdatePolicy,
    CapacitySize,
    DeploymentConfig,
    EndpointSpec,
    RollingUpdatePolicy,
    TrafficRoutingConfiguration,
)
from cdk_epc.spec.unresolved import Unresolved

POLICY = "DeploymentConfig.BlueGreenUpdatePolicy"
ROLLING = "DeploymentConfig.RollingUpdatePolicy"


@pytest.mark.parametrize(
    ("name", "at", "bounds"),
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
def test_the_bounds_of_a_share_are_allowed(name: str, at: str, bounds: list[int]) -> None:
    full = FULL_SUBJECTS["endpoint"][name]
    assert [check(endpoint(changed(full, at, value))) for value in bounds] == [[], []]


def test_the_wait_between_steps_may_be_missing() -> None:
    """The API reference calls it required; CloudFormation and AWS's example do not."""
    routing = FULL_SUBJECTS["endpoint"]["all at once"]["DeploymentConfig"]["BlueGreenUpdatePolicy"]
    assert "WaitIntervalInSeconds" not in routing["TrafficRoutingConfiguration"]


def test_an_unresolved_step_size_counts_as_one_wait() -> None:
    full = FULL_SUBJECTS["endpoint"]["linear"]
    at = f"{POLICY}.TrafficRoutingConfiguration.LinearStepSize"
    unresolved = changed(full, at, "${Token[TOKEN.1]}")
    limit = f"{POLICY}.MaximumExecutionTimeoutInSeconds"
    assert check(endpoint(changed(unresolved, limit, 600))) == []
    long = changed(unresolved, f"{POLICY}.TerminationWaitInSeconds", 300)
    (finding,) = check(endpoint(changed(long, limit, 600)))
    assert (finding.rule_id, finding.got) == ("deployment-timeout-too-short", 600)


def test_steps_of_one_percent_wait_ninety_nine_times() -> None:
    full = FULL_SUBJECTS["endpoint"]["linear"]
    at = f"{POLICY}.TrafficRoutingConfiguration.LinearStepSize.Value"
    found = {each.rule_id: each.allowed for each in check(endpoint(changed(full, at, 1)))}
    assert found["deployment-timeout-too-short"] == (
        f"exceed the waits, which add up to {99 * 300 + 120} seconds"
    )


TOKEN: Any = -1.8881545897087638e289
UNRESOLVED: Any = Unresolved({"Ref": "Wait"})
GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"


def without_wait(spec: EndpointSpec) -> list[Finding]:
    return [each for each in check(spec) if each.rule_id == "rollback-alarms-without-wait"]


def all_at_once(wait: Any = None, termination: Any = None) -> BlueGreenUpdatePolicy:
    return BlueGreenUpdatePolicy(
        traffic_routing_configuration=TrafficRoutingConfiguration(
            type="ALL_AT_ONCE", wait_interval_in_seconds=wait
        ),
        termination_wait_in_seconds=termination,
    )


def canary(wait: Any) -> BlueGreenUpdatePolicy:
    routing = TrafficRoutingConfiguration(
        type="CANARY",
        wait_interval_in_seconds=wait,
        canary_size=CapacitySize(type="CAPACITY_PERCENT", value=10),
    )
    return BlueGreenUpdatePolicy(traffic_routing_configuration=routing)


def rolling(wait: Any) -> RollingUpdatePolicy:
    size = CapacitySize(type="CAPACITY_PERCENT", value=25)
    return RollingUpdatePolicy(maximum_batch_size=size, wait_interval_in_seconds=wait)


def deployed(blue_green: Any = None, batches: Any = None, *alarms: Alarm) -> EndpointSpec:
    watched = alarms or (Alarm(alarm_name="errors"),)
    config = DeploymentConfig(
        blue_green_update_policy=blue_green,
        rolling_update_policy=batches,
        auto_rollback_configuration=AutoRollbackConfiguration(alarms=watched),
    )
    return EndpointSpec(endpoint_config_name="fraud-7", deployment_config=config)


@pytest.mark.parametrize(
    "spec",
    [deployed(), deployed(all_at_once()), deployed(canary(0)), deployed(None, rolling(0))],
    ids=["no policy", "all at once", "canary", "rolling"],
)
def test_alarms_without_a_wait(spec: EndpointSpec) -> None:
    assert without_wait(spec) == [
        Finding(
            rule_id="rollback-alarms-without-wait",
            severity=Severity.WARNING,
            path="DeploymentConfig",
            got="alarms without a wait",
            allowed="",
            message="the deployment has rollback alarms, but no wait in which they can trigger a "
            "rollback",
            fix="Set WaitIntervalInSeconds or TerminationWaitInSeconds to at least the time that "
            "an alarm needs.",
            source_url=GUIDE,
        )
    ]


@pytest.mark.parametrize(
    "spec",
    [
        deployed(canary(1)),
        deployed(all_at_once(termination=1)),
        deployed(None, rolling(1)),
        deployed(canary(UNRESOLVED)),
        deployed(canary(TOKEN)),
        deployed(all_at_once(UNRESOLVED)),
        deployed(all_at_once(termination=UNRESOLVED)),
        deployed(UNRESOLVED),
        deployed(BlueGreenUpdatePolicy(traffic_routing_configuration=UNRESOLVED)),
        deployed(None, rolling(UNRESOLVED)),
        deployed(None, UNRESOLVED),
        EndpointSpec(deployment_config=UNRESOLVED),
        EndpointSpec(deployment_config=DeploymentConfig(blue_green_update_policy=all_at_once())),
    ],
)
def test_alarms_with_a_wait_or_an_unresolved_one(spec: EndpointSpec) -> None:
    assert without_wait(spec) == []


def test_all_at_once_with_a_wait_interval_waits() -> None:
    """The reference describes the interval as between steps; SageMaker waits after the only one."""
    assert without_wait(deployed(all_at_once(600))) == []
