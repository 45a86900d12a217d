"""What the rules are about, made from a resource and what stands around it in a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    InstancePool,
    ModelSpec,
    Path,
    Spec,
)
from cdk_epc.spec.in_place import (
    ConfigInPlace,
    EndpointInPlace,
    ModelInPlace,
    RoleInPlace,
    Subject,
)
from cdk_epc.spec.paths import aws_steps
from cdk_epc.spec.unknown import items_of
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.names import COMPONENT, CONFIG, ENDPOINT, MODEL, NAMES
from cdk_epc.templates.neighbours import Neighbour, model_in_place, neighbour, settled, spec_of
from cdk_epc.templates.roles import role_in_place
from cdk_epc.templates.scaling import scaled_variants
from cdk_epc.templates.scenarios import Scope
from cdk_epc.templates.totals import Totals

SPECS: Final[Mapping[str, type[Spec]]] = {
    CONFIG: EndpointConfigSpec,
    MODEL: ModelSpec,
    ENDPOINT: EndpointSpec,
    COMPONENT: InferenceComponentSpec,
}
"""The types of resources that there are rules about."""


def subjects_of(scope: Scope, logical_id: str, spec: Spec, totals: Totals) -> Iterator[Subject]:
    """Everything about a resource that a rule can ask for."""
    if isinstance(spec, EndpointConfigSpec):
        yield spec
        if (in_place := config_in_place(scope, logical_id, totals)) is not None:
            yield in_place
    elif isinstance(spec, EndpointSpec):
        yield spec
        yield _endpoint_in_place(scope, logical_id, spec, totals)
    elif isinstance(spec, (ModelSpec, InferenceComponentSpec)):
        yield spec


def config_in_place(scope: Scope, logical_id: str, totals: Totals) -> ConfigInPlace | None:
    """A configuration with its models, roles and scalable targets."""
    key = (_config_in_place, scope.source.index, logical_id)
    return settled(scope, key, lambda: _config_in_place(scope, logical_id, totals))


def _config_in_place(scope: Scope, logical_id: str, totals: Totals) -> ConfigInPlace | None:
    read = spec_of(scope, logical_id, EndpointConfigSpec)
    if read is None:
        return None
    config = read[0]
    found = _models(scope, logical_id, config)
    models = {
        path: (each, in_place)
        for path, each in found.items()
        if (in_place := model_in_place(scope, logical_id, each)) is not None
    }
    before = totals.before(scope.source, logical_id)
    region = scope.run.app.outermost(scope.source).placed.region
    return ConfigInPlace(
        config=config,
        region=region,
        models={path: in_place for path, (_, in_place) in models.items()},
        roles=_roles(scope, config, models),
        scaled=scaled_variants(scope, logical_id, config),
        serverless_before=before.variants,
        concurrency_before=before.concurrency,
    )


def _models(scope: Scope, config_id: str, config: EndpointConfigSpec) -> dict[Path, Neighbour]:
    found: dict[Path, Neighbour] = {}
    for path, value in _model_names(config):
        steps = aws_steps(path, EndpointConfigSpec)
        if (each := neighbour(scope, MODEL, value, (config_id, steps))) is not None:
            found[path] = each
    return found


def _model_names(config: EndpointConfigSpec) -> Iterator[tuple[Path, Any]]:
    for path, variant in config.variants():
        if variant.model_name is not None:
            yield (*path, "model_name"), variant.model_name
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool) and pool.model_name_override is not None:
                place = (*path, "instance_pools", index, "model_name_override")
                yield place, pool.model_name_override


def _roles(
    scope: Scope,
    config: EndpointConfigSpec,
    models: Mapping[Path, tuple[Neighbour, ModelInPlace]],
) -> dict[Path, RoleInPlace]:
    roles: dict[Path, RoleInPlace] = {}
    for path, variant in config.variants():
        role = None
        if variant.model_name is None:
            role = role_in_place(scope, config.execution_role_arn)
        elif (*path, "model_name") in models:
            found, in_place = models[*path, "model_name"]
            role = role_in_place(found.scope, in_place.model.execution_role_arn)
        if role is not None:
            roles[path] = role
    return roles


def _endpoint_in_place(
    scope: Scope, logical_id: str, endpoint: EndpointSpec, totals: Totals
) -> EndpointInPlace:
    at = (logical_id, (NAMES[CONFIG],))
    found = neighbour(scope, CONFIG, endpoint.endpoint_config_name, at)
    config = config_in_place(found.scope, found.logical_id, totals) if found else None
    others = frozenset(_names_alike(scope, logical_id, endpoint.endpoint_name))
    return EndpointInPlace(endpoint=endpoint, config=config, other_names=others)


def _names_alike(scope: Scope, logical_id: str, name: object) -> Iterator[str]:
    """The names of other endpoints that differ from this one in capitals at most.

    All of them for each endpoint would be their number squared.
    """
    app, source = scope.run.app, scope.source
    if isinstance(name, str):
        for other, id_ in app.endpoints_alike(name):
            if (other is not source or id_ != logical_id) and (
                app.place(other) == app.place(source) and exists(scope.within(other), id_)
            ):
                yield other.raw(id_, "EndpointName")
