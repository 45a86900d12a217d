"""Container images that SageMaker publishes, with their registries by region.

The data is read at the first look-up, not at import. It comes from SageMaker's Python SDK (see
NOTICE) and is as old as this library, so an image that is missing here may still exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, partial
from itertools import zip_longest
from math import inf
from types import MappingProxyType
from typing import Final, TypedDict, cast

from attrs import frozen

from cdk_epc._records import Record
from cdk_epc.catalog.data_files import load_data


@frozen(eq=False, repr=False)
class Repository(Record):
    """Repository of images that SageMaker publishes; only its account differs by region.

    Attributes:
        name: Name in ECR, such as ``pytorch-inference``.
        accounts: Account of the repository, by region. All regions of the registry are included, so
            that an image that is newer than the data is found, too.
        regions: Regions that the data lists for this repository.
        scopes: Uses of the images: ``inference``, ``inference_graviton``, ``training``,
            ``processing`` and others.
        tags: Known tags of the images for inference, the newest version first.
    """

    name: str
    accounts: Mapping[str, str]
    regions: frozenset[str]
    scopes: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def is_for_inference(self) -> bool:
        """Whether an image of the repository is for inference."""
        return any(scope.startswith("inference") for scope in self.scopes)


@frozen(eq=False, repr=False)
class Data(Record):
    """Generated data.

    Attributes:
        families: Names of the repositories by family, that of the newest image first.
        repositories: Repositories by name.
        registries: Regions of the registries of each account.
    """

    families: Mapping[str, tuple[str, ...]]
    repositories: Mapping[str, Repository]
    registries: Mapping[str, frozenset[str]]


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
        _regions_by_account(file["registries"].values()),
    )


def _regions_by_account(
    registries: Iterable[Mapping[str, list[str]]],
) -> Mapping[str, frozenset[str]]:
    """Return the regions of each account in any registry; some accounts have several."""
    merged: dict[str, frozenset[str]] = {}
    for regions_by_account in registries:
        for account, regions in regions_by_account.items():
            merged[account] = merged.get(account, frozenset()) | frozenset(regions)
    return MappingProxyType(merged)


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
    return cast("_File", load_data("images.json"))


SHORT_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "djl": "djl-inference",
        "scikit-learn": "sagemaker-scikit-learn",
        "sparkml": "sagemaker-sparkml-serving",
        "tgi": "huggingface-pytorch-tgi-inference",
        "triton": "sagemaker-tritonserver",
    }
)
"""Common short names of images, with their repositories."""


def families() -> tuple[str, ...]:
    """Return the families with images for inference, as SageMaker's Python SDK names them.

    They are frameworks (``pytorch``), servers (``djl-lmi``, ``huggingface-llm``, ``vllm``) and
    built-in algorithms (``linear-learner``), sorted by name.
    """
    known = data()
    return tuple(
        family
        for family, names in known.families.items()
        if any(known.repositories[name].is_for_inference for name in names)
    )


def repositories() -> tuple[str, ...]:
    """Return the names of all known repositories, those for training and processing as well."""
    return tuple(data().repositories)


def repositories_of(family: str) -> tuple[str, ...]:
    """Return the repositories of a family, that of the newest image first; none if unknown."""
    return data().families.get(family, ())


def repository_of(name: str, tag: str | None = None) -> str | None:
    """Return the name of the repository of an image.

    Some families have several: ``xgboost`` 1 is in the repository ``xgboost``, later versions are
    in ``sagemaker-xgboost``.

    Args:
        name: Family, such as ``xgboost``, short name of `SHORT_NAMES`, such as ``triton``, or
            repository, such as ``sagemaker-xgboost``.
        tag: Tag of the image. An unknown tag, or none, means the newest repository of the family.

    Returns:
        ``None`` for an unknown name.
    """
    known = data()
    for repository in known.families.get(name, ()):
        if tag in known.repositories[repository].tags:
            return repository
    if names := known.families.get(name):
        return names[0]
    repository = SHORT_NAMES.get(name, name)
    return repository if repository in known.repositories else None


def find_repository(name: str, tag: str | None = None) -> Repository | None:
    """Return the repository of an image; for the arguments see `repository_of`."""
    repository = repository_of(name, tag)
    return None if repository is None else data().repositories[repository]


def account_of(name: str, region: str, tag: str | None = None) -> str | None:
    """Return the account whose registry has an image in a region.

    Args:
        name: Family, short name or repository; see `repository_of`.
        region: Code of the region, such as ``eu-west-1``.
        tag: Tag of the image, which selects one of several repositories of a family.

    Returns:
        ``None`` for an unknown name or region, such as a token.
    """
    found = find_repository(name, tag)
    return None if found is None else found.accounts.get(region)


def regions_of(name: str, tag: str | None = None) -> frozenset[str]:
    """Return the regions that the data lists for the repository of an image; none if unknown.

    The registry may have more regions; see `Repository.accounts`.
    """
    found = find_repository(name, tag)
    return frozenset() if found is None else found.regions


def similar_name(name: str) -> str | None:
    """Return the most similar known family, short name or repository; ``None`` if there is none."""
    # Imported here because only a misspelt name needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    names = [*families(), *SHORT_NAMES, *repositories()]
    return next(iter(get_close_matches(name, names, n=1)), None)


_BUILD: Final = re.compile(r"(?:-(?:[a-z]*\d[\d.]*|sagemaker|soci))+")
"""End of a tag that names an image's build: ``-cu124-ubuntu22.04-sagemaker-v1.2``."""
_RELEASE: Final = re.compile(r"(?<=ubuntu\d\d\.\d\d)-v\d[\d.]*$")
_MAX_NEAREST: Final = 3
_VERSION: Final = re.compile(r"\d+(\.\d+)*", re.ASCII)
_VERSION_IN_TAG: Final = re.compile(r"(?<![\d.])\d+(?:\.\d+)+", re.ASCII)


