"""Requests that SageMaker accepts are not refused: bounds of the rules, and unusual values."""

from __future__ import annotations

import pytest
from kit.requests import (
    API_REQUESTS,
    FULL_REQUESTS,
    Request,
    changed,
    errors_of,
    findings_of,
    without,
)

from cdk_epc.requests import check_request

VARIANT = "ProductionVariants[0]"
SCALING = {"MinInstanceCount": 1, "MaxInstanceCount": 1}
OUTSIDE = {"MinInstanceCount": 3, "MaxInstanceCount": 3}
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
    ("instances", "KmsKeyId"),
    ("instances", "DataCaptureConfig.KmsKeyId"),
    ("asynchronous", "AsyncInferenceConfig.OutputConfig.KmsKeyId"),
    ("instances", "ProductionVariants[0].CoreDumpConfig.KmsKeyId"),
    (
        "serverless",
        "KmsKeyId",
    ),  # the key encrypts the image, although an old guide excluded it
]
CAPTURE = FULL_REQUESTS["instances"]["DataCaptureConfig"]
INFERENCE = "ExplainerConfig.ClarifyExplainerConfig.InferenceConfig"
POOLS = f"{VARIANT}.InstancePools"

ONE_CHANGE = [
    # Bounds are inclusive.
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
    ("instances", "DataCaptureConfig.DestinationS3Uri", "s3://abc"),
    ("instances", "DataCaptureConfig.DestinationS3Uri", "s3://amzn-s3-demo-bucket/"),
    ("instances", "DataCaptureConfig.DestinationS3Uri", "s3://" + "b" * 63 + "/Été_1"),
    (
        "instances",
        "DataCaptureConfig.DestinationS3Uri",
        "s3://arn:aws:s3:us-east-1:111122223333:accesspoint/captured",
    ),
    ("instances", f"{VARIANT}.InitialVariantWeight", 1_000_000),
    # Bounds of rules about several members.
    ("serverless", f"{VARIANT}.ServerlessConfig.ProvisionedConcurrency", 1),
    ("components", f"{VARIANT}.ManagedInstanceScaling", {"Status": "ENABLED", **SCALING}),
    ("components", f"{VARIANT}.ManagedInstanceScaling", SCALING),
    ("components", f"{VARIANT}.ManagedInstanceScaling", {"Status": "DISABLED", **OUTSIDE}),
    ("components", f"{VARIANT}.ManagedInstanceScaling", {"MinInstanceCount": 1}),
    ("components", f"{VARIANT}.InitialInstanceCount", 2),
    ("components", "VpcConfig.SecurityGroupIds", [*"abcde", "${Token[TOKEN.1]}"]),
    ("shadow", "DataCaptureConfig", without({"c": CAPTURE}, "c.KmsKeyId")["c"]),
    ("instances", f"{VARIANT}.RoutingConfig", {"RoutingStrategy": "RANDOM"}),
    ("reserved", "ProductionVariants[1].CapacityReservationConfig", {}),
    ("reserved", f"{VARIANT}.InstanceType", "ml.p4de.24xlarge"),
    ("reserved", f"{VARIANT}.InferenceAmiVersion", "al2-ami-sagemaker-inference-gpu-2"),
    ("pools", f"{POOLS}[1].InstanceType", "ml.trn1.2xlarge"),
    ("pools-routed", f"{POOLS}[1].InstanceType", "ml.m5.xlarge"),
    ("instances", "DataCaptureConfig.EnableCapture", False),
    ("instances", "DataCaptureConfig.CaptureContentTypeHeader", {"CsvContentTypes": ["a/b"]}),
    ("asynchronous", "AsyncInferenceConfig.OutputConfig.NotificationConfig", {}),
    ("explained", f"{INFERENCE}.FeatureHeaders", ["age", "review"]),
    ("explained-lines", f"{INFERENCE}.ContentTemplate", "$features"),
    ("instances", "MetricsConfig.EnableDetailedObservability", True),
    ("asynchronous", f"{VARIANT}.RoutingConfig", {"RoutingStrategy": "RANDOM"}),
    ("shadow", f"{VARIANT}.InferenceAmiVersion", "al2-${Token[TOKEN.1]}-gpu-2"),
    ("shadow", "ShadowProductionVariants[0].InitialInstanceCount", 3),
    ("components", "KmsKeyId", ""),
    ("components", f"{VARIANT}.InstanceType", "ml.inf1.xlarge"),
    ("components", "EnableNetworkIsolation", True),
    ("serverless", f"{VARIANT}.EnableSSMAccess", False),
    ("serverless", "ExecutionRoleArn", ROLES[0]),
    ("shadow", "ExecutionRoleArn", ROLES[0]),
    (
        "explained",
        INFERENCE,
        {"FeatureTypes": ["text"]},
    ),
    *[("serverless", f"{VARIANT}.ServerlessConfig.MemorySizeInMB", n * 1024) for n in range(1, 7)],
    *[(good, place, key) for good, place in KEY_PLACES for key in KEYS],
    *[("instances", "ExecutionRoleArn", role) for role in ROLES],
    *[
        ("instances", "MetricsConfig.MetricPublishFrequencyInSeconds", seconds)
        for seconds in (10, 30, 60, 120, 180, 240, 300)
    ],
    *[
        ("instances", "DataCaptureConfig.CaptureOptions", [{"CaptureMode": mode}])
        for mode in ("Input", "Output")
    ],
    *[
        ("explained", "ExplainerConfig.ClarifyExplainerConfig.EnableExplanations", expression)
        for expression in ("`true`", "contains(keys(@), 'score')", "[0] == `1`")
    ],
]


