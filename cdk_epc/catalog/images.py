"""The container images that SageMaker publishes: whose registry has them in which region.

Importing this package reads no data; it is read on the first question. The data is what SageMaker's
own Python SDK ships (see NOTICE), so it is as old as this library; nothing here says that an image
that it does not know is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, TypedDict, cast

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

    text = resources.files("cdk_epc.catalog").joinpath("images.json").read_text("utf-8")
    return cast("_File", json.loads(text))


SHORT_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "djl": "djl-inference",
        "scikit-learn": "sagemaker-scikit-learn",
        "sparkml": "sagemaker-sparkml-serving",
        "tgi": "huggingface-pytorch-tgi-inference",
        "triton": "sagemaker-tritonserver",
    }
)
"""What people call some images, and the repository of each: neither the SDK's family nor ECR's."""


def families() -> tuple[str, ...]:
    """Return the families with images for inference, as SageMaker's Python SDK calls them.

    They are frameworks (``pytorch``), servers (``djl-lmi``, ``huggingface-llm``, ``vllm``) and
    built-in algorithms (``linear-learner``), sorted by name.
    """
    known = data()
    return tuple(
        family
        for family, names in known.families.items()
        if any(known.repositories[name].hosts for name in names)
    )


def repositories() -> tuple[str, ...]:
    """Return the names of all known repositories, those for training and processing as well."""
    return tuple(data().repositories)


def repositories_of(family: str) -> tuple[str, ...]:
    """Return the repositories of a family, that of its newest image first; none if not known."""
    return data().families.get(family, ())


def repository_of(name: str, tag: str | None = None) -> str | None:
    """Return the repository that a family's image is in.

    Some families have moved: ``xgboost`` 1 is in the repository ``xgboost``, all later versions are
    in ``sagemaker-xgboost``.

    Args:
        name: A family, such as ``xgboost``, a name of ``SHORT_NAMES``, such as ``triton``, or a
            repository, such as ``sagemaker-xgboost``.
        tag: The tag of the image. One that the data does not know is taken for newer than the data,
            and so is none.

    Returns:
        None for a name that is not known.
    """
    known = data()
    for repository in known.families.get(name, ()):
        if tag in known.repositories[repository].tags:
            return repository
    if names := known.families.get(name):
        return names[0]
    repository = SHORT_NAMES.get(name, name)
    return repository if repository in known.repositories else None


def find(name: str, tag: str | None = None) -> Repository | None:
    """Return what is known of the repository that an image is in; arguments as above."""
    repository = repository_of(name, tag)
    return None if repository is None else data().repositories[repository]


def account_of(name: str, region: str, tag: str | None = None) -> str | None:
    """Return the account whose registry has an image in a region.

    Args:
        name: A family, a short name or a repository, as of :func:`repository_of`.
        region: The code of the region, such as ``eu-west-1``.
        tag: The tag of the image, which tells the repositories of a family apart.

    Returns:
        None for a name or a region that the data does not know, such as a token.
    """
    found = find(name, tag)
    return None if found is None else found.accounts.get(region)


def regions_of(name: str, tag: str | None = None) -> frozenset[str]:
    """Return the regions that the data lists for an image's repository; none if not known.

    The registry may reach further, see :attr:`Repository.accounts`.
    """
    found = find(name, tag)
    return frozenset() if found is None else found.regions


def near(name: str) -> str | None:
    """Return the known family, short name or repository that is most like a name; None if none."""
    # Only who mistypes pays for it.
    from difflib import get_close_matches  # noqa: PLC0415 - see above

    names = [*families(), *SHORT_NAMES, *repositories()]
    return next(iter(get_close_matches(name, names, n=1)), None)
