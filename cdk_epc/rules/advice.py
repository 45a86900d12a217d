"""Advice on images and instance types that work, but cost more or start less reliably."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.instances import InstanceType, family_and_size
from cdk_epc.rules._container_environments import ContainerOwner, containers_of
from cdk_epc.rules._container_images import FIT_SUBJECTS, FitSubject, published_images
from cdk_epc.rules._model_features import models_of
from cdk_epc.rules.artifacts import is_single_model, shown_end
from cdk_epc.rules.environment import api_member_violations, is_published
from cdk_epc.rules.environment_hardware import variable_of_one_gpu
from cdk_epc.rules.image_hardware import COMPUTES_WITHOUT_GPU
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import InferenceComponentSpec, ModelSpec
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.unresolved import known_end

_NEURON_AMI: Final = "al2-ami-sagemaker-inference-neuron-2"
_INFERENTIA2: Final = "inf2"


@rule(
    id="gpu-image-computing-on-cpu",
    title="An instance type without a GPU should run the CPU image",
    why="The GPU image may start and compute on the CPU, but it is several times larger, so that "
    "an instance takes longer to start.",
    fix="Use the CPU image of the same version.",
    evidence=Evidence.INFERRED,
    source_url="https://github.com/aws/deep-learning-containers/tree/main/docs",
    about=FIT_SUBJECTS,
    severity=Severity.WARNING,
)
def gpu_image_computing_on_cpu(subject: FitSubject) -> Iterator[Violation]:
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
    id="neuronx-image-without-ami",
    title="A neuronx image on Inf2 should have a machine image with a newer driver",
    why="AWS's own tests of these images failed with the driver of the default machine image until "
    "they named another one. The default may have moved since.",
    fix=f"Set InferenceAmiVersion to {_NEURON_AMI}.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://github.com/awslabs/llm-hosting-container/pull/156",
    about=FIT_SUBJECTS,
    severity=Severity.WARNING,
)
def neuronx_image_without_ami(subject: FitSubject) -> Iterator[Violation]:
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


@rule(
    id="model-data-without-extension",
    title="The name of an archive of artifacts should end with .tar.gz",
    why="An archive may have any name. A name without an extension is often that of a prefix or "
    "of another file, with which the deployment fails.",
    fix="Use the URI of an archive whose name ends with .tar.gz.",
    evidence=Evidence.INFERRED,
    source_url="https://github.com/defog-ai/sqlcoder/issues/125",
    about=(ModelSpec,),
    requires=("model_data_url",),
    severity=Severity.WARNING,
)
def model_data_without_extension(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        _, slash, name = known_end(container.model_data_url).rpartition("/")
        if is_single_model(container) and slash and name and "." not in name:
            yield Violation(
                path=(*path, "model_data_url"),
                got=shown_end(container.model_data_url),
                must="end with .tar.gz, as the names of archives do",
                fix="Check that the address is that of one archive, and rename it.",
            )


@rule(
    id="custom-environment-variable-ignored",
    title="Settings of a variant or a model should not be environment variables",
    why="SageMaker does not read the environment. A server of your own may read it, so that this "
    "rule is off by default; environment-variable-ignored reports images that AWS publishes.",
    fix="Set the member of the variant or the model.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariant.html",
    about=(ModelSpec, InferenceComponentSpec),
    requires=("environment",),
    severity=Severity.WARNING,
)
def custom_environment_variable_ignored(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        violations = list(api_member_violations(container))
        if violations and not is_published(container):
            yield from violations


@rule(
    id="gpus-idle",
    title="A server should use all GPUs of its instance",
    why="By default, vLLM and SGLang use one GPU, and Text Generation Inference uses one if the "
    "environment says so. The other GPUs are paid for and idle.",
    fix="Set the number of GPUs in the environment, or use a type with one GPU.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.vllm.ai/en/latest/serving/parallelism_scaling.html",
    about=(ConfigContext,),
    requires=("models",),
    severity=Severity.WARNING,
)
def gpus_idle(subject: ConfigContext) -> Iterator[Violation]:
    for hosted in models_of(subject):
        for container in containers_of(hosted.model):
            variable = None if container.may_be_multi_model else variable_of_one_gpu(container)
            for path, name in hosted.types if variable else ():
                gpus = InstanceType.of(name).gpus or 0
                if gpus > 1:
                    yield Violation(
                        path=path,
                        got=name,
                        sentence=f"the server in model {hosted.logical_id} uses one of the {gpus} "
                        f"GPUs of {name}",
                        fix=f"Set {variable} to {gpus}, or use a type with one GPU.",
                    )


PEDANTIC: Final = (
    gpu_image_computing_on_cpu,
    neuronx_image_without_ami,
    model_data_without_extension,
    custom_environment_variable_ignored,
    gpus_idle,
)
"""Rules of the pack `pedantic`."""
