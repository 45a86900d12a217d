"""Rules on the artifacts of models: archives, prefixes and licenses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AdditionalModelDataSource,
    ContainerDefinition,
    ContainerMode,
    ModelAccessConfig,
    ModelCompressionType,
    ModelDataSource,
    ModelSpec,
    Path,
    S3DataSource,
    S3ModelDataType,
)
from cdk_epc.spec.unresolved import is_resolved, items_of, known_end, known_start

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_CONTAINER: Final = f"{_API}API_ContainerDefinition.html"
_SOURCE: Final = f"{_API}API_S3ModelDataSource.html"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_INFERENCE_CODE: Final = f"{_GUIDE}your-algorithms-inference-code.html"
_MULTI_MODEL: Final = f"{_GUIDE}create-multi-model-endpoint.html"
_ABOUT: Final = (ModelSpec,)

# CDK names an uploaded archive <hash>.gz.
_ARCHIVE_SUFFIXES: Final = (".tar.gz", ".tgz", ".gz")
# A version, such as that of llama-3.1, is no extension.
_EXTENSION: Final = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,11}|7z)\Z", re.ASCII)
# Artifacts of models with a license; those of all other models are in jumpstart-cache-prod.
_LICENSED: Final = re.compile(
    r"s3://jumpstart-private-cache-prod-|"
    r"https://([^/]+/)?jumpstart-private-cache-prod-",
    re.ASCII,
)


def is_single_model(container: ContainerDefinition) -> bool:
    """Return whether a container is known to load one model that is no model package."""
    return (
        container.mode in (None, ContainerMode.SINGLE_MODEL)
        and container.model_package_name is None
    )


def extension_of(name: str) -> str:
    """Return the extension of a file name, such as ``.zip``; empty without one."""
    found = _EXTENSION.search(name)
    return found[0] if found else ""


def is_archive(end: str) -> bool:
    """Return whether the known end of an S3 URI is that of an archive."""
    return end.lower().endswith(_ARCHIVE_SUFFIXES)


def is_other_file(end: str) -> bool:
    """Return whether the known end of an S3 URI has the extension of a file that is no archive."""
    return bool(extension_of(end)) and not is_archive(end)


def shown_end(uri: object) -> Any:  # noqa: ANN401 - the value of a violation
    """Return a URI for a message; only its known end if the rest is unresolved."""
    return uri if is_resolved(uri) else Words(f"…{known_end(uri)}")


@rule(
    id="model-data-is-prefix",
    title="ModelDataUrl of a container for one model must name an archive, not a prefix",
    why="The deployment fails with: Could not access model data at.",
    fix="Use the URI of a .tar.gz archive, or ModelDataSource for uncompressed artifacts.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CONTAINER,
    about=_ABOUT,
    requires=("model_data_url",),
)
def model_data_is_prefix(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        uri = container.model_data_url
        if is_single_model(container) and known_end(uri).endswith("/"):
            yield Violation(
                path=(*path, "model_data_url"),
                got=shown_end(uri),
                must="be the URI of one .tar.gz archive, not of a prefix",
                fix="Use the URI of an archive, or `model_data_source` with S3Prefix and None for "
                "uncompressed artifacts.",
                python_fix="Use the URI of an archive, or ModelData.from_s3_folder() for the "
                "artifacts below a prefix.",
            )


@rule(
    id="model-data-not-archive",
    title="ModelDataUrl of a container for one model should name a .tar.gz archive",
    why="SageMaker unpacks a gzip compressed tar archive. For another file, CreateModel reports "
    "that it could not find the model data, or the endpoint fails to extract the archive.",
    fix="Pack the artifacts into one .tar.gz archive, or use ModelDataSource.",
    evidence=Evidence.DOCUMENTED,
    source_url=_INFERENCE_CODE,
    about=_ABOUT,
    requires=("model_data_url",),
    severity=Severity.WARNING,
)
def model_data_not_archive(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        uri = container.model_data_url
        if is_single_model(container) and is_other_file(known_end(uri)):
            yield Violation(
                path=(*path, "model_data_url"),
                got=shown_end(uri),
                must="be the URI of one .tar.gz archive",
                fix="Pack the artifacts into one archive, or use `model_data_source` with S3Prefix "
                "and None for uncompressed artifacts.",
                python_fix="Pack the artifacts into one archive, or use "
                "ModelData.from_s3_folder().",
            )


@rule(
    id="model-data-prefix-compressed",
    title="Model data below an S3 prefix should be uncompressed",
    why="The API reference describes a compressed object, an uncompressed object and an "
    "uncompressed prefix, but no compressed prefix.",
    fix="Set CompressionType to None, or S3DataType to S3Object.",
    evidence=Evidence.INFERRED,
    source_url=_SOURCE,
    about=_ABOUT,
    requires=("s3_data_source",),
    severity=Severity.WARNING,
)
def model_data_prefix_compressed(spec: ModelSpec) -> Iterator[Violation]:
    for path, source in data_sources_of(spec):
        if (
            source.s3_data_type == S3ModelDataType.S3_PREFIX
            and source.compression_type == ModelCompressionType.GZIP
        ):
            yield Violation(
                path=(*path, "compression_type"),
                got=source.compression_type,
                not_allowed="with an S3 prefix",
                fix="Set `compression_type` to None, or `s3_data_type` to S3Object for one "
                "archive.",
            )


@rule(
    id="multi-model-data-is-archive",
    title="ModelDataUrl of a multi-model container should be a prefix, not an archive",
    why="SageMaker appends the TargetModel of each request to the prefix, so that it finds no "
    "model behind the name of an archive.",
    fix="Use the S3 prefix below which the archives are.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MULTI_MODEL,
    about=_ABOUT,
    requires=("mode",),
    severity=Severity.WARNING,
)
def multi_model_data_is_archive(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        uri = container.model_data_url
        if container.mode == ContainerMode.MULTI_MODEL and known_end(uri).lower().endswith(
            (".tar.gz", ".tgz")
        ):
            yield Violation(
                path=(*path, "model_data_url"),
                got=shown_end(uri),
                must="be the S3 prefix of all archives because the container is a multi-model one",
                fix="Use the prefix below which the archives are.",
            )


@rule(
    id="multi-model-data-missing",
    title="A multi-model container must have the S3 prefix of its models",
    why="Each request names an archive below the prefix.",
    fix="Set ModelDataUrl to the S3 prefix below which the archives are.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MULTI_MODEL,
    about=_ABOUT,
    requires=("mode",),
)
def multi_model_data_missing(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        given = (
            container.model_data_url,
            container.model_data_source,
            container.model_package_name,
        )
        if container.mode == ContainerMode.MULTI_MODEL and given == (None, None, None):
            yield Violation(
                path=(*path, "model_data_url"),
                required="for a multi-model container",
                fix="Set `model_data_url` to the S3 prefix below which the archives are.",
                python_fix="Pass ModelData.multi_model() with the S3 prefix of all archives.",
            )


def data_sources_of(spec: ModelSpec) -> Iterator[tuple[Path, S3DataSource]]:
    """Yield every known source of model data in S3, with its path."""
    for path, container in spec.every_container():
        member = "model_data_source"
        if isinstance(container.model_data_source, ModelDataSource):
            source = container.model_data_source.s3_data_source
            if isinstance(source, S3DataSource):
                yield (*path, member, "s3_data_source"), source
        member = "additional_model_data_sources"
        for index, each in enumerate(items_of(container.additional_model_data_sources)):
            if isinstance(each, AdditionalModelDataSource) and isinstance(
                each.s3_data_source, S3DataSource
            ):
                yield (*path, member, index, "s3_data_source"), each.s3_data_source


def _is_licensed(uri: object) -> bool:
    return _LICENSED.match(known_start(uri)) is not None


def _is_accepted(source: S3DataSource) -> Any:  # noqa: ANN401 - the value of the member
    """Return the acceptance of the license; ``None`` if it is missing."""
    config: Any = source.model_access_config
    return config.accept_eula if isinstance(config, ModelAccessConfig) else config


@rule(
    id="model-license-not-accepted",
    title="The license of a gated JumpStart model must be accepted",
    why="The deployment fails with: The AcceptEula value must be explicitly defined as True in "
    "order to accept the end-user license agreement (EULA) that this model requires.",
    fix="Read the license, and set AcceptEula of ModelAccessConfig to true.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/hashicorp/terraform-provider-aws/issues/34795",
    about=_ABOUT,
)
def model_license_not_accepted(spec: ModelSpec) -> Iterator[Violation]:
    for path, source in data_sources_of(spec):
        accepted = _is_accepted(source)
        if _is_licensed(source.s3_uri) and (accepted is None or accepted is False):
            missing = source.model_access_config is None
            place = ("model_access_config",) if missing else ("model_access_config", "accept_eula")
            yield Violation(
                path=(*path, *place),
                got=None if accepted is None else Words("false"),
                sentence="the JumpStart model has a license that `accept_eula` does not accept",
                fix="Read the license, and set `accept_eula` to true.",
                python_fix="Read the license, and pass accept_eula=True to the ModelData.",
            )
    for path, container in spec.every_container():
        uri = container.model_data_url
        if _is_licensed(uri):
            yield Violation(
                path=(*path, "model_data_url"),
                got=uri if is_resolved(uri) else Words(f"{known_start(uri)}…"),
                sentence="the JumpStart model has a license, which `model_data_url` cannot accept",
                fix="Use `model_data_source` with the same URI, and set `accept_eula` of its "
                "`model_access_config` to true after you have read the license.",
                python_fix="Use ModelData.from_s3() or ModelData.from_s3_folder() with "
                "accept_eula=True after you have read the license.",
            )


@rule(
    id="model-license-refused",
    title="AcceptEula should not be false",
    why="SageMaker refuses a model with a license that is not accepted, and a model without a "
    "license needs no ModelAccessConfig.",
    fix="Set AcceptEula to true after you have read the license, or remove ModelAccessConfig.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_API}API_ModelAccessConfig.html",
    about=_ABOUT,
    requires=("accept_eula",),
    severity=Severity.WARNING,
)
def model_license_refused(spec: ModelSpec) -> Iterator[Violation]:
    for path, source in data_sources_of(spec):
        if _is_accepted(source) is False and not _is_licensed(source.s3_uri):
            yield Violation(
                path=(*path, "model_access_config", "accept_eula"),
                got=False,
                must="be true if the model has a license",
                fix="Set `accept_eula` to true after you have read the license, or remove "
                "`model_access_config`.",
                python_fix="Pass accept_eula=True after you have read the license, or remove the "
                "argument.",
            )


RULES: Final = (
    model_data_is_prefix,
    model_data_not_archive,
    model_data_prefix_compressed,
    multi_model_data_is_archive,
    multi_model_data_missing,
    model_license_not_accepted,
    model_license_refused,
)
