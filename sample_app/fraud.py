"""Is this order fraud? Two models share the orders, nine to one, while the new one is on trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_epc import (
    CapacitySize,
    Deployment,
    Endpoint,
    InstanceType,
    Model,
    Routing,
)
from sample_app.acknowledged import acknowledge_wildcards
from sample_app.policy import CompanyEndpointConfig
from sample_app.scoring import container_of

if TYPE_CHECKING:
    from constructs import Construct

    from sample_app.foundation import Foundation


class FraudStack(cdk.Stack):
    """An A/B test that scales, is deployed in canaries, and rolls itself back."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Make the endpoint and what it needs."""
        super().__init__(scope, construct_id)
        config = CompanyEndpointConfig(
            self,
            "Config",
            foundation=foundation,
            product="fraud",
            endpoint_config_name_prefix="fraud",  # the dashboards find the configurations by it
        )
        for name, weight, count in (("champion", 9, 2), ("challenger", 1, 1)):
            config.add_instance_variant(
                name,
                model=Model(self, name.capitalize(), container=container_of(f"fraud-{name}")),
                instance_type=InstanceType.ML_C7I_XLARGE,
                initial_instance_count=count,
                initial_weight=weight,
                routing=Routing.least_outstanding_requests(),
            )

        endpoint = Endpoint(
            self,
            "Endpoint",
            endpoint_config=config,
            deployment=Deployment.canary(
                size=CapacitySize.percent(10), wait=cdk.Duration.minutes(10)
            ),
        )
        for variant, least in zip(endpoint.variants, (2, 1), strict=True):
            scaled = variant.auto_scale(least, 8)
            scaled.scale_on_invocations(max_requests_per_second=40)
        alarms = endpoint.add_recommended_alarms()
        endpoint.roll_back_on(*alarms.for_rollback())
        endpoint.dashboard()

        checkout = iam.Role(
            self, "Checkout", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        endpoint.grant_invoke(checkout)
        share = config.variants[1].traffic_share
        cdk.CfnOutput(
            self,
            "ChallengerShare",
            description="The share of the orders that the challenger scores",
            value=f"{share:.0%}",
        )
        acknowledge_wildcards(self)
