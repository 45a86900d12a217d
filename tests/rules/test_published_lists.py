"""Members, values and instance types that AWS may have added after the data of this library."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import template_of

from cdk_epc.catalog import instances
from cdk_epc.requests import check_request
from cdk_epc.templates import check_template

UNKNOWN, UNPUBLISHED = ("error", "member-unknown"), ("warning", "member-unpublished")
WRONG, NEW = ("error", "value-not-allowed"), ("warning", "value-unpublished")
MALFORMED = ("error", "instance-type-malformed")
NEW_TYPE = ("warning", "instance-type-unknown")


def request_with(instance_type: str = "ml.m5.large", **members: Any) -> dict[str, Any]:
    """Return the properties of a configuration with members of its variant."""
    variant = {
        "VariantName": "main",
        "ModelName": "fraud",
        "InstanceType": instance_type,
        "InitialInstanceCount": 1,
        **members,
    }
    return {"ProductionVariants": [variant]}


CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (request_with(QuantumMode="on"), [UNPUBLISHED]),
    (request_with(InitialWeight=1), [UNKNOWN]),
    (request_with(model_data_download_timeout_in_second=60), [UNKNOWN]),
    # A member of another object is misplaced, not new.
    (request_with(MemorySizeInMB=1024), [UNKNOWN]),
    (request_with(RoutingConfig={"RoutingStrategy": "SHORTEST_QUEUE"}), [NEW]),
    (request_with(RoutingConfig={"RoutingStrategy": "least-outstanding-requests"}), [WRONG]),
    (request_with(RoutingConfig={"RoutingStrategy": "LEAST_OUTSTANDING_REQUEST"}), [WRONG]),
    # A word to come is neither empty nor a number.
    (request_with(RoutingConfig={"RoutingStrategy": ""}), [WRONG]),
    (request_with(RoutingConfig={"RoutingStrategy": "7"}), [WRONG]),
    # The lists of a switch and of numbers do not grow.
    (request_with(ManagedInstanceScaling={"Status": "PAUSED"}), [WRONG]),
    (request_with(InferenceAmiVersion="al2023-ami-sagemaker-inference-gpu-9-1"), [NEW]),
    (request_with("ml.g99.metal-24xl"), [NEW_TYPE]),
    (request_with("ml.u9i-12tb.224xlarge"), [NEW_TYPE]),
    (request_with("ml.m5.96xlarge"), [NEW_TYPE]),
    (request_with("ml.m5.xlagre"), [MALFORMED]),
    (request_with("ml.m5.4xlareg"), [MALFORMED]),
    (request_with("m5.xlarge"), [MALFORMED]),
]


@pytest.mark.parametrize(("properties", "expected"), CASES)
def test_new_and_misspelt_names(
    properties: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    def relevant(found: Any) -> list[tuple[str, str]]:
        ids = [each[1] for each in (UNKNOWN, UNPUBLISHED, WRONG, NEW, MALFORMED, NEW_TYPE)]
        return [(str(each.severity), each.rule_id) for each in found if each.rule_id in ids]

    assert relevant(check_request({"EndpointConfigName": "a", **properties})) == expected
    assert relevant(check_template(template_of(properties))) == expected


def test_warnings_name_the_edition() -> None:
    assert instances.edition().startswith("botocore ")
    for properties, expected in CASES:
        for each in check_template(template_of(properties)):
            if (str(each.severity), each.rule_id) in {UNPUBLISHED, NEW, NEW_TYPE}:
                assert instances.edition() in each.message, expected
