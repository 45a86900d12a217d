"""Inference components with what stands around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, Path
from cdk_epc.spec.context import InferenceComponentContext, ReferencedModel, ReferencedTarget
from cdk_epc.spec.fields import aws_steps
from cdk_epc.templates.app import COMPONENT, ENDPOINT, MODEL
from cdk_epc.templates.context.alarms import in_other_case, rollback_alarms
from cdk_epc.templates.context.scaled_resources import component_named, is_after, targets_on
from cdk_epc.templates.context.scaling import ConfigOf, target_context
from cdk_epc.templates.references import (
    ResourceRef,
    is_import,
    model_context,
    neighbour,
    spec_of,
)
from cdk_epc.templates.scenarios import Scope

_ENDPOINT: Final[Path] = ("endpoint_name",)
_BASE: Final[Path] = ("specification", "base_inference_component_name")


def component_as_placed(
    scope: Scope, logical_id: str, component: InferenceComponentSpec, config_of: ConfigOf
) -> InferenceComponentContext:
    """A component with its endpoint, its base, its models and what scales it.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        component: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    found = _endpoint(scope, logical_id, component)
    endpoint = spec_of(found.scope, found.logical_id, EndpointSpec) if found else None
    base = _base(scope, logical_id, component)
    of_base = spec_of(base.scope, base.logical_id, InferenceComponentSpec) if base else None
    return InferenceComponentContext(
        component=component,
        endpoint=endpoint[0] if endpoint else None,
        config=config_of(found, endpoint[0]) if found and endpoint else None,
        base=of_base[0] if of_base else None,
        models=dict(_models(scope, logical_id, component)),
        imported_models=frozenset(
            (*path, "model_name")
            for path, each in component.every_specification()
            if is_import(each.model_name)
        ),
        scalable_target=_scaled(scope, logical_id),
        depends_on_endpoint=is_after(scope, logical_id, found),
        depends_on_base=is_after(scope, logical_id, base),
        alarms=rollback_alarms(scope, logical_id, component.deployment_config),
        similar_endpoint_name=_spelt(scope, component.endpoint_name) if found is None else None,
    )


def _spelt(scope: Scope, name: object) -> str | None:
    return in_other_case(scope, name) if isinstance(name, str) else None


def _endpoint(scope: Scope, id_: str, component: InferenceComponentSpec) -> ResourceRef | None:
    at = (id_, aws_steps(_ENDPOINT, InferenceComponentSpec))
    found = neighbour(scope, ENDPOINT, component.endpoint_name, at)
    return found or neighbour(scope, ENDPOINT, component.endpoint_arn)


def _base(scope: Scope, id_: str, component: InferenceComponentSpec) -> ResourceRef | None:
    for path, each in component.every_specification():
        name = getattr(each, "base_inference_component_name", None)
        if path == _BASE[:-1] and name is not None:
            at = (id_, aws_steps(_BASE, InferenceComponentSpec))
            return neighbour(scope, COMPONENT, name, at) or component_named(scope, name)
    return None


def _models(
    scope: Scope, id_: str, component: InferenceComponentSpec
) -> Iterator[tuple[Path, ReferencedModel]]:
    for before, each in component.every_specification():
        path = (*before, "model_name")
        at = (id_, aws_steps(path, InferenceComponentSpec))
        found = neighbour(scope, MODEL, each.model_name, at)
        placed = model_context(scope, id_, found) if found is not None else None
        if placed is not None:
            yield path, placed


def _scaled(scope: Scope, logical_id: str) -> ReferencedTarget | None:
    located = (scope.source.index, logical_id)
    for target in targets_on(scope, located):
        return target_context(target.scope, target.logical_id)
    return None
