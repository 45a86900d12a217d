"""Rules on the environment of containers with the accelerators of the instances."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.instances import InstanceType
from cdk_epc.rules._container_environments import RunContainer, Server, containers_of
from cdk_epc.rules._container_images import runs_published_image, traits_of
from cdk_epc.rules._model_features import HostedModel, models_of
from cdk_epc.rules.component_context import host_types_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import AnySpecification, ComputeResourceRequirements, Path
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext
from cdk_epc.spec.unresolved import is_number

_LMI: Final = (
    "https://docs.djl.ai/master/docs/serving/serving/docs/lmi/deployment_guide/configurations.html"
)
_POSITIVE: Final = re.compile("[1-9][0-9]*", re.ASCII)


@attrs.frozen(eq=False, repr=False)
class _Parallelism(Record):
    """Number of GPUs that the server of a container uses.

    Attributes:
        gpus: The number.
        variables: Variables that determine it.
    """

    gpus: int
    variables: tuple[str, ...]

    def __str__(self) -> str:
        """Return the setting as the subject of a sentence."""
        names = " times ".join(self.variables)
        return f"{names} is {self.gpus}"


# Names of one factor are separated by a bar; a server reads the first one that is given.
_FACTORS: Final[Mapping[Server, Sequence[str]]] = {
    Server.TGI: ("SM_NUM_GPUS|NUM_SHARD",),
    Server.LMI: ("OPTION_TENSOR_PARALLEL_DEGREE|TENSOR_PARALLEL_DEGREE",),
    Server.VLLM: (
        "SM_VLLM_TENSOR_PARALLEL_SIZE",
        "SM_VLLM_PIPELINE_PARALLEL_SIZE",
        "SM_VLLM_DATA_PARALLEL_SIZE",
    ),
    Server.SGLANG: ("SM_SGLANG_TP|SM_SGLANG_TP_SIZE|SM_SGLANG_TENSOR_PARALLEL_SIZE",),
}
"""Variables whose product is the number of GPUs, by server."""


def _is_neuron(container: RunContainer) -> bool:
    traits = traits_of(container.container)
    return traits is None or traits.accelerator in ("neuron", "neuronx")


def _parallelism(container: RunContainer) -> _Parallelism | None:
    """Return the number of GPUs of a container; ``None`` if it is not given or not known."""
    server = container.server()
    if server is None or server not in _FACTORS or _is_neuron(container):
        return None
    given = [
        name
        for names in _FACTORS[server]
        if (name := next((n for n in names.split("|") if n in container.environment), None))
    ]
    values = [container.value(name) for name in given]
    factors = [int(each) for each in values if each is not None and _POSITIVE.fullmatch(each)]
    if not given or len(factors) < len(given):
        return None
    return _Parallelism(prod(factors), tuple(given))


def variable_of_one_gpu(container: RunContainer) -> str | None:
    """Return the variable with which a server that uses one GPU would use more of them.

    ``None`` for a server that uses several GPUs, or whose number is not known.
    """
    server = container.server()
    if server not in (Server.TGI, Server.VLLM, Server.SGLANG) or _is_neuron(container):
        return None
    found = _parallelism(container)
    if found is not None:
        return found.variables[0] if found.gpus == 1 else None
    names = [name for names in _FACTORS[server] for name in names.split("|")]
    is_given = any(name in container.environment for name in names)
    # Without a number, Text Generation Inference uses all GPUs.
    is_one = server is not Server.TGI and container.is_environment_known and not is_given
    return names[0] if is_one else None


def _gpus(name: str) -> int:
    """Return the GPUs of an instance type; 0 for a type without any and an unknown one."""
    return InstanceType.of(name).gpus or 0


def _smallest(types: Sequence[tuple[Path, str]]) -> tuple[int, Path, str] | None:
    """Return the fewest GPUs of a type with GPUs, with the path and the name of the type."""
    found = [(_gpus(name), path, name) for path, name in types if _gpus(name)]
    return min(found, key=lambda each: each[0]) if found else None


@rule(
    id="parallelism-too-large",
    title="A server should not use more GPUs than it has",
    why="The server fails at its start because it finds fewer GPUs than it is to use.",
    fix="Lower the number in the environment, or use a larger instance type.",
    evidence=Evidence.DOCUMENTED,
    source_url=_LMI,
    about=(ConfigContext, InferenceComponentContext),
    when=runs_published_image,
    severity=Severity.WARNING,
)
def parallelism_too_large(
    subject: ConfigContext | InferenceComponentContext,
) -> Iterator[Violation]:
    if isinstance(subject, InferenceComponentContext):
        yield from _in_component(subject)
        return
    for hosted in models_of(subject):
        smallest = _smallest(hosted.types)
        if smallest is None:
            continue
        gpus, path, name = smallest
        for container in containers_of(hosted.model):
            found = _parallelism(container)
            if found is not None and found.gpus > gpus:
                yield Violation(
                    path=path,
                    got=name,
                    sentence=f"{found} in model {hosted.logical_id}; must not exceed the "
                    f"{_counted(gpus)} of {name}",
                    fix=f"Lower {found.variables[0]}, or use a type with more GPUs.",
                )


def _counted(gpus: float) -> str:
    return "1 GPU" if gpus == 1 else f"{gpus:g} GPUs"


def _in_component(subject: InferenceComponentContext) -> Iterator[Violation]:
    for path, specification in subject.component.every_specification():
        limit = _limit(subject, specification)
        if limit is None:
            continue
        gpus, owner = limit
        for container, place, of_model in _run_by(subject, path):
            found = _parallelism(container)
            if found is not None and found.gpus > gpus:
                yield Violation(
                    path=place or container.place(found.variables[0]),
                    got=found.gpus,
                    sentence=f"{found}{of_model}; must not exceed the {_counted(gpus)} {owner}",
                    fix=f"Lower {found.variables[0]}, or require more accelerators.",
                )


def _limit(
    subject: InferenceComponentContext, specification: AnySpecification
) -> tuple[float, str] | None:
    """Return the GPUs of a copy, and their owner in words; ``None`` if they are not known."""
    compute = specification.compute_resource_requirements
    if isinstance(compute, ComputeResourceRequirements):
        devices = compute.number_of_accelerator_devices_required
        if is_number(devices):
            return devices, "that a copy requires"
        if devices is not None:
            return None
    types = host_types_of(subject, specification)
    smallest = _smallest([((), name) for name in types])
    return None if smallest is None else (smallest[0], f"of {smallest[2]}")


def _run_by(
    subject: InferenceComponentContext, path: Path
) -> Iterator[tuple[RunContainer, Path | None, str]]:
    """Yield the containers of a specification, with the path and the words for a model's."""
    for container in containers_of(subject.component):
        if container.path[:-1] == path:
            yield container, None, ""
    place = (*path, "model_name")
    if (found := subject.models.get(place)) is not None:
        for container in containers_of(found.model):
            yield container, place, f" in model {found.logical_id}"


