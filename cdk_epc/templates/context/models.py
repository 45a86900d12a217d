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
    NAME_PROPERTIES,
    Resource,
)
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.iam import known_role
from cdk_epc.templates.references import named_resource, spec_of
from cdk_epc.templates.scenarios import Evaluation


def model_names(config: EndpointConfigSpec) -> Iterator[tuple[Path, object, ProductionVariant]]:
    """Every name of a model in a configuration, with its place and the variant that runs it."""
    for path, variant in config.variants():
        if variant.model_name is not None:
            yield (*path, "model_name"), variant.model_name, variant
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool) and pool.model_name_override is not None:
                place = (*path, "instance_pools", index, "model_name_override")
                yield place, pool.model_name_override, variant


def model_context(evaluation: Evaluation, logical_id: str, model: ModelSpec) -> ModelContext:
    """A model with what is in sight of who runs it, and as whom."""
    located = (evaluation.template.index, logical_id)
    variants = tuple(
        variant
        for inside, config in dict.fromkeys(_candidates(evaluation, logical_id))
        for variant in _running(evaluation.within(inside), config, located)
    )
    role = known_role(evaluation, model.execution_role_arn)
    return ModelContext(model=model, variants=variants, execution_role=role)


def _candidates(evaluation: Evaluation, model: str) -> Iterator[Resource]:
    """The configurations that may name a model: one without a name is named by reference alone."""
    app, template = evaluation.scenario.app, evaluation.template
    if template.raw(model, NAME_PROPERTIES[MODEL]) is not None:
        for inside in app.templates:
            yield from ((inside, config) for config in inside.of_type(CONFIG))
        return
    for name in ("ProductionVariants", "ShadowProductionVariants"):
        yield from app.referring_resources(CONFIG, name).get((template.index, model), ())


def _running(
    evaluation: Evaluation, config: str, model: tuple[int, str]
) -> Iterator[ProductionVariant]:
    read = (
        spec_of(evaluation, config, EndpointConfigSpec) if is_deployed(evaluation, config) else None
    )
    for path, name, variant in model_names(read[0]) if read is not None else ():
        found = named_resource(
            evaluation, MODEL, name, (config, aws_steps(path, EndpointConfigSpec))
        )
        if found is not None and found.key == model:
            yield variant
