"""Two variants with CDK's alpha construct, by the constructor or by methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk.aws_sagemaker_alpha import EndpointConfig, InstanceProductionVariantProps, InstanceType

if TYPE_CHECKING:
    from aws_cdk import Stack

    from benchmarks.implementations import Models

_STABLE = InstanceType.of("ml.m5.large")
_CANARY = InstanceType.of("ml.c5.xlarge")


def constructor(stack: Stack, models: Models, count: int) -> None:
    """Pass both variants to the constructor."""
    for index in range(count):
        EndpointConfig(
            stack,
            f"Config{index}",
            instance_production_variants=[
                InstanceProductionVariantProps(
                    variant_name="stable",
                    model=models.first_object,
                    instance_type=_STABLE,
                    initial_instance_count=2,
                    initial_variant_weight=9,
                ),
                InstanceProductionVariantProps(
                    variant_name="canary",
                    model=models.second_object,
                    instance_type=_CANARY,
                    initial_instance_count=1,
                    initial_variant_weight=1,
                ),
            ],
        )


def methods(stack: Stack, models: Models, count: int) -> None:
    """Add each variant by a method."""
    for index in range(count):
        config = EndpointConfig(stack, f"Config{index}")
        config.add_instance_production_variant(
            variant_name="stable",
            model=models.first_object,
            instance_type=_STABLE,
            initial_instance_count=2,
            initial_variant_weight=9,
        )
        config.add_instance_production_variant(
            variant_name="canary",
            model=models.second_object,
            instance_type=_CANARY,
            initial_instance_count=1,
            initial_variant_weight=1,
        )
