"""Rules on the image of a container and the hardware that runs it: CPU, GPU and Neuron devices.

Only the catalog's instance types and the images that AWS publishes are checked, because the tags of
other images may say anything; the exception is the architecture in a tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import attrs

from cdk_epc.catalog.image_references import ImageHost
from cdk_epc.catalog.image_traits import ImageTraits
from cdk_epc.catalog.instances import AcceleratorKind, Architecture, InstanceType
from cdk_epc.rules._container_images import (
    FIT_SUBJECTS,
    FitSubject,
    HostedImage,
    hosted_images,
    images_run_by,
    published_images,
    runs_published_image,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path

_GRAVITON: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/instance-types-az.html"
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/issues/"
_NEURON: Final = "https://awsdocs-neuron.readthedocs-hosted.com/en/latest/"
_DLC: Final = "https://github.com/aws/deep-learning-containers/"
_FIRST_INFERENTIA: Final = "Inferentia"

# Their start was seen to fail, or their start script ends without nvidia-smi.
_ENDS_WITHOUT_GPU: Final = frozenset(
    {"tensorflow-inference", "sagemaker-tensorflow-serving", "sagemaker-tensorflow", "tei"}
)
_FAILS_WITHOUT_GPU: Final = frozenset(
    {
        "huggingface-pytorch-tgi-inference",
        "vllm",
        "huggingface-vllm",
        "huggingface-vllm-omni",
        "sglang",
        "huggingface-sglang",
        "djl-inference",
        "mxnet-inference",
        "stabilityai-pytorch-inference",
        "ray",
    }
)
# gpu-image-without-gpu is about the former; the images of Triton say nothing about Neuron devices.
_OTHER_RULE: Final = _ENDS_WITHOUT_GPU | {"sagemaker-tritonserver"}
COMPUTES_WITHOUT_GPU: Final = frozenset(
    {"pytorch-inference", "huggingface-pytorch-inference", "autogluon-inference"}
)
"""Repositories whose GPU images may start and compute on the CPU."""
_ARM_SIGNS: Final = frozenset({"arm64", "aarch64", "graviton"})
_X86_SIGNS: Final = frozenset({"amd64", "x86"})  # "x86_64" is split at its separator
_SIGNS: Final = _ARM_SIGNS | _X86_SIGNS


def _runs_image_for_architecture(subject: FitSubject) -> bool:
    """Return whether the app builds an image, or a tag names an architecture."""
    return any(
        image.architecture is not None or any(part.lower() in _SIGNS for part in image.tag_parts)
        for image in images_run_by(subject)
    )


TypeWithPath: TypeAlias = tuple[Path, InstanceType]


def _kind(instance_type: InstanceType) -> AcceleratorKind | None:
    accelerator = instance_type.accelerator
    return None if accelerator is None else accelerator.kind


def _with(
    hosted: HostedImage, traits: ImageTraits, kinds: tuple[AcceleratorKind | None, ...]
) -> Iterator[TypeWithPath]:
    """Yield the known types with one of these kinds of accelerators, ``None`` for those without.

    A type of another architecture is left out, because the rules about that report it.
    """
    for path, each in hosted.known_types():
        if _kind(each) in kinds and traits.architecture in (None, each.architecture):
            yield path, each


def _of_architecture(hosted: HostedImage, architecture: Architecture) -> Iterator[TypeWithPath]:
    return (each for each in hosted.known_types() if each[1].architecture == architecture)


def _on_types(
    hosted: HostedImage,
    types: Iterable[TypeWithPath],
    *,
    must: str,
    fix: str,
    python_fix: str | None = None,
) -> Iterator[Violation]:
    """Yield a violation for each instance type that does not fit an image.

    Args:
        hosted: The image.
        types: These types, each with its path.
        must: Requirement of the type, before the reason.
        fix: Advice.
        python_fix: Advice for Python code, where that differs.
    """
    for path, instance_type in types:
        violation = _violation(hosted, path, instance_type, must=must, fix=fix)
        yield attrs.evolve(violation, python_fix=python_fix)


def _violation(
    hosted: HostedImage, path: Path, instance_type: InstanceType, *, must: str, fix: str
) -> Violation:
    if path[-1] == "instance_type":
        return Violation(
            path=path,
            got=instance_type.name,
            must=f"{must} because of {hosted.label}",
            fix=fix,
        )
    return Violation(
        path=path,
        got=Words(f"{hosted.label} on {instance_type.name}"),
        sentence=f"{hosted.label} is run by instance type {instance_type.name}, which must {must}",
        fix=fix,
    )


@rule(
    id="x86-image-on-arm64",
    title="An x86-64 image must not run on an instance type with an arm64 CPU",
    why="The container cannot start (exec format error), and the endpoint fails after the health "
    "check. AWS publishes images for Graviton in repositories of their own, or with the part arm64 "
    "in the tag; all others are for x86-64.",
    fix="Use an x86-64 instance type, or an image for arm64.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_SDK}3679",
    about=FIT_SUBJECTS,
    when=runs_published_image,
    eager=True,
)
def x86_image_on_arm64(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.architecture == "x86_64":
            yield from _on_types(
                hosted,
                _of_architecture(hosted, "arm64"),
                must="be an x86-64 type",
                fix="Use an x86-64 type, such as ml.c6i.xlarge, or an image for arm64, such as one "
                "of pytorch-inference-arm64.",
            )


@rule(
    id="arm64-image-on-x86",
    title="An arm64 image should not run on an instance type with an x86-64 CPU",
    why="The container cannot start (exec format error), and the endpoint fails after the health "
    "check.",
    fix="Use an instance type with Graviton, or the image for x86-64.",
    evidence=Evidence.INFERRED,
    source_url=_GRAVITON,
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def arm64_image_on_x86(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.architecture == "arm64":
            yield from _on_types(
                hosted,
                _of_architecture(hosted, "x86_64"),
                must="be an arm64 type",
                fix="Use a type with Graviton, such as ml.c7g.xlarge, or the image for x86-64.",
            )


@rule(
    id="asset-image-architecture-mismatch",
    title="An image that the app builds must be for the architecture of the instance type",
    why="The container cannot start (exec format error), and the endpoint fails after the health "
    "check.",
    fix="Build the image for the platform of the instance type, or use another type.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws-samples/aws-lex-conv-faq/issues/8",
    about=FIT_SUBJECTS,
    when=_runs_image_for_architecture,
    eager=True,
)
def asset_image_architecture_mismatch(subject: FitSubject) -> Iterator[Violation]:
    for hosted in hosted_images(subject):
        if (built := hosted.image.architecture) is not None:
            is_arm = built == "arm64"
            other = "linux/amd64" if is_arm else "linux/arm64"
            yield from _on_types(
                hosted,
                _of_architecture(hosted, "x86_64" if is_arm else "arm64"),
                must=f"be an {'arm64' if is_arm else 'x86-64'} type",
                fix=f"Build the image for {other}, or use another type.",
                python_fix="Pass platform=Platform."
                f"{other.replace('/', '_').upper()} to ContainerImage.from_asset(), or use "
                "another type.",
            )


@rule(
    id="image-tag-architecture-mismatch",
    title="The architecture in the tag of an image should be that of the instance type",
    why="The container cannot start (exec format error), and the endpoint fails after the health "
    "check.",
    fix="Use the image for the architecture of the instance type.",
    evidence=Evidence.INFERRED,
    source_url=_GRAVITON,
    about=FIT_SUBJECTS,
    when=_runs_image_for_architecture,
    severity=Severity.WARNING,
)
def image_tag_architecture_mismatch(subject: FitSubject) -> Iterator[Violation]:
    for hosted in hosted_images(subject):
        image = hosted.image
        is_own = image.kind is ImageHost.ECR and image.account is not None
        if not is_own or image.is_published or image.has_unknown_tag or image.tag is None:
            continue
        parts = {part.lower() for part in image.tag_parts}
        is_arm = bool(parts & _ARM_SIGNS)
        is_x86 = bool(parts & _X86_SIGNS)
        if is_arm is is_x86 or "multiarch" in parts:
            continue
        yield from _on_types(
            hosted,
            _of_architecture(hosted, "x86_64" if is_arm else "arm64"),
            must=f"be an {'arm64' if is_arm else 'x86-64'} type",
            fix="Use a type of the architecture in the tag, or another image.",
        )


@rule(
    id="neuron-image-without-device",
    title="A Neuron image should run on an instance type with Neuron devices",
    why="The container fails with: The PyTorch Neuron Runtime could not be initialized. Serverless "
    "variants have no devices either.",
    fix="Use a type with AWS Inferentia or Trainium, or another image.",
    evidence=Evidence.INFERRED,
    source_url=f"{_DLC}issues/2094",
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def neuron_image_without_device(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.accelerator not in ("neuron", "neuronx"):
            continue
        family = "ml.inf2.xlarge" if traits.accelerator == "neuronx" else "ml.inf1.xlarge"
        fix = f"Use a type such as {family}, or an image for this hardware."
        if hosted.is_serverless:
            yield _serverless(hosted, "which requires Neuron devices", fix)
        yield from _on_types(
            hosted,
            _with(hosted, traits, (None, "gpu", "gaudi")),
            must="be a type with Neuron devices",
            fix=fix,
        )


def _serverless(hosted: HostedImage, reason: str, fix: str) -> Violation:
    return Violation(
        path=hosted.path,
        got=Words(hosted.label),
        sentence=f"a serverless variant should not run {hosted.label}, {reason}",
        fix=fix,
    )


@rule(
    id="neuron-image-generation-mismatch",
    title="A Neuron image should be one for the generation of the devices",
    why="Images with neuronx in their names are for Inferentia2 and Trainium, those with neuron "
    "for Inferentia. Each contains the runtime of its own devices only.",
    fix="Use the image for these devices, or another type.",
    evidence=Evidence.DOCUMENTED,
    source_url=_NEURON,
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def neuron_image_generation_mismatch(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.accelerator not in ("neuron", "neuronx"):
            continue
        is_first = traits.accelerator == "neuron"
        yield from _on_types(
            hosted,
            _of_other_generation(hosted, is_first=is_first),
            must="be a type with Inferentia (ml.inf1)"
            if is_first
            else "be a type with Inferentia2 or Trainium",
            fix=f"Use a type such as {'ml.inf1.xlarge' if is_first else 'ml.inf2.xlarge'}, or the "
            f"{'neuronx' if is_first else 'neuron'} image.",
        )


def _of_other_generation(hosted: HostedImage, *, is_first: bool) -> Iterator[TypeWithPath]:
    """Yield the types with Neuron devices that are not, or only, of the first generation."""
    for path, each in hosted.known_types():
        accelerator = each.accelerator
        if accelerator is None or accelerator.kind != "neuron":
            continue
        if (accelerator.name == _FIRST_INFERENTIA) is not is_first:
            yield path, each


@rule(
    id="neuron-devices-unused",
    title="An instance type with Neuron devices should run a Neuron image",
    why="Images for CPU and GPU do not use Neuron devices, so that these stay idle; many images "
    "for GPU do not start without a GPU.",
    fix="Use a Neuron image, or a type without Neuron devices.",
    evidence=Evidence.INFERRED,
    source_url=_NEURON,
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def neuron_devices_unused(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        is_cpu = traits.accelerator == "cpu" and _is_meant_for_accelerator(
            hosted, ("neuron", "neuronx")
        )
        is_gpu = traits.accelerator == "gpu" and hosted.image.repository not in _OTHER_RULE
        if is_cpu or is_gpu:
            yield from _on_types(
                hosted,
                _with(hosted, traits, ("neuron",)),
                must="be a type without Neuron devices",
                fix="Use a Neuron image, or another type.",
            )


def _is_meant_for_accelerator(hosted: HostedImage, others: tuple[str, ...]) -> bool:
    """Return whether nothing else than the CPU image of a container uses the accelerators.

    The other containers of a model, and other components of an instance, may use them.
    """
    may_use = any(
        each is None or each.accelerator is None or each.accelerator in others
        for each in hosted.of_model
    )
    return hosted.needs_accelerator and not may_use


@rule(
    id="gpu-image-without-gpu",
    title="A GPU image that does not start without a GPU must run on a type with one",
    why="The container ends with: error while loading shared libraries: libcuda.so.1; or because "
    "nvidia-smi is missing. The endpoint fails after the health check.",
    fix="Use the CPU image, or a type with an NVIDIA GPU.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/amazon-sagemaker-examples/issues/613",
    about=FIT_SUBJECTS,
    when=runs_published_image,
    eager=True,
)
def gpu_image_without_gpu(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.accelerator == "gpu" and hosted.image.repository in _ENDS_WITHOUT_GPU:
            yield from _without_gpu(hosted, _with(hosted, traits, (None, "gaudi", "neuron")))


def _without_gpu(hosted: HostedImage, types: Iterable[TypeWithPath]) -> Iterator[Violation]:
    yield from _on_types(
        hosted,
        types,
        must="be a type with an NVIDIA GPU",
        fix="Use the CPU image, or a type such as ml.g5.xlarge.",
    )


@rule(
    id="gpu-image-on-cpu-type",
    title="A GPU image should run on an instance type with an NVIDIA GPU",
    why="The programs of these images require a GPU, so the container is expected to fail.",
    fix="Use a type with an NVIDIA GPU, or an image for the CPU.",
    evidence=Evidence.INFERRED,
    source_url=f"{_DLC}tree/main/docs",
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def gpu_image_on_cpu_type(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.accelerator == "gpu" and hosted.image.repository in _FAILS_WITHOUT_GPU:
            # neuron-devices-unused is about the types with Neuron devices.
            yield from _without_gpu(hosted, _with(hosted, traits, (None, "gaudi")))


@rule(
    id="serverless-gpu-image",
    title="A serverless variant should not run a GPU image",
    why="Serverless inference has no GPUs, and most GPU images are larger than the 10 GB that it "
    "supports: Image size is greater than supported size 10737418240.",
    fix="Use the CPU image, or run the variant on instances.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_DLC}issues/3803",
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def serverless_gpu_image(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.accelerator == "gpu" and hosted.is_serverless:
            yield _serverless(
                hosted,
                "which is for GPUs",
                "Use the CPU image, or run the variant on instances.",
            )


@rule(
    id="cpu-image-on-gpu-type",
    title="An instance type with a GPU should run a GPU image",
    why="An image for the CPU does not use the GPU, which is paid for.",
    fix="Use the GPU image, or a type without a GPU.",
    evidence=Evidence.INFERRED,
    source_url=f"{_DLC}tree/main/docs",
    about=FIT_SUBJECTS,
    when=runs_published_image,
    severity=Severity.WARNING,
)
def cpu_image_on_gpu_type(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.accelerator == "cpu" and _is_meant_for_accelerator(hosted, ("gpu",)):
            yield from _on_types(
                hosted,
                _with(hosted, traits, ("gpu",)),
                must="be a type without a GPU",
                fix="Use the GPU image, or a type such as ml.c6i.xlarge.",
            )


RULES: Final = (
    x86_image_on_arm64,
    arm64_image_on_x86,
    asset_image_architecture_mismatch,
    image_tag_architecture_mismatch,
    neuron_image_without_device,
    neuron_image_generation_mismatch,
    neuron_devices_unused,
    gpu_image_without_gpu,
    gpu_image_on_cpu_type,
    serverless_gpu_image,
    cpu_image_on_gpu_type,
)
