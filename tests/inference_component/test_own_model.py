"""Components whose artifacts need a model: its role, network and errors."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from kit.cdk import new_stack, template_of
from kit.components import ADAPTER, IMAGE, component_in, compute, endpoint_in, role_in
from kit.dependency_graph import assert_acyclic

from cdk_epc import (
    ComponentContainer,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InferenceComponent,
    InstancePool,
    InstanceType,
    InstanceTypeSpecification,
    ModelData,
    S3Location,
)

PREFIX = "s3://amzn-s3-demo-bucket/assistant/"
HUB = "arn:aws:sagemaker:eu-west-1:111122223333:hub-content/ours/ModelReference/falcon/1"
DATA = {
    "uncompressed": ModelData.from_s3_folder(PREFIX, accept_eula=True),
    "compressed": ModelData.from_s3(f"{PREFIX}7.tar.gz", accept_eula=True),
    "of a hub": ModelData.from_hub(HUB, PREFIX),
}


def resources(template: dict[str, Any], type_: str) -> dict[str, dict[str, Any]]:
    return {id_: of for id_, of in template["Resources"].items() if of["Type"] == type_}


@pytest.mark.parametrize("data", DATA)
def test_component_has_a_model_with_the_role_of_the_configuration(data: str) -> None:
    stack = new_stack()
    container = ComponentContainer(image=IMAGE, artifact=DATA[data], environment={"LEVEL": "info"})
    component = component_in(stack, container=container)
    assert component.findings_at_synth() == []

    template = template_of(stack)
    assert_acyclic(template)
    assert len(resources(template, "AWS::IAM::Role")) == 1
    ((id_, model),) = resources(template, "AWS::SageMaker::Model").items()
    assert model["Properties"]["ExecutionRoleArn"] == {"Fn::GetAtt": ["Role1ABCC5F0", "Arn"]}
    assert model["Properties"]["PrimaryContainer"]["Image"] == IMAGE
    assert model["Properties"]["PrimaryContainer"]["Environment"] == {"LEVEL": "info"}
    (made,) = resources(template, "AWS::SageMaker::InferenceComponent").values()
    assert made["Properties"]["Specification"]["ModelName"] == {"Fn::GetAtt": [id_, "ModelName"]}
    assert "Container" not in made["Properties"]["Specification"]


def test_role_may_read_the_artifacts() -> None:
    stack = new_stack()
    bucket = s3.Bucket(stack, "Bucket")
    data = ModelData.from_s3_folder(S3Location(bucket, "assistant/"))
    component_in(stack, container=ComponentContainer(image=IMAGE, artifact=data))
    (policy,) = resources(template_of(stack), "AWS::IAM::Policy").values()
    actions = [each["Action"] for each in policy["Properties"]["PolicyDocument"]["Statement"]]
    assert "s3:GetObject" in actions
    assert "s3:ListBucket" in actions


@pytest.mark.pin_only  # older validators of CDK do not know Specifications
def test_model_has_the_network_of_the_configuration() -> None:
    stack = new_stack()
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0a1b2c3d",
        availability_zones=["a"],
        private_subnet_ids=["subnet-0a1b2c3d"],
    )
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0a1b2c3d")
    config = EndpointConfig(
        stack,
        "Config",
        execution_role="arn:aws:iam::111122223333:role/host",
        vpc=vpc,
        security_groups=[group],
        network_isolation=True,
    )
    config.add_inference_component_variant(
        "shared",
        instance_type=[
            InstancePool(InstanceType.ML_G5_12XLARGE, priority=1),
            InstancePool(InstanceType.ML_G6_12XLARGE, priority=2),
        ],
        initial_instance_count=1,
    )
    container = ComponentContainer(image=IMAGE, artifact=DATA["uncompressed"])
    component = InferenceComponent(
        stack,
        "Assistant",
        endpoint=Endpoint(stack, "Endpoint", endpoint_config=config),
        specifications=[
            InstanceTypeSpecification(each, container=container, compute=compute())
            for each in (InstanceType.ML_G5_12XLARGE, InstanceType.ML_G6_12XLARGE)
        ],
    )
    assert component.findings_at_synth() == []

    models = resources(template_of(stack), "AWS::SageMaker::Model").values()
    assert [
        (
            model["Properties"]["ExecutionRoleArn"],
            model["Properties"]["VpcConfig"],
            model["Properties"]["EnableNetworkIsolation"],
        )
        for model in models
    ] == [
        (
            "arn:aws:iam::111122223333:role/host",
            {"SecurityGroupIds": ["sg-0a1b2c3d"], "Subnets": ["subnet-0a1b2c3d"]},
            True,
        )
    ] * 2


def test_errors_leave_no_construct() -> None:
    wrong = ComponentContainer(image=IMAGE, artifact=ModelData.from_s3_folder("nonsense"))
    adapter = ComponentContainer(artifact=DATA["uncompressed"])
    right = ComponentContainer(image=IMAGE, artifact=DATA["uncompressed"])
    stack = new_stack()
    endpoint = endpoint_in(stack, role=role_in(stack))
    base = component_in(stack, endpoint, "Base")
    for id_, options in {
        "Model": {"endpoint": endpoint, "container": wrong, "compute": compute()},
        "Adapter": {"endpoint": endpoint, "container": adapter, "base_component": base},
        "Unknown": {
            "endpoint": "assistants",
            "variant": "shared",
            "container": right,
            "compute": compute(),
        },
    }.items():
        with pytest.raises(EndpointConfigError):
            InferenceComponent(stack, id_, **options)  # type: ignore[arg-type]
        assert stack.node.try_find_child(id_) is None
    component_in(
        stack, endpoint, "Archive", container=ComponentContainer(image=IMAGE, artifact=ADAPTER)
    )
    assert resources(template_of(stack), "AWS::SageMaker::Model") == {}
