"""Dashboards: one snapshot a kind, valid bodies, and no line that nobody publishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import new_stack, template_of
from kit.linting import findings_of_cfn_lint
from kit.template_metrics import bodies_of, metrics_in
from kit.monitored_endpoints import (
    OBSERVED,
    asynchronous,
    components,
    on_instances,
    real_time,
    serverless,
    split,
)
from kit.snapshots import committed
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cdk_epc import Endpoint, EndpointConfig, InferenceComponent, InstanceVariant, Model
from cdk_epc.catalog.metrics import find
from cdk_epc.spec import ContainerDefinition

WIDTH = 24


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def body_of(stack: cdk.Stack) -> dict[str, Any]:
    (body,) = bodies_of(template_of(stack))
    return dict(body)


def titles_of(body: dict[str, Any]) -> list[str]:
    return [
        each["properties"]["title"] for each in body["widgets"] if "title" in each["properties"]
    ]


def lines_of(body: dict[str, Any], title: str) -> list[Any]:
    (widget,) = (each for each in body["widgets"] if each["properties"].get("title") == title)
    return list(widget["properties"]["metrics"])


@cache
def template_for(kind: str) -> dict[str, Any]:
    """The template of a kind with its dashboard: it is the same for each test."""
    stack = new_stack()
    made = OBSERVED[kind](stack)
    made.dashboard(alarms=made.add_recommended_alarms())
    return template_of(stack)


def shown(kind: str) -> dict[str, Any]:
    """The body of the dashboard of a kind."""
    (body,) = bodies_of(template_for(kind))
    return dict(body)


@pytest.mark.pin_only
@pytest.mark.parametrize("kind", OBSERVED)
def test_dashboard(kind: str, snapshot: SnapshotAssertion) -> None:
    assert shown(kind) == snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed(__file__) == {f"test_dashboard[{kind}].json" for kind in OBSERVED}


@pytest.mark.parametrize("kind", OBSERVED)
def test_every_line_is_of_a_metric_that_is_published(kind: str) -> None:
    read = metrics_in(template_for(kind))
    assert read
    for each in read:
        metric = find(each.namespace, each.name)
        assert metric is not None, each
        assert each.dimensions in {tuple(sorted(by.value)) for by in metric.by}, each
        assert metric.allows(each.statistic), each


@pytest.mark.pin_only  # the lowest versions are tested without moto
@pytest.mark.parametrize("kind", OBSERVED)
def test_cloudwatch_takes_the_body(kind: str) -> None:
    """Moto parses it; the bounds are those of the API reference, DashboardBody."""
    from moto import mock_aws

    body = shown(kind)
    with mock_aws():
        client = boto3.client("cloudwatch", region_name="eu-west-1")
        client.put_dashboard(DashboardName="answers", DashboardBody=json.dumps(body))
        stored = client.get_dashboard(DashboardName="answers")["DashboardBody"]
    assert json.loads(stored) == body
    assert len(body["widgets"]) <= 500
    for widget in body["widgets"]:
        assert widget["x"] + widget["width"] <= WIDTH
        assert len(widget["properties"].get("metrics", ())) <= 500


@pytest.mark.parametrize("kind", OBSERVED)
def test_no_widget_lies_on_another(kind: str) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in shown(kind)["widgets"]:
        cells = set(_cells(widget))
        assert cells
        assert not cells & taken
        taken |= cells
    assert taken


def _cells(widget: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for x in range(widget["x"], widget["x"] + widget["width"]):
        for y in range(widget["y"], widget["y"] + widget["height"]):
            yield x, y


@pytest.mark.parametrize("kind", OBSERVED)
def test_names_in_expressions_are_of_the_same_widget(kind: str) -> None:
    expressions = 0
    for widget in shown(kind)["widgets"]:
        lines = widget["properties"].get("metrics", [])
        names = {line[-1]["id"] for line in lines if "id" in line[-1]}
        for line in lines:
            text = line[-1].get("expression", "")
            expressions += bool(text)
            assert {word for word in _words(text) if word.startswith("m")} <= names
    assert bool(expressions) is (kind != "serverless")


def _words(text: str) -> list[str]:
    if text.startswith("SEARCH"):
        return []
    return "".join(each if each.isalnum() else " " for each in text).split()


@pytest.mark.pin_only
@pytest.mark.parametrize("kind", OBSERVED)
def test_cfn_lint_finds_nothing(kind: str) -> None:
    assert findings_of_cfn_lint(template_for(kind), "eu-west-1") == []


LOGS = "Errors in the logs"
REQUESTS = ["Requests"]
LATENCY = ["Model latency", "Overhead latency"]
ERRORS = ["Errors, as a share", "Errors"]
HOSTS = [
    "CPU, 100 for each vCPU",
    "Memory, at its fullest",
    "Disk, at its fullest",
]
SCALING = ["Requests for each instance or copy", "Requests at a time", "Instances"]
GPU = ["GPU, 100 for each GPU"]


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        ("real_time", [*REQUESTS, *LATENCY, *ERRORS, *HOSTS, *SCALING, LOGS]),
        (
            "split",
            [
                *REQUESTS,
                "Split of the traffic",
                *LATENCY,
                *ERRORS,
                *HOSTS,
                *GPU,
                *SCALING,
                "CPU of blue",
                "Memory of blue",
                "CPU of green",
                "Memory of green",
                "GPU of green",
                LOGS,
            ],
        ),
        (
            "shadowed",
            [
                *REQUESTS,
                "Copies to shadow variants",
                *LATENCY,
                *ERRORS,
                *HOSTS,
                *SCALING,
                LOGS,
            ],
        ),
        (
            "asynchronous",
            [
                "Processed requests",
                "Model latency",
                "Time to the answer",
                *ERRORS,
                "Lost requests",
                *HOSTS,
                "Backlog",
                "Age of the backlog",
                "Backlog without an instance",
                "Instances",
                LOGS,
            ],
        ),
        (
            "serverless",
            [
                *REQUESTS,
                *LATENCY,
                *ERRORS,
                "Memory, at its fullest",
                "Concurrency in use",
                "Provisioned concurrency",
                LOGS,
            ],
        ),
        (
            "components",
            [
                *REQUESTS,
                "Split of the traffic",
                *LATENCY,
                *ERRORS,
                "CPU, 100 for each vCPU",
                "CPU, 100 for all vCPUs",
                *HOSTS[1:],
                *GPU,
                "GPU, 100 for all GPUs",
                *SCALING,
                "Copies",
            ],
        ),
        (
            "pipeline",
            [
                *REQUESTS,
                *LATENCY,
                *ERRORS,
                "Latency of containers",
                *HOSTS,
                *SCALING,
                LOGS,
            ],
        ),
    ],
)
def test_what_is_shown(kind: str, titles: list[str]) -> None:
    assert titles_of(shown(kind)) == ["Alarms", *titles]


def test_the_head_tells_the_split() -> None:
    stack = new_stack()
    variants = [
        InstanceVariant(
            name,
            model="m",
            instance_type=on_instances("x").instance_type,
            initial_instance_count=1,
            initial_weight=weight,
        )
        for name, weight in (("blue", 9), ("green", 1))
    ]
    config = EndpointConfig(
        stack,
        "Config",
        production_variants=variants,
    )
    made = Endpoint(stack, "Endpoint", endpoint_config=config, endpoint_name="answers")
    made.dashboard(dashboard_name="answers")
    head = body_of(stack)["widgets"][0]["properties"]["markdown"]
    assert head == (
        "# answers, real-time\n\n* **blue**, 90% of the traffic\n* **green**, 10% of the traffic"
    )


def test_instances_are_counted_by_their_samples() -> None:
    """At one sample every 2 minutes, a point stands for 2 minutes."""
    text, read, *_ = lines_of(shown("split"), "Instances")
    assert text[0]["expression"] == f"{read[-1]['id']} * 120 / 120"
    assert read[:2] == ["/aws/sagemaker/Endpoints", "CPUUtilization"]
    assert (read[-1]["stat"], read[-1]["period"]) == ("SampleCount", 120)


def test_copies_are_worked_out_of_requests() -> None:
    lines = lines_of(shown("components"), "Copies")
    assert lines[0][0]["expression"] == f"{lines[1][-1]['id']} / {lines[2][-1]['id']}"
    assert [line[1] for line in lines[1:3]] == ["Invocations", "InvocationsPerCopy"]


def test_all_of_a_machine_is_marked() -> None:
    (widget,) = (
        each
        for each in shown("split")["widgets"]
        if each["properties"].get("title") == "CPU, 100 for each vCPU"
    )
    assert widget["properties"]["annotations"]["horizontal"] == [
        {"value": 400, "label": "all 4 vCPUs", "yAxis": "left"},
        {"value": 4800, "label": "all 48 vCPUs", "yAxis": "left"},
    ]


def levels_in(body: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The level lines of each graph that has some, by what they mean."""
    found = {}
    for widget in body["widgets"]:
        annotations = widget["properties"].get("annotations", {})
        if levels := annotations.get("horizontal"):
            found[widget["properties"]["title"]] = {each["label"]: each["value"] for each in levels}
    return found


