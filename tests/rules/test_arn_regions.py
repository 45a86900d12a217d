"""Regions in the ARNs of model packages and KMS keys: every place, and unknown regions."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc import check_template

IDS = {"model-package-other-region", "kms-key-other-region"}
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PACKAGE = "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud/7"
VARIANT = {
    "VariantName": "main",
    "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
    "InstanceType": "ml.m5.xlarge",
    "InitialInstanceCount": 1,
}
OUTPUT = "s3://amzn-s3-demo-bucket/out"


def found(package: Any, config: dict[str, Any], region: str | None) -> list[str]:
    """Return the messages of the rules of this module."""
    role = "arn:aws:iam::111122223333:role/fraud-model"
    model = {"ExecutionRoleArn": role, "PrimaryContainer": {"ModelPackageName": package}}
    resources: dict[str, Any] = {
        "Model": {"Type": "AWS::SageMaker::Model", "Properties": model},
        "Config": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {"ProductionVariants": [VARIANT], **config},
        },
    }
    findings = check_template({"Resources": resources}, region=region)
    return [each.message for each in findings if each.rule_id in IDS]


@pytest.mark.parametrize(
    ("package", "config", "region", "expected"),
    [
        (
            PACKAGE,
            {},
            "eu-west-1",
            ["PrimaryContainer.ModelPackageName is a package in us-east-1; must be in eu-west-1"],
        ),
        (
            {"Fn::Sub": "arn:aws:sagemaker:us-east-1:${AWS::AccountId}:model-package/fraud/7"},
            {},
            "eu-west-1",
            ["PrimaryContainer.ModelPackageName is a package in us-east-1; must be in eu-west-1"],
        ),
        (PACKAGE, {}, "us-east-1", []),
        (PACKAGE, {"KmsKeyId": KEY}, None, []),
        ("fraud", {"KmsKeyId": "alias/fraud"}, "eu-west-1", []),
        ("fraud", {"KmsKeyId": KEY}, "eu-west-1", ["KmsKeyId"]),
        (
            "fraud",
            {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": OUTPUT, "KmsKeyId": KEY}}},
            "eu-west-1",
            ["AsyncInferenceConfig.OutputConfig.KmsKeyId"],
        ),
        (
            "fraud",
            {
                "DataCaptureConfig": {
                    "InitialSamplingPercentage": 10,
                    "DestinationS3Uri": OUTPUT,
                    "CaptureOptions": [{"CaptureMode": "Input"}],
                    "KmsKeyId": KEY,
                }
            },
            "eu-west-1",
            ["DataCaptureConfig.KmsKeyId"],
        ),
    ],
)
def test_regions_of_arns(
    package: Any, config: dict[str, Any], region: str | None, expected: list[str]
) -> None:
    messages = found(package, config, region)
    assert len(messages) == len(expected)
    assert all(one.startswith(start) for one, start in zip(messages, expected, strict=True))
