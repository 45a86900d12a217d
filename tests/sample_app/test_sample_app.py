"""The shop's templates: without a warning, and as the company's policy asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from cdk_epc import EndpointConfigError, InstancePool, InstanceType
from sample_app.app import build
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from aws_cdk.cx_api import CloudAssembly

ROOT = Path(__file__).parents[2]
STORIES = ["Answers", "Assistant", "Churn", "Fraud", "Moderation", "Ranking"]
ENCRYPTED = {
    "AWS::S3::Bucket": "BucketEncryption",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SageMaker::EndpointConfig": "KmsKeyId",
}


@pytest.fixture(scope="module")
def assembly() -> CloudAssembly:
    return build(json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]).synth()


def resources(assembly: CloudAssembly, story: str, kind: str) -> list[dict[str, Any]]:
    every = assembly.get_stack_by_name(story).template["Resources"].values()
    return [each["Properties"] for each in every if each["Type"] == kind]


def config_of(assembly: CloudAssembly, story: str) -> dict[str, Any]:
    [config] = resources(assembly, story, "AWS::SageMaker::EndpointConfig")
    return config


def test_one_stack_for_each_story(assembly: CloudAssembly):
    assert sorted(stack.stack_name for stack in assembly.stacks) == STORIES


@pytest.mark.parametrize("story", STORIES)
def test_no_warning_and_no_error(assembly: CloudAssembly, story: str):
    messages = assembly.get_stack_by_name(story).messages
    assert [(message.id, message.entry.data) for message in messages] == []


@pytest.mark.parametrize("story", STORIES)
def test_no_account_no_region(assembly: CloudAssembly, story: str):
    environment = assembly.get_stack_by_name(story).environment
    assert (environment.account, environment.region) == ("unknown-account", "unknown-region")


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("kind", ENCRYPTED)
def test_everything_is_encrypted(assembly: CloudAssembly, story: str, kind: str):
    assert all(ENCRYPTED[kind] in each for each in resources(assembly, story, kind))


@pytest.mark.parametrize("story", STORIES)
def test_all_but_serverless_is_recorded(assembly: CloudAssembly, story: str):
    assert ("DataCaptureConfig" in config_of(assembly, story)) == (story != "Answers")


def test_configurations_are_labelled(assembly: CloudAssembly):
    assert config_of(assembly, "Churn")["Tags"] == [
        {"Key": "linden:managed-by", "Value": "cdk"},
        {"Key": "linden:product", "Value": "loyalty"},
    ]


def test_topics_may_be_published_to_by_the_role_alone(assembly: CloudAssembly):
    [policy] = resources(assembly, "Moderation", "AWS::IAM::Policy")
    actions = [statement["Action"] for statement in policy["PolicyDocument"]["Statement"]]
    assert "sns:Publish" in actions


@pytest.fixture
def config() -> CompanyEndpointConfig:
    stack = cdk.Stack(cdk.App(), "Test")
    foundation = Foundation(stack, "Foundation")
    return CompanyEndpointConfig(stack, "Config", foundation=foundation, product="test")


def test_a_foreign_family_is_refused(config: CompanyEndpointConfig):
    with pytest.raises(EndpointConfigError) as refusal:
        config.add_instance_variant(
            "only", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
        )
    [finding] = refusal.value.findings
    assert finding.rule_id == "linden-instance-family"
    assert finding.message == (
        "add_instance_variant(\"only\").instance_type is 'ml.m5.large'; "
        "allowed: a type of the families c7i, m7i, r7i, inf2"
    )
    assert finding.file == __file__


def test_a_foreign_family_is_refused_in_a_pool(config: CompanyEndpointConfig):
    pools = [
        InstancePool(InstanceType.ML_C7I_LARGE, priority=1),
        InstancePool(InstanceType.ML_M5_LARGE, priority=2),
    ]
    with pytest.raises(EndpointConfigError, match=r"instance_type\[1\].instance_type is 'ml.m5"):
        config.add_instance_variant(
            "only", model="m", instance_type=pools, initial_instance_count=1
        )


def test_a_family_that_only_the_deployment_knows_is_accepted(config: CompanyEndpointConfig):
    given = cdk.CfnParameter(cdk.Stack.of(config), "InstanceType").value_as_string
    config.add_instance_variant(
        "only", model="m", instance_type=InstanceType.of(given), initial_instance_count=1
    )
    assert len(config.variants) == 1


def test_defaults_give_way():
    stack = cdk.Stack(cdk.App(), "Test")
    foundation = Foundation(stack, "Foundation")
    config = CompanyEndpointConfig(
        stack,
        "Config",
        foundation=foundation,
        product="test",
        encryption_key="alias/other",
        data_capture=None,
        tags={"linden:product": "other"},
    )
    assert config.spec.kms_key_id == "alias/other"
    assert config.spec.data_capture_config is None
    assert [tag.value for tag in config.spec.tags or ()] == ["other", "cdk"]


def test_a_request_becomes_a_configuration_of_the_company():
    stack = cdk.Stack(cdk.App(), "Test")
    foundation = Foundation(stack, "Foundation")
    request = {
        "ProductionVariants": [
            {
                "VariantName": "only",
                "ModelName": "m",
                "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
            }
        ]
    }
    config = CompanyEndpointConfig.from_request(
        stack, "Config", request, foundation=foundation, product="test"
    )
    assert config.spec.kms_key_id == foundation.key.key_arn
    assert config.spec.data_capture_config is None
