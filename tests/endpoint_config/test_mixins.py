"""Mixins of configurations, on L1 and L2 constructs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_sagemaker import CfnEndpointConfig, CfnModel
from constructs import Construct
from kit.cdk import new_stack, properties_of, template_of
from kit.iam_policies import statement_lines

from cdk_epc import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    EndpointConfig,
    EndpointConfigAsyncInference,
    EndpointConfigClarifyExplainer,
    EndpointConfigDataCapture,
    EndpointConfigError,
    EndpointConfigMetricsPublication,
    ExecutionRole,
    MetricsPublication,
    S3Location,
    ShapBaseline,
)

VARIANT = {
    "variantName": "main",
    "modelName": "fraud-7",
    "instanceType": "ml.m5.large",
    "initialInstanceCount": 1,
}
CAPTURE = DataCapture(destination="s3://bucket/captured/", sampling_percentage=10)
QUEUE = AsyncInference(output_path="s3://bucket/out/")
EXPLAINER = ClarifyExplainer(baseline=ShapBaseline.inline("1,2"))
METRICS = MetricsPublication(enhanced=True)


def raw_in(scope: Construct, id_: str = "Raw", **options: Any) -> CfnEndpointConfig:
    return CfnEndpointConfig(scope, id_, production_variants=[VARIANT], **options)


def typed_in(stack: cdk.Stack, **options: Any) -> EndpointConfig:
    config = EndpointConfig(stack, "Config", **options)
    config.add_instance_variant(
        "main", model="fraud-7", instance_type="ml.m5.large", initial_instance_count=1
    )
    return config


def test_mixins_set_what_the_construct_sets() -> None:
    stack = new_stack()
    raw = raw_in(stack).with_(
        EndpointConfigDataCapture(CAPTURE),
        EndpointConfigClarifyExplainer(EXPLAINER),
        EndpointConfigMetricsPublication(METRICS),
    )
    assert isinstance(raw, CfnEndpointConfig)
    other = new_stack()
    typed_in(other, data_capture=CAPTURE, explainer=EXPLAINER, metrics=METRICS)
    assert properties_of(stack) == properties_of(other)


def test_roles_get_the_permissions_of_all_mixins() -> None:
    stack = new_stack()
    bucket, role = s3.Bucket(stack, "Bucket"), ExecutionRole(stack, "Role")
    queue = AsyncInference(output_path=S3Location(bucket, "out/"))
    capture = DataCapture(destination=S3Location(bucket, "captured/"), sampling_percentage=10)
    mixins = (
        EndpointConfigAsyncInference(queue, roles=[role]),
        EndpointConfigDataCapture(capture, roles=[role]),
    )
    raw_in(stack).with_(*mixins)
    template = template_of(stack)
    assert sorted(statement_lines(template, "RoleDefaultPolicy")) == [
        "s3:AbortMultipartUpload s3:PutObject on <Bucket>/captured/*",
        "s3:AbortMultipartUpload s3:PutObject on <Bucket>/out/*",
        's3:ListBucket on <Bucket> if {"StringLike": {"s3:prefix": ["out", "out/*"]}}',
    ]
    (config,) = (
        each
        for each in template["Resources"].values()
        if each["Type"] == "AWS::SageMaker::EndpointConfig"
    )
    assert any(each.startswith("RoleDefaultPolicy") for each in config["DependsOn"])


def test_mixins_of_a_whole_app_apply_to_configurations_only() -> None:
    stack = new_stack()
    raw = raw_in(stack)
    config, role = typed_in(stack), ExecutionRole(stack, "Role")
    CfnModel(stack, "Model")
    mixin = EndpointConfigDataCapture(CAPTURE, roles=[role])
    found = cdk.Mixins.of(stack).apply(mixin).require_any().report
    assert [each.construct for each in found] == [raw, config]
    assert config.spec.data_capture_config is not None
    assert config.role_permissions.roles == (role,)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            lambda: EndpointConfigDataCapture(
                DataCapture(destination="s3://bucket/captured/", sampling_percentage=101)
            ),
            "sampling_percentage of EndpointConfigDataCapture() is 101; must be from 0 to 100",
        ),
        (
            lambda: EndpointConfigDataCapture(QUEUE),
            (
                "EndpointConfigDataCapture() is AsyncInference(output_path='s3://bucket/out/'); "
                "must be made with DataCapture(...)"
            ),
        ),
        (
            lambda: EndpointConfigDataCapture(CAPTURE, roles=["arn"]),
            "roles is 'arn'; must be a role (iam.IRole)",
        ),
    ],
)
def test_values_are_checked_at_the_call(call: Callable[[], object], expected: str) -> None:
    with pytest.raises(EndpointConfigError) as caught:
        call()
    (finding,) = caught.value.findings
    assert (finding.message, finding.resource) == (expected, None)
    assert finding.file == __file__


def test_arguments_of_the_feature_are_reported_with_the_argument_of_the_mixin() -> None:
    expected = (
        r"has no argument 'destination'; write data_capture=DataCapture\(destination=\.\.\.\)"
    )
    with pytest.raises(TypeError, match=expected):
        EndpointConfigDataCapture(destination="s3://bucket/")


def test_second_value_is_an_error() -> None:
    stack = new_stack()
    mixin = EndpointConfigDataCapture(CAPTURE)
    raw = raw_in(stack).with_(mixin)
    with pytest.raises(RuntimeError, match="data_capture_config of the CfnEndpointConfig is alrea"):
        raw.with_(mixin)
    config = typed_in(stack, data_capture=CAPTURE)
    with pytest.raises(RuntimeError, match="is not allowed because data_capture is already set"):
        config.with_(mixin)
