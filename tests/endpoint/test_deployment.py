"""`Deployment`: specs, refused values with their line, and warnings."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from kit.cdk import new_stack, template_of
from kit.endpoints import config_of, on_instances

from cdk_epc import (
    CapacitySize,
    Deployment,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    Finding,
    InstanceType,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from cdk_epc.spec import (
    BlueGreenUpdatePolicy,
    DeploymentConfig,
    RollingUpdatePolicy,
    TrafficRoutingConfiguration,
)
from cdk_epc.spec import CapacitySize as CapacitySizeSpec

TEN = Duration.minutes(10)
TENTH = CapacitySizeSpec(type="CAPACITY_PERCENT", value=10)


def line() -> int:
    """Return the line of the caller."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def blue_green(
    routing: TrafficRoutingConfiguration, termination: int | None = None, timeout: int | None = None
) -> DeploymentConfig:
    policy = BlueGreenUpdatePolicy(
        traffic_routing_configuration=routing,
        termination_wait_in_seconds=termination,
        maximum_execution_timeout_in_seconds=timeout,
    )
    return DeploymentConfig(blue_green_update_policy=policy)


@pytest.mark.parametrize(
    ("deployment", "spec"),
    [
        (
            Deployment.all_at_once(),
            blue_green(TrafficRoutingConfiguration(type="ALL_AT_ONCE", wait_interval_in_seconds=0)),
        ),
        (
            Deployment.all_at_once(wait=TEN, termination_wait=Duration.seconds(0), timeout=TEN),
            blue_green(
                TrafficRoutingConfiguration(type="ALL_AT_ONCE", wait_interval_in_seconds=600),
                termination=0,
                timeout=600,
            ),
        ),
        (
            Deployment.canary(size=CapacitySize.percent(10), wait=TEN, timeout=Duration.hours(8)),
            blue_green(
                TrafficRoutingConfiguration(
                    type="CANARY", wait_interval_in_seconds=600, canary_size=TENTH
                ),
                timeout=28800,
            ),
        ),
        (
            Deployment.linear(CapacitySize.instances(1), TEN, termination_wait=Duration.hours(1)),
            blue_green(
                TrafficRoutingConfiguration(
                    type="LINEAR",
                    wait_interval_in_seconds=600,
                    linear_step_size=CapacitySizeSpec(type="INSTANCE_COUNT", value=1),
                ),
                termination=3600,
            ),
        ),
        (
            Deployment.rolling(
                CapacitySize.percent(10), TEN, rollback_batch=CapacitySize.percent(100)
            ),
            DeploymentConfig(
                rolling_update_policy=RollingUpdatePolicy(
                    maximum_batch_size=TENTH,
                    wait_interval_in_seconds=600,
                    rollback_maximum_batch_size=CapacitySizeSpec(
                        type="CAPACITY_PERCENT", value=100
                    ),
                )
            ),
        ),
    ],
    ids=["all at once", "with every wait", "canary", "linear", "rolling"],
)
def test_spec_of_a_deployment(deployment: Deployment, spec: DeploymentConfig) -> None:
    stack = new_stack()
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config_of(stack), deployment=deployment)
    assert endpoint.spec.deployment_config == spec


def test_spec_is_accepted_unchanged() -> None:
    stack = new_stack()
    spec = blue_green(TrafficRoutingConfiguration(type="ALL_AT_ONCE"), termination=60)
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config_of(stack), deployment=spec)
    assert endpoint.spec.deployment_config == spec


def test_tokens_are_not_checked() -> None:
    stack = new_stack()
    seconds = cdk.CfnParameter(stack, "Seconds", type="Number").value_as_number
    share = cdk.CfnParameter(stack, "Share", type="Number").value_as_number
    Endpoint(
        stack,
        "Endpoint",
        endpoint_config=config_of(stack),
        endpoint_name=cdk.CfnParameter(stack, "Name").value_as_string,
        deployment=Deployment.canary(
            CapacitySize.percent(share),  # type: ignore[arg-type] # tokens are floats
            Duration.seconds(seconds),
            termination_wait=Duration.seconds(seconds),
        ),
        rollback_alarms=[cdk.Fn.import_value("alarm")],
    )
    (resource,) = (
        each
        for each in template_of(stack)["Resources"].values()
        if each["Type"] == "AWS::SageMaker::Endpoint"
    )
    assert resource["Properties"]["EndpointName"] == {"Ref": "Name"}
    assert resource["Properties"]["DeploymentConfig"] == {
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Fn::ImportValue": "alarm"}}]},
        "BlueGreenUpdatePolicy": {
            "TerminationWaitInSeconds": {"Ref": "Seconds"},
            "TrafficRoutingConfiguration": {
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": {"Ref": "Share"}},
                "Type": "CANARY",
                "WaitIntervalInSeconds": {"Ref": "Seconds"},
            },
        },
    }


def canary(share: object = 10, wait: object = TEN, **more: Any) -> Callable[[], Deployment]:
    return lambda: Deployment.canary(CapacitySize.percent(share), wait, **more)  # type: ignore[arg-type]


