"""Answers to customers' questions: few at night, many at noon, and two are always kept warm for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpoint

from cdk_epc import ServerlessVariant
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from constructs import Construct


class AnswersStack(cdk.Stack):
    """A serverless variant with provisioned concurrency."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Make the endpoint and what it needs."""
        super().__init__(scope, construct_id)
        foundation = Foundation(self, "Foundation")
        model = foundation.model(
            self,
            "Model",
            image=foundation.image("answers", "1.9.2"),
            data="answers/model.tar.gz",
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

        CfnEndpoint(self, "Endpoint", endpoint_config_name=config.endpoint_config_name)
