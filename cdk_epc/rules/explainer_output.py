"""Rules of what the Clarify explainer finds in the model's answer, and of where it may stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.explainer import CLARIFY
from cdk_epc.rules.explainer_input import inference_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import ClarifyInferenceConfig, EndpointConfigSpec, ExplainerConfig, Path
from cdk_epc.spec.unresolved import is_integer, is_resolved

_REFERENCE: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-online-explainability.html"
_PRECHECK: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-online-explainability-precheck.html"
)
_INFERENCE: Final[Path] = (*CLARIFY, "inference_config")


def _both(
    inference: ClarifyInferenceConfig | None, index: str, attribute: str
) -> Iterator[Violation]:
    """The fault of an index, which is for CSV, beside an attribute, which is for JSON Lines."""
    if inference is None:
        return
    expression = getattr(inference, attribute)
    if is_resolved(getattr(inference, index)) and is_resolved(expression):
        yield Violation(
            path=(*_INFERENCE, attribute),
            got=expression,
            not_allowed="because an index is given",
            fix="Keep the index for answers in CSV, the attribute for answers in JSON Lines.",
        )


@rule(
    id="explainer-probability-repeated",
    title="The probability is found by its index or by its attribute",
    why="The index is for answers in CSV, the attribute for answers in JSON Lines.",
    fix="Keep the one that fits what the model answers.",
    evidence=Evidence.INFERRED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.PROB_ONE",),
)
def explainer_probability_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _both(inference_of(spec), "probability_index", "probability_attribute")


@rule(
    id="explainer-label-repeated",
    title="The label is found by its index or by its attribute",
    why="The index is for answers in CSV, the attribute for answers in JSON Lines.",
    fix="Keep the one that fits what the model answers.",
    evidence=Evidence.INFERRED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.LABEL_ONE",),
)
def explainer_label_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _both(inference_of(spec), "label_index", "label_attribute")


@rule(
    id="explainer-label-headers-redundant",
    title="Label headers are given, or taken from the model's answer",
    why="They are for models whose answer has no label headers.",
    fix="Give the headers, or say where the answer has them.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}/API_ClarifyInferenceConfig.html",
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.LABEL_HEADERS",),
)
def explainer_label_headers_redundant(spec: EndpointConfigSpec) -> Iterator[Violation]:
    inference = inference_of(spec)
    if inference is None or not is_resolved(inference.label_headers):
        return
    if is_resolved(inference.label_index) or is_resolved(inference.label_attribute):
        yield Violation(
            path=(*_INFERENCE, "label_headers"),
            got=Words("label headers"),
            not_allowed="because the labels are taken from the model's answer",
            fix="Give the headers, or say where the answer has them.",
        )


@rule(
    id="explainer-indices-repeated",
    title="Label and probability stand in different columns",
    why="One column of the answer cannot be both.",
    fix="Count the columns of the model's answer from 0.",
    evidence=Evidence.INFERRED,
    source_url=_PRECHECK,
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.INDEX_DISTINCT",),
)
def explainer_indices_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    inference = inference_of(spec)
    if inference is None:
        return
    label, probability = inference.label_index, inference.probability_index
    if is_integer(label) and is_integer(probability) and label == probability:
        yield Violation(
            path=(*_INFERENCE, "label_index"),
            got=label,
            must="be another column than that of the probability",
            fix="Count the columns of the answer from 0.",
        )


@rule(
    id="explainer-empty",
    title="An explainer configuration has an explainer",
    why="The API and CloudFormation take an empty one, which explains nothing.",
    fix="Give the Clarify explainer, or leave the configuration out.",
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
            got=None,
            must="be the Clarify explainer, which is the only one",
            fix="Give it, or leave ExplainerConfig out.",
        )


def _company(spec: EndpointConfigSpec) -> str | None:
    """What the explainer shares the endpoint with, and nobody has been seen to try."""
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
    title="An explainer stands beside one production variant with a model",
    why="The guide shows no other; whether shadow variants, several variants or inference "
    "components are explained is not documented.",
    fix="Explain the model on an endpoint of its own.",
    evidence=Evidence.INFERRED,
    source_url=_GUIDE,
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.COMBINATIONS",),
)
def explainer_several_variants(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.explainer_config) and (company := _company(spec)) is not None:
        yield Violation(
            path=("explainer_config",),
            got=Words(f"an explainer beside {company}"),
            must="be one production variant with a model",
            fix="Explain the model on an endpoint of its own, or try the deployment first.",
        )


RULES: Final = (
    explainer_probability_repeated,
    explainer_label_repeated,
    explainer_label_headers_redundant,
    explainer_indices_repeated,
    explainer_empty,
    explainer_several_variants,
)
