"""Rules on the CUDA version of an image and the driver of the machine image that runs it.

The drivers are those in the API reference of ``InferenceAmiVersion``. The default is not one
version: on ml.g5, both driver 470 and driver 535 were seen without a named machine image.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.image_traits import ImageTraits, Version, version_of
from cdk_epc.rules._container_images import (
    FIT_SUBJECTS,
    FitSubject,
    HostedImage,
    published_images,
    runs_published_image,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import ProductionVariant

_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/pull/6281"
_RAY: Final = "https://github.com/aws/deep-learning-containers/issues/6187"
_DRIVERS: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/inference-gpu-drivers.html"

_AMI_12: Final = "al2-ami-sagemaker-inference-gpu-3-1"
_AMI_13: Final = "al2023-ami-sagemaker-inference-gpu-4-1"
_AMIS_535: Final = ("al2-ami-sagemaker-inference-gpu-2", "al2-ami-sagemaker-inference-gpu-2-1")
_CUDA_12_9: Final[Version] = (12, 9)
_CUDA_13: Final[Version] = (13, 0)
# Families whose default machine image has driver 470; the newer image is not for P2 and P3.
_OLD_DEFAULT: Final = frozenset({"g4dn", "g5", "p4d", "p4de", "p3", "p2"})
_WITHOUT_NEW_AMI: Final = frozenset({"p3", "p2"})
_NEWER_DEFAULT: Final = frozenset({"g6", "g6e", "p5", "p5e", "p5en"})
_TRITON: Final = "sagemaker-tritonserver"
# Images with CUDA 12 that were seen to fail on the default, or whose documentation says so.
_ALWAYS_NEWER: Final = frozenset({"whisperx", "ray"})
_NEWER_WITH_12_9: Final = frozenset({"vllm", "huggingface-vllm", "sglang", "huggingface-sglang"})
_FIRST_TRITON: Final[Version] = (25, 4)


def _gpu_images(subject: FitSubject) -> Iterator[tuple[HostedImage, ImageTraits]]:
    for hosted, traits in published_images(subject):
        if traits.accelerator == "gpu" and not hosted.is_serverless:
            yield hosted, traits


def _with_cuda_13(subject: FitSubject) -> Iterator[tuple[HostedImage, Version]]:
    for hosted, traits in _gpu_images(subject):
        if traits.cuda is not None and traits.cuda >= _CUDA_13:
            yield hosted, traits.cuda


def _has_default_ami(variants: tuple[ProductionVariant, ...]) -> bool:
    """Return whether all variants that may run an image use the default machine image."""
    return bool(variants) and all(each.inference_ami_version is None for each in variants)


def _ami_of(hosted: HostedImage) -> object:
    """Return the machine image of all variants that may run an image, if it is the same."""
    names = {each.inference_ami_version for each in hosted.variants}
    return next(iter(names)) if len(names) == 1 else None


def _default_ami(
    hosted: HostedImage, families: frozenset[str], needed: str, ami: str
) -> Iterator[Violation]:
    """Yield a violation for each type whose default machine image does not fit an image.

    Args:
        hosted: The image.
        families: Families of such types.
        needed: Requirement of the image, as it reads after its name.
        ami: Machine image that fits.
    """
    if not _has_default_ami(hosted.variants):
        return
    for path, instance_type in hosted.known_types():
        family = instance_type.family
        if family in families:
            fix = (
                "Use another type, such as ml.g5.xlarge, with `inference_ami_version` "
                f"{ami}; or an image with an older CUDA version."
                if family in _WITHOUT_NEW_AMI
                else f"Set `inference_ami_version` to {ami}."
            )
            yield Violation(
                path=path,
                got=Words(f"{instance_type.name} with the default machine image"),
                sentence=f"{hosted.label} {needed}, which the default machine image of "
                f"{instance_type.name} does not have",
                fix=fix,
            )


def _text(version: Version) -> str:
    return ".".join(map(str, version))


@rule(
    id="cuda-13-image-without-ami",
    title="An image with CUDA 13 must have a machine image with its driver",
    why="The default machine image of these types has the driver for CUDA 11.4. The container "
    "ends before it writes a log: CannotStartContainerError.",
    fix=f"Set InferenceAmiVersion to {_AMI_13}.",
    evidence=Evidence.REAL_ERROR,
    source_url=_SDK,
    about=FIT_SUBJECTS,
    when=runs_published_image,
    eager=True,
)
def cuda_13_image_without_ami(subject: FitSubject) -> Iterator[Violation]:
    for hosted, cuda in _with_cuda_13(subject):
        needed = f"requires the driver for CUDA {_text(cuda)}"
        yield from _default_ami(hosted, _OLD_DEFAULT, needed, _AMI_13)


@rule(
    id="cuda-13-image-with-default-ami",
    title="An image with CUDA 13 should have a machine image with its driver",
    why="The default machine image of these types has the driver for CUDA 12. SageMaker's SDK "
    "names another one for these images.",
    fix=f"Set InferenceAmiVersion to {_AMI_13}.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SDK,
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def cuda_13_image_with_default_ami(subject: FitSubject) -> Iterator[Violation]:
    for hosted, cuda in _with_cuda_13(subject):
        # An image of Triton with CUDA 13.2 was seen to work on ml.g6.
        if hosted.image.repository != _TRITON:
            needed = f"requires the driver for CUDA {_text(cuda)}"
            yield from _default_ami(hosted, _NEWER_DEFAULT, needed, _AMI_13)


@rule(
    id="image-cuda-ami-mismatch",
    title="The machine image should have a driver for the CUDA version of the image",
    why="With driver 535, an image with CUDA 13 was seen to fail with CUDA error 803. An image of "
    "Ray with CUDA 12.9 was seen to stay in Creating with the machine image for CUDA 13.",
    fix="Set InferenceAmiVersion to the machine image for the CUDA version of the image.",
    evidence=Evidence.REAL_ERROR,
    source_url=_DRIVERS,
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def image_cuda_ami_mismatch(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in _gpu_images(subject):
        ami, cuda = _ami_of(hosted), traits.cuda
        if cuda is None:
            continue
        if cuda >= _CUDA_13 and ami in _AMIS_535:
            right, source = _AMI_13, None
        elif hosted.image.repository == "ray" and cuda == _CUDA_12_9 and ami == _AMI_13:
            right, source = _AMI_12, _RAY
        else:
            continue
        yield Violation(
            path=_ami_path(hosted),
            got=Words(f"{hosted.label} with {ami}"),
            sentence=f"{hosted.label} contains CUDA {_text(cuda)}, which does not work with "
            f"machine image {ami}",
            fix=f"Set `inference_ami_version` to {right}.",
            source_url=source,
        )


def _ami_path(hosted: HostedImage) -> tuple[str | int, ...]:
    """Return the path of a variant's machine image; that of the image for a component."""
    is_variant = hosted.path[0] in ("production_variants", "shadow_production_variants")
    return (*hosted.path[:2], "inference_ami_version") if is_variant else hosted.path


