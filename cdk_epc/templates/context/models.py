"""Contexts of models, and the models that configurations and components reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, overload

from cdk_epc.spec import EndpointConfigSpec, InstancePool, ModelSpec, Path, ProductionVariant
from cdk_epc.spec.context import ModelContext, ReferencedModel
from cdk_epc.spec.earlier import InOrder
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.unresolved import items_of
from cdk_epc.templates.app import CONFIG, MODEL, NAME_PROPERTIES, Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.iam import read_role, referenced_role
from cdk_epc.templates.context.model_data import data_keys, has_bucket_policy_for, texts_of
from cdk_epc.templates.context.network import subnet_routes
from cdk_epc.templates.dependencies import may_depend_on
from cdk_epc.templates.references import (
    ResourceKey,
    ResourceRef,
    cached,
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


class _Variants(Sequence[ProductionVariant]):
    """Variants of a model, which are searched only if a rule reads them."""

    def __init__(self, evaluation: Evaluation, model: str) -> None:
        self._search: Callable[[], tuple[ProductionVariant, ...]] = partial(
            _variants_of, evaluation, model
        )
        self._found: tuple[ProductionVariant, ...] | None = None

    def _every(self) -> tuple[ProductionVariant, ...]:
        if self._found is None:
            self._found = self._search()
        return self._found

    def __len__(self) -> int:
        return len(self._every())

    @overload
    def __getitem__(self, index: int) -> ProductionVariant: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ProductionVariant]: ...
    def __getitem__(self, index: int | slice) -> ProductionVariant | Sequence[ProductionVariant]:
        return self._every()[index]


def model_context(evaluation: Evaluation, logical_id: str, model: ModelSpec) -> ModelContext:
    """Return a model with its variants, its execution role and its network."""
    app = evaluation.scenario.app
    given = app.root_of(evaluation.template).input
    role = referenced_role(evaluation, model.execution_role_arn)
    more: dict[str, Any] = {}
    if role is not None:
        more["execution_role"] = read_role(role)
        more["earlier_models"] = _earlier_models(role, (evaluation.template.index, logical_id))
        more["has_bucket_policy"] = has_bucket_policy_for(role)
        more["data_keys"] = data_keys(evaluation, model)
    if model.vpc_config is not None:
        more["subnets"] = subnet_routes(evaluation, model.vpc_config)
    return ModelContext(
        model=model,
        variants=_Variants(evaluation, logical_id),
        region=given.region,
        account=given.account,
        bucket_regions=app.bucket_regions,
        texts=texts_of(evaluation, model),
        **more,
    )


def _variants_of(evaluation: Evaluation, logical_id: str) -> tuple[ProductionVariant, ...]:
    key = (evaluation.template.index, logical_id)
    return tuple(
        variant
        for template, config in dict.fromkeys(_candidates(evaluation, logical_id))
        for variant in _variants_with(evaluation.within(template), config, key)
    )


def _earlier_models(role: ResourceRef, key: ResourceKey) -> Sequence[ModelContext]:
    """Return the models of the app with a role, up to one of them."""
    every = role.evaluation.scenario.app.of_type(MODEL)
    if next(every, None) and not next(every, None):
        return ()
    referring = referring_resources(role.evaluation, MODEL, "ExecutionRoleArn")
    if len(referring.get(role.key, ())) <= 1:
        return ()
    models = cached(
        role.evaluation,
        (_models_with, *role.key),
        lambda: InOrder[ModelContext].of(_models_with(role)),
    )
    return models.before(key)


def is_role_of_model(role: ResourceRef) -> bool:
    """Return whether a model of the app has a role."""
    return bool(referring_resources(role.evaluation, MODEL, "ExecutionRoleArn").get(role.key))


def _models_with(role: ResourceRef) -> dict[ResourceKey, ModelContext]:
    """Return the deployed and checked models with a role, in their order."""
    found: dict[ResourceKey, ModelContext] = {}
    referring = referring_resources(role.evaluation, MODEL, "ExecutionRoleArn")
    for template, logical_id in referring.get(role.key, ()):
        evaluation = role.evaluation.within(template)
        if template.macros() or not is_deployed(evaluation, logical_id):
            continue
        read = spec_of(evaluation, logical_id, ModelSpec)
        model = read[0] if read else None
        model_role = model and referenced_role(evaluation, model.execution_role_arn)
        if model and model_role and model_role.key == role.key:
            found[template.index, logical_id] = ModelContext(
                model=model,
                texts=texts_of(evaluation, model),
                data_keys=data_keys(evaluation, model),
            )
    return found


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