def test_these_values_have_no_finding() -> None:
    found = [
        (good, at, value, findings)
        for good, at, value in ONE_CHANGE
        if (findings := findings_of(changed(FULL_REQUESTS[good], at, value)))
    ]
    assert found == []


@pytest.mark.parametrize(
    "profiles",
    [
        ["mig-7g.40gb"],
        ["mig-1g.10gb"] * 4,
        ["mig-2g.10gb"] * 3 + ["mig-1g.5gb"],
        ["mig-3g.20gb"] * 2,
        ["mig-1g.5gb"] * 7,
    ],
)
def test_partitions_of_a_whole_accelerator_have_no_finding(profiles: list[str]) -> None:
    at = f"{VARIANT}.AcceleratorPartitionLayouts[0].AcceleratorPartitionTypes"
    assert check_request(changed(API_REQUESTS["partitions"], at, profiles)) == []


def test_these_members_are_optional() -> None:
    optional = [
        ("serverless", "ProductionVariants[0].ServerlessConfig.ProvisionedConcurrency"),
        ("serverless", "DataCaptureConfig"),
        ("serverless", "EnableNetworkIsolation"),
        ("serverless", "ProductionVariants[0].InitialVariantWeight"),
        ("serverless", "KmsKeyId"),
        ("components", "ProductionVariants[0].ManagedInstanceScaling"),
        ("reserved", "ProductionVariants[0].CapacityReservationConfig"),
        ("pools-routed", "ProductionVariants[0].VolumeSizeInGB"),
        ("pools", "ProductionVariants[0].VariantInstanceProvisionTimeoutInSeconds"),
        ("instances", "MetricsConfig"),
        ("instances", "MetricsConfig.MetricPublishFrequencyInSeconds"),
        ("instances", "DataCaptureConfig.CaptureContentTypeHeader"),
        ("asynchronous", "AsyncInferenceConfig.OutputConfig.NotificationConfig"),
        ("asynchronous", "AsyncInferenceConfig.OutputConfig.S3FailurePath"),
        ("explained", f"{INFERENCE}.ProbabilityIndex"),
        ("explained", f"{INFERENCE}.FeatureHeaders"),
        ("instances", "ExecutionRoleArn"),
        ("instances", "DataCaptureConfig.EnableCapture"),
        ("asynchronous", "AsyncInferenceConfig.ClientConfig"),
        ("shadow", "ShadowProductionVariants[0].InitialVariantWeight"),
        ("components", "VpcConfig"),
        (
            "explained-lines",
            "ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig.MimeType",
        ),
    ]
    found = [
        (good, at, findings)
        for good, at in optional
        if (findings := findings_of(without(FULL_REQUESTS[good], at)))
    ]
    assert found == []


