"""Model with its related resources, for the rules that check both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.supplied_models import supplied_models
from cdk_epc.model.assets import data_region
from cdk_epc.model.container import Container
from cdk_epc.permissions.trust_policy import console_role, role_with_trust
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, ProductionVariant
from cdk_epc.spec.context import ModelContext
from cdk_epc.spec.role import Role
from cdk_epc.spec.unresolved import is_string

if TYPE_CHECKING:
    from cdk_epc.constructs.resource_state import ResourceState
    from cdk_epc.model.construct import Model


def role_context(state: ResourceState[ModelSpec], execution_role: object) -> ModelContext:
    """Return a model with its region, its account, its buckets and the trust policy of its role.

    The permissions of the role are known in the template only.

    Args:
        state: State of the model.
        execution_role: The given role.
    """
    regions = {
        part.path: region
        for part in state.supplied_parts
        if isinstance(part.value, Container)
        and (region := data_region(part.value.model_data)) is not None
    }
    return ModelContext(
        data_regions=regions,
        model=state.spec,
        region=state.scope.region,
        account=state.scope.account,
        execution_role=None if is_string(execution_role) else role_with_trust(execution_role),
    )


def model_context(model: Model, known: ModelContext) -> ModelContext:
    """Return a model with the variants of its stage that use it.

    Args:
        model: The model.
        known: The model with the known facts about its role.
    """
    return attrs.evolve(
        known,
        model=model.spec,
        variants=tuple(_variants_with(model)),
        execution_role=role_at_synth(model, known),
    )


def role_at_synth(model: Model, known: ModelContext) -> Role | None:
    """Return the role of a model, which the app may have created after the model."""
    return known.execution_role or console_role(model.spec.execution_role_arn, model)


def _variants_with(model: Model) -> Iterator[ProductionVariant]:
    for construct in StageValidation.of(model).constructs:
        state = internals_of(construct).state
        if isinstance(state.spec, EndpointConfigSpec):
            variants = dict(state.spec.variants())
            for path, given in supplied_models(state):
                if given is model and (variant := variants.get(path[:2])) is not None:
                    yield variant
