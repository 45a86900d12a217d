"""Versions of SageMaker's images, as SageMaker's Python SDK names them.

The data has the versions whose tags begin with another text, such as version 3.3.6 of
``huggingface-llm``, whose tag begins with ``2.7.0-tgi3.3.6``. It is read at the first look-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cdk_epc.catalog.data_files import load_data


def tags_of_version(family: str, version: str) -> tuple[str, ...]:
    """Return the tags of a version of a family.

    Args:
        family: Family, as the SDK names it.
        version: Version, as the SDK names it, for example ``3.3.6``, or an alias such as ``3.3``.

    Returns:
        Nothing for an unknown version, and for one whose tags are all those that begin with it.
    """
    return tuple(_versions().get(family, {}).get(version, ()))


def versions_of(family: str) -> tuple[str, ...]:
    """Return the versions of a family that `tags_of_version` knows."""
    return tuple(_versions().get(family, ()))


@cache
def _versions() -> Mapping[str, Mapping[str, list[str]]]:
    versions: Mapping[str, Mapping[str, list[str]]] = load_data("image_versions.json")["versions"]
    return versions
