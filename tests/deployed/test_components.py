"""Stacks with inference components, which moto does not support.

moto has neither their resource type nor their API, and refuses their endpoint; see
`test_moto_limits`. Both are left out, the rest is deployed, and the calls that CloudFormation would
make are checked against the model of the API.
"""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_s3 as s3
from botocore.exceptions import ClientError
from kit.differences import difference
from kit.moto_server import Cloud, template_from, violations_of
from kit.references import ALARM, APART, COMPONENT, CONFIG, ENDPOINT, POLICY, TARGET, Resource
from kit.service_calls import SCALING, put

from cdk_epc import (
    ComponentCapacitySize,
    ComponentContainer,
    ComponentDeployment,
    ComponentScheduling,
    ComponentStartup,
    ComputeRequirements,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    ExecutionRole,
    InferenceComponent,
    InstanceType,
    ModelData,
    S3Location,
)

pytestmark = pytest.mark.pin_only


def base_and_adapter(stack: Stack) -> None:
    """Add a component that scales to zero, and an adapter of the component."""
    bucket = s3.Bucket(stack, "Bucket")
    config = EndpointConfig(stack, "Config", execution_role=ExecutionRole(stack, "Role"))
    config.add_inference_component_variant(
        "hosts", instance_type=InstanceType.ML_G5_12XLARGE, initial_instance_count=1
    )
    base = InferenceComponent(
        stack,
        "Base",
        endpoint=Endpoint(stack, "Endpoint", endpoint_config=config),
        container=ComponentContainer(
            image=ContainerImage.from_dlc(
                "huggingface-llm", "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
            ),
            artifact=ModelData.from_s3(S3Location(bucket, "base.tar.gz")),
            environment={"HF_MODEL_ID": "/opt/ml/model"},
        ),
        compute=ComputeRequirements(min_memory=Size.gibibytes(16), accelerators=1),
        startup=ComponentStartup(model_data_download_timeout=Duration.minutes(10)),
        cache=True,
        scheduling=ComponentScheduling.spread(max_imbalance=1),
        deployment=ComponentDeployment(
            batch=ComponentCapacitySize.copies(1), wait=Duration.minutes(2)
        ),
        tags={"team": "fraud"},
    )
    InferenceComponent(
        stack,
        "Adapter",
        endpoint=base.endpoint,
        base_component=base,
        container=ComponentContainer(
            artifact=ModelData.from_s3(S3Location(bucket, "adapter.tar.gz"))
        ),
    )
    base.auto_scale(0, 4).scale_on_concurrent_requests(4)


@pytest.fixture
def deployed(cloud: Cloud) -> dict[str, Resource]:
    return cloud.deploy(template_from(base_and_adapter), apart=APART | {CONFIG, ENDPOINT})


def of_type(deployed: dict[str, Resource], type_name: str) -> list[Resource]:
    return [each for each in deployed.values() if each.type == type_name]


def parts(component: Resource, *names: str) -> dict[str, Any]:
    """Return the parameters of one call from the properties of the resource."""
    return {key: what for key, what in component.properties.items() if key in names}


def test_calls_that_cloudformation_makes(deployed: dict[str, Resource]) -> None:
    base, adapter = of_type(deployed, COMPONENT)
    name, changing = "InferenceComponentName", ("Specification", "RuntimeConfig")

    for each in (base, adapter):
        created = parts(each, name, *changing, "EndpointName", "VariantName", "Tags")
        assert violations_of("CreateInferenceComponent", created) == ""
        updated = parts(each, name, *changing, "DeploymentConfig")
        assert violations_of("UpdateInferenceComponent", updated) == ""
        assert each.properties.keys() == created.keys() | updated.keys()


def test_references_to_deployed_resources(deployed: dict[str, Resource]) -> None:
    base, adapter = (each.properties for each in of_type(deployed, COMPONENT))
    (bucket,) = of_type(deployed, "AWS::S3::Bucket")
    (endpoint,) = of_type(deployed, ENDPOINT)

    assert {each["EndpointName"] for each in (base, adapter)} == {endpoint.name}
    assert base["Specification"]["Container"] == {
        "Image": (
            "763104351884.dkr.ecr.eu-west-1.amazonaws.com/huggingface-pytorch-tgi-inference:"
            "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
        ),
        "ArtifactUrl": f"s3://{bucket.id}/base.tar.gz",
        "Environment": {"HF_MODEL_ID": "/opt/ml/model"},
    }
    assert adapter["Specification"] == {
        "BaseInferenceComponentName": base["InferenceComponentName"],
        "Container": {"ArtifactUrl": f"s3://{bucket.id}/adapter.tar.gz"},
    }


def test_role_of_the_configuration_may_read_both_artifacts(
    cloud: Cloud, deployed: dict[str, Resource]
) -> None:
    (bucket,), (role,) = of_type(deployed, "AWS::S3::Bucket"), of_type(deployed, "AWS::IAM::Role")
    iam = cloud.client("iam")

    (name,) = iam.list_role_policies(RoleName=role.name)["PolicyNames"]

    document = iam.get_role_policy(RoleName=role.name, PolicyName=name)["PolicyDocument"]
    read = [each for each in document["Statement"] if each["Action"] == "s3:GetObject"]
    assert sorted(str(each["Resource"]) for each in read) == [
        f"arn:aws:s3:::{bucket.id}/adapter.tar.gz",
        f"arn:aws:s3:::{bucket.id}/base.tar.gz",
    ]


def test_copies_are_a_dimension_that_moto_does_not_know(
    cloud: Cloud, deployed: dict[str, Resource]
) -> None:
    (target,) = of_type(deployed, TARGET)
    declared = target.properties
    base, _ = of_type(deployed, COMPONENT)
    name = base.properties["InferenceComponentName"]

    with pytest.raises(ClientError, match="DesiredCopyCount' at 'scalableDimension'"):
        cloud.client(SCALING).register_scalable_target(**declared)

    assert declared["ResourceId"] == f"inference-component/{name}"
    assert violations_of("RegisterScalableTarget", declared, SCALING) == ""
    calls = [put(each, deployed) for each in of_type(deployed, POLICY)]
    assert [violations_of("PutScalingPolicy", each, SCALING) for each in calls] == ["", ""]


def test_alarm_to_scale_from_zero(cloud: Cloud, deployed: dict[str, Resource]) -> None:
    (alarm,) = of_type(deployed, ALARM)
    service = cloud.client("cloudwatch")

    service.put_metric_alarm(**{"AlarmName": alarm.id, **alarm.properties})

    (read,) = service.describe_alarms(AlarmNames=[alarm.id])["MetricAlarms"]
    found = difference(alarm.properties, read)
    assert (found.lost, found.changed) == ([], [])
    name = of_type(deployed, COMPONENT)[0].properties["InferenceComponentName"]
    assert read["Dimensions"] == [{"Name": "InferenceComponentName", "Value": name}]
