"""Where the image of a container is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from constructs import Construct

from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError, text
from cdk_epc.model.assets import BoundAsset, DeferredString, unused_id
from cdk_epc.model.permissions import invokes_function, of_image, pulls_from
from cdk_epc.model.published_images import published
from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.spec import ImageConfig, RepositoryAccessMode, RepositoryAuthConfig
from cdk_epc.spec.unresolved import ReferenceToken

if TYPE_CHECKING:
    from aws_cdk.aws_ecr import IRepository
    from aws_cdk.aws_ecr_assets import DockerImageAsset, Platform
    from aws_cdk.aws_lambda import IFunction


class ContainerImage:
    """Where the image of a container is. Use one of the static methods."""

    def bind(self, scope: Construct) -> BoundAsset:
        """It as the container of a model of this scope has it."""
        raise NotImplementedError

    @staticmethod
    def from_ecr_repository(repository: IRepository, tag_or_digest: str) -> ContainerImage:
        """An image in ECR.

        Args:
            repository: The repository, in the region of the endpoint.
            tag_or_digest: ``"7"`` or ``"sha256:..."``. A tag that moves on is not noticed: the
                model is made anew only where this text changes.
        """
        return _InRepository(repository, tag_or_digest)

    @staticmethod
    def from_asset(  # noqa: PLR0913 - what CDK's own asset takes, each of it named
        directory: str | PathLike[str] | DockerImageAsset,
        *,
        file: str | None = None,
        target: str | None = None,
        build_args: Mapping[str, str] | None = None,
        exclude: Sequence[str] | None = None,
        platform: Platform | None = None,
    ) -> ContainerImage:
        """An image that CDK builds with Docker and uploads with the app.

        Args:
            directory: The folder with the ``Dockerfile``, or an asset; the rest is for a folder.
            file: The Dockerfile's path in the folder; ``Dockerfile`` by default.
            target: The stage to build; the last one by default.
            build_args: Arguments of the build.
            exclude: Patterns of files that do not belong to the image.
            platform: What it is built for; ``linux/amd64`` by default, whatever this machine is. An
                instance type with Graviton needs ``Platform.LINUX_ARM64``.
        """
        options = {"file": file, "target": target, "build_args": build_args, "exclude": exclude}
        where = fspath(directory) if isinstance(directory, PathLike) else directory
        return _OfAsset(where, options, platform)

    @staticmethod
    def from_dlc(family: str, tag: str, *, device: str | None = None) -> ContainerImage:
        """An image that SageMaker publishes: a Deep Learning Container, or a built-in algorithm.

        The account that has it is looked up by family and region; in a stack whose region is not
        known before the deployment, a mapping of the template does so.

        Args:
            family: The family, as SageMaker's Python SDK calls it: ``"xgboost"``, ``"sklearn"``,
                ``"pytorch"``, ``"huggingface-llm"``, ``"djl-lmi"`` ...; or the repository.
            tag: The tag, or the version that it begins with: ``"1.7-1"``, ``"2.6"``.
            device: ``"cpu"`` or ``"gpu"``, where a version has images for both.
        """
        return _Published(family, tag, device)

    @staticmethod
    def from_private_registry(
        uri: str, *, credentials: IFunction | str | None = None
    ) -> ContainerImage:
        """An image in a Docker registry of your own, reached from the model's VPC.

        The model needs a VPC that leads to the registry, and that has an interface endpoint of
        Lambda where there are credentials.

        Args:
            uri: The image, for example ``"registry.example.com/fraud:7"``.
            credentials: The function, or its ARN, that answers ``{"Credentials": {"Username":
                ..., "Password": ...}}``; none where the registry asks for none.
        """
        return _InPrivateRegistry(uri, credentials)

    @staticmethod
    def from_uri(uri: str) -> ContainerImage:
        """An image by its URI. A role is granted to pull it if it is in ECR and no token."""
        return _AtUri(uri)


@attrs.frozen(eq=False)
class _AtUri(ContainerImage):
    uri: str

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        return BoundAsset((self.uri, None), lambda _: of_image(self.uri))


@attrs.frozen(eq=False)
class _InRepository(ContainerImage):
    repository: IRepository
    tag_or_digest: str

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        if not has_member(self.repository, "repository_uri_for_tag_or_digest"):
            raise ArgumentTypeError(
                self.repository, "a repository (IRepository)", "Give the repository construct."
            )
        allowed, fix = "a tag or a digest, a text", 'Write it as text: "7".'
        tag = text(self.tag_or_digest, allowed, fix)
        uri = self.repository.repository_uri_for_tag_or_digest(tag)
        return BoundAsset(
            (ReferenceToken(uri), None), lambda _: [feature_permissions.ecr_pull(self.repository)]
        )


@attrs.frozen(eq=False)
class _OfAsset(ContainerImage):
    directory: str | DockerImageAsset
    options: Mapping[str, object]
    platform: Platform | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - an asset is made later
        if not isinstance(self.directory, str):
            return self._made(self.directory)
        dockerfile = Path(self.directory, str(self.options["file"] or "Dockerfile"))
        if not dockerfile.is_file():
            raise ArgumentTypeError(
                str(dockerfile),
                "the path of a Dockerfile",
                "Correct the folder, or say which file it is with file=.",
            )
        uri = DeferredString()

        def complete(model: Construct) -> Iterable[Permission]:
            from aws_cdk.aws_ecr_assets import (  # noqa: PLC0415 - costly, and not all need it
                DockerImageAsset,
                Platform,
            )

            given = {name: what for name, what in self.options.items() if what is not None}
            asset = DockerImageAsset(
                model,
                unused_id(model, "Image"),
                directory=str(self.directory),
                platform=self.platform or Platform.LINUX_AMD64,
                **given,  # type: ignore[arg-type] # those of `from_asset`
            )
            uri.text = asset.image_uri
            yield feature_permissions.ecr_pull(asset.repository)

        return BoundAsset((uri.token, None), complete)

    @staticmethod
    def _made(asset: DockerImageAsset) -> BoundAsset:
        if not has_member(asset, "image_uri"):
            raise ArgumentTypeError(
                asset, "a folder with a Dockerfile, or a DockerImageAsset", "Give the folder."
            )
        return BoundAsset(
            (ReferenceToken(asset.image_uri), None),
            lambda _: [feature_permissions.ecr_pull(asset.repository)],
        )


@attrs.frozen(eq=False)
class _Published(ContainerImage):
    family: str
    tag: str
    device: str | None

    def bind(self, scope: Construct) -> BoundAsset:
        for given in (self.family, self.tag):
            text(given, "the family and the tag, both texts", 'Write ("xgboost", "1.7-1").')
        uri, arn = published(scope, self.family, self.tag, self.device)
        return BoundAsset((uri, None), lambda _: [pulls_from(arn)])


@attrs.frozen(eq=False)
class _InPrivateRegistry(ContainerImage):
    uri: str
    credentials: IFunction | str | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        function, auth = self.credentials, None
        if function is not None:
            if not isinstance(function, str) and not has_member(function, "function_arn"):
                raise ArgumentTypeError(
                    function, "a function (IFunction) or its ARN", "Give the function itself."
                )
            arn = function if isinstance(function, str) else ReferenceToken(function.function_arn)
            auth = RepositoryAuthConfig(repository_credentials_provider_arn=arn)
        config = ImageConfig(
            repository_access_mode=RepositoryAccessMode.VPC, repository_auth_config=auth
        )
        invokes = () if function is None else (invokes_function(function),)
        return BoundAsset((self.uri, config), lambda _: invokes)
