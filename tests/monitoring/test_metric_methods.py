"""Every ``metric_*`` against the table: name, namespace, dimensions, unit, statistic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import new_stack, template_of
from kit.template_metrics import ALARM, of_type
from kit.monitored_endpoints import asynchronous, components, pipeline, real_time, serverless

from cdk_epc import Endpoint
from cdk_epc.catalog.metrics import (
    PUBLISHED,
    Dimensions,
    PublishedMetric,
    is_published_by,
)
from cdk_epc.monitoring import (
    ComponentMetrics,
    ContainerMetrics,
    EndpointMetrics,
    FleetMetrics,
    QueueMetrics,
    VariantMetrics,
)
from cdk_epc.monitoring.metric_factory import method_name
from cdk_epc.spec import EndpointKind

HOMES: dict[Dimensions, type] = {
    Dimensions.ENDPOINT: QueueMetrics,
    Dimensions.VARIANT: VariantMetrics,
    Dimensions.FLEET: FleetMetrics,
    Dimensions.CONTAINER: ContainerMetrics,
    Dimensions.COMPONENT: ComponentMetrics,
}
VALUES = {
    "EndpointName": "answers",
    "VariantName": "blue",
    "ContainerName": "container-2",
    "InferenceComponentName": "chat",
}


class Everything:
    """An endpoint that says nothing about itself, so that nothing is refused."""

    def __init__(self) -> None:
        stack = cdk.Stack()
        self.imported = Endpoint.from_endpoint_name(stack, "Endpoint", "answers")
        self.variant = self.imported.variant("blue")
        self.component: Any = next(
            each for each in components(new_stack())._components if each.node.id == "Chat"
        )

    def by(self, dimensions: Dimensions) -> Any:
        if dimensions is Dimensions.FLEET:
            return self.variant.fleet(real_time(new_stack()).config)
        return {
            Dimensions.ENDPOINT: self.imported.queue,
            Dimensions.VARIANT: self.variant,
            Dimensions.CONTAINER: self.variant.container("container-2"),
            Dimensions.COMPONENT: self.component,
        }[dimensions]


@pytest.fixture(scope="module")
def everything() -> Everything:
    return Everything()


@pytest.mark.parametrize("by", Dimensions)
def test_there_is_a_method_for_each_metric_and_no_other(by: Dimensions) -> None:
    methods = {name for name in dir(HOMES[by]) if name.startswith("metric_")}
    serverless_fleet = {"metric_model_setup_time"} if by is Dimensions.FLEET else set[str]()
    assert methods | serverless_fleet == {method_name(m) for m in PUBLISHED if by in m.by}


def test_an_endpoint_has_the_metrics_of_its_variants() -> None:
    def methods(home: type) -> set[str]:
        return {name for name in dir(home) if name.startswith("metric_")}

    assert methods(EndpointMetrics) == methods(VariantMetrics)


@pytest.mark.parametrize(
    ("metric", "by"),
    [
        (metric, by)
        for metric in PUBLISHED
        for by in metric.by
        if (metric.name, by) != ("ModelSetupTime", Dimensions.FLEET)
    ],
    ids=lambda each: each.name,
)
def test_a_metric_is_as_published(
    everything: Everything, metric: PublishedMetric, by: Dimensions
) -> None:
    if by is Dimensions.COMPONENT and metric.needs in everything.component._place.lacks:
        pytest.fail("the component asks for accelerators")
    found = getattr(everything.by(by), method_name(metric))()
    assert (found.namespace, found.metric_name) == metric.key
    assert set(found.dimensions) == set(by.value)
    known = {key: each for key, each in found.dimensions.items() if key in VALUES}
    assert known == {key: VALUES[key] for key in known}
    assert found.unit == (None if metric.unit is None else cloudwatch.Unit[metric.unit.name])
    assert found.statistic == metric.default
    assert found.period.to_seconds() == 60
    assert found.label is None


def test_options_are_taken_over() -> None:
    variant = real_time(new_stack()).variant("blue")
    found = variant.metric_model_latency(
        statistic="p99",
        period=cdk.Duration.minutes(5),
        label="Latency",
        color="#00ff00",
        unit=cloudwatch.Unit.SECONDS,
        region="eu-west-1",
        account="111122223333",
    )
    assert found.statistic == "p99"
    assert found.period.to_seconds() == 300
    assert found.label == "Latency"
    assert found.color == "#00ff00"
    assert found.unit == cloudwatch.Unit.SECONDS
    assert found.region == "eu-west-1"
    assert found.account == "111122223333"


@pytest.mark.parametrize(
    ("make", "by", "hosting"),
    [
        (real_time, Dimensions.VARIANT, EndpointKind.REAL_TIME),
        (asynchronous, Dimensions.VARIANT, EndpointKind.ASYNCHRONOUS),
        (serverless, Dimensions.VARIANT, EndpointKind.SERVERLESS),
        (components, Dimensions.VARIANT, EndpointKind.INFERENCE_COMPONENTS),
    ],
)
def test_all_that_a_kind_publishes_can_be_asked_for(
    make: Callable[[cdk.Stack], Endpoint], by: Dimensions, hosting: EndpointKind
) -> None:
    variant = make(new_stack()).variant("blue")
    lacks = variant._place.lacks
    names = [m.name for m in PUBLISHED if is_published_by(m, hosting, by) and m.needs not in lacks]
    asked = [variant.metric(m) for m in PUBLISHED if m.name in names and by in m.by]
    assert [metric.metric_name for metric in asked] == names


def test_a_name_that_the_table_lacks_is_taken() -> None:
    variant = real_time(new_stack()).variant("blue")
    found = variant.metric("NewerThanTheTable", namespace="/aws/sagemaker/Endpoints")
    assert (found.namespace, found.metric_name) == ("/aws/sagemaker/Endpoints", "NewerThanTheTable")
    assert (found.statistic, found.unit) == ("Average", None)
    assert variant.metric("NewerThanTheTable").namespace == "AWS/SageMaker"


def test_a_name_finds_the_namespace_that_has_it_for_whom_is_asked() -> None:
    made = components(new_stack())
    chat: Any = made._components[0]
    assert made.variant("blue").metric("CPUUtilizationNormalized").namespace.endswith("Endpoints")
    assert chat.metric("CPUUtilizationNormalized").namespace.endswith("InferenceComponents")


def test_enhanced_metrics_have_more_dimensions() -> None:
    imported = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "answers")
    gpu = imported.variant("blue").metric_gpu_utilization(instance_id="i-1", accelerator_id="0")
    assert dict(gpu.dimensions or {}) == {
        "EndpointName": "answers",
        "VariantName": "blue",
        "InstanceId": "i-1",
        "AcceleratorId": "0",
    }


def test_a_container_is_told_by_its_name() -> None:
    variant = pipeline(new_stack()).variant("blue")
    found = variant.container("container-1").metric_container_latency()
    assert dict(found.dimensions or {})["ContainerName"] == "container-1"


def test_the_fleet_is_told_by_its_configuration() -> None:
    stack = new_stack()
    made = real_time(stack)
    metric = made.variant("blue").fleet().metric_invocation_5xx_errors()
    metric.create_alarm(stack, "Alarm", threshold=0.1, evaluation_periods=1)
    (alarm,) = of_type(template_of(stack), ALARM).values()
    assert alarm["Dimensions"] == [
        {
            "Name": "EndpointConfigName",
            "Value": {"Fn::GetAtt": ["Config57D1D894", "EndpointConfigName"]},
        },
        {"Name": "EndpointName", "Value": "answers"},
        {"Name": "VariantName", "Value": "blue"},
    ]


def test_an_endpoint_of_another_region_is_measured_there() -> None:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="111122223333", region="us-east-1"))
    arn = "arn:aws:sagemaker:eu-west-1:444455556666:endpoint/answers"
    imported = Endpoint.from_endpoint_arn(stack, "Imported", arn)
    found = imported.variant("blue").metric_invocations()
    assert (found.region, found.account) == ("eu-west-1", "444455556666")
    own = real_time(stack, "own").variant("blue").metric_invocations()
    assert (own.region, own.account) == ("us-east-1", "111122223333")


def test_no_metric_is_of_all_traffic() -> None:
    made = real_time(new_stack())
    assert "AllTraffic" not in str(dict(made.metric_invocations().dimensions or {}))  # type: ignore[attr-defined]
