"""Alarms that are on in normal operation are left out, and the alarm on idleness."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.monitored_endpoints import GPU, asynchronous, real_time
from kit.scaling import component
from kit.template_metrics import ALARM, of_type

from cdk_epc import (
    AlarmKind,
    AlarmThresholds,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InstanceVariant,
    Model,
)
from cdk_epc.spec import ContainerDefinition

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
RESERVED = "the model server reserves all GPU memory when it starts"


def endpoint_of(image: str, mode: str | None = None) -> Endpoint:
    stack = new_stack()
    data = "s3://bucket/model.tar.gz" if mode is None else "s3://bucket/models/"
    container = ContainerDefinition(image=f"{REGISTRY}/{image}", mode=mode, model_data_url=data)
    role = "arn:aws:iam::111122223333:role/Inference"
    model = Model(stack, "Model", container=container, execution_role=role)
    variant = InstanceVariant("blue", model=model, instance_type=GPU, initial_instance_count=1)
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    return Endpoint(stack, "Endpoint", endpoint_config=config)


def left_out(endpoint: Any, **thresholds: Any) -> dict[str, str]:
    alarms = endpoint.add_recommended_alarms(thresholds=AlarmThresholds(**thresholds))
    reasons = {str(each.kind): each.reason for each in alarms.left_out}
    assert not reasons.keys() & {str(each.kind) for each in alarms.entries}
    return reasons


@pytest.mark.parametrize(
    ("image", "reasons"),
    [
        ("djl-inference:0.33.0-lmi15.0.0-cu128", {"gpu-memory": RESERVED}),
        ("huggingface-pytorch-tgi-inference:2.7.0", {"gpu-memory": RESERVED}),
        ("vllm:0.11", {"gpu-memory": RESERVED}),
        ("team/text-generation-inference@sha256:0", {"gpu-memory": RESERVED}),
        ("pytorch-inference:2.6.0-gpu-py312", {}),
        ("vllmore:1", {}),
    ],
)
def test_gpu_memory_of_servers_that_reserve_it(image: str, reasons: dict[str, str]) -> None:
    assert left_out(endpoint_of(image)) == reasons
    assert left_out(endpoint_of(image), gpu_memory=0.98) == {}


def test_the_disk_of_a_multi_model_container() -> None:
    assert left_out(endpoint_of("many:1", "MultiModel")).keys() == {"disk"}
    assert left_out(endpoint_of("many:1", "MultiModel"), disk=0.95) == {}


def test_requests_without_a_copy_of_a_component_that_scales_to_zero() -> None:
    host = component(new_stack())
    host.auto_scale(0, 4)
    assert left_out(host).keys() == {"no-capacity"}
    host = component(new_stack())
    host.auto_scale(0, 4)
    assert left_out(host, no_capacity_failures=5) == {}
    host = component(new_stack())
    host.auto_scale(1, 4)
    assert left_out(host) == {}


@pytest.mark.parametrize(
    ("idle", "period", "periods"),
    [
        (cdk.Duration.minutes(90), 60, 90),
        (cdk.Duration.hours(12), 3600, 12),
        (cdk.Duration.days(7), 3600, 168),
    ],
)
def test_idleness(idle: cdk.Duration, period: int, periods: int) -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms(thresholds=AlarmThresholds(idle=idle))
    assert len(alarms.of(AlarmKind.IDLE, "blue")) == 1
    (alarm,) = (
        each
        for each in of_type(template_of(stack), ALARM).values()
        if each["ComparisonOperator"] == "LessThanThreshold"
    )
    assert (alarm["MetricName"], alarm["Statistic"], alarm["Threshold"]) == (
        "Invocations",
        "Sum",
        1,
    )
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (period, periods)
    assert alarm["TreatMissingData"] == "breaching"


def test_an_asynchronous_endpoint_does_not_publish_its_invocations() -> None:
    thresholds = AlarmThresholds(idle=cdk.Duration.hours(1))
    alarms = asynchronous(new_stack()).add_recommended_alarms(thresholds=thresholds)
    assert alarms.of(AlarmKind.IDLE) == ()


@pytest.mark.parametrize(
    "idle", [cdk.Duration.seconds(90), cdk.Duration.days(8), cdk.Duration.minutes(1441), 60]
)
def test_times_that_no_alarm_evaluates(idle: Any) -> None:
    endpoint = real_time(new_stack())
    with pytest.raises(EndpointConfigError) as caught:
        endpoint.add_recommended_alarms(thresholds=AlarmThresholds(idle=idle))
    (finding,) = caught.value.findings
    assert finding.path == "thresholds.idle"
