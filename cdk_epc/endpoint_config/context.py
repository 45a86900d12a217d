"""A drafted configuration with the constructs around it, for the rules that need a neighbour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from constructs import IConstruct

from cdk_epc.constructs.call_sites import SuppliedPart
from cdk_epc.constructs.convert import model_name
from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import is_exported
from cdk_epc.constructs.values import Value
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Path
from cdk_epc.spec.context import ConfigContext, ReferencedModel, ReferencedTarget
from cdk_epc.spec.unresolved import is_list, is_unresolved


def config_context(
    state: ResourceState[EndpointConfigSpec], scaled: Mapping[Path, ReferencedTarget]
) -> ConfigContext:
    """The configuration with its region, the models that it was given, and what scales it."""
    models = {
        path: ReferencedModel(model=model.spec, logical_id=construct_path(model))
        for path, model in models_given(state)
        if isinstance(getattr(model, "spec", None), ModelSpec)
    }
    return ConfigContext(
        config=state.spec,
        region=state.scope.region(),
        models=models,
        imported_models=imported(models_given(state), state.scope.construct),
        scaled=scaled,
    )


def imported(models: Iterable[tuple[Path, Any]], to: IConstruct) -> frozenset[Path]:
    """The places of the models whose names are exports of other stacks."""
    return frozenset(
        path
        for path, model in models
        if is_exported(model, to) and is_unresolved(model_name(model))
    )


def models_given(state: ResourceState[EndpointConfigSpec]) -> Iterator[tuple[Path, Any]]:
    """Every model as it was given, a construct if it was one, with the place of its name."""
    for supplied_part in state.supplied_parts:
        yield from models_of(supplied_part)


def models_of(supplied_part: SuppliedPart) -> Iterator[tuple[Path, Any]]:
    """The models of one piece, with the places of their names."""
    if not isinstance(supplied_part.value, Value):
        return
    if (model := getattr(supplied_part.value, "model", None)) is not None:
        yield (*supplied_part.path, "model_name"), model
    pools = getattr(supplied_part.value, "instance_type", None)
    for index, pool in enumerate(pools if is_list(pools) else ()):
        if (model := getattr(pool, "model_override", None)) is not None:
            yield (*supplied_part.path, "instance_pools", index, "model_name_override"), model
