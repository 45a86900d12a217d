"""Links between a scalable target and an endpoint whose names are equal expressions."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import resource

from cdk_epc.templates import check_template

RETAIN, BURSTABLE = "scaled-count-reset", "scaling-burstable-type"
OPEN: dict[str, Any] = {"Type": "String"}


def rules(name: Any, resource_id: Any, **parameters: Any) -> set[str]:
    """Return the rules about a target on an endpoint with a burstable type."""
    variant = {
        "VariantName": "main",
        "ModelName": "fraud",
        "InstanceType": "ml.t2.medium",
        "InitialInstanceCount": 1,
    }
    config = resource("AWS::SageMaker::EndpointConfig", ProductionVariants=[variant])
    endpoint = resource(
        "AWS::SageMaker::Endpoint",
        EndpointName=name,
        EndpointConfigName={"Fn::GetAtt": ["Config", "EndpointConfigName"]},
    )
    target = resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        ServiceNamespace="sagemaker",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        ResourceId=resource_id,
        MinCapacity=1,
        MaxCapacity=2,
    )
    target["DependsOn"] = "Endpoint"
    found = check_template(
        {
            "Parameters": parameters,
            "Resources": {"Config": config, "Endpoint": endpoint, "Target": target},
        }
    )
    return {each.rule_id for each in found}


def sub(text: str) -> dict[str, Any]:
    return {"Fn::Sub": text}


@pytest.mark.parametrize(
    ("name", "resource_id"),
    [
        (sub("${Name}-prd"), sub("endpoint/${Name}-prd/variant/main")),
        (sub("${Name}-prd-${Job}"), sub("endpoint/${Name}-prd-${Job}/variant/main")),
        (
            {"Fn::Join": ["-", [{"Ref": "Name"}, "prd"]]},
            {"Fn::Join": ["", ["endpoint/", {"Ref": "Name"}, "-prd", "/variant/main"]]},
        ),
        (sub("${Name}-prd"), sub("endpoint/fraud-prd/variant/main")),
    ],
)
def test_equal_names(name: Any, resource_id: Any) -> None:
    parameters = {"Name": {"Type": "String", "Default": "fraud"}, "Job": OPEN}
    assert rules(name, resource_id, **parameters) >= {RETAIN, BURSTABLE}
    if resource_id != sub("endpoint/fraud-prd/variant/main"):
        assert rules(name, resource_id, Name=OPEN, Job=OPEN) >= {RETAIN, BURSTABLE}


@pytest.mark.parametrize(
    "resource_id",
    [
        sub("endpoint/${Name}-dev/variant/main"),
        sub("endpoint/${Name}-prd-${Job}/variant/main"),
        sub("endpoint/${Job}-prd/variant/main"),
        sub("endpoint/x${Name}-prd/variant/main"),
    ],
)
def test_other_names(resource_id: Any) -> None:
    assert BURSTABLE not in rules(sub("${Name}-prd"), resource_id, Name=OPEN, Job=OPEN)


@pytest.mark.parametrize("parameter", ["BuildNumber", "CommitSha", "ImageVersion", "Timestamp"])
def test_counts_of_an_endpoint_that_each_build_replaces(parameter: str) -> None:
    name = f"fraud-${{{parameter}}}"
    found = rules(sub(name), sub(f"endpoint/{name}/variant/main"), **{parameter: OPEN})
    assert BURSTABLE in found
    assert RETAIN not in found
