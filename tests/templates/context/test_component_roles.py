"""Permissions of the role of a configuration that hosts inference components."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from cdk_epc import check_template

IMAGE: Final = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/assistant:7"}
PULL: Final = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken"]
LOGS: Final = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


def component(**container: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::SageMaker::InferenceComponent",
        "Properties": {
            "EndpointName": {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
            "VariantName": "shared",
            "Specification": {
                "Container": {"Image": IMAGE, **container},
                "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
            },
            "RuntimeConfig": {"CopyCount": 1},
        },
    }


def template(*actions: str, **more: Any) -> dict[str, Any]:
    """Return a template whose role allows actions."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    statement = {"Effect": "Allow", "Action": [*actions, "x:y"], "Resource": "*"}
    role = {
        "AssumeRolePolicyDocument": {"Statement": [trust]},
        "Policies": [{"PolicyName": "a", "PolicyDocument": {"Statement": [statement]}}],
    }
    variant = {
        "VariantName": "shared",
        "InstanceType": "ml.m5.2xlarge",
        "InitialInstanceCount": 1,
    }
    return {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Config": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": {
                    "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                    "ProductionVariants": [variant],
                    **more,
                },
            },
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "Properties": {
                    "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
                },
            },
            "One": component(ArtifactUrl="s3://amzn-s3-demo-bucket/a.tar.gz"),
            "Two": component(ArtifactUrl={"Fn::Sub": "s3://${AWS::AccountId}/b.tar.gz"}),
        }
    }


def found(given: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(each.resource, each.rule_id) for each in check_template(given)]


def test_the_role_of_the_configuration_runs_its_components() -> None:
    network = {"VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1", "subnet-2"]}}
    pull = ("One", "image-role-permissions-missing")
    read = ("One", "model-data-role-permissions-missing")
    logs, vpc = (
        ("Config", "log-role-permissions-missing"),
        ("Config", "vpc-role-permissions-missing"),
    )
    everything = (*PULL, *LOGS, "s3:GetObject")
    for given, expected in (
        (template(*everything), []),
        (template(), [logs, pull, read]),
        (template(*LOGS, "s3:Get*"), [pull]),
        (template(*LOGS, *PULL), [read]),
        (template(*everything, **network), [vpc]),
        (template(*everything, "ec2:*", **network), []),
    ):
        assert found(given) == expected


def test_findings_of_components_that_others_report() -> None:
    given = template(*LOGS, *PULL)
    del given["Resources"]["One"]["Properties"]["Specification"]["Container"]["ArtifactUrl"]
    assert found(given) == [("Two", "model-data-role-permissions-missing")]
    given = template(*PULL)
    container = {"Image": IMAGE}
    role = {"Fn::GetAtt": ["Role", "Arn"]}
    given["Resources"]["Model"] = {
        "Type": "AWS::SageMaker::Model",
        "Properties": {"ExecutionRoleArn": role, "PrimaryContainer": container},
    }
    assert found(given) == [("Model", "log-role-permissions-missing")]
    other = deepcopy(template())
    other["Resources"]["Role"]["Properties"]["ManagedPolicyArns"] = [
        "arn:aws:iam::111122223333:policy/mine"
    ]
    assert found(other) == []
    narrow = template(*LOGS, *PULL, "s3:GetObject")
    (policy,) = narrow["Resources"]["Role"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    statement["Action"] = [*LOGS, "s3:GetObject", "ecr:GetAuthorizationToken"]
    pulling = {
        "Effect": "Allow",
        "Action": PULL[:2],
        "Resource": {"Fn::Sub": "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/other"},
    }
    policy["PolicyDocument"]["Statement"].append(pulling)
    assert found(narrow) == [
        ("One", "image-role-permissions-missing"),
        ("Two", "image-role-permissions-missing"),
    ]
