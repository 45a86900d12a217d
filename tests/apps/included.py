"""App: a template of before, included, and what the library adds to its endpoint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnModel
from aws_cdk.cloudformation_include import CfnInclude

from cdk_epc import Endpoint, EndpointConfig, EndpointGrants, InstanceType

if TYPE_CHECKING:
    from constructs import Construct

_ROLE: Final = "arn:aws:iam::111122223333:role/fraud"
_IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"


def template(instance_type: str = "ml.m5.xlarge") -> dict[str, Any]:
    """Return the template, which was written by hand."""
    variant = {
        "VariantName": "main",
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "InstanceType": instance_type,
        "InitialInstanceCount": 2,
    }
    config = {"KmsKeyId": "alias/fraud", "ProductionVariants": [variant]}
    name = {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
    model = {"ExecutionRoleArn": _ROLE, "PrimaryContainer": {"Image": _IMAGE}}
    return {
        "Resources": {
            "Model": {"Type": "AWS::SageMaker::Model", "Properties": model},
            "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": config},
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "Properties": {"EndpointConfigName": name},
            },
        }
    }


class Included(cdk.Stack):
    """Included endpoint with a caller, beside a second endpoint of the same model."""

    def __init__(self, scope: Construct, construct_id: str, *, file: Path) -> None:
        super().__init__(scope, construct_id)
        included = CfnInclude(self, "Included", template_file=str(file))
        endpoint = cast("CfnEndpoint", included.get_resource("Endpoint"))
        model = cast("CfnModel", included.get_resource("Model"))
        shop = iam.Role(self, "Shop", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        EndpointGrants.from_endpoint(endpoint).invoke(shop)

        config = EndpointConfig(self, "NextConfig")
        config.add_instance_variant(
            "main", model=model, instance_type=InstanceType.ML_M7I_XLARGE, initial_instance_count=2
        )
        Endpoint(self, "NextEndpoint", endpoint_config=config).grant_invoke(shop)


def write_template(folder: Path, **values: str) -> Path:
    """Write the template to a folder and return its path."""
    file = folder / "fraud.json"
    file.write_text(json.dumps(template(**values)), "utf-8")
    return file
