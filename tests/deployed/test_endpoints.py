"""Endpoints, deployed to moto and read back; alarms are created by their API."""

from __future__ import annotations

from typing import Any, Final

import pytest
from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3
from kit.differences import Differences, difference
from kit.moto_server import Cloud, description_of, template_from, violations_of
from kit.references import ALARM, APART, CONFIG, ENDPOINT, MODEL, Resource
from kit.service_calls import create_by_api, policy_differences

from cdk_epc import (
    AsyncInference,
    CapacitySize,
    Container,
    DataCapture,
    Deployment,
    Endpoint,
    EndpointConfig,
    InstanceType,
    InstanceVariant,
    Model,
    RetainedProperties,
    S3Location,
    ServerlessVariant,
)

pytestmark = pytest.mark.pin_only

IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
# Of these, DescribeEndpoint has the variants, and any capture, from the configuration.
ADDED: Final = [
    "CreationTime",
    "EndpointArn",
    "EndpointStatus",
    "LastModifiedTime",
    "ProductionVariants",
]


def model(stack: Stack, name: str = "Model") -> Model:
    return Model(stack, name, container=Container(image=IMAGE))


def ab_test(stack: Stack) -> Endpoint:
    """Return an endpoint with two variants, one of weight 0, canaries and a rollback alarm."""
    config = EndpointConfig(stack, "Config")
    for name, weight in (("live", 1), ("next", 0)):
        config.add_instance_variant(
            name,
            model=model(stack, name),
            instance_type=InstanceType.ML_C5_LARGE,
            initial_instance_count=2,
            initial_weight=weight,
        )
    return Endpoint(
        stack,
        "Endpoint",
        endpoint_config=config,
        deployment=Deployment.canary(CapacitySize.percent(10), Duration.minutes(5)),
        rollback_alarms=[alarm(stack)],
        retain=RetainedProperties.instance_counts(),
        tags={"team": "fraud"},
    )


def alarm(stack: Stack) -> cloudwatch.Alarm:
    metric = cloudwatch.Metric(namespace="Fraud", metric_name="Missed", period=Duration.minutes(1))
    return cloudwatch.Alarm(stack, "Missed", metric=metric, threshold=3, evaluation_periods=2)


def own_alarm(stack: Stack) -> Endpoint:
    """Return an endpoint with a rollback alarm on its own metric."""
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "live",
        model=model(stack),
        instance_type=InstanceType.ML_C5_LARGE,
        initial_instance_count=2,
    )
    endpoint = Endpoint(
        stack,
        "Endpoint",
        endpoint_config=config,
        deployment=Deployment.linear(CapacitySize.instances(1), Duration.minutes(5)),
    )
    errors = cloudwatch.Metric(
        namespace="AWS/SageMaker",
        metric_name="Invocation5XXErrors",
        dimensions_map={"EndpointName": endpoint.name_in_metrics, "VariantName": "live"},
        statistic="Average",
        period=Duration.minutes(1),
    )
    endpoint.roll_back_on(
        cloudwatch.Alarm(stack, "Errors", metric=errors, threshold=0.01, evaluation_periods=3)
    )
    return endpoint


def asynchronous(stack: Stack) -> Endpoint:
    bucket = s3.Bucket(stack, "Bucket")
    return Endpoint(
        stack,
        "Endpoint",
        endpoint_config=EndpointConfig(
            stack,
            "Config",
            production_variants=[
                InstanceVariant(
                    "only",
                    model=model(stack),
                    instance_type=InstanceType.ML_G4DN_XLARGE,
                    initial_instance_count=1,
                )
            ],
            async_inference=AsyncInference(output_path=S3Location(bucket, "answers/")),
            data_capture=DataCapture(
                destination=S3Location(bucket, "captured/"), sampling_percentage=50
            ),
        ),
    )


