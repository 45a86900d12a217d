"""Recommended alarms as rollback alarms: on the new fleet only, without a circular reference."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.cfn_lint import findings_of_cfn_lint
from kit.dependency_graph import assert_acyclic, assert_in_order
from kit.monitored_endpoints import (
    asynchronous,
    real_time,
    serverless,
    two_variants,
    with_components,
    with_shadow_variant,
)
from kit.template_metrics import ALARM, metrics_in, of_type

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


def with_canary_deployment(stack: cdk.Stack) -> Endpoint:
    """Create an endpoint without a name, with a model and roles in the same stack."""
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


def test_an_endpoint_with_rollback_alarms_and_a_dashboard_has_no_cycle() -> None:
    stack = new_stack()
    endpoint = with_canary_deployment(stack)
    alarms = endpoint.add_recommended_alarms()
    endpoint.roll_back_on(alarms)
    endpoint.roll_back_on(*alarms.for_rollback())  # no duplicates
    endpoint.dashboard()
    template = template_of(stack)
    assert_acyclic(template)
    assert_in_order(template)
    (properties,) = of_type(template, ENDPOINT).values()
    assert len(properties["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]) == 3
    assert properties["EndpointName"] == "Stack-Endpoint-7DC50680"
    names = {each["Value"] for each in dimensions_of(template, "EndpointName")}
    assert names == {properties["EndpointName"]}


def dimensions_of(template: dict[str, Any], name: str) -> list[Any]:
    alarms = of_type(template, ALARM).values()
    return [
        each for alarm in alarms for each in alarm.get("Dimensions", ()) if each["Name"] == name
    ]


def test_the_other_recommended_alarms_can_roll_back_as_well() -> None:
    """They are on the metrics of both fleets."""
    stack = new_stack()
    endpoint = with_canary_deployment(stack)
    endpoint.roll_back_on(*list(endpoint.add_recommended_alarms())[:3])
    assert_acyclic(template_of(stack))


@pytest.mark.pin_only
def test_cfn_lint_finds_nothing() -> None:
    stack = new_stack()
    endpoint = with_canary_deployment(stack)
    endpoint.roll_back_on(*endpoint.add_recommended_alarms().for_rollback())
    endpoint.dashboard()
    assert findings_of_cfn_lint(template_of(stack), "eu-west-1") == []


def test_rollback_alarms_are_on_the_new_fleet() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms()
    ids = {stack.get_logical_id(l1(each)) for each in alarms.for_rollback()}
    template = template_of(stack)
    rollback = {id_: each for id_, each in of_type(template, ALARM).items() if id_ in ids}
    assert [
        tuple(sorted(each["Name"] for each in alarm["Dimensions"])) for alarm in rollback.values()
    ] == [FLEET] * 3
    assert [alarm["MetricName"] for alarm in rollback.values()] == [
        "Invocation5XXErrors",
        "Invocation4XXErrors",
        "ModelLatency",
    ]
    assert {alarm["TreatMissingData"] for alarm in rollback.values()} == {"notBreaching"}
    assert next(iter(rollback.values()))["AlarmDescription"] == (
        "New fleet of endpoint answers: more than 5% of the requests have a 5xx status, in 3 of 5 "
        "minutes."
    )


def l1(alarm: Any) -> cdk.CfnElement:
    child = alarm.node.default_child
    assert isinstance(child, cdk.CfnElement)
    return child


def test_rollback_alarms_are_on_the_worst_of_several_variants() -> None:
    stack = new_stack()
    rollback = two_variants(stack).add_recommended_alarms().for_rollback()
    ids = {stack.get_logical_id(l1(each)) for each in rollback}
    alarms = [each for id_, each in of_type(template_of(stack), ALARM).items() if id_ in ids]
    assert len(alarms) == 3
    for alarm in alarms:
        result, *operands = alarm["Metrics"]
        assert result["Expression"] == f"MAX([{', '.join(each['Id'] for each in operands)}])"
        variants = [
            dimension["Value"]
            for each in operands
            for dimension in each["MetricStat"]["Metric"]["Dimensions"]
            if dimension["Name"] == "VariantName"
        ]
        assert variants == ["blue", "green"]
        assert {each["MetricStat"]["Period"] for each in operands} == {120}


def test_no_rollback_alarm_is_on_a_shadow_variant() -> None:
    stack = new_stack()
    with_shadow_variant(stack).add_recommended_alarms().for_rollback()
    template = template_of(stack)
    assert len([each for each in metrics_in(template) if each.dimensions == FLEET]) == 3


def test_rollback_alarms_of_an_asynchronous_endpoint_are_on_the_average_latency() -> None:
    stack = new_stack()
    asynchronous(stack).add_recommended_alarms().for_rollback()
    read = [each for each in metrics_in(template_of(stack)) if each.dimensions == FLEET]
    assert {(each.name, each.statistic) for each in read} == {
        ("Invocation5XXErrors", "Average"),
        ("Invocation4XXErrors", "Average"),
        ("ModelLatency", "Average"),
    }


@pytest.mark.parametrize("create", [serverless, with_components])
def test_no_rollback_alarms_without_rollback_or_request_metrics(create: Any) -> None:
    stack = new_stack()
    alarms = create(stack).add_recommended_alarms()
    assert alarms.for_rollback() == ()
    assert len(of_type(template_of(stack), ALARM)) == len(alarms)


def test_the_first_call_creates_the_rollback_alarms() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms()
    assert [each for each in stack.node.find_all() if "ForRollback" in each.node.path] == []
    assert alarms.for_rollback() is alarms.for_rollback()


def test_the_alarms_of_a_component_are_its_rollback_alarms() -> None:
    stack = new_stack()
    with_components(stack)
    chat: Any = stack.node.find_child("Chat")
    alarms = chat.add_recommended_alarms()
    rollback = alarms.for_rollback()
    assert [each.node.id for each in rollback] == ["server-errors", "client-errors", "latency"]
    chat.roll_back_on(*rollback)
    assert_acyclic(template_of(stack))
