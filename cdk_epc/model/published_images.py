"""Images that SageMaker publishes, as they are in one stack."""

from __future__ import annotations

import re
from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.catalog import images, regions
from cdk_epc.catalog.images import Repository
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.rules.call_errors import IMAGE_PUBLISHED
from cdk_epc.spec.unresolved import is_unresolved

_MANY = 6


def published(scope: Construct, family: str, tag: str, device: str | None) -> tuple[str, str]:
    """The URI of an image, and the ARN of its repository, in the stack of a scope.

    Raises:
        UnfitError: The family or the region is not known, or several images have this version.
    """
    whole = _whole_tag(family, tag, device)
    repository = images.find_repository(family, whole)
    if repository is None:
        raise _unknown_family(family)
    stack = cdk.Stack.of(scope)
    account = _account(stack, repository)
    region = stack.region
    suffix = None if is_unresolved(region) else regions.url_suffix_of(region)
    host = f"{account}.dkr.ecr.{region}.{suffix or cdk.Aws.URL_SUFFIX}"
    arn = f"arn:{stack.partition}:ecr:{region}:{account}:repository/{repository.name}"
    return f"{host}/{repository.name}:{whole}", arn


def _account(stack: cdk.Stack, repository: Repository) -> str:
    """The account that has a repository in the stack's region."""
    region = stack.region
    if is_unresolved(region):
        return _mapping(stack, repository).find_in_map(region, "account")
    account = repository.accounts.get(region)
    if account is None:
        raise ArgumentTypeError(
            region,
            f"a region with {repository.name}: {', '.join(sorted(repository.accounts))}",
            "Deploy to one of these, copy the image into an ECR repository of your own, or give "
            "its URI with ContainerImage.from_uri.",
            rule=IMAGE_PUBLISHED,
        )
    return account


def _mapping(stack: cdk.Stack, repository: Repository) -> cdk.CfnMapping:
    """The accounts of a repository by region; one mapping for all models of the stack."""
    id_ = f"SageMakerImages{''.join(map(str.capitalize, re.split('[^a-z0-9]+', repository.name)))}"
    there = stack.node.try_find_child(id_)
    if isinstance(there, cdk.CfnMapping):
        return there
    accounts = {region: {"account": each} for region, each in repository.accounts.items()}
    return cdk.CfnMapping(stack, id_, mapping=accounts)


def _whole_tag(family: str, tag: str, device: str | None) -> str:
    """The tag that begins with a version; one that is not known is newer than the data."""
    names = images.repositories_of(family) or (images.repository_of(family) or family,)
    found = (images.find_repository(name) for name in names)
    known = [each for repository in found if repository for each in repository.tags]
    if is_unresolved(tag) or (tag in known and device is None):
        return tag
    fitting = [each for each in known if _begins(each, tag) and _is_for(each, device)]
    exact = [each for each in fitting if each.startswith(f"{tag}-")]
    choice = _one_of(exact or fitting)
    if len(choice) > 1:
        raise ArgumentTypeError(
            tag,
            f"the tag of one image: {_listed(choice)}",
            "Write the whole tag" + ("." if device else ', or say device="cpu" or device="gpu".'),
            rule=IMAGE_PUBLISHED,
        )
    return choice[0] if choice else tag


def _one_of(tags: list[str]) -> list[str]:
    """The shortest alone where the others only say more of the same image."""
    shortest = min(tags, key=len, default="")
    return [shortest] if tags and all(_begins(each, shortest) for each in tags) else tags


def _begins(tag: str, version: str) -> bool:
    return tag == version or tag.startswith((f"{version}-", f"{version}."))


def _is_for(tag: str, device: str | None) -> bool:
    return device is None or device in tag.split("-")


def _unknown_family(family: str) -> ArgumentTypeError:
    nearest = images.similar_name(family)
    return ArgumentTypeError(
        family,
        f"a family of SageMaker's images: {', '.join(images.families())}",
        (f"Did you mean {nearest!r}? " if nearest else "")
        + "Give the URI of any other image with ContainerImage.from_uri.",
        rule=IMAGE_PUBLISHED,
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:_MANY]))
    return f"{shown} …" if len(names) > _MANY else shown
