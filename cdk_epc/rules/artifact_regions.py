"""Rules on the regions of buckets, for artifacts, captured data and responses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cdk_epc.catalog import regions
from cdk_epc.rules.artifacts import data_sources_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceOutputConfig,
    ComponentContainer,
    DataCaptureConfig,
    Path,
)
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ModelContext
from cdk_epc.spec.unresolved import is_resolved, known_start

_CONTAINER: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html"
)
_NOT_DOWNLOADED: Final = "https://github.com/mlflow/mlflow/issues/2573"
_ARTIFACTS: Final = (ModelContext, InferenceComponentContext)
_S3: Final = re.compile(r"s3://(?P<bucket>[^/]+)(/|$)", re.ASCII)
_HTTPS: Final = re.compile(
    r"https://([^/]+\.)?s3[.-](dualstack\.)?(?P<region>[a-z0-9-]+)\.[a-z0-9.-]+/", re.ASCII
)
# Buckets with their region in the name: of SageMaker's Python SDK, JumpStart and the CDK bootstrap.
_NAMES: Final = (
    re.compile(r"sagemaker-(?P<region>[a-z0-9-]+)-\d{12}", re.ASCII),
    re.compile(r"jumpstart-(private-)?cache-prod-(?P<region>[a-z0-9-]+)", re.ASCII),
    re.compile(r"cdk-[a-z0-9]+-assets-\d{12}-(?P<region>[a-z0-9-]+)", re.ASCII),
)


def _region_in_host(uri: object) -> str | None:
    """Return the region in the host of an HTTPS address."""
    found = _HTTPS.match(known_start(uri))
    known = found is not None and regions.partition_of(found["region"]) is not None
    return found["region"] if found is not None and known else None


def _bucket_of(uri: object) -> str | None:
    """Return the bucket of an S3 URI, if its whole name is known."""
    found = _S3.match(known_start(uri))
    # An unresolved rest of the URI may belong to the name.
    is_whole = found is not None and (found[2] == "/" or is_resolved(uri))
    return found["bucket"] if found is not None and is_whole else None


def _region_in_name(bucket: str) -> str | None:
    """Return the region in the name of a bucket of AWS's tools."""
    for pattern in _NAMES:
        found = pattern.fullmatch(bucket)
        if found and regions.partition_of(found["region"]) is not None:
            return found["region"]
    return None


def _artifacts(
    subject: ModelContext | InferenceComponentContext,
) -> Iterator[tuple[Path, object]]:
    """Yield the addresses of the artifacts of a model or a component."""
    if isinstance(subject, ModelContext):
        for path, container in subject.model.every_container():
            yield (*path, "model_data_url"), container.model_data_url
        for path, source in data_sources_of(subject.model):
            yield (*path, "s3_uri"), source.s3_uri
        return
    for path, each in subject.component.every_specification():
        if isinstance(each.container, ComponentContainer):
            yield (*path, "container", "artifact_url"), each.container.artifact_url


def _known_region(uri: object, bucket_regions: Mapping[str, str]) -> str | None:
    """Return the region in a URI's host, or that of its bucket in the app."""
    bucket = _bucket_of(uri)
    return _region_in_host(uri) if bucket is None else bucket_regions.get(bucket)


def _region_of_construct(
    subject: ModelContext | InferenceComponentContext, path: Path
) -> str | None:
    """Return the region of the bucket construct with the artifacts at a path."""
    for container, region in subject.data_regions.items():
        if path[: len(container)] == container:
            return region()
    return None


def _other_region(path: Path, uri: object, region: str, own: str, fix: str) -> Violation:
    return Violation(
        path=path,
        got=uri if is_resolved(uri) else Words(f"{known_start(uri)}…"),
        sentence=f"the bucket of `{path[-1]}` is in {region}; must be in {own}, the region of the "
        "deployment",
        fix=fix,
    )


@rule(
    id="artifact-other-region",
    title="The artifacts of a model must be in the region of the deployment",
    why="The deployment fails with: Could not access model data, or: Failed to download model "
    "data for container.",
    fix="Copy the artifacts to a bucket in the region.",
    evidence=Evidence.REAL_ERROR,
    source_url=_NOT_DOWNLOADED,
    about=_ARTIFACTS,
    requires=("region",),
    eager=True,
)
def artifact_other_region(
    subject: ModelContext | InferenceComponentContext,
) -> Iterator[Violation]:
    own = subject.region
    if own is None:
        return
    for path, uri in _artifacts(subject):
        region = _known_region(uri, subject.bucket_regions)
        if region is None and uri is not None:
            region = _region_of_construct(subject, path)
        if region is not None and region != own:
            fix = f"Copy the artifacts to a bucket in {own}."
            yield _other_region(path, uri, region, own, fix)


@rule(
    id="artifact-name-other-region",
    title="The artifacts of a model should not be in a bucket that is named after another region",
    why="AWS's tools name these buckets after their region. From a bucket in another region, the "
    "deployment fails with: Could not access model data.",
    fix="Use the bucket of the region.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CONTAINER,
    about=_ARTIFACTS,
    requires=("region",),
    severity=Severity.WARNING,
)
def artifact_name_other_region(
    subject: ModelContext | InferenceComponentContext,
) -> Iterator[Violation]:
    own = subject.region
    if own is None:
        return
    for path, uri in _artifacts(subject):
        bucket = _bucket_of(uri)
        if bucket is None or bucket in subject.bucket_regions:
            continue
        region = _region_in_name(bucket)
        if region is not None and region != own:
            fix = f"Copy the artifacts to a bucket in {own}."
            yield _other_region(path, uri, region, own, fix)


def _destinations(subject: ConfigContext) -> Iterator[tuple[Path, object]]:
    """Yield the addresses to which SageMaker writes captured data and responses."""
    capture: Any = subject.config.data_capture_config
    if isinstance(capture, DataCaptureConfig):
        yield ("data_capture_config", "destination_s3_uri"), capture.destination_s3_uri
    config: Any = subject.config.async_inference_config
    output = config.output_config if isinstance(config, AsyncInferenceConfig) else None
    if isinstance(output, AsyncInferenceOutputConfig):
        path = ("async_inference_config", "output_config")
        yield (*path, "s3_output_path"), output.s3_output_path
        yield (*path, "s3_failure_path"), output.s3_failure_path


@rule(
    id="destination-other-region",
    title="The bucket for captured data and responses should be in the region of the deployment",
    why="SageMaker reads artifacts only in its own region, and no text says that it writes to "
    "another one.",
    fix="Use a bucket in the region.",
    evidence=Evidence.INFERRED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html",
    about=(ConfigContext,),
    requires=("region",),
    severity=Severity.WARNING,
)
def destination_other_region(subject: ConfigContext) -> Iterator[Violation]:
    for path, uri in _destinations(subject):
        bucket = _bucket_of(uri)
        region = _region_in_host(uri) if bucket is None else _region_in_name(bucket)
        if region is None:
            continue
        own = subject.region
        if own is not None and region != own:
            yield _other_region(path, uri, region, own, f"Use a bucket in {own}.")


RULES: Final = (
    artifact_other_region,
    artifact_name_other_region,
    destination_other_region,
)
