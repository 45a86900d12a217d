"""Artifacts of a model: archives, prefixes, models of a hub and many models for one container."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs
from constructs import Construct

from cdk_epc.constructs.convert import bucket_uri
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.model.archive import files_in, hash_of, pack
from cdk_epc.model.assets import BoundAsset, DeferredString, unused_id
from cdk_epc.model.permissions import object_permissions, prefix_permissions
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
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.aws_s3_assets import Asset

_ARCHIVES: Final = (".tar.gz", ".tgz")


class ModelData:
    """Artifacts of a model, created by one of the static methods.

    Attributes:
        NEEDS_MODEL: Whether only a model can name the artifacts, and not the container of an
            inference component, which has the URL of one archive.
    """

    NEEDS_MODEL: ClassVar[bool] = False

    def bind(self, scope: Construct) -> BoundAsset:
        """Bind the artifacts to the stack of a scope; models call this."""
        raise NotImplementedError

    @staticmethod
    def from_bucket(bucket: IBucket, key: str, *, grant_prefix: str | None = None) -> ModelData:
        """Return an archive (``.tar.gz``) in a bucket.

        Args:
            bucket: Bucket in the region of the endpoint.
            key: Key of the archive, for example ``"churn/7/model.tar.gz"``.
            grant_prefix: Prefix that the execution role may read, instead of this archive only.
                While an update with traffic shifting runs, instances of the old model may still
                start: they need the old archive, which CloudFormation has already removed from the
                role's policy. Pass a prefix that contains the archives of all versions, for example
                ``"churn/"``.
        """
        return _BucketArchive(bucket, key, grant_prefix)

    @staticmethod
    def from_uri(uri: str) -> ModelData:
        """Return an archive (``.tar.gz``) by its S3 URI."""
        return _UriArchive(uri)

    @staticmethod
    def from_asset(path: str | PathLike[str] | Asset) -> ModelData:
        """Return artifacts on this machine, which CDK uploads with the app.

        CDK names the uploaded file by a hash and ``.gz``. SageMaker detects the type from its
        content.

        Args:
            path: A folder, from which an archive is made with the files that symbolic links name;
                an archive (``.tar.gz``) without such links, which SageMaker does not extract; or an
                asset that is such an archive.
        """
        return _AssetArchive(fspath(path) if isinstance(path, PathLike) else path)

    @staticmethod
    def uncompressed(
        bucket: IBucket | str,
        prefix: str = "",
        *,
        accept_eula: bool | None = None,
        grant_prefix: str | None = None,
    ) -> ModelData:
        """Return uncompressed artifacts: all objects below a prefix.

        Serverless variants do not support uncompressed artifacts.

        Args:
            bucket: Bucket, or the whole S3 URI without ``prefix``.
            prefix: Prefix that ends with a slash.
            accept_eula: Whether you accept the model's license, if it requires that.
            grant_prefix: Prefix that the execution role may read, for a ``bucket`` that is a
                construct; see `from_bucket`.
        """
        return _DataSource(bucket, prefix, accept_eula=accept_eula, grant_prefix=grant_prefix)

    @staticmethod
    def compressed(
        bucket: IBucket | str,
        key: str = "",
        *,
        accept_eula: bool | None = None,
        grant_prefix: str | None = None,
    ) -> ModelData:
        """Return an archive (``.tar.gz``) of a model with a license.

        Serverless variants do not support it. For a model without a license, `from_bucket` is the
        same and supports every kind of endpoint.

        Args:
            bucket: Bucket, or the whole S3 URI without ``key``.
            key: Key of the archive.
            accept_eula: Whether you accept the model's license, if it requires that.
            grant_prefix: Prefix that the execution role may read, for a ``bucket`` that is a
                construct; see `from_bucket`.
        """
        return _DataSource(
            bucket, key, accept_eula=accept_eula, is_archive=True, grant_prefix=grant_prefix
        )

    @staticmethod
    def from_hub(
        hub_content_arn: str,
        uri: str,
        *,
        is_archive: bool = False,
        accept_eula: bool | None = None,
    ) -> ModelData:
        """Return the artifacts of a model in a private hub.

        Serverless variants do not support them.

        Args:
            hub_content_arn: ARN of the hub content, which refers to a JumpStart model.
            uri: S3 URI of the artifacts: a prefix that ends with a slash, or an archive.
            is_archive: Whether the URI is that of an archive.
            accept_eula: Whether you accept the model's license, if it requires that.
        """
        return _DataSource(
            uri, "", accept_eula=accept_eula, is_archive=is_archive, hub=hub_content_arn
        )

    @staticmethod
    def many(
        bucket: IBucket | str, prefix: str = "", *, cache: ModelCacheSetting | None = None
    ) -> ModelData:
        """Return archives (``.tar.gz``) of many models, of which each request names one.

        The container becomes a multi-model container, which serverless variants do not support.

        Args:
            bucket: Bucket, or the whole S3 URI without ``prefix``.
            prefix: Prefix of all archives.
            cache: Whether models stay in memory; by default they do.
        """
        return _MultiModelData(bucket, prefix, cache)


@attrs.frozen(eq=False)
class _BucketArchive(ModelData):
    bucket: IBucket
    key: str
    grant_prefix: str | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        _check_grant_prefix(self.bucket, self.key, self.grant_prefix)
        uri = bucket_uri(self.bucket, self.key)
        permissions = _object_permissions(self.bucket, self.key, self.grant_prefix)
        return BoundAsset(_url_only(uri), lambda _: permissions)


@attrs.frozen(eq=False)
class _UriArchive(ModelData):
    uri: str

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        return BoundAsset(_url_only(self.uri), lambda _: object_permissions(self.uri))


@attrs.frozen(eq=False)
class _AssetArchive(ModelData):
    path: str | Asset

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the asset is created later
        if not isinstance(self.path, str):
            return self._bind_asset(self.path)
        path, uri = Path(self.path), DeferredString()
        if not _is_archive(path) and not (path.is_dir() and files_in(path)):
            raise ArgumentTypeError(
                self.path,
                "the path of a folder with files, or of an archive whose name ends with .tar.gz",
                "Pass the path of the artifacts' folder.",
                rule=MODEL_ASSET,
            )

        def complete(model: Construct) -> Iterable[Permission]:
            asset = _asset(model, path)
            uri.text = asset.s3_object_url
            yield feature_permissions.s3_read_object(asset.bucket, asset.s3_object_key)

        return BoundAsset(_url_only(uri.token), complete)

    @staticmethod
    def _bind_asset(asset: Asset) -> BoundAsset:
        if not has_member(asset, "s3_object_url"):
            raise ArgumentTypeError(
                asset, "the path of a folder or archive, or an Asset", "Pass the path."
            )
        permission = feature_permissions.s3_read_object(asset.bucket, asset.s3_object_key)
        return BoundAsset(_url_only(asset.s3_object_url), lambda _: [permission])


def _is_archive(path: Path) -> bool:
    return path.name.lower().endswith(_ARCHIVES) and path.is_file()


def _asset(model: Construct, path: Path) -> Asset:
    from aws_cdk.aws_s3_assets import Asset  # noqa: PLC0415 - slow to load, and rarely needed

    id_ = unused_id(model, "ModelData")
    if path.is_file():
        return Asset(model, id_, path=str(path))
    with tempfile.TemporaryDirectory() as folder:  # CDK copies the archive at once
        archive = pack(path, Path(folder))
        return Asset(model, id_, path=str(archive), asset_hash=hash_of(path))


@attrs.frozen(eq=False)
class _DataSource(ModelData):
    NEEDS_MODEL = True

    bucket: IBucket | str
    key: str
    accept_eula: bool | None = attrs.field(kw_only=True)
    is_archive: bool = attrs.field(default=False, kw_only=True)
    hub: str | None = attrs.field(default=None, kw_only=True)
    grant_prefix: str | None = attrs.field(default=None, kw_only=True)

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        _check_grant_prefix(self.bucket, self.key, self.grant_prefix)
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
        permissions = _object_permissions if self.is_archive else _prefix_permissions
        return BoundAsset(values, lambda _: permissions(self.bucket, self.key, self.grant_prefix))


@attrs.frozen(eq=False)
class _MultiModelData(ModelData):
    NEEDS_MODEL = True

    bucket: IBucket | str
    prefix: str
    cache: ModelCacheSetting | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        cache = None if self.cache is None else MultiModelConfig(model_cache_setting=self.cache)
        uri = _uri(self.bucket, self.prefix)
        values = (uri, None, ContainerMode.MULTI_MODEL, cache)
        return BoundAsset(values, lambda _: _prefix_permissions(self.bucket, self.prefix))


def _url_only(uri: str) -> tuple[Any, ...]:
    """Return the values of a container's members, with a ``ModelDataUrl`` only."""
    return (uri, None, None, None)


