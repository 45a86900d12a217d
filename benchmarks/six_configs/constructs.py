"""App with six configurations: `python -m benchmarks.six_configs.constructs FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Duration, Size

from benchmarks.stacks import app_of, new_stack
from cdk_epc import (
    AsyncInference,
    EndpointConfig,
    InstanceType,
    InstanceVariant,
    ManagedInstanceScaling,
    Routing,
)

if TYPE_CHECKING:
    from aws_cdk import Stack

ROLE = "arn:aws:iam::111122223333:role/hosting"


def build(stack: Stack) -> None:
    """Add six configurations.

    They have: two variants, a serverless variant, asynchronous inference, data capture, a shadow
    variant, and a variant for inference components.
    """
    churn = EndpointConfig(stack, "Churn")
    churn.add_instance_variant(
        "stable",
        model="churn-1",
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=2,
        initial_weight=9,
    )
    churn.add_instance_variant(
        "canary",
        model="churn-2",
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
        initial_weight=1,
    )

    EndpointConfig(stack, "Moderation").add_serverless_variant(
        "only", model="moderation", memory_size=Size.gibibytes(2), max_concurrency=5
    )

    on_gpu = InstanceVariant(
        "only", model="answers", instance_type=InstanceType.ML_G5_XLARGE, initial_instance_count=1
    )
    EndpointConfig(
        stack,
        "Answers",
        production_variants=[on_gpu],
        async_inference=AsyncInference(
            output_path="s3://answers/out/", max_concurrent_invocations_per_instance=4
        ),
    )

    fraud = EndpointConfig(stack, "Fraud", encryption_key="alias/hosting", tags={"team": "risk"})
    fraud.add_instance_variant(
        "only",
        model="fraud",
        instance_type=InstanceType.ML_C5_XLARGE,
        initial_instance_count=2,
        initial_weight=1,
        volume_size=Size.gibibytes(30),
    )
    fraud.capture_data(destination="s3://captured/fraud/", sampling_percentage=20)

    ranking = EndpointConfig(stack, "Ranking")
    for name, add in (("live", ranking.add_instance_variant), ("next", ranking.add_shadow_variant)):
        add(
            name,
            model=f"ranking-{name}",
            instance_type=InstanceType.ML_C5_XLARGE,
            initial_instance_count=1,
            initial_weight=1,
            container_startup_health_check_timeout=Duration.minutes(10),
        )

    EndpointConfig(stack, "Assistant", execution_role=ROLE).add_inference_component_variant(
        "pool",
        instance_type=InstanceType.ML_G5_XLARGE,
        initial_instance_count=1,
        routing=Routing.least_outstanding_requests(),
        managed_instance_scaling=ManagedInstanceScaling(min_instance_count=1, max_instance_count=4),
    )


if __name__ == "__main__":
    whole = new_stack(Path(sys.argv[1]))
    build(whole)
    app_of(whole).synth()
    print("written", flush=True)
