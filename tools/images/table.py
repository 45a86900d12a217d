"""Images grouped for the data: accounts by registry, tags by repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypedDict

from attrs import frozen

from tools.errors import ToolError
from tools.images.configs import Image
from tools.images.tags import tags_of, tags_of_version

# Hosting comes first, because an unknown tag is looked up in the first repository of a family.
# Elastic Inference ("eia") is discontinued, so its images are useless for endpoints.
_INFERENCE: Final = "inference"
_HOSTING: Final = (_INFERENCE, "inference_graviton")
# All registries but one are in this region; the account there identifies the registry.
_HOME: Final = "us-east-1"


class RepositoryRow(TypedDict):
    """Line of the generated data: registry, uses and known tags of a repository."""

    registry: str
    lacks: list[str]
    scopes: list[str]
    tags: list[str]


@frozen
class Table:
    """Content of the generated file.

    Attributes:
        registries: Regions by account, by the name of the registry.
        families: Names of the repositories by family; the first has the newest image.
        versions: Tags by family and by the SDK's name of a version, where the name is not the
            beginning of exactly these tags.
        repositories: Repositories by name.
    """

    registries: Mapping[str, Mapping[str, list[str]]]
    families: Mapping[str, list[str]]
    versions: Mapping[str, Mapping[str, list[str]]]
    repositories: Mapping[str, RepositoryRow]


def build(images: Sequence[Image]) -> Table:
    """Return the images grouped by family, repository and registry.

    Raises:
        ToolError: Two images of one repository or registry have different accounts in one region.
    """
    by_repository = _by_repository(images)
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
        _versions(images),
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


def _by_repository(images: Iterable[Image]) -> dict[str, list[Image]]:
    by_repository: dict[str, list[Image]] = {}
    for image in sorted(images, key=lambda image: image.repository):
        by_repository.setdefault(image.repository, []).append(image)
    return by_repository


def _accounts(name: str, images: Iterable[Image]) -> dict[str, str]:
    return _merged(f"repository {name}", (image.accounts for image in images))


def _merged(name: str, held: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Merge accounts by region, which must agree."""
    merged: dict[str, str] = {}
    for accounts in held:
        for region, account in accounts.items():
            if merged.setdefault(region, account) != account:
                message = (
                    f"{name} has the accounts {merged[region]} and {account} in {region}; must "
                    f"have "
                    "one account in each region: distinguish the two in tools/images/table.py"
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
    """Return the tags of the images for hosting, the newest version first, each once."""
    newest_first = sorted(images, key=lambda image: [-part for part in image.order])
    tags = (tag for each in newest_first if each.scope in _HOSTING for tag in tags_of(each))
    return list(dict.fromkeys(tags))


def _versions(images: Sequence[Image]) -> dict[str, dict[str, list[str]]]:
    by_family: dict[str, list[Image]] = {}
    for image in images:
        if image.scope == _INFERENCE:
            by_family.setdefault(image.family, []).append(image)
    tags = {name: _tags(of) for name, of in _by_repository(images).items()}
    rows = {family: _versions_of(of, tags) for family, of in by_family.items()}
    return {family: row for family, row in rows.items() if row}


def _versions_of(images: Iterable[Image], tags: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the tags of one family by version, without those that the version begins."""
    named: dict[str, dict[str, None]] = {}
    repositories: dict[str, set[str]] = {}
    for image in images:
        for name in image.names:
            named.setdefault(name, {}).update(dict.fromkeys(tags_of_version(image, name)))
            repositories.setdefault(name, set()).add(image.repository)
    return {
        name: list(of)
        for name, of in named.items()
        if of.keys() != {t for r in repositories[name] for t in tags[r] if _begins(name, t)}
    }


def _begins(version: str, tag: str) -> bool:
    return tag == version or tag.startswith(f"{version}-")
