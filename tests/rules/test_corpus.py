"""Requests that really ran have no error; those that were refused have one at the right place."""

from __future__ import annotations

import pytest
from kit.specs import Request, errors_of, findings_of, load

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
    # The service named the first of the two only.
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
    # The answers are encrypted with a key, and the volumes of ml.t2.medium are not.
    "tf-async-topics": {("kms-key-missing", "KmsKeyId")},
    "tf-async-include-response": {("kms-key-missing", "KmsKeyId")},
    "tf-async-failure-path": {("kms-key-missing", "KmsKeyId")},
    # One content type is to be written as CSV and as JSON.
    "lambda-shadow-capture-c5": {
        (
            "capture-content-type-repeated",
            "DataCaptureConfig.CaptureContentTypeHeader.JsonContentTypes[1]",
        ),
    },
    "mock-core-dump-kms-spec": {("ssm-access-enabled", f"{VARIANT}.EnableSSMAccess")},
}
"""What is said of requests that ran, besides that they have a name of their own."""


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    assert errors_of(ACCEPTED[name]) == []


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_with_few_warnings(name: str) -> None:
    found = {(each.rule_id, each.path) for each in findings_of(ACCEPTED[name])}
    assert found - {("name-fixed", "EndpointConfigName")} == WARNED_OF.get(name, set())


@pytest.mark.parametrize("name", REJECTED)
def test_rejected(name: str) -> None:
    errors = errors_of(REJECTED[name])
    assert {(error.rule_id, error.path) for error in errors} == REFUSED_AT[name]
    assert len(errors) == len(REFUSED_AT[name])


def test_every_refusal_is_of_the_corpus() -> None:
    assert REFUSED_AT.keys() == REJECTED.keys()


def test_every_warning_is_of_the_corpus() -> None:
    assert WARNED_OF.keys() <= ACCEPTED.keys()
