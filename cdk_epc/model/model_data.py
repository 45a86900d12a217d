"""Artifacts of a model: archives, prefixes, models of a hub and many models for one container."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import aws_cdk as cdk
from constructs import Construct

from cdk_epc.constructs.convert import s3_uri
from cdk_epc.constructs.deferred_string import DeferredString
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.constructs.scope import PREFIX
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.model.archive import FolderContent, content_of, hash_of, pack
from cdk_epc.model.assets import BoundAsset, unused_id
from cdk_epc.model.permissions import object_permissions, prefix_permissions
from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.permissions.statements import bucket_and_key
from cdk_epc.rules.call_errors import MODEL_ASSET
from cdk_epc.rules.printable import printable
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
    from aws_cdk import SymlinkFollowMode
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.aws_s3_assets import Asset

    from cdk_epc.constructs.convert import S3LocationOrUri

_LISTED: Final = 5
"""Number of paths that a warning lists."""
_ARCHIVES: Final = (".tar.gz", ".tgz")


class ModelData:
    """Artifacts of a model, created by one of the static methods.

    Attributes:
        needs_model: Whether only a model can name the artifacts, and not the container of an
            inference component, which has the URL of one archive.
    """

    needs_model: bool = False

    def bind(self, scope: Construct) -> BoundAsset:
        """Bind the artifacts to the stack of a scope; models call this."""
        raise NotImplementedError

    @staticmethod
    def from_s3(
        location: S3LocationOrUri,
        *,
        accept_eula: bool | None = None,
        grant_prefix: str | None = None,
    ) -> ModelData:
        """Return an archive (``.tar.gz``) in S3.

        Args:
            location: The archive, for example ``S3Location(bucket, "churn/7/model.tar.gz")``, in
                the region of the endpoint.
            accept_eula: Whether you accept the model's license, if it requires that. Serverless
                variants do not support such a model.
            grant_prefix: Prefix that the execution role may read, instead of this archive only.
                While an update with traffic shifting runs, instances of the old model may still
                start: they need the old archive, which CloudFormation has already removed from the
                role's policy. Pass a prefix that contains the archives of all versions, for example
                ``"churn/"``.
        """
        if accept_eula is None:
            return _S3Archive(location, grant_prefix)
        return _DataSource(
            location, accept_eula=accept_eula, is_archive=True, grant_prefix=grant_prefix
        )

    @staticmethod
    def from_s3_folder(
        location: S3LocationOrUri,
        *,
        accept_eula: bool | None = None,
        grant_prefix: str | None = None,
    ) -> ModelData:
        """Return uncompressed artifacts: all objects below a prefix in S3.

        Serverless variants do not support uncompressed artifacts.

        Args:
            location: Prefix that ends with a slash, for example ``S3Location(bucket, "llama/7/")``.
            accept_eula: Whether you accept the model's license, if it requires that.
            grant_prefix: Prefix that the execution role may read; see `from_s3`.
        """
        return _DataSource(location, accept_eula=accept_eula, grant_prefix=grant_prefix)

    @staticmethod
    def multi_model(
        location: S3LocationOrUri, *, cache: ModelCacheSetting | None = None
    ) -> ModelData:
        """Return archives (``.tar.gz``) of many models, of which each request names one.

        The container becomes a multi-model container, which serverless variants do not support.

        Args:
            location: Prefix of all archives, for example ``S3Location(bucket, "tenants/")``.
            cache: Whether models stay in memory; by default they do.
        """
        return _MultiModelData(location, cache)

    @staticmethod
    def from_asset(
        path: str | PathLike[str] | Asset,
        *,
        follow_symlinks: SymlinkFollowMode = cdk.SymlinkFollowMode.NEVER,
    ) -> ModelData:
        """Return artifacts on this machine, which CDK uploads with the app.

        CDK names the uploaded file by a hash and ``.gz``. SageMaker detects the type from its
        content.

        SageMaker does not extract links, so that a link within the folder is packed as the file or
        folder that it names. A warning at synth names links to other folders that are left out or
        followed. Bytecode (``__pycache__``) and empty folders are left out.

        Args:
            path: A folder, from which an archive is made; an archive (``.tar.gz``) without links;
                or an asset that is such an archive.
            follow_symlinks: Treatment of symbolic links that lead outside of the folder, with
                CDK's default: they are left out. ``EXTERNAL`` and ``ALWAYS`` follow them, for
                example for the cache of the Hugging Face Hub, and ``BLOCK_EXTERNAL`` refuses them.
        """
        given = fspath(path) if isinstance(path, PathLike) else path
        return _AssetArchive(given, follow_symlinks)

    @staticmethod
    def from_hub(
        hub_content_arn: str,
        location: S3LocationOrUri,
        *,
        is_archive: bool = False,
        accept_eula: bool | None = None,
    ) -> ModelData:
        """Return the artifacts of a model in a private hub.

        Serverless variants do not support them.

        Args:
            hub_content_arn: ARN of the hub content, which refers to a JumpStart model.
            location: The artifacts in S3: a prefix that ends with a slash, or an archive.
            is_archive: Whether the location is that of an archive.
            accept_eula: Whether you accept the model's license, if it requires that.
        """
        return _DataSource(
            location, accept_eula=accept_eula, is_archive=is_archive, hub=hub_content_arn
        )


@attrs.frozen(eq=False)
class _S3Archive(ModelData):
    location: S3LocationOrUri
    grant_prefix: str | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        uri = s3_uri(self.location)
        _check_grant_prefix(self.location, self.grant_prefix)
        permissions = _object_permissions(self.location, self.grant_prefix)
        bucket = _bucket_of(self.location)
        return BoundAsset(_url_only(uri), lambda _: permissions, bucket=bucket)


@attrs.frozen(eq=False)
class _AssetArchive(ModelData):
    path: str | Asset
    follow: SymlinkFollowMode

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the asset is created later
        if not isinstance(self.path, str):
            return self._bind_asset(self.path)
        path, uri = Path(self.path), DeferredString()
        content = content_of(path, self.follow) if path.is_dir() else FolderContent({})
        if not _is_archive(path) and not content.files:
            raise ArgumentTypeError(
                self.path,
                "the path of a folder with files, or of an archive whose name ends with .tar.gz",
                "Set follow_symlinks to ALWAYS, or copy the files into the folder."
                if content.left_out
                else "Pass the path of the artifacts' folder.",
                rule=MODEL_ASSET,
            )

        def complete(model: Construct) -> Iterable[Permission]:
            asset = _asset(model, path, content)
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


def _asset(model: Construct, path: Path, content: FolderContent) -> Asset:
    from aws_cdk.aws_s3_assets import Asset  # noqa: PLC0415 - slow to load, and rarely needed

    id_ = unused_id(model, "ModelData")
    if path.is_file():
        return Asset(model, id_, path=str(path))
    _warn(model, path, content)
    with tempfile.TemporaryDirectory() as folder:  # CDK copies the archive at once
        archive = pack(content.files, Path(folder))
        return Asset(model, id_, path=str(archive), asset_hash=hash_of(content.files))


def _warn(model: Construct, path: Path, content: FolderContent) -> None:
    """Warn of the files that the archive of a folder leaves out, or takes from other folders."""
    left_out = [f"{name} ({reason})" for name, reason in content.left_out.items()]
    for id_, verb, names in (
        ("model-asset-left-out", "does not contain", left_out),
        ("model-asset-outside", "contains files of other folders, by the links", content.outside),
    ):
        if names:
            more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
            text = f"the archive of {path} {verb} {', '.join(names[:_LISTED])}{more}"
            cdk.Annotations.of(model).add_warning_v2(f"{PREFIX}{id_}", printable(text))


@attrs.frozen(eq=False)
class _DataSource(ModelData):
    needs_model = True

    location: S3LocationOrUri
    accept_eula: bool | None = attrs.field(kw_only=True)
    is_archive: bool = attrs.field(default=False, kw_only=True)
    hub: str | None = attrs.field(default=None, kw_only=True)
    grant_prefix: str | None = attrs.field(default=None, kw_only=True)

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        uri = s3_uri(self.location)
        _check_grant_prefix(self.location, self.grant_prefix)
        eula, hub = self.accept_eula, self.hub
        source = S3DataSource(
            s3_uri=uri,
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
        return BoundAsset(
            values,
            lambda _: permissions(self.location, self.grant_prefix),
            bucket=_bucket_of(self.location),
        )


@attrs.frozen(eq=False)
class _MultiModelData(ModelData):
    needs_model = True

    location: S3LocationOrUri
    cache: ModelCacheSetting | None

    def bind(self, scope: Construct) -> BoundAsset:  # noqa: ARG002 - the same in every stack
        cache = None if self.cache is None else MultiModelConfig(model_cache_setting=self.cache)
        values = (s3_uri(self.location), None, ContainerMode.MULTI_MODEL, cache)
        bucket = _bucket_of(self.location)
        return BoundAsset(values, lambda _: prefix_permissions(self.location), bucket=bucket)


def _bucket_of(location: S3LocationOrUri) -> IBucket | None:
    """Return the bucket of a location, if it is a construct."""
    bucket = location.bucket if isinstance(location, S3Location) else None
    return None if isinstance(bucket, str) else bucket


def _url_only(uri: str) -> tuple[Any, ...]:
    """Return the values of a container's members, with a ``ModelDataUrl`` only."""
    return (uri, None, None, None)


