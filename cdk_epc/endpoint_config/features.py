"""Typed values of the features of a configuration, which apply to all its variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from cdk_epc.constructs.convert import (
    key_id,
    s3_uri,
    seconds,
    topic_arn,
)
from cdk_epc.constructs.values import (
    Value,
    argument,
    require_list,
    value,
)
from cdk_epc.spec import (
    AsyncInferenceConfig,
    BaselineMimeType,
    CaptureMode,
    CaptureOption,
    ClarifyShapBaselineConfig,
    ClarifyTextConfig,
    DataCaptureConfig,
    ExplainerConfig,
    FeatureType,
    InferenceResponseIn,
    MetricsConfig,
    Spec,
    TextGranularity,
    TextLanguage,
)

if TYPE_CHECKING:
    from aws_cdk import Duration

    from cdk_epc.constructs.convert import KeyOrId, S3LocationOrUri, TopicOrArn


@value
class AsyncInference(Value):
    """Asynchronous inference: requests and responses are objects in S3.

    Attributes:
        output_path: S3 prefix of the responses.
        input_path: S3 prefix of the requests. It is not part of the configuration, because each
            call names the object with its request. The execution roles may read below it, and
            grantees of `Endpoint.grant_invoke_async` may write there.
        failure_path: S3 prefix of failure reports; `output_path` by default.
        success_topic: SNS topic that is notified of each response.
        error_topic: SNS topic that is notified of each failure.
        include_inference_response_in: Topics whose notifications contain the response; none by
            default.
        encryption_key: KMS key that SageMaker encrypts the responses with.
        max_concurrent_invocations_per_instance: Requests that an instance processes at a time, 1 to
            1000; SageMaker chooses the number by default.
    """

    SPEC: ClassVar[type[Spec]] = AsyncInferenceConfig

    output_path: S3LocationOrUri = argument("output_config.s3_output_path", convert=s3_uri)
    input_path: S3LocationOrUri | None = argument(convert=s3_uri, default=None)
    failure_path: S3LocationOrUri | None = argument(
        "output_config.s3_failure_path", convert=s3_uri, default=None
    )
    success_topic: TopicOrArn | None = argument(
        "output_config.notification_config.success_topic", convert=topic_arn, default=None
    )
    error_topic: TopicOrArn | None = argument(
        "output_config.notification_config.error_topic", convert=topic_arn, default=None
    )
    include_inference_response_in: Sequence[InferenceResponseIn] | None = argument(
        "output_config.notification_config.include_inference_response_in", default=None
    )
    encryption_key: KeyOrId | None = argument(
        "output_config.kms_key_id", convert=key_id, default=None
    )
    max_concurrent_invocations_per_instance: int | None = argument(
        "client_config.max_concurrent_invocations_per_instance", default=None
    )


def _options(modes: Sequence[CaptureMode]) -> tuple[CaptureOption, ...]:
    listed = require_list(modes, "a list of CaptureMode", "Write [CaptureMode.INPUT].")
    return tuple(CaptureOption(capture_mode=mode) for mode in listed)


@value
class DataCapture(Value):
    """Capture of requests and responses to S3, for SageMaker Model Monitor and for audits.

    Attributes:
        destination: S3 prefix of the captured data.
        sampling_percentage: Share of the requests that is captured, 0 to 100 whole percent.
        capture: Parts of an invocation that are captured; request and response by default.
        csv_content_types: Content types that are stored as CSV text, 1 to 10; other types are
            stored in base64.
        json_content_types: Content types that are stored as JSON text, 1 to 10; other types are
            stored in base64.
        encryption_key: KMS key that SageMaker encrypts the captured data with.
        enabled: Whether the capture is on; on by default.
    """

    SPEC: ClassVar[type[Spec]] = DataCaptureConfig

    destination: S3LocationOrUri = argument("destination_s3_uri", convert=s3_uri)
    sampling_percentage: int = argument("initial_sampling_percentage")
    capture: Sequence[CaptureMode] = argument(
        "capture_options", convert=_options, default=(CaptureMode.INPUT, CaptureMode.OUTPUT)
    )
    csv_content_types: Sequence[str] | None = argument(
        "capture_content_type_header.csv_content_types", default=None
    )
    json_content_types: Sequence[str] | None = argument(
        "capture_content_type_header.json_content_types", default=None
    )
    encryption_key: KeyOrId | None = argument("kms_key_id", convert=key_id, default=None)
    enabled: bool | None = argument("enable_capture", default=None)


@value
class ShapBaseline(Value):
    """SHAP baseline: the input row that represents the absence of information.

    Use `inline` or `from_s3`.

    Attributes:
        data: Rows of an inline baseline.
        uri: S3 object with the rows.
        mime_type: Format of the rows; CSV by default.
    """

    SPEC: ClassVar[type[Spec]] = ClarifyShapBaselineConfig
    WRITTEN_AS: ClassVar[str] = "ShapBaseline.inline(...) or .from_s3(...)"

    data: str | None = argument("shap_baseline", default=None)
    uri: S3LocationOrUri | None = argument("shap_baseline_uri", convert=s3_uri, default=None)
    mime_type: BaselineMimeType | None = argument("mime_type", default=None)

    @classmethod
    def inline(cls, data: str, *, mime_type: BaselineMimeType | None = None) -> ShapBaseline:
        """Return a baseline with these rows.

        Args:
            data: Rows, 4 KB at most.
            mime_type: Format of the rows; CSV by default.
        """
        return cls(data=data, mime_type=mime_type)

    @classmethod
    def from_s3(
        cls, uri: S3LocationOrUri, *, mime_type: BaselineMimeType | None = None
    ) -> ShapBaseline:
        """Return a baseline whose rows are in an S3 object.

        Args:
            uri: The object.
            mime_type: Format of the rows; CSV by default.
        """
        return cls(uri=uri, mime_type=mime_type)


@value
class ClarifyText(Value):
    """Language of text features, and the unit of text that gets an attribution.

    Attributes:
        language: Language of the text.
        granularity: Token, sentence or paragraph.
    """

    SPEC: ClassVar[type[Spec]] = ClarifyTextConfig

    language: TextLanguage = argument("language")
    granularity: TextGranularity = argument("granularity")


_CLARIFY = "clarify_explainer_config"
_INFERENCE = f"{_CLARIFY}.inference_config"
_SHAP = f"{_CLARIFY}.shap_config"


@value
class ClarifyExplainer(Value):
    """SHAP explanations (SageMaker Clarify) with each inference.

    Attributes:
        baseline: SHAP baseline.
        enable_explanations: JMESPath expression over the request that decides whether to explain
            it, 64 characters at most; every request is explained by default.
        number_of_samples: Synthetic rows for each explanation, 1 or more.
        use_logit: Whether attributions are in log-odds.
        seed: Seed of the synthetic rows; a fixed seed makes explanations reproducible.
        text: Settings of text features; only with text features.
        feature_headers: Names of the features, 1 to 256.
        feature_types: Type of each feature, at least one of them text; only with text features.
        features_attribute: JMESPath to the features of a JSON Lines request.
        content_template: Template of a JSON Lines request that contains ``$features``.
        max_record_count: Maximum number of records in a request to the container.
        max_payload_in_mb: Maximum size of such a request, 1 to 25 MB.
        probability_index: Column of the score in a CSV response, from 0.
        label_index: Column of the label in a CSV response, from 0.
        probability_attribute: JMESPath to the score in a JSON Lines response.
        label_attribute: JMESPath to the label in a JSON Lines response.
        label_headers: Names of the labels, 1 to 16.
    """

    SPEC: ClassVar[type[Spec]] = ExplainerConfig

    baseline: ShapBaseline = argument(f"{_SHAP}.shap_baseline_config")
    enable_explanations: str | None = argument(f"{_CLARIFY}.enable_explanations", default=None)
    number_of_samples: int | None = argument(f"{_SHAP}.number_of_samples", default=None)
    use_logit: bool | None = argument(f"{_SHAP}.use_logit", default=None)
    seed: int | None = argument(f"{_SHAP}.seed", default=None)
    text: ClarifyText | None = argument(f"{_SHAP}.text_config", default=None)
    feature_headers: Sequence[str] | None = argument(f"{_INFERENCE}.feature_headers", default=None)
    feature_types: Sequence[FeatureType] | None = argument(
        f"{_INFERENCE}.feature_types", default=None
    )
    features_attribute: str | None = argument(f"{_INFERENCE}.features_attribute", default=None)
    content_template: str | None = argument(f"{_INFERENCE}.content_template", default=None)
    max_record_count: int | None = argument(f"{_INFERENCE}.max_record_count", default=None)
    max_payload_in_mb: int | None = argument(f"{_INFERENCE}.max_payload_in_mb", default=None)
    probability_index: int | None = argument(f"{_INFERENCE}.probability_index", default=None)
    label_index: int | None = argument(f"{_INFERENCE}.label_index", default=None)
    probability_attribute: str | None = argument(
        f"{_INFERENCE}.probability_attribute", default=None
    )
    label_attribute: str | None = argument(f"{_INFERENCE}.label_attribute", default=None)
    label_headers: Sequence[str] | None = argument(f"{_INFERENCE}.label_headers", default=None)


@value
class MetricsPublication(Value):
    """Metrics that the endpoint publishes to CloudWatch in addition to the default ones.

    Attributes:
        enhanced: Whether metrics are published for each instance and container, and not only for
            the variant; off by default.
        detailed_observability: Whether host, GPU and container metrics are published; on by default
            since June 2026.
        publish_frequency: Interval between two datapoints: 10, 30, 60, 120, 180, 240 or 300
            seconds; 60 by default.
    """

    SPEC: ClassVar[type[Spec]] = MetricsConfig

    enhanced: bool | None = argument("enable_enhanced_metrics", default=None)
    detailed_observability: bool | None = argument("enable_detailed_observability", default=None)
    publish_frequency: Duration | None = argument(
        "metric_publish_frequency_in_seconds", convert=seconds, default=None
    )
