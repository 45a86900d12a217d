"""What holds for all variants: asynchronous inference, data capture, network, metrics, tags.

Source of the members and their bounds: botocore's sagemaker model and CloudFormation's schema.
"""

from __future__ import annotations

from cdk_epc.spec import patterns
from cdk_epc.spec.enums import CaptureMode, InferenceResponseIn
from cdk_epc.spec.member import Spec, choice, flag, part, parts, spec, text, texts, whole

METRIC_FREQUENCIES = (10, 30, 60, 120, 180, 240, 300)
"""Seconds between metrics, as CloudFormation's schema lists them; the API says so in prose only."""


@spec
class AsyncInferenceClientConfig(Spec):
    """How many requests SageMaker sends to one instance at a time."""

    max_concurrent_invocations_per_instance: int | None = whole(1, 1000)


@spec
class AsyncInferenceNotificationConfig(Spec):
    """The topics that hear of a finished or a failed inference."""

    success_topic: str | None = text(max_length=2048, pattern=patterns.TOPIC_ARN)
    error_topic: str | None = text(max_length=2048, pattern=patterns.TOPIC_ARN)
    include_inference_response_in: tuple[str, ...] | None = texts(
        min_items=0, max_items=2, choices=InferenceResponseIn
    )


@spec
class AsyncInferenceOutputConfig(Spec):
    """Where responses and failures go."""

    kms_key_id: str | None = text(
        min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY
    )
    s3_output_path: str | None = text(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI)
    notification_config: AsyncInferenceNotificationConfig | None = part(
        AsyncInferenceNotificationConfig
    )
    s3_failure_path: str | None = text(max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI)


@spec
class AsyncInferenceConfig(Spec):
    """Inference through a queue instead of within the call."""

    client_config: AsyncInferenceClientConfig | None = part(AsyncInferenceClientConfig)
    output_config: AsyncInferenceOutputConfig | None = part(
        AsyncInferenceOutputConfig, required=True
    )


@spec
class CaptureOption(Spec):
    """One side of an invocation to capture."""

    capture_mode: str | None = choice(CaptureMode, required=True)


@spec
class CaptureContentTypeHeader(Spec):
    """The content types that are captured as text; anything else is kept in base64."""

    csv_content_types: tuple[str, ...] | None = texts(
        min_items=1, max_items=10, max_length=256, pattern=patterns.CONTENT_TYPE
    )
    json_content_types: tuple[str, ...] | None = texts(
        min_items=1, max_items=10, max_length=256, pattern=patterns.CONTENT_TYPE
    )


@spec
class DataCaptureConfig(Spec):
    """A record of requests and responses. The sampling is in percent; 0 is legal."""

    enable_capture: bool | None = flag()
    initial_sampling_percentage: int | None = whole(0, 100, required=True)
    destination_s3_uri: str | None = text(
        max_length=patterns.S3_URI_LENGTH, pattern=patterns.S3_URI, required=True
    )
    kms_key_id: str | None = text(
        min_length=0, max_length=patterns.KMS_KEY_LENGTH, pattern=patterns.KMS_KEY
    )
    capture_options: tuple[CaptureOption, ...] | None = parts(
        CaptureOption, min_items=1, max_items=32, required=True
    )
    capture_content_type_header: CaptureContentTypeHeader | None = part(CaptureContentTypeHeader)


@spec
class VpcConfig(Spec):
    """The network of inference-component endpoints; a model brings its own otherwise."""

    security_group_ids: tuple[str, ...] | None = texts(
        min_items=1, max_items=5, max_length=32, pattern=patterns.VPC_ID, required=True
    )
    subnets: tuple[str, ...] | None = texts(
        min_items=1, max_items=16, max_length=32, pattern=patterns.VPC_ID, required=True
    )


@spec
class MetricsConfig(Spec):
    """What the endpoint publishes to CloudWatch, and how often."""

    enable_enhanced_metrics: bool | None = flag()
    enable_detailed_observability: bool | None = flag()
    metric_publish_frequency_in_seconds: int | None = whole(choices=METRIC_FREQUENCIES)


@spec
class Tag(Spec):
    """A label of the configuration. The value may be empty."""

    key: str | None = text(max_length=128, pattern=patterns.TAG_TEXT, required=True)
    value: str | None = text(
        min_length=0, max_length=256, pattern=patterns.TAG_TEXT, required=True
    )
