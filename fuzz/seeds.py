"""What the inputs are mutated from: the requests of the tests, and templates around them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parents[1] / "tests" / "data"

_SURROUNDINGS: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {
        "Type": {"Type": "String", "Default": "ml.m5.large", "AllowedValues": ["ml.m5.large"]},
        "Count": {"Type": "Number", "Default": 2, "MinValue": 0},
        "Names": {"Type": "CommaDelimitedList", "Default": "a,b"},
    },
    "Mappings": {"ByAccount": {"111122223333": {"Type": "ml.g5.xlarge", "Count": 1}}},
    "Conditions": {
        "IsBig": {"Fn::Equals": [{"Ref": "Type"}, "ml.m5.large"]},
        "IsNot": {"Fn::Not": [{"Condition": "IsBig"}]},
    },
    "Resources": {
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "PrimaryContainer": {"Image": "image", "Mode": "MultiModel"},
                "VpcConfig": {"Subnets": ["s"], "SecurityGroupIds": ["g"]},
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sagemaker.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            },
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {
                "EndpointConfigName": {"Fn::GetAtt": "Config.EndpointConfigName"},
                "DeploymentConfig": {"RollingUpdatePolicy": {"MaximumBatchSize": {"Value": 1}}},
            },
        },
        "Target": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Properties": {
                "ServiceNamespace": "sagemaker",
                "ResourceId": {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/a"},
                "MinCapacity": 1,
                "MaxCapacity": {"Ref": "Count"},
            },
        },
    },
}


@cache
def requests() -> tuple[dict[str, Any], ...]:
    """Requests that SageMaker accepts, that it refuses, and some with every member."""
    found: list[dict[str, Any]] = []
    for name in ("accepted_requests.json", "rejected_requests.json"):
        found.extend(each["request"] for each in _read(name))
    found.extend(_read("full_requests.json").values())
    return tuple(found)


@cache
def templates() -> tuple[dict[str, Any], ...]:
    """A template around each request, with everything that the rules look at."""
    return tuple(_around(request) for request in requests())


@cache
def texts() -> tuple[bytes, ...]:
    """All of them as files."""
    return tuple(
        json.dumps(each, indent=indent).encode()
        for each in (*requests(), *templates())
        for indent in (None, 1)
    )


def _around(request: dict[str, Any]) -> dict[str, Any]:
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": request}
    return {**_SURROUNDINGS, "Resources": {**_SURROUNDINGS["Resources"], "Config": config}}


def _read(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((_DATA / name).read_text("utf-8"))
