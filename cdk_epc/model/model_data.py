"""Where the artifacts of a model are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
from constructs import Construct

from cdk_epc.constructs.convert import bucket_uri
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.model.archive import files_in, hash_of, pack
from cdk_epc.model.assets import BoundAsset, DeferredString, unused_id
from cdk_epc.model.permissions import of_object, of_prefix
from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.rules.call_errors import MODEL_ASSET
from cdk_epc.spec import (
    ContainerMode,
    HubAccessConfig,
    ModelAccessConfig,
    ModelCacheSetting,
    ModelCompressionType,
    ModelDataSource,
    MultiModelConfig,
    S3DataSource,
    S3ModelDataType,
)

if TYPE_CHECKING:
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.aws_s3_assets import Asset

_ARCHIVES: Final = (".tar.gz", ".tgz")


class ModelData:
    """Where the artifacts of a model are. Use one of the static methods."""

    def bind(self, scope: Construct) -> BoundAsset:
        """They as the container of a model of this scope has them."""
        raise NotImplementedError

    @staticmethod
    def from_bucket(bucket: IBucket, key: str) -> ModelData:
        """An archive (``.tar.gz``) in a bucket, which SageMaker unpacks.

        Args:
            bucket: The bucket, in the region of the endpoint.
            key: The key of the archive, for example ``"churn/7/model.tar.gz"``.
        """
        return _InBucket(bucket, key)

    @staticmethod
    def from_uri(uri: str) -> ModelData:
        """An archive (``.tar.gz``) by its S3 URI."""
        return _AtUri(uri)

    @staticmethod
    def from_asset(path: str | PathLike[str] | Asset) -> ModelData:
        """Artifacts on this machine, which CDK uploads with the app.

        CDK names the archive by a hash and ``.gz``; SageMaker goes by what is in it.

        Args:
            path: A folder, which is packed; an archive (``.tar.gz``), which is taken as it is; or
                an asset that is such an archive.
        """
        return _OfAsset(fspath(path) if isinstance(path, PathLike) else path)

    @staticmethod
    def uncompressed(
        bucket: IBucket | str, prefix: str = "", *, accept_eula: bool | None = None
    ) -> ModelData:
        """All objects below a prefix, as they are. Not for serverless variants.

        Args:
            bucket: The bucket, or a whole S3 URI and no prefix.
            prefix: Where in the bucket; it ends with a slash.
            accept_eula: Whether the licence of the model is accepted, where it asks for that.
        """
        return _Source(bucket, prefix, accept_eula=accept_eula)

    @staticmethod
    def compressed(
        bucket: IBucket | str, key: str = "", *, accept_eula: bool | None = None
    ) -> ModelData:
        """An archive (``.tar.gz``) of a model with a licence. Not for serverless variants.

        Without a licence to accept, `from_bucket` says the same, and for every kind of endpoint.

        Args:
            bucket: The bucket, or a whole S3 URI and no key.
            key: The key of the archive.
            accept_eula: Whether the licence of the model is accepted, where it asks for that.
        """
        return _Source(bucket, key, accept_eula=accept_eula, is_archive=True)

    @staticmethod
    def from_hub(
        hub_content_arn: str,
        uri: str,
        *,
        is_archive: bool = False,
        accept_eula: bool | None = None,
    ) -> ModelData:
        """A model that a private hub shares. Not for serverless variants.

        Args:
            hub_content_arn: The ARN of the hub's content, a reference to a JumpStart model.
            uri: The S3 URI of the artifacts: a prefix that ends with a slash, or an archive.
            is_archive: Whether the URI is that of an archive.
            accept_eula: Whether the licence of the model is accepted, where it asks for that.
        """
        return _Source(uri, "", accept_eula=accept_eula, is_archive=is_archive, hub=hub_content_arn)

    @staticmethod
    def many(
        bucket: IBucket | str, prefix: str = "", *, cache: ModelCacheSetting | None = None
    ) -> ModelData:
        """Archives (``.tar.gz``) of many models, of which each request names one.

        The container is a multi-model one then. Not for serverless variants.

        Args:
            bucket: The bucket, or a whole S3 URI and no prefix.
            prefix: Where in the bucket all the archives are.
            cache: Whether models stay in memory; they do by default.
        """
        return _Many(bucket, prefix, cache)


@attrs.frozen(eq=False)
class _InBucket(ModelData):
    bucket: IBucket
    key: str

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        uri = bucket_uri(self.bucket, self.key)
        reads = feature_permissions.s3_read_object(self.bucket, self.key)
        return BoundAsset(_url(uri), lambda _: [reads])


@attrs.frozen(eq=False)
class _AtUri(ModelData):
    uri: str

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        return BoundAsset(_url(self.uri), lambda _: of_object(self.uri))


@attrs.frozen(eq=False)
class _OfAsset(ModelData):
    path: str | Asset

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - an asset is made later
        if not isinstance(self.path, str):
            return self._made(self.path)
        path, uri = Path(self.path), DeferredString()
        if not _is_archive(path) and not (path.is_dir() and files_in(path)):
            raise ArgumentTypeError(
                self.path,
                "the path of a folder with files, or of an archive whose name ends with .tar.gz",
                "Give the folder of the artifacts.",
                rule=MODEL_ASSET,
            )

        def complete(model: Construct) -> Iterable[Permission]:
            asset = _asset(model, path)
            uri.text = asset.s3_object_url
            yield feature_permissions.s3_read_object(asset.bucket, asset.s3_object_key)

        return BoundAsset(_url(uri.token), complete)

    @staticmethod
    def _made(asset: Asset) -> BoundAsset:
        if not has_member(asset, "s3_object_url"):
            raise ArgumentTypeError(
                asset, "the path of a folder or archive, or an Asset", "Give the path."
            )
        reads = feature_permissions.s3_read_object(asset.bucket, asset.s3_object_key)
        return BoundAsset(_url(asset.s3_object_url), lambda _: [reads])


def _is_archive(path: Path) -> bool:
    return path.name.lower().endswith(_ARCHIVES) and path.is_file()


def _asset(model: Construct, path: Path) -> Asset:
    from aws_cdk.aws_s3_assets import Asset  # noqa: PLC0415 - costly, and not all need it

    id_ = unused_id(model, "ModelData")
    if path.is_file():
        return Asset(model, id_, path=str(path))
    with tempfile.TemporaryDirectory() as folder:  # CDK copies what it finds there
        archive = pack(path, Path(folder))
        return Asset(model, id_, path=str(archive), asset_hash=hash_of(path))


@attrs.frozen(eq=False)
class _Source(ModelData):
    bucket: IBucket | str
    key: str
    accept_eula: bool | None = attrs.field(kw_only=True)
    is_archive: bool = attrs.field(default=False, kw_only=True)
    hub: str | None = attrs.field(default=None, kw_only=True)

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        eula, hub = self.accept_eula, self.hub
        source = S3DataSource(
            s3_uri=_uri(self.bucket, self.key),
            s3_data_type=(
                S3ModelDataType.S3_OBJECT if self.is_archive else S3ModelDataType.S3_PREFIX
            ),
            compression_type=(
                ModelCompressionType.GZIP if self.is_archive else ModelCompressionType.NONE
            ),
            model_access_config=None if eula is None else ModelAccessConfig(accept_eula=eula),
            hub_access_config=None if hub is None else HubAccessConfig(hub_content_arn=hub),
        )
        values = (None, ModelDataSource(s3_data_source=source), None, None)
        reads = _reads_object if self.is_archive else _reads_prefix
        return BoundAsset(values, lambda _: reads(self.bucket, self.key))


@attrs.frozen(eq=False)
class _Many(ModelData):
    bucket: IBucket | str
    prefix: str
    cache: ModelCacheSetting | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        cache = None if self.cache is None else MultiModelConfig(model_cache_setting=self.cache)
        uri = _uri(self.bucket, self.prefix)
        values = (uri, None, ContainerMode.MULTI_MODEL, cache)
        return BoundAsset(values, lambda _: _reads_prefix(self.bucket, self.prefix))


def _url(uri: str) -> tuple[Any, ...]:
    """What goes to ``ModelDataUrl`` alone."""
    return (uri, None, None, None)


def _uri(bucket: IBucket | str, key: str) -> str:
    return bucket if isinstance(bucket, str) else bucket_uri(bucket, key)


def _reads_object(bucket: IBucket | str, key: str) -> Iterable[Permission]:
    return (
        of_object(bucket)
        if isinstance(bucket, str)
        else [feature_permissions.s3_read_object(bucket, key)]
    )


def _reads_prefix(bucket: IBucket | str, prefix: str) -> Iterable[Permission]:
    if isinstance(bucket, str):
        return of_prefix(bucket)
    return [
        feature_permissions.s3_read(bucket, prefix),
        feature_permissions.s3_list(bucket, prefix),
    ]
