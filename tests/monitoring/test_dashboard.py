"""Dashboards: a snapshot for each kind of endpoint, valid bodies, and only published metrics."""

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
from kit.cfn_lint import findings_of_cfn_lint
from kit.monitored_endpoints import (
    MONITORED_ENDPOINTS,
    asynchronous,
    instance_variant,
    real_time,
    serverless,
    two_variants,
    with_components,
)
from kit.snapshots import committed_snapshots
from kit.template_metrics import dashboard_bodies, metrics_in
from syrupy.assertion import SnapshotAssertion

from cdk_epc import Endpoint, EndpointConfig, InferenceComponent, InstanceVariant, Model
from cdk_epc.catalog.metrics import find
from cdk_epc.spec import ContainerDefinition

WIDTH = 24


def body_of(stack: cdk.Stack) -> dict[str, Any]:
    (body,) = dashboard_bodies(template_of(stack))
    return dict(body)


def titles_of(body: dict[str, Any]) -> list[str]:
    return [
        each["properties"]["title"] for each in body["widgets"] if "title" in each["properties"]
    ]


def summary_of(body: dict[str, Any]) -> str:
    """Return the text of the first widget."""
    return str(body["widgets"][0]["properties"]["markdown"])


def series_of(body: dict[str, Any], title: str) -> list[Any]:
    (widget,) = (each for each in body["widgets"] if each["properties"].get("title") == title)
    return list(widget["properties"]["metrics"])


@cache
def template_for(kind: str) -> dict[str, Any]:
    """Return the template of an endpoint with its alarms and dashboard."""
    stack = new_stack()
    endpoint = MONITORED_ENDPOINTS[kind](stack)
    endpoint.dashboard(alarms=endpoint.add_recommended_alarms())
    return template_of(stack)


def dashboard_of(kind: str) -> dict[str, Any]:
    """Return the body of the dashboard of an endpoint."""
    (body,) = dashboard_bodies(template_for(kind))
    return dict(body)


@pytest.mark.pin_only
@pytest.mark.parametrize("kind", MONITORED_ENDPOINTS)
def test_dashboard(kind: str, cdk_snapshot: SnapshotAssertion) -> None:
    assert dashboard_of(kind) == cdk_snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed_snapshots(__file__) == {
        f"test_dashboard[{kind}].json" for kind in MONITORED_ENDPOINTS
    }


@pytest.mark.parametrize("kind", MONITORED_ENDPOINTS)
def test_every_metric_is_published(kind: str) -> None:
    metrics = metrics_in(template_for(kind))
    assert metrics
    for each in metrics:
        metric = find(each.namespace, each.name)
        assert metric is not None, each
        assert each.dimensions in {tuple(sorted(by.value)) for by in metric.dimension_sets}, each
        assert metric.allows(each.statistic), each


@pytest.mark.pin_only  # the lowest versions are tested without moto
@pytest.mark.parametrize("kind", MONITORED_ENDPOINTS)
def test_cloudwatch_accepts_the_body(kind: str) -> None:
    """Moto parses the body; the limits are those of the API reference, DashboardBody."""
    from moto import mock_aws

    body = dashboard_of(kind)
    with mock_aws():
        client = boto3.client("cloudwatch", region_name="eu-west-1")
        client.put_dashboard(DashboardName="answers", DashboardBody=json.dumps(body))
        stored = client.get_dashboard(DashboardName="answers")["DashboardBody"]
    assert json.loads(stored) == body
    assert len(body["widgets"]) <= 500
    for widget in body["widgets"]:
        assert widget["x"] + widget["width"] <= WIDTH
        assert len(widget["properties"].get("metrics", ())) <= 500


@pytest.mark.parametrize("kind", MONITORED_ENDPOINTS)
def test_widgets_do_not_overlap(kind: str) -> None:
    occupied: set[tuple[int, int]] = set()
    for widget in dashboard_of(kind)["widgets"]:
        cells = set(_cells(widget))
        assert cells
        assert not cells & occupied
        occupied |= cells
    assert occupied


