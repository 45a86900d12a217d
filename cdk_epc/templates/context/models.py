"""Contexts of models, and the models that configurations and components reference."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_epc.spec import EndpointConfigSpec, InstancePool, ModelSpec, Path, ProductionVariant
from cdk_epc.spec.context import ModelContext, ReferencedModel
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


def model_context(evaluation: Evaluation, logical_id: str, model: ModelSpec) -> ModelContext:
    """Return a model with its variants, its execution role and its network."""
    key = (evaluation.template.index, logical_id)
    variants = tuple(
        variant
        for template, config in dict.fromkeys(_candidates(evaluation, logical_id))
        for variant in _variants_with(evaluation.within(template), config, key)
    )
    given = evaluation.scenario.app.root_of(evaluation.template).input
    value = model.execution_role_arn
    role = referenced_role(evaluation, value) if value is not None else None
    return ModelContext(
        model=model,
        variants=variants,
        execution_role=read_role(role) if role is not None else None,
        earlier_models=_earlier_models(role, key) if role is not None else (),
        region=given.region,
        account=given.account,
        texts=dict(texts_of(evaluation, model)),
        data_keys=dict(data_keys(evaluation, model)),
        has_bucket_policy=role is not None and has_bucket_policy_for(role),
        subnets=subnet_routes(evaluation, model.vpc_config),
    )


def _earlier_models(role: ResourceRef, key: ResourceKey) -> tuple[ModelContext, ...]:
    """Return the models of the app with a role, up to one of them."""
    referring = referring_resources(role.evaluation, MODEL, "ExecutionRoleArn")
    if len(referring.get(role.key, ())) <= 1:
        return ()
    models = cached(role.evaluation, (_models_with, *role.key), lambda: _models_with(role))
    keys = list(models)
    return tuple(models.values())[: keys.index(key)] if key in models else ()


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
                texts=dict(texts_of(evaluation, model)),
                data_keys=dict(data_keys(evaluation, model)),
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