def serverless(stack: Stack) -> Endpoint:
    variant = ServerlessVariant(
        "only", model=model(stack), memory_size=Size.gibibytes(2), max_concurrency=5
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    return Endpoint(stack, "Endpoint", endpoint_config=config)


# An endpoint with alarms has a name, and moto gives it another.
BY_FEATURE: Final = {
    ab_test: Differences(
        lost=[
            "DeploymentConfig",
            "ExcludeRetainedVariantProperties",
            "RetainAllVariantProperties",
        ],
        changed=["EndpointName"],
        added=ADDED,
    ),
    own_alarm: Differences(lost=["DeploymentConfig"], changed=["EndpointName"], added=ADDED),
    asynchronous: Differences(added=sorted([*ADDED, "DataCaptureConfig", "EndpointName"])),
    serverless: Differences(added=sorted([*ADDED, "EndpointName"])),
}


def deployed_from(cloud: Cloud, feature: Any) -> dict[str, Resource]:
    return cloud.deploy(template_from(feature), apart=APART)


def only(deployed: dict[str, Resource], type_name: str) -> Resource:
    (found,) = (each for each in deployed.values() if each.type == type_name)
    return found


@pytest.mark.parametrize(
    ("feature", "expected"), BY_FEATURE.items(), ids=[each.__name__ for each in BY_FEATURE]
)
def test_read_back(cloud: Cloud, feature: Any, expected: Differences) -> None:
    deployed = deployed_from(cloud, feature)

    endpoint, config = only(deployed, ENDPOINT), only(deployed, CONFIG)
    read = description_of(cloud, endpoint)
    assert difference(endpoint.properties, read) == expected
    assert read["EndpointStatus"] == "InService"
    assert read["EndpointConfigName"] == config.name
    declared = config.properties["ProductionVariants"]
    assert read["ProductionVariants"] == [_running(each) for each in declared]
    assert policy_differences(cloud, deployed) == []
    models = [each.name for each in deployed.values() if each.type == MODEL]
    assert [each["ModelName"] for each in declared] == models
    # What moto loses is at least what the API's model takes.
    update = {k: v for k, v in endpoint.properties.items() if k != "Tags"}
    assert violations_of("UpdateEndpoint", {"EndpointName": endpoint.name, **update}) == ""


def _running(variant: dict[str, Any]) -> dict[str, Any]:
    """Return a variant as moto describes it in an endpoint, which loses a weight of 0."""
    found: dict[str, Any] = {"VariantName": variant["VariantName"]}
    for name, of in (
        ("InstanceCount", "InitialInstanceCount"),
        ("Weight", "InitialVariantWeight"),
        ("ServerlessConfig", "ServerlessConfig"),
    ):
        if value := variant.get(of):
            found |= {f"Current{name}": value, f"Desired{name}": value}
    return found


@pytest.mark.parametrize("feature", [ab_test, own_alarm])
def test_alarms_by_the_api(cloud: Cloud, feature: Any) -> None:
    deployed = deployed_from(cloud, feature)
    watching = only(deployed, ALARM)

    assert create_by_api(cloud, deployed) == {}
    endpoint = only(deployed, ENDPOINT).properties
    names = endpoint["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert names == [{"AlarmName": watching.id}]


def test_alarm_on_an_own_metric_has_the_declared_endpoint_name(cloud: Cloud) -> None:
    deployed = deployed_from(cloud, own_alarm)

    dimensions = only(deployed, ALARM).properties["Dimensions"]
    assert {each["Name"]: each["Value"] for each in dimensions} == {
        "EndpointName": only(deployed, ENDPOINT).properties["EndpointName"],
        "VariantName": "live",
    }


def test_role_may_describe_the_alarms(cloud: Cloud) -> None:
    deployed = deployed_from(cloud, ab_test)

    alarm_arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:" + str(only(deployed, ALARM).id)
    models = [each for each in deployed.values() if each.type == MODEL]
    iam = cloud.client("iam")
    assert len(models) == 2
    for each in models:
        role = each.properties["ExecutionRoleArn"].rsplit("/", 1)[-1]
        statements = [
            statement
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"][
                "Statement"
            ]
        ]
        allowing = [each for each in statements if each["Action"] == "cloudwatch:DescribeAlarms"]
        assert [each["Resource"] for each in allowing] == [alarm_arn]
