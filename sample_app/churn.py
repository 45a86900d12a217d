"""Churn prediction, with an explanation of each score for the customer service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from cdk_epc import (
    CapacitySize,
    Deployment,
    Endpoint,
    InstanceType,
    Model,
    ShapBaseline,
)
from sample_app.policy import CompanyEndpointConfig
from sample_app.scoring import container_of
from sample_app.use_case import UseCaseStack
from sample_app.wildcards import acknowledge_wildcards

if TYPE_CHECKING:
    from constructs import Construct

    from sample_app.foundation import Foundation

_FEATURES = {"orders": 4, "returns": 0, "days_since_order": 30, "tickets": 1}
"""Features with the values of an average customer."""


class ChurnStack(UseCaseStack):
    """SHAP attributions by Clarify, with rolling deployments."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Create the endpoint with its model, configuration, scaling and alarms."""
        super().__init__(scope, construct_id)
        model = Model(self, "Model", container=container_of("churn"))
        config = CompanyEndpointConfig(self, "Config", foundation=foundation, product="loyalty")
        config.add_instance_variant(
            "churn",
            model=model,
            instance_type=InstanceType.ML_M7I_LARGE,
            initial_instance_count=2,
        )
        config.explain_with_clarify(
            baseline=ShapBaseline.inline(",".join(map(str, _FEATURES.values()))),
            number_of_samples=100,
            seed=7,
            feature_headers=list(_FEATURES),
            probability_index=0,
            max_record_count=50,
        )

        endpoint = Endpoint(
            self,
            "Endpoint",
            endpoint_config=config,
            deployment=Deployment.rolling(
                batch=CapacitySize.percent(50), wait=cdk.Duration.minutes(5)
            ),
        )
        alarms = endpoint.add_recommended_alarms().for_rollback()
        endpoint.roll_back_on(*alarms)
        self.output_rollback_alarms(alarms)
        endpoint.dashboard()
        acknowledge_wildcards(self)
