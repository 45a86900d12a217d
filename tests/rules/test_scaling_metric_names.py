"""Names and namespaces of tracked metrics, alone and in metric math, and of watched ones."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc import check_template

ID = "scaling-metric-unknown"
DIMENSIONS = [
    {"Name": "EndpointName", "Value": "fraud"},
    {"Name": "VariantName", "Value": "main"},
]


def found(custom: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the path below the specification and the fix of each finding."""
    policy = {
        "PolicyName": "p",
        "PolicyType": "TargetTrackingScaling",
        "ServiceNamespace": "sagemaker",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "ResourceId": "endpoint/fraud/variant/main",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 60,
            "CustomizedMetricSpecification": custom,
        },
    }
    resources = {
        "Policy": {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy", "Properties": policy}
    }
    findings = check_template({"Resources": resources})
    return [
        (each.path.partition("MetricSpecification.")[2], each.fix)
        for each in findings
        if each.rule_id == ID
    ]


def metric(namespace: str, name: str, **more: Any) -> dict[str, Any]:
    return {"Namespace": namespace, "MetricName": name, "Dimensions": DIMENSIONS, **more}


HOST = "/aws/sagemaker/Endpoints"


@pytest.mark.parametrize(
    ("namespace", "name", "expected"),
    [
        ("AWS/SageMaker", "CPUUtilization", [("Namespace", f"Write {HOST}.")]),
        ("/aws/sagemaker/endpoints", "CPUUtilization", [("Namespace", f"Write {HOST}.")]),
        (
            "AWS/SageMaker",
            "InvocationPerInstance",
            [("MetricName", "Write InvocationsPerInstance.")],
        ),
        ("AWS/SageMaker", "Jobs", []),
        (HOST, "CPUUtilization", []),
        ("Acme", "CPUUtilization", []),
    ],
)
def test_a_tracked_metric(namespace: str, name: str, expected: list[tuple[str, str]]) -> None:
    assert found({**metric(namespace, name), "Statistic": "Average"}) == expected
    query = {"Id": "m", "MetricStat": {"Metric": metric(namespace, name), "Stat": "Average"}}
    place = "Metrics[0].MetricStat.Metric."
    assert found({"Metrics": [query]}) == [(f"{place}{path}", fix) for path, fix in expected]
