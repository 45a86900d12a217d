"""Ranking of search results, with a shadow test of the next model on half of the requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from cdk_epc import (
    Deployment,
    Endpoint,
    InstancePool,
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


class RankingStack(UseCaseStack):
    """Shadow test on two variants."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        """Create the endpoint with its model, configuration, scaling and alarms."""
        super().__init__(scope, construct_id)
        config = CompanyEndpointConfig(self, "Config", foundation=foundation, product="search")
        current = config.add_instance_variant(
            "current",
            model=Model(self, "Current", container=container_of("ranking-current")),
            instance_type=[
                InstancePool(InstanceType.ML_M7I_2XLARGE, priority=1),
                InstancePool(InstanceType.ML_C7I_4XLARGE, priority=2),
            ],
            initial_instance_count=4,
            initial_weight=1,
            routing=Routing.least_outstanding_requests(),  # the types differ in throughput
        )
        config.add_shadow_variant(
            "following",
            model=Model(self, "Following", container=container_of("ranking-following")),
            instance_type=InstanceType.ML_M7I_2XLARGE,
            initial_instance_count=2,
            initial_weight=0.5,
        )

        endpoint = Endpoint(
            self,
            "Endpoint",
            endpoint_config=config,
            deployment=Deployment.all_at_once(termination_wait=cdk.Duration.minutes(15)),
        )
        current.auto_scale(4, 20).scale_on_concurrent_requests(target=5)
        alarms = endpoint.add_recommended_alarms().for_rollback()
        endpoint.roll_back_on(*alarms)
        self.output_rollback_alarms(alarms)
        endpoint.dashboard()
        acknowledge_wildcards(self)
