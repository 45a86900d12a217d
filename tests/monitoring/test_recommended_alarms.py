"""Recommended alarms: their metrics and thresholds, and that each can go off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.monitored_endpoints import (
    CPU,
    GPU,
    MONITORED_ENDPOINTS,
    asynchronous,
    instance_variant,
    real_time,
    serverless,
    two_variants,
    with_components,
)
from kit.monitored_endpoints import (
    endpoint as endpoint_of,
)
from kit.template_metrics import ALARM, metrics_in, of_type

from cdk_epc import (
    AlarmKind,
    AlarmThresholds,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InferenceComponent,
    InstancePool,
    InstanceType,
    InstanceVariant,
    MetricsPublication,
    ServerlessVariant,
    check_template,
)
from cdk_epc.catalog.instances import HOSTING_TYPES
from cdk_epc.catalog.metrics import find
from cdk_epc.catalog.metrics import instances as hosts
from cdk_epc.monitoring.alarm_definitions import _full_utilization
from cdk_epc.monitoring.resource_facts import Machine

Row = tuple[str, str, str, float, str, str]


def rows(stack: cdk.Stack) -> dict[str, Row]:
    """Return metric, statistic, threshold and periods of each alarm, by its construct id."""
    alarms = [each for each in stack.node.find_all() if isinstance(each, cloudwatch.Alarm)]
    ids = {stack.get_logical_id(_l1(each)): each.node.id for each in alarms}
    return {ids[id_]: row(alarm) for id_, alarm in of_type(template_of(stack), ALARM).items()}


def _l1(alarm: cloudwatch.Alarm) -> cdk.CfnElement:
    child = alarm.node.default_child
    assert isinstance(child, cdk.CfnElement)
    return child


def row(alarm: Mapping[str, Any]) -> Row:
    assert alarm["TreatMissingData"] == "notBreaching"
    assert "Unit" not in str(alarm)
    operators = {"GreaterThanThreshold": ">", "GreaterThanOrEqualToThreshold": ">="}
    periods = f"{alarm['DatapointsToAlarm']} of {alarm['EvaluationPeriods']}"
    return (
        alarm.get("MetricName") or alarm["Metrics"][0]["Expression"].partition("(")[0],
        alarm.get("Statistic") or alarm.get("ExtendedStatistic", ""),
        operators[alarm["ComparisonOperator"]],
        alarm["Threshold"],
        periods,
        str(alarm.get("Period", "")),
    )


REQUESTS: dict[str, Row] = {
    "server-errors": ("Invocation5XXErrors", "Average", ">", 0.05, "3 of 5", "60"),
    "client-errors": ("Invocation4XXErrors", "Average", ">", 0.2, "3 of 5", "60"),
    "latency": ("ModelLatency", "p99", ">", 30_000_000, "3 of 5", "60"),
}
HOSTS: dict[str, Row] = {
    "cpu": ("CPUUtilization", "Average", ">", 360, "10 of 15", "60"),
    "memory": ("MemoryUtilization", "Maximum", ">", 90, "10 of 15", "60"),
    "disk": ("DiskUtilization", "Maximum", ">", 85, "10 of 15", "60"),
}


def of(name: str, *tables: dict[str, Row]) -> dict[str, Row]:
    return {f"{name}-{kind}": row for table in tables for kind, row in table.items()}


def test_real_time() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms()
    assert rows(stack) == of("blue", REQUESTS, HOSTS)
    assert alarms.left_out == ()
    assert [each.of for each in alarms.entries] == ["blue"] * 6
    assert len(alarms) == len(list(alarms)) == 6


def test_several_variants_on_cpus_and_gpus() -> None:
    """Each variant has alarms; metrics with an interval of 2 minutes have that period."""
    stack = new_stack()
    two_variants(stack).add_recommended_alarms()
    requests = {kind: (*row[:5], "120") for kind, row in REQUESTS.items()}
    hosts: dict[str, Row] = {
        "cpu": ("CPUUtilization", "Average", ">", 360, "10 of 15", "120"),
        "memory": ("MemoryUtilization", "Maximum", ">", 90, "10 of 15", "120"),
        "disk": ("DiskUtilization", "Maximum", ">", 70, "10 of 15", "120"),
    }
    gpus: dict[str, Row] = {
        "cpu": ("CPUUtilization", "Average", ">", 90 * 48, "10 of 15", "120"),
        "gpu": ("GPUUtilization", "Average", ">", 95 * 4, "10 of 15", "120"),
        "gpu-memory": ("GPUMemoryUtilization", "Maximum", ">", 95 * 4, "10 of 15", "120"),
    }
    assert rows(stack) == of("blue", requests, hosts) | of("green", requests, hosts, gpus)
    descriptions = [
        each["AlarmDescription"] for each in of_type(template_of(stack), ALARM).values()
    ]
    assert descriptions[0] == (
        "Endpoint answers, variant blue: more than 5% of the requests have a 5xx status, in 3 of 5 "
        "intervals of 120 seconds."
    )


def test_asynchronous() -> None:
    stack = new_stack()
    asynchronous(stack).add_recommended_alarms()
    latency: Row = ("ModelLatency", "Average", ">", 450_000_000, "3 of 5", "60")
    lost: dict[str, Row] = {
        "expired-requests": ("ExpiredRequests", "Sum", ">=", 1, "1 of 1", "60"),
        "failed-requests": ("SUM", "", ">=", 1, "1 of 1", ""),
    }
    age: Row = ("ApproximateAgeOfOldestRequest", "Maximum", ">", 1800, "3 of 5", "60")
    expected = of("blue", {**REQUESTS, "latency": latency}, lost, HOSTS)
    assert rows(stack) == {"queue-backlog-age": age, **expected}


def test_the_alarm_on_the_queue_has_the_endpoint_as_its_only_dimension() -> None:
    stack = new_stack()
    asynchronous(stack).add_recommended_alarms()
    (dimensions,) = (
        each["Dimensions"]
        for each in of_type(template_of(stack), ALARM).values()
        if each.get("MetricName") == "ApproximateAgeOfOldestRequest"
    )
    assert dimensions == [{"Name": "EndpointName", "Value": "answers"}]


def test_serverless() -> None:
    stack = new_stack()
    serverless(stack).add_recommended_alarms()
    spillover = "ServerlessProvisionedConcurrencySpilloverInvocations"
    concurrency: dict[str, Row] = {
        "concurrency": (
            "ServerlessConcurrentExecutionsUtilization",
            "Maximum",
            ">",
            0.9,
            "3 of 5",
            "60",
        ),
        "spillover": (spillover, "Maximum", ">", 0, "3 of 5", "60"),
        "memory": HOSTS["memory"],
    }
    assert rows(stack) == of("blue", REQUESTS, concurrency)


def test_no_spillover_alarm_without_provisioned_concurrency() -> None:
    stack = new_stack()
    variant = ServerlessVariant(
        "blue", model="churn", memory_size=cdk.Size.gibibytes(2), max_concurrency=10
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    alarms = endpoint_of(stack, config).add_recommended_alarms()
    assert AlarmKind.SPILLOVER not in {each.kind for each in alarms.entries}
    assert len(alarms) == 5


def test_instances_of_components() -> None:
    """The alarms on requests belong to the components."""
    stack = new_stack()
    with_components(stack).add_recommended_alarms()
    assert rows(stack) == {
        "blue-cpu": ("CPUUtilizationNormalized", "Average", ">", 90, "10 of 15", "60"),
        "blue-memory": ("MemoryUtilization", "Maximum", ">", 90, "10 of 15", "60"),
        "blue-disk": ("DiskUtilization", "Maximum", ">", 85, "10 of 15", "60"),
        "blue-gpu": ("GPUUtilizationNormalized", "Average", ">", 95, "10 of 15", "60"),
        "blue-gpu-memory": (
            "GPUMemoryUtilizationNormalized",
            "Maximum",
            ">",
            95,
            "10 of 15",
            "60",
        ),
    }


def components_of(stack: cdk.Stack, instance_type: InstanceType = GPU) -> list[InferenceComponent]:
    """Create an endpoint with components, and return these."""
    endpoint = with_components(stack, instance_type)
    found = [each for each in endpoint.inference_components if isinstance(each, InferenceComponent)]
    assert [each.node.id for each in found] == ["Chat", "Rank"]
    return found


def test_a_component_on_accelerators_that_are_not_gpus() -> None:
    chat, _ = components_of(new_stack(), InstanceType.ML_INF2_24XLARGE)
    kinds = {each.kind for each in chat.add_recommended_alarms().entries}
    assert not kinds & {AlarmKind.GPU, AlarmKind.GPU_MEMORY}


def test_a_component() -> None:
    stack = new_stack()
    alarms = [each.add_recommended_alarms() for each in components_of(stack)]
    kinds = [[each.kind for each in some.entries] for some in alarms]
    requests = [AlarmKind.SERVER_ERRORS, AlarmKind.CLIENT_ERRORS, AlarmKind.LATENCY]
    utilization = [AlarmKind.CPU, AlarmKind.MEMORY]
    assert kinds == [
        [*requests, AlarmKind.NO_CAPACITY, *utilization, AlarmKind.GPU, AlarmKind.GPU_MEMORY],
        [*requests, AlarmKind.NO_CAPACITY, *utilization],
    ]
    assert rows(stack) == {
        **REQUESTS,
        "no-capacity": ("NoCapacityInvocationFailures", "Sum", ">=", 1, "3 of 5", "60"),
        "cpu": ("CPUUtilizationNormalized", "Average", ">", 90, "10 of 15", "60"),
        "memory": ("MemoryUtilizationNormalized", "Maximum", ">", 90, "10 of 15", "60"),
        "gpu": ("GPUUtilizationNormalized", "Average", ">", 95, "10 of 15", "60"),
        "gpu-memory": ("GPUMemoryUtilizationNormalized", "Maximum", ">", 95, "10 of 15", "60"),
    }


@pytest.mark.parametrize("kind", MONITORED_ENDPOINTS)
def test_every_alarm_can_go_off(kind: str) -> None:
    """Its metric is published with exactly its dimensions, and can exceed its threshold."""
    stack = new_stack()
    endpoint = MONITORED_ENDPOINTS[kind](stack)
    alarms = endpoint.add_recommended_alarms()
    if rollback := alarms.for_rollback():
        endpoint.roll_back_on(*rollback)
    for each in endpoint.inference_components:
        assert isinstance(each, InferenceComponent)
        each.add_recommended_alarms()
    template = template_of(stack)
    for read in metrics_in(template):
        metric = find(read.namespace, read.name)
        assert metric is not None, read
        assert read.dimensions in {tuple(sorted(by.value)) for by in metric.dimension_sets}, read
        assert metric.allows(read.statistic), read
    for alarm in of_type(template, ALARM).values():
        if metric := find(alarm.get("Namespace", ""), alarm.get("MetricName", "")):
            maximum = metric.maximum_of(alarm.get("Statistic", ""), vcpus=48, gpus=4)
            assert maximum is None or 0 <= alarm["Threshold"] < maximum
    assert not [each for each in check_template(template) if each.rule_id.startswith("alarm-")]


def test_the_cpu_threshold_of_every_instance_type_can_be_reached() -> None:
    wrong = {}
    for name in HOSTING_TYPES:
        instance_type = InstanceType.of(name)
        full = _full_utilization(hosts.CPU_UTILIZATION, Machine(types=(instance_type,)))
        if instance_type.vcpus:
            is_right = full == 100 * instance_type.vcpus
        else:
            is_right = isinstance(full, str)
        if not is_right:
            wrong[name] = full
    assert wrong == {}


def test_thresholds_can_be_changed() -> None:
    stack = new_stack()
    real_time(stack).add_recommended_alarms(
        thresholds=AlarmThresholds(
            server_error_rate=0.01,
            client_error_rate=0.5,
            latency=cdk.Duration.millis(250),
            latency_statistic="p90",
            cpu=0.5,
            memory=0.6,
            disk=0.7,
            request_minutes=3,
            bad_request_minutes=2,
            utilization_intervals=4,
            bad_utilization_intervals=4,
        )
    )
    assert rows(stack) == {
        "blue-server-errors": ("Invocation5XXErrors", "Average", ">", 0.01, "2 of 3", "60"),
        "blue-client-errors": ("Invocation4XXErrors", "Average", ">", 0.5, "2 of 3", "60"),
        "blue-latency": ("ModelLatency", "p90", ">", 250_000, "2 of 3", "60"),
        "blue-cpu": ("CPUUtilization", "Average", ">", 200, "4 of 4", "60"),
        "blue-memory": ("MemoryUtilization", "Maximum", ">", 60, "4 of 4", "60"),
        "blue-disk": ("DiskUtilization", "Maximum", ">", 70, "4 of 4", "60"),
    }


def test_a_minimum_number_of_requests() -> None:
    stack = new_stack()
    kinds = set(AlarmKind) - {AlarmKind.SERVER_ERRORS}
    real_time(stack).add_recommended_alarms(
        thresholds=AlarmThresholds(min_requests=20), without=kinds
    )
    (alarm,) = of_type(template_of(stack), ALARM).values()
    rate, count = (each["Id"] for each in alarm["Metrics"][1:])
    assert alarm["Metrics"][0]["Expression"] == f"IF({count} >= 20, {rate}, 0)"
    operands = [
        (each["MetricStat"]["Metric"]["MetricName"], each["MetricStat"]["Stat"])
        for each in alarm["Metrics"][1:]
    ]
    assert operands == [("Invocation5XXErrors", "Average"), ("Invocations", "Sum")]


def test_a_minimum_number_of_requests_on_an_asynchronous_endpoint() -> None:
    with pytest.raises(EndpointConfigError, match="metric-unpublished"):
        asynchronous(new_stack()).add_recommended_alarms(
            thresholds=AlarmThresholds(min_requests=20)
        )


def test_a_caller_can_leave_out_kinds() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms(
        without=[AlarmKind.CLIENT_ERRORS, AlarmKind.DISK, AlarmKind.LATENCY]
    )
    assert list(rows(stack)) == ["blue-server-errors", "blue-cpu", "blue-memory"]
    assert len(alarms.of(AlarmKind.CPU)) == 1
    assert alarms.of(AlarmKind.DISK) == ()
    assert [each.node.id for each in alarms.for_rollback()] == ["server-errors"]


def test_alarms_of_a_kind_by_variant() -> None:
    alarms = two_variants(new_stack()).add_recommended_alarms()
    assert [each.node.id for each in alarms.of(AlarmKind.CPU)] == ["blue-cpu", "green-cpu"]
    assert [each.node.id for each in alarms.of(AlarmKind.CPU, "green")] == ["green-cpu"]


@pytest.mark.parametrize(
    ("instance_type", "reasons"),
    [
        (
            InstanceType.of("ml.newer.xlarge"),
            {
                "cpu": "the instance type is unknown, and with it the number of vCPUs",
                "gpu": "the instance type is unknown, and with it the number of GPUs",
                "gpu-memory": "the instance type is unknown, and with it the number of GPUs",
            },
        ),
        (
            [InstancePool(CPU, priority=1), InstancePool(GPU, priority=2)],
            {
                "cpu": "the instance types have different numbers of vCPUs",
                "gpu": "the instance types have different numbers of GPUs",
                "gpu-memory": "the instance types have different numbers of GPUs",
            },
        ),
        ([InstancePool(CPU, priority=1), InstancePool(InstanceType.ML_M6I_XLARGE, priority=2)], {}),
    ],
)
def test_an_alarm_without_a_known_threshold_is_left_out(
    instance_type: Any,
    reasons: dict[str, str],
) -> None:
    variant = InstanceVariant(
        "blue", model="m", instance_type=instance_type, initial_instance_count=1
    )
    config = EndpointConfig(new_stack(), "Config", production_variants=[variant])
    alarms = Endpoint(config, "Endpoint", endpoint_config=config).add_recommended_alarms()
    assert {str(each.kind): each.reason for each in alarms.left_out} == reasons
    assert {each.of for each in alarms.left_out} <= {"blue"}


def test_an_endpoint_of_unknown_kind_has_the_alarms_of_all_kinds() -> None:
    stack = new_stack()
    imported = Endpoint.from_endpoint_name(stack, "Endpoint", "answers")
    alarms = imported.add_recommended_alarms(variants=["blue"])
    assert alarms.for_rollback() == ()
    assert rows(stack) == of("blue", REQUESTS)


def test_descriptions() -> None:
    stack = new_stack()
    real_time(stack).add_recommended_alarms()
    descriptions = [
        each["AlarmDescription"] for each in of_type(template_of(stack), ALARM).values()
    ]
    assert descriptions == [
        f"Endpoint answers, variant blue: {condition}"
        for condition in (
            "more than 5% of the requests have a 5xx status, in 3 of 5 minutes.",
            "more than 20% of the requests have a 4xx status, in 3 of 5 minutes.",
            "the model latency (p99) is above 30 seconds, in 3 of 5 minutes.",
            "more than 90% of all vCPUs are in use, in 10 of 15 minutes.",
            "more than 90% of the memory is in use, in 10 of 15 minutes.",
            "more than 85% of the disk is in use, in 10 of 15 minutes.",
        )
    ]


def actions_of(notify: Callable[[cdk.Stack], Any]) -> list[Any]:
    stack = new_stack()
    real_time(stack).add_recommended_alarms(
        notify=notify(stack), without=set(AlarmKind) - {AlarmKind.CPU}
    )
    (alarm,) = of_type(template_of(stack), ALARM).values()
    return list(alarm.get("AlarmActions", ()))


def test_no_action_by_default() -> None:
    assert actions_of(lambda _: None) == []


def test_a_topic() -> None:
    assert actions_of(lambda stack: sns.Topic(stack, "Topic")) == [{"Ref": "TopicBFC7AF6E"}]
    arn = "arn:aws:sns:eu-west-1:111122223333:on-call"
    assert actions_of(lambda _: arn) == [arn]


def test_several_actions() -> None:
    from aws_cdk import aws_cloudwatch_actions as actions

    def both(stack: cdk.Stack) -> list[object]:
        topic = sns.Topic(stack, "Topic")
        return [topic, actions.SsmAction(actions.OpsItemSeverity.HIGH)]

    assert len(actions_of(both)) == 2


def test_a_second_set_of_alarms_has_a_different_id() -> None:
    stack = new_stack()
    endpoint = real_time(stack)
    endpoint.add_recommended_alarms()
    endpoint.add_recommended_alarms(id="Paging", without=set(AlarmKind) - {AlarmKind.SERVER_ERRORS})
    assert len(of_type(template_of(stack), ALARM)) == 7


def test_a_variant_whose_name_is_a_token() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    config = EndpointConfig(stack, "Config", production_variants=[instance_variant(name)])
    alarms = endpoint_of(stack, config).add_recommended_alarms()
    assert len(alarms) == 6
    assert len(of_type(template_of(stack), ALARM)) == 6


def test_the_period_is_a_minute_or_more() -> None:
    stack = new_stack()
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[instance_variant("blue")],
        metrics=MetricsPublication(
            enhanced=True,
            detailed_observability=False,
            publish_frequency=cdk.Duration.seconds(10),
        ),
    )
    endpoint_of(stack, config).add_recommended_alarms()
    assert rows(stack)["blue-cpu"] == HOSTS["cpu"]


def test_without_enhanced_metrics_the_period_of_request_metrics_is_a_minute() -> None:
    stack = new_stack()
    metrics = MetricsPublication(
        detailed_observability=False, publish_frequency=cdk.Duration.seconds(300)
    )
    config = EndpointConfig(
        stack, "Config", production_variants=[instance_variant("blue")], metrics=metrics
    )
    endpoint_of(stack, config).add_recommended_alarms()
    periods = {id_: row[5] for id_, row in rows(stack).items()}
    assert periods == {
        "blue-server-errors": "60",
        "blue-client-errors": "60",
        "blue-latency": "60",
        "blue-cpu": "300",
        "blue-memory": "300",
        "blue-disk": "300",
    }


def test_alarms_are_objects_of_cdk() -> None:
    (first, *_) = real_time(new_stack()).add_recommended_alarms()
    assert isinstance(first, cloudwatch.Alarm)
