"""Settings of all variants: asynchronous inference, data capture, network, metrics and tags.

Source of the members and their bounds: botocore's sagemaker model and CloudFormation's schema.
"""

from __future__ import annotations

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.enums import CaptureMode, InferenceResponseIn
from cdk_epc.spec.fields import (
    Spec,
    boolean,
    choice,
    integer,
    nested,
    nested_list,
    string,
    string_list,
)

METRIC_FREQUENCIES = (10, 30, 60, 120, 180, 240, 300)
"""Seconds between metrics, from CloudFormation's schema; the API lists them in its prose only."""


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AsyncInferenceClientConfig(Spec):
    """Maximum number of concurrent requests that SageMaker sends to one instance."""

    max_concurrent_invocations_per_instance: int | None = attrs.field(
        default=None, metadata=integer(1, 1000)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AsyncInferenceNotificationConfig(Spec):
    """SNS topics for successful and failed inferences."""

    success_topic: str | None = attrs.field(
        default=None, metadata=string(max_length=2048, pattern=patterns.TOPIC_ARN)
    )
    error_topic: str | None = attrs.field(
        default=None, metadata=string(max_length=2048, pattern=patterns.TOPIC_ARN)
    )
    include_inference_response_in: tuple[str, ...] | None = attrs.field(
        default=None, metadata=string_list(min_items=0, max_items=2, choices=InferenceResponseIn)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AsyncInferenceOutputConfig(Spec):
    """Locations of responses and failures."""

    kms_key_id: str | None = attrs.field(
        default=None,
        metadata=string(min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY),
    )
    s3_output_path: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI)
    )
    notification_config: AsyncInferenceNotificationConfig | None = attrs.field(
        default=None, metadata=nested(AsyncInferenceNotificationConfig)
    )
    s3_failure_path: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class AsyncInferenceConfig(Spec):
    """Asynchronous inference, with a queue of requests."""

    client_config: AsyncInferenceClientConfig | None = attrs.field(
        default=None, metadata=nested(AsyncInferenceClientConfig)
    )
    output_config: AsyncInferenceOutputConfig | None = attrs.field(
        default=None, metadata=nested(AsyncInferenceOutputConfig, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CaptureOption(Spec):
    """Side of an invocation to capture."""

    capture_mode: str | None = attrs.field(
        default=None, metadata=choice(CaptureMode, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CaptureContentTypeHeader(Spec):
    """Content types that are captured as text; others are captured in base64."""

    csv_content_types: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=string_list(
            min_items=1, max_items=10, max_length=256, pattern=patterns.CONTENT_TYPE
        ),
    )
    json_content_types: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=string_list(
            min_items=1, max_items=10, max_length=256, pattern=patterns.CONTENT_TYPE
        ),
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class DataCaptureConfig(Spec):
    """Data capture of requests and responses. The sampling is in percent; 0 is allowed."""

    enable_capture: bool | None = attrs.field(default=None, metadata=boolean())
    initial_sampling_percentage: int | None = attrs.field(
        default=None, metadata=integer(0, 100, required=True)
    )
    destination_s3_uri: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI, required=True),
    )
    kms_key_id: str | None = attrs.field(
        default=None,
        metadata=string(min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY),
    )
    capture_options: tuple[CaptureOption, ...] | None = attrs.field(
        default=None, metadata=nested_list(CaptureOption, min_items=1, max_items=32, required=True)
    )
    capture_content_type_header: CaptureContentTypeHeader | None = attrs.field(
        default=None, metadata=nested(CaptureContentTypeHeader)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class VpcConfig(Spec):
    """Network of a model, or of an endpoint that hosts inference components."""

    security_group_ids: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=string_list(
            min_items=1, max_items=5, max_length=32, pattern=patterns.VPC_ID, required=True
        ),
    )
    subnets: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=string_list(
            min_items=1, max_items=16, max_length=32, pattern=patterns.VPC_ID, required=True
        ),
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class MetricsConfig(Spec):
    """Metrics that the endpoint publishes to CloudWatch, and their frequency in seconds."""

    enable_enhanced_metrics: bool | None = attrs.field(default=None, metadata=boolean())
    enable_detailed_observability: bool | None = attrs.field(default=None, metadata=boolean())
    metric_publish_frequency_in_seconds: int | None = attrs.field(
        default=None, metadata=integer(choices=METRIC_FREQUENCIES)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class CrossRegionTrafficConfig(Spec):
    """Limits of the traffic from other regions. CloudFormation does not have it."""

    max_invocations_per_second_per_instance: int | None = attrs.field(
        default=None, metadata=integer(1, 10000, required=True)
    )
    max_cross_region_percent_per_endpoint: int | None = attrs.field(
        default=None, metadata=integer(1, 100, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class Tag(Spec):
    """Tag of a resource. The value may be empty."""

    key: str | None = attrs.field(
        default=None, metadata=string(max_length=128, pattern=patterns.TAG_TEXT, required=True)
    )
    value: str | None = attrs.field(
        default=None,
        metadata=string(min_length=0, max_length=256, pattern=patterns.TAG_TEXT, required=True),
    )
