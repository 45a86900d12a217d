"""Two variants with this library, by the constructor or by methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_epc import EndpointConfig, InstanceType, InstanceVariant

if TYPE_CHECKING:
    from aws_cdk import Stack

    from benchmarks.implementations import Models


def constructor(stack: Stack, models: Models, count: int) -> None:
    """Pass both variants to the constructor."""
    for index in range(count):
        EndpointConfig(
            stack,
            f"Config{index}",
            production_variants=[
                InstanceVariant(
                    "stable",
                    model=models.first,
                    instance_type=InstanceType.ML_M5_LARGE,
                    initial_instance_count=2,
                    initial_weight=9,
                ),
                InstanceVariant(
                    "canary",
                    model=models.second,
                    instance_type=InstanceType.ML_C5_XLARGE,
                    initial_instance_count=1,
                    initial_weight=1,
                ),
            ],
        )


def methods(stack: Stack, models: Models, count: int) -> None:
    """Add each variant by a method."""
    for index in range(count):
        config = EndpointConfig(stack, f"Config{index}")
        config.add_instance_variant(
            "stable",
            model=models.first,
            instance_type=InstanceType.ML_M5_LARGE,
            initial_instance_count=2,
            initial_weight=9,
        )
        config.add_instance_variant(
            "canary",
            model=models.second,
            instance_type=InstanceType.ML_C5_XLARGE,
            initial_instance_count=1,
            initial_weight=1,
        )
