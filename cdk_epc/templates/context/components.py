"""Contexts of inference components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, Path
from cdk_epc.spec.context import InferenceComponentContext, ReferencedModel, ReferencedTarget
from cdk_epc.spec.earlier import InOrder
from cdk_epc.spec.fields import aws_steps
from cdk_epc.templates.app import COMPONENT, ENDPOINT, MODEL
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.alarms import rollback_alarms, similar_endpoint_name
from cdk_epc.templates.context.model_data import texts_of_component
from cdk_epc.templates.context.models import referenced_model
from cdk_epc.templates.context.scaled_resources import named_component, targets_on_copies
from cdk_epc.templates.context.scaling import ConfigOf, referenced_target
from cdk_epc.templates.dependencies import is_dependent
from cdk_epc.templates.references import (
    ResourceKey,
    ResourceRef,
    cached,
    is_import,
    is_weak_import,
    named_resource,
    spec_of,
)
from cdk_epc.templates.scenarios import Evaluation

_ENDPOINT_NAME: Final[Path] = ("endpoint_name",)
_BASE_NAME: Final[Path] = ("specification", "base_inference_component_name")


def component_context(
    evaluation: Evaluation,
    logical_id: str,
    component: InferenceComponentSpec,
    config_of: ConfigOf,
) -> InferenceComponentContext:
    """Return a component with its endpoint, base component, models and scalable target.

    Args:
        evaluation: Evaluation of its template.
        logical_id: Logical id.
        component: The component.
        config_of: Function that returns the context of the configuration of an endpoint.
    """
    found = _endpoint(evaluation, logical_id, component)
    endpoint = spec_of(found.evaluation, found.logical_id, EndpointSpec) if found else None
    base = _base(evaluation, logical_id, component)
    base_spec = spec_of(base.evaluation, base.logical_id, InferenceComponentSpec) if base else None
    name = component.endpoint_name
    config = config_of(found, endpoint[0]) if found and endpoint else None
    more: dict[str, Any] = {}
    if found is not None and config is not None and config.execution_role is not None:
        more["texts"] = texts_of_component(evaluation, component)
        key = (evaluation.template.index, logical_id)
        more["earlier_components"] = _earlier_components(found, key)
    return InferenceComponentContext(
        component=component,
        endpoint=endpoint[0] if endpoint else None,
        config=config,
        base=base_spec[0] if base_spec else None,
        models=dict(_models(evaluation, logical_id, component)),
        imported_models=frozenset(
            (*path, "model_name")
            for path, each in component.every_specification()
            if is_import(evaluation, MODEL, each.model_name)
        ),
        weak_references=frozenset(
            (*path, "model_name")
            for path, each in component.every_specification()
            if is_weak_import(each.model_name)
        ),
        scalable_target=_target(evaluation, logical_id),
        depends_on_endpoint=is_dependent(evaluation, logical_id, found),
        depends_on_base=is_dependent(evaluation, logical_id, base),
        alarms=rollback_alarms(evaluation, logical_id, component.deployment_config),
        similar_endpoint_name=similar_endpoint_name(evaluation, name) if found is None else None,
        region=evaluation.scenario.app.root_of(evaluation.template).input.region,
        bucket_regions=evaluation.scenario.app.bucket_regions,
        **more,
    )


def _earlier_components(
    endpoint: ResourceRef, key: ResourceKey
) -> Sequence[InferenceComponentContext]:
    """Return the components of the app on an endpoint, up to one of them."""
    components = cached(
        endpoint.evaluation,
        (_components_on, *endpoint.key),
        lambda: InOrder[InferenceComponentContext].of(_components_on(endpoint)),
    )
    return components.before(key)


def _components_on(endpoint: ResourceRef) -> dict[ResourceKey, InferenceComponentContext]:
    """Return the deployed and checked components on an endpoint, in their order."""
    found: dict[ResourceKey, InferenceComponentContext] = {}
    for template, logical_id in endpoint.evaluation.scenario.app.of_type(COMPONENT):
        evaluation = endpoint.evaluation.within(template)
        if template.macros() or not is_deployed(evaluation, logical_id):
            continue
        read = spec_of(evaluation, logical_id, InferenceComponentSpec)
        host = _endpoint(evaluation, logical_id, read[0]) if read else None
        if read and host and host.key == endpoint.key:
            found[template.index, logical_id] = InferenceComponentContext(
                component=read[0], texts=texts_of_component(evaluation, read[0])
            )
    return found


def _endpoint(
    evaluation: Evaluation, logical_id: str, component: InferenceComponentSpec
) -> ResourceRef | None:
    at = (logical_id, aws_steps(_ENDPOINT_NAME, InferenceComponentSpec))
    found = named_resource(evaluation, ENDPOINT, component.endpoint_name, at)
    return found or named_resource(evaluation, ENDPOINT, component.endpoint_arn)


def _base(
    evaluation: Evaluation, logical_id: str, component: InferenceComponentSpec
) -> ResourceRef | None:
    """Return the component into which an adapter is loaded."""
    for path, each in component.every_specification():
        name = getattr(each, "base_inference_component_name", None)
        if path == _BASE_NAME[:-1] and name is not None:
            at = (logical_id, aws_steps(_BASE_NAME, InferenceComponentSpec))
            found = named_resource(evaluation, COMPONENT, name, at)
            return found or named_component(evaluation, name)
    return None


def _models(
    evaluation: Evaluation, logical_id: str, component: InferenceComponentSpec
) -> Iterator[tuple[Path, ReferencedModel]]:
    for specification_path, each in component.every_specification():
        path = (*specification_path, "model_name")
        at = (logical_id, aws_steps(path, InferenceComponentSpec))
        found = named_resource(evaluation, MODEL, each.model_name, at)
        model = referenced_model(evaluation, logical_id, found) if found is not None else None
        if model is not None:
            yield path, model


def _target(evaluation: Evaluation, logical_id: str) -> ReferencedTarget | None:
    key = (evaluation.template.index, logical_id)
    target = next(targets_on_copies(evaluation, key), None)
    return referenced_target(target.evaluation, target.logical_id) if target else None
