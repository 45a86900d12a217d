"""The SDK's files, one a family of images, read into one list of published images.

A file has scopes (``inference``, ``training`` ...), a scope has versions, and a version names a
repository and the accounts that hold it, by region. Hugging Face's have the version of the base
framework below that, and Spark's may have that of Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from attrs import frozen

FOLDER: Final = "sagemaker/core/image_uri_config/"
_OTHER: Final = frozenset({"instance_gpu_info.json"})  # no images: the GPUs of instance types

Node = Mapping[str, Any]


@frozen
class Image:
    """One version of one family, for one scope.

    Attributes:
        family: What the SDK calls the framework or the algorithm, such as ``huggingface-llm``.
        scope: What it is for, such as ``inference`` or ``training``.
        names: The version and the aliases that lead to it.
        base: The base framework's version, such as ``pytorch2.6.0``, or that of Python, such as
            ``py3``, where the file splits a version by it; empty for most.
        repository: The name of the repository.
        accounts: The account that holds it, by region.
        processors: Which processors there is an image for; empty where the tag tells none.
        node: The rest of what the file says about it.
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
        """The version as numbers, by which the newest is told."""
        return tuple(int(part) for part in _digits(self.names[0]) + _digits(self.base))


def read_configs(files: Mapping[str, bytes]) -> list[Image]:
    """Return the images of all families, in the order of the files' names.

    Args:
        files: The content of each file of the folder, by its name.
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
    """Give each scope with its versions; one list of versions may be for several scopes."""
    if "versions" in config:
        # One file tells no scope: the image of remote functions, which run as training jobs.
        yield from ((scope, config) for scope in config.get("scope", ("training",)))
        return
    yield from config.items()


def _leaves(version: Node) -> Iterator[tuple[str, Node]]:
    """Give what names a repository, with the key that splits the version, if one does."""
    if "repository" in version:
        yield "", version
        return
    for key, below in version.items():
        if isinstance(below, dict) and "repository" in below:
            yield key, cast("Node", below)


def _digits(version: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in version).split()