def _check_grant_prefix(location: S3LocationOrUri, grant_prefix: str | None) -> None:
    """Check that a prefix for permissions contains the artifacts.

    Raises:
        ArgumentTypeError: It does not, or the bucket is not known.
    """
    if grant_prefix is None:
        return
    if (found := bucket_and_key(location)) is None:
        raise ArgumentTypeError(
            location,
            "an S3Location because grant_prefix is set",
            'Pass S3Location(bucket, "churn/8/model.tar.gz"), for example.',
        ).within("location")
    key = found[1]
    if not is_unresolved(key) and not key.startswith(f"{grant_prefix.removesuffix('/')}/"):
        raise ArgumentTypeError(
            grant_prefix,
            f"a folder that contains {key!r}",
            "Pass the prefix that contains the artifacts of all versions.",
        ).within("grant_prefix")


def _object_permissions(
    location: S3LocationOrUri, grant_prefix: str | None
) -> Iterable[Permission]:
    found = bucket_and_key(location)
    if found is None or grant_prefix is None:
        return list(object_permissions(location))
    return [feature_permissions.s3_read(found[0], grant_prefix)]


def _prefix_permissions(
    location: S3LocationOrUri, grant_prefix: str | None
) -> Iterable[Permission]:
    found = bucket_and_key(location)
    if found is None or grant_prefix is None:
        return list(prefix_permissions(location))
    return [
        feature_permissions.s3_read(found[0], grant_prefix),
        feature_permissions.s3_list(found[0], grant_prefix),
    ]
