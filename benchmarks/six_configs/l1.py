"""App with six configurations with CDK's L1: `python -m benchmarks.six_configs.l1 FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import CfnTag
from aws_cdk.aws_sagemaker import CfnEndpointConfig

from benchmarks.stacks import app_of, new_stack

if TYPE_CHECKING:
    from aws_cdk import Stack

ROLE = "arn:aws:iam::111122223333:role/hosting"


def build(stack: Stack) -> None:
    """Add six configurations; see `benchmarks.six_configs.constructs.build`."""
    l1 = CfnEndpointConfig
    variant = CfnEndpointConfig.ProductionVariantProperty
    l1(
        stack,
        "Churn",
        production_variants=[
            variant(
                variant_name=name,
                model_name=model,
                instance_type="ml.m5.large",
                initial_instance_count=count,
                initial_variant_weight=weight,
            )
            for name, model, count, weight in (
                ("stable", "churn-1", 2, 9),
                ("canary", "churn-2", 1, 1),
            )
        ],
    )
    serverless = l1.ServerlessConfigProperty(memory_size_in_mb=2048, max_concurrency=5)
    moderation = variant(variant_name="only", model_name="moderation", serverless_config=serverless)
    l1(stack, "Moderation", production_variants=[moderation])
    l1(
        stack,
        "Answers",
        production_variants=[
            variant(
                variant_name="only",
                model_name="answers",
                instance_type="ml.g5.xlarge",
                initial_instance_count=1,
            )
        ],
        async_inference_config=l1.AsyncInferenceConfigProperty(
            output_config=l1.AsyncInferenceOutputConfigProperty(s3_output_path="s3://answers/out/"),
            client_config=l1.AsyncInferenceClientConfigProperty(
                max_concurrent_invocations_per_instance=4
            ),
        ),
    )
    l1(
        stack,
        "Fraud",
        kms_key_id="alias/hosting",
        tags=[CfnTag(key="team", value="risk")],
        production_variants=[
            variant(
                variant_name="only",
                model_name="fraud",
                instance_type="ml.c5.xlarge",
                initial_instance_count=2,
                initial_variant_weight=1,
                volume_size_in_gb=30,
            )
        ],
        data_capture_config=l1.DataCaptureConfigProperty(
            destination_s3_uri="s3://captured/fraud/",
            initial_sampling_percentage=20,
            capture_options=[
                l1.CaptureOptionProperty(capture_mode=mode) for mode in ("Input", "Output")
            ],
        ),
    )
    live, shadow = (
        variant(
            variant_name=name,
            model_name=f"ranking-{name}",
            instance_type="ml.c5.xlarge",
            initial_instance_count=1,
            initial_variant_weight=1,
            container_startup_health_check_timeout_in_seconds=600,
        )
        for name in ("live", "next")
    )
    l1(stack, "Ranking", production_variants=[live], shadow_production_variants=[shadow])
    l1(
        stack,
        "Assistant",
        execution_role_arn=ROLE,
        production_variants=[
            variant(
                variant_name="pool",
                instance_type="ml.g5.xlarge",
                initial_instance_count=1,
                routing_config=l1.RoutingConfigProperty(
                    routing_strategy="LEAST_OUTSTANDING_REQUESTS"
                ),
                managed_instance_scaling=l1.ManagedInstanceScalingProperty(
                    status="ENABLED", min_instance_count=1, max_instance_count=4
                ),
            )
        ],
    )


if __name__ == "__main__":
    whole = new_stack(Path(sys.argv[1]))
    build(whole)
    app_of(whole).synth()
    print("written", flush=True)
