"""Answers to customers' questions: few at night, many at noon, and two are always kept warm for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from cdk_epc import Container, ContainerImage, Endpoint, Model, ServerlessVariant
from sample_app.acknowledged import acknowledge_wildcards
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from constructs import Construct

    from sample_app.foundation import Foundation


class AnswersStack(cdk.Stack):
    """A serverless variant whose provisioned concurrency follows the demand."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Make the endpoint and what it needs."""
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
                    "answers",
                    model=model,
                    memory_size=cdk.Size.gibibytes(4),
                    max_concurrency=20,
                    provisioned_concurrency=2,
                )
            ],
        )

        endpoint = Endpoint(self, "Endpoint", endpoint_config=config)
        endpoint.variant("answers").auto_scale(2, 10).scale_on_provisioned_concurrency_utilization()
        endpoint.add_recommended_alarms()
        endpoint.dashboard()
        acknowledge_wildcards(self)
