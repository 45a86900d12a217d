"""Machine image that a variant gets because its container image needs CUDA 13."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack

from cdk_epc import (
    Container,
    ContainerImage,
    EndpointConfig,
    InferenceAmiVersion,
    InferenceComponentVariant,
    InstancePool,
    InstanceType,
    InstanceVariant,
    Model,
    acknowledge,
)

CUDA_13 = ContainerImage.from_dlc("vllm", "0.30.0")
CUDA_12 = ContainerImage.from_dlc("huggingface-llm", "3.3.6")
CPU = ContainerImage.from_dlc("sklearn", "1.2-1")
URI = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/vllm:server-sagemaker-cuda-v2.6"
OWN = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/vllm:0.30.0-cu130"
G5, G6E = InstanceType.ML_G5_XLARGE, InstanceType.ML_G6E_XLARGE
CHOSEN = "al2023-ami-sagemaker-inference-gpu-4-1"


def pools(*types: InstanceType, override: Model | None = None) -> list[InstancePool]:
    return [
        InstancePool(each, priority=index, model_override=override if index > 1 else None)
        for index, each in enumerate(types, 1)
    ]


CASES: dict[str, tuple[list[ContainerImage | str], Any, Any, str | None]] = {
    "CUDA 13": ([CUDA_13], G5, None, CHOSEN),
    "CUDA 13, by URI": ([URI], G5, None, CHOSEN),
    "CUDA 13 behind a container for the CPU": ([CPU, CUDA_13], G5, None, CHOSEN),
    "pools": ([CUDA_13], pools(G5, G6E), None, CHOSEN),
    "chosen by the caller": (
        [CUDA_13],
        G5,
        InferenceAmiVersion.AL2_GPU_3_1,
        "al2-ami-sagemaker-inference-gpu-3-1",
    ),
    "chosen by SageMaker": ([CUDA_13], G5, "default", None),
    "CUDA 12": ([CUDA_12], G5, None, None),
    "CUDA 12 and 13": ([CUDA_12, CUDA_13], G5, None, None),
    "image of another account": ([OWN], G5, None, None),
    "family that is not documented": ([CUDA_13], InstanceType.ML_P3_2XLARGE, None, None),
    "pool of such a family": ([CUDA_13], pools(G5, InstanceType.ML_P3_2XLARGE), None, None),
    "no GPU": ([CUDA_13], InstanceType.ML_M5_XLARGE, None, None),
}


@pytest.mark.parametrize("case", CASES)
def test_machine_image_of_a_variant(case: str) -> None:
    images, types, given, expected = CASES[case]
    stack = new_stack()
    environment = {"HF_MODEL_ID": "acme/fraud"}  # some servers do not start without it
    containers = [Container(image=each, environment=environment) for each in images]
    model = Model(stack, "Model", containers=containers)
    arguments: dict[str, Any] = {
        "model": model,
        "instance_type": types,
        "initial_instance_count": 1,
        "inference_ami_version": given,
    }
    # Not all of them start; the machine image is chosen nevertheless.
    acknowledge(stack, "cuda-13-image-without-ami", reason="Test.")
    acknowledge(stack, "shadow-with-model-feature", reason="Test.")
    by_method = EndpointConfig(stack, "ByMethod")
    by_method.add_instance_variant("main", **arguments)
    by_method.add_shadow_variant("shadow", **arguments)
    by_value = EndpointConfig(
        stack,
        "ByValue",
        production_variants=[InstanceVariant("main", **arguments)],
        shadow_production_variants=[InstanceVariant("shadow", **arguments)],
    )

    for config in (by_method, by_value):
        for handle in config.variants:
            assert handle.spec.inference_ami_version == expected
        reason = "chosen because the container image needs CUDA 13"
        assert str(config).count(f"{CHOSEN} ({reason})") == (2 if expected == CHOSEN else 0)
        assert str(config).count("machine image") == (2 if expected else 0)


def test_override_of_a_pool_counts() -> None:
    stack = new_stack()
    model = Model(stack, "Model", container=Container(image=CPU))
    override = Model(stack, "Override", container=Container(image=CUDA_13))
    config = EndpointConfig(stack, "Config")
    handle = config.add_instance_variant(
        "main",
        model=model,
        instance_type=pools(G5, G6E, override=override),
        initial_instance_count=1,
    )

    assert handle.spec.inference_ami_version == CHOSEN


def test_nothing_is_chosen_where_the_image_is_not_known() -> None:
    stack = new_stack()
    tag = cdk.CfnParameter(stack, "Tag").value_as_string
    image = ContainerImage.from_dlc("vllm", tag)
    model = Model(stack, "Model", container=Container(image=image))
    config = EndpointConfig(stack, "Config")
    for name, given in (("one", model), ("two", "vllm-7"), ("three", model.model_name)):
        config.add_instance_variant(name, model=given, instance_type=G5, initial_instance_count=1)
    hosting = EndpointConfig(
        stack,
        "Hosting",
        production_variants=[
            InferenceComponentVariant(
                "shared",
                instance_type=G5,
                initial_instance_count=1,
                inference_ami_version="default",
            )
        ],
        execution_role="arn:aws:iam::111122223333:role/host",
    )

    for handle in (*config.variants, *hosting.variants):
        assert handle.spec.inference_ami_version is None
