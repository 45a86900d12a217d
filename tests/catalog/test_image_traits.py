"""Hardware and uses of published images, by their names and tags."""

from __future__ import annotations

from collections import Counter

import pytest

from cdk_epc.catalog.image_references import parse_image
from cdk_epc.catalog.image_traits import ImageTraits, version_of
from cdk_epc.catalog.images import data

_HOST = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"


def traits(image: str) -> ImageTraits:
    """Return the traits of ``repository:tag``; ``*`` in it stands for an unknown part."""
    parts: list[str | None] = [f"{_HOST}/"]
    for each in image.split("*"):
        parts += [each, None]
    reference = parse_image(parts[:-1])
    assert reference is not None
    found = reference.traits
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("image", "accelerator", "architecture", "cuda"),
    [
        ("huggingface-pytorch-inference-neuronx:2.8.0", "neuronx", "x86_64", None),
        ("djl-inference:0.29.0-neuronx-sdk2.19.1", "neuronx", "x86_64", None),
        ("pytorch-inference-neuron:1.13", "neuron", "x86_64", None),
        ("sagemaker-neo-pytorch:1.9-inf-py3", "neuron", "x86_64", None),
        ("djl-inference:0.36.0-lmi27.0.0-cu130", "gpu", "x86_64", (13, 0)),
        (
            "huggingface-pytorch-inference:2.0.0-gpu-py310-cu118-ubuntu20.04",
            "gpu",
            "x86_64",
            (11, 8),
        ),
        ("pytorch-inference:2.6-gpu-py312", "gpu", "x86_64", (12, 4)),
        ("pytorch-inference:2.5.1-gpu-py311", "gpu", "x86_64", None),
        ("pytorch-inference:2.6-cpu-py312", "cpu", "x86_64", None),
        ("pytorch-inference-arm64:2.6-cpu-py312", "cpu", "arm64", None),
        ("tensorflow-inference-graviton:2.16-cpu", "cpu", "arm64", None),
        ("tensorflow-inference:2.19.0-gpu-py312", "gpu", "x86_64", (12, 2)),
        ("tensorflow-inference:2.14-gpu", "gpu", "x86_64", None),
        ("sagemaker-xgboost:1.5-1-arm64", None, "arm64", None),
        ("sagemaker-xgboost:1.7-1", None, "x86_64", None),
        ("sagemaker-scikit-learn:1.2-1", "cpu", "x86_64", None),
        ("knn:1", None, "x86_64", None),
        ("sagemaker-tritonserver:25.09-py3", "gpu", "x86_64", (13, 0)),
        ("sagemaker-tritonserver:25.04-py3", "gpu", "x86_64", (12, 9)),
        ("sagemaker-tritonserver:24.05-py3", "gpu", "x86_64", (12, 4)),
        ("sagemaker-tritonserver:24.09-py3", "gpu", "x86_64", (12, 6)),
        ("sagemaker-tritonserver:26.03-py3", "gpu", "x86_64", (13, 2)),
        ("sagemaker-tritonserver:26.05-py3", "gpu", "x86_64", (13, 2)),
        ("sagemaker-tritonserver:24.01-py3", "gpu", "x86_64", None),
        ("sagemaker-tritonserver:25.09-py3-cpu", "cpu", "x86_64", None),
        ("vllm:server-sagemaker-cuda-v1", "gpu", "x86_64", (12, 9)),
        ("vllm:server-sagemaker-cuda-v2", "gpu", "x86_64", (13, 0)),
        ("vllm:server-sagemaker-cuda-v2.6", "gpu", "x86_64", (13, 0)),
        ("vllm:omni-sagemaker-cuda-v1.0", "gpu", "x86_64", (12, 9)),
        ("vllm:omni-sagemaker-cuda-v1.1", "gpu", "x86_64", (13, 0)),
        ("vllm:omni-sagemaker-cuda-v1", "gpu", "x86_64", (13, 0)),
        ("vllm:0.12.0-gpu-py312", "gpu", "x86_64", None),
        ("vllm:0.13.0-gpu-py312", "gpu", "x86_64", (12, 9)),
        ("vllm:0.19-gpu-py312", "gpu", "x86_64", (12, 9)),
        ("vllm:0.20-gpu-py312", "gpu", "x86_64", (13, 0)),
        ("sglang:0.5.10-gpu-py312", "gpu", "x86_64", (12, 9)),
        ("sglang:0.5.11-gpu-py312", "gpu", "x86_64", (13, 0)),
        ("sglang:0.5-gpu-py312", "gpu", "x86_64", None),
        ("sglang:server-sagemaker-cuda-v1.4", "gpu", "x86_64", (13, 0)),
        ("ray:serve-ml-sagemaker-cuda-v1.4", "gpu", "x86_64", (12, 9)),
        ("ray:serve-ml-sagemaker-cpu-v1.4", "cpu", "x86_64", None),
        ("llama-cpp:server-sagemaker-cuda-v1", "gpu", "x86_64", (13, 0)),
        # Without a tag, or with a part of it, only what is certain.
        ("sagemaker-xgboost", None, None, None),
        ("sagemaker-tritonserver@sha256:00", None, None, None),
        ("sagemaker-tritonserver:*-py3", None, None, None),
        ("pytorch-inference:*-gpu-py312", "gpu", None, None),
        ("huggingface-vllm:*-gpu-py312-cu130-ubuntu24.04", "gpu", None, (13, 0)),
        ("pytorch-inference-arm64:*", None, "arm64", None),
    ],
)
def test_hardware(
    image: str, accelerator: str | None, architecture: str | None, cuda: tuple[int, ...] | None
) -> None:
    found = traits(image)
    assert (found.accelerator, found.architecture, found.cuda) == (accelerator, architecture, cuda)


