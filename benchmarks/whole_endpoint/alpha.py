"""A scaled endpoint with the alpha construct: `python -m benchmarks.whole_endpoint.alpha FOLDER`.

The alpha construct has no deployment guardrails, data capture, alarms and dashboards.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker_alpha as sagemaker

from benchmarks.stacks import app_of, new_stack

if TYPE_CHECKING:
    from aws_cdk import Stack


def build(stack: Stack) -> None:
    """Add an encrypted, scaled endpoint that one role may call."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    checkout = iam.Role(stack, "Checkout", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    image = sagemaker.ContainerImage.from_dlc("huggingface-pytorch-inference", "2.1.0-cpu")
    data = sagemaker.ModelData.from_bucket(bucket, "models/fraud.tar.gz")
    container = sagemaker.ContainerDefinition(image=image, model_data=data)
    model = sagemaker.Model(stack, "Model", containers=[container])
    config = sagemaker.EndpointConfig(
        stack,
        "Config",
        encryption_key=key,
        instance_production_variants=[
            sagemaker.InstanceProductionVariantProps(
                variant_name="fraud",
                model=model,
                instance_type=sagemaker.InstanceType.M5_XLARGE,
                initial_instance_count=2,
            )
        ],
    )
    endpoint = sagemaker.Endpoint(stack, "Endpoint", endpoint_config=config)
    fraud = endpoint.find_instance_production_variant("fraud")
    fraud.auto_scale_instance_count(min_capacity=2, max_capacity=8).scale_on_invocations(
        "Scaling", max_requests_per_second=40
    )
    endpoint.grant_invoke(checkout)


if __name__ == "__main__":
    whole = new_stack(Path(sys.argv[1]))
    build(whole)
    app_of(whole).synth()
    print("written", flush=True)
