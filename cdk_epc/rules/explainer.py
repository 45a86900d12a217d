"""Rules of the Clarify explainer: its endpoint and its JMESPath expressions."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Final, TypeGuard

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ClarifyExplainerConfig,
    ClarifyInferenceConfig,
    EndpointConfigSpec,
    ExplainerConfig,
    Path,
)
from cdk_epc.spec.patterns import EXPRESSION_LENGTH
from cdk_epc.spec.unresolved import is_resolved, is_unresolved

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_DEVELOPER_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_GUIDE: Final = f"{_DEVELOPER_GUIDE}clarify-online-explainability.html"
_CREATE: Final = f"{_DEVELOPER_GUIDE}clarify-online-explainability-create-endpoint.html"

CLARIFY: Final[Path] = ("explainer_config", "clarify_explainer_config")
INFERENCE: Final[Path] = (*CLARIFY, "inference_config")
_EXPRESSION: Final[Path] = (*CLARIFY, "enable_explanations")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
"""JMESPath's unquoted identifier, which is valid without a check."""


def clarify_of(spec: EndpointConfigSpec) -> ClarifyExplainerConfig | None:
    """Return the Clarify explainer of a configuration, if it is known."""
    explainer = spec.explainer_config
    clarify = explainer.clarify_explainer_config if isinstance(explainer, ExplainerConfig) else None
    return clarify if isinstance(clarify, ClarifyExplainerConfig) else None


def inference_of(spec: EndpointConfigSpec) -> ClarifyInferenceConfig | None:
    """Return Clarify's inference configuration, if it is known."""
    clarify = clarify_of(spec)
    inference = clarify.inference_config if clarify else None
    return inference if isinstance(inference, ClarifyInferenceConfig) else None


@rule(
    id="explainer-empty",
    title="An explainer configuration should have an explainer",
    why="The API and CloudFormation accept an empty configuration, which explains nothing.",
    fix="Set the Clarify explainer, or remove the configuration.",
    evidence=Evidence.INFERRED,
    source_url=f"{_REFERENCE}/API_ExplainerConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.EMPTY",),
)
def explainer_empty(spec: EndpointConfigSpec) -> Iterator[Violation]:
    explainer = spec.explainer_config
    if isinstance(explainer, ExplainerConfig) and explainer.clarify_explainer_config is None:
        yield Violation(
            path=CLARIFY,
            required="because it is the only explainer",
            fix="Set `clarify_explainer_config`, or remove `explainer_config`.",
        )


def _undocumented_company(spec: EndpointConfigSpec) -> str | None:
    """Return a phrase for variants with which AWS documents no explainer."""
    variants = spec.production()
    if spec.shadow():
        return "a shadow variant"
    if len(variants) > 1:
        return f"{len(variants)} production variants"
    if any(each.model_name is None and each.serverless_config is None for _, each in variants):
        return "a variant for inference components"
    return None


@rule(
    id="explainer-several-variants",
    title="An explainer should be used with one production variant that has a model",
    why="The guide shows no other combination; whether SageMaker explains shadow variants, "
    "several variants or inference components is not documented.",
    fix="Explain the model on a separate endpoint.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.COMBINATIONS",),
)
def explainer_several_variants(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.explainer_config) and (company := _undocumented_company(spec)) is not None:
        yield Violation(
            path=("explainer_config",),
            got=Words(f"an explainer with {company}"),
            not_allowed=f"with {company}, which AWS does not document",
            fix="Explain the model on a separate endpoint, or test the deployment first.",
        )


def _is_parsable(value: object) -> TypeGuard[str]:
    """Return whether a value is resolved text that a parser can read.

    value-length-wrong reports a longer text, which may be nested too deeply for the parser.
    """
    return isinstance(value, str) and not is_unresolved(value) and len(value) <= EXPRESSION_LENGTH


def _enabling_expression(spec: EndpointConfigSpec) -> Iterator[tuple[Path, str]]:
    """Yield the expression that enables explanations with its path, if it can be parsed."""
    clarify = clarify_of(spec)
    expression = clarify.enable_explanations if clarify else None
    if _is_parsable(expression):
        yield _EXPRESSION, expression


def _attributes(spec: EndpointConfigSpec) -> Iterator[tuple[Path, str]]:
    """Yield each expression for features, probabilities or labels with its path."""
    inference = inference_of(spec)
    if inference is not None:
        for name in ("features_attribute", "probability_attribute", "label_attribute"):
            if _is_parsable(expression := getattr(inference, name)):
                yield (*INFERENCE, name), expression


def _invalid(expressions: Iterator[tuple[Path, str]]) -> Iterator[Violation]:
    """Yield a violation for each expression that is not JMESPath."""
    for path, expression in expressions:
        if (problem := _compiler()(expression)) is not None:
            yield Violation(
                path=path,
                got=expression,
                must="be a JMESPath expression",
                fix=f"Correct the expression: {problem}.",
            )


def _compiler() -> Callable[[str], str | None]:
    """Return a function from an expression to its problem, always ``None`` without jmespath."""
    try:
        import jmespath  # noqa: PLC0415 - an extra: its absence is a warning of its own
        import jmespath.exceptions  # noqa: PLC0415
    except ModuleNotFoundError:
        return lambda _: None

    def problem_of(expression: str) -> str | None:
        try:
            # JMESPath warns about its deprecated form of literals, which is still valid.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                jmespath.compile(expression)
        except jmespath.exceptions.JMESPathError as error:
            return str(error).splitlines()[0].rstrip(":.")
        return None

    return problem_of


@rule(
    id="explainer-expression-invalid",
    title="The expression that enables explanations must be valid JMESPath",
    why="The creation of the endpoint fails with any other text.",
    fix="Correct the expression. Literals are in backticks, as in score > `0.8`.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    requires=("explainer_config",),
    eager=True,
    facts=("XAI.JMESPATH_ENABLE",),
)
def explainer_expression_invalid(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _invalid(_enabling_expression(spec))


@rule(
    id="explainer-attribute-invalid",
    title="The expressions for features, probabilities and labels should be valid JMESPath",
    why="Clarify finds these values in a record by the expressions.",
    fix="Correct the expression.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.JMESPATH_OTHER",),
)
def explainer_attribute_invalid(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _invalid(_attributes(spec))


@rule(
    id="explainer-expression-unchecked",
    title="The package jmespath should be installed to check JMESPath expressions",
    why="Without the package, the deployment is the first to find an invalid expression, after "
    "about half an hour.",
    fix="Install cdk-epc[jmespath].",
    evidence=Evidence.OURS,
    source_url=_CREATE,
    requires=("explainer_config",),
    severity=Severity.WARNING,
)
def explainer_expression_unchecked(spec: EndpointConfigSpec) -> Iterator[Violation]:
    every = (*_enabling_expression(spec), *_attributes(spec))
    unsure = [each for each in every if not _IDENTIFIER.fullmatch(each[1])]
    if unsure and find_spec("jmespath") is None:
        for path, expression in unsure:
            yield Violation(
                path=path,
                got=expression,
                must="be a JMESPath expression, but the package jmespath is not installed to "
                "check it",
                fix="Install cdk-epc[jmespath].",
            )


RULES: Final = (
    explainer_empty,
    explainer_expression_invalid,
    explainer_attribute_invalid,
)
PEDANTIC: Final = (explainer_several_variants, explainer_expression_unchecked)
"""Rules of the pack `pedantic`."""
