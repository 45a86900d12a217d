"""Copies of a component on the instances of its variant: scaling, types and unknown numbers."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc import check_template

VARIANT = {"VariantName": "main", "InstanceType": "ml.g5.12xlarge"}
ROLE = "arn:aws:iam::111122223333:role/assistants"


def found(copies: Any, variant: dict[str, Any], compute: dict[str, Any]) -> list[str]:
    """Return the requirements of the rule for a component on one variant."""
    config = {
        "ExecutionRoleArn": ROLE,
        "ProductionVariants": [{**VARIANT, **variant}],
    }
    component = {
        "EndpointName": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
        "VariantName": "main",
        "Specification": {
            "Container": {"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/assistant:7"},
            "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024, **compute},
        },
        "RuntimeConfig": {"CopyCount": copies},
    }
    name = {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
    resources: dict[str, Any] = {
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": config},
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointConfigName": name},
        },
        "Component": {"Type": "AWS::SageMaker::InferenceComponent", "Properties": component},
    }
    template = {"Parameters": {"Most": {"Type": "Number"}}, "Resources": resources}
    return [
        str(each.allowed)
        for each in check_template(template)
        if each.rule_id == "component-copies-do-not-fit"
    ]


def managed(most: Any, status: str = "ENABLED") -> dict[str, Any]:
    scaling = {"Status": status, "MinInstanceCount": 1, "MaxInstanceCount": most}
    return {"InitialInstanceCount": 1, "ManagedInstanceScaling": scaling}


ONE, TWO = {"NumberOfAcceleratorDevicesRequired": 1}, {"NumberOfAcceleratorDevicesRequired": 2}


@pytest.mark.parametrize(
    ("copies", "variant", "compute", "expected"),
    [
        (5, {"InitialInstanceCount": 1}, ONE, "4, the copies that fit on 1 instance of"),
        (4, {"InitialInstanceCount": 1}, ONE, ""),
        (5, managed(2), TWO, "4, the copies that fit on 2 instances of"),
        (5, managed(2, "DISABLED"), TWO, "2, the copies that fit on 1 instance of"),
        (5, managed({"Ref": "Most"}), TWO, ""),
        ({"Ref": "Most"}, managed(1), ONE, ""),
        (9, {"InitialInstanceCount": 1}, {"MinMemoryRequiredInMb": 10**400}, ""),
        (9, {"InitialInstanceCount": 1}, {"NumberOfAcceleratorDevicesRequired": 8}, ""),
        (
            3,
            {"InitialInstanceCount": 1},
            {**ONE, "NumberOfCpuCoresRequired": 20},
            "2, the copies that fit on 1 instance of",
        ),
    ],
)
def test_copies(copies: Any, variant: dict[str, Any], compute: Any, expected: str) -> None:
    assert found(copies, variant, compute) == (
        [f"not exceed {expected} ml.g5.12xlarge"] if expected else []
    )
