"""Recommended alarms as rollback alarms: of the new fleet alone, and without a cycle."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.graphs import assert_acyclic, assert_in_order
from kit.linting import findings_of_cfn_lint
from kit.template_metrics import ALARM, metrics_in, of_type
from kit.monitored_endpoints import asynchronous, components, real_time, serverless, shadowed, split

from cdk_epc import (
    CapacitySize,
    Container,
    ContainerImage,
    Deployment,
    Endpoint,
    EndpointConfig,
    InstanceType,
    InstanceVariant,
    Model,
)

FLEET = ("EndpointConfigName", "EndpointName", "VariantName")
ENDPOINT = "AWS::SageMaker::Endpoint"


def whole(stack: cdk.Stack) -> Endpoint:
    """An endpoint without a name, with a model and roles of its own, deployed in canaries."""
    container = Container(image=ContainerImage.from_dlc("xgboost", "1.7-1"))
    model = Model(stack, "Model", container=container)
    variant = InstanceVariant(
        "blue", model=model, instance_type=InstanceType.ML_M5_XLARGE, initial_instance_count=4
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    deployment = Deployment.canary(
        size=CapacitySize.percent(25),
        wait=cdk.Duration.minutes(10),
        termination_wait=cdk.Duration.minutes(5),
        timeout=cdk.Duration.hours(1),
    )
    return Endpoint(stack, "Endpoint", endpoint_config=config, deployment=deployment)


def test_a_whole_endpoint_has_no_cycle() -> None:
    stack = new_stack()
    made = whole(stack)
    made.roll_back_on(*made.add_recommended_alarms().for_rollback())
    made.dashboard()
    template = template_of(stack)  # CDK's validator would find a cycle, too
    assert_acyclic(template)
    assert_in_order(template)
    (endpoint,) = of_type(template, ENDPOINT).values()
    assert len(endpoint["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]) == 3
    assert endpoint["EndpointName"] == "Stack-Endpoint-7DC50680"
    named = {each["Value"] for each in dimensions_of(template, "EndpointName")}
    assert named == {endpoint["EndpointName"]}


def dimensions_of(template: dict[str, Any], name: str) -> list[Any]:
    alarms = of_type(template, ALARM).values()
    return [
        each for alarm in alarms for each in alarm.get("Dimensions", ()) if each["Name"] == name
    ]


def test_the_plain_alarms_would_do_as_well() -> None:
    """They look at both fleets; who wants that may have it."""
    stack = new_stack()
    made = whole(stack)
    made.roll_back_on(*list(made.add_recommended_alarms())[:3])
    assert_acyclic(template_of(stack))


@pytest.mark.pin_only
def test_cfn_lint_finds_nothing() -> None:
    stack = new_stack()
    made = whole(stack)
    made.roll_back_on(*made.add_recommended_alarms().for_rollback())
    made.dashboard()
    assert findings_of_cfn_lint(template_of(stack), "eu-west-1") == []


def test_only_the_new_fleet_is_looked_at() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms()
    made = {stack.get_logical_id(l1(each)) for each in alarms.for_rollback()}
    template = template_of(stack)
    mine = {id_: each for id_, each in of_type(template, ALARM).items() if id_ in made}
    assert [
        tuple(sorted(each["Name"] for each in alarm["Dimensions"])) for alarm in mine.values()
    ] == [FLEET] * 3
    assert [alarm["MetricName"] for alarm in mine.values()] == [
        "Invocation5XXErrors",
        "Invocation4XXErrors",
        "ModelLatency",
    ]
    assert {alarm["TreatMissingData"] for alarm in mine.values()} == {"notBreaching"}
    assert next(iter(mine.values()))["AlarmDescription"] == (
        "New fleet of endpoint answers: more than 5% of the requests got a 5xx status, in 3 of 5 "
        "minutes."
    )


def l1(alarm: Any) -> cdk.CfnElement:
    child = alarm.node.default_child
    assert isinstance(child, cdk.CfnElement)
    return child


def test_the_worst_of_several_variants_counts() -> None:
    stack = new_stack()
    rollback = split(stack).add_recommended_alarms().for_rollback()
    made = {stack.get_logical_id(l1(each)) for each in rollback}
    alarms = [each for id_, each in of_type(template_of(stack), ALARM).items() if id_ in made]
    assert len(alarms) == 3
    for alarm in alarms:
        text, *read = alarm["Metrics"]
        assert text["Expression"] == f"MAX([{', '.join(each['Id'] for each in read)}])"
        variants = [
            dimension["Value"]
            for each in read
            for dimension in each["MetricStat"]["Metric"]["Dimensions"]
            if dimension["Name"] == "VariantName"
        ]
        assert variants == ["blue", "green"]
        assert {each["MetricStat"]["Period"] for each in read} == {120}


def test_a_shadow_variant_rolls_nothing_back() -> None:
    stack = new_stack()
    shadowed(stack).add_recommended_alarms().for_rollback()
    template = template_of(stack)
    assert len([each for each in metrics_in(template) if each.dimensions == FLEET]) == 3


def test_of_a_queue_the_average_latency_counts() -> None:
    stack = new_stack()
    asynchronous(stack).add_recommended_alarms().for_rollback()
    read = [each for each in metrics_in(template_of(stack)) if each.dimensions == FLEET]
    assert {(each.name, each.statistic) for each in read} == {
        ("Invocation5XXErrors", "Average"),
        ("Invocation4XXErrors", "Average"),
        ("ModelLatency", "Average"),
    }


@pytest.mark.parametrize("make", [serverless, components])
def test_what_is_not_rolled_back_has_none(make: Any) -> None:
    stack = new_stack()
    alarms = make(stack).add_recommended_alarms()
    assert alarms.for_rollback() == ()
    assert len(of_type(template_of(stack), ALARM)) == len(alarms)


def test_they_are_made_once_and_only_if_asked_for() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms()
    assert [each for each in stack.node.find_all() if "ForRollback" in each.node.path] == []
    assert alarms.for_rollback() is alarms.for_rollback()


def test_a_component_rolls_back_on_its_own() -> None:
    stack = new_stack()
    chat: Any = components(stack)._components[0]
    alarms = chat.add_recommended_alarms()
    rollback = alarms.for_rollback()
    assert [each.node.id for each in rollback] == ["server-errors", "client-errors", "latency"]
    chat.roll_back_on(*rollback)
    assert_acyclic(template_of(stack))
