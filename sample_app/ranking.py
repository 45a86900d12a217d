"""Which goods first? The next model gets half of the requests before anyone sees its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpoint

from cdk_epc import InstancePool, InstanceType, Routing
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from constructs import Construct


class RankingStack(cdk.Stack):
    """A shadow test."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Make the endpoint and what it needs."""
        super().__init__(scope, construct_id)
        foundation = Foundation(self, "Foundation")
        image = foundation.image("ranking", "5.2.0")
        current = foundation.model(self, "Current", image=image, data="ranking/2026-10.tar.gz")
        following = foundation.model(self, "Following", image=image, data="ranking/2026-11.tar.gz")

        config = CompanyEndpointConfig(self, "Config", foundation=foundation, product="search")
        config.add_instance_variant(
            "current",
            model=current,
            instance_type=[
                InstancePool(InstanceType.ML_M7I_2XLARGE, priority=1),
                InstancePool(InstanceType.ML_C7I_4XLARGE, priority=2),
            ],
            initial_instance_count=4,
            initial_weight=1,
            routing=Routing.least_outstanding_requests(),  # the types differ in what they can take
        )
        config.add_shadow_variant(
            "following",
            model=following,
            instance_type=InstanceType.ML_M7I_2XLARGE,
            initial_instance_count=2,
            initial_weight=0.5,
        )

        CfnEndpoint(self, "Endpoint", endpoint_config_name=config.endpoint_config_name)
