"""Assertions about findings, of stacks with errors and without, templates and call errors."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk.assertions import Template
from kit.cdk import new_stack
from kit.templates import CONFIG, resource

from cdk_epc import (
    SECURITY_CONTROLS,
    EndpointConfig,
    EndpointConfigError,
    acknowledge,
)
from cdk_epc.testing import assert_finding, assert_no_findings

RULE = "kms-key-with-local-storage"


def with_key(stack: cdk.Stack, **changes: Any) -> sagemaker.CfnEndpointConfig:
    variant = sagemaker.CfnEndpointConfig.ProductionVariantProperty(
        variant_name="main",
        model_name="fraud-7",
        instance_type="ml.g5.xlarge",
        initial_instance_count=1,
    )
    options = {"kms_key_id": "alias/volumes", **changes}
    return sagemaker.CfnEndpointConfig(stack, "Config", production_variants=[variant], **options)


def test_a_stack_without_findings() -> None:
    stack = new_stack()
    with_key(stack, kms_key_id=None)
    assert_no_findings(stack)
    assert_no_findings(Template.from_stack(stack))
    assert_no_findings(Template.from_stack(stack).to_json())
    with pytest.raises(AssertionError, match=f"^no finding of {RULE}\nthere are no findings$"):
        assert_finding(stack, RULE)


def test_the_finding_of_a_stack() -> None:
    stack = new_stack()
    with_key(stack)
    found = assert_finding(stack, RULE)
    assert (found.resource, found.path) == ("Config", "KmsKeyId")
    assert assert_finding(stack, RULE, resource="Config", path="KmsKeyId") == found
    assert_no_findings(stack, ignore=[RULE])
    assert_no_findings(stack, ignore=RULE)
    with pytest.raises(AssertionError) as error:
        assert_no_findings(stack)
    assert str(error.value) == f"1 finding, expected none:\n\n{found}"
    with pytest.raises(AssertionError) as error:
        assert_finding(stack, RULE, resource="Other", path="Tags")
    assert str(error.value) == f"no finding of {RULE} in Other at Tags\n1 finding:\n\n{found}"


def test_misspelt_rules_are_no_passed_test() -> None:
    for call in (
        lambda: assert_finding({}, "kms-key-with-local-storages"),
        lambda: assert_no_findings({}, ignore=["kms-key-with-local-storages"]),
    ):
        with pytest.raises(ValueError, match=f"did you mean {RULE}"):
            call()
    with pytest.raises(TypeError, match="rules must be a list of rules"):
        assert_no_findings({}, rules="security")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`cdk-epc rules` lists all of them"):
        assert_no_findings({}, ignore=["zzz"])


def test_packs_and_the_region_of_the_stack() -> None:
    stack = new_stack()
    with_key(stack, kms_key_id=None)
    found = assert_finding(stack, "security-single-instance", rules=SECURITY_CONTROLS)
    with pytest.raises(AssertionError, match=found.rule_id):
        assert_no_findings(stack, rules=SECURITY_CONTROLS)
    topic = "arn:aws:sns:eu-west-1:111122223333:topic"
    output = {"S3OutputPath": "s3://amzn-s3-demo-bucket/out"}
    output["NotificationConfig"] = {"SuccessTopic": topic}
    variant = {"VariantName": "main", "ModelName": "a", "InstanceType": "ml.m5.large"}
    variant["InitialInstanceCount"] = 1
    properties = {
        "ProductionVariants": [variant],
        "AsyncInferenceConfig": {"OutputConfig": output},
    }
    template = {"Resources": {"Config": resource(CONFIG, **properties)}}
    rule = "async-topic-other-region"
    assert_no_findings(template)
    assert_finding(template, rule, region="us-east-1")
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(region="us-east-1"))
    cdk.CfnResource(stack, "Config", type=CONFIG, properties=properties)
    assert_finding(stack, rule)


def test_an_acknowledged_finding_is_named() -> None:
    stack = new_stack()
    acknowledge(with_key(stack), RULE, reason="Confirmed by AWS support")
    assert_no_findings(stack)
    with pytest.raises(AssertionError, match="acknowledged in Config: Confirmed by AWS support"):
        assert_finding(stack, RULE)


def test_errors_of_constructs() -> None:
    """An error of a call has its findings, and a stack with errors at synth is still checked."""
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    rule = "serverless-memory-step"
    with pytest.raises(EndpointConfigError) as error:
        config.add_serverless_variant(
            "a", model="b", memory_size=cdk.Size.mebibytes(2500), max_concurrency=5
        )
    found = assert_finding(error.value, rule, resource="Stack/Config")
    assert found.rule_id == rule
    assert_finding(stack, "production-variants-missing")
    with pytest.raises(AssertionError, match="1 finding, expected none"):
        assert_no_findings(stack)


def test_an_error_of_cdk_is_raised() -> None:
    stack = new_stack()
    EndpointConfig(stack, "Config")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        assert_no_findings(stack, ignore=["production-variants-missing"])


def test_nested_stacks_with_errors() -> None:
    stack = new_stack()
    nested = cdk.NestedStack(stack, "Nested")
    EndpointConfig(nested, "Config")
    assert_finding(nested, "production-variants-missing")


def test_other_sources_are_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"a stack or a template is required, got App; pass"):
        assert_no_findings(cdk.App())
    outside = cdk.Stack()
    with_key(outside)
    assert_finding(outside, RULE)
