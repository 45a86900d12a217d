"""Scaling, which moto's CloudFormation ignores, created by the services' APIs and read back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from botocore.exceptions import ClientError
from kit.moto_server import Cloud, template_from, violations_of
from kit.references import ALARM, APART, ENDPOINT, POLICY, TARGET, Resource
from kit.service_calls import SCALING, create_by_api, put, registered, scheduled

from cdk_epc import Container, Endpoint, EndpointConfig, InstanceType, Model

pytestmark = pytest.mark.pin_only

IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"


def endpoint_of(stack: Stack, *names: str, **options: Any) -> Endpoint:
    model = Model(stack, "Model", container=Container(image=IMAGE))
    config = EndpointConfig(stack, "Config", **options)
    for name in names:
        config.add_instance_variant(
            name,
            model=model,
            instance_type=InstanceType.ML_C5_XLARGE,
            initial_instance_count=1,
            initial_weight=1,
        )
    return Endpoint(stack, "Endpoint", endpoint_config=config)


def tracking(stack: Stack) -> None:
    """Return an endpoint with two variants that scale on four metrics."""
    endpoint = endpoint_of(stack, "blue", "green")
    blue = endpoint.variant("blue").auto_scale(1, 8)
    blue.scale_on_invocations(
        max_requests_per_second=20,
        scale_in_cooldown=Duration.minutes(10),
        scale_out_cooldown=Duration.minutes(0),
    )
    blue.scale_on_concurrent_requests(5)
    blue.scale_on_schedule("night", "cron(0 22 * * ? *)", min_capacity=1, max_capacity=2)
    blue.scale_on_schedule(
        "sale",
        "at(2030-11-29T00:00:00)",
        min_capacity=4,
        time_zone="Europe/Berlin",
        start=datetime(2030, 11, 1, tzinfo=UTC),
    )
    green = endpoint.variant("green").auto_scale(2, 4)
    green.scale_on_cpu_utilization(60)
    queue = cloudwatch.Metric(
        namespace="Fraud", metric_name="Waiting", dimensions_map={"Queue": "a"}, statistic="Sum"
    )
    green.scale_on_metric("Waiting", queue, 10, disable_scale_in=True)


def steps(stack: Stack) -> None:
    queue = cloudwatch.Metric(
        namespace="Fraud", metric_name="Waiting", statistic="Sum", period=Duration.minutes(1)
    )
    scaled = endpoint_of(stack, "only").variant("only").auto_scale(1, 8)
    scaled.scale_on_steps("Waiting", queue, {10: -1, 50: +1, 80: +3})


def to_zero(stack: Stack) -> None:
    """Return an asynchronous endpoint that scales to zero."""
    endpoint = endpoint_of(stack, "only")
    assert endpoint.config is not None
    endpoint.config.enable_async_inference(output_path="s3://answers/")
    endpoint.variant("only").auto_scale(0, 4).scale_on_backlog(5)


def provisioned(stack: Stack) -> None:
    config = EndpointConfig(stack, "Config")
    config.add_serverless_variant(
        "only",
        model=Model(stack, "Model", container=Container(image=IMAGE)),
        memory_size=Size.gibibytes(2),
        max_concurrency=20,
        provisioned_concurrency=2,
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    endpoint.variant("only").auto_scale(2, 10).scale_on_provisioned_concurrency_utilization()


Feature = Callable[[Stack], None]


def deployed_from(cloud: Cloud, feature: Feature) -> dict[str, Resource]:
    return cloud.deploy(template_from(feature), apart=APART)


def of_type(deployed: dict[str, Resource], type_name: str) -> list[Resource]:
    return [each for each in deployed.values() if each.type == type_name]


@pytest.mark.parametrize(
    ("feature", "counts"),
    [(tracking, (2, 4, 0)), (steps, (1, 2, 2)), (to_zero, (1, 2, 1))],
    ids=["tracking", "steps", "to_zero"],
)
def test_read_back(cloud: Cloud, feature: Feature, counts: tuple[int, int, int]) -> None:
    deployed = deployed_from(cloud, feature)

    made = tuple(len(of_type(deployed, each)) for each in (TARGET, POLICY, ALARM))
    assert made == counts
    assert create_by_api(cloud, deployed) == {}


@pytest.mark.parametrize("feature", [tracking, steps, to_zero])
def test_scaled_variants_exist(cloud: Cloud, feature: Feature) -> None:
    deployed = deployed_from(cloud, feature)

    (endpoint,) = of_type(deployed, ENDPOINT)
    running = cloud.client("sagemaker").describe_endpoint(EndpointName=endpoint.name)
    assert [each.properties["ResourceId"] for each in of_type(deployed, TARGET)] == [
        f"endpoint/{endpoint.name}/variant/{each['VariantName']}"
        for each in running["ProductionVariants"]
    ]


def test_schedules_are_part_of_the_target(cloud: Cloud) -> None:
    blue, green = of_type(deployed_from(cloud, tracking), TARGET)

    assert [each["ScheduledActionName"] for each in scheduled(blue)] == ["night", "sale"]
    assert scheduled(green) == []


def test_alarm_to_scale_from_zero_has_the_endpoint_name(cloud: Cloud) -> None:
    deployed = deployed_from(cloud, to_zero)

    (alarm,), (endpoint,) = of_type(deployed, ALARM), of_type(deployed, ENDPOINT)
    assert alarm.properties["Dimensions"] == [{"Name": "EndpointName", "Value": endpoint.name}]


def test_provisioned_concurrency_is_a_dimension_that_moto_does_not_know(cloud: Cloud) -> None:
    deployed = deployed_from(cloud, provisioned)
    (target,), (policy,) = of_type(deployed, TARGET), of_type(deployed, POLICY)

    with pytest.raises(ClientError, match="Concurrency' at 'scalableDimension'"):
        cloud.client(SCALING).register_scalable_target(**registered(target))

    # At least the API's model takes it.
    assert violations_of("RegisterScalableTarget", registered(target), SCALING) == ""
    assert violations_of("PutScalingPolicy", put(policy, deployed), SCALING) == ""