def head_of(body: dict[str, Any]) -> str:
    return str(body["widgets"][0]["properties"]["markdown"])


def test_bounds_and_targets_of_scaling_are_level_lines() -> None:
    """Enhanced metrics come every 2 minutes here, and a policy looks at each one."""
    stack = new_stack()
    made = split(stack)
    blue, green = (made.variant(name).auto_scale(2, 8) for name in ("blue", "green"))
    blue.scale_on_invocations(600)
    blue.scale_on_cpu_utilization(60)
    green.scale_on_concurrent_requests(5)
    green.scale_on_gpu_utilization(50)
    made.dashboard()
    body = body_of(stack)
    bounds = {"least of blue": 2, "most of blue": 8, "least of green": 2, "most of green": 8}
    vcpus = {"all 4 vCPUs": 400, "all 48 vCPUs": 4800}
    assert levels_in(body) == {
        "CPU, 100 for each vCPU": {**vcpus, "target of blue": 240},
        "GPU, 100 for each GPU": {"all 4 GPUs": 400, "target of green": 200},
        "Disk, at its fullest": {"capture pauses": 75},
        "Requests for each instance or copy": {"target of blue": 1200},
        "Requests at a time": {"target of green": 5},
        "Instances": bounds,
    }
    assert head_of(body).splitlines()[2:] == [
        "* **blue**, 50% of the traffic, 2 to 8 instances",
        "* **green**, 50% of the traffic, 2 to 8 instances",
    ]


