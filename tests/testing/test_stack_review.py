"""Findings of whole stacks: acknowledgements in CDK, nested stacks and findings of constructs."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct, IConstruct
from kit.cdk import new_stack

from cdk_epc import EndpointConfig, InstanceType
from cdk_epc.testing import assert_finding, assert_no_findings

RULE = "serverless-memory-step"


def with_wrong_memory(scope: Construct) -> sagemaker.CfnEndpointConfig:
    serverless = sagemaker.CfnEndpointConfig.ServerlessConfigProperty(
        memory_size_in_mb=2500, max_concurrency=5
    )
    variant = sagemaker.CfnEndpointConfig.ProductionVariantProperty(
        variant_name="main", model_name="a", serverless_config=serverless
    )
    return sagemaker.CfnEndpointConfig(scope, "Config", production_variants=[variant])


@pytest.mark.parametrize("level", ["resource", "stack", "app"])
def test_acknowledgements_in_cdk(level: str) -> None:
    stack = new_stack()
    config = with_wrong_memory(stack)
    at: IConstruct = {"resource": config, "stack": stack, "app": stack.node.root}[level]
    acknowledgment = cdk.Acknowledgment(id=f"cdk-epc::{RULE}", reason="Confirmed by AWS support")
    cdk.Validations.of(at).acknowledge(acknowledgment)
    assert_no_findings(stack)
    with pytest.raises(AssertionError, match="acknowledged in Config: Confirmed by AWS support"):
        assert_finding(stack, RULE)


def test_nested_stacks_are_part_of_a_stack_and_other_stacks_are_not() -> None:
    app = cdk.App(analytics_reporting=False)
    stack, other = cdk.Stack(app, "Stack"), cdk.Stack(app, "Other")
    nested = cdk.NestedStack(stack, "Nested")
    with_wrong_memory(nested)
    cdk.CfnResource(other, "Topic", type="AWS::SNS::Topic")
    for each in (stack, nested):
        assert assert_finding(each, RULE).resource == "Config"
        with pytest.raises(AssertionError, match=r"^1 finding, expected none"):
            assert_no_findings(each)
    assert_no_findings(other)


def test_warnings_that_only_a_construct_has() -> None:
    stack = cdk.Stack()
    parameter = cdk.CfnParameter(stack, "Model", default="fraud-7")
    config = EndpointConfig(stack, "Config", endpoint_config_name_prefix="fraud")
    config.add_instance_variant(
        "main",
        model=parameter.value_as_string,
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
    )
    rule = "name-hash-with-parameter"
    assert assert_finding(stack, rule).resource == "Default/Config"
    assert_no_findings(stack, ignore=[rule])
    with pytest.raises(AssertionError, match=r"^1 finding, expected none"):
        assert_no_findings(stack)
