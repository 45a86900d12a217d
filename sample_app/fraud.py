"""Fraud detection: an A/B test of two models, which get nine and one in ten orders."""

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
from sample_app.policy import CompanyEndpointConfig
from sample_app.scoring import container_of
from sample_app.use_case import UseCaseStack
from sample_app.wildcards import acknowledge_wildcards

if TYPE_CHECKING:
    from constructs import Construct

    from sample_app.foundation import Foundation


class FraudStack(UseCaseStack):
    """A/B test with auto scaling, canary deployments and automatic rollback."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Create the endpoint with its model, configuration, scaling and alarms."""
        super().__init__(scope, construct_id)
        config = CompanyEndpointConfig(
            self,
            "Config",
            foundation=foundation,
            product="fraud",
            endpoint_config_name_prefix="fraud",  # the company's dashboards search for it
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
        for variant, minimum in zip(endpoint.variants, (2, 1), strict=True):
            scaled = variant.auto_scale(minimum, 8)
            scaled.scale_on_invocations(max_requests_per_second=40)
        alarms = endpoint.add_recommended_alarms().for_rollback()
        endpoint.roll_back_on(*alarms)
        self.output_rollback_alarms(alarms)
        endpoint.dashboard()

        checkout = iam.Role(
            self, "Checkout", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        endpoint.grant_invoke(checkout)
        share = config.variants[1].traffic_share
        cdk.CfnOutput(
            self,
            "ChallengerShare",
            description="Share of the orders that the challenger scores",
            value=f"{share:.0%}",
        )
        acknowledge_wildcards(self)
