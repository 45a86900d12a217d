"""What holds for all variants: asynchronous inference, data capture, network, metrics, tags.

Source of the members and their bounds: botocore's sagemaker model and CloudFormation's schema.
"""

from __future__ import annotations

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.enums import CaptureMode, InferenceResponseIn
from cdk_epc.spec.fields import (
    Spec,
    choice,
    flag,
    part,
    parts,
    text,
    texts,
    whole,
)

METRIC_FREQUENCIES = (10, 30, 60, 120, 180, 240, 300)
"""Seconds between metrics, as CloudFormation's schema lists them; the API says so in prose only."""


@attrs.frozen(kw_only=True, repr=False)
class AsyncInferenceClientConfig(Spec):
    """How many requests SageMaker sends to one instance at a time."""

    max_concurrent_invocations_per_instance: int | None = attrs.field(
        default=None, metadata=whole(1, 1000)
    )


@attrs.frozen(kw_only=True, repr=False)
class AsyncInferenceNotificationConfig(Spec):
    """The topics that hear of a finished or a failed inference."""

    success_topic: str | None = attrs.field(
        default=None, metadata=text(max_length=2048, pattern=patterns.TOPIC_ARN)
    )
    error_topic: str | None = attrs.field(
        default=None, metadata=text(max_length=2048, pattern=patterns.TOPIC_ARN)
    )
    include_inference_response_in: tuple[str, ...] | None = attrs.field(
        default=None, metadata=texts(min_items=0, max_items=2, choices=InferenceResponseIn)
    )


@attrs.frozen(kw_only=True, repr=False)
class AsyncInferenceOutputConfig(Spec):
    """Where responses and failures go."""

    kms_key_id: str | None = attrs.field(
        default=None,
        metadata=text(min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY),
    )
    s3_output_path: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI)
    )
    notification_config: AsyncInferenceNotificationConfig | None = attrs.field(
        default=None, metadata=part(AsyncInferenceNotificationConfig)
    )
    s3_failure_path: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI)
    )


@attrs.frozen(kw_only=True, repr=False)
class AsyncInferenceConfig(Spec):
    """Inference through a queue instead of within the call."""

    client_config: AsyncInferenceClientConfig | None = attrs.field(
        default=None, metadata=part(AsyncInferenceClientConfig)
    )
    output_config: AsyncInferenceOutputConfig | None = attrs.field(
        default=None, metadata=part(AsyncInferenceOutputConfig, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class CaptureOption(Spec):
    """One side of an invocation to capture."""

    capture_mode: str | None = attrs.field(
        default=None, metadata=choice(CaptureMode, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class CaptureContentTypeHeader(Spec):
    """The content types that are captured as text; anything else is kept in base64."""

    csv_content_types: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=texts(min_items=1, max_items=10, max_length=256, pattern=patterns.CONTENT_TYPE),
    )
    json_content_types: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=texts(min_items=1, max_items=10, max_length=256, pattern=patterns.CONTENT_TYPE),
    )


@attrs.frozen(kw_only=True, repr=False)
class DataCaptureConfig(Spec):
    """A record of requests and responses. The sampling is in percent; 0 is legal."""

    enable_capture: bool | None = attrs.field(default=None, metadata=flag())
    initial_sampling_percentage: int | None = attrs.field(
        default=None, metadata=whole(0, 100, required=True)
    )
    destination_s3_uri: str | None = attrs.field(
        default=None,
        metadata=text(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI, required=True),
    )
    kms_key_id: str | None = attrs.field(
        default=None,
        metadata=text(min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY),
    )
    capture_options: tuple[CaptureOption, ...] | None = attrs.field(
        default=None, metadata=parts(CaptureOption, min_items=1, max_items=32, required=True)
    )
    capture_content_type_header: CaptureContentTypeHeader | None = attrs.field(
        default=None, metadata=part(CaptureContentTypeHeader)
    )


@attrs.frozen(kw_only=True, repr=False)
class VpcConfig(Spec):
    """The network of inference-component endpoints; a model brings its own otherwise."""

    security_group_ids: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=texts(
            min_items=1, max_items=5, max_length=32, pattern=patterns.VPC_ID, required=True
        ),
    )
    subnets: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=texts(
            min_items=1, max_items=16, max_length=32, pattern=patterns.VPC_ID, required=True
        ),
    )


@attrs.frozen(kw_only=True, repr=False)
class MetricsConfig(Spec):
    """What the endpoint publishes to CloudWatch, and how often."""

    enable_enhanced_metrics: bool | None = attrs.field(default=None, metadata=flag())
    enable_detailed_observability: bool | None = attrs.field(default=None, metadata=flag())
    metric_publish_frequency_in_seconds: int | None = attrs.field(
        default=None, metadata=whole(choices=METRIC_FREQUENCIES)
    )


@attrs.frozen(kw_only=True, repr=False)
class CrossRegionTrafficConfig(Spec):
    """The most that inference routers of other regions may send. Only the API has it."""

    max_invocations_per_second_per_instance: int | None = attrs.field(
        default=None, metadata=whole(1, 10000, required=True)
    )
    max_cross_region_percent_per_endpoint: int | None = attrs.field(
        default=None, metadata=whole(1, 100, required=True)
    )


@attrs.frozen(kw_only=True, repr=False)
class Tag(Spec):
    """A label of the configuration. The value may be empty."""

    key: str | None = attrs.field(
        default=None, metadata=text(max_length=128, pattern=patterns.TAG_TEXT, required=True)
    )
    value: str | None = attrs.field(
        default=None,
        metadata=text(min_length=0, max_length=256, pattern=patterns.TAG_TEXT, required=True),
    )
