"""Inference components with what stands around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, Path
from cdk_epc.spec.context import InferenceComponentContext, ReferencedModel, ReferencedTarget
from cdk_epc.spec.fields import aws_steps
from cdk_epc.templates.app import COMPONENT, ENDPOINT, MODEL
from cdk_epc.templates.context.alarms import similar_endpoint_name, rollback_alarms
from cdk_epc.templates.context.scaled_resources import (
    named_component,
    is_created_after,
    targets_on_copies,
)
from cdk_epc.templates.context.scaling import ConfigOf, referenced_target
from cdk_epc.templates.references import (
    ResourceRef,
    is_import,
    referenced_model,
    named_resource,
    spec_of,
)
from cdk_epc.templates.scenarios import Evaluation

_ENDPOINT: Final[Path] = ("endpoint_name",)
_BASE: Final[Path] = ("specification", "base_inference_component_name")


def component_context(
    evaluation: Evaluation, logical_id: str, component: InferenceComponentSpec, config_of: ConfigOf
) -> InferenceComponentContext:
    """A component with its endpoint, its base, its models and what scales it.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        component: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    found = _endpoint(evaluation, logical_id, component)
    endpoint = spec_of(found.evaluation, found.logical_id, EndpointSpec) if found else None
    base = _base(evaluation, logical_id, component)
    of_base = spec_of(base.evaluation, base.logical_id, InferenceComponentSpec) if base else None
    return InferenceComponentContext(
        component=component,
        endpoint=endpoint[0] if endpoint else None,
        config=config_of(found, endpoint[0]) if found and endpoint else None,
        base=of_base[0] if of_base else None,
        models=dict(_models(evaluation, logical_id, component)),
        imported_models=frozenset(
            (*path, "model_name")
            for path, each in component.every_specification()
            if is_import(each.model_name)
        ),
        scaled=_scaled(evaluation, logical_id),
        is_created_after_endpoint=is_created_after(evaluation, logical_id, found),
        is_created_after_base=is_created_after(evaluation, logical_id, base),
        alarms=rollback_alarms(evaluation, logical_id, component.deployment_config),
        spelt=_spelt(evaluation, component.endpoint_name) if found is None else None,
    )


def _spelt(evaluation: Evaluation, name: object) -> str | None:
    return similar_endpoint_name(evaluation, name) if isinstance(name, str) else None


def _endpoint(
    evaluation: Evaluation, id_: str, component: InferenceComponentSpec
) -> ResourceRef | None:
    at = (id_, aws_steps(_ENDPOINT, InferenceComponentSpec))
    found = named_resource(evaluation, ENDPOINT, component.endpoint_name, at)
    return found or named_resource(evaluation, ENDPOINT, component.endpoint_arn)


def _base(
    evaluation: Evaluation, id_: str, component: InferenceComponentSpec
) -> ResourceRef | None:
    for path, each in component.every_specification():
        name = getattr(each, "base_inference_component_name", None)
        if path == _BASE[:-1] and name is not None:
            at = (id_, aws_steps(_BASE, InferenceComponentSpec))
            return named_resource(evaluation, COMPONENT, name, at) or named_component(
                evaluation, name
            )
    return None


def _models(
    evaluation: Evaluation, id_: str, component: InferenceComponentSpec
) -> Iterator[tuple[Path, ReferencedModel]]:
    for before, each in component.every_specification():
        path = (*before, "model_name")
        at = (id_, aws_steps(path, InferenceComponentSpec))
        found = named_resource(evaluation, MODEL, each.model_name, at)
        placed = referenced_model(evaluation, id_, found) if found is not None else None
        if placed is not None:
            yield path, placed


def _scaled(evaluation: Evaluation, logical_id: str) -> ReferencedTarget | None:
    located = (evaluation.template.index, logical_id)
    for target in targets_on_copies(evaluation, located):
        return referenced_target(target.evaluation, target.logical_id)
    return None