def is_known_tag(tag: str, known: Iterable[str]) -> bool:
    """Return whether a tag is one of the known tags, or names a build of one."""
    # A published tag may itself name a build: v1.1 follows v1.0.
    images = (_RELEASE.sub("", each) for each in known)
    return any(
        tag.startswith(each) and (tag == each or _BUILD.fullmatch(tag, len(each)) is not None)
        for each in images
    )


def nearest_tags(tag: str, known: Iterable[str]) -> list[str]:
    """Return the most similar tags; of equally similar ones the newest.

    Only the numbers of a version are compared: 2.7 is nearer to 2.6 than to 1.7.
    """
    if _VERSION.fullmatch(tag):
        return sorted(known, key=partial(_distance, _numbers(tag)))[:_MAX_NEAREST]
    # Imported here because only a misspelt tag needs it.
    from difflib import SequenceMatcher  # noqa: PLC0415

    matcher = SequenceMatcher(b=tag)

    def similarity(other: str) -> float:
        # A tag may contain the version of the framework and that of the server.
        starts = (found.start() for found in re.finditer(r"(?<![\d.])\d", other))
        ratios = [0.0]
        for start in (0, *starts):
            matcher.set_seq1(other[start : start + len(tag)])
            ratios.append(matcher.ratio())
        return max(ratios)

    return sorted(known, key=similarity, reverse=True)[:_MAX_NEAREST]


def _numbers(version: str) -> list[int]:
    return [int(each) for each in version.split(".")]


def _distance(version: list[int], tag: str) -> list[float]:
    """Return how far the nearest version in a tag is from a version, number by number."""
    found = (_numbers(each) for each in _VERSION_IN_TAG.findall(tag))
    differences = (
        [float(abs(a - b)) for a, b in zip_longest(version, each, fillvalue=0)] for each in found
    )
    return min(differences, default=[inf])
