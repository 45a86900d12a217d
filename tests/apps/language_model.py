"""App: a language model with two adapters, which scales to zero copies and instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_epc import (
    ComponentContainer,
    ComputeRequirements,
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    ExecutionRole,
    InferenceComponent,
    InstanceType,
    ManagedInstanceScaling,
    Model,
    ModelData,
    S3Location,
    ScaleIn,
)

if TYPE_CHECKING:
    from constructs import Construct


class LanguageModel(cdk.Stack):
    """Base model from uncompressed weights, with adapters that share its copies."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        bucket = s3.Bucket(self, "Weights")
        on_call = sns.Topic(self, "OnCall")
        chat = iam.Role(self, "Chat", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        role = ExecutionRole(self, "Role")

        config = EndpointConfig(self, "Config", execution_role=role)
        config.add_inference_component_variant(
            "gpus",
            instance_type=InstanceType.ML_G6_12XLARGE,
            initial_instance_count=1,
            container_startup_health_check_timeout=cdk.Duration.minutes(20),
            managed_instance_scaling=ManagedInstanceScaling(
                min_instance_count=0, max_instance_count=2, scale_in=ScaleIn.idle_release()
            ),
        )
        endpoint = Endpoint(self, "Endpoint", endpoint_config=config)

        weights = ModelData.from_s3_folder(S3Location(bucket, "qwen3-8b/"))
        model = Model(
            self,
            "Model",
            execution_role=role,
            container=Container(
                image=ContainerImage.from_dlc("djl-lmi", "0.33.0"),
                model_data=weights,
                environment={
                    "OPTION_ENABLE_LORA": "true",
                    "OPTION_MAX_LORAS": "4",
                    "OPTION_TENSOR_PARALLEL_DEGREE": "max",
                },
            ),
        )
        base = InferenceComponent(
            self,
            "Base",
            endpoint=endpoint,
            model=model,
            compute=ComputeRequirements(accelerators=2, min_memory=cdk.Size.gibibytes(48)),
        )
        base.auto_scale(0, 4).scale_on_concurrent_requests(8)
        for adapter in ("Legal", "Medical"):
            archive = S3Location(bucket, f"adapters/{adapter.lower()}.tar.gz")
            InferenceComponent(
                self,
                adapter,
                endpoint=endpoint,
                base_component=base,
                container=ComponentContainer(artifact=ModelData.from_s3(archive)),
            )
        base.add_recommended_alarms(notify=on_call)
        endpoint.grant_invoke(chat)
