"""Generation of ``cdk_epc/catalog/replacements.json`` from CloudFormation's schemas."""

from __future__ import annotations

import json
from typing import Final

from tools.published.copies import CFN_LINT, Copy, installed
from tools.published.models import cfn_schema

TYPES: Final = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::ECR::Repository",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::InferenceExperiment",
    "AWS::SageMaker::Model",
    "AWS::SageMaker::ModelPackage",
    "AWS::SageMaker::ModelPackageGroup",
    "AWS::SageMaker::MonitoringSchedule",
)
"""Types of hosting stacks, and those to which their resources refer."""
_PREFIX: Final = "/properties/"


def generate(cfn_lint: Copy | None = None) -> dict[str, str]:
    """Return the text of the generated file by its path in the repository.

    Args:
        cfn_lint: Copy with the schemas; the installed one by default.

    Raises:
        ToolError: A schema cannot be read.
    """
    cfn_lint = cfn_lint or installed(CFN_LINT)
    rows = ",\n".join(
        f"    {json.dumps(type_)}: {json.dumps(create_only(cfn_lint, type_))}" for type_ in TYPES
    )
    source = json.dumps({"source": f"{cfn_lint}, schemas of CloudFormation"})[1:-1]
    text = f'{{\n  {source},\n  "create_only": {{\n{rows}\n  }}\n}}\n'
    return {"cdk_epc/catalog/replacements.json": text}


def create_only(cfn_lint: Copy, type_: str) -> list[str]:
    """Return the properties of a type whose change replaces the resource, without nested ones."""
    paths = cfn_schema(cfn_lint, type_).get("createOnlyProperties", [])
    return sorted({path.removeprefix(_PREFIX).partition("/")[0] for path in paths})
