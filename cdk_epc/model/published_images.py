"""Images that SageMaker publishes: their tags, and their URIs in the region of a stack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias, get_args

import attrs
import aws_cdk as cdk
from constructs import Construct

from cdk_epc._records import Record
from cdk_epc.catalog import images, regions
from cdk_epc.catalog.image_traits import ImageTraits, image_traits
from cdk_epc.catalog.image_versions import tags_of_version
from cdk_epc.catalog.images import Repository
from cdk_epc.constructs.scope import stack_of
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.rules.call_errors import IMAGE_NOT_FOR_INFERENCE, IMAGE_PUBLISHED
from cdk_epc.spec.unresolved import is_unresolved

ImageDevice: TypeAlias = Literal["cpu", "gpu", "neuron"]
"""Device that an image computes on: the CPU, an NVIDIA GPU, or AWS Inferentia or Trainium."""

_DEVICES: Final = {"neuronx": "neuron"}
_MAX_SHOWN: Final = 6
_FROM_URI: Final = "pass the URI of any other image with ContainerImage.from_uri"
_Tagged: TypeAlias = tuple[Repository, str]
"""Repository and tag of an image."""


@attrs.frozen(eq=False, repr=False)
class PublishedImage(Record):
    """Image that SageMaker publishes, in one stack.

    Attributes:
        uri: URI of the image.
        repository_arn: ARN of its repository.
        traits: Hardware and uses of the image; ``None`` for an unknown tag.
    """

    uri: str
    repository_arn: str
    traits: ImageTraits | None


def find_published(
    scope: Construct,
    family: str,
    tag: str,
    device: ImageDevice | None,
    *,
    allow_unknown: bool = False,
) -> PublishedImage:
    """Return an image that SageMaker publishes, in the stack of a scope.

    Args:
        scope: Scope of the model.
        family: Family of the image, or name of its repository.
        tag: Tag, the version at its beginning, or the version as SageMaker's SDK names it.
        device: Device, for a version with images for several.
        allow_unknown: Whether a tag may be unknown.

    Raises:
        ArgumentTypeError: The family is unknown or not for inference, no image or several images
            have this tag or version, or the image is not published in the stack's region.
    """
    if device is not None and device not in get_args(ImageDevice):
        allowed = '"cpu", "gpu" or "neuron"'
        raise ArgumentTypeError(device, allowed, "Correct the device, or leave it out.").within(
            "device"
        )
    repositories = _repositories(family)
    repository, full_tag = _published(
        family, repositories, tag, device, allow_unknown=allow_unknown
    )
    stack = stack_of(scope)
    account = _account(stack, repository)
    region = stack.region
    suffix = None if is_unresolved(region) else regions.url_suffix_of(region)
    host = f"{account}.dkr.ecr.{region}.{suffix or cdk.Aws.URL_SUFFIX}"
    arn = f"arn:{stack.partition}:ecr:{region}:{account}:repository/{repository.name}"
    return PublishedImage(
        uri=f"{host}/{repository.name}:{full_tag}",
        repository_arn=arn,
        traits=None if is_unresolved(full_tag) else _traits(repository, full_tag),
    )


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


def _repositories(family: str) -> tuple[Repository, ...]:
    """Return the repositories of a family with images for inference, that of the newest first."""
    names = images.repositories_of(family) or (images.repository_of(family) or family,)
    known = [found for name in names if (found := images.find_repository(name)) is not None]
    if not known:
        raise _unknown_family(family)
    hosting = tuple(each for each in known if each.is_for_inference)
    if not hosting:
        uses = " and ".join(sorted({scope for each in known for scope in each.scopes}))
        other = family.replace("training", "inference")
        is_other = other != family and images.find_repository(other) is not None
        hint = f"Use {other!r}" if is_other else "Use a family for inference"
        raise ArgumentTypeError(
            family,
            "a family of images for inference",
            f"{hint}, or {_FROM_URI}.",
            rule=IMAGE_NOT_FOR_INFERENCE,
            sentence=f"SageMaker's images of {family!r} are for {uses}, not for inference",
        )
    return hosting


def _published(
    family: str,
    repositories: Sequence[Repository],
    tag: str,
    device: ImageDevice | None,
    *,
    allow_unknown: bool,
) -> _Tagged:
    """Return the repository and the full tag of the only image with a tag or version."""
    if is_unresolved(tag):
        return repositories[0], tag
    known = [
        (each, its) for each in repositories for its in each.tags if _is_for(each, its, device)
    ]
    if (written := _with_tag(known, tag)) is not None:
        return written
    choice = _with_version(known, tags_of_version(family, tag), tag)
    if len(choice) > 1:
        tags = [its for _, its in choice]
        hint = 'Write the full tag, or add device="cpu" or device="gpu".'
        raise ArgumentTypeError(
            tag,
            f"the tag of one image, for example {_listed(tags)}",
            "Write the full tag." if device else hint,
            rule=IMAGE_PUBLISHED,
        )
    if choice:
        return choice[0]
    if allow_unknown:
        return repositories[0], tag
    raise _unknown_tag(family, [*dict.fromkeys(its for _, its in known)], tag, device)


def _with_version(
    known: Iterable[_Tagged], tags_of_sdk: Sequence[str], version: str
) -> list[_Tagged]:
    """Return the images of a version: one, if the others are more specific tags of the same."""
    known = list(known)
    if tags_of_sdk:
        found = [each for each in known if each[1] in tags_of_sdk]
    else:
        found = [each for each in known if each[1].startswith(f"{version}-")]
        found = found or [each for each in known if each[1].startswith(f"{version}.")]
    # The full tag or the repository names an image for Graviton.
    on_x86 = [each for each in found if _traits(*each).architecture != "arm64"]
    choice = on_x86 or found
    shortest = min((tag for _, tag in choice), key=len, default="")
    if choice and all(tag == shortest or tag.startswith(f"{shortest}-") for _, tag in choice):
        return [each for each in choice if each[1] == shortest]
    return choice


def _with_tag(known: Iterable[_Tagged], tag: str) -> _Tagged | None:
    """Return the image with a tag, or with the tag of one of its builds."""
    found = [(repository, its) for repository, its in known if images.is_known_tag(tag, (its,))]
    # Images for Graviton have the tags of builds for x86, in another repository of the family.
    best = max(
        found,
        key=lambda each: (_traits(each[0], tag).architecture != "arm64", len(each[1])),
        default=None,
    )
    return None if best is None else (best[0], tag)


def _is_for(repository: Repository, tag: str, device: ImageDevice | None) -> bool:
    """Return whether an image is for a device; a tag that names no device may be for any."""
    if device is None:
        return True
    accelerator = _traits(repository, tag).accelerator
    return accelerator is None or _DEVICES.get(accelerator, accelerator) == device


def _traits(repository: Repository, tag: str) -> ImageTraits:
    return image_traits(repository.name, tuple(re.split("[-_]", tag)))


def _unknown_family(family: str) -> ArgumentTypeError:
    nearest = images.similar_name(family)
    hint = f"Did you mean {nearest!r}?" if nearest else f"Use {', '.join(images.families())}."
    return ArgumentTypeError(
        family,
        "a family of SageMaker's images",
        f"{hint} Pass the URI of any other image with ContainerImage.from_uri.",
        rule=IMAGE_PUBLISHED,
    )


def _unknown_tag(
    family: str, known: Sequence[str], tag: str, device: ImageDevice | None
) -> ArgumentTypeError:
    of_device = f" for {device!r}" if device else ""
    nearest = f" (nearest: {_listed(images.nearest_tags(tag, known))})" if known else ""
    return ArgumentTypeError(
        tag,
        f"a published tag or version of {family!r}{of_device}{nearest}",
        "Correct the tag. For an image that is newer than this library, write its full tag and "
        f"pass allow_unknown=True, or {_FROM_URI}.",
        rule=IMAGE_PUBLISHED,
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:_MAX_SHOWN]))
    return f"{shown} …" if len(names) > _MAX_SHOWN else shown
