"""Hardware and uses of the images that AWS publishes, as their names and tags say.

The tables come from AWS's own texts, because no package has these facts as data:

- CUDA versions of tags without one: the lists of images in the documentation of the Deep Learning
  Containers (https://github.com/aws/deep-learning-containers, ``docs/src/data``, 2026-08-21), and
  for Triton NVIDIA's list of images by month (triton-inference-server/server, 2026-08-19).
- Label of multi-model images: the Dockerfiles in the same repository (branches ``main`` and
  ``master``, 2026-08-19).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from attrs import frozen

from cdk_epc._records import Record
from cdk_epc.catalog.images import data
from cdk_epc.catalog.instances import Architecture

ImageAccelerator = Literal["gpu", "neuron", "neuronx", "cpu"]
"""Hardware of an image: NVIDIA GPU, Inferentia, Inferentia2 or Trainium, or none of these."""
Version: TypeAlias = tuple[int, ...]
"""Numbers of a version: ``(13, 0)`` for 13.0."""


@frozen(eq=False, repr=False)
class ImageTraits(Record):
    """Hardware and uses of an image that AWS publishes; ``None`` for a fact not in its name.

    Attributes:
        accelerator: ``gpu``, ``neuron`` (Inferentia), ``neuronx`` (Inferentia2 and Trainium) or
            ``cpu``.
        architecture: Architecture of the CPU.
        cuda: CUDA version of a GPU image, such as ``(13, 0)``.
        scopes: Uses of the repository, such as ``inference`` and ``training``; ``None`` for an
            unknown repository.
        has_multi_model_label: Whether the image has the label that multi-model containers require.
    """

    accelerator: ImageAccelerator | None
    architecture: Architecture | None
    cuda: Version | None
    scopes: tuple[str, ...] | None
    has_multi_model_label: bool | None

    @property
    def is_for_inference(self) -> bool | None:
        """Whether an image of the repository can serve requests; ``None`` if unknown."""
        if self.scopes is None:
            return None
        return any(scope.startswith("inference") for scope in self.scopes)


@lru_cache(maxsize=64)
def image_traits(
    repository: str, tag_parts: tuple[str, ...], *, is_tag_known: bool = True
) -> ImageTraits:
    """Return the traits of an image that AWS publishes.

    Args:
        repository: Name of the repository.
        tag_parts: Known parts of the tag, which is split at ``-`` and ``_``.
        is_tag_known: Whether these are all parts of the tag.
    """
    accelerator = _accelerator(repository, tag_parts, is_tag_known=is_tag_known)
    known = data().repositories.get(repository)
    tag = "-".join(tag_parts) if is_tag_known else None
    return ImageTraits(
        accelerator=accelerator,
        architecture=_architecture(repository, tag_parts, is_tag_known=is_tag_known),
        cuda=_cuda(repository, tag_parts, tag) if accelerator == "gpu" else None,
        scopes=None if known is None else known.scopes,
        has_multi_model_label=(
            None if tag is None else _has_multi_model_label(repository, tag, accelerator)
        ),
    )


def _accelerator(
    repository: str, tag_parts: Iterable[str], *, is_tag_known: bool
) -> ImageAccelerator | None:
    parts = set(tag_parts)
    if "neuronx" in parts or repository.endswith("-neuronx"):
        return "neuronx"
    if parts & {"neuron", "inf"} or repository.endswith("-neuron"):
        return "neuron"
    if parts & {"gpu", "cuda"} or _cuda_in(parts) is not None:
        return "gpu"
    if "cpu" in parts or repository in _CPU_ONLY:
        return "cpu"
    return "gpu" if repository == _TRITON and is_tag_known else None


def _architecture(
    repository: str, tag_parts: Iterable[str], *, is_tag_known: bool
) -> Architecture | None:
    if "arm64" in tag_parts or repository.endswith(("-arm64", "-graviton")):
        return "arm64"
    return "x86_64" if is_tag_known else None


_TRITON: Final = "sagemaker-tritonserver"
_CPU_ONLY: Final = frozenset({"sagemaker-scikit-learn"})
_CUDA_PART: Final = re.compile(r"cu(?P<major>\d{1,2})(?P<minor>\d)")


def _cuda_in(parts: Iterable[str]) -> Version | None:
    """Return the CUDA version in a part such as ``cu118``."""
    for part in parts:
        if found := _CUDA_PART.fullmatch(part):
            return int(found["major"]), int(found["minor"])
    return None


def version_of(text: str) -> Version:
    """Return the numbers at the beginning of a text: ``(2, 6, 0)`` for ``2.6.0-gpu``."""
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, found[0].split("."))) if found else ()


@frozen(eq=False, repr=False)
class _Tags(Record):
    """Tags of a repository with one CUDA version, by the version in the tag.

    Attributes:
        pattern: Pattern of the tag, with the version as its group.
        since: First version.
        before: First version of the next row.
        cuda: CUDA version.
    """

    pattern: re.Pattern[str]
    since: Version
    before: Version
    cuda: Version


def _rows(pattern: str, *rows: tuple[Version, Version, Version]) -> tuple[_Tags, ...]:
    compiled = re.compile(pattern)
    return tuple(_Tags(compiled, since, before, cuda) for since, before, cuda in rows)


_ANY: Final[Version] = (10**6,)
_SHORT_TAG: Final = r"(\d+\.\d+\.\d+|\d+\.\d\d)-gpu-py312"
_CUDA: Final[Mapping[str, tuple[_Tags, ...]]] = {
    "vllm": (
        # Lines 2.4 and later are newer than the list; a line does not go back to an older CUDA.
        *_rows(r"server-sagemaker-cuda-v(\d[\d.]*)", ((1,), (2,), (12, 9)), ((2,), _ANY, (13, 0))),
        *_rows(
            r"omni-sagemaker-cuda-v(\d+\.[\d.]+)",
            ((1, 0), (1, 1), (12, 9)),
            ((1, 1), _ANY, (13, 0)),
        ),
        # This tag moves with each release.
        *_rows(r"omni-sagemaker-cuda-v(1)", ((1,), (2,), (13, 0))),
        *_rows(_SHORT_TAG, ((0, 13), (0, 20), (12, 9)), ((0, 20), _ANY, (13, 0))),
    ),
    "sglang": (
        *_rows(r"server-sagemaker-cuda-v(\d[\d.]*)", ((1,), _ANY, (13, 0))),
        *_rows(_SHORT_TAG, ((0, 5, 5), (0, 5, 11), (12, 9)), ((0, 5, 11), _ANY, (13, 0))),
    ),
    "ray": _rows(r"serve-ml-sagemaker-cuda-v(\d[\d.]*)", ((1,), (2,), (12, 9))),
    "llama-cpp": _rows(r"server-sagemaker-cuda-v(\d[\d.]*)", ((1,), _ANY, (13, 0))),
    "pytorch-inference": _rows(r"(2\.6(?:\.\d+)?)-gpu-.*", ((2, 6), (2, 7), (12, 4))),
    "tensorflow-inference": _rows(r"(2\.19(?:\.\d+)?)-gpu-.*", ((2, 19), (2, 20), (12, 2))),
    _TRITON: _rows(
        r"(\d\d\.\d\d)-py3",
        ((24, 5), (24, 6), (12, 4)),
        ((24, 9), (24, 10), (12, 6)),
        ((25, 4), (25, 5), (12, 9)),
        ((25, 9), (25, 10), (13, 0)),
        ((26, 3), (26, 4), (13, 2)),
        ((26, 5), (26, 6), (13, 2)),
    ),
}
"""CUDA versions of tags that do not contain them, by repository."""


def _cuda(repository: str, parts: Iterable[str], tag: str | None) -> Version | None:
    if (written := _cuda_in(parts)) is not None or tag is None:
        return written
    for row in _CUDA.get(repository, ()):
        found = row.pattern.fullmatch(tag)
        if found and row.since <= version_of(found[1]) < row.before:
            return row.cuda
    return None


def _all(*, has_label: bool) -> Callable[[Version], bool | None]:
    return lambda _: has_label


def _since(first: Version, last_without: Version) -> Callable[[Version], bool | None]:
    """Return the label by version: with it since a version, without it up to another one."""

    def has_label(version: Version) -> bool | None:
        if version >= first:
            return True
        return False if version < last_without else None

    return has_label


def _only_between(first: Version, after: Version) -> Callable[[Version], bool | None]:
    return lambda version: False if first <= version < after else None


def _tensorflow_cpu(version: Version) -> bool | None:
    if version in {(2, 0, 1), (2, 1), (2, 1, 0)}:
        return False
    return None if (2, 0) <= version < (2, 2) else True


_WITH: Final = _all(has_label=True)
_WITHOUT: Final = _all(has_label=False)
_LABELS: Final[Mapping[str, Mapping[ImageAccelerator, Callable[[Version], bool | None]]]] = {
    # The second version is the first one after those that were seen to have no label.
    "pytorch-inference": {"cpu": _WITH, "gpu": _since((2, 0), (1, 14))},
    "pytorch-inference-arm64": {"cpu": _WITH, "gpu": _since((2, 0), (1, 14))},
    "pytorch-inference-graviton": {"cpu": _WITH},
    "pytorch-inference-neuron": {"neuron": _WITHOUT},
    "pytorch-inference-neuronx": {"neuronx": _WITHOUT},
    "tensorflow-inference": {"cpu": _tensorflow_cpu, "gpu": _since((2, 18), (2, 17))},
    "tensorflow-inference-neuron": {"neuron": _WITHOUT},
    "tensorflow-inference-neuronx": {"neuronx": _WITHOUT},
    "huggingface-pytorch-inference": {"cpu": _WITH, "gpu": _since((2, 3), (2, 2))},
    "huggingface-pytorch-inference-neuron": {"neuron": _WITHOUT},
    "huggingface-pytorch-inference-neuronx": {"neuronx": _WITHOUT},
    "huggingface-tensorflow-inference": {"cpu": _WITH, "gpu": _only_between((2, 4), (2, 12))},
    "autogluon-inference": {"cpu": _WITH, "gpu": _since((0, 6), (0, 6))},
    "mxnet-inference": {"cpu": _WITH, "gpu": _WITHOUT},
    "ray": {"cpu": _WITHOUT, "gpu": _WITHOUT},
    "vllm": {"gpu": _WITHOUT},
    "sglang": {"gpu": _WITHOUT},
    "tei": {"gpu": _WITHOUT},
    "whisperx": {"gpu": _WITHOUT},
    "llama-cpp": {"gpu": _WITHOUT},
    _TRITON: {"cpu": _WITH, "gpu": _WITH},
}
"""Label of multi-model images, by repository, hardware and version."""


def _has_multi_model_label(
    repository: str, tag: str, accelerator: ImageAccelerator | None
) -> bool | None:
    has_label = _LABELS.get(repository, {}).get(accelerator) if accelerator else None
    return None if has_label is None else has_label(version_of(tag))
