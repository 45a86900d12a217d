"""Rule of the tags of images that AWS publishes."""

from __future__ import annotations

from cdk_epc.rules import check
from cdk_epc.spec import ContainerDefinition, ModelSpec

DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"


def findings(image: str) -> list[str]:
    spec = ModelSpec(primary_container=ContainerDefinition(image=image))
    return [each.message for each in check(spec) if each.rule_id == "model-image-tag-unpublished"]


def test_tags_that_sagemakers_sdk_does_not_list() -> None:
    for tag in (
        "pytorch-inference:9.9-gpu-py312",
        "vllm:latest-and-greatest",
        "vllm:omni-sagemaker-cuda-v9.9",
        "sglang:0.5-py312",
        "djl-inference:0.36.0-lmi18.0.0",
        "djl-inference:0.29.0-cpu",
        "sagemaker-tritonserver:24.13-py3",
        "sagemaker-tritonserver:latest",
    ):
        assert len(findings(f"{DLC}/{tag}")) == 1, tag


def test_tags_that_may_exist() -> None:
    for image in (
        f"{DLC}/pytorch-inference:2.6.0-gpu-py312",
        f"{DLC}/pytorch-inference:2.6.0-gpu-py312-cu124-ubuntu22.04-sagemaker",
        f"{DLC}/vllm:0.19-gpu-py312",
        f"{DLC}/vllm:omni-sagemaker-cuda-v1.0",
        f"{DLC}/sglang:0.5.5-gpu-py312",
        f"{DLC}/huggingface-vllm:0.29.0-transformers5.15.0-gpu-py312-cu130-ubuntu24.04-v1.2",
        f"{DLC}/vllm:0.16.0-gpu-py312-cu129-ubuntu22.04-sagemaker-v1.1",
        f"{DLC}/djl-inference:0.29.0-cpu-full",
        f"{DLC}/djl-inference:0.36.0-lmi20.0.0-cu128-v1.0",
        f"{DLC}/sagemaker-tritonserver:22.07-py3",
        "685385470294.dkr.ecr.eu-west-1.amazonaws.com/xgboost:latest",
        f"{DLC}/pytorch-inference@sha256:{'0' * 64}",
        f"{DLC}/pytorch-inference:9.9-gpu-py312@sha256:{'0' * 64}",
        f"{DLC}/pytorch-inference",
        f"{DLC}/fraud:9.9-gpu-py312",
        # Another rule reports the images for EC2.
        f"{DLC}/pytorch-inference:9.9-gpu-py312-ec2",
        f"{DLC}/vllm:server-cuda-v9.9",
        f"{DLC}/vllm:omni-cuda-v9.9",
        f"{DLC}/ray:serve-ml-cuda-v9.9",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:9.9-gpu-py312",
    ):
        assert findings(image) == [], image
