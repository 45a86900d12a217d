"""Containers of a model, with their images and artifacts.

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
    boolean,
    choice,
    integer,
    nested,
    nested_list,
    string,
    string_map,
)

_MANIFEST: Final = (
    "CloudFormation cannot express a manifest of model data; create this model through the API, "
    "or put the data below one S3 prefix"
)
ENVIRONMENT_LENGTH: Final = 1024
"""Maximum number of characters in the name and in the value of an environment variable."""


@attrs.frozen(kw_only=True, repr=False, eq=False)
class RepositoryAuthConfig(Spec):
    """Lambda function that provides the credentials of a private registry."""

    repository_credentials_provider_arn: str | None = attrs.field(
        default=None, metadata=string(max_length=2048, pattern=patterns.ONE_LINE, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ImageConfig(Spec):
    """Location of the image: ECR or a private registry."""

    repository_access_mode: str | None = attrs.field(
        default=None, metadata=choice(RepositoryAccessMode, required=True)
    )
    repository_auth_config: RepositoryAuthConfig | None = attrs.field(
        default=None, metadata=nested(RepositoryAuthConfig)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ModelAccessConfig(Spec):
    """Acceptance of the licence of the model."""

    accept_eula: bool | None = attrs.field(default=None, metadata=boolean(required=True))


@attrs.frozen(kw_only=True, repr=False, eq=False)
class HubAccessConfig(Spec):
    """Hub content from which the model may be deployed."""

    hub_content_arn: str | None = attrs.field(
        default=None,
        metadata=string(min_length=0, max_length=255, pattern=patterns.ONE_LINE, required=True),
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class S3DataSource(Spec):
    """Model data in S3, compressed or uncompressed."""

    s3_uri: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.URL_LENGTH, pattern=patterns.URL, required=True),
    )
    s3_data_type: str | None = attrs.field(
        default=None, metadata=choice(S3ModelDataType, required=True)
    )
    compression_type: str | None = attrs.field(
        default=None, metadata=choice(ModelCompressionType, required=True)
    )
    model_access_config: ModelAccessConfig | None = attrs.field(
        default=None, metadata=nested(ModelAccessConfig)
    )
    hub_access_config: HubAccessConfig | None = attrs.field(
        default=None, metadata=nested(HubAccessConfig)
    )
    manifest_s3_uri: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.URL_LENGTH, pattern=patterns.URL, api_only=_MANIFEST),
    )
    e_tag: str | None = attrs.field(
        default=None, metadata=string(min_length=None, max_length=None, api_only=_MANIFEST)
    )
    manifest_etag: str | None = attrs.field(
        default=None, metadata=string(min_length=None, max_length=None, api_only=_MANIFEST)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ModelDataSource(Spec):
    """Location of model data that may be uncompressed."""

    s3_data_source: S3DataSource | None = attrs.field(
        default=None, metadata=nested(S3DataSource, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AdditionalModelDataSource(Spec):
    """Additional data of a model, in a separate channel. CloudFormation does not have it."""

    channel_name: str | None = attrs.field(
        default=None, metadata=string(max_length=64, pattern=patterns.CHANNEL, required=True)
    )
    s3_data_source: S3DataSource | None = attrs.field(
        default=None, metadata=nested(S3DataSource, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MultiModelConfig(Spec):
    """Memory cache of a multi-model container."""

    model_cache_setting: str | None = attrs.field(
        default=None, metadata=choice(ModelCacheSetting, closed_choices=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MetricsEndpoint(Spec):
    """Path at which a container serves metrics. For models, CloudFormation does not have it."""

    metrics_endpoint_path: str | None = attrs.field(
        default=None, metadata=string(max_length=256, pattern=patterns.METRICS_PATH, required=True)
    )
    metric_publish_frequency_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(choices=METRIC_FREQUENCIES)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ContainerMetricsConfig(Spec):
    """Metrics that SageMaker scrapes from a container. CloudFormation does not have it."""

    metrics_endpoints: tuple[MetricsEndpoint, ...] | None = attrs.field(
        default=None, metadata=nested_list(MetricsEndpoint, min_items=0, max_items=1)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ContainerDefinition(Spec):
    """Container of a model: its image, its artifacts and its environment."""

    container_hostname: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    image: str | None = attrs.field(
        default=None, metadata=string(max_length=255, pattern=patterns.NO_SPACE)
    )
    image_config: ImageConfig | None = attrs.field(default=None, metadata=nested(ImageConfig))
    mode: str | None = attrs.field(default=None, metadata=choice(ContainerMode))
    model_data_url: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.URL_LENGTH, pattern=patterns.URL)
    )
    model_data_source: ModelDataSource | None = attrs.field(
        default=None, metadata=nested(ModelDataSource)
    )
    additional_model_data_sources: tuple[AdditionalModelDataSource, ...] | None = attrs.field(
        default=None,
        metadata=nested_list(
            AdditionalModelDataSource,
            min_items=0,
            max_items=5,
            api_only="CloudFormation cannot express additional model data; create this model "
            "through the API",
        ),
    )
    environment: Mapping[str, str] | None = attrs.field(
        default=None,
        metadata=string_map(
            max_items=100,
            max_length=ENVIRONMENT_LENGTH,
            key_pattern=patterns.VARIABLE,
            pattern=patterns.ANYTHING,
        ),
    )
    model_package_name: str | None = attrs.field(
        default=None, metadata=string(max_length=176, pattern=patterns.MODEL_PACKAGE)
    )
    inference_specification_name: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME)
    )
    multi_model_config: MultiModelConfig | None = attrs.field(
        default=None, metadata=nested(MultiModelConfig)
    )
    container_metrics_config: ContainerMetricsConfig | None = attrs.field(
        default=None,
        metadata=nested(
            ContainerMetricsConfig,
            api_only="CloudFormation cannot express the metrics of a model's container; create "
            "this model through the API",
        ),
    )
