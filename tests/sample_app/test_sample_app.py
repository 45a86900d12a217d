"""The shop's templates: without a warning, and as the company's policy asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from kit.graphs import assert_acyclic, assert_in_order
from kit.linting import findings_of_cfn_lint
from kit.policies import assert_least
from kit.shop import REGION, STORIES, resources, shop, stack_of

from cdk_epc import EndpointConfigError, InstancePool, InstanceType
from sample_app.acknowledged import acknowledge_wildcards
from sample_app.app import REGIONS, stage_id
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from aws_cdk.cx_api import CloudAssembly

# The app has a reason for each finding of cdk-nag's, by ids that older versions of CDK refuse.
pytestmark = pytest.mark.pin_only

ENCRYPTED = {
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SageMaker::EndpointConfig": "KmsKeyId",
}
EVERY = ["Foundation", *STORIES]


@pytest.fixture(scope="module")
def assembly() -> CloudAssembly:
    return shop()


def config_of(assembly: CloudAssembly, story: str) -> dict[str, Any]:
    [config] = resources(assembly, story, "AWS::SageMaker::EndpointConfig")
    return config


@pytest.mark.parametrize("region", REGIONS)
def test_one_stage_a_region_and_one_stack_a_story(assembly: CloudAssembly, region: str):
    nested = assembly.get_nested_assembly(f"assembly-{stage_id(region)}")
    assert sorted(stack.stack_name for stack in nested.stacks) == [
        f"{stage_id(region)}-{name}" for name in sorted(EVERY)
    ]
    assert {stack.environment.region for stack in nested.stacks} == {region}
    assert {stack.environment.account for stack in nested.stacks} == {"unknown-account"}


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("name", EVERY)
class TestEveryStack:
    def test_no_warning_and_no_error(self, assembly: CloudAssembly, region: str, name: str):
        messages = stack_of(assembly, name, region).messages
        assert [(message.id, message.entry.data) for message in messages] == []

    def test_is_acyclic_and_in_order(self, assembly: CloudAssembly, region: str, name: str):
        template = stack_of(assembly, name, region).template
        assert_acyclic(template)
        assert_in_order(template)

    def test_allows_the_least(self, assembly: CloudAssembly, region: str, name: str):
        assert_least(stack_of(assembly, name, region).template)


@pytest.mark.parametrize("story", STORIES)
def test_the_stateful_stack_is_deployed_first(assembly: CloudAssembly, story: str):
    first = stack_of(assembly, "Foundation", REGION).id
    assert first in [each.id for each in stack_of(assembly, story, REGION).dependencies]


def test_what_is_stateful_is_protected_and_stays(assembly: CloudAssembly):
    stack = stack_of(assembly, "Foundation", REGION)
    assert stack.termination_protection
    kept = {"AWS::KMS::Key", "AWS::S3::Bucket"}
    policies = [
        (each["Type"], each.get("DeletionPolicy"), each.get("UpdateReplacePolicy"))
        for each in stack.template["Resources"].values()
        if each["Type"] in kept
    ]
    assert policies == [
        ("AWS::KMS::Key", "Retain", "Retain"),
        ("AWS::S3::Bucket", "Retain", "Retain"),
        ("AWS::S3::Bucket", "Retain", "Retain"),
    ]


@pytest.mark.parametrize("story", STORIES)
def test_no_story_holds_anything_that_has_to_stay(assembly: CloudAssembly, story: str):
    types = {each["Type"] for each in stack_of(assembly, story).template["Resources"].values()}
    assert not types & {"AWS::KMS::Key", "AWS::S3::Bucket", "AWS::EC2::VPC"}
    assert {"AWS::SageMaker::Endpoint", "AWS::CloudWatch::Dashboard"} <= types


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("kind", ENCRYPTED)
def test_everything_is_encrypted(assembly: CloudAssembly, story: str, kind: str):
    assert all(ENCRYPTED[kind] in each for each in resources(assembly, story, kind))


def test_the_buckets_are_encrypted(assembly: CloudAssembly):
    buckets = resources(assembly, "Foundation", "AWS::S3::Bucket")
    assert len(buckets) == 2
    assert all("BucketEncryption" in each for each in buckets)


@pytest.mark.parametrize("story", STORIES)
def test_all_but_serverless_is_recorded(assembly: CloudAssembly, story: str):
    assert ("DataCaptureConfig" in config_of(assembly, story)) == (story != "Answers")


def test_configurations_are_labelled(assembly: CloudAssembly):
    assert config_of(assembly, "Churn")["Tags"] == [
        {"Key": "linden:managed-by", "Value": "cdk"},
        {"Key": "linden:product", "Value": "loyalty"},
    ]


def test_topics_may_be_published_to_by_the_role(assembly: CloudAssembly):
    actions = {
        statement["Action"]
        for policy in resources(assembly, "Moderation", "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if isinstance(statement["Action"], str)
    }
    assert "sns:Publish" in actions


@pytest.mark.parametrize("name", EVERY)
def test_cfn_lint_finds_nothing(assembly: CloudAssembly, name: str):
    assert findings_of_cfn_lint(stack_of(assembly, name, REGION).template, REGION) == []


def test_a_wildcard_without_a_reason_is_refused():
    app = cdk.App()
    stack = cdk.Stack(app, "Stack")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    role.add_to_policy(
        iam.PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws:s3:::other/*"])
    )
    acknowledge_wildcards(stack)
    with pytest.raises(RuntimeError, match=r"allows something on arn:aws:s3:::other/\*; allowed:"):
        app.synth()


@pytest.fixture
def config() -> CompanyEndpointConfig:
    app = cdk.App()
    foundation = Foundation(app, "Foundation")
    stack = cdk.Stack(app, "Test")
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
    app = cdk.App()
    foundation = Foundation(app, "Foundation")
    stack = cdk.Stack(app, "Test")
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
    app = cdk.App()
    foundation = Foundation(app, "Foundation")
    stack = cdk.Stack(app, "Test")
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
