"""Who is about to leave? With each score come its reasons, for the people who call the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpoint

from cdk_epc import InstanceType, ShapBaseline
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from constructs import Construct

_FEATURES = {"orders": 4, "returns": 0, "days_since_order": 30, "tickets": 1}
"""The features with the values of an ordinary customer."""


class ChurnStack(cdk.Stack):
    """SHAP attributions by Clarify."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Make the endpoint and what it needs."""
        super().__init__(scope, construct_id)
        foundation = Foundation(self, "Foundation")
        model = foundation.model(
            self,
            "Model",
            image=foundation.image("churn", "1.1.0"),
            data="churn/model.tar.gz",
        )

        config = CompanyEndpointConfig(self, "Config", foundation=foundation, product="loyalty")
        config.add_instance_variant(
            "churn",
            model=model,
            instance_type=InstanceType.ML_M7I_LARGE,
            initial_instance_count=1,
        )
        config.explain_with_clarify(
            baseline=ShapBaseline.inline(",".join(map(str, _FEATURES.values()))),
            number_of_samples=100,
            seed=7,
            feature_headers=list(_FEATURES),
            probability_index=0,
            max_record_count=50,
        )

        CfnEndpoint(self, "Endpoint", endpoint_config_name=config.endpoint_config_name)
