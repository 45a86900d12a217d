"""A drafted configuration with the constructs around it, for the rules that need a neighbour."""

from __future__ import annotations

from collections.abc import Mapping

from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.supplied_models import imported_models, supplied_models
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Path
from cdk_epc.spec.context import ConfigContext, ReferencedModel, ReferencedTarget


def config_context(
    state: ResourceState[EndpointConfigSpec], scaled: Mapping[Path, ReferencedTarget]
) -> ConfigContext:
    """The configuration with its region, the models that it was given, and what scales it."""
    models = {
        path: ReferencedModel(model=model.spec, logical_id=construct_path(model))
        for path, model in supplied_models(state)
        if isinstance(getattr(model, "spec", None), ModelSpec)
    }
    return ConfigContext(
        config=state.spec,
        region=state.scope.region(),
        models=models,
        imported_models=imported_models(supplied_models(state), state.scope.construct),
        scaled=scaled,
    )
