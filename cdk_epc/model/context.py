"""A model with the variants of the same stage that run it, for the rules that need to know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.endpoint_config.context import models_given
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.context import ModelContext

if TYPE_CHECKING:
    from cdk_epc.model.construct import Model


def model_in_use(model: Model) -> ModelContext:
    """The model as it stands; the role is seen in the template alone."""
    return ModelContext(model=model.spec, variants=tuple(_running(model)))


def _running(model: Model) -> Iterator[ProductionVariant]:
    for construct in StageValidation.of(model).constructs:
        state = construct._state  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        if isinstance(state.spec, EndpointConfigSpec):
            variants = dict(state.spec.variants())
            for path, given in models_given(state):
                if given is model and (variant := variants.get(path[:2])) is not None:
                    yield variant
