"""Shopping assistant: language models that share instances, which scale with demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from cdk_epc import (
    ComponentContainer,
    ComputeRequirements,
    ContainerImage,
    Endpoint,
    ExecutionRole,
    InferenceComponent,
    InstanceType,
    ManagedInstanceScaling,
    ScaleIn,
)
from sample_app.policy import CompanyEndpointConfig
from sample_app.use_case import UseCaseStack
from sample_app.wildcards import acknowledge_wildcards

if TYPE_CHECKING:
    from constructs import Construct

    from sample_app.foundation import Foundation

_MODELS = {
    "Chat": "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
    "Summary": "Qwen/Qwen2.5-0.5B-Instruct",
}


class AssistantStack(UseCaseStack):
    """Inference components that scale to zero, on instances with managed scaling in a VPC."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Create the endpoint with its model, configuration, scaling and alarms."""
        super().__init__(scope, construct_id)
        config = CompanyEndpointConfig(
            self,
            "Config",
            foundation=foundation,
            product="assistant",
            execution_role=ExecutionRole(self, "Role"),
        )
        config.add_inference_component_variant(
            "shared",
            instance_type=InstanceType.ML_INF2_24XLARGE,
            initial_instance_count=1,
            managed_instance_scaling=ManagedInstanceScaling(
                min_instance_count=0, max_instance_count=4, scale_in=ScaleIn.idle_release()
            ),
        )
        config.place_in_vpc(
            vpc=foundation.vpc,
            security_groups=[ec2.SecurityGroup(self, "Instances", vpc=foundation.vpc)],
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
        )

        endpoint = Endpoint(self, "Endpoint", endpoint_config=config)
        shop = iam.Role(self, "Shop", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        for name, hub_id in _MODELS.items():
            component = self._component(name, hub_id, endpoint)
            component.auto_scale(0, 4).scale_on_invocations(max_requests_per_second=2)
            component.grant_invoke(shop)
            component.add_recommended_alarms()
        endpoint.dashboard()
        acknowledge_wildcards(self)

    def _component(self, name: str, hub_id: str, endpoint: Endpoint) -> InferenceComponent:
        return InferenceComponent(
            self,
            name,
            endpoint=endpoint,
            variant="shared",
            container=ComponentContainer(
                image=ContainerImage.from_dlc("djl-neuronx", "0.29.0-neuronx-sdk2.19.1"),
                environment={
                    "HF_MODEL_ID": hub_id,
                    "OPTION_TENSOR_PARALLEL_DEGREE": "2",
                    "OPTION_ROLLING_BATCH": "auto",
                },
            ),
            compute=ComputeRequirements(accelerators=2, min_memory=cdk.Size.gibibytes(32)),
        )
