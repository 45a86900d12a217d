"""Containers of models and components with their environments, and the servers in AWS's images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.image_references import ImageReference
from cdk_epc.rules._container_images import AnyContainer, image_of
from cdk_epc.spec import (
    ComponentContainer,
    ContainerDefinition,
    ContainerMode,
    InferenceComponentSpec,
    ModelSpec,
    Path,
)
from cdk_epc.spec.kept import kept
from cdk_epc.spec.unresolved import is_mapping, is_resolved, is_string

ContainerOwner: TypeAlias = ModelSpec | InferenceComponentSpec


class Server(Enum):
    """Server or toolkit in images that AWS publishes, which reads the environment."""

    TGI = "Text Generation Inference"
    TEI = "Text Embeddings Inference"
    TOOLKIT = "the Hugging Face inference toolkit"
    VLLM = "vLLM"
    SGLANG = "SGLang"
    LMI = "Large Model Inference"


_SERVERS: Final[Mapping[str, Server]] = {
    "huggingface-pytorch-tgi-inference": Server.TGI,
    "tei": Server.TEI,
    "tei-cpu": Server.TEI,
    "huggingface-pytorch-inference": Server.TOOLKIT,
    "huggingface-pytorch-inference-neuron": Server.TOOLKIT,
    "huggingface-pytorch-inference-neuronx": Server.TOOLKIT,
    "huggingface-tensorflow-inference": Server.TOOLKIT,
    "vllm": Server.VLLM,
    "huggingface-vllm": Server.VLLM,
    "huggingface-vllm-omni": Server.VLLM,
    "sglang": Server.SGLANG,
    "huggingface-sglang": Server.SGLANG,
    "djl-inference": Server.LMI,
}
_NO_VARIABLES: Final[Mapping[str, Any]] = {}
# A name or organisation/name; a path begins with a slash or a dot.
_HUB_ID: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)?", re.ASCII)


@attrs.frozen(slots=False, eq=False, repr=False)
class RunContainer(Record):
    """Container of a model or a component.

    Attributes:
        path: Path of the container.
        container: The container.
        environment: Environment, with values that may be unresolved.
        is_environment_known: Whether these are all variables.
        has_artifacts: Whether artifacts are given, or may be because of a token.
        may_be_multi_model: Whether the container is a multi-model one, or may be.
        is_package: Whether a model package determines the image and the artifacts.
        is_component: Whether an inference component has the container.
    """

    path: Path
    container: AnyContainer
    environment: Mapping[str, Any]
    is_environment_known: bool
    has_artifacts: bool
    may_be_multi_model: bool = False
    is_package: bool = False
    is_component: bool = False

    def value(self, variable: str) -> str | None:
        """Return the value of a variable, if it is known."""
        value = self.environment.get(variable)
        return value if is_string(value) else None

    def place(self, variable: str) -> Path:
        """Return the path of a variable."""
        return (*self.path, "environment", variable)

    @cached_property
    def reference(self) -> ImageReference | None:
        """Parts of the image's URI, if something of them is known."""
        return image_of(self.container)

    def server(self) -> Server | None:
        """Return the server of an image that AWS publishes; ``None`` for any other image."""
        found = self.reference
        if found is None or not found.is_published or found.repository is None:
            return None
        return _SERVERS.get(found.repository)


@kept
def containers_of(spec: ContainerOwner) -> tuple[RunContainer, ...]:
    """Return the known containers of a model or a component."""
    return tuple(_containers(spec))


def _containers(spec: ContainerOwner) -> Iterator[RunContainer]:
    if isinstance(spec, ModelSpec):
        for path, container in spec.every_container():
            yield _of_model(path, container)
    else:
        for path, each in spec.every_specification():
            if isinstance(each.container, ComponentContainer):
                yield _of_component((*path, "container"), each.container)


def _of_model(path: Path, container: ContainerDefinition) -> RunContainer:
    environment: Any = container.environment
    return RunContainer(
        path=path,
        container=container,
        environment=environment if is_mapping(environment) else _NO_VARIABLES,
        is_environment_known=environment is None or is_mapping(environment),
        has_artifacts=container.model_data_url is not None
        or container.model_data_source is not None,
        may_be_multi_model=container.mode not in (None, ContainerMode.SINGLE_MODEL),
        is_package=container.model_package_name is not None,
    )


def _of_component(path: Path, container: ComponentContainer) -> RunContainer:
    environment: Any = container.environment
    return RunContainer(
        path=path,
        container=container,
        environment=environment if is_mapping(environment) else _NO_VARIABLES,
        is_environment_known=environment is None or is_mapping(environment),
        has_artifacts=container.artifact_url is not None,
        is_component=True,
    )


def is_hub_id(value: object) -> bool:
    """Return whether a value is the id of a model of the Hugging Face Hub, and no path."""
    return is_resolved(value) and isinstance(value, str) and bool(_HUB_ID.fullmatch(value))
