"""Rules on models of the Hugging Face Hub, which the environment of a container names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._container_environments import (
    ContainerOwner,
    RunContainer,
    Server,
    containers_of,
    is_hub_id,
)
from cdk_epc.rules._container_images import has_published_image
from cdk_epc.rules.role_permissions import joined
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import InferenceComponentSpec, ModelSpec, Path
from cdk_epc.spec.context import InferenceComponentContext, ModelContext

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_TOOLKIT: Final = "https://github.com/aws/sagemaker-huggingface-inference-toolkit"
_ABOUT: Final = (ModelSpec, InferenceComponentSpec)
_ISOLATED: Final = (ModelSpec, InferenceComponentContext)

_MODEL_ID: Final = "HF_MODEL_ID"
_TASK: Final = "HF_TASK"
_VLLM_MODEL: Final = "SM_VLLM_MODEL"
_SGLANG_MODEL: Final = "SM_SGLANG_MODEL_PATH"
_LMI_MODEL: Final = "OPTION_MODEL_ID"
_MODEL_VARIABLES: Final = (_MODEL_ID, _VLLM_MODEL, _SGLANG_MODEL, _LMI_MODEL)
# With one of these, the libraries of Hugging Face load models from their local cache only.
_OFFLINE: Final = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_CACHES: Final = frozenset(
    {"HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE"}
)
"""Variables with the folder of the local cache."""
_ARTIFACTS: Final = "/opt/ml/model"
# With one of these, the libraries send their requests to another host.
_OTHER_HOST: Final = frozenset({"HF_ENDPOINT", "HTTPS_PROXY", "https_proxy"})
_FROM_HUB: Final = (Server.TGI, Server.TEI, Server.TOOLKIT)
_USE_ARTIFACTS: Final = "Give the container the artifacts from S3, or turn off the isolation."


def _is_offline(container: RunContainer) -> bool:
    return any(container.value(each) == "1" for each in _OFFLINE)


def _has_cache_in_artifacts(container: RunContainer) -> bool:
    """Return whether the artifacts are, or may be, the local cache with the model of the hub."""
    return container.has_artifacts and any(
        (container.value(each) or _ARTIFACTS).startswith(_ARTIFACTS)
        for each in container.environment.keys() & _CACHES
    )


def _hub_variables(container: RunContainer, server: Server | None) -> Iterator[str]:
    """Yield the variables with the id of a model that the server downloads from the hub."""
    for variable in _variables_of(container, server):
        if is_hub_id(container.value(variable)):
            yield variable


def _variables_of(container: RunContainer, server: Server | None) -> tuple[str, ...]:
    """Return the variables from which the server takes the model; all for an unknown server."""
    if server in _FROM_HUB:
        # The toolkit of a multi-model container loads the models that the requests name.
        is_ignored = server is Server.TOOLKIT and container.may_be_multi_model
        return () if is_ignored else (_MODEL_ID,)
    if server is Server.VLLM:
        if _VLLM_MODEL in container.environment or container.has_artifacts:
            return (_VLLM_MODEL,)  # vLLM reads HF_MODEL_ID only if it has no other model
        return (_MODEL_ID,)
    if server is Server.SGLANG:
        return (_SGLANG_MODEL,)
    return (_MODEL_ID, _LMI_MODEL) if server is Server.LMI else _MODEL_VARIABLES


def _isolated(
    subject: ModelSpec | InferenceComponentContext,
) -> Iterator[tuple[RunContainer, Path | None]]:
    """Yield each container with network isolation.

    The path is that of the name of a model of a component, which decides on the isolation of its
    containers; ``None`` for a container of the subject.
    """
    if isinstance(subject, ModelSpec):
        if subject.enable_network_isolation is True:
            for container in containers_of(subject):
                yield container, None
        return
    config = subject.config
    if config is None or config.config.enable_network_isolation is not True:
        return
    for container in containers_of(subject.component):
        yield container, None
    for path, found in subject.models.items():
        if found.model.enable_network_isolation is not True:  # the model has the finding itself
            for container in containers_of(found.model):
                yield container, path


def _isolation_violation(
    container: RunContainer, server: Server | None, variable: str, at: Path | None
) -> Violation:
    value = container.value(variable)
    return Violation(
        path=container.place(variable) if at is None else at,
        got=value if at is None else Words(f"a model whose {variable} is {value!r}"),
        sentence=f"{variable} {value!r} names a model of the Hugging Face Hub, which a container "
        "with network isolation cannot download",
        fix=f"Give the container the artifacts from S3 and {_change(server, variable)}, or turn "
        "off the isolation.",
    )


@rule(
    id="hub-model-with-isolation",
    title="A container with network isolation must not take its model from the Hugging Face Hub",
    why="The deployment fails because the container cannot connect to huggingface.co and never "
    "passes its health check. Isolation stops all outbound calls of the container.",
    fix=_USE_ARTIFACTS,
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/philschmid/terraform-aws-sagemaker-huggingface/issues/12",
    about=_ISOLATED,
    eager=True,
)
def hub_model_with_isolation(
    subject: ModelSpec | InferenceComponentContext,
) -> Iterator[Violation]:
    for container, at in _isolated(subject):
        if _has_cache_in_artifacts(container):
            continue
        server = container.server()
        if server is not None and not _may_be_overridden(container, server):
            for variable in _hub_variables(container, server):
                yield _isolation_violation(container, server, variable, at)


@rule(
    id="hub-variable-with-isolation",
    title="A container with network isolation should not have the id of a model of the Hugging "
    "Face Hub",
    why="Isolation stops all outbound calls of the container. If its server downloads the model, "
    "the container never passes its health check.",
    fix=_USE_ARTIFACTS,
    evidence=Evidence.INFERRED,
    source_url=f"{_GUIDE}mkt-algo-model-internet-free.html",
    about=_ISOLATED,
    severity=Severity.WARNING,
)
def hub_variable_with_isolation(
    subject: ModelSpec | InferenceComponentContext,
) -> Iterator[Violation]:
    for container, at in _isolated(subject):
        if container.is_package or _is_offline(container):
            continue
        server = container.server()
        if server is None or _may_be_overridden(container, server):
            for variable in _hub_variables(container, server):
                yield _isolation_violation(container, server, variable, at)


def hub_downloads(model: ModelSpec) -> Iterator[tuple[RunContainer, Server | None, str]]:
    """Yield each container of a model that connects to huggingface.co, with the variable."""
    for container in containers_of(model):
        if container.is_package or _is_offline(container):
            continue
        if not _OTHER_HOST.isdisjoint(container.environment):
            continue
        server = container.server()
        if server is None or not _may_be_overridden(container, server):
            for variable in _hub_variables(container, server):
                yield container, server, variable


@rule(
    id="hub-model-without-internet",
    title="A container in subnets without a way out should not take its model from the Hugging "
    "Face Hub",
    why="The container cannot connect to huggingface.co and never passes its health check.",
    fix="Give the container the artifacts from S3, or use subnets with a NAT gateway.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/jina-ai/jina-sagemaker/issues/54",
    about=(ModelContext,),
    severity=Severity.WARNING,
    requires=("environment", "subnets"),
)
def hub_model_without_internet(subject: ModelContext) -> Iterator[Violation]:
    subnets = subject.subnets
    if subject.model.enable_network_isolation is True or not subnets:
        return  # with isolation, hub-model-with-isolation reports the container
    if not all(each.is_closed for each in subnets):
        return
    names = joined([each.logical_id for each in subnets])
    for container, server, variable in hub_downloads(subject.model):
        value = container.value(variable)
        yield Violation(
            path=container.place(variable),
            got=value,
            sentence=f"{variable} {value!r} names a model of the Hugging Face Hub, to which no "
            f"route leads from {names}",
            fix=f"Give the container the artifacts from S3 and {_change(server, variable)}, or use "
            "subnets with a NAT gateway.",
        )


def _change(server: Server | None, variable: str) -> str:
    is_toolkit = server is Server.TOOLKIT
    return f"remove {variable}" if is_toolkit else f"set {variable} to /opt/ml/model"


def _may_be_overridden(container: RunContainer, server: Server) -> bool:
    """Return whether the artifacts may determine the model: ``serving.properties`` of LMI does."""
    return server is Server.LMI and container.has_artifacts


@rule(
    id="hub-model-with-artifacts",
    title="A container should have either artifacts or a model of the Hugging Face Hub",
    why="The server downloads the model from the hub at each start and never reads the artifacts.",
    fix="Set HF_MODEL_ID to /opt/ml/model, or remove the artifacts. In images of the Hugging Face "
    "inference toolkit, remove HF_MODEL_ID.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_TOOLKIT}/issues/97",
    about=_ABOUT,
    requires=("environment",),
    severity=Severity.WARNING,
)
def hub_model_with_artifacts(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        if not container.has_artifacts or not is_hub_id(container.value(_MODEL_ID)):
            continue
        if _has_cache_in_artifacts(container):
            continue
        server = container.server()
        if server not in _FROM_HUB or container.may_be_multi_model:
            continue
        remedy = (
            f"Remove {_MODEL_ID}"
            if server is Server.TOOLKIT
            else f"Set {_MODEL_ID} to /opt/ml/model"
        )
        yield Violation(
            path=container.place(_MODEL_ID),
            got=container.value(_MODEL_ID),
            sentence=f"{_MODEL_ID} {container.value(_MODEL_ID)!r} names a model of the Hugging "
            "Face Hub, so that the container never reads its artifacts",
            fix=f"{remedy} to load the artifacts, or remove the artifacts.",
        )


@rule(
    id="hub-model-is-path",
    title="HF_MODEL_ID of the Hugging Face inference toolkit should not be a path",
    why="The toolkit asks the hub for every HF_MODEL_ID, so that the container does not start. "
    "Without the variable, it loads the model from /opt/ml/model.",
    fix="Remove HF_MODEL_ID.",
    evidence=Evidence.DOCUMENTED,
    source_url=_TOOLKIT,
    about=_ABOUT,
    requires=("environment",),
    severity=Severity.WARNING,
)
def hub_model_is_path(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        value = container.value(_MODEL_ID)
        if (
            value is not None
            and value.startswith("/")
            and not container.may_be_multi_model
            and container.server() is Server.TOOLKIT
        ):
            yield Violation(
                path=container.place(_MODEL_ID),
                got=value,
                must="be the id of a model of the Hugging Face Hub, not a path",
                fix=f"Remove {_MODEL_ID}; the container loads its artifacts from /opt/ml/model.",
            )


@rule(
    id="hub-model-missing",
    title="HF_MODEL_ID must be set for Text Generation Inference and Text Embeddings Inference",
    why="The start script ends with an error if HF_MODEL_ID is missing, even if the container has "
    "artifacts.",
    fix="Set HF_MODEL_ID to the id of a model of the hub, or to /opt/ml/model for the artifacts.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://github.com/huggingface/text-generation-inference/blob/main/"
    "sagemaker-entrypoint.sh",
    about=_ABOUT,
    when=has_published_image,
)
def hub_model_missing(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        if not container.is_environment_known or _MODEL_ID in container.environment:
            continue
        server = container.server()
        if server in (Server.TGI, Server.TEI):
            yield Violation(
                path=(*container.path, "environment"),
                got=container.environment or None,
                sentence=f"`environment` has no {_MODEL_ID}, without which {server.value} does "
                "not start",
                fix=f"Set {_MODEL_ID} to the id of a model of the Hugging Face Hub, or to "
                "/opt/ml/model for the artifacts.",
            )


# Tasks and aliases of transformers 4.6 to 5.5, and the task that the toolkit adds for diffusers.
_TASKS: Final = frozenset(
    {
        "any-to-any",
        "audio-classification",
        "automatic-speech-recognition",
        "conversational",
        "depth-estimation",
        "document-question-answering",
        "feature-extraction",
        "fill-mask",
        "image-classification",
        "image-feature-extraction",
        "image-segmentation",
        "image-text-to-text",
        "image-to-image",
        "image-to-text",
        "keypoint-matching",
        "mask-generation",
        "object-detection",
        "question-answering",
        "summarization",
        "table-question-answering",
        "text-classification",
        "text-generation",
        "text-to-audio",
        "text-to-image",
        "text2text-generation",
        "token-classification",
        "translation",
        "video-classification",
        "visual-question-answering",
        "zero-shot-audio-classification",
        "zero-shot-classification",
        "zero-shot-image-classification",
        "zero-shot-object-detection",
        "sentiment-analysis",
        "ner",
        "vqa",
        "text-to-speech",
    }
)
_TRANSLATION: Final = re.compile(r"translation_[A-Za-z]{2,}_to_[A-Za-z]{2,}", re.ASCII)
# With a script of the caller, the toolkit may never read the task.
_SCRIPT: Final = "SAGEMAKER_PROGRAM"


@rule(
    id="hub-task-unknown",
    title="HF_TASK should be a task of transformers",
    why="The Hugging Face inference toolkit does not load the model for an unknown task, unless a "
    "script of the model ignores it.",
    fix="Use the name of a task, such as text-classification.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/DanielKneipp/aws-sagemaker-stable-diffusion/issues/1",
    about=_ABOUT,
    requires=("environment",),
    severity=Severity.WARNING,
)
def hub_task_unknown(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        task = container.value(_TASK)
        if (
            not task
            or task in _TASKS
            or _TRANSLATION.fullmatch(task)
            or _SCRIPT in container.environment
            or container.server() is not Server.TOOLKIT
        ):
            continue
        similar = re.sub("[ _-]+", "-", task.strip().lower())
        yield Violation(
            path=container.place(_TASK),
            got=task,
            must="be a task of transformers",
            fix=f"Did you mean {similar}?"
            if similar in _TASKS
            else "Use the name of a task, such as text-classification.",
        )


# Tasks and aliases of transformers 4 that version 5 does not have.
_REMOVED_TASKS: Final = frozenset(
    {
        "question-answering",
        "summarization",
        "text2text-generation",
        "translation",
        "image-to-image",
        "image-to-text",
        "visual-question-answering",
        "vqa",
    }
)
_TRANSFORMERS_5: Final = re.compile(r"transformers5(\D.*)?", re.ASCII)


@rule(
    id="hub-task-removed",
    title="HF_TASK should be a task of the version of transformers in the image",
    why="Version 5 of transformers no longer has some tasks of version 4, so that the Hugging Face "
    "inference toolkit does not load the model, unless a script of the model ignores the task.",
    fix="Use an image with version 4 of transformers, or a task of version 5.",
    evidence=Evidence.INFERRED,
    source_url="https://github.com/huggingface/transformers/blob/main/MIGRATION_GUIDE_V5.md",
    about=_ABOUT,
    severity=Severity.WARNING,
    requires=("environment",),
)
def hub_task_removed(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        task, image = container.value(_TASK), container.reference
        if not task or image is None or _SCRIPT in container.environment:
            continue
        is_removed = task in _REMOVED_TASKS or _TRANSLATION.fullmatch(task)
        if (
            is_removed
            and container.server() is Server.TOOLKIT
            and any(map(_TRANSFORMERS_5.fullmatch, image.tag_parts))
        ):
            yield Violation(
                path=container.place(_TASK),
                got=task,
                must="be a task of transformers 5, the version in the image",
                fix="Use an image with version 4 of transformers, or a task of version 5.",
            )


RULES: Final = (
    hub_model_with_isolation,
    hub_variable_with_isolation,
    hub_model_without_internet,
    hub_model_with_artifacts,
    hub_model_is_path,
    hub_model_missing,
    hub_task_unknown,
    hub_task_removed,
)
