"""Texts of the caller that would be patterns or variables in an IAM policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from cdk_epc import (
    AsyncInference,
    CaptureMode,
    Container,
    ContainerImage,
    CoreDump,
    DataCapture,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InferenceComponent,
    InstanceType,
    Model,
    ModelData,
    S3Location,
)
from cdk_epc.constructs.convert import has_wildcard
from cdk_epc.endpoint.rollback_alarms import alarm_reference
from cdk_epc.permissions.kms_keys import named_key
from cdk_epc.permissions.statements import below, bucket_and_key, literal

TOKEN = "${Token[TOKEN.7]}"  # noqa: S105 - CDK's own way of writing one


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a/b$c{d}", "a/b$c{d}"),
        ("*", "${*}"),
        ("a?b*", "a${?}b${*}"),
        ("${aws:username}", "${$}{aws:username}"),
        ("${*}", "${$}{${*}}"),
        (TOKEN, TOKEN),
        (f"*{TOKEN}/${{x}}?{TOKEN}", f"${{*}}{TOKEN}/${{$}}{{x}}${{?}}{TOKEN}"),
    ],
)
def test_the_pattern_of_a_text(text: str, pattern: str):
    assert literal(text) == pattern
    assert has_wildcard(text) is (text != pattern)
    assert below(text) in {f"{pattern}/*", f"{pattern}*"}


def test_names_that_are_patterns_identify_nothing():
    for name in ("alias/*", "arn:aws:kms:*:*:key/abc", "alias/${aws:username}"):
        assert named_key(name) is None
    for uri in ("s3://*/a", "s3://a?b/c", "s3://${aws:username}/a"):
        assert bucket_and_key(uri) is None


def test_statements_have_escaped_texts():
    stack = cdk.Stack(cdk.App(), "Stack")
    bucket = s3.Bucket(stack, "Bucket")
    image = ContainerImage.from_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1")
    for name, data in {
        "A": ModelData.from_s3(S3Location(bucket, "a*/b?/${x}/m.tar.gz")),
        "B": ModelData.from_s3("s3://amzn-s3-demo-bucket/c*/${y}?.tar.gz"),
        "C": ModelData.multi_model(S3Location(bucket, "d*/")),
    }.items():
        Model(stack, name, container=Container(image=image, model_data=data))
    config = EndpointConfig(
        stack, "Config", async_inference=AsyncInference(output_path=S3Location(bucket, "e?*/"))
    )
    config.add_instance_variant(
        "main",
        model=Model(stack, "D", container=Container(image=image)),
        instance_type=InstanceType.ML_M5_XLARGE,
        initial_instance_count=1,
    )
    text = json.dumps(Template.from_stack(stack).to_json())
    for pattern in ("a${*}/b${?}/${$}{x}/m", "/c${*}/${$}{y}${?}.tar", "d${*}/*", "e${?}${*}/*"):
        assert f"/{pattern.removeprefix('/')}" in text or f'"{pattern}' in text
    assert alarm_reference("too*many?", stack).arn.endswith("alarm:too${*}many${?}")


def _config(stack: cdk.Stack, **feature: Any) -> None:
    EndpointConfig(stack, "Config", **feature)


def _variant(stack: cdk.Stack) -> None:
    EndpointConfig(stack, "Config").add_instance_variant(
        "main",
        model="fraud",
        instance_type=InstanceType.ML_M5_XLARGE,
        initial_instance_count=1,
        core_dump=CoreDump(destination="s3://*/x/"),
    )


def _model(stack: cdk.Stack, data: ModelData) -> None:
    image = ContainerImage.from_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1")
    Model(stack, "Model", container=Container(image=image, model_data=data))


def _grant(stack: cdk.Stack, **arguments: Any) -> None:
    role = iam.Role.from_role_name(stack, "Caller", "caller")
    endpoint = Endpoint.from_endpoint_name(stack, "Endpoint", "fraud")
    if "input" in arguments:
        endpoint.grant_invoke_async(role, **arguments)
    else:
        endpoint.grant_invoke(role, **arguments)


CALLS: tuple[Callable[[cdk.Stack], object], ...] = (
    lambda stack: _model(stack, ModelData.from_s3("s3://*/m.tar.gz")),
    lambda stack: _model(stack, ModelData.multi_model("s3://a?b/m/")),
    lambda stack: _model(stack, ModelData.from_s3_folder(S3Location("*", "m/"))),
    lambda stack: _model(
        stack, ModelData.from_s3("s3://${aws:username}/m.tar.gz", accept_eula=True)
    ),
    lambda stack: _config(stack, async_inference=AsyncInference(output_path="s3://*/a/")),
    lambda stack: _config(
        stack,
        data_capture=DataCapture(
            destination="s3://b*/a/", sampling_percentage=1, capture=[CaptureMode.INPUT]
        ),
    ),
    _variant,
    lambda stack: Endpoint.from_endpoint_name(stack, "Endpoint", "team-*"),
    lambda stack: Endpoint.from_endpoint_arn(
        stack, "Endpoint", "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/*"
    ),
    lambda stack: InferenceComponent.from_inference_component_name(stack, "C", "c?"),
    lambda stack: _grant(stack, components=["c*"]),
    lambda stack: _grant(stack, input="s3://*/a/"),
)


def test_patterns_are_refused_where_one_resource_is_meant():
    for call in CALLS:
        with pytest.raises(EndpointConfigError) as raised:
            call(cdk.Stack(cdk.App(), "Stack"))
        assert raised.value.findings[0].rule_id in {"argument-type-wrong", "value-pattern-mismatch"}