def _uri(bucket: IBucket | str, key: str) -> str:
    return bucket if isinstance(bucket, str) else bucket_uri(bucket, key)


def _check_grant_prefix(bucket: IBucket | str, key: str, grant_prefix: str | None) -> None:
    """Check that a prefix for permissions contains the artifacts.

    Raises:
        ArgumentTypeError: It does not, or the bucket is not a construct.
    """
    if grant_prefix is None:
        return
    if isinstance(bucket, str):
        raise ArgumentTypeError(
            bucket, "an IBucket because grant_prefix is set", "Pass the bucket and the key."
        ).within("bucket")
    if not is_unresolved(key) and not key.startswith(f"{grant_prefix.removesuffix('/')}/"):
        raise ArgumentTypeError(
            grant_prefix,
            f"a folder of {key!r}",
            "Pass the prefix that contains the artifacts of all versions.",
        ).within("grant_prefix")


def _object_permissions(
    bucket: IBucket | str, key: str, grant_prefix: str | None = None
) -> Iterable[Permission]:
    if isinstance(bucket, str):
        return object_permissions(bucket)
    if grant_prefix is not None:
        return [feature_permissions.s3_read(bucket, grant_prefix)]
    return [feature_permissions.s3_read_object(bucket, key)]


def _prefix_permissions(
    bucket: IBucket | str, prefix: str, grant_prefix: str | None = None
) -> Iterable[Permission]:
    if isinstance(bucket, str):
        return prefix_permissions(bucket)
    readable = prefix if grant_prefix is None else grant_prefix
    return [
        feature_permissions.s3_read(bucket, readable),
        feature_permissions.s3_list(bucket, readable),
    ]
