"""References to container images: the parts of an image URI.

A reference may be known in part only, such as ``763104351884.dkr.ecr.${AWS::Region}...``; the parts
that are not known are ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import Final

from attrs import evolve, frozen

from cdk_epc._records import Record
from cdk_epc.catalog.image_traits import ImageTraits, image_traits
from cdk_epc.catalog.images import data

_UNKNOWN: Final = "\x00"
"""Character in the place of an unknown part of a URI."""
_ECR: Final = re.compile(
    r"(?P<account>\d{12}|\x00)\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9\x00-]+)\.(?P<suffix>.+)"
)
_DUAL_STACK: Final = re.compile(r"[^.]+\.dkr-ecr(?:-fips)?\..+")
_PUBLIC_ECR: Final = "public.ecr.aws"
_LOCAL: Final = "localhost"
_SEPARATOR: Final = re.compile("[-_]")


class ImageHost(Enum):
    """Kind of the registry in an image URI."""

    ECR = "ecr"
    """Private registry of Amazon ECR."""
    ECR_DUAL_STACK = "ecr-dual-stack"
    """Dual-stack name of a private registry of Amazon ECR, not seen with SageMaker."""
    ECR_PUBLIC = "ecr-public"
    """Public gallery of Amazon ECR."""
    OTHER = "other"
    """Any other registry."""
    NONE = "none"
    """No registry: the name of a local image, or of one on Docker Hub."""
    UNKNOWN = "unknown"
    """The registry is not known."""


@frozen(eq=False, repr=False)
class ImageReference(Record):
    """Parts of an image URI; ``None`` for a part that is missing or not known.

    Attributes:
        kind: Kind of the registry.
        host: Host of the registry.
        account: Account of a private registry of Amazon ECR.
        region: Region of a private registry of Amazon ECR.
        suffix: DNS suffix of a private registry of Amazon ECR, such as ``amazonaws.com``.
        repository: Name of the repository.
        tag: Tag of the image.
        tag_parts: Parts of the tag that are known, such as ``("2.6.0", "gpu", "py312")``.
        has_unknown_tag: Whether a part of the tag is not known.
        digest: Digest of the image.
        is_published: Whether the image is in a registry of AWS; False if that is not known.
        architecture: Architecture of an image that the app builds; ``None`` for other images.
    """

    kind: ImageHost
    host: str | None = None
    account: str | None = None
    region: str | None = None
    suffix: str | None = None
    repository: str | None = None
    tag: str | None = None
    tag_parts: tuple[str, ...] = ()
    has_unknown_tag: bool = False
    digest: str | None = None
    is_published: bool = False
    architecture: str | None = None

    @property
    def traits(self) -> ImageTraits | None:
        """Hardware and uses of an image that AWS publishes; ``None`` for any other image."""
        if not self.is_published or self.repository is None:
            return None
        is_tag_known = not self.has_unknown_tag and self.tag is not None
        return image_traits(self.repository, self.tag_parts, is_tag_known=is_tag_known)


def parse_image(
    parts: str | Sequence[str | None], accounts: Iterable[str] = ()
) -> ImageReference | None:
    """Return the parts of an image URI; ``None`` if nothing of it is known.

    Args:
        parts: The URI, or its parts in order: texts, and ``None`` for each unknown part, as
            `cdk_epc.spec.unresolved.known_parts` returns them.
        accounts: Accounts of which that of the URI is one, if it is not known.
    """
    uri = parts if isinstance(parts, str) else "".join(_UNKNOWN if p is None else p for p in parts)
    return _parse(uri, tuple(accounts))


# Many rules read the image of one container.
@lru_cache(maxsize=64)
def _parse(uri: str, accounts: tuple[str, ...]) -> ImageReference | None:
    before, slash, rest = uri.partition("/")
    if not slash:
        if not uri or _UNKNOWN in uri:
            return None
        return _reference(ImageHost.NONE, uri)
    if _UNKNOWN not in before and not (set(before) & set(".:") or before == _LOCAL):
        return _reference(ImageHost.NONE, uri)
    host = _known(before)
    if found := _ECR.fullmatch(before):
        account = _known(found["account"])
        return evolve(
            _reference(ImageHost.ECR, rest, host),
            account=account,
            region=_known(found["region"]),
            suffix=_known(found["suffix"]),
            is_published=are_registry_accounts([account] if account else accounts),
        )
    return _reference(_host_kind(before), rest, host)


def _host_kind(host: str) -> ImageHost:
    if _DUAL_STACK.fullmatch(host):
        return ImageHost.ECR_DUAL_STACK
    if host == _PUBLIC_ECR:
        return ImageHost.ECR_PUBLIC
    return ImageHost.UNKNOWN if _UNKNOWN in host else ImageHost.OTHER


def _reference(kind: ImageHost, rest: str, host: str | None = None) -> ImageReference:
    """Return the reference of a registry and the rest of the URI: ``repository:tag@digest``."""
    name, _, digest = rest.partition("@")
    repository, _, tag = name.partition(":")
    return ImageReference(
        kind=kind,
        host=host,
        repository=_known(repository),
        tag=_known(tag),
        tag_parts=tuple(part for part in _SEPARATOR.split(tag) if part and _UNKNOWN not in part),
        has_unknown_tag=_UNKNOWN in name,
        digest=_known(digest),
    )


def _known(text: str) -> str | None:
    return text if text and _UNKNOWN not in text else None


def is_registry_account(account: str) -> bool:
    """Return whether an account is that of a registry of AWS's images, in any region."""
    return account in data().registries


def are_registry_accounts(accounts: Iterable[str]) -> bool:
    """Return whether there are accounts, and all of them are those of registries of AWS."""
    given = tuple(accounts)
    return bool(given) and all(map(is_registry_account, given))


def registry_regions(account: str) -> frozenset[str]:
    """Return the regions of the registries of an account; none for an account that is not AWS's."""
    return data().registries.get(account, frozenset())


def registry_accounts(region: str) -> frozenset[str]:
    """Return the accounts of all registries of AWS's images in a region; none if unknown."""
    return frozenset(_accounts_in(region))


def _accounts_in(region: str) -> Iterator[str]:
    for account, regions in data().registries.items():
        if region in regions:
            yield account
