"""Question answering for customers, on a serverless variant with two warm environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from cdk_epc import Container, ContainerImage, Endpoint, Model, ServerlessVariant
from sample_app.policy import CompanyEndpointConfig
from sample_app.use_case import UseCaseStack
from sample_app.wildcards import acknowledge_wildcards

if TYPE_CHECKING:
    from constructs import Construct

    from sample_app.foundation import Foundation


class QuestionAnsweringStack(UseCaseStack):
    """Serverless variant whose provisioned concurrency scales with utilization."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Create the endpoint with its model, configuration, scaling and alarms."""
        super().__init__(scope, construct_id)
        model = Model(
            self,
            "Model",
            container=Container(
                image=ContainerImage.from_dlc(
                    "huggingface", "2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04"
                ),
                environment={
                    "HF_MODEL_ID": "distilbert/distilbert-base-cased-distilled-squad",
                    "HF_TASK": "question-answering",
                },
            ),
        )
        config = CompanyEndpointConfig(
            self,
            "Config",
            foundation=foundation,
            product="support",
            production_variants=[
                ServerlessVariant(
                    "question-answering",
                    model=model,
                    memory_size=cdk.Size.gibibytes(4),
                    max_concurrency=20,
                    provisioned_concurrency=2,
                )
            ],
        )

        endpoint = Endpoint(self, "Endpoint", endpoint_config=config)
        variant = endpoint.variant("question-answering")
        variant.auto_scale(2, 10).scale_on_provisioned_concurrency_utilization()
        endpoint.add_recommended_alarms()
        endpoint.dashboard()
        acknowledge_wildcards(self)
