"""Models that a configuration was given, as constructs or names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self

from constructs import IConstruct

from cdk_epc.constructs.call_sites import SuppliedPart
from cdk_epc.constructs.convert import model_name
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import is_exported, is_weakly_referenced
from cdk_epc.constructs.values import Value
from cdk_epc.spec import EndpointConfigSpec, InstancePool, Path, ProductionVariant
from cdk_epc.spec.unresolved import ReferenceToken, is_list, is_unresolved, items_of

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import ModelOrName


class ModelReference(ReferenceToken):
    """Name of a model construct, in the spec of a request.

    Attributes:
        model: The construct.
    """

    __slots__ = ("model",)

    model: Any

    def __new__(cls, model: ModelOrName) -> Self:
        """Create the reference to a model."""
        reference = super().__new__(cls, model_name(model))
        reference.model = model
        return reference


def supplied_models(state: ResourceState[EndpointConfigSpec]) -> Iterator[tuple[Path, Any]]:
    """Yield each model of a configuration, as it was given, with the path of its name."""
    for supplied_part in state.supplied_parts:
        yield from models_in(supplied_part)


def models_in(supplied_part: SuppliedPart) -> Iterator[tuple[Path, Any]]:
    """Yield each model of one supplied part, as it was given, with the path of its name."""
    if isinstance(supplied_part.value, ProductionVariant):
        yield from _referenced_models(supplied_part.value, supplied_part.path)
    if not isinstance(supplied_part.value, Value):
        return
    if (model := getattr(supplied_part.value, "model", None)) is not None:
        yield (*supplied_part.path, "model_name"), model
    pools = getattr(supplied_part.value, "instance_type", None)
    for index, pool in enumerate(pools if is_list(pools) else ()):
        if (model := getattr(pool, "model_override", None)) is not None:
            yield (*supplied_part.path, "instance_pools", index, "model_name_override"), model


def _referenced_models(variant: ProductionVariant, path: Path) -> Iterator[tuple[Path, Any]]:
    names = {
        (*path, "model_name"): variant.model_name,
        **{
            (*path, "instance_pools", index, "model_name_override"): pool.model_name_override
            for index, pool in enumerate(items_of(variant.instance_pools))
            if isinstance(pool, InstancePool)
        },
    }
    for place, name in names.items():
        if isinstance(name, ModelReference):
            yield place, name.model


def imported_models(models: Iterable[tuple[Path, Any]], to: IConstruct) -> frozenset[Path]:
    """Return the paths of the models whose names another stack exports to a construct."""
    return frozenset(
        path
        for path, model in models
        if is_exported(model, to) and is_unresolved(model_name(model))
    )


def weak_references(paths: frozenset[Path], by: IConstruct) -> frozenset[Path]:
    """Return the imported paths of a construct if its references to other stacks are weak."""
    return paths if paths and is_weakly_referenced(by) else frozenset()