@rule(
    id="embeddings-with-several-gpus",
    title="Text Embeddings Inference should run on a type with one GPU",
    why="The server uses one GPU and does not read SM_NUM_GPUS, so that the other GPUs are idle.",
    fix="Use a type with one GPU, and more instances for more requests.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/huggingface/text-embeddings-inference/issues/349",
    about=(ConfigContext,),
    requires=("models",),
    when=runs_published_image,
    severity=Severity.WARNING,
)
def embeddings_with_several_gpus(subject: ConfigContext) -> Iterator[Violation]:
    for hosted in models_of(subject):
        several = [(path, name) for path, name in hosted.types if _gpus(name) > 1]
        if several and any(_uses_one_gpu(container) for container in containers_of(hosted.model)):
            for path, name in several:
                yield Violation(
                    path=path,
                    got=name,
                    sentence=f"Text Embeddings Inference in model {hosted.logical_id} uses one of "
                    f"the {_gpus(name)} GPUs of {name}",
                    fix="Use a type with one GPU, and more instances for more requests.",
                )


def _uses_one_gpu(container: RunContainer) -> bool:
    traits = traits_of(container.container) if container.server() is Server.TEI else None
    return traits is not None and traits.accelerator != "cpu"


_WORKERS: Final = "SAGEMAKER_MODEL_SERVER_WORKERS"
# The newest toolkit of huggingface-pytorch-inference-neuronx sets the number itself.
_NEURON_REPOSITORIES: Final = frozenset(
    {
        "huggingface-pytorch-inference-neuron",
        "pytorch-inference-neuron",
        "pytorch-inference-neuronx",
    }
)


@rule(
    id="neuron-workers-too-many",
    title="A model server should not have more workers than its instance has Neuron cores",
    why="Each worker takes a Neuron core, and the others fail with: The PyTorch Neuron Runtime "
    "could not be initialized. In images for Inferentia, there is a worker for each vCPU by "
    "default.",
    fix="Set SAGEMAKER_MODEL_SERVER_WORKERS to the number of Neuron cores or less.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws-neuron/aws-neuron-sdk/issues/471",
    about=(ConfigContext,),
    requires=("models",),
    when=runs_published_image,
    severity=Severity.WARNING,
)
def neuron_workers_too_many(subject: ConfigContext) -> Iterator[Violation]:
    for hosted in models_of(subject):
        with_cores = [
            (path, name, cores)
            for path, name in hosted.types
            if (cores := InstanceType.of(name).neuron_cores)
        ]
        for container in containers_of(hosted.model) if with_cores else ():
            if not _is_of_neuron_server(container):
                continue
            for path, name, cores in with_cores:
                yield from _too_many_workers(hosted, container, path, InstanceType.of(name), cores)


def _is_of_neuron_server(container: RunContainer) -> bool:
    reference = container.reference
    return (
        reference is not None
        and reference.is_published
        and reference.repository in _NEURON_REPOSITORIES
    )


def _too_many_workers(
    hosted: HostedModel, container: RunContainer, path: Path, type_: InstanceType, cores: int
) -> Iterator[Violation]:
    given = container.value(_WORKERS)
    if given is not None and _POSITIVE.fullmatch(given):
        workers = int(given)
        text = f"{_WORKERS} is {workers} in model {hosted.logical_id}"
    elif _WORKERS not in container.environment and _starts_worker_per_vcpu(container):
        workers = type_.vcpus or 0
        text = (
            f"model {hosted.logical_id} has no {_WORKERS} and starts a worker for each of the "
            f"{workers} vCPUs"
        )
    else:
        return
    if workers > cores:
        yield Violation(
            path=path,
            got=Words(str(type_)),
            sentence=f"{text}; must not exceed the {cores} Neuron cores of {type_}",
            fix=f"Set {_WORKERS} to {cores} or less.",
        )


def _starts_worker_per_vcpu(container: RunContainer) -> bool:
    """Return whether an image of the first generation is known to have no number of workers."""
    traits = traits_of(container.container)
    is_first = traits is not None and traits.accelerator == "neuron"
    return is_first and container.is_environment_known


RULES: Final = (
    parallelism_too_large,
    embeddings_with_several_gpus,
    neuron_workers_too_many,
)
