"""Reader of the SDK's files, one for each family of images, into a list of published images.

A file has scopes (``inference``, ``training`` and others), a scope has versions, and a version has
a repository and its accounts by region. In the files of Hugging Face a version is split by the
version of the base framework, in those of Spark by that of Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from attrs import frozen

FOLDER: Final = "sagemaker/core/image_uri_config/"
_OTHER: Final = frozenset({"instance_gpu_info.json"})  # the GPUs of instance types, not images

Node = Mapping[str, Any]


@frozen
class Image:
    """Version of a family of images, for one scope.

    Attributes:
        family: SDK's name of the framework or the algorithm, such as ``huggingface-llm``.
        scope: Use, such as ``inference`` or ``training``.
        names: Version and its aliases.
        base: Version of the base framework, such as ``pytorch2.6.0``, or of Python, such as
            ``py3``, if the file splits the version by it; otherwise empty.
        repository: Name of the repository.
        accounts: Account of the repository, by region.
        processors: Processors with an image; empty if the tag does not contain the processor.
        node: Object of the file with all properties of the version.
    """

    family: str
    scope: str
    names: tuple[str, ...]
    base: str
    repository: str
    accounts: Mapping[str, str]
    processors: tuple[str, ...]
    node: Node

    @property
    def order(self) -> tuple[int, ...]:
        """Version as numbers, for the order of versions."""
        return tuple(int(part) for part in _digits(self.names[0]) + _digits(self.base))


def read_configs(files: Mapping[str, bytes]) -> list[Image]:
    """Return the images of all families, in the order of the files' names.

    Args:
        files: Content of each file of the folder, by its name.
    """
    return [
        image
        for name in sorted(files.keys() - _OTHER)
        for image in _images_of(name.removesuffix(".json"), json.loads(files[name]))
    ]


def _images_of(family: str, config: Node) -> Iterator[Image]:
    for scope, node in _scopes(config):
        aliases = cast("Mapping[str, str]", node.get("version_aliases", {}))
        for version, below in node["versions"].items():
            names = (version, *(a for a, of in aliases.items() if of == version and a != "latest"))
            for base, leaf in _leaves(below):
                yield Image(
                    family=family,
                    scope=scope,
                    names=names,
                    base=base,
                    repository=leaf["repository"],
                    accounts=leaf["registries"],
                    processors=tuple(node.get("processors") or leaf.get("processors") or ()),
                    node=leaf,
                )


def _scopes(config: Node) -> Iterator[tuple[str, Node]]:
    """Yield each scope with its versions; several scopes may share one list of versions."""
    if "versions" in config:
        # One file has no scope: the image of remote functions, which run as training jobs.
        yield from ((scope, config) for scope in config.get("scope", ("training",)))
        return
    yield from config.items()


def _leaves(version: Node) -> Iterator[tuple[str, Node]]:
    """Yield the objects with a repository, each with the key that splits the version, if any."""
    if "repository" in version:
        yield "", version
        return
    for key, below in version.items():
        if isinstance(below, dict) and "repository" in below:
            yield key, cast("Node", below)


def _digits(version: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in version).split()