def _cells(widget: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for x in range(widget["x"], widget["x"] + widget["width"]):
        for y in range(widget["y"], widget["y"] + widget["height"]):
            yield x, y


@pytest.mark.parametrize("kind", MONITORED_ENDPOINTS)
def test_operands_of_expressions_are_in_the_same_widget(kind: str) -> None:
    expressions = 0
    for widget in dashboard_of(kind)["widgets"]:
        series = widget["properties"].get("metrics", [])
        names = {each[-1]["id"] for each in series if "id" in each[-1]}
        for each in series:
            text = each[-1].get("expression", "")
            expressions += bool(text)
            assert {word for word in _words(text) if word.startswith("m")} <= names
    assert bool(expressions) is (kind != "serverless")


def _words(text: str) -> list[str]:
    if text.startswith("SEARCH"):
        return []
    return "".join(each if each.isalnum() else " " for each in text).split()


@pytest.mark.pin_only
@pytest.mark.parametrize("kind", MONITORED_ENDPOINTS)
def test_cfn_lint_finds_nothing(kind: str) -> None:
    assert findings_of_cfn_lint(template_for(kind), "eu-west-1") == []


LOGS = "Errors in the logs"
REQUESTS = ["Requests"]
LATENCY = ["Model latency", "Overhead latency"]
ERRORS = ["Error rate", "Errors"]
HOSTS = [
    "CPU utilization (100% for each vCPU)",
    "Memory utilization (maximum)",
    "Disk utilization (maximum)",
]
SCALING = ["Requests per instance or copy", "Concurrent requests", "Instances"]
GPU = ["GPU utilization (100% for each GPU)"]


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        ("real_time", [*REQUESTS, *LATENCY, *ERRORS, *HOSTS, *SCALING, LOGS]),
        (
            "split",
            [
                *REQUESTS,
                "Traffic distribution",
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
                "Requests copied to shadow variants",
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
                "Time to response",
                *ERRORS,
                "Failed asynchronous requests",
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
                "Memory utilization (maximum)",
                "Concurrency utilization",
                "Provisioned concurrency",
                LOGS,
            ],
        ),
        (
            "components",
            [
                *REQUESTS,
                "Traffic distribution",
                *LATENCY,
                *ERRORS,
                "CPU utilization (100% for each vCPU)",
                "CPU utilization (100% for all vCPUs)",
                *HOSTS[1:],
                *GPU,
                "GPU utilization (100% for all GPUs)",
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
                "Container latency",
                *HOSTS,
                *SCALING,
                LOGS,
            ],
        ),
    ],
)
def test_titles(kind: str, titles: list[str]) -> None:
    assert titles_of(dashboard_of(kind)) == ["Alarms", *titles]


