"""Rules of the Clarify explainer."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Final, TypeGuard

from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import (
    BaselineMimeType,
    ClarifyExplainerConfig,
    ClarifyInferenceConfig,
    ClarifyShapBaselineConfig,
    ClarifyShapConfig,
    EndpointConfigSpec,
    ExplainerConfig,
    FeatureType,
    Path,
)
from cdk_epc.spec.patterns import EXPRESSION_LENGTH
from cdk_epc.spec.unresolved import is_resolved, is_unresolved, items_of

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_CREATE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "clarify-online-explainability-create-endpoint.html"
)
CLARIFY: Final[Path] = ("explainer_config", "clarify_explainer_config")
_BASELINE: Final[Path] = (*CLARIFY, "shap_config", "shap_baseline_config")
_EXPRESSION: Final[Path] = (*CLARIFY, "enable_explanations")
# A plain name is an expression, whatever else JMESPath knows.
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def clarify_of(spec: EndpointConfigSpec) -> ClarifyExplainerConfig | None:
    """The Clarify explainer, if it is known."""
    explainer = spec.explainer_config
    clarify = explainer.clarify_explainer_config if isinstance(explainer, ExplainerConfig) else None
    return clarify if isinstance(clarify, ClarifyExplainerConfig) else None


def _shap_baseline(spec: EndpointConfigSpec) -> ClarifyShapBaselineConfig | None:
    clarify = clarify_of(spec)
    shap = clarify.shap_config if clarify else None
    baseline = shap.shap_baseline_config if isinstance(shap, ClarifyShapConfig) else None
    return baseline if isinstance(baseline, ClarifyShapBaselineConfig) else None


@rule(
    id="explainer-baseline-ambiguous",
    title="A SHAP baseline is given either inline or by its S3 URI",
    why="The two exclude each other, and one is required.",
    fix="Give the baseline inline or its S3 URI.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyShapBaselineConfig.html",
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.BASELINE_ONE",),
)
def explainer_baseline_ambiguous(spec: EndpointConfigSpec) -> Iterator[Violation]:
    baseline = _shap_baseline(spec)
    if baseline is None:
        return
    inline, uri = baseline.shap_baseline, baseline.shap_baseline_uri
    if inline is None and uri is None:
        yield Violation(
            path=_BASELINE,
            got=None,
            must="be either an inline baseline or its S3 URI",
            fix="Give one of the two.",
        )
    elif is_resolved(inline) and is_resolved(uri):
        yield Violation(
            path=(*_BASELINE, "shap_baseline_uri"),
            got=uri,
            not_allowed="because the baseline is given inline",
            fix="Keep one of the two.",
        )


@rule(
    id="explainer-mime-type-not-supported",
    title="A SHAP baseline is CSV or JSON Lines",
    why="The schema takes any MIME type; Clarify reads these two.",
    fix="Give the baseline as text/csv or as application/jsonlines.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyShapBaselineConfig.html",
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.MIME",),
)
def explainer_mime_type_not_supported(spec: EndpointConfigSpec) -> Iterator[Violation]:
    baseline = _shap_baseline(spec)
    if baseline is not None and is_resolved(baseline.mime_type):
        types = [mime.value for mime in BaselineMimeType]
        if baseline.mime_type not in types:
            yield Violation(
                path=(*_BASELINE, "mime_type"),
                got=baseline.mime_type,
                must="be  or ".join(types),
                fix="Give the baseline as CSV or as JSON Lines.",
            )


@rule(
    id="explainer-text-feature-missing",
    title="Feature types, where given, name at least one text feature",
    why="They are for explaining text only.",
    fix="Leave the feature types out for tabular models, or name the text feature.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.FEATURE_TYPES_TEXT",),
)
def explainer_text_feature_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    clarify = clarify_of(spec)
    inference = clarify.inference_config if clarify else None
    if not isinstance(inference, ClarifyInferenceConfig):
        return
    types = items_of(inference.feature_types)
    if types and FeatureType.TEXT not in types and not any(map(is_unresolved, types)):
        yield Violation(
            path=(*CLARIFY, "inference_config", "feature_types"),
            got=", ".join(map(str, types)),
            must="be a list with at least one 'text'",
            fix="Leave the feature types out for tabular models; they are for text.",
        )


def _readable(given: object) -> TypeGuard[str]:
    """Whether it is text that is known and that a parser may be given.

    A longer one is refused for its length, and could be nested deeper than a parser goes.
    """
    return isinstance(given, str) and not is_unresolved(given) and len(given) <= EXPRESSION_LENGTH


def _expression(spec: EndpointConfigSpec) -> str | None:
    clarify = clarify_of(spec)
    given = clarify.enable_explanations if clarify else None
    return given if _readable(given) else None


def attributes_of(spec: EndpointConfigSpec) -> Iterator[tuple[Path, str]]:
    """The JMESPath expressions that find something in a record, each with its place."""
    clarify = clarify_of(spec)
    inference = clarify.inference_config if clarify else None
    if isinstance(inference, ClarifyInferenceConfig):
        for name in ("features_attribute", "probability_attribute", "label_attribute"):
            if _readable(given := getattr(inference, name)):
                yield (*CLARIFY, "inference_config", name), given


@rule(
    id="explainer-expression-invalid",
    title="The expression that enables explanations is JMESPath",
    why="With any other text the creation of the endpoint fails.",
    fix="Mend the expression; a literal stands in backticks, as in score > `0.8`.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.JMESPATH_ENABLE",),
)
def explainer_expression_invalid(spec: EndpointConfigSpec) -> Iterator[Violation]:
    expression = _expression(spec)
    if expression is None or (problem := jmespath_compiler()(expression)) is None:
        return
    yield Violation(
        path=_EXPRESSION,
        got=expression,
        must="be a JMESPath expression",
        fix=f"Mend the expression: {problem}.",
    )


@rule(
    id="explainer-expression-unchecked",
    title="The jmespath package is there to check the expression",
    why="Without it a wrong expression is found half an hour into the deployment.",
    fix="Install cdk-epc[jmespath].",
    evidence=Evidence.OURS,
    source_url=_CREATE,
    requires=("explainer_config",),
    severity=Severity.WARNING,
)
def explainer_expression_unchecked(spec: EndpointConfigSpec) -> Iterator[Violation]:
    expression = _expression(spec)
    every = [] if expression is None else [(_EXPRESSION, expression)]
    unsure = [each for each in (*every, *attributes_of(spec)) if not _NAME.fullmatch(each[1])]
    if unsure and find_spec("jmespath") is None:
        for path, given in unsure:
            yield Violation(
                path=path,
                got=given,
                must="be a JMESPath expression, which cannot be checked here",
                fix="Install cdk-epc[jmespath].",
            )


def jmespath_compiler() -> Callable[[str], str | None]:
    """Say what is wrong with an expression; nothing can be said where jmespath is missing."""
    try:
        import jmespath  # noqa: PLC0415 - an extra: its absence is a warning of its own
        import jmespath.exceptions  # noqa: PLC0415
    except ModuleNotFoundError:
        return lambda _: None

    def problem_of(expression: str) -> str | None:
        try:
            with warnings.catch_warnings():  # of an old way to write a literal, which still holds
                warnings.simplefilter("ignore")
                jmespath.compile(expression)
        except jmespath.exceptions.JMESPathError as error:
            return str(error).splitlines()[0].rstrip(":.")
        return None

    return problem_of


RULES: Final = (
    explainer_baseline_ambiguous,
    explainer_mime_type_not_supported,
    explainer_text_feature_missing,
    explainer_expression_invalid,
    explainer_expression_unchecked,
)
