"""Requests from practice: accepted ones have no error, refused ones the right errors."""

from __future__ import annotations

from kit.requests import Request, errors_of, findings_of, load

ACCEPTED: dict[str, Request] = {
    each["id"]: each["request"] for each in load("accepted_requests.json")
}
REJECTED: dict[str, Request] = {
    each["id"]: each["request"] for each in load("rejected_requests.json")
}

VARIANT = "ProductionVariants[0]"
REFUSED_AT = {
    "mis-with-model-0-2": {
        ("managed-scaling-with-model", f"{VARIANT}.ManagedInstanceScaling"),
    },
    "ic-without-role": {("inference-component-role-missing", "ExecutionRoleArn")},
    "model-name-spaces": {("value-pattern-mismatch", f"{VARIANT}.ModelName")},
    "instance-local": {("instance-type-malformed", f"{VARIANT}.InstanceType")},
    "config-name-trailing-hyphen": {("value-pattern-mismatch", "EndpointConfigName")},
    "volume-on-trn1": {("volume-with-local-storage", f"{VARIANT}.VolumeSizeInGB")},
    # SageMaker reported the first of the two only.
    "tf-underscore-name": {
        ("value-pattern-mismatch", "EndpointConfigName"),
        ("value-pattern-mismatch", f"{VARIANT}.VariantName"),
    },
    "shadow-with-serverless": {("shadow-with-serverless", f"{VARIANT}.ServerlessConfig")},
    "shadow-inf1": {("shadow-on-inf1", f"{VARIANT}.InstanceType")},
    "mig-two-layouts": {
        ("member-not-in-cloudformation", f"{VARIANT}.AcceleratorPartitionLayouts"),
        ("partition-layouts-several", f"{VARIANT}.AcceleratorPartitionLayouts"),
    },
    "ic-with-weight": {
        ("inference-component-with-weight", f"{VARIANT}.InitialVariantWeight"),
    },
    "mock-serverless-memory-1111": {
        ("serverless-memory-step", f"{VARIANT}.ServerlessConfig.MemorySizeInMB"),
    },
}

WARNED_OF = {
    # A key encrypts the responses, and none the volumes of ml.t2.medium.
    "tf-async-topics": {("kms-key-missing", "KmsKeyId")},
    "tf-async-include-response": {("kms-key-missing", "KmsKeyId")},
    "tf-async-failure-path": {("kms-key-missing", "KmsKeyId")},
    # One content type is in both lists.
    "lambda-shadow-capture-c5": {
        (
            "capture-content-type-repeated",
            "DataCaptureConfig.CaptureContentTypeHeader.JsonContentTypes[1]",
        ),
    },
    "mock-core-dump-kms-spec": {("ssm-access-enabled", f"{VARIANT}.EnableSSMAccess")},
}
"""Warnings of accepted requests, except that their name is fixed."""


def test_accepted_requests_have_no_error() -> None:
    found = {name: errors_of(request) for name, request in ACCEPTED.items()}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_accepted_requests_have_only_these_warnings() -> None:
    found = {
        name: {(each.rule_id, each.path) for each in findings_of(request)}
        - {("name-fixed", "EndpointConfigName")}
        for name, request in ACCEPTED.items()
    }
    assert {name: warnings for name, warnings in found.items() if warnings} == WARNED_OF


def test_refused_requests_have_these_errors() -> None:
    found = {
        name: sorted((error.rule_id, error.path) for error in errors_of(request))
        for name, request in REJECTED.items()
    }
    assert found == {name: sorted(errors) for name, errors in REFUSED_AT.items()}
