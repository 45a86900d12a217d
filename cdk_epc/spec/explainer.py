"""Clarify explainer: SHAP attributions for each inference.

Source of the members and their bounds: botocore's sagemaker model, shape ``ExplainerConfig``.
"""

from __future__ import annotations

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.enums import FeatureType, TextGranularity, TextLanguage
from cdk_epc.spec.fields import (
    Spec,
    boolean,
    choice,
    integer,
    nested,
    string,
    string_list,
)


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ClarifyInferenceConfig(Spec):
    """Settings with which Clarify reads requests and responses. The payload is in MB."""

    features_attribute: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.EXPRESSION_LENGTH, pattern=patterns.ONE_LINE),
    )
    content_template: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.EXPRESSION_LENGTH, pattern=patterns.ONE_LINE),
    )
    max_record_count: int | None = attrs.field(default=None, metadata=integer(1))
    max_payload_in_mb: int | None = attrs.field(
        default=None, metadata=integer(1, 25, wire="MaxPayloadInMB")
    )
    probability_index: int | None = attrs.field(default=None, metadata=integer(0))
    label_index: int | None = attrs.field(default=None, metadata=integer(0))
    probability_attribute: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.EXPRESSION_LENGTH, pattern=patterns.ONE_LINE),
    )
    label_attribute: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.EXPRESSION_LENGTH, pattern=patterns.ONE_LINE),
    )
    label_headers: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=string_list(min_items=1, max_items=16, max_length=64, pattern=patterns.ONE_LINE),
    )
    feature_headers: tuple[str, ...] | None = attrs.field(
        default=None,
        metadata=string_list(min_items=1, max_items=256, max_length=64, pattern=patterns.ONE_LINE),
    )
    feature_types: tuple[str, ...] | None = attrs.field(
        default=None, metadata=string_list(min_items=1, max_items=256, choices=FeatureType)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ClarifyShapBaselineConfig(Spec):
    """SHAP baseline: the record without information, inline or in S3."""

    mime_type: str | None = attrs.field(
        default=None, metadata=string(max_length=255, pattern=patterns.MIME_TYPE)
    )
    shap_baseline: str | None = attrs.field(
        default=None, metadata=string(max_length=4096, pattern=r"[\s\S]+")
    )
    shap_baseline_uri: str | None = attrs.field(
        default=None, metadata=string(max_length=patterns.URL_LENGTH, pattern=patterns.URL)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ClarifyTextConfig(Spec):
    """Language of text features and the unit that gets an attribution."""

    language: str | None = attrs.field(default=None, metadata=choice(TextLanguage, required=True))
    granularity: str | None = attrs.field(
        default=None, metadata=choice(TextGranularity, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ClarifyShapConfig(Spec):
    """Settings of the SHAP analysis."""

    shap_baseline_config: ClarifyShapBaselineConfig | None = attrs.field(
        default=None, metadata=nested(ClarifyShapBaselineConfig, required=True)
    )
    number_of_samples: int | None = attrs.field(default=None, metadata=integer(1))
    use_logit: bool | None = attrs.field(default=None, metadata=boolean())
    seed: int | None = attrs.field(default=None, metadata=integer())
    text_config: ClarifyTextConfig | None = attrs.field(
        default=None, metadata=nested(ClarifyTextConfig)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ClarifyExplainerConfig(Spec):
    """Settings of Clarify; ``enable_explanations`` is a JMESPath expression over the request."""

    enable_explanations: str | None = attrs.field(
        default=None,
        metadata=string(max_length=patterns.EXPRESSION_LENGTH, pattern=patterns.ONE_LINE),
    )
    inference_config: ClarifyInferenceConfig | None = attrs.field(
        default=None, metadata=nested(ClarifyInferenceConfig)
    )
    shap_config: ClarifyShapConfig | None = attrs.field(
        default=None, metadata=nested(ClarifyShapConfig, required=True)
    )


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ExplainerConfig(Spec):
    """Explainers of the endpoint; Clarify is the only one."""

    clarify_explainer_config: ClarifyExplainerConfig | None = attrs.field(
        default=None, metadata=nested(ClarifyExplainerConfig)
    )
