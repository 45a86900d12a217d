"""Arguments of wrong types are refused with a finding at the line of the call."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from kit.cdk import new_stack, template_of

from cdk_epc import (
    CaptureMode,
    ComputeRequirements,
    Container,
    ContainerImage,
    Deployment,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InferenceComponent,
    InstanceType,
    InstanceTypeSpecification,
    InstanceVariant,
    Model,
    ModelData,
    S3Location,
)

HERE = Path(__file__).parent
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
Call = Callable[[cdk.Stack], object]


def refused(call: Call) -> list[str]:
    """Return the rules and messages of a refused call, which must not create a construct."""
    stack = new_stack()
    with pytest.raises(EndpointConfigError) as error:
        call(stack)
    assert stack.node.try_find_child("It") is None
    messages = [f"{each.rule_id}: {each.message}" for each in error.value.findings]
    return [re.sub(r" at 0x[0-9a-f]+", "", each) for each in messages]  # an address in memory


def variant() -> InstanceVariant:
    return InstanceVariant(
        "v", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )


def config(stack: cdk.Stack) -> EndpointConfig:
    return EndpointConfig(stack, "Config", production_variants=[variant()])


def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a"], private_subnet_ids=["subnet-1"]
    )


def group(stack: cdk.Stack) -> ec2.ISecurityGroup:
    return ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")


def endpoint(stack: cdk.Stack, **options: Any) -> Endpoint:
    return Endpoint(stack, "It", endpoint_config=config(stack), **options)


def component(stack: cdk.Stack, **options: Any) -> InferenceComponent:
    return InferenceComponent(stack, "It", endpoint="e", variant="v", **options)


def model(stack: cdk.Stack, image: Any = "registry/image:7", **options: Any) -> Model:
    return Model(stack, "It", container=Container(image=image), **options)


def bucket(stack: cdk.Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, "Bucket", "bucket")


def captured(stack: cdk.Stack, **options: Any) -> None:
    destination = S3Location(bucket(stack), options.pop("prefix", "p/"))
    config(stack).capture_data(destination=destination, sampling_percentage=1, **options)


ALARMS = (
    "argument-type-wrong: rollback_alarms is 'alarm'; must be a list of alarms (IAlarmRef) or "
    "their names"
)

REFUSED: dict[str, tuple[Call, str]] = {
    "one alarm without a list": (
        lambda stack: endpoint(stack, rollback_alarms="alarm"),
        ALARMS,
    ),
    "one alarm of a component": (
        lambda stack: component(stack, model="m", rollback_alarms="alarm"),
        ALARMS,
    ),
    "alarms with an unresolved deployment": (
        lambda stack: endpoint(
            stack,
            deployment=cdk.Token.as_any({"Ref": "Deployment"}),
            rollback_alarms=["alarm"],
        ),
        (
            "argument-type-wrong: deployment cannot be an unresolved token because the rollback "
            "alarms are a part of it"
        ),
    ),
    "wrong rules": (
        lambda stack: EndpointConfig(stack, "It", rules=["my-rule"]),  # type: ignore[list-item]
        "argument-type-wrong: rules is 'my-rule'; must be a list of rules (Rule)",
    ),
    "one rule without a list": (
        lambda stack: endpoint(stack, rules=5),
        "argument-type-wrong: rules is 5; must be a list of rules (Rule)",
    ),
    "one specification without a list": (
        lambda stack: component(
            stack,
            specifications=InstanceTypeSpecification(
                InstanceType.ML_G5_XLARGE,
                model="m",
                compute=ComputeRequirements(min_memory=cdk.Size.gibibytes(1)),
            ),
        ),
        (
            "argument-type-wrong: specifications is InstanceTypeSpecification(model='m', "
            "c...type=InstanceType(name='ml.g5.xlarge')); must be a list of "
            "InstanceTypeSpecification"
        ),
    ),
    "one security group without a list": (
        lambda stack: model(
            stack,
            vpc=vpc(stack),
            security_groups=group(stack),
        ),
        (
            "argument-type-wrong: security_groups is an InterfaceDynamicProxy object; must be "
            "a list of security groups"
        ),
    ),
    "subnets without a selection": (
        lambda stack: model(
            stack,
            vpc=vpc(stack),
            vpc_subnets=vpc(cdk.Stack(stack, "Other")).private_subnets,
        ),
        (
            "argument-type-wrong: vpc_subnets is "
            "[<jsii._reference_map.InterfaceDynamicProxy object>]; must be an ec2.SubnetSelection"
        ),
    ),
    "security groups without a VPC": (
        lambda stack: model(stack, security_groups=[group(stack)]),
        "argument-type-wrong: security_groups is only allowed with an ec2.IVpc as vpc",
    ),
    "a VPC by its id": (
        lambda stack: EndpointConfig(stack, "It", vpc="vpc-1"),  # type: ignore[arg-type]
        "argument-type-wrong: vpc is 'vpc-1'; must be an ec2.IVpc or a VpcPlacement",
    ),
    "one capture mode without a list": (
        lambda stack: captured(stack, capture=CaptureMode.INPUT),
        "argument-type-wrong: capture of capture_data() is 'Input'; must be a list of CaptureMode",
    ),
    "a number as prefix": (
        lambda stack: captured(stack, prefix=7),
        (
            "argument-type-wrong: destination of capture_data() is 7; must be a prefix or key in "
            "the bucket, as text"
        ),
    ),
    "a number as tag": (
        lambda stack: model(
            stack,
            ContainerImage.from_ecr_repository(
                ecr.Repository.from_repository_name(stack, "Repository", "repository"),
                7,  # type: ignore[arg-type]
            ),
        ),
        "argument-type-wrong: container.image is 7; must be a tag or digest, as text",
    ),
    "a number as version": (
        lambda stack: model(stack, ContainerImage.from_dlc("xgboost", 1.7)),  # type: ignore[arg-type]
        "argument-type-wrong: container.image is 1.7; must be a family and a tag, both text",
    ),
    "a number as key": (
        lambda stack: Model(stack, "It", container=Container(image=IMAGE, environment={1: "x"})),  # type: ignore[dict-item]
        "value-type-wrong: container.environment is 1; must be a map with texts as keys",
    ),
    "a number as name prefix": (
        lambda stack: EndpointConfig(stack, "It", endpoint_config_name_prefix=7),  # type: ignore[arg-type]
        (
            "name-prefix-invalid: endpoint_config_name_prefix is 7; must be a literal of 1 to 50 "
            "letters, digits and inner hyphens"
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    call, finding = REFUSED[name]
    assert refused(call) == [finding]


@pytest.mark.parametrize("argument", ["routing", "core_dump", "capacity_reservation"])
def test_dict_in_place_of_a_typed_value(argument: str) -> None:
    it = EndpointConfig(new_stack(), "Config")
    with pytest.raises(EndpointConfigError) as error:
        it.add_instance_variant(
            "v",
            model="m",
            instance_type=InstanceType.ML_M5_LARGE,
            initial_instance_count=1,
            **{argument: {"RoutingStrategy": "RANDOM"}},  # type: ignore[arg-type]
        )
    (finding,) = error.value.findings
    assert finding.path == f'add_instance_variant("v").{argument}'
    assert it.spec.production_variants is None


@pytest.mark.parametrize("argument", ["rollback_alarms", "rules"])
def test_none_is_the_default(argument: str) -> None:
    stack = new_stack()
    endpoint(stack, deployment=Deployment.all_at_once(), **{argument: None})
    assert "It" in str(template_of(stack)["Resources"].keys())


def test_stack_is_no_token() -> None:
    stack = new_stack()
    assert refused(lambda _: EndpointConfig(stack, "It", metrics=stack)) != []


def test_paths_are_paths() -> None:
    stack = new_stack()
    folder = HERE.parent / "model"
    of_paths = Container(
        image=ContainerImage.from_asset(folder / "image"),
        model_data=ModelData.from_asset(folder / "model.tar.gz"),
    )
    as_text = Container(
        image=ContainerImage.from_asset(str(folder / "image")),
        model_data=ModelData.from_asset(str(folder / "model.tar.gz")),
    )
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    for name, each in (("A", of_paths), ("B", as_text)):
        Model(stack, name, container=each, execution_role=role)
    models = [
        each["Properties"]["PrimaryContainer"]
        for each in template_of(stack)["Resources"].values()
        if each["Type"] == "AWS::SageMaker::Model"
    ]
    assert models == [models[0]] * 2
