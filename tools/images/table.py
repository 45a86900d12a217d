"""The images grouped as the data has them: accounts by registry, tags by repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypedDict

from attrs import frozen

from tools.errors import ToolError
from tools.images.configs import Image
from tools.images.tags import tags_of

# Hosting first: of a family's repositories, the first is the one that an unknown tag is looked for
# in. Elastic Inference ("eia") is no longer offered, and its images are of no use to an endpoint.
_HOSTING: Final = ("inference", "inference_graviton")
# The region that every registry but one is in; its account there stands for the registry.
_HOME: Final = "us-east-1"


class RepositoryRow(TypedDict):
    """A line of the generated data: where a repository is, what it is for, its known tags."""

    registry: str
    lacks: list[str]
    scopes: list[str]
    tags: list[str]


@frozen
class Table:
    """All that the generated file holds.

    Attributes:
        registries: By the name of a registry, the regions by the account that holds it there.
        families: The names of the repositories by family; the first has its newest image.
        repositories: The repositories by name.
    """

    registries: Mapping[str, Mapping[str, list[str]]]
    families: Mapping[str, list[str]]
    repositories: Mapping[str, RepositoryRow]


def build(images: Sequence[Image]) -> Table:
    """Group the images.

    Raises:
        ToolError: Two images of one repository, or of one registry, are said to be in different
            accounts of one region.
    """
    by_repository: dict[str, list[Image]] = {}
    for image in sorted(images, key=lambda image: image.repository):
        by_repository.setdefault(image.repository, []).append(image)
    accounts = {name: _accounts(name, of) for name, of in by_repository.items()}
    registry_of = {name: _registry(held) for name, held in accounts.items()}
    registries = {
        registry: _merged(
            f"registry {registry}",
            (held for name, held in accounts.items() if registry_of[name] == registry),
        )
        for registry in sorted(set(registry_of.values()))
    }
    return Table(
        {name: _regions_by_account(held) for name, held in registries.items()},
        _families(images),
        {
            name: RepositoryRow(
                registry=registry_of[name],
                lacks=sorted(registries[registry_of[name]].keys() - accounts[name].keys()),
                scopes=sorted({image.scope for image in of}),
                tags=_tags(of),
            )
            for name, of in by_repository.items()
        },
    )


def _accounts(name: str, images: Iterable[Image]) -> dict[str, str]:
    return _merged(f"repository {name}", (image.accounts for image in images))


def _merged(what: str, held: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Join accounts by region, which must agree."""
    merged: dict[str, str] = {}
    for accounts in held:
        for region, account in accounts.items():
            if merged.setdefault(region, account) != account:
                message = (
                    f"{what} is in {merged[region]} and in {account} of {region}; the data holds "
                    "one account a region: teach tools/images/table.py what tells them apart"
                )
                raise ToolError(message)
    return dict(sorted(merged.items()))


def _registry(accounts: Mapping[str, str]) -> str:
    return accounts.get(_HOME) or next(iter(accounts.values()))


def _regions_by_account(accounts: Mapping[str, str]) -> dict[str, list[str]]:
    regions: dict[str, list[str]] = {}
    for region, account in accounts.items():
        regions.setdefault(account, []).append(region)
    return dict(sorted(regions.items()))


def _families(images: Sequence[Image]) -> dict[str, list[str]]:
    families: dict[str, list[str]] = {}
    for image in sorted(images, key=_newest_for_hosting_first):
        names = families.setdefault(image.family, [])
        if image.repository not in names:
            names.append(image.repository)
    return families


def _newest_for_hosting_first(image: Image) -> tuple[object, ...]:
    scopes = (*_HOSTING, image.scope)
    return image.family, scopes.index(image.scope), [-part for part in image.order]


def _tags(images: Sequence[Image]) -> list[str]:
    """Give the tags of the images for hosting, the newest version first, each once."""
    newest_first = sorted(images, key=lambda image: [-part for part in image.order])
    tags = (tag for each in newest_first if each.scope in _HOSTING for tag in tags_of(each))
    return list(dict.fromkeys(tags))