def test_ten_variants_of_any_weight_have_no_finding() -> None:
    variants = [
        {**FULL_REQUESTS["shadow"]["ProductionVariants"][0], "VariantName": f"v{n}"}
        | {"InitialVariantWeight": n / 10}
        for n in range(10)
    ]
    assert findings_of({"ProductionVariants": variants}) == []


def test_a_provision_timeout_without_pools_has_no_finding() -> None:
    at = f"{VARIANT}.VariantInstanceProvisionTimeoutInSeconds"
    assert findings_of(changed(FULL_REQUESTS["shadow"], at, 300)) == []


def test_volumes_next_to_local_storage_require_no_key() -> None:
    request = without(FULL_REQUESTS["instances"], "KmsKeyId")
    request = without(request, f"{VARIANT}.VolumeSizeInGB")
    assert findings_of(changed(request, f"{VARIANT}.InstanceType", "ml.g5.xlarge")) == []


@pytest.mark.parametrize(
    ("good", "at", "value", "rule"),
    [
        (
            "instances",
            "DataCaptureConfig.DestinationS3Uri",
            "https://amzn-s3-demo-bucket/captured",
            "capture-destination-invalid",
        ),
        (
            "instances",
            "DataCaptureConfig.DestinationS3Uri",
            "s3://b",
            "capture-destination-invalid",
        ),
        (
            "instances",
            "DataCaptureConfig.InitialSamplingPercentage",
            0,
            "capture-sampling-zero",
        ),
        (
            "shadow",
            "ShadowProductionVariants[0].VariantName",
            "production",
            "shadow-name-repeated",
        ),
        ("serverless", f"{VARIANT}.VolumeSizeInGB", 1, "serverless-with-volume"),
        (
            "shadow",
            f"{VARIANT}.ManagedInstanceScaling",
            {"Status": "DISABLED", **SCALING},
            "managed-scaling-disabled",
        ),
        (
            "shadow",
            "VpcConfig",
            FULL_REQUESTS["components"]["VpcConfig"],
            "vpc-with-models",
        ),
    ],
)
def test_accepted_with_a_warning(good: str, at: str, value: object, rule: str) -> None:
    (finding,) = findings_of(changed(FULL_REQUESTS[good], at, value))
    assert (finding.rule_id, finding.severity) == (rule, "warning")


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
def test_uncertain_values_have_a_warning(request_: Request, rule: str) -> None:
    (finding,) = findings_of(request_)
    assert rule in finding.rule_id
    assert errors_of(request_) == []


@pytest.mark.parametrize(
    ("region", "topic"),
    [
        (None, "arn:aws:sns:eu-west-1:111122223333:responses"),
        ("us-east-1", "arn:aws:sns:us-east-1:111122223333:responses"),
        ("us-east-1", "arn:aws:sns::111122223333:responses"),
        ("us-east-1", "${Token[TOKEN.1]}"),
        ("us-east-1", "arn:aws:sns:eu-west-1:111122223333:${Token[TOKEN.1]}"),
        ("${Token[AWS.Region.4]}", "arn:aws:sns:us-east-1:111122223333:responses"),
    ],
)
def test_a_topic_that_may_be_in_the_region_has_no_finding(region: str | None, topic: str) -> None:
    at = "AsyncInferenceConfig.OutputConfig.NotificationConfig"
    request = changed(FULL_REQUESTS["asynchronous"], at, {"SuccessTopic": topic})
    assert findings_of(request, region) == []
