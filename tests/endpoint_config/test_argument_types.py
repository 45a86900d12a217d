"""Arguments of wrong types are refused with a finding at the line of the call."""

from __future__ import annotations

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
    VpcPlacement,
)

HERE = Path(__file__).parent
Call = Callable[[cdk.Stack], object]


def refused(call: Call) -> list[str]:
    """Return the rule, path and message of a refused call, which must not create a construct."""
    stack = new_stack()
    with pytest.raises(EndpointConfigError) as error:
        call(stack)
    assert stack.node.try_find_child("It") is None
    return [f"{each.rule_id}: {each.path}: {each.allowed}" for each in error.value.findings]


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


def endpoint(stack: cdk.Stack, **given: Any) -> Endpoint:
    return Endpoint(stack, "It", endpoint_config=config(stack), **given)


def component(stack: cdk.Stack, **given: Any) -> InferenceComponent:
    return InferenceComponent(stack, "It", endpoint="e", variant="v", **given)


def model(stack: cdk.Stack, image: Any = "registry/image:7", **given: Any) -> Model:
    return Model(stack, "It", container=Container(image=image), **given)


def bucket(stack: cdk.Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, "Bucket", "bucket")


def captured(stack: cdk.Stack, **given: Any) -> None:
    of_bucket = S3Location(bucket(stack), given.pop("prefix", "p/"))
    config(stack).capture_data(destination=of_bucket, sampling_percentage=1, **given)


ALARMS = "a list of alarms or of their names"
RULES = "a list of rules (Rule)"

REFUSED: dict[str, tuple[Call, str]] = {
    "one alarm and no list": (
        lambda stack: endpoint(stack, rollback_alarms="alarm"),
        f"argument-type-wrong: rollback_alarms: {ALARMS}",
    ),
    "one alarm of a component": (
        lambda stack: component(stack, model="m", rollback_alarms="alarm"),
        f"argument-type-wrong: rollback_alarms: {ALARMS}",
    ),
    "alarms beside a deployment that nobody knows": (
        lambda stack: endpoint(
            stack,
            deployment=cdk.Token.as_any({"Ref": "Deployment"}),
            rollback_alarms=["alarm"],
        ),
        "argument-type-wrong: deployment: a deployment that is known, for the alarms are a part of it",
    ),
    "rules that are none": (
        lambda stack: EndpointConfig(stack, "It", rules=["my-rule"]),  # type: ignore[list-item]
        f"argument-type-wrong: rules: {RULES}",
    ),
    "one rule and no list": (
        lambda stack: endpoint(stack, rules=5),
        f"argument-type-wrong: rules: {RULES}",
    ),
    "one specification and no list": (
        lambda stack: component(
            stack,
            specifications=InstanceTypeSpecification(
                InstanceType.ML_G5_XLARGE,
                model="m",
                compute=ComputeRequirements(min_memory=cdk.Size.gibibytes(1)),
            ),
        ),
        "argument-type-wrong: specifications: a list of InstanceTypeSpecification",
    ),
    "one security group and no list": (
        lambda stack: model(
            stack,
            vpc=VpcPlacement(vpc=vpc(stack), security_groups=group(stack)),  # type: ignore[arg-type]
        ),
        "argument-type-wrong: vpc.security_groups: a list of security groups",
    ),
    "subnets and no selection of them": (
        lambda stack: model(
            stack,
            vpc=VpcPlacement(
                vpc=vpc(stack),
                security_groups=[group(stack)],
                vpc_subnets=vpc(cdk.Stack(stack, "Other")).private_subnets,  # type: ignore[arg-type]
            ),
        ),
        "argument-type-wrong: vpc.vpc_subnets: a SubnetSelection",
    ),
    "one side of a capture and no list": (
        lambda stack: captured(stack, capture=CaptureMode.INPUT),
        "argument-type-wrong: capture_data().capture: a list of capture modes",
    ),
    "a prefix that is no text": (
        lambda stack: captured(stack, prefix=7),
        "argument-type-wrong: capture_data().destination: a prefix or key in the bucket",
    ),
    "a tag that is no text": (
        lambda stack: model(
            stack,
            ContainerImage.from_ecr_repository(
                ecr.Repository.from_repository_name(stack, "Repository", "repository"),
                7,  # type: ignore[arg-type]
            ),
        ),
        "argument-type-wrong: container.image: a tag or a digest, a text",
    ),
    "a version that is no text": (
        lambda stack: model(stack, ContainerImage.from_dlc("xgboost", 1.7)),  # type: ignore[arg-type]
        "argument-type-wrong: container.image: the family and the tag, both texts",
    ),
    "a key that is no text": (
        lambda stack: Model(stack, "It", container=Container(image="r/i:7", environment={1: "x"})),  # type: ignore[dict-item]
        "value-type-wrong: container.environment: a text as key",
    ),
    "a prefix of a name that is no text": (
        lambda stack: EndpointConfig(stack, "It", endpoint_config_name_prefix=7),  # type: ignore[arg-type]
        (
            "name-prefix-invalid: endpoint_config_name_prefix: 1 to 50 letters, digits and inner hyphens, "
            "known at synth"
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
