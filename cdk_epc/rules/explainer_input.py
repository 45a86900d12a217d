"""Rules of what the Clarify explainer reads: baseline, features and the record it sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.explainer import CLARIFY, attributes_of, clarify_of, jmespath_compiler
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ClarifyInferenceConfig,
    ClarifyShapBaselineConfig,
    ClarifyShapConfig,
    EndpointConfigSpec,
    FeatureType,
    Path,
)
from cdk_epc.spec.unresolved import is_resolved, is_unresolved, items_of

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_INFERENCE: Final[Path] = (*CLARIFY, "inference_config")
_SHAP: Final[Path] = (*CLARIFY, "shap_config")
_BASELINE_BYTES: Final = 4096
_PLACEHOLDER: Final = "$features"


def inference_of(spec: EndpointConfigSpec) -> ClarifyInferenceConfig | None:
    """How Clarify reads requests and answers, if that is known."""
    clarify = clarify_of(spec)
    given = clarify.inference_config if clarify else None
    return given if isinstance(given, ClarifyInferenceConfig) else None


def _shap(spec: EndpointConfigSpec) -> ClarifyShapConfig | None:
    clarify = clarify_of(spec)
    given = clarify.shap_config if clarify else None
    return given if isinstance(given, ClarifyShapConfig) else None


@rule(
    id="explainer-baseline-too-large",
    title="An inline SHAP baseline has at most 4 KB",
    why="The limit is in bytes; the schema counts characters, of which some take several.",
    fix="Put a larger baseline into S3.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyShapBaselineConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.BASELINE_4KB",),
)
def explainer_baseline_too_large(spec: EndpointConfigSpec) -> Iterator[Violation]:
    shap = _shap(spec)
    baseline = shap.shap_baseline_config if shap else None
    inline = baseline.shap_baseline if isinstance(baseline, ClarifyShapBaselineConfig) else None
    if not isinstance(inline, str) or is_unresolved(inline) or len(inline) > _BASELINE_BYTES:
        return  # one with too many characters is refused for these
    size = len(inline.encode("utf-8", "surrogatepass"))
    if size > _BASELINE_BYTES:
        yield Violation(
            path=(*_SHAP, "shap_baseline_config", "shap_baseline"),
            got=Words(f"{size} bytes in {len(inline)} characters"),
            must=f"be {_BASELINE_BYTES} bytes",
            fix="Put the baseline into S3 and give its URI.",
        )


@rule(
    id="explainer-text-config-missing",
    title="A text feature comes with the settings for text",
    why="Language and granularity are required to explain text.",
    fix="Give the text settings of the SHAP analysis.",
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
            got=None,
            must="be the language and the granularity because a feature is text",
            fix="Say how the text is split, or take the feature types out.",
        )


@rule(
    id="explainer-feature-count-mismatch",
    title="There are as many feature types as feature headers",
    why="Both lists describe the same features, in the same order.",
    fix="Name each feature in both lists.",
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
            path=(*_INFERENCE, "feature_types"),
            got=Words(f"{len(types)} types"),
            must=f"be as many as there are feature headers, which is {len(headers)}",
            fix="Name each feature in both lists.",
        )


@rule(
    id="explainer-content-template-missing",
    title="Features of JSON Lines come with a template that holds them",
    why="Clarify writes the records that it sends to the model by this template.",
    fix="Give a template with $features in it.",
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
            path=(*_INFERENCE, "content_template"),
            got=None,
            must="be a template because the features are read from JSON Lines",
            fix='Give the form of a record, for example {"features":$features}.',
        )
    elif isinstance(template, str) and not is_unresolved(template) and _PLACEHOLDER not in template:
        yield Violation(
            path=(*_INFERENCE, "content_template"),
            got=template,
            must=f"be a template with {_PLACEHOLDER} in it",
            fix=f"Put {_PLACEHOLDER} where the features go.",
        )


@rule(
    id="explainer-attribute-invalid",
    title="An attribute of features, probabilities or labels is JMESPath",
    why="Clarify finds them in a record by this expression.",
    fix="Write the expression in JMESPath.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.JMESPATH_OTHER",),
)
def explainer_attribute_invalid(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if inference_of(spec) is None:
        return
    for path, expression in attributes_of(spec):
        if (problem := jmespath_compiler()(expression)) is not None:
            yield Violation(
                path=path,
                got=expression,
                must="be a JMESPath expression",
                fix=f"Mend the expression: {problem}.",
            )


RULES: Final = (
    explainer_baseline_too_large,
    explainer_text_config_missing,
    explainer_feature_count_mismatch,
    explainer_content_template_missing,
    explainer_attribute_invalid,
)
