"""Tests of the shop's templates and of the company's configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from kit.cfn_lint import findings_of_cfn_lint
from kit.dependency_graph import assert_acyclic, assert_in_order
from kit.iam_policies import assert_least_privilege
from kit.sample_stacks import REGION, ROOT, USE_CASES, resources, resources_in, shop, stack_of

from cdk_epc import EndpointConfigError, InstancePool, InstanceType
from sample_app.app import REGIONS, stage_id
from sample_app.environments import ACCOUNTS
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig
from sample_app.wildcards import acknowledge_wildcards
from tools.site import gallery

if TYPE_CHECKING:
    from aws_cdk.cx_api import CloudAssembly

# Older versions of CDK do not support the ids of cdk-nag's findings.
pytestmark = pytest.mark.pin_only

ENCRYPTED = {
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SageMaker::EndpointConfig": "KmsKeyId",
}
EVERY = ["Foundation", *USE_CASES]


@pytest.fixture(scope="module")
def assembly() -> CloudAssembly:
    return shop()


def config_of(assembly: CloudAssembly, use_case: str) -> dict[str, Any]:
    [config] = resources(assembly, use_case, "AWS::SageMaker::EndpointConfig")
    return config


def test_one_stage_for_each_region_and_one_stack_for_each_use_case(assembly: CloudAssembly):
    for region in REGIONS:
        nested = assembly.get_nested_assembly(f"assembly-{stage_id(region)}")
        assert sorted(stack.stack_name for stack in nested.stacks) == [
            f"{stage_id(region)}-{name}" for name in sorted(EVERY)
        ]
        assert {stack.environment.region for stack in nested.stacks} == {region}
        assert {stack.environment.account for stack in nested.stacks} == {ACCOUNTS[region]}


def test_pipeline_deploys_a_region_after_the_gate_of_the_region_before(assembly: CloudAssembly):
    template = assembly.get_stack_by_name("Pipeline").template
    [pipeline] = (
        each["Properties"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::CodePipeline::Pipeline"
    )
    waves = {each["Name"]: each["Actions"] for each in pipeline["Stages"]}
    assert list(waves)[-len(REGIONS) :] == [stage_id(region) for region in REGIONS]
    for region in REGIONS:
        stage = stage_id(region)
        order = {each["Name"]: each["RunOrder"] for each in waves[stage]}
        steps = ["Compare", "Approve", "Foundation.Deploy", "Fraud.Deploy", "Gate"]
        times = [order.get(f"{step}{stage}", order.get(step)) for step in steps]
        assert times == sorted(set(times), key=int)
        assert order[f"Record{stage}"] == order[f"Gate{stage}"] == max(order.values())
        [gate] = (each for each in waves[stage] if each["Name"] == f"Gate{stage}")
        variables = json.loads(gate["Configuration"]["EnvironmentVariables"])
        assert [each["name"] for each in variables] == [
            f"ALARMS_{name}" for name in ("CHURN", "FRAUD", "RANKING")
        ]
        alarms = stack_of(assembly, "Fraud", region).template["Outputs"]["RollbackAlarms"]["Value"]
        assert variables[1]["value"].endswith(".RollbackAlarms}")
        config = resources_in(stack_of(assembly, "Fraud", region), "AWS::SageMaker::Endpoint")
        rollback = config[0]["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
        names = alarms["Fn::Join"][1]
        assert [each for each in names if each != ","] == [each["AlarmName"] for each in rollback]


def test_the_gallery_is_up_to_date(assembly: CloudAssembly):
    templates = {name: stack_of(assembly, name).template for name in USE_CASES}
    for path, text in gallery.pages(templates).items():
        assert (ROOT / path).read_text("utf-8") == text, "run `python -m tools gallery`"


def test_no_stack_has_warnings_or_errors(assembly: CloudAssembly):
    assert {
        (region, name): messages
        for region in REGIONS
        for name in EVERY
        if (
            messages := [
                (message.id, message.entry.data)
                for message in stack_of(assembly, name, region).messages
            ]
        )
    } == {}


def test_every_stack_is_acyclic_and_in_order(assembly: CloudAssembly):
    for region in REGIONS:
        for name in EVERY:
            template = stack_of(assembly, name, region).template
            assert_acyclic(template)
            assert_in_order(template)


def test_every_stack_has_least_privilege_policies(assembly: CloudAssembly):
    for region in REGIONS:
        for name in EVERY:
            assert_least_privilege(stack_of(assembly, name, region).template)


def test_stateful_stack_is_deployed_first(assembly: CloudAssembly):
    first = stack_of(assembly, "Foundation", REGION).id
    assert [
        use_case
        for use_case in USE_CASES
        if first not in [each.id for each in stack_of(assembly, use_case, REGION).dependencies]
    ] == []


def test_stateful_resources_are_protected_and_retained(assembly: CloudAssembly):
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


def test_use_cases_have_no_stateful_resources(assembly: CloudAssembly):
    for use_case in USE_CASES:
        resources_of = stack_of(assembly, use_case).template["Resources"].values()
        types = {each["Type"] for each in resources_of}
        assert not types & {"AWS::KMS::Key", "AWS::S3::Bucket", "AWS::EC2::VPC"}, use_case
        assert {"AWS::SageMaker::Endpoint", "AWS::CloudWatch::Dashboard"} <= types, use_case


def test_topics_and_configurations_are_encrypted(assembly: CloudAssembly):
    assert [
        (use_case, type_)
        for use_case in USE_CASES
        for type_, key in ENCRYPTED.items()
        for each in resources(assembly, use_case, type_)
        if key not in each
    ] == []


def test_buckets_are_encrypted(assembly: CloudAssembly):
    buckets = resources(assembly, "Foundation", "AWS::S3::Bucket")
    assert len(buckets) == 2
    assert all("BucketEncryption" in each for each in buckets)


def test_all_but_serverless_capture_data(assembly: CloudAssembly):
    assert [
        use_case
        for use_case in USE_CASES
        if "DataCaptureConfig" not in config_of(assembly, use_case)
    ] == ["QuestionAnswering"]


def test_configurations_have_tags(assembly: CloudAssembly):
    assert config_of(assembly, "Churn")["Tags"] == [
        {"Key": "linden:managed-by", "Value": "cdk"},
        {"Key": "linden:product", "Value": "loyalty"},
    ]


def test_role_can_publish_to_topics(assembly: CloudAssembly):
    actions = {
        statement["Action"]
        for policy in resources(assembly, "Moderation", "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if isinstance(statement["Action"], str)
    }
    assert "sns:Publish" in actions


@pytest.mark.parametrize("name", EVERY)
def test_cfn_lint_finds_nothing(assembly: CloudAssembly, name: str):
    findings = findings_of_cfn_lint(stack_of(assembly, name, REGION).template, REGION)
    # The zones of an account that is known at synth are literals, from cdk.context.json.
    zones = [each for each in findings if each.startswith("W3010 ")]
    assert (findings, len(zones)) == (zones, 4 if name == "Foundation" else 0)


def test_wildcard_without_a_reason_fails_synth():
    app = cdk.App()
    stack = cdk.Stack(app, "Stack")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    role.add_to_policy(
        iam.PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws:s3:::other/*"])
    )
    acknowledge_wildcards(stack)
    expected = r"has the resource arn:aws:s3:::other/\*; must be a resource without a wildcard"
    with pytest.raises(RuntimeError, match=expected):
        app.synth()


@pytest.fixture
def config() -> CompanyEndpointConfig:
    app = cdk.App()
    foundation = Foundation(app, "Foundation")
    stack = cdk.Stack(app, "Test")
    return CompanyEndpointConfig(stack, "Config", foundation=foundation, product="test")


def test_other_family_raises(config: CompanyEndpointConfig):
    with pytest.raises(EndpointConfigError) as refusal:
        config.add_instance_variant(
            "only", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
        )
    [finding] = refusal.value.findings
    assert finding.rule_id == "linden-instance-family"
    assert finding.message == (
        "instance_type of add_instance_variant(\"only\") is 'ml.m5.large'; "
        "must be a type of the families c7i, m7i, r7i, inf2"
    )
    assert finding.file == __file__


def test_other_family_raises_in_a_pool(config: CompanyEndpointConfig):
    pools = [
        InstancePool(InstanceType.ML_C7I_LARGE, priority=1),
        InstancePool(InstanceType.ML_M5_LARGE, priority=2),
    ]
    expected = (
        r"instance_type\[1\].instance_type of add_instance_variant\(\"only\"\) is 'ml.m5.large'"
    )
    with pytest.raises(EndpointConfigError, match=expected):
        config.add_instance_variant(
            "only", model="m", instance_type=pools, initial_instance_count=1
        )


def test_unresolved_family_is_accepted(config: CompanyEndpointConfig):
    given = cdk.CfnParameter(cdk.Stack.of(config), "InstanceType").value_as_string
    config.add_instance_variant(
        "only", model="m", instance_type=InstanceType.of(given), initial_instance_count=1
    )
    assert len(config.variants) == 1


def test_arguments_override_defaults():
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


def test_request_becomes_a_configuration_of_the_company():
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
