"""Tags of an image, built like those of the SDK's ``image_uris.retrieve``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tools.images.configs import Image

# Tags that are in the code of the SDK and in none of its files.
_ARM_TAGS: Final = {
    ("sklearn", "1.0-1"): "1.0-1-arm64-cpu-py3",
    ("xgboost", "1.3-1"): "1.3-1-arm64",
    ("xgboost", "1.5-1"): "1.5-1-arm64",
}
_TOOL: Final = re.compile(r"^huggingface-(?:llm-)?(neuronx?)$")
_PYTHON: Final = re.compile(r"^py\d+$")


def tags_of(image: Image) -> Iterator[str]:
    """Yield the tags of an image: one for each name of its version, processor and Python."""
    for name in image.names:
        yield from tags_of_version(image, name)


def tags_of_version(image: Image, name: str) -> Iterator[str]:
    """Yield the tags of an image for one name of its version."""
    if image.scope == "inference_graviton" and (tag := _ARM_TAGS.get((image.family, name))):
        yield tag
        return
    for processor in image.processors or ("",):
        yield from _tags_for(image, name, processor)


def _tags_for(image: Image, name: str, processor: str) -> Iterator[str]:
    for python in _pythons(image):
        for build in _builds(image, processor):
            yield _joined(_start(image, name), _middle(image, processor), python, build)


def _joined(*parts: str) -> str:
    return "-".join(part for part in parts if part)


def _start(image: Image, name: str) -> str:
    if image.base and not _PYTHON.match(image.base):
        return f"{image.base.lstrip('abcdefghijklmnopqrstuvwxyz')}-transformers{image.names[0]}"
    return str(image.node.get("tag_prefix", name))


def _middle(image: Image, processor: str) -> str:
    if tool := _TOOL.match(image.family):
        return tool[1]
    # The tags of Triton's images for GPUs do not contain the processor, those for CPUs do.
    is_omitted = image.family == "sagemaker-tritonserver" and processor == "gpu"
    return "" if is_omitted or not image.node.get("processor_in_tag", True) else processor


def _pythons(image: Image) -> tuple[str, ...]:
    if _PYTHON.match(image.base):
        return (image.base,)
    return tuple(image.node.get("py_versions") or ("",))


def _builds(image: Image, processor: str) -> Iterator[str]:
    """Yield the last part of each tag: the versions of CUDA and Ubuntu, or of the Neuron SDK."""
    build = image.node.get("container_version", {}).get(processor, "")
    if image.repository.endswith(("-graviton", "-arm64")) and build:
        build += "-sagemaker"
    for sdk in image.node.get("sdk_versions") or ("",):
        yield _joined(sdk, build)
