"""What is published about images, read from the generated JSON on first use.

The file names its source and version in its head: sagemaker-core, a part of SageMaker's Python SDK.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TypedDict, cast

from attrs import frozen


@frozen
class Repository:
    """A repository of images that SageMaker publishes, the same in every region but its account.

    Attributes:
        name: Its name in ECR, such as ``pytorch-inference``.
        accounts: The account that holds it, by region. These are all regions of the registry that
            it is in, so that an image newer than the data is found there too.
        regions: The regions that the data lists for this repository itself.
        scopes: What its images are for: ``inference``, ``inference_graviton``, ``training``,
            ``processing`` ...
        tags: The known tags of its images for inference, the newest version first. Images come out
            more often than this library.
    """

    name: str
    accounts: Mapping[str, str]
    regions: frozenset[str]
    scopes: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def hosts(self) -> bool:
        """Whether any of its images is for inference."""
        return any(scope.startswith("inference") for scope in self.scopes)


@frozen
class Data:
    """The generated data.

    Attributes:
        families: The names of the repositories by family, that of its newest image first.
        repositories: The repositories by name.
    """

    families: Mapping[str, tuple[str, ...]]
    repositories: Mapping[str, Repository]


class _RepositoryRow(TypedDict):
    registry: str
    lacks: list[str]
    scopes: list[str]
    tags: list[str]


class _File(TypedDict):
    registries: dict[str, dict[str, list[str]]]
    families: dict[str, list[str]]
    repositories: dict[str, _RepositoryRow]


@cache
def data() -> Data:
    """Return the data, which is read once."""
    file = _file()
    registries = {name: _accounts(regions) for name, regions in file["registries"].items()}
    return Data(
        {name: tuple(repositories) for name, repositories in file["families"].items()},
        {
            name: _repository(name, row, registries[row["registry"]])
            for name, row in file["repositories"].items()
        },
    )


def _accounts(regions_by_account: Mapping[str, list[str]]) -> Mapping[str, str]:
    rows = ((r, account) for account, regions in regions_by_account.items() for r in regions)
    return MappingProxyType(dict(sorted(rows)))


def _repository(name: str, row: _RepositoryRow, accounts: Mapping[str, str]) -> Repository:
    return Repository(
        name=name,
        accounts=accounts,
        regions=frozenset(accounts.keys() - set(row["lacks"])),
        scopes=tuple(row["scopes"]),
        tags=tuple(row["tags"]),
    )


def _file() -> _File:
    # As in cdk_epc.catalog.instances: only those pay for this import who ask for a fact.
    from importlib import resources  # noqa: PLC0415 - see above

    text = resources.files("cdk_epc.catalog.images").joinpath("images.json").read_text("utf-8")
    return cast("_File", json.loads(text))
