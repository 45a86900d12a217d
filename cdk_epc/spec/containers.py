"""The containers of a model, and where their images and artifacts are.

Source of the members and their bounds: botocore's sagemaker model, shape ``ContainerDefinition``,
and CloudFormation's schema of ``AWS::SageMaker::Model``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.enums import (
    ContainerMode,
    ModelCacheSetting,
    ModelCompressionType,
    RepositoryAccessMode,
    S3ModelDataType,
)
from cdk_epc.spec.features import METRIC_FREQUENCIES
from cdk_epc.spec.fields import (
    Spec,
    choice,
    flag,
    part,
    parts,
    text,
    text_map,
    whole,
)

_MANIFEST: Final = (
    "CloudFormation cannot express a manifest of model data; create this model through the API, "
    "or put the data below one prefix"
)
ENVIRONMENT_LENGTH: Final = 1024


@attrs.frozen(kw_only=True, repr=False)
class RepositoryAuthConfig(Spec):
    """The Lambda function that knows the password of a private registry."""

    repository_credentials_provider_arn: str | None = attrs.field(
        default=None, metadata=text(max_length=2048, pattern=patterns.ONE_LINE, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class ImageConfig(Spec):
    """Whether the image is in ECR or in a private registry."""

    repository_access_mode: str | None = attrs.field(
        default=None, metadata=choice(RepositoryAccessMode, required=True)
    )
    repository_auth_config: RepositoryAuthConfig | None = attrs.field(
        default=None, metadata=part(RepositoryAuthConfig)
    )


@attrs.frozen(kw_only=True, repr=False)
class ModelAccessConfig(Spec):
    """Whether the licence of the model is accepted."""

    accept_eula: bool | None = attrs.field(default=None, metadata=flag(required=True))


@attrs.frozen(kw_only=True, repr=False)
class HubAccessConfig(Spec):
    """The content of a hub that the model may be deployed from."""

    hub_content_arn: str | None = attrs.field(
        default=None,
        metadata=text(min_length=0, max_length=255, pattern=patterns.ONE_LINE, required=True),
    )


@attrs.frozen(kw_only=True, repr=False)
class S3DataSource(Spec):
    """Model data in S3, packed or not."""

    s3_uri: str | None = attrs.field(
        default=None,
        metadata=text(max_length=patterns.URL_LENGTH, pattern=patterns.URL, required=True),
    )
    s3_data_type: str | None = attrs.field(
        default=None, metadata=choice(S3ModelDataType, required=True)
    )
    compression_type: str | None = attrs.field(
        default=None, metadata=choice(ModelCompressionType, required=True)
    )
    model_access_config: ModelAccessConfig | None = attrs.field(
        default=None, metadata=part(ModelAccessConfig)
    )
    hub_access_config: HubAccessConfig | None = attrs.field(
        default=None, metadata=part(HubAccessConfig)
    )
    manifest_s3_uri: str | None = attrs.field(
        default=None,
        metadata=text(max_length=patterns.URL_LENGTH, pattern=patterns.URL, api_only=_MANIFEST),
    )
    e_tag: str | None = attrs.field(
        default=None, metadata=text(min_length=None, max_length=None, api_only=_MANIFEST)
    )
    manifest_etag: str | None = attrs.field(
        default=None, metadata=text(min_length=None, max_length=None, api_only=_MANIFEST)
    )


@attrs.frozen(kw_only=True, repr=False)
class ModelDataSource(Spec):
    """Where model data is that need not be one packed archive."""

    s3_data_source: S3DataSource | None = attrs.field(
        default=None, metadata=part(S3DataSource, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class AdditionalModelDataSource(Spec):
    """More data for a model, in a channel of its own. Only the API has it."""

    channel_name: str | None = attrs.field(
        default=None, metadata=text(max_length=64, pattern=patterns.CHANNEL, required=True)
    )
    s3_data_source: S3DataSource | None = attrs.field(
        default=None, metadata=part(S3DataSource, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class MultiModelConfig(Spec):
    """What a container of many models keeps in memory."""

    model_cache_setting: str | None = attrs.field(default=None, metadata=choice(ModelCacheSetting))


@attrs.frozen(kw_only=True, repr=False)
class MetricsEndpoint(Spec):
    """Where a container serves its own metrics. Only the API has it."""

    metrics_endpoint_path: str | None = attrs.field(
        default=None, metadata=text(max_length=256, pattern=patterns.METRICS_PATH, required=True)
    )
    metric_publish_frequency_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(choices=METRIC_FREQUENCIES)
    )


@attrs.frozen(kw_only=True, repr=False)
class ContainerMetricsConfig(Spec):
    """The metrics that are fetched from a container. Only the API has it."""

    metrics_endpoints: tuple[MetricsEndpoint, ...] | None = attrs.field(
        default=None, metadata=parts(MetricsEndpoint, min_items=0, max_items=1)
    )


@attrs.frozen(kw_only=True, repr=False)
class ContainerDefinition(Spec):
    """One container of a model: its image, its artifacts and its environment."""

    container_hostname: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    image: str | None = attrs.field(
        default=None, metadata=text(max_length=255, pattern=patterns.NO_SPACE)
    )
    image_config: ImageConfig | None = attrs.field(default=None, metadata=part(ImageConfig))
    mode: str | None = attrs.field(default=None, metadata=choice(ContainerMode))
    model_data_url: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.URL_LENGTH, pattern=patterns.URL)
    )
    model_data_source: ModelDataSource | None = attrs.field(
        default=None, metadata=part(ModelDataSource)
    )
    additional_model_data_sources: tuple[AdditionalModelDataSource, ...] | None = attrs.field(
        default=None,
        metadata=parts(
            AdditionalModelDataSource,
            min_items=0,
            max_items=5,
            api_only="CloudFormation cannot express additional model data; create this model "
            "through the API",
        ),
    )
    environment: Mapping[str, str] | None = attrs.field(
        default=None,
        metadata=text_map(
            max_items=100,
            max_length=ENVIRONMENT_LENGTH,
            key_pattern=patterns.VARIABLE,
            pattern=patterns.ANYTHING,
        ),
    )
    model_package_name: str | None = attrs.field(
        default=None, metadata=text(max_length=176, pattern=patterns.MODEL_PACKAGE)
    )
    inference_specification_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    multi_model_config: MultiModelConfig | None = attrs.field(
        default=None, metadata=part(MultiModelConfig)
    )
    container_metrics_config: ContainerMetricsConfig | None = attrs.field(
        default=None,
        metadata=part(
            ContainerMetricsConfig,
            api_only="CloudFormation cannot express the metrics of a model's container; create "
            "this model through the API",
        ),
    )
