"""The ``metric_...`` methods against the catalog: name, namespace, dimensions, unit, statistic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import new_stack, template_of
from kit.monitored_endpoints import (
    asynchronous,
    pipeline,
    real_time,
    serverless,
    with_components,
)
from kit.template_metrics import ALARM, of_type

from cdk_epc import Endpoint, InferenceComponent
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
from cdk_epc.monitoring.variant_metrics import variant_source
from cdk_epc.spec import EndpointKind

CLASSES: dict[Dimensions, type] = {
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


def methods(class_: type) -> set[str]:
    return {name for name in dir(class_) if name.startswith("metric_")}


def component(stack: cdk.Stack, name: str = "Chat") -> InferenceComponent:
    with_components(stack)
    found = stack.node.find_child(name)
    assert isinstance(found, InferenceComponent)
    return found


def objects_with_metrics() -> dict[Dimensions, Any]:
    """Return an object for each set of dimensions, of an endpoint without a known configuration."""
    imported = Endpoint.from_endpoint_name(new_stack(), "Endpoint", "answers")
    variant = imported.variant("blue")
    return {
        Dimensions.ENDPOINT: imported.queue,
        Dimensions.VARIANT: variant,
        Dimensions.FLEET: variant.fleet(real_time(new_stack()).config),
        Dimensions.CONTAINER: variant.container("container-2"),
        Dimensions.COMPONENT: component(new_stack()),  # it reserves an accelerator
    }


@pytest.mark.parametrize("by", Dimensions)
def test_each_metric_has_a_method_in_the_class_of_its_dimensions(by: Dimensions) -> None:
    # Serverless endpoints have no fleets, and only they publish ModelSetupTime.
    without_method = {"metric_model_setup_time"} if by is Dimensions.FLEET else set[str]()
    assert methods(CLASSES[by]) | without_method == {
        method_name(metric) for metric in PUBLISHED if by in metric.dimension_sets
    }


def test_endpoints_have_the_methods_of_variants() -> None:
    assert methods(EndpointMetrics) == methods(VariantMetrics)


def test_methods_return_the_metric_of_the_catalog() -> None:
    objects = objects_with_metrics()
    checked, wrong = 0, []
    for metric in PUBLISHED:
        for by in metric.dimension_sets:
            if (metric.name, by) == ("ModelSetupTime", Dimensions.FLEET):
                continue
            found = getattr(objects[by], method_name(metric))()
            checked += 1
            if differences := _differences(found, metric, by):
                wrong.append((metric.name, by, differences))
    assert checked > len(PUBLISHED)
    assert wrong == []


def _differences(found: Any, metric: PublishedMetric, by: Dimensions) -> list[str]:
    """Return the attributes of a metric that differ from the catalog."""
    known = {key: each for key, each in found.dimensions.items() if key in VALUES}
    comparisons = {
        "key": (found.namespace, found.metric_name) == metric.key,
        "dimensions": set(found.dimensions) == set(by.value),
        "values": known == {key: VALUES[key] for key in known},
        "unit": found.unit == (None if metric.unit is None else cloudwatch.Unit[metric.unit.name]),
        "statistic": found.statistic == metric.default,
        "period": found.period.to_seconds() == 60,
        "label": found.label is None,
    }
    return [name for name, is_equal in comparisons.items() if not is_equal]


def test_options_are_passed_to_the_metric() -> None:
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
    ("create", "kind"),
    [
        (real_time, EndpointKind.REAL_TIME),
        (asynchronous, EndpointKind.ASYNCHRONOUS),
        (serverless, EndpointKind.SERVERLESS),
        (with_components, EndpointKind.INFERENCE_COMPONENTS),
    ],
)
def test_a_variant_returns_all_metrics_of_its_kind(
    create: Callable[[cdk.Stack], Endpoint], kind: EndpointKind
) -> None:
    variant = create(new_stack()).variant("blue")
    unused = variant_source(variant).unused_features
    published = [
        metric
        for metric in PUBLISHED
        if is_published_by(metric, kind, Dimensions.VARIANT) and metric.requires not in unused
    ]
    assert published
    names = [variant.metric(metric).metric_name for metric in published]
    assert names == [metric.name for metric in published]


def test_a_name_that_is_not_in_the_catalog() -> None:
    variant = real_time(new_stack()).variant("blue")
    found = variant.metric("NewerThanTheCatalog", namespace="/aws/sagemaker/Endpoints")
    assert (found.namespace, found.metric_name) == (
        "/aws/sagemaker/Endpoints",
        "NewerThanTheCatalog",
    )
    assert (found.statistic, found.unit) == ("Average", None)
    assert variant.metric("NewerThanTheCatalog").namespace == "AWS/SageMaker"


def test_a_name_selects_the_namespace_with_the_dimensions_of_the_object() -> None:
    stack = new_stack()
    chat = component(stack)
    assert chat.endpoint is not None
    variant = chat.endpoint.variant("blue")
    assert variant.metric("CPUUtilizationNormalized").namespace.endswith("Endpoints")
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


def test_container_metrics_have_the_name_of_the_container() -> None:
    variant = pipeline(new_stack()).variant("blue")
    found = variant.container("container-1").metric_container_latency()
    assert dict(found.dimensions or {})["ContainerName"] == "container-1"


def test_fleet_metrics_have_the_name_of_the_configuration() -> None:
    stack = new_stack()
    metric = real_time(stack).variant("blue").fleet().metric_invocation_5xx_errors()
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


def test_metrics_of_an_endpoint_in_another_region() -> None:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="111122223333", region="us-east-1"))
    arn = "arn:aws:sagemaker:eu-west-1:444455556666:endpoint/answers"
    imported = Endpoint.from_endpoint_arn(stack, "Imported", arn)
    found = imported.variant("blue").metric_invocations()
    assert (found.region, found.account) == ("eu-west-1", "444455556666")
    own = real_time(stack, "own").variant("blue").metric_invocations()
    assert (own.region, own.account) == ("us-east-1", "111122223333")


def test_no_metric_has_the_variant_name_all_traffic() -> None:
    found: Any = real_time(new_stack()).metric_invocations()
    assert dict(found.dimensions)["VariantName"] == "blue"