def test_the_summary_has_the_distribution_of_the_traffic() -> None:
    stack = new_stack()
    variants = [
        InstanceVariant(
            name,
            model="m",
            instance_type=instance_variant("x").instance_type,
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
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config, endpoint_name="answers")
    endpoint.dashboard(dashboard_name="answers")
    assert summary_of(body_of(stack)) == (
        "# answers, real-time\n\n* **blue**, 90% of the traffic\n* **green**, 10% of the traffic"
    )


def test_the_number_of_instances_is_computed_from_samples() -> None:
    """Each instance sends a sample every 2 minutes, and the period is 2 minutes."""
    result, operand, *_ = series_of(dashboard_of("split"), "Instances")
    assert result[0]["expression"] == f"{operand[-1]['id']} * 120 / 120"
    assert operand[:2] == ["/aws/sagemaker/Endpoints", "CPUUtilization"]
    assert (operand[-1]["stat"], operand[-1]["period"]) == ("SampleCount", 120)


def test_the_number_of_copies_is_computed_from_requests() -> None:
    series = series_of(dashboard_of("components"), "Copies")
    assert series[0][0]["expression"] == f"{series[1][-1]['id']} / {series[2][-1]['id']}"
    assert [each[1] for each in series[1:3]] == ["Invocations", "InvocationsPerCopy"]


def test_full_utilization_is_a_horizontal_line() -> None:
    (widget,) = (
        each
        for each in dashboard_of("split")["widgets"]
        if each["properties"].get("title") == "CPU utilization (100% for each vCPU)"
    )
    assert widget["properties"]["annotations"]["horizontal"] == [
        {"value": 400, "label": "all 4 vCPUs", "yAxis": "left"},
        {"value": 4800, "label": "all 48 vCPUs", "yAxis": "left"},
    ]


def horizontal_lines(body: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return the horizontal lines of each graph that has some, by their labels."""
    found = {}
    for widget in body["widgets"]:
        annotations = widget["properties"].get("annotations", {})
        if lines := annotations.get("horizontal"):
            found[widget["properties"]["title"]] = {each["label"]: each["value"] for each in lines}
    return found


def test_capacities_and_target_values_are_horizontal_lines() -> None:
    """The interval of the metrics is 2 minutes, and a target value is that of one minute."""
    stack = new_stack()
    endpoint = two_variants(stack)
    blue, green = (endpoint.variant(name).auto_scale(2, 8) for name in ("blue", "green"))
    blue.scale_on_invocations(600)
    blue.scale_on_cpu_utilization(60)
    green.scale_on_concurrent_requests(5)
    green.scale_on_gpu_utilization(50)
    endpoint.dashboard()
    body = body_of(stack)
    capacities = {
        "minimum of blue": 2,
        "maximum of blue": 8,
        "minimum of green": 2,
        "maximum of green": 8,
    }
    vcpus = {"all 4 vCPUs": 400, "all 48 vCPUs": 4800}
    assert horizontal_lines(body) == {
        "CPU utilization (100% for each vCPU)": {**vcpus, "target of blue": 240},
        "GPU utilization (100% for each GPU)": {"all 4 GPUs": 400, "target of green": 200},
        "Disk utilization (maximum)": {"data capture pauses": 75},
        "Requests per instance or copy": {"target of blue": 1200},
        "Concurrent requests": {"target of green": 5},
        "Instances": capacities,
    }
    assert summary_of(body).splitlines()[2:] == [
        "* **blue**, 50% of the traffic, 2 to 8 instances",
        "* **green**, 50% of the traffic, 2 to 8 instances",
    ]


def test_scaling_of_other_capacities() -> None:
    queued, warm, shared = new_stack(), new_stack(), new_stack()
    endpoint = asynchronous(queued)
    endpoint.variant("blue").auto_scale(0, 6).scale_on_backlog(5)
    endpoint.dashboard()
    endpoint = serverless(warm)
    endpoint.variant("blue").auto_scale(2, 10).scale_on_provisioned_concurrency_utilization(0.7)
    endpoint.dashboard()
    endpoint = with_components(shared)
    chat = shared.node.find_child("Chat")
    assert isinstance(chat, InferenceComponent)
    chat.auto_scale(0, 4).scale_on_invocations(120)
    endpoint.dashboard()
    bodies = [body_of(stack) for stack in (queued, warm, shared)]
    summaries = [summary_of(body).splitlines()[2] for body in bodies[:2]]
    assert [*summaries, *summary_of(bodies[2]).splitlines()[3:]] == [
        "* **blue**, 100% of the traffic, 0 to 6 instances",
        "* **blue**, 100% of the traffic, 2 to 10 provisioned concurrent requests",
        "* **Chat**, inference component, 0 to 4 copies",
        "* **Rank**, inference component",
    ]
    lines = [horizontal_lines(body) for body in bodies]
    assert lines[0]["Backlog"] == {"target of blue": 5}
    assert lines[0]["Instances"] == {"minimum of blue": 0, "maximum of blue": 6}
    assert lines[1] == {"Concurrency utilization": {"target of blue": 0.7}}
    assert lines[2]["Requests per instance or copy"] == {"target of Chat": 120}
    assert lines[2]["Copies"] == {"minimum of Chat": 0, "maximum of Chat": 4}


def test_a_token_is_not_a_horizontal_line() -> None:
    stack = new_stack()
    endpoint = real_time(stack)
    maximum = cdk.CfnParameter(stack, "Most", type="Number").value_as_number
    scaled = endpoint.variant("blue").auto_scale(1, maximum)
    scaled.scale_on_concurrent_requests(maximum)
    scaled.scale_on_metric("Slow", endpoint.variant("blue").metric_model_latency(), target=5)
    endpoint.dashboard()
    body = body_of(stack)
    assert horizontal_lines(body) == {
        "CPU utilization (100% for each vCPU)": {"all 4 vCPUs": 400},
        "Instances": {"minimum of blue": 1},
    }
    assert summary_of(body).endswith("* **blue**, 100% of the traffic, 1 to ? instances")


def test_a_search_finds_the_instances() -> None:
    ((series,),) = series_of(dashboard_of("split"), "GPU of green")
    assert series["expression"] == (
        'SEARCH(\'{"/aws/sagemaker/Endpoints",EndpointName,VariantName,InstanceId,AcceleratorId} '
        'MetricName="GPUUtilization" EndpointName="answers" VariantName="green"\', '
        "'Average', 120)"
    )


def test_a_multi_model_container() -> None:
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
        instance_type=instance_variant("x").instance_type,  # type: ignore[arg-type]
        initial_instance_count=2,
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config, endpoint_name="answers")
    endpoint.dashboard()
    titles = titles_of(body_of(stack))
    assert titles[5:8] == [
        "Model cache hits",
        "Loaded models per instance",
        "Model loading time",
    ]


def test_an_endpoint_of_unknown_kind_has_the_metrics_of_all_kinds() -> None:
    stack = new_stack()
    imported = Endpoint.from_endpoint_name(stack, "Endpoint", "answers")
    imported.dashboard(variants=["blue"])
    assert titles_of(body_of(stack)) == [
        "Model latency",
        "Error rate",
        "Errors",
        "Memory utilization (maximum)",
        LOGS,
    ]


def test_only_the_given_components() -> None:
    stack = new_stack()
    endpoint = with_components(stack)
    chat: Any = stack.node.find_child("Chat")
    endpoint.dashboard(components=[chat])
    assert [each[-1]["label"] for each in series_of(body_of(stack), "Requests")] == ["Chat"]


def test_a_dashboard_in_another_region() -> None:
    app = cdk.App(analytics_reporting=False)
    home, abroad = (
        cdk.Stack(app, region, env=cdk.Environment(account="111122223333", region=region))
        for region in ("eu-west-1", "us-east-1")
    )
    endpoint = real_time(home)
    dashboard = endpoint.dashboard(scope=abroad, id="Answers")
    assert isinstance(dashboard, cloudwatch.Dashboard)
    widgets = body_of(abroad)["widgets"]
    regions = {each["properties"]["region"] for each in widgets if "region" in each["properties"]}
    assert regions == {"eu-west-1"}


def test_an_endpoint_without_a_name() -> None:
    stack = new_stack()
    real_time(stack, None).dashboard()
    assert titles_of(body_of(stack))[0] == "Requests"


def test_only_the_given_variants() -> None:
    stack = new_stack()
    two_variants(stack).dashboard(variants=["green"])
    assert [each[-1]["label"] for each in series_of(body_of(stack), "Requests")] == ["green"]
