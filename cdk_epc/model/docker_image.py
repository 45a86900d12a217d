"""Docker image that CDK builds for the platform of the instance types that run it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
import jsii
from constructs import Construct, IConstruct

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.constructs.deferred_string import DeferredString
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.model.assets import unused_id
from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import Path
from cdk_epc.spec.unresolved import ImageUri

if TYPE_CHECKING:
    from aws_cdk.aws_ecr_assets import Platform
    from aws_cdk.aws_iam import IRole

_BY_PLATFORM: Final = {"linux/amd64": "x86_64", "linux/arm64": "arm64"}
"""Architecture by Docker's name of the platform."""


@jsii.implements(cdk.IAspect)
class DockerImage:
    """Docker image of a model or an inference component.

    Without a platform, the image is created at synth, when all variants are known. It is an aspect,
    because CDK does not allow new constructs later.
    """

    def __init__(
        self,
        owner: Construct,
        options: dict[str, Any],
        platform: Platform | None,
        text: DeferredString,
        uri: ImageUri,
    ) -> None:
        """Create the image now if its platform is known, or else at synth.

        Args:
            owner: Model or component, below which the image is created.
            options: Arguments of CDK's asset.
            platform: Platform, if the caller chose one.
            text: Text of the URI, to be set.
            uri: URI of the image, whose architecture is to be set.
        """
        self._owner = owner
        self._options = options
        self._text = text
        self._uri = uri
        self._roles: list[IRole] = []
        self._pull: Permission | None = None
        _IMAGES.setdefault(owner, []).append(self)
        if platform is not None:
            self._create(platform)
        else:
            cdk.Aspects.of(owner).add(self)

    @property
    def permission(self) -> Permission:
        """Permission to pull the image, which is granted when the image exists."""
        return Permission(("docker_image", str(self._uri)), self._grant)

    def visit(self, node: IConstruct) -> None:  # noqa: ARG002 - the owner comes first
        """Create the image; CDK calls this at synth."""
        if self._pull is not None:
            return
        from aws_cdk.aws_ecr_assets import Platform  # noqa: PLC0415 - slow to load

        is_arm = set(_architectures(instance_types_of(self._owner)).values()) == {"arm64"}
        self._create(Platform.LINUX_ARM64 if is_arm else Platform.LINUX_AMD64)

    def mismatch(self, types: Iterable[str], path: Path) -> Violation | None:
        """Return the violation of instance types that the image cannot run on.

        Args:
            types: All instance types that run the image.
            path: Path of the violation.
        """
        architectures = _architectures(types)
        if self._pull is None:
            if len(set(architectures.values())) < 2:  # noqa: PLR2004 - one architecture
                return None
            of_both = " and ".join(f"{name} ({of})" for name, of in architectures.items())
            return Violation(
                path=path,
                got=list(architectures),
                sentence=f"one Docker image is built for instance types of two architectures: "
                f"{of_both}",
                fix="Use instance types of one architecture, or a model with an image of its own "
                "for each.",
            )
        built = self._uri.architecture
        wrong = next((name for name, of in architectures.items() if of != built), None)
        if built is None or wrong is None:
            return None
        return Violation(
            path=path,
            got=built,
            sentence=f"a Docker image is built for {built}, but the instance type {wrong} has the "
            f"architecture {architectures[wrong]}",
            fix="Leave out the platform, which then follows the instance types, or correct it.",
        )

    def _create(self, platform: Platform) -> None:
        from aws_cdk.aws_ecr_assets import DockerImageAsset  # noqa: PLC0415 - slow to load

        owner = self._owner
        asset = DockerImageAsset(
            owner, unused_id(owner, "Image"), platform=platform, **self._options
        )
        self._text.text = asset.image_uri
        self._uri.architecture = _BY_PLATFORM.get(platform.platform)
        self._pull = feature_permissions.ecr_pull(asset.repository)
        for role in self._roles:
            self._pull.grant(role)

    def _grant(self, role: IRole) -> None:
        self._roles.append(role)
        if self._pull is not None:
            self._pull.grant(role)


_IMAGES: Final[WeakKeyDictionary[Construct, list[DockerImage]]] = WeakKeyDictionary()


def docker_images_of(model: object) -> tuple[DockerImage, ...]:
    """Return the images that CDK builds for a model or an inference component."""
    return tuple(_IMAGES.get(model, ())) if isinstance(model, Construct) else ()


def instance_types_of(owner: Construct) -> Iterator[str]:
    """Yield the instance types of the stage that run a model or component, each once."""
    found: dict[str, None] = {}
    for construct in StageValidation.of(owner).constructs:
        found.update(dict.fromkeys(internals_of(construct).instance_types_of(owner)))
    yield from found


def _architectures(types: Iterable[str]) -> dict[str, str]:
    """Return the architecture of each known instance type."""
    known = ((name, InstanceType.of(name).architecture) for name in types)
    return {name: architecture for name, architecture in known if architecture is not None}
