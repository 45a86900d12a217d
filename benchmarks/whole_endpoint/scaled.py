"""Endpoint of the alpha program with this library: `python -m benchmarks.whole_endpoint.scaled`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from benchmarks.stacks import app_of, new_stack
from cdk_epc import (
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    InstanceType,
    Model,
    ModelData,
    S3Location,
)

if TYPE_CHECKING:
    from aws_cdk import Stack


def build(stack: Stack) -> None:
    """Add an encrypted, scaled endpoint that one role may call."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    checkout = iam.Role(stack, "Checkout", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    image = ContainerImage.from_dlc("huggingface-pytorch-inference", "2.1.0", device="cpu")
    data = ModelData.from_s3(S3Location(bucket, "models/fraud.tar.gz"))
    model = Model(stack, "Model", container=Container(image=image, model_data=data))
    config = EndpointConfig(stack, "Config", encryption_key=key)
    fraud = config.add_instance_variant(
        "fraud", model=model, instance_type=InstanceType.ML_M5_XLARGE, initial_instance_count=2
    )
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    fraud.auto_scale(2, 8).scale_on_invocations(max_requests_per_second=40)
    endpoint.grant_invoke(checkout)


if __name__ == "__main__":
    whole = new_stack(Path(sys.argv[1]))
    build(whole)
    app_of(whole).synth()
    print("written", flush=True)