@rule(
    id="image-driver-too-old",
    title="An image that requires a newer driver should have a machine image with it",
    why="The default machine image of these types has driver 470. Images of Triton since 25.04 "
    "were seen to fail with it after 30 minutes; AWS's documentation names a newer machine image "
    "for WhisperX and Ray.",
    fix=f"Set InferenceAmiVersion to {_AMI_12}.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/deep-learning-containers/issues/4990",
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def image_driver_too_old(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in _gpu_images(subject):
        is_newer = traits.cuda is not None and traits.cuda >= _CUDA_13  # another rule
        if not is_newer and _requires_newer_driver(hosted, traits):
            needed = "requires a newer driver"
            yield from _default_ami(hosted, _OLD_DEFAULT, needed, _AMI_12)


def _requires_newer_driver(hosted: HostedImage, traits: ImageTraits) -> bool:
    repository, tag = hosted.image.repository, hosted.image.tag
    if repository == _TRITON:
        return tag is not None and version_of(tag) >= _FIRST_TRITON
    return repository in _ALWAYS_NEWER or (
        repository in _NEWER_WITH_12_9 and traits.cuda == _CUDA_12_9
    )


RULES: Final = (
    cuda_13_image_without_ami,
    cuda_13_image_with_default_ami,
    image_cuda_ami_mismatch,
    image_driver_too_old,
)