REFUSED = {
    "canary above half": (
        canary(51),
        "error deployment-step-out-of-range: deployment.size is 51; must be from 1 to 50 percent",
    ),
    "linear below a tenth": (
        lambda: Deployment.linear(CapacitySize.percent(9), TEN),
        "error deployment-step-out-of-range: deployment.step is 9; must be from 10 to 50 percent",
    ),
    "batch below a twentieth": (
        lambda: Deployment.rolling(CapacitySize.percent(4), TEN),
        "error deployment-step-out-of-range: deployment.batch is 4; must be from 5 to 50 percent",
    ),
    "rollback above all": (
        lambda: Deployment.rolling(
            CapacitySize.percent(5), TEN, rollback_batch=CapacitySize.percent(101)
        ),
        (
            "error deployment-step-out-of-range: deployment.rollback_batch is 101; must be from 1 "
            "to 100 percent"
        ),
    ),
    "nothing": (
        canary(0),
        "error value-out-of-range: deployment.size is 0; must be 1 or more",
    ),
    "a long wait": (
        canary(wait=Duration.minutes(61)),
        "error value-out-of-range: deployment.wait is 3660; must be from 0 to 3600",
    ),
    "a long termination wait": (
        canary(termination_wait=Duration.hours(2)),
        "error value-out-of-range: deployment.termination_wait is 7200; must be from 0 to 3600",
    ),
    "a short timeout": (
        canary(timeout=Duration.minutes(9)),
        "error value-out-of-range: deployment.timeout is 540; must be from 600 to 28800",
    ),
    "a number for a wait": (
        canary(wait=600),
        "error argument-type-wrong: deployment.wait is 600; must be a Duration",
    ),
    "a number for a size": (
        lambda: Deployment.linear(10, TEN),  # type: ignore[arg-type]
        "error argument-type-wrong: deployment.step is 10; must be a CapacitySize",
    ),
    "a part of a second": (
        canary(wait=Duration.millis(1500)),
        (
            "error argument-type-wrong: deployment.wait is 'Duration.millis(1500)'; "
            "must be a whole number of seconds"
        ),
    ),
    "no deployment": (
        lambda: "canary",
        (
            "error argument-type-wrong: deployment is 'canary'; must be made with "
            "Deployment.canary(...), .linear(...), .rolling(...) or .all_at_once(...)"
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    make, message = REFUSED[case]
    stack = new_stack()
    config = config_of(stack)
    at = line() + 2
    with pytest.raises(EndpointConfigError) as error:
        Endpoint(stack, "Endpoint", endpoint_config=config, deployment=make())  # type: ignore[arg-type]
    (finding,) = error.value.findings
    assert str(finding).splitlines()[0] == message
    assert (finding.resource, finding.file, finding.line) == ("Stack/Endpoint", __file__, at)
    Endpoint(stack, "Endpoint", endpoint_config=config)  # the id is free


def findings(*variants: Any, **options: Any) -> list[Finding]:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=variants)
    options.setdefault("rollback_alarms", ["errors"])
    return Endpoint(stack, "Endpoint", endpoint_config=config, **options).findings_at_synth()


def test_wait_without_alarms_names_the_missing_argument() -> None:
    (finding,) = findings(
        on_instances(), deployment=canary(25)(), rollback_alarms=(), rules=PEDANTIC_RULES
    )
    assert finding.message == (
        "rollback_alarms is required because without alarms the waits only delay the deployment"
    )
    assert (finding.rule_id, finding.file) == ("deployment-without-alarms", __file__)


WAIT = "the deployment has rollback alarms, but no wait in which they can trigger a rollback"
SERVERLESS = ServerlessVariant(
    "main", model="m", memory_size=cdk.Size.gibibytes(2), max_concurrency=5
)
INF1 = InstanceVariant(
    "main", model="m", instance_type=InstanceType.of("ml.inf1.xlarge"), initial_instance_count=4
)
ROLLING = Deployment.rolling(CapacitySize.percent(25), TEN)

WARNED = {
    "alarms alone": ((on_instances(),), None, ["rollback-alarms-without-wait", WAIT]),
    "no wait": (
        (on_instances(),),
        canary(wait=Duration.seconds(0))(),
        ["rollback-alarms-without-wait", WAIT],
    ),
    "a step above half of the fleet": (
        (on_instances(),),
        Deployment.linear(CapacitySize.instances(3), TEN),
        [
            "deployment-step-too-large",
            (
                "deployment.step is 3; must not exceed half of the fleet, which starts with 4 "
                "instances"
            ),
        ],
    ),
    "rolling and serverless": (
        (SERVERLESS,),
        ROLLING,
        [
            "rolling-update-ignored",
            (
                "a rolling update has no effect on a serverless endpoint; SageMaker moves all "
                "traffic at once and does not wait"
            ),
        ],
    ),
    "rolling and two variants": (
        (on_instances(), on_instances("next")),
        ROLLING,
        [
            "rolling-update-ignored",
            (
                "a rolling update has no effect on an endpoint with several variants; SageMaker "
                "moves all traffic at once and does not wait"
            ),
        ],
    ),
    "Inf1": (
        (INF1,),
        canary(25)(),
        [
            "deployment-policy-ignored",
            (
                "a deployment policy has no effect on an endpoint on Inf1 instances; SageMaker "
                "moves all traffic at once and does not wait"
            ),
        ],
    ),
    "more waits than time": (
        (on_instances(),),
        canary(25, timeout=TEN)(),
        [
            "deployment-timeout-too-short",
            "deployment.timeout is 600; must exceed the waits, which add up to 600 seconds",
        ],
    ),
    "nothing wrong": ((on_instances(),), canary(25)(), []),
}


@pytest.mark.parametrize("case", WARNED)
def test_warnings_without_the_validator(case: str) -> None:
    variants, deployment, expected = WARNED[case]
    found = findings(*variants, deployment=deployment)
    assert [text for each in found for text in (each.rule_id, each.message)] == expected
    assert {(each.severity.value, each.file) for each in found} <= {("warning", __file__)}
