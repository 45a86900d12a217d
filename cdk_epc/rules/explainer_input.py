"""Rules of the input of the Clarify explainer: its baseline, features and records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.explainer import CLARIFY, INFERENCE, clarify_of, inference_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    BaselineMimeType,
    ClarifyShapBaselineConfig,
    ClarifyShapConfig,
    EndpointConfigSpec,
    FeatureType,
    Path,
)
from cdk_epc.spec.unresolved import is_resolved, is_unresolved, items_of

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_SHAP: Final[Path] = (*CLARIFY, "shap_config")
_BASELINE: Final[Path] = (*_SHAP, "shap_baseline_config")
_BASELINE_BYTES: Final = 4096
_PLACEHOLDER: Final = "$features"


def _shap(spec: EndpointConfigSpec) -> ClarifyShapConfig | None:
    clarify = clarify_of(spec)
    shap = clarify.shap_config if clarify else None
    return shap if isinstance(shap, ClarifyShapConfig) else None


def _baseline(spec: EndpointConfigSpec) -> ClarifyShapBaselineConfig | None:
    shap = _shap(spec)
    baseline = shap.shap_baseline_config if shap else None
    return baseline if isinstance(baseline, ClarifyShapBaselineConfig) else None


@rule(
    id="explainer-baseline-ambiguous",
    title="A SHAP baseline must be set either inline or by its S3 URI",
    why="The API requires exactly one of the two.",
    fix="Set the inline baseline or its S3 URI.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyShapBaselineConfig.html",
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.BASELINE_ONE",),
)
def explainer_baseline_ambiguous(spec: EndpointConfigSpec) -> Iterator[Violation]:
    baseline = _baseline(spec)
    if baseline is None:
        return
    inline, uri = baseline.shap_baseline, baseline.shap_baseline_uri
    if inline is None and uri is None:
        yield Violation(
            path=_BASELINE,
            got=Words("without a baseline"),
            must="have `shap_baseline` or `shap_baseline_uri`",
            fix="Set one of the two.",
        )
    elif is_resolved(inline) and is_resolved(uri):
        yield Violation(
            path=(*_BASELINE, "shap_baseline_uri"),
            got=uri,
            not_allowed="because the baseline is set inline",
            fix="Keep one of the two.",
        )


@rule(
    id="explainer-mime-type-not-supported",
    title="A SHAP baseline must be CSV or JSON Lines",
    why="The schema allows any MIME type, but Clarify reads these two.",
    fix="Use text/csv or application/jsonlines.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyShapBaselineConfig.html",
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.MIME",),
)
def explainer_mime_type_not_supported(spec: EndpointConfigSpec) -> Iterator[Violation]:
    baseline = _baseline(spec)
    if baseline is not None and is_resolved(baseline.mime_type):
        types = [each.value for each in BaselineMimeType]
        if baseline.mime_type not in types:
            yield Violation(
                path=(*_BASELINE, "mime_type"),
                got=baseline.mime_type,
                must=f"be {' or '.join(types)}",
                fix="Use one of the two, and write the baseline in that format.",
            )


@rule(
    id="explainer-baseline-too-large",
    title="An inline SHAP baseline should have at most 4 KB",
    why="The limit is in bytes. The schema counts characters, some of which have several bytes.",
    fix="Put a larger baseline into S3.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyShapBaselineConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.BASELINE_4KB",),
)
def explainer_baseline_too_large(spec: EndpointConfigSpec) -> Iterator[Violation]:
    baseline = _baseline(spec)
    inline = baseline.shap_baseline if baseline else None
    if not isinstance(inline, str) or is_unresolved(inline) or len(inline) > _BASELINE_BYTES:
        return  # value-length-wrong reports a baseline with too many characters
    size = len(inline.encode("utf-8", "surrogatepass"))
    if size > _BASELINE_BYTES:
        yield Violation(
            path=(*_BASELINE, "shap_baseline"),
            got=Words(f"{size} bytes in {len(inline)} characters"),
            must=f"have at most {_BASELINE_BYTES} bytes",
            fix="Put the baseline into S3 and set `shap_baseline_uri`.",
            python_fix="Put the baseline into S3 and use ShapBaseline.from_s3().",
        )


@rule(
    id="explainer-text-feature-missing",
    title="Feature types must include a text feature",
    why="The API accepts feature types to explain text only.",
    fix="Remove the feature types of a tabular model, or add the text feature.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.FEATURE_TYPES_TEXT",),
)
def explainer_text_feature_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    inference = inference_of(spec)
    if inference is None:
        return
    types = items_of(inference.feature_types)
    if types and FeatureType.TEXT not in types and not any(map(is_unresolved, types)):
        yield Violation(
            path=(*INFERENCE, "feature_types"),
            got=", ".join(map(str, types)),
            must="include 'text'",
            fix="Remove `feature_types` of a tabular model, or add the text feature.",
        )


@rule(
    id="explainer-text-config-missing",
    title="A text feature should have text settings",
    why="Clarify requires the language and the granularity to explain text.",
    fix="Set the text settings of the SHAP analysis.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyTextConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.FEATURE_TYPES_NLP",),
)
def explainer_text_config_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    inference, shap = inference_of(spec), _shap(spec)
    if (
        inference is not None
        and shap is not None
        and shap.text_config is None
        and FeatureType.TEXT in items_of(inference.feature_types)
    ):
        yield Violation(
            path=(*_SHAP, "text_config"),
            required="because a feature is text",
            fix="Set `text_config` with language and granularity, or remove `feature_types`.",
        )


@rule(
    id="explainer-feature-count-mismatch",
    title="There should be as many feature types as feature headers",
    why="Both lists describe the same features, in the same order.",
    fix="List each feature in both.",
    evidence=Evidence.INFERRED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.FEATURE_LEN",),
)
def explainer_feature_count_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    inference = inference_of(spec)
    if inference is None:
        return
    headers, types = items_of(inference.feature_headers), items_of(inference.feature_types)
    if not headers or not types or any(map(is_unresolved, (*headers, *types))):
        return
    if len(headers) != len(types):
        yield Violation(
            path=(*INFERENCE, "feature_types"),
            got=Words(f"{len(types)} types"),
            must=f"have as many as `feature_headers` ({len(headers)})",
            fix="List each feature in both.",
        )


@rule(
    id="explainer-content-template-missing",
    title="Features in JSON Lines should have a content template with a place for them",
    why="Clarify writes the records that it sends to the model by this template.",
    fix="Set a content template that contains $features.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.TEMPLATE",),
)
def explainer_content_template_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    inference = inference_of(spec)
    if inference is None:
        return
    template = inference.content_template
    if template is None and is_resolved(inference.features_attribute):
        yield Violation(
            path=(*INFERENCE, "content_template"),
            required="because `features_attribute` is set",
            fix='Set `content_template`, for example to {"features":$features}.',
        )
    elif isinstance(template, str) and not is_unresolved(template) and _PLACEHOLDER not in template:
        yield Violation(
            path=(*INFERENCE, "content_template"),
            got=template,
            must=f"contain {_PLACEHOLDER}",
            fix=f"Write {_PLACEHOLDER} in the place of the features.",
        )


RULES: Final = (
    explainer_baseline_ambiguous,
    explainer_mime_type_not_supported,
    explainer_baseline_too_large,
    explainer_text_feature_missing,
    explainer_text_config_missing,
    explainer_feature_count_mismatch,
    explainer_content_template_missing,
)
