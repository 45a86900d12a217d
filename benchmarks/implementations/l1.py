"""Two variants with CDK's L1 construct and its typed property structs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk.aws_sagemaker import CfnEndpointConfig

if TYPE_CHECKING:
    from aws_cdk import Stack

    from benchmarks.implementations import Models


def typed_l1(stack: Stack, models: Models, count: int) -> None:
    """Pass both variants to the constructor; the L1 has no methods to add them."""
    for index in range(count):
        CfnEndpointConfig(
            stack,
            f"Config{index}",
            production_variants=[
                CfnEndpointConfig.ProductionVariantProperty(
                    variant_name="stable",
                    model_name=models.first,
                    instance_type="ml.m5.large",
                    initial_instance_count=2,
                    initial_variant_weight=9,
                ),
                CfnEndpointConfig.ProductionVariantProperty(
                    variant_name="canary",
                    model_name=models.second,
                    instance_type="ml.c5.xlarge",
                    initial_instance_count=1,
                    initial_variant_weight=1,
                ),
            ],
        )
