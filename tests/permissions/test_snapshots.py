"""Endpoints with everything around their roles, and what cfn-lint says of them."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.linting import findings_of_cfn_lint
from kit.snapshots import committed
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cdk_epc import (
    Container,
    CoreDump,
    Endpoint,
    EndpointConfig,
    ExecutionRole,
    InstanceType,
    Model,
    ModelData,
    S3Location,
    check_template,
)
from cdk_epc.rules.role_permissions import RULES

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"


def _recorded(stack: cdk.Stack) -> None:
    """Encrypted, recorded, with core dumps; the role is the model's own."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    data = ModelData.from_bucket(bucket, "models/scorer.tar.gz")
    config = EndpointConfig(stack, "Config", encryption_key=key)
    config.capture_data(
        destination=S3Location(bucket, "captured/"), sampling_percentage=10, encryption_key=key
    )
    config.add_instance_variant(
        "scorer",
        model=Model(stack, "Model", container=Container(image=IMAGE, model_data=data)),
        instance_type=InstanceType.ML_M5_XLARGE,
        initial_instance_count=2,
        core_dump=CoreDump(S3Location(bucket, "dumps/"), encryption_key=key),
    )
    Endpoint(stack, "Endpoint", endpoint_config=config)


def _asynchronous(stack: cdk.Stack) -> None:
    """Requests and answers in S3, topics with a key; two models share a role."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bucket = s3.Bucket(stack, "Bucket")
    role = ExecutionRole(stack, "Role")
    config = EndpointConfig(stack, "Config")
    for name in ("blue", "green"):
        config.add_instance_variant(
            name,
            model=Model(stack, name.title(), container=Container(image=IMAGE), execution_role=role),
            instance_type=InstanceType.ML_G5_XLARGE,
            initial_instance_count=1,
        )
    config.enable_async_inference(
        input_path=S3Location(bucket, "in/"),
        output_path=S3Location(bucket, "out/"),
        failure_path=S3Location(bucket, "failed/"),
        success_topic=sns.Topic(stack, "Done", master_key=key),
        error_topic=sns.Topic(stack, "Failed", master_key=key),
    )
    Endpoint(stack, "Endpoint", endpoint_config=config)


def _components(stack: cdk.Stack) -> None:
    """Instances for inference components in a network; the role is the configuration's."""
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0, max_azs=2)
    config = EndpointConfig(stack, "Config", execution_role=ExecutionRole(stack, "Role"))
    config.add_inference_component_variant(
        "host", instance_type=InstanceType.ML_G5_XLARGE, initial_instance_count=1
    )
    config.place_in_vpc(
        vpc=vpc,
        security_groups=[ec2.SecurityGroup(stack, "Group", vpc=vpc)],
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    )
    Endpoint(stack, "Endpoint", endpoint_config=config)


def _roles_elsewhere(stack: cdk.Stack) -> None:
    """The role is of another stack, and its policy of this one."""
    roles = new_stack("Roles", stack.node.root)  # type: ignore[arg-type]
    role = ExecutionRole(roles, "Role")
    config = EndpointConfig(stack, "Config")
    config.capture_data(
        destination=S3Location(s3.Bucket(stack, "Bucket"), "captured/"), sampling_percentage=10
    )
    config.add_instance_variant(
        "scorer",
        model=Model(stack, "Model", container=Container(image=IMAGE), execution_role=role),
        instance_type=InstanceType.ML_M5_XLARGE,
        initial_instance_count=2,
    )
    Endpoint(stack, "Endpoint", endpoint_config=config)


STACKS: dict[str, Callable[[cdk.Stack], None]] = {
    "recorded": _recorded,
    "asynchronous": _asynchronous,
    "components": _components,
    "roles_elsewhere": _roles_elsewhere,
}


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.pin_only
@pytest.mark.parametrize("name", STACKS)
def test_template(name: str, snapshot: SnapshotAssertion) -> None:
    stack = new_stack()
    STACKS[name](stack)
    assert template_of(stack) == snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed(__file__) == {f"test_template[{name}].json" for name in STACKS}


@pytest.mark.pin_only
@pytest.mark.parametrize("name", STACKS)
def test_cfn_lint_finds_nothing(name: str) -> None:
    stack = new_stack()
    STACKS[name](stack)
    assert findings_of_cfn_lint(template_of(stack), "eu-west-1") == []


@pytest.mark.parametrize("name", STACKS)
def test_the_rules_of_roles_find_what_they_ask_for(name: str) -> None:
    """What is granted, and what rules of templates say that a role needs, is the same."""
    stack = new_stack()
    STACKS[name](stack)
    about_roles = {"role-policy-not-awaited", *(rule.id for rule in RULES)}
    findings = check_template(template_of(stack))
    assert [each for each in findings if each.rule_id in about_roles] == []
    assert len(about_roles) == 4
