"""The shopping assistant: language models share instances, which come and go with demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnInferenceComponent, CfnModel

from cdk_epc import InstanceType, ManagedInstanceScaling, ScaleIn
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from constructs import Construct

_VARIANT = "shared"


class AssistantStack(cdk.Stack):
    """Inference components with managed instance scaling, in a VPC."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Make the endpoint and what it needs."""
        super().__init__(scope, construct_id)
        foundation = Foundation(self, "Foundation")
        vpc = _closed_vpc(self)

        config = CompanyEndpointConfig(
            self,
            "Config",
            foundation=foundation,
            product="assistant",
            execution_role=foundation.role,
        )
        config.add_inference_component_variant(
            _VARIANT,
            instance_type=InstanceType.ML_INF2_24XLARGE,
            initial_instance_count=1,
            managed_instance_scaling=ManagedInstanceScaling(
                min_instance_count=1, max_instance_count=4, scale_in=ScaleIn.idle_release()
            ),
        )
        config.place_in_vpc(
            vpc=vpc,
            security_groups=[ec2.SecurityGroup(self, "Instances", vpc=vpc)],
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )

        endpoint = CfnEndpoint(self, "Endpoint", endpoint_config_name=config.endpoint_config_name)
        image = foundation.image("assistant", "0.8.3")
        for name in ("Chat", "Summary"):
            data = f"assistant/{name.lower()}.tar.gz"
            model = foundation.model(self, f"{name}Model", image=image, data=data)
            self._component(name, endpoint, model)

    def _component(self, name: str, endpoint: CfnEndpoint, model: CfnModel) -> None:
        needs = CfnInferenceComponent.InferenceComponentComputeResourceRequirementsProperty(
            number_of_accelerator_devices_required=2, min_memory_required_in_mb=32768
        )
        CfnInferenceComponent(
            self,
            name,
            endpoint_name=endpoint.attr_endpoint_name,
            variant_name=_VARIANT,
            specification=CfnInferenceComponent.InferenceComponentSpecificationProperty(
                model_name=model.attr_model_name, compute_resource_requirements=needs
            ),
            runtime_config=CfnInferenceComponent.InferenceComponentRuntimeConfigProperty(
                copy_count=1
            ),
        )


def _closed_vpc(scope: Construct) -> ec2.Vpc:
    """A network without a way to the internet; S3 has a door of its own."""
    return ec2.Vpc(
        scope,
        "Vpc",
        max_azs=2,
        nat_gateways=0,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="models", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        ],
        gateway_endpoints={
            "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)
        },
    )
