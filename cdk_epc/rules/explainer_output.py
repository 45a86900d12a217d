"""Rules of the model's response to the Clarify explainer: labels and probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.explainer import INFERENCE, inference_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import is_integer, is_resolved

_INFERENCE_CONFIG: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClarifyInferenceConfig.html"
)
_PRECHECK: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-online-explainability-precheck.html"
)


def _index_with_attribute(
    spec: EndpointConfigSpec, index: str, attribute: str
) -> Iterator[Violation]:
    """Yield the violation of an attribute, for JSON Lines, next to an index, for CSV.

    Args:
        spec: Configuration.
        index: Member of the index.
        attribute: Member of the attribute.
    """
    inference = inference_of(spec)
    if inference is None:
        return
    expression = getattr(inference, attribute)
    if is_resolved(getattr(inference, index)) and is_resolved(expression):
        yield Violation(
            path=(*INFERENCE, attribute),
            got=expression,
            not_allowed=f"because `{index}` is set",
            fix=f"Keep `{index}` for responses in CSV, or `{attribute}` for JSON Lines.",
        )


@rule(
    id="explainer-probability-repeated",
    title="The probability should be found either by an index or by an attribute",
    why="The index is for responses in CSV, the attribute for responses in JSON Lines.",
    fix="Keep the one that fits the model's responses.",
    evidence=Evidence.INFERRED,
    source_url=_INFERENCE_CONFIG,
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.PROB_ONE",),
)
def explainer_probability_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _index_with_attribute(spec, "probability_index", "probability_attribute")


@rule(
    id="explainer-label-repeated",
    title="The label should be found either by an index or by an attribute",
    why="The index is for responses in CSV, the attribute for responses in JSON Lines.",
    fix="Keep the one that fits the model's responses.",
    evidence=Evidence.INFERRED,
    source_url=_INFERENCE_CONFIG,
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.LABEL_ONE",),
)
def explainer_label_repeated(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _index_with_attribute(spec, "label_index", "label_attribute")


@rule(
    id="explainer-label-headers-redundant",
    title="Label headers should only be set for responses without labels",
    why="Clarify finds the labels by the index or the attribute, and the headers are for models "
    "whose responses have no labels.",
    fix="Remove the label headers, or remove the index and the attribute.",
    evidence=Evidence.DOCUMENTED,
    source_url=_INFERENCE_CONFIG,
    requires=("explainer_config",),
    severity=Severity.WARNING,
    eager=True,
    facts=("XAI.LABEL_HEADERS",),
)
def explainer_label_headers_redundant(spec: EndpointConfigSpec) -> Iterator[Violation]:
    inference = inference_of(spec)
    if inference is None or not is_resolved(inference.label_headers):
        return
    for name in ("label_index", "label_attribute"):
        if is_resolved(getattr(inference, name)):
            yield Violation(
                path=(*INFERENCE, "label_headers"),
                got=Words("label headers"),
                not_allowed=f"because `{name}` finds the labels in the response",
                fix=f"Remove `label_headers` or `{name}`.",
            )
            return


@rule(
    id="explainer-indices-repeated",
    title="Label and probability should be in different columns",
    why="One column of the response cannot be both.",
    fix="Count the columns of the model's response from 0.",
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
            path=(*INFERENCE, "label_index"),
            got=label,
            must="differ from `probability_index`",
            fix="Count the columns of the model's response from 0.",
        )


RULES: Final = (explainer_indices_repeated,)
PEDANTIC: Final = (
    explainer_probability_repeated,
    explainer_label_repeated,
    explainer_label_headers_redundant,
)
"""Rules of the pack `pedantic`."""