def test_the_scaling_of_a_queue_of_concurrency_and_of_copies() -> None:
    queued, warm, shared = new_stack(), new_stack(), new_stack()
    made = asynchronous(queued)
    made.variant("blue").auto_scale(0, 6).scale_on_backlog(5)
    made.dashboard()
    made = serverless(warm)
    made.variant("blue").auto_scale(2, 10).scale_on_provisioned_concurrency_utilization(0.7)
    made.dashboard()
    made = components(shared)
    chat = shared.node.find_child("Chat")
    assert isinstance(chat, InferenceComponent)
    chat.auto_scale(0, 4).scale_on_invocations(120)
    made.dashboard()
    bodies = [body_of(stack) for stack in (queued, warm, shared)]
    reported = [head_of(body).splitlines()[2] for body in bodies[:2]]
    assert [*reported, *head_of(bodies[2]).splitlines()[3:]] == [
        "* **blue**, 100% of the traffic, 0 to 6 instances",
        "* **blue**, 100% of the traffic, 2 to 10 requests kept warm for",
        "* **Chat**, an inference component, 0 to 4 copies",
        "* **Rank**, an inference component",
    ]
    drawn = [levels_in(body) for body in bodies]
    assert drawn[0]["Backlog"] == {"target of blue": 5}
    assert drawn[0]["Instances"] == {"least of blue": 0, "most of blue": 6}
    assert drawn[1] == {"Concurrency in use": {"target of blue": 0.7}}
    assert drawn[2]["Requests for each instance or copy"] == {"target of Chat": 120}
    assert drawn[2]["Copies"] == {"least of Chat": 0, "most of Chat": 4}


