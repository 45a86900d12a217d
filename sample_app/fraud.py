"""Is this order fraud? Two models share the orders, nine to one, while the new one is on trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpoint

from cdk_epc import InstanceType, Routing
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from constructs import Construct


class FraudStack(cdk.Stack):
    """An A/B test of two variants on instances."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Make the endpoint and what it needs."""
        super().__init__(scope, construct_id)
        foundation = Foundation(self, "Foundation")
        image = foundation.image("fraud", "2.4.0")
        champion = foundation.model(self, "Champion", image=image, data="fraud/champion.tar.gz")
        challenger = foundation.model(
            self, "Challenger", image=image, data="fraud/challenger.tar.gz"
        )

        config = CompanyEndpointConfig(
            self,
            "Config",
            foundation=foundation,
            product="fraud",
            endpoint_config_name_prefix="fraud",  # the dashboards find the configurations by it
        )
        config.add_instance_variant(
            "champion",
            model=champion,
            instance_type=InstanceType.ML_C7I_XLARGE,
            initial_instance_count=2,
            initial_weight=9,
            routing=Routing.least_outstanding_requests(),
        )
        tried = config.add_instance_variant(
            "challenger",
            model=challenger,
            instance_type=InstanceType.ML_C7I_XLARGE,
            initial_instance_count=1,
            initial_weight=1,
            routing=Routing.least_outstanding_requests(),
        )

        CfnEndpoint(self, "Endpoint", endpoint_config_name=config.endpoint_config_name)
        cdk.CfnOutput(
            self,
            "ChallengerShare",
            description="The share of the orders that the challenger scores",
            value=f"{tried.traffic_share:.0%}",
        )
