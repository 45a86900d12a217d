"""Advice: a pack of rules about configurations that work, but cost more or start less reliably.

The pack is off by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.instances import family_and_size
from cdk_epc.rules._container_images import FIT_SUBJECTS, FitSubject, published_images
from cdk_epc.rules.image_hardware import COMPUTES_WITHOUT_GPU
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule

_NEURON_AMI: Final = "al2-ami-sagemaker-inference-neuron-2"
_INFERENTIA2: Final = "inf2"


@rule(
    id="advice-gpu-image-on-cpu-type",
    title="An instance type without a GPU should run the CPU image",
    why="The GPU image may start and compute on the CPU, but it is several times larger, so that "
    "an instance takes longer to start.",
    fix="Use the CPU image of the same version.",
    evidence=Evidence.INFERRED,
    source_url="https://github.com/aws/deep-learning-containers/tree/main/docs",
    about=FIT_SUBJECTS,
    severity=Severity.WARNING,
)
def advice_gpu_image_on_cpu_type(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        if traits.accelerator != "gpu" or hosted.image.repository not in COMPUTES_WITHOUT_GPU:
            continue
        for path, instance_type in hosted.known_types():
            if instance_type.accelerator is None:
                yield Violation(
                    path=path,
                    got=Words(f"{hosted.label} on {instance_type.name}"),
                    sentence=f"{hosted.label} is for GPUs, but {instance_type.name} has none",
                    fix="Use the CPU image of the same version.",
                )


@rule(
    id="advice-neuronx-default-ami",
    title="A neuronx image on Inf2 should have a machine image with a newer driver",
    why="AWS's own tests of these images failed with the driver of the default machine image until "
    "they named another one. The default may have moved since.",
    fix=f"Set InferenceAmiVersion to {_NEURON_AMI}.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://github.com/awslabs/llm-hosting-container/pull/156",
    about=FIT_SUBJECTS,
    severity=Severity.WARNING,
)
def advice_neuronx_default_ami(subject: FitSubject) -> Iterator[Violation]:
    for hosted, traits in published_images(subject):
        has_default = hosted.variants and all(
            each.inference_ami_version is None for each in hosted.variants
        )
        if traits.accelerator != "neuronx" or not has_default:
            continue
        for path, instance_type in hosted.known_types():
            if (family_and_size(instance_type.name) or ("",))[0] == _INFERENTIA2:
                yield Violation(
                    path=path,
                    got=Words(f"{instance_type.name} with the default machine image"),
                    sentence=f"{hosted.label} runs on {instance_type.name} with the driver of the "
                    "default machine image",
                    fix=f"Set `inference_ami_version` to {_NEURON_AMI}.",
                )


ADVICE: Final = (
    advice_gpu_image_on_cpu_type,
    advice_neuronx_default_ami,
)
"""Advice on images and instance types, for ``rules=`` of constructs and of the validator."""
