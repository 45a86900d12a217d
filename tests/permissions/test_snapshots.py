"""Templates of endpoints with their roles, and their findings of cfn-lint and our rules."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.cfn_lint import findings_of_cfn_lint
from kit.snapshots import committed_snapshots
from syrupy.assertion import SnapshotAssertion

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
from cdk_epc.rules.model_permissions import RULES as MODEL_RULES
from cdk_epc.rules.role_permissions import RULES

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"


def _data_capture(stack: cdk.Stack) -> None:
    """Create an encrypted endpoint with data capture and core dumps."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    data = ModelData.from_s3(S3Location(bucket, "models/scorer.tar.gz"))
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


def _async_inference(stack: cdk.Stack) -> None:
    """Create an asynchronous endpoint with encrypted topics, whose models share a role."""
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
    """Create an endpoint for inference components in a VPC."""
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


def _role_of_another_stack(stack: cdk.Stack) -> None:
    """Create an endpoint whose role belongs to another stack."""
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
    "data_capture": _data_capture,
    "async_inference": _async_inference,
    "components": _components,
    "role_of_another_stack": _role_of_another_stack,
}


@pytest.mark.pin_only
@pytest.mark.parametrize("name", STACKS)
def test_template(name: str, cdk_snapshot: SnapshotAssertion) -> None:
    stack = new_stack()
    STACKS[name](stack)
    assert template_of(stack) == cdk_snapshot


def test_no_snapshot_is_unused() -> None:
    assert committed_snapshots(__file__) == {f"test_template[{name}].json" for name in STACKS}


@pytest.mark.pin_only
def test_cfn_lint_finds_nothing() -> None:
    found = {}
    for name, create in STACKS.items():
        stack = new_stack()
        create(stack)
        found[name] = findings_of_cfn_lint(template_of(stack), "eu-west-1")
    assert {name: each for name, each in found.items() if each} == {}


def test_rules_of_roles_find_nothing() -> None:
    """The permissions that are granted are those that the rules of templates require."""
    about_roles = {"role-policy-not-awaited", *(rule.id for rule in (*RULES, *MODEL_RULES))}
    assert len(about_roles) == 12
    found = []
    for create in STACKS.values():
        stack = new_stack()
        create(stack)
        found += check_template(template_of(stack))
    assert [each for each in found if each.rule_id in about_roles] == []
