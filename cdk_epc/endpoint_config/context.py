"""A drafted configuration with the constructs around it, for the rules that need a neighbour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from constructs import IConstruct

from cdk_epc.constructs.call_sites import Piece
from cdk_epc.constructs.convert import model_name
from cdk_epc.constructs.duck_typing import path_of
from cdk_epc.constructs.resource_state import Draft
from cdk_epc.constructs.scope import is_exported
from cdk_epc.constructs.values import Value
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Path
from cdk_epc.spec.context import ConfigInPlace, ModelInPlace, ScalableTargetInPlace
from cdk_epc.spec.unresolved import is_list, is_unknown


def config_in_place(
    draft: Draft[EndpointConfigSpec], scaled: Mapping[Path, ScalableTargetInPlace]
) -> ConfigInPlace:
    """The configuration with its region, the models that it was given, and what scales it."""
    models = {
        path: ModelInPlace(model=model.spec, logical_id=path_of(model))
        for path, model in models_given(draft)
        if isinstance(getattr(model, "spec", None), ModelSpec)
    }
    return ConfigInPlace(
        config=draft.spec,
        region=draft.around.region(),
        models=models,
        imported_models=imported(models_given(draft), draft.around.construct),
        scaled=scaled,
    )


def imported(models: Iterable[tuple[Path, Any]], to: IConstruct) -> frozenset[Path]:
    """The places of the models whose names are exports of other stacks."""
    return frozenset(
        path for path, model in models if is_exported(model, to) and is_unknown(model_name(model))
    )


def models_given(draft: Draft[EndpointConfigSpec]) -> Iterator[tuple[Path, Any]]:
    """Every model as it was given, a construct if it was one, with the place of its name."""
    for piece in draft.pieces:
        yield from models_of(piece)


def models_of(piece: Piece) -> Iterator[tuple[Path, Any]]:
    """The models of one piece, with the places of their names."""
    if not isinstance(piece.given, Value):
        return
    if (model := getattr(piece.given, "model", None)) is not None:
        yield (*piece.place, "model_name"), model
    pools = getattr(piece.given, "instance_type", None)
    for index, pool in enumerate(pools if is_list(pools) else ()):
        if (model := getattr(pool, "model_override", None)) is not None:
            yield (*piece.place, "instance_pools", index, "model_name_override"), model
