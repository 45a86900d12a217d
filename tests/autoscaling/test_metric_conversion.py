"""Metrics of CDK as the metrics of policies: own metrics, regions and expressions."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from kit.cdk import new_stack
from kit.scaling import asynchronous_variant, queue_depth, rule_ids_at_synth, scaled, tracking_of


@pytest.mark.parametrize(
    ("namespace", "name", "statistic", "expected"),
    [
        ("AWS/SageMaker", "InvocationsPerInstance", "Average", "scaling-statistic-unsuitable"),
        ("AWS/SageMaker", "InvocationsPerInstance", "Sum", None),
        ("AWS/SageMaker", "ModelLatency", "p99", None),
        ("/aws/sagemaker/Endpoints", "MemoryUtilization", "Average", None),
        ("AWS/SageMaker", "SomethingNew", "Average", None),
    ],
)
def test_rules_on_own_metrics(
    namespace: str, name: str, statistic: str, expected: str | None
) -> None:
    scaling = scaled(new_stack())
    dimensions = {"EndpointName": scaling.variant.endpoint.endpoint_name, "VariantName": "main"}
    metric = cloudwatch.Metric(
        namespace=namespace, metric_name=name, dimensions_map=dimensions, statistic=statistic
    )
    policy = scaling.scale_on_metric("own", metric, 50)
    assert rule_ids_at_synth(policy) == ([] if expected is None else [expected])


def test_an_unpublished_own_metric() -> None:
    scaling = asynchronous_variant(new_stack()).auto_scale(1, 4)
    dimensions = {"EndpointName": scaling.variant.endpoint.name_in_metrics, "VariantName": "main"}
    metric = cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="Invocations",
        dimensions_map=dimensions,
        statistic="Sum",
    )
    policy = scaling.scale_on_metric("own", metric, 50)
    assert rule_ids_at_synth(policy) == ["scaling-metric-unpublished"]


def test_no_rules_on_metrics_of_another_endpoint() -> None:
    """A queue of another endpoint may scale this one."""
    scaling = scaled(new_stack())
    metric = cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="ApproximateBacklogSize",
        dimensions_map={"EndpointName": "another"},
    )
    assert rule_ids_at_synth(scaling.scale_on_metric("other", metric, 50)) == []


def test_a_metric_of_the_same_region() -> None:
    stack = cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(region="eu-west-1"))
    policy = scaled(stack).scale_on_metric("depth", queue_depth(region="eu-west-1"), 5)
    assert rule_ids_at_synth(policy) == []


def test_the_result_of_an_expression_has_a_unique_id() -> None:
    stack = new_stack()
    metric = cloudwatch.MathExpression(
        expression="result * 2", using_metrics={"result": queue_depth()}
    )
    scaled(stack).scale_on_metric("double", metric, 5)
    queries = tracking_of(stack)["CustomizedMetricSpecification"]["Metrics"]
    assert [(each["Id"], each["ReturnData"]) for each in queries] == [
        ("result", False),
        ("result_", True),
    ]