def test_hardware_of_every_known_tag() -> None:
    """Only built-in algorithms and a few more say nothing about the hardware."""
    found = Counter[str | None]()
    silent: set[str] = set()
    for repository in data().repositories.values():
        for tag in repository.tags:
            accelerator = traits(f"{repository.name}:{tag}").accelerator
            found[accelerator] += 1
            if accelerator is None:
                silent.add(repository.name)
    assert found["gpu"] > 400
    assert found["cpu"] > 350
    assert found["neuron"] + found["neuronx"] == 40
    assert found[None] < 40
    assert {name for name in silent if "-" in name and name.startswith("sagemaker")} == {
        "sagemaker-sparkml-serving",
        "sagemaker-xgboost",
    }


@pytest.mark.parametrize(
    ("image", "has_label"),
    [
        ("pytorch-inference:2.6.0-gpu-py312", True),
        ("pytorch-inference:2.0-gpu-py310", True),
        ("pytorch-inference:1.13.1-gpu-py39", False),
        ("pytorch-inference:1.13.1-cpu-py39", True),
        ("pytorch-inference-graviton:2.4.0-cpu-py311", True),
        ("pytorch-inference-neuronx:2.9.0-neuronx-py312", False),
        ("tensorflow-inference:2.14-gpu-py310", False),
        ("tensorflow-inference:2.17-gpu", None),
        ("tensorflow-inference:2.18-gpu", True),
        ("tensorflow-inference:2.0.1-cpu", False),
        ("tensorflow-inference:2.1-cpu", False),
        ("tensorflow-inference:2.1.3-cpu", None),
        ("tensorflow-inference:2.2-cpu", True),
        ("tensorflow-inference:1.15-cpu", True),
        ("huggingface-pytorch-inference:1.10.2-transformers4.17.0-gpu-py38-cu113", False),
        ("huggingface-pytorch-inference:2.1.0-transformers4.37.0-gpu-py310-cu118", False),
        ("huggingface-pytorch-inference:2.2.0-transformers4.40.0-gpu-py310-cu121", None),
        ("huggingface-pytorch-inference:2.3.0-transformers4.46.1-gpu-py311-cu121", True),
        ("huggingface-tensorflow-inference:2.11.0-transformers4.26.0-gpu-py39-cu112", False),
        ("huggingface-tensorflow-inference:2.20.0-transformers5.0.0-gpu-py312-cu130", None),
        ("autogluon-inference:0.5-gpu-py38", False),
        ("autogluon-inference:0.6-gpu-py38", True),
        ("mxnet-inference:1.9-gpu-py38", False),
        ("mxnet-inference:1.9-cpu-py38", True),
        ("ray:serve-ml-sagemaker-cpu-v1", False),
        ("sagemaker-tritonserver:25.09-py3", True),
        ("djl-inference:0.36.0-lmi27.0.0-cu130", None),
        ("knn:1", None),
        ("pytorch-inference:*-gpu-py312", None),
    ],
)
def test_multi_model_label(image: str, has_label: bool | None) -> None:  # noqa: FBT001 - a row
    assert traits(image).has_multi_model_label is has_label


@pytest.mark.parametrize(
    ("repository", "is_for_inference"),
    [
        ("pytorch-inference", True),
        ("pytorch-inference-graviton", True),
        ("sagemaker-xgboost", True),
        ("pytorch-training", False),
        ("sagemaker-tensorflow-scriptmode", False),
        ("sagemaker-spark-processing", False),
        ("mxnet-inference-eia", False),
        ("vllm-arm64", None),
    ],
)
def test_uses(repository: str, is_for_inference: bool | None) -> None:  # noqa: FBT001 - a row
    assert traits(f"{repository}:1").is_for_inference is is_for_inference


def test_versions() -> None:
    assert version_of("2.6.0-gpu") == (2, 6, 0)
    assert version_of("v1") == ()
