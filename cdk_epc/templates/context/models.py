"""Models, with the variants that run them and the roles that they run with."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_epc.spec import EndpointConfigSpec, InstancePool, ModelSpec, Path, ProductionVariant
from cdk_epc.spec.context import ModelContext
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.unresolved import items_of
from cdk_epc.templates.app import (
    CONFIG,
    MODEL,
    NAMES,
    Located,
)
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.context.iam import role_in_sight
from cdk_epc.templates.references import neighbour, spec_of
from cdk_epc.templates.scenarios import Scope


def model_names(config: EndpointConfigSpec) -> Iterator[tuple[Path, object, ProductionVariant]]:
    """Every name of a model in a configuration, with its place and the variant that runs it."""
    for path, variant in config.variants():
        if variant.model_name is not None:
            yield (*path, "model_name"), variant.model_name, variant
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool) and pool.model_name_override is not None:
                place = (*path, "instance_pools", index, "model_name_override")
                yield place, pool.model_name_override, variant


def model_in_use(scope: Scope, logical_id: str, model: ModelSpec) -> ModelContext:
    """A model with what is in sight of who runs it, and as whom."""
    located = (scope.source.index, logical_id)
    variants = tuple(
        variant
        for inside, config in dict.fromkeys(_candidates(scope, logical_id))
        for variant in _running(scope.within(inside), config, located)
    )
    role = role_in_sight(scope, model.execution_role_arn)
    return ModelContext(model=model, variants=variants, execution_role=role)


def _candidates(scope: Scope, model: str) -> Iterator[Located]:
    """The configurations that may name a model: one without a name is named by reference alone."""
    app, source = scope.run.app, scope.source
    if source.raw(model, NAMES[MODEL]) is not None:
        for inside in app.sources:
            yield from ((inside, config) for config in inside.of_type(CONFIG))
        return
    for name in ("ProductionVariants", "ShadowProductionVariants"):
        yield from app.referring(CONFIG, name).get((source.index, model), ())


def _running(scope: Scope, config: str, model: tuple[int, str]) -> Iterator[ProductionVariant]:
    read = spec_of(scope, config, EndpointConfigSpec) if exists(scope, config) else None
    for path, name, variant in model_names(read[0]) if read is not None else ():
        found = neighbour(scope, MODEL, name, (config, aws_steps(path, EndpointConfigSpec)))
        if found is not None and found.located == model:
            yield variant
