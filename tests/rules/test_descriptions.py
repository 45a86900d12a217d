"""Descriptions of configurations: members that SageMaker or a tool added are no findings."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.requests import check_request

ARN = {"EndpointConfigArn": "arn:aws:sagemaker:us-east-1:111122223333:endpoint-config/a"}
TIME = {"CreationTime": "2026-01-01T00:00:00Z"}
VARIANT = {
    "VariantName": "main",
    "ModelName": "fraud",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}


def rules(variant: dict[str, Any], **members: Any) -> list[str]:
    request = {"EndpointConfigName": "a", "ProductionVariants": [variant], **members}
    return [each.rule_id for each in check_request(request)]


@pytest.mark.parametrize("marker", [ARN, TIME, {**ARN, **TIME}])
def test_additions_to_a_description(marker: dict[str, Any]) -> None:
    tool = {**VARIANT, "AcceleratorType": None, "CoreDumpConfig": None, "InitialInstanceCount": 1.0}
    assert rules(tool, KmsKeyId=None, ShadowProductionVariants=[], **marker) == []
    with_disk = {**VARIANT, "InstanceType": "ml.g5.12xlarge", "VolumeSizeInGB": 450}
    assert rules(with_disk, **marker) == []
    of_components = {key: value for key, value in VARIANT.items() if key != "ModelName"}
    role = "arn:aws:iam::111122223333:role/sagemaker"
    weighted = {**of_components, "InitialVariantWeight": 1.0}
    assert rules(weighted, ExecutionRoleArn=role, **marker) == []
    assert rules({**VARIANT, "NewMember": 1}, NewSection={"A": 1}, **marker) == []
    disabled = {"Status": "DISABLED", "MinInstanceCount": 0, "MaxInstanceCount": 0}
    emptied = {**VARIANT, "ManagedInstanceScaling": disabled, "InferenceAmiVersion": ""}
    topics = {"SuccessTopic": "", "ErrorTopic": ""}
    output = {"S3OutputPath": "s3://bucket/x", "S3FailurePath": "", "NotificationConfig": topics}
    assert rules(emptied, AsyncInferenceConfig={"OutputConfig": output}, **marker) == []


def test_errors_in_a_description_and_the_same_in_a_request() -> None:
    assert rules({**VARIANT, "AcceleratorType": "ml.eia2.medium"}, **ARN) == [
        "variant-with-elastic-inference"
    ]
    assert rules({**VARIANT, "AcceleratorType": None}, KmsKeyId=None) == [
        "variant-with-elastic-inference",
        "member-null",
    ]
    assert "list-length-wrong" in rules(VARIANT, ShadowProductionVariants=[])
