"""What SageMaker takes is never refused: the edges of the rules, and the odd but legal."""

from __future__ import annotations

import pytest
from kit.specs import FULL_REQUESTS, Request, changed, errors_of, findings_of, without

VARIANT = "ProductionVariants[0]"
SCALING = {"MinInstanceCount": 3, "MaxInstanceCount": 3}
ROLES = [
    "arn:aws:iam::111122223333:role/service-role/sagemaker",
    "arn:aws-cn:iam::111122223333:role/sagemaker",
    "arn:aws-us-gov:iam::111122223333:role/sagemaker",
    "arn:aws-iso:iam::111122223333:role/sagemaker",
    "arn:aws-iso-b:iam::111122223333:role/sagemaker",
]
KEYS = [
    "",
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "mrk-1234abcd12ab34cd56ef1234567890ab",
    "alias/aws/s3",
    "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws-cn:kms:cn-north-1:111122223333:alias/volumes",
    "arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/volumes",
]
KEY_PLACES = [
    "KmsKeyId",
    "DataCaptureConfig.KmsKeyId",
    "AsyncInferenceConfig.OutputConfig.KmsKeyId",
    "ProductionVariants[0].CoreDumpConfig.KmsKeyId",
]

ONE_CHANGE = [
    # bounds are inclusive
    ("serverless", f"{VARIANT}.ServerlessConfig.MaxConcurrency", 200),
    ("pools", f"{VARIANT}.VariantInstanceProvisionTimeoutInSeconds", 3600),
    ("instances", f"{VARIANT}.VolumeSizeInGB", 512),
    ("instances", f"{VARIANT}.VariantName", "v" * 63),
    ("instances", "Tags[0].Key", "k" * 128),
    ("instances", "Tags[0].Value", ""),
    ("instances", "Tags[0].Value", "été 日本 _.:/=+-@"),
    ("instances", "Tags[0].Key", "aws"),
    ("instances", "Tags[0].Key", "Team"),
    ("instances", "DataCaptureConfig.InitialSamplingPercentage", 100),
    ("instances", "DataCaptureConfig.DestinationS3Uri", "https://amzn-s3-demo-bucket/captured"),
    ("instances", "DataCaptureConfig.DestinationS3Uri", "s3://b"),
    ("instances", f"{VARIANT}.InitialVariantWeight", 1_000_000),
    # cross-field rules at their edges
    ("serverless", f"{VARIANT}.ServerlessConfig.ProvisionedConcurrency", 1),
    ("components", f"{VARIANT}.ManagedInstanceScaling", {"Status": "ENABLED", **SCALING}),
    ("components", f"{VARIANT}.ManagedInstanceScaling", SCALING),
    ("instances", f"{VARIANT}.ManagedInstanceScaling", {"Status": "DISABLED", **SCALING}),
    ("shadow", "ShadowProductionVariants[0].VariantName", "production"),
    ("shadow", "DataCaptureConfig", FULL_REQUESTS["instances"]["DataCaptureConfig"]),
    ("instances", f"{VARIANT}.RoutingConfig", {"RoutingStrategy": "RANDOM"}),
    ("instances", "ProductionVariants[1].CapacityReservationConfig", {}),
    ("components", "KmsKeyId", ""),
    ("components", f"{VARIANT}.InstanceType", "ml.inf1.xlarge"),
    ("components", "EnableNetworkIsolation", True),
    ("serverless", f"{VARIANT}.EnableSSMAccess", False),
    ("serverless", "ExecutionRoleArn", ROLES[0]),
    ("shadow", "ExecutionRoleArn", ROLES[0]),
    (
        "instances",
        "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig.FeatureTypes",
        ["text"],
    ),
    *[("serverless", f"{VARIANT}.ServerlessConfig.MemorySizeInMB", n * 1024) for n in range(1, 7)],
    *[("instances", place, key) for place in KEY_PLACES for key in KEYS],
    *[("instances", "ExecutionRoleArn", role) for role in ROLES],
    *[
        ("instances", "MetricsConfig.MetricPublishFrequencyInSeconds", seconds)
        for seconds in (10, 30, 60, 120, 180, 240, 300)
    ],
    *[
        ("instances", "DataCaptureConfig.CaptureOptions[0].CaptureMode", mode)
        for mode in ("Input", "Output", "InputAndOutput")
    ],
    *[
        ("instances", "ExplainerConfig.ClarifyExplainerConfig.EnableExplanations", expression)
        for expression in ("`true`", "contains(keys(@), 'score')", "[0] == `1`")
    ],
]


@pytest.mark.parametrize(("good", "at", "value"), ONE_CHANGE)
def test_no_finding(good: str, at: str, value: object) -> None:
    assert findings_of(changed(FULL_REQUESTS[good], at, value)) == []


@pytest.mark.parametrize(
    ("good", "at"),
    [
        ("serverless", "ProductionVariants[0].ServerlessConfig.ProvisionedConcurrency"),
        ("serverless", "DataCaptureConfig"),
        ("serverless", "EnableNetworkIsolation"),
        ("serverless", "ProductionVariants[0].InitialVariantWeight"),
        ("instances", "ProductionVariants[0].ManagedInstanceScaling"),
        ("instances", "ProductionVariants[0].CapacityReservationConfig"),
        ("instances", "ExecutionRoleArn"),
        ("instances", "DataCaptureConfig.EnableCapture"),
        ("instances", "AsyncInferenceConfig.ClientConfig"),
        ("shadow", "ShadowProductionVariants[0].InitialVariantWeight"),
        ("components", "VpcConfig"),
        ("components", "ProductionVariants[0].ManagedInstanceScaling.MaxInstanceCount"),
        (
            "components",
            "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig.MimeType",
        ),
    ],
)
def test_no_finding_without(good: str, at: str) -> None:
    assert findings_of(without(FULL_REQUESTS[good], at)) == []


def test_ten_variants_of_any_weight() -> None:
    variants = [
        {**FULL_REQUESTS["shadow"]["ProductionVariants"][0], "VariantName": f"v{n}"}
        | {"InitialVariantWeight": n / 10}
        for n in range(10)
    ]
    assert findings_of({"ProductionVariants": variants}) == []


def test_volume_size_goes_with_ebs_only_and_with_serverless_never_judged() -> None:
    request = changed(FULL_REQUESTS["serverless"], f"{VARIANT}.VolumeSizeInGB", 1)
    assert findings_of(request) == []


@pytest.mark.parametrize(
    ("request_", "rule"),
    [
        (changed(FULL_REQUESTS["shadow"], f"{VARIANT}.InstanceType", "ml.x9.large"), "unknown"),
        (changed(FULL_REQUESTS["pools"], "EndpointConfigName", "shop"), "fixed"),
        (changed(FULL_REQUESTS["pools"], f"{VARIANT}.InferenceAmiVersion", "new"), "unpublished"),
        (
            changed(
                FULL_REQUESTS["components"], f"{VARIANT}.RoutingConfig.RoutingStrategy", "KV_AWARE"
            ),
            "kv-aware",
        ),
    ],
)
def test_less_sure_is_a_warning(request_: Request, rule: str) -> None:
    (finding,) = findings_of(request_)
    assert rule in finding.rule_id
    assert errors_of(request_) == []
