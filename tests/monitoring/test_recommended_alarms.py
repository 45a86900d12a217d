"""The recommended alarms: which there are, when they go off, and that each of them can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.template_metrics import ALARM, metrics_in, of_type
from kit.monitored_endpoints import (
    CPU,
    GPU,
    OBSERVED,
    asynchronous,
    components,
    endpoint,
    on_instances,
    real_time,
    serverless,
    split,
)

from cdk_epc import (
    AlarmKind,
    AlarmThresholds,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InstancePool,
    InstanceType,
    InstanceVariant,
    MetricsPublication,
    ServerlessVariant,
    check_template,
)
from cdk_epc.catalog.instances import HOSTING_TYPES
from cdk_epc.catalog.metrics import find

Row = tuple[str, str, str, float, str, str]


def rows(stack: cdk.Stack) -> dict[str, Row]:
    """Each alarm by the end of its path: what it reads, and when it goes off."""
    made = [each for each in stack.node.find_all() if isinstance(each, cloudwatch.Alarm)]
    ids = {stack.get_logical_id(_l1(each)): each.node.id for each in made}
    return {ids[id_]: row(alarm) for id_, alarm in of_type(template_of(stack), ALARM).items()}


def _l1(alarm: cloudwatch.Alarm) -> cdk.CfnElement:
    child = alarm.node.default_child
    assert isinstance(child, cdk.CfnElement)
    return child


def row(alarm: Mapping[str, Any]) -> Row:
    assert alarm["TreatMissingData"] == "notBreaching"
    assert "Unit" not in str(alarm)
    over = {"GreaterThanThreshold": ">", "GreaterThanOrEqualToThreshold": ">="}
    bad = f"{alarm['DatapointsToAlarm']} of {alarm['EvaluationPeriods']}"
    return (
        alarm.get("MetricName") or alarm["Metrics"][0]["Expression"].partition("(")[0],
        alarm.get("Statistic") or alarm.get("ExtendedStatistic", ""),
        over[alarm["ComparisonOperator"]],
        alarm["Threshold"],
        bad,
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
    return {f"{name}-{kind}": reported for table in tables for kind, reported in table.items()}


def test_real_time() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms()
    assert rows(stack) == of("blue", REQUESTS, HOSTS)
    assert alarms.left_out == ()
    assert [each.of for each in alarms.entries] == ["blue"] * 6
    assert len(alarms) == len(list(alarms)) == 6


def test_several_variants_on_cpus_and_gpus() -> None:
    """Each has alarms of its own; what is published every 2 minutes is looked at every 2."""
    stack = new_stack()
    split(stack).add_recommended_alarms()
    requests = {kind: (*reported[:5], "120") for kind, reported in REQUESTS.items()}
    slow: dict[str, Row] = {
        "cpu": ("CPUUtilization", "Average", ">", 360, "10 of 15", "120"),
        "memory": ("MemoryUtilization", "Maximum", ">", 90, "10 of 15", "120"),
        "disk": ("DiskUtilization", "Maximum", ">", 70, "10 of 15", "120"),
    }
    gpus: dict[str, Row] = {
        "cpu": ("CPUUtilization", "Average", ">", 90 * 48, "10 of 15", "120"),
        "gpu": ("GPUUtilization", "Average", ">", 95 * 4, "10 of 15", "120"),
        "gpu-memory": ("GPUMemoryUtilization", "Maximum", ">", 95 * 4, "10 of 15", "120"),
    }
    assert rows(stack) == of("blue", requests, slow) | of("green", requests, slow, gpus)
    reported = [each["AlarmDescription"] for each in of_type(template_of(stack), ALARM).values()]
    assert reported[0] == (
        "Endpoint answers, blue: more than 5% of the requests got a 5xx status, in 3 of 5 "
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


def test_the_queue_is_the_endpoints_and_of_no_variant() -> None:
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
    spilt = "ServerlessProvisionedConcurrencySpilloverInvocations"
    own: dict[str, Row] = {
        "concurrency": (
            "ServerlessConcurrentExecutionsUtilization",
            "Maximum",
            ">",
            0.9,
            "3 of 5",
            "60",
        ),
        "spillover": (spilt, "Maximum", ">", 0, "3 of 5", "60"),
        "memory": HOSTS["memory"],
    }
    assert rows(stack) == of("blue", REQUESTS, own)


def test_serverless_on_demand_cannot_spill_over() -> None:
    stack = new_stack()
    variant = ServerlessVariant(
        "blue", model="churn", memory_size=cdk.Size.gibibytes(2), max_concurrency=10
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    alarms = endpoint(stack, config).add_recommended_alarms()
    assert AlarmKind.SPILLOVER not in {each.kind for each in alarms.entries}
    assert len(alarms) == 5


def test_instances_of_components() -> None:
    """Requests are of the components, and so are alarms on them."""
    stack = new_stack()
    components(stack).add_recommended_alarms()
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


def test_a_component_on_accelerators_that_are_no_gpus() -> None:
    chat, _ = components(new_stack(), InstanceType.ML_INF2_24XLARGE)._components
    kinds = {each.kind for each in chat.add_recommended_alarms().entries}
    assert not kinds & {AlarmKind.GPU, AlarmKind.GPU_MEMORY}


def test_a_component() -> None:
    stack = new_stack()
    chat, rank = (each for each in components(stack)._components)
    made: Any = [chat, rank]
    alarms = [each.add_recommended_alarms() for each in made]
    kinds = [[each.kind for each in some.entries] for some in alarms]
    used = [AlarmKind.CPU, AlarmKind.MEMORY]
    asked = [AlarmKind.SERVER_ERRORS, AlarmKind.CLIENT_ERRORS, AlarmKind.LATENCY]
    assert kinds == [
        [*asked, AlarmKind.NO_CAPACITY, *used, AlarmKind.GPU, AlarmKind.GPU_MEMORY],
        [*asked, AlarmKind.NO_CAPACITY, *used],
    ]
    assert rows(stack) == {
        **REQUESTS,
        "no-capacity": ("NoCapacityInvocationFailures", "Sum", ">=", 1, "3 of 5", "60"),
        "cpu": ("CPUUtilizationNormalized", "Average", ">", 90, "10 of 15", "60"),
        "memory": ("MemoryUtilizationNormalized", "Maximum", ">", 90, "10 of 15", "60"),
        "gpu": ("GPUUtilizationNormalized", "Average", ">", 95, "10 of 15", "60"),
        "gpu-memory": ("GPUMemoryUtilizationNormalized", "Maximum", ">", 95, "10 of 15", "60"),
    }


@pytest.mark.parametrize("kind", OBSERVED)
def test_every_alarm_can_go_off(kind: str) -> None:
    """Its metric is published by exactly its dimensions, and can be above its threshold."""
    stack = new_stack()
    made = OBSERVED[kind](stack)
    alarms = made.add_recommended_alarms()
    if shown := alarms.for_rollback():
        made.roll_back_on(*shown)
    for each in made._components:
        each.add_recommended_alarms()  # type: ignore[union-attr]
    template = template_of(stack)
    for read in metrics_in(template):
        metric = find(read.namespace, read.name)
        assert metric is not None, read
        assert read.dimensions in {tuple(sorted(by.value)) for by in metric.by}, read
        assert metric.allows(read.statistic), read
    for alarm in of_type(template, ALARM).values():
        if metric := find(alarm.get("Namespace", ""), alarm.get("MetricName", "")):
            most = metric.most_of(alarm.get("Statistic", ""), vcpus=48, gpus=4)
            assert most is None or 0 <= alarm["Threshold"] < most
    assert not [each for each in check_template(template) if each.rule_id.startswith("alarm-")]


@pytest.mark.parametrize("name", HOSTING_TYPES)
def test_the_load_of_every_type_can_be_reached(name: str) -> None:
    from cdk_epc.catalog.metrics import instances as hosts
    from cdk_epc.monitoring.alarm_definitions import _full_utilization
    from cdk_epc.monitoring.resource_facts import Machine

    known = InstanceType.of(name)
    most = _full_utilization(hosts.CPU_UTILIZATION, Machine(types=(known,)))
    assert most == 100 * (known.vcpus or 0) or (not known.vcpus and isinstance(most, str))


def test_thresholds_are_taken_over() -> None:
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


def test_a_least_number_of_requests() -> None:
    stack = new_stack()
    kinds = set(AlarmKind) - {AlarmKind.SERVER_ERRORS}
    real_time(stack).add_recommended_alarms(
        thresholds=AlarmThresholds(min_requests=20), without=kinds
    )
    (alarm,) = of_type(template_of(stack), ALARM).values()
    share, count = (each["Id"] for each in alarm["Metrics"][1:])
    assert alarm["Metrics"][0]["Expression"] == f"IF({count} >= 20, {share}, 0)"
    read = [
        (each["MetricStat"]["Metric"]["MetricName"], each["MetricStat"]["Stat"])
        for each in alarm["Metrics"][1:]
    ]
    assert read == [("Invocation5XXErrors", "Average"), ("Invocations", "Sum")]


def test_a_least_number_of_requests_that_nobody_counts() -> None:
    with pytest.raises(EndpointConfigError, match="metric-unpublished"):
        asynchronous(new_stack()).add_recommended_alarms(
            thresholds=AlarmThresholds(min_requests=20)
        )


def test_kinds_can_be_left_out() -> None:
    stack = new_stack()
    alarms = real_time(stack).add_recommended_alarms(
        without=[AlarmKind.CLIENT_ERRORS, AlarmKind.DISK, AlarmKind.LATENCY]
    )
    assert list(rows(stack)) == ["blue-server-errors", "blue-cpu", "blue-memory"]
    assert len(alarms.of(AlarmKind.CPU)) == 1
    assert alarms.of(AlarmKind.DISK) == ()
    assert [each.node.id for each in alarms.for_rollback()] == ["server-errors"]


def test_alarms_are_found_by_variant() -> None:
    alarms = split(new_stack()).add_recommended_alarms()
    assert [each.node.id for each in alarms.of(AlarmKind.CPU)] == ["blue-cpu", "green-cpu"]
    assert [each.node.id for each in alarms.of(AlarmKind.CPU, "green")] == ["green-cpu"]


@pytest.mark.parametrize(
    ("instance_type", "reasons"),
    [
        (
            InstanceType.of("ml.newer.xlarge"),
            {
                "cpu": "the instance type is not known, so neither is its number of vCPUs",
                "gpu": "the instance type is not known, so neither is its number of GPUs",
                "gpu-memory": "the instance type is not known, so neither is its number of GPUs",
            },
        ),
        (
            [InstancePool(CPU, priority=1), InstancePool(GPU, priority=2)],
            {
                "cpu": "the instance types differ in their number of vCPUs",
                "gpu": "the instance types differ in their number of GPUs",
                "gpu-memory": "the instance types differ in their number of GPUs",
            },
        ),
        ([InstancePool(CPU, priority=1), InstancePool(InstanceType.ML_M6I_XLARGE, priority=2)], {}),
    ],
)
def test_an_alarm_that_nothing_can_be_made_of_is_left_out(
    instance_type: Any,
    reasons: dict[str, str],
) -> None:
    variant = InstanceVariant(
        "blue", model="m", instance_type=instance_type, initial_instance_count=1
    )
    config = EndpointConfig(new_stack(), "Config", production_variants=[variant])
    made = Endpoint(config, "Endpoint", endpoint_config=config)
    alarms = made.add_recommended_alarms()
    assert {str(each.kind): each.reason for each in alarms.left_out} == reasons
    assert {each.of for each in alarms.left_out} <= {"blue"}


def test_of_an_endpoint_of_unknown_kind_there_is_what_all_kinds_publish() -> None:
    stack = new_stack()
    imported = Endpoint.from_endpoint_name(stack, "Endpoint", "answers")
    alarms = imported.add_recommended_alarms(variants=["blue"])
    assert alarms.for_rollback() == ()
    assert rows(stack) == of("blue", REQUESTS)


def test_what_happened_is_told() -> None:
    stack = new_stack()
    real_time(stack).add_recommended_alarms()
    reported = [each["AlarmDescription"] for each in of_type(template_of(stack), ALARM).values()]
    assert reported == [
        "Endpoint answers, blue: more than 5% of the requests got a 5xx status, in 3 of 5 minutes.",
        (
            "Endpoint answers, blue: more than 20% of the requests got a 4xx status, in 3 of 5 "
            "minutes."
        ),
        "Endpoint answers, blue: the model's latency (p99) is above 30 seconds, in 3 of 5 minutes.",
        "Endpoint answers, blue: more than 90% of all vCPUs is in use, in 10 of 15 minutes.",
        "Endpoint answers, blue: more than 90% of the memory is in use, in 10 of 15 minutes.",
        "Endpoint answers, blue: more than 85% of the disk is in use, in 10 of 15 minutes.",
    ]


def notified(notify: Callable[[cdk.Stack], Any]) -> list[Any]:
    stack = new_stack()
    real_time(stack).add_recommended_alarms(
        notify=notify(stack), without=set(AlarmKind) - {AlarmKind.CPU}
    )
    (alarm,) = of_type(template_of(stack), ALARM).values()
    return list(alarm.get("AlarmActions", ()))


def test_nobody_is_told_by_default() -> None:
    assert notified(lambda _: None) == []


def test_a_topic_is_told() -> None:
    assert notified(lambda stack: sns.Topic(stack, "Topic")) == [{"Ref": "TopicBFC7AF6E"}]


def test_several_are_told() -> None:
    from aws_cdk import aws_cloudwatch_actions as actions

    def both(stack: cdk.Stack) -> list[object]:
        topic = sns.Topic(stack, "Topic")
        return [topic, actions.SsmAction(actions.OpsItemSeverity.HIGH)]

    assert len(notified(both)) == 2


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        (
            AlarmThresholds(server_error_rate=1),
            "thresholds.server_error_rate is 1; allowed: a share, above 0 and below 1",
        ),
        (
            AlarmThresholds(cpu=90),
            "thresholds.cpu is 90; allowed: a share, above 0 and below 1",
        ),
        (
            AlarmThresholds(disk=0),
            "thresholds.disk is 0; allowed: a share, above 0 and below 1",
        ),
        (
            AlarmThresholds(memory=cdk.Token.as_number({"Ref": "Share"})),
            "thresholds.memory is known at deployment; allowed: a share, above 0 and below 1",
        ),
        (
            AlarmThresholds(gpu="5%"),  # type: ignore[arg-type]
            "thresholds.gpu is '5%'; allowed: a share, above 0 and below 1",
        ),
        (
            AlarmThresholds(request_minutes=0, bad_request_minutes=0),
            "thresholds.request_minutes is 0; allowed: 1 or more",
        ),
        (
            AlarmThresholds(latency=30),  # type: ignore[arg-type]
            (
                "thresholds.latency is 30; allowed: a Duration above 0 that is known before the "
                "deployment"
            ),
        ),
        (
            AlarmThresholds(failed_requests=0),
            "thresholds.failed_requests is 0; allowed: 1 or more",
        ),
        (
            AlarmThresholds(bad_request_minutes=6),
            "thresholds.bad_request_minutes is 6; allowed: 1 to 5, which is request_minutes",
        ),
        (
            AlarmThresholds(latency_statistic="P99"),
            (
                "thresholds.latency_statistic is 'P99'; allowed: Average, Maximum, or a percentile "
                "like p99"
            ),
        ),
    ],
)
def test_a_threshold_that_makes_no_sense(thresholds: AlarmThresholds, message: str) -> None:
    stack = new_stack()
    made = real_time(stack)
    with pytest.raises(EndpointConfigError) as caught:
        made.add_recommended_alarms(thresholds=thresholds)
    finding, *_ = caught.value.findings
    assert (finding.rule_id, finding.message) == ("alarm-threshold-out-of-range", message)
    assert finding.file == __file__
    assert of_type(template_of(stack), ALARM) == {}


def test_a_statistic_that_is_no_text() -> None:
    thresholds = AlarmThresholds(latency_statistic=99)  # type: ignore[arg-type]
    with pytest.raises(EndpointConfigError, match=r"thresholds\.latency_statistic is 99"):
        real_time(new_stack()).add_recommended_alarms(thresholds=thresholds)


def test_a_duration_that_is_known_at_deployment_only() -> None:
    seconds = cdk.Token.as_number({"Ref": "Seconds"})
    thresholds = AlarmThresholds(backlog_age=cdk.Duration.seconds(seconds))
    with pytest.raises(EndpointConfigError, match=r"thresholds\.backlog_age"):
        asynchronous(new_stack()).add_recommended_alarms(thresholds=thresholds)


def test_a_second_set_has_an_id_of_its_own() -> None:
    stack = new_stack()
    made = real_time(stack)
    made.add_recommended_alarms()
    made.add_recommended_alarms(id="Paging", without=set(AlarmKind) - {AlarmKind.SERVER_ERRORS})
    assert len(of_type(template_of(stack), ALARM)) == 7


def test_a_variant_whose_name_is_a_token() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    config = EndpointConfig(stack, "Config", production_variants=[on_instances(name)])
    alarms = endpoint(stack, config).add_recommended_alarms()
    assert len(alarms) == 6
    assert len(of_type(template_of(stack), ALARM)) == 6


def test_an_interval_below_a_minute_is_looked_at_by_the_minute() -> None:
    stack = new_stack()
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=[on_instances("blue")],
        metrics=MetricsPublication(
            enhanced=True,
            detailed_observability=False,
            publish_frequency=cdk.Duration.seconds(10),
        ),
    )
    endpoint(stack, config).add_recommended_alarms()
    assert rows(stack)["blue-cpu"] == HOSTS["cpu"]


def test_without_enhanced_metrics_requests_are_published_by_the_minute() -> None:
    stack = new_stack()
    metrics = MetricsPublication(
        detailed_observability=False, publish_frequency=cdk.Duration.seconds(300)
    )
    config = EndpointConfig(
        stack, "Config", production_variants=[on_instances("blue")], metrics=metrics
    )
    endpoint(stack, config).add_recommended_alarms()
    periods = {id_: reported[5] for id_, reported in rows(stack).items()}
    assert periods == {
        "blue-server-errors": "60",
        "blue-client-errors": "60",
        "blue-latency": "60",
        "blue-cpu": "300",
        "blue-memory": "300",
        "blue-disk": "300",
    }


def test_alarms_are_cdks_own() -> None:
    (first, *_) = real_time(new_stack()).add_recommended_alarms()
    assert isinstance(first, cloudwatch.Alarm)
