"""Rule of the tags of images that AWS publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from cdk_epc.catalog.image_references import ImageReference
from cdk_epc.catalog.images import data, is_known_tag, nearest_tags
from cdk_epc.rules._container_images import has_published_image, images_in
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import InferenceComponentSpec, ModelSpec

_Subject: TypeAlias = ModelSpec | InferenceComponentSpec
# SageMaker's SDK lists neither the old images of these repositories nor all forms of the tags of
# new ones. From the lists of images in the history of
# https://github.com/aws/deep-learning-containers up to 2026-08-21; those of Triton are from the
# notebooks of https://github.com/aws/amazon-sagemaker-examples.
_FORMS: Final = {
    "autogluon-inference": r"0\.3\.0-[cg]pu-py37\S*|"
    r"1\.3\.1-[cg]pu-py311\S*|1\.5\.0-[cg]pu-py312\S*",
    "djl-inference": r"\d+(?:\.\d+)+-(?:cpu-full|lmi\d+(?:\.\d+)+-cu\d+(?:-v\d+\.\d+)?)|"
    r"0\.21\.0-deepspeed0\.8\.0-cu117|0\.22\.1-(?:deepspeed0\.8\.3-cu118|neuronx-sdk2\.9\.0)|"
    r"0\.23\.0-neuronx-sdk2\.11\.0|0\.30\.0-(?:neuronx-sdk2\.20\.1|tensorrtllm0\.12\.0\S*)",
    "huggingface-pytorch-inference-neuron": r"1\.10\.2-transformers4\.20\.1-neuron-py37\S*",
    "huggingface-pytorch-tgi-inference": r"2\.0\.1-tgi1\.0\.2-gpu-py39\S*",
    "huggingface-tensorflow-inference": r"2\.11\.1-transformers4\.26\.0-[cg]pu-py39\S*|"
    r"2\.4\.3-transformers4\.10\.2-[cg]pu-py37\S*",
    "huggingface-vllm-inference-neuronx": r"0\.11\.0-optimum0\.4\.[45]-neuronx-py310\S*",
    "llama-cpp-arm64": r"server-sagemaker-cpu-v1(?:\.\d+)*",
    "mxnet-inference": r"1\.[78]\.0-[cg]pu-py36\S*",
    "pytorch-inference": r"1\.5\.1-[cg]pu-py36\S*",
    "pytorch-inference-arm64": r"2\.5\.1-cpu-py311\S*|2\.6(?:\.0)?-cpu-py312",
    "ray": r"serve-ml-sagemaker-(?:cpu|cuda)-v1\.[01](?:\.0)?",
    "sagemaker-tritonserver": r"2[1-3]\.\d\d-py3(?:-cpu)?|26\.03-py3(?:-cpu)?",
    "sglang": r"\d+(?:\.\d+)*-[cg]pu-py\d+(?:-cu\d+-ubuntu\d+\.\d+-sagemaker(?:-v\d+(?:\.\d+)*)?)?|"
    r"server-sagemaker-cuda-v1(?:\.\d+)*",
    "tensorflow-inference": r"2\.(?:8\.3|9\.[01])-[cg]pu-py39\S*",
}
_FORMS["vllm"] = rf"{_FORMS['sglang']}|omni-sagemaker-cuda-v1(?:\.\d+)*"


@rule(
    id="model-image-tag-unpublished",
    title="The tag of an image that AWS publishes should be a known one",
    why="The model or the endpoint fails if the repository has no image with the tag. A tag can "
    "also be newer than the data of this library.",
    fix="Correct the tag, or acknowledge the finding for an image that you have seen.",
    evidence=Evidence.INFERRED,
    source_url="https://github.com/aws/sagemaker-python-sdk",
    about=(ModelSpec, InferenceComponentSpec),
    when=has_published_image,
    severity=Severity.WARNING,
)
def model_image_tag_unpublished(subject: _Subject) -> Iterator[Violation]:
    for path, image in images_in(subject):
        if _is_unknown(image):
            nearest = " or ".join(nearest_tags(str(image.tag), _tags(image)))
            yield Violation(
                path=path,
                got=image.tag,
                sentence=f"the tag {image.tag} of repository {image.repository} is not one that "
                "SageMaker's SDK knows",
                fix=f"Correct the tag, for example to {nearest}, or acknowledge the finding if the "
                "image exists.",
            )


def _is_unknown(image: ImageReference) -> bool:
    """Return whether the whole tag is known, and no published image has it."""
    if not image.is_published or image.tag is None or image.has_unknown_tag:
        return False
    if _is_for_ec2(image.tag_parts):
        return False  # these have a rule of their own
    form = _FORMS.get(str(image.repository))
    if form is not None and re.fullmatch(form, image.tag):
        return False  # published, although the SDK does not list it
    known = _tags(image)
    if image.tag == "latest" and "1" in known:
        return False  # a built-in algorithm has both tags
    return image.digest is None and bool(known) and not is_known_tag(image.tag, known)


def _is_for_ec2(parts: tuple[str, ...]) -> bool:
    is_server = parts[:1] in {("server",), ("serve",), ("omni",)}
    return "ec2" in parts or (is_server and "sagemaker" not in parts)


def _tags(image: ImageReference) -> tuple[str, ...]:
    repository = data().repositories.get(str(image.repository))
    return () if repository is None else repository.tags


RULES: Final = (model_image_tag_unpublished,)
