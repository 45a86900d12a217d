"""What holds for all variants, as typed values: async, capture, explainer, metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from cdk_epc.constructs.convert import (
    key_id,
    s3_location,
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

    from cdk_epc.constructs.convert import Key, Location, Topic
    from cdk_epc.constructs.s3_location import S3Location


@value
class AsyncInference(Value):
    """Inference through a queue: requests wait in S3, answers are put there.

    Attributes:
        output_path: Where responses go.
        input_path: Where callers put their requests. It is no part of the configuration, for each
            call names its own request: it is what the roles are allowed to read, and what callers
            are allowed to write.
        failure_path: Where failures go; beside the responses by default.
        success_topic: Hears of each response.
        error_topic: Hears of each failure.
        include_inference_response_in: The notifications that carry the response itself.
        encryption_key: Encrypts what is put into S3.
        max_concurrent_invocations_per_instance: 1 to 1000; the service decides by default.
    """

    SPEC: ClassVar[type[Spec]] = AsyncInferenceConfig

    output_path: Location = argument("output_config.s3_output_path", convert=s3_uri)
    input_path: S3Location | None = argument(convert=s3_location, default=None)
    failure_path: Location | None = argument(
        "output_config.s3_failure_path", convert=s3_uri, default=None
    )
    success_topic: Topic | None = argument(
        "output_config.notification_config.success_topic", convert=topic_arn, default=None
    )
    error_topic: Topic | None = argument(
        "output_config.notification_config.error_topic", convert=topic_arn, default=None
    )
    include_inference_response_in: Sequence[InferenceResponseIn] | None = argument(
        "output_config.notification_config.include_inference_response_in", default=None
    )
    encryption_key: Key | None = argument("output_config.kms_key_id", convert=key_id, default=None)
    max_concurrent_invocations_per_instance: int | None = argument(
        "client_config.max_concurrent_invocations_per_instance", default=None
    )


def _options(modes: Sequence[CaptureMode]) -> tuple[CaptureOption, ...]:
    listed = require_list(modes, "a list of capture modes", "Write [CaptureMode.INPUT].")
    return tuple(CaptureOption(capture_mode=mode) for mode in listed)


@value
class DataCapture(Value):
    """A record of requests and responses in S3, for Model Monitor and for audits.

    Attributes:
        destination: Where the record goes.
        sampling_percentage: Share of the requests, 0 to 100 whole percent.
        capture: The sides of an invocation; both by default.
        csv_content_types: Content types to keep as CSV text, 1 to 10; base64 otherwise.
        json_content_types: Content types to keep as JSON text, 1 to 10; base64 otherwise.
        encryption_key: Encrypts the record.
        enabled: Whether the capture is on; the service's default (on) where nothing is given.
    """

    SPEC: ClassVar[type[Spec]] = DataCaptureConfig

    destination: Location = argument("destination_s3_uri", convert=s3_uri)
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
    encryption_key: Key | None = argument("kms_key_id", convert=key_id, default=None)
    enabled: bool | None = argument("enable_capture", default=None)


@value
class ShapBaseline(Value):
    """The row that stands for "no information". Use one of the class methods."""

    SPEC: ClassVar[type[Spec]] = ClarifyShapBaselineConfig

    data: str | None = argument("shap_baseline", default=None)
    uri: Location | None = argument("shap_baseline_uri", convert=s3_uri, default=None)
    mime_type: BaselineMimeType | None = argument("mime_type", default=None)

    @classmethod
    def inline(cls, data: str, *, mime_type: BaselineMimeType | None = None) -> ShapBaseline:
        """Rows of at most 4 KB; CSV by default."""
        return cls(data=data, mime_type=mime_type)

    @classmethod
    def from_s3(cls, uri: Location, *, mime_type: BaselineMimeType | None = None) -> ShapBaseline:
        """Rows in an object of S3; CSV by default."""
        return cls(uri=uri, mime_type=mime_type)


@value
class ClarifyText(Value):
    """How text features are split for attribution."""

    SPEC: ClassVar[type[Spec]] = ClarifyTextConfig

    language: TextLanguage = argument("language")
    granularity: TextGranularity = argument("granularity")


_CLARIFY = "clarify_explainer_config"
_INFERENCE = f"{_CLARIFY}.inference_config"
_SHAP = f"{_CLARIFY}.shap_config"


@value
class ClarifyExplainer(Value):
    """SHAP attributions with each inference.

    Attributes:
        baseline: The row that stands for "no information".
        enable_explanations: JMESPath over the request that says whether to explain, at most 64
            characters; always by default.
        number_of_samples: Synthetic rows for each explanation, 1 or more.
        use_logit: Whether attributions are in log-odds.
        seed: Makes the synthetic rows the same each time.
        text: How text features are split; for text only.
        feature_headers: Names of the features, 1 to 256.
        feature_types: What each feature holds, at least one of them text; for text only.
        features_attribute: JMESPath to the features of a JSON Lines request.
        content_template: A JSON Lines request around ``$features``.
        max_record_count: Greatest number of records in a request to the container.
        max_payload_in_mb: Greatest size of such a request, 1 to 25 MB.
        probability_index: Column of the score in a CSV answer, from 0.
        label_index: Column of the label in a CSV answer, from 0.
        probability_attribute: JMESPath to the score in a JSON Lines answer.
        label_attribute: JMESPath to the label in a JSON Lines answer.
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
class Metrics(Value):
    """What the endpoint publishes to CloudWatch.

    Attributes:
        enhanced: Metrics for each instance and container, not for the variant alone.
        detailed_observability: Host, GPU and container metrics; on by default since June 2026.
        publish_frequency: 10, 30, 60, 120, 180, 240 or 300 seconds.
    """

    SPEC: ClassVar[type[Spec]] = MetricsConfig

    enhanced: bool | None = argument("enable_enhanced_metrics", default=None)
    detailed_observability: bool | None = argument("enable_detailed_observability", default=None)
    publish_frequency: Duration | None = argument(
        "metric_publish_frequency_in_seconds", convert=seconds, default=None
    )