def test_what_only_the_deployment_knows_of_scaling_is_no_level_line() -> None:
    stack = new_stack()
    made = real_time(stack)
    most = cdk.CfnParameter(stack, "Most", type="Number").value_as_number
    scaled = made.variant("blue").auto_scale(1, most)
    scaled.scale_on_concurrent_requests(most)
    scaled.scale_on_metric("Slow", made.variant("blue").metric_model_latency(), target=5)
    made.dashboard()
    body = body_of(stack)
    assert levels_in(body) == {
        "CPU, 100 for each vCPU": {"all 4 vCPUs": 400},
        "Instances": {"least of blue": 1},
    }
    assert head_of(body).endswith("* **blue**, 100% of the traffic, 1 to ? instances")


def test_a_search_finds_instances_that_come_later() -> None:
    ((line,),) = lines_of(shown("split"), "GPU of green")
    assert line["expression"] == (
        'SEARCH(\'{"/aws/sagemaker/Endpoints",EndpointName,VariantName,InstanceId,AcceleratorId} '
        'MetricName="GPUUtilization" EndpointName="answers" VariantName="green"\', '
        "'Average', 120)"
    )


def test_many_models_behind_a_variant() -> None:
    stack = new_stack()
    container = ContainerDefinition(
        image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/many:1",
        mode="MultiModel",
        model_data_url="s3://bucket/models/",
    )
    model = Model(
        stack,
        "Model",
        container=container,
        execution_role="arn:aws:iam::111122223333:role/Inference",
    )
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "blue",
        model=model,
        instance_type=on_instances("x").instance_type,  # type: ignore[arg-type]
        initial_instance_count=2,
    )
    made = Endpoint(stack, "Endpoint", endpoint_config=config, endpoint_name="answers")
    made.dashboard()
    titles = titles_of(body_of(stack))
    assert titles[5:8] == [
        "Requests whose model was loaded",
        "Loaded models, for each instance",
        "Time to load a model",
    ]


def test_an_endpoint_of_unknown_kind_shows_what_all_kinds_publish() -> None:
    stack = new_stack()
    imported = Endpoint.from_endpoint_name(stack, "Endpoint", "answers")
    imported.dashboard(variants=["blue"])
    assert titles_of(body_of(stack)) == [
        "Model latency",
        "Errors, as a share",
        "Errors",
        "Memory, at its fullest",
        LOGS,
    ]


def test_components_can_be_chosen() -> None:
    stack = new_stack()
    made = components(stack)
    chat: Any = made._components[0]
    made.dashboard(components=[chat])
    assert [line[-1]["label"] for line in lines_of(body_of(stack), "Requests")] == ["Chat"]


def test_a_dashboard_in_another_region_shows_the_endpoints() -> None:
    app = cdk.App(analytics_reporting=False)
    home, abroad = (
        cdk.Stack(app, region, env=cdk.Environment(account="111122223333", region=region))
        for region in ("eu-west-1", "us-east-1")
    )
    made = real_time(home)
    board = made.dashboard(scope=abroad, id="Answers")
    assert isinstance(board, cloudwatch.Dashboard)
    widgets = body_of(abroad)["widgets"]
    regions = {each["properties"]["region"] for each in widgets if "region" in each["properties"]}
    assert regions == {"eu-west-1"}


def test_an_endpoint_without_a_name_is_shown() -> None:
    stack = new_stack()
    real_time(stack, None).dashboard()
    assert titles_of(body_of(stack))[0] == "Requests"


def test_variants_can_be_chosen() -> None:
    stack = new_stack()
    split(stack).dashboard(variants=["green"])
    assert [line[-1]["label"] for line in lines_of(body_of(stack), "Requests")] == ["green"]
