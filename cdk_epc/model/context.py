"""Model with its related resources, for the rules that check both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.supplied_models import supplied_models
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.context import ModelContext

if TYPE_CHECKING:
    from cdk_epc.model.construct import Model


def model_context(model: Model, region: str | None) -> ModelContext:
    """Return a model with the variants of its stage that use it.

    Rules see the execution role in the template only.

    Args:
        model: The model.
        region: Region of its stack, if it is known.
    """
    return ModelContext(model=model.spec, variants=tuple(_variants_with(model)), region=region)


def _variants_with(model: Model) -> Iterator[ProductionVariant]:
    for construct in StageValidation.of(model).constructs:
        state = internals_of(construct).state
        if isinstance(state.spec, EndpointConfigSpec):
            variants = dict(state.spec.variants())
            for path, given in supplied_models(state):
                if given is model and (variant := variants.get(path[:2])) is not None:
                    yield variant
