"""One finding a cause: no finding that only follows from another one."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import template_of

from cdk_epc.requests import check_request
from cdk_epc.templates import check_template


def capture_to(destination: Any) -> dict[str, Any]:
    variant = {
        "VariantName": "main",
        "ModelName": "fraud",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    capture = {
        "InitialSamplingPercentage": 10,
        "DestinationS3Uri": destination,
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    return {"ProductionVariants": [variant], "DataCaptureConfig": capture}


@pytest.mark.parametrize(
    ("destination", "rule"),
    [
        ("", "value-length-wrong"),
        ("bucket/prefix", "value-pattern-mismatch"),
        ("s3://bucket/two words", "capture-destination-invalid"),
    ],
)
def test_a_wrong_destination_is_one_finding(destination: str, rule: str) -> None:
    properties = capture_to(destination)
    assert [each.rule_id for each in check_template(template_of(properties))] == [rule]
    found = check_request({"EndpointConfigName": "a", **properties})
    assert [each.rule_id for each in found] == [rule]


def test_allowed_values_with_the_same_fault_are_one_finding() -> None:
    values = ["", "bucket/prefix", "bucket/other"]
    template = template_of(
        capture_to({"Ref": "Uri"}), Parameters={"Uri": {"Type": "String", "AllowedValues": values}}
    )
    assert [each.message.partition("(")[2] for each in check_template(template)] == [
        "where parameter Uri is empty)",
        "https|s3)://([^/])/?(.*) (where parameter Uri is bucket/prefix or bucket/other)",
    ]


def test_a_fixed_name_is_a_fault_beside_its_pattern() -> None:
    template = template_of({"EndpointConfigName": "a_b", **capture_to("s3://bucket/prefix")})
    assert [each.rule_id for each in check_template(template)] == [
        "value-pattern-mismatch",
        "name-fixed",
    ]
