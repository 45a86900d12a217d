"""Contexts of models, and the models that configurations and components reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import overload

from cdk_epc.spec import EndpointConfigSpec, InstancePool, ModelSpec, Path, ProductionVariant
from cdk_epc.spec.context import ModelContext, ReferencedModel
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.unresolved import items_of
from cdk_epc.templates.app import CONFIG, MODEL, NAME_PROPERTIES, Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.iam import known_role
from cdk_epc.templates.dependencies import may_depend_on
from cdk_epc.templates.references import (
    ResourceKey,
    ResourceRef,
    named_resource,
    referring_resources,
    spec_of,
)
from cdk_epc.templates.scenarios import Evaluation


def model_names(config: EndpointConfigSpec) -> Iterator[tuple[Path, object, ProductionVariant]]:
    """Yield every model name in a configuration with its path and its variant."""
    for path, variant in config.variants():
        if variant.model_name is not None:
            yield (*path, "model_name"), variant.model_name, variant
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool) and pool.model_name_override is not None:
                pool_path = (*path, "instance_pools", index, "model_name_override")
                yield pool_path, pool.model_name_override, variant


def referenced_model(
    evaluation: Evaluation, logical_id: str, found: ResourceRef
) -> ReferencedModel | None:
    """Return the model of a configuration or component; ``None`` if its spec is unresolved.

    Args:
        evaluation: Evaluation of the template of the configuration or component.
        logical_id: Logical id of the configuration or component.
        found: The model.
    """
    read = spec_of(found.evaluation, found.logical_id, ModelSpec)
    if read is None:
        return None
    return ReferencedModel(
        model=read[0],
        logical_id=found.logical_id,
        is_dependency=may_depend_on(evaluation, logical_id, found),
    )


def model_context(evaluation: Evaluation, logical_id: str, model: ModelSpec) -> ModelContext:
    """Return a model with its variants and its execution role."""
    variants = _FoundVariants(lambda: _variants_of(evaluation, logical_id))
    role = known_role(evaluation, model.execution_role_arn)
    region = evaluation.scenario.app.root_of(evaluation.template).input.region
    return ModelContext(model=model, variants=variants, execution_role=role, region=region)


class _FoundVariants(Sequence[ProductionVariant]):
    """Variants that are searched at the first access, because few rules read them."""

    def __init__(self, find: Callable[[], Iterator[ProductionVariant]]) -> None:
        """Create a sequence of the variants that a function finds."""
        self._find = find

    @cached_property
    def _found(self) -> tuple[ProductionVariant, ...]:
        return tuple(self._find())

    @overload
    def __getitem__(self, index: int) -> ProductionVariant: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[ProductionVariant, ...]: ...

    def __getitem__(self, index: int | slice) -> ProductionVariant | tuple[ProductionVariant, ...]:
        """Return a variant or a part of the variants."""
        return self._found[index]

    def __len__(self) -> int:
        """Return the number of variants."""
        return len(self._found)


def _variants_of(evaluation: Evaluation, logical_id: str) -> Iterator[ProductionVariant]:
    key = (evaluation.template.index, logical_id)
    for template, config in dict.fromkeys(_candidates(evaluation, logical_id)):
        yield from _variants_with(evaluation.within(template), config, key)


def _candidates(evaluation: Evaluation, model: str) -> Iterator[Resource]:
    """Yield the configurations that may use a model; without a name, only references count."""
    app, template = evaluation.scenario.app, evaluation.template
    if template.raw_property(model, NAME_PROPERTIES[MODEL]) is not None:
        yield from app.of_type(CONFIG)
        return
    for property_ in ("ProductionVariants", "ShadowProductionVariants"):
        referring = referring_resources(evaluation, CONFIG, property_)
        yield from referring.get((template.index, model), ())


def _variants_with(
    evaluation: Evaluation, config: str, model: ResourceKey
) -> Iterator[ProductionVariant]:
    """Yield the variants of a configuration that use a model."""
    if not is_deployed(evaluation, config):
        return
    read = spec_of(evaluation, config, EndpointConfigSpec)
    for path, name, variant in model_names(read[0]) if read is not None else ():
        at = (config, aws_steps(path, EndpointConfigSpec))
        found = named_resource(evaluation, MODEL, name, at)
        if found is not None and found.key == model:
            yield variant
