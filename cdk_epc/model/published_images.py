"""Images that SageMaker publishes: their URIs and repositories in the region of a stack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.catalog import images, regions
from cdk_epc.catalog.images import Repository
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.rules.call_errors import IMAGE_PUBLISHED
from cdk_epc.spec.unresolved import is_unresolved

_MAX_SHOWN: Final = 6


def find_published(scope: Construct, family: str, tag: str, device: str | None) -> tuple[str, str]:
    """Return the URI of an image and the ARN of its repository, in the stack of a scope.

    Args:
        scope: Scope of the model.
        family: Family of the image, or name of its repository.
        tag: Tag, or the version at its beginning.
        device: ``"cpu"`` or ``"gpu"``, for a version with images for both.

    Raises:
        ArgumentTypeError: The family is unknown, several images have this version, or the image is
            not published in the stack's region.
    """
    full_tag = _full_tag(family, tag, device)
    repository = images.find_repository(family, full_tag)
    if repository is None:
        raise _unknown_family(family)
    stack = cdk.Stack.of(scope)
    account = _account(stack, repository)
    region = stack.region
    suffix = None if is_unresolved(region) else regions.url_suffix_of(region)
    host = f"{account}.dkr.ecr.{region}.{suffix or cdk.Aws.URL_SUFFIX}"
    arn = f"arn:{stack.partition}:ecr:{region}:{account}:repository/{repository.name}"
    return f"{host}/{repository.name}:{full_tag}", arn


def _account(stack: cdk.Stack, repository: Repository) -> str:
    """Return the account of a repository in the region of a stack."""
    region = stack.region
    if is_unresolved(region):
        return _mapping(stack, repository).find_in_map(region, "account")
    account = repository.accounts.get(region)
    if account is None:
        known = ", ".join(sorted(repository.accounts))
        raise ArgumentTypeError(
            region,
            f"a region with {repository.name}: {known}",
            f"Deploy to one of {known}; or copy the image to your own ECR repository; or pass its "
            "URI with ContainerImage.from_uri.",
            rule=IMAGE_PUBLISHED,
            sentence=f"SageMaker does not publish the image {repository.name} in {region}",
        )
    return account


def _mapping(stack: cdk.Stack, repository: Repository) -> cdk.CfnMapping:
    """Return the mapping of a repository's accounts by region, one for all models of a stack."""
    id_ = f"SageMakerImages{''.join(map(str.capitalize, re.split('[^a-z0-9]+', repository.name)))}"
    existing = stack.node.try_find_child(id_)
    if isinstance(existing, cdk.CfnMapping):
        return existing
    accounts = {region: {"account": each} for region, each in repository.accounts.items()}
    return cdk.CfnMapping(stack, id_, mapping=accounts)


def _full_tag(family: str, tag: str, device: str | None) -> str:
    """Return the full tag for a version; an unknown tag may be newer than the data."""
    names = images.repositories_of(family) or (images.repository_of(family) or family,)
    found = (images.find_repository(name) for name in names)
    known = [each for repository in found if repository for each in repository.tags]
    if is_unresolved(tag) or (tag in known and device is None):
        return tag
    matching = [each for each in known if _has_version(each, tag) and _is_for(each, device)]
    exact = [each for each in matching if each.startswith(f"{tag}-")]
    choice = _shortest_if_same_image(exact or matching)
    if len(choice) > 1:
        raise ArgumentTypeError(
            tag,
            f"the tag of one image, for example {_listed(choice)}",
            "Write the full tag" + ("." if device else ', or add device="cpu" or device="gpu".'),
            rule=IMAGE_PUBLISHED,
        )
    return choice[0] if choice else tag


def _shortest_if_same_image(tags: list[str]) -> list[str]:
    """Return the shortest tag only, if the others are more specific tags of the same image."""
    shortest = min(tags, key=len, default="")
    return [shortest] if tags and all(_has_version(each, shortest) for each in tags) else tags


def _has_version(tag: str, version: str) -> bool:
    return tag == version or tag.startswith((f"{version}-", f"{version}."))


def _is_for(tag: str, device: str | None) -> bool:
    return device is None or device in tag.split("-")


def _unknown_family(family: str) -> ArgumentTypeError:
    nearest = images.similar_name(family)
    hint = f"Did you mean {nearest!r}?" if nearest else f"Use {', '.join(images.families())}."
    return ArgumentTypeError(
        family,
        "a family of SageMaker's images",
        f"{hint} Pass the URI of any other image with ContainerImage.from_uri.",
        rule=IMAGE_PUBLISHED,
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:_MAX_SHOWN]))
    return f"{shown} …" if len(names) > _MAX_SHOWN else shown
