"""Image of a container: in ECR, built by CDK, published by SageMaker or in a private registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from constructs import Construct

from cdk_epc.constructs.deferred_string import DeferredString
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError, require_text
from cdk_epc.model.assets import BoundAsset
from cdk_epc.model.docker_image import DockerImage
from cdk_epc.model.permissions import ecr_pull_from, image_permissions, lambda_invoke
from cdk_epc.model.published_images import ImageDevice, find_published
from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.spec import ImageConfig, RepositoryAccessMode, RepositoryAuthConfig
from cdk_epc.spec.unresolved import ImageUri, ReferenceToken

if TYPE_CHECKING:
    from aws_cdk import SymlinkFollowMode
    from aws_cdk.aws_ecr import IRepository
    from aws_cdk.aws_ecr_assets import DockerImageAsset, Platform
    from aws_cdk.aws_lambda import Function, IFunction


class ContainerImage:
    """Image of a container, created by one of the static methods."""

    def bind(self, scope: Construct) -> BoundAsset:
        """Bind the image to the stack of a scope; models call this."""
        raise NotImplementedError

    @staticmethod
    def from_ecr_repository(repository: IRepository, tag_or_digest: str) -> ContainerImage:
        """Return an image in ECR.

        Args:
            repository: Repository in the region of the endpoint.
            tag_or_digest: Tag or digest, for example ``"7"`` or ``"sha256:..."``. If the tag is
                moved to another image, CloudFormation does not replace the model; it does so only
                if this text changes.
        """
        return _RepositoryImage(repository, tag_or_digest)

    @staticmethod
    def from_asset(  # noqa: PLR0913 - the arguments of CDK's own asset
        directory: str | PathLike[str] | DockerImageAsset,
        *,
        file: str | None = None,
        target: str | None = None,
        build_args: Mapping[str, str] | None = None,
        exclude: Sequence[str] | None = None,
        platform: Platform | None = None,
        outputs: Sequence[str] = ("type=docker",),
        follow_symlinks: SymlinkFollowMode | None = None,
    ) -> ContainerImage:
        """Return an image that CDK builds with Docker and uploads with the app.

        By default the image is built for the architecture of the instance types that run it:
        ``linux/arm64`` if all types have Graviton processors, otherwise ``linux/amd64``, also on a
        machine with another architecture. CDK adds the image to the app at synth, because all
        variants are known only then. If a variant has types of the other architecture, synth fails.

        Args:
            directory: Folder with the ``Dockerfile``, or an asset. All other arguments apply to a
                folder only.
            file: Path of the Dockerfile in the folder; by default ``Dockerfile``.
            target: Build stage; by default the last one.
            build_args: Build arguments.
            exclude: Patterns of files that are not sent to Docker.
            platform: Platform of the image; by default that of the instance types.
            outputs: Values of ``--output`` of ``docker build``. With the default, the manifest has
                Docker's media type. Docker's containerd image store otherwise pushes an OCI index,
                which SageMaker refuses ("Unsupported manifest media type"). With ``()`` the option
                is left out, for builders that do not have it.
            follow_symlinks: Treatment of symbolic links; by default that of CDK.
        """
        options = {
            "file": file,
            "target": target,
            "build_args": build_args,
            "exclude": exclude,
            "outputs": list(outputs) or None,
            "follow_symlinks": follow_symlinks,
        }
        source = fspath(directory) if isinstance(directory, PathLike) else directory
        return _AssetImage(source, options, platform)

    @staticmethod
    def from_dlc(
        family: str, tag: str, *, device: ImageDevice | None = None, allow_unknown: bool = False
    ) -> ContainerImage:
        """Return an image that SageMaker publishes: a Deep Learning Container or an algorithm.

        The account of the image depends on family and region. If only the deployment knows the
        region of the stack, the template gets a mapping of accounts by region.

        Families are, among others:

        - servers of language models: ``"vllm"``, ``"huggingface-vllm"``, ``"djl-lmi"`` (LMI),
          ``"huggingface-llm"`` (TGI), ``"sglang"``, ``"llama-cpp"``; of embeddings:
          ``"huggingface-tei"`` and ``"huggingface-tei-cpu"``; on Inferentia and Trainium:
          ``"djl-neuronx"``, ``"huggingface-llm-neuronx"``, ``"huggingface-vllm-neuronx"``;
        - frameworks: ``"pytorch"``, ``"tensorflow"``, ``"huggingface"``, ``"mxnet"``,
          ``"autogluon"``, ``"sklearn"``, ``"xgboost"``, ``"sparkml-serving"``, ``"ray-serve"``;
        - other servers: ``"sagemaker-tritonserver"``, ``"whisperx"``;
        - built-in algorithms, such as ``"linear-learner"`` and ``"knn"``.

        `cdk_epc.catalog.images.families` returns all of them, and
        ``cdk_epc.catalog.images.find_repository(family).tags`` the tags of a family, the newest
        first. See also ``docs/images.md``.

        An image that needs a newer driver than SageMaker's default machine image has gets one:
        see ``inference_ami_version`` of `InstanceVariant`.

        Args:
            family: Family, as in SageMaker's Python SDK; or name of the repository, which a family
                with images for Graviton has apart, such as ``"pytorch-inference-arm64"``.
            tag: Full tag; or the version at its beginning, for example ``"1.7-1"`` or ``"2.6"``; or
                the version as SageMaker's SDK names it, for example ``"3.3.6"`` of
                ``"huggingface-llm"``, whose tag begins with ``2.7.0-tgi3.3.6``.
            device: Device, for a version with images for several.
            allow_unknown: Whether a full tag may be newer than the data of this library. By default
                a tag that SageMaker's SDK does not know is an error.
        """
        return _PublishedImage(family, tag, device, allow_unknown)

    @staticmethod
    def from_private_registry(
        uri: str, *, credentials: IFunction | Function | str | None = None
    ) -> ContainerImage:
        """Return an image in a private Docker registry that the model reaches through its VPC.

        The model requires a VPC with access to the registry and, if there are credentials, with an
        interface endpoint of Lambda.

        Args:
            uri: URI of the image, for example ``"registry.example.com/fraud:7"``.
            credentials: Function, or its ARN, that returns ``{"Credentials": {"Username": ...,
                "Password": ...}}``; not needed if the registry does not require authentication.
        """
        return _PrivateImage(uri, credentials)

    @staticmethod
    def from_uri(uri: str) -> ContainerImage:
        """Return an image by its URI.

        The role is granted the permission to pull the image if the URI is known to be in ECR.
        """
        return _UriImage(uri)


@attrs.frozen(eq=False)
class _UriImage(ContainerImage):
    uri: str

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        return BoundAsset((self.uri, None), lambda _: image_permissions(self.uri))


@attrs.frozen(eq=False)
class _RepositoryImage(ContainerImage):
    repository: IRepository
    tag_or_digest: str

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        if not has_member(self.repository, "repository_uri_for_tag_or_digest"):
            raise ArgumentTypeError(
                self.repository, "a repository (IRepository)", "Pass the repository construct."
            ).within("repository")
        allowed, fix = "a tag or digest, as text", 'Write text, for example "7".'
        tag = require_text(self.tag_or_digest, allowed, fix)
        uri = self.repository.repository_uri_for_tag_or_digest(tag)
        return BoundAsset(
            (ReferenceToken(uri), None), lambda _: [feature_permissions.ecr_pull(self.repository)]
        )


@attrs.frozen(eq=False)
class _AssetImage(ContainerImage):
    directory: str | DockerImageAsset
    options: Mapping[str, object]
    platform: Platform | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the asset is created later
        if not isinstance(self.directory, str):
            return self._bind_asset(self.directory)
        dockerfile = Path(self.directory, str(self.options["file"] or "Dockerfile"))
        if not dockerfile.is_file():
            raise ArgumentTypeError(
                str(dockerfile),
                "the path of an existing Dockerfile",
                "Correct the directory, or pass the path of the Dockerfile in it as file=.",
            )
        text = DeferredString()
        uri = ImageUri.of(text.token)

        def complete(owner: Construct) -> Iterable[Permission]:
            given = {name: option for name, option in self.options.items() if option is not None}
            options = {"directory": self.directory, **given}
            yield DockerImage(owner, options, self.platform, text, uri).permission

        return BoundAsset((uri, None), complete)

    @staticmethod
    def _bind_asset(asset: DockerImageAsset) -> BoundAsset:
        if not has_member(asset, "image_uri"):
            raise ArgumentTypeError(
                asset,
                "a folder with a Dockerfile, or a DockerImageAsset",
                "Pass the path of the folder.",
            )
        return BoundAsset(
            (ReferenceToken(asset.image_uri), None),
            lambda _: [feature_permissions.ecr_pull(asset.repository)],
        )


@attrs.frozen(eq=False)
class _PublishedImage(ContainerImage):
    family: str
    tag: str
    device: ImageDevice | None
    allow_unknown: bool

    def bind(self, scope: Construct) -> BoundAsset:
        for given in (self.family, self.tag):
            require_text(given, "a family and a tag, both text", 'Write ("xgboost", "1.7-1").')
        image = find_published(
            scope, self.family, self.tag, self.device, allow_unknown=self.allow_unknown
        )
        return BoundAsset(
            (ImageUri.of(image.uri, is_published=True), None),
            lambda _: [ecr_pull_from(image.repository_arn)],
            image.traits,
        )


@attrs.frozen(eq=False)
class _PrivateImage(ContainerImage):
    uri: str
    credentials: IFunction | Function | str | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        function, auth = self.credentials, None
        if function is not None:
            if not isinstance(function, str) and not has_member(function, "function_arn"):
                raise ArgumentTypeError(
                    function, "a function (IFunction) or its ARN", "Pass the function construct."
                ).within("credentials")
            arn = function if isinstance(function, str) else ReferenceToken(function.function_arn)
            auth = RepositoryAuthConfig(repository_credentials_provider_arn=arn)
        config = ImageConfig(
            repository_access_mode=RepositoryAccessMode.VPC, repository_auth_config=auth
        )
        permissions = () if function is None else (lambda_invoke(function),)
        return BoundAsset((self.uri, config), lambda _: permissions)
