"""Scalable targets of Application Auto Scaling on the variants of a configuration."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, Path
from cdk_epc.spec.context import ScalableTargetInPlace
from cdk_epc.spec.fields import Bounds
from cdk_epc.spec.unresolved import is_mapping, is_whole
from cdk_epc.templates.app import App
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.context.scaled_resources import targets_of
from cdk_epc.templates.expressions import canonical
from cdk_epc.templates.names import CONFIG, ENDPOINT, Located
from cdk_epc.templates.references import (
    Neighbour,
    neighbour,
    properties_of,
    spec_of,
)
from cdk_epc.templates.scalars import converted
from cdk_epc.templates.scenarios import Scope

_CONFIG_NAME: Final = "EndpointConfigName"
_WHOLE: Final = Bounds(int)


def scaled_variants(
    scope: Scope, logical_id: str, config: EndpointConfigSpec
) -> dict[Path, ScalableTargetInPlace]:
    """The scalable targets on the variants of a configuration, by the place of the variant."""
    by_name = {
        variant.variant_name: path
        for path, variant in config.variants()
        if isinstance(variant.variant_name, str)
    }
    return {
        by_name[name]: target_in_place(found.scope, found.logical_id)
        for endpoint in endpoints_of(scope, logical_id)
        for name, found in targets_of(endpoint)
        if name in by_name
    }


def endpoints_of(scope: Scope, config: str) -> Iterator[Neighbour]:
    """The endpoints that run a configuration in this scenario."""
    app, source = scope.run.app, scope.source
    candidates = [*app.referring(ENDPOINT, _CONFIG_NAME).get((source.index, config), ())]
    name = source.raw(config, _CONFIG_NAME)
    if name is not None:
        candidates += _by_config_name(app).get(_key(source.index, name), ())
    for inside, logical_id in dict.fromkeys(candidates):
        there = scope.within(inside)
        read = spec_of(there, logical_id, EndpointSpec) if exists(there, logical_id) else None
        if read is not None:
            value = read[0].endpoint_config_name
            found = neighbour(there, CONFIG, value, (logical_id, (_CONFIG_NAME,)))
            if found is not None and found.located == (source.index, config):
                yield Neighbour(there, logical_id)


def _key(index: int, name: object) -> Hashable:
    return name if isinstance(name, str) else (index, canonical(name))


def _by_config_name(app: App) -> Mapping[Hashable, list[Located]]:
    if _by_config_name not in app.settled:
        found: dict[Hashable, list[Located]] = {}
        for source in app.sources:
            for logical_id in source.of_type(ENDPOINT):
                name = source.raw(logical_id, _CONFIG_NAME)
                found.setdefault(_key(source.index, name), []).append((source, logical_id))
        app.settled[_by_config_name] = found
    known: Mapping[Hashable, list[Located]] = app.settled[_by_config_name]
    return known


def target_in_place(scope: Scope, logical_id: str) -> ScalableTargetInPlace:
    """A target, as the rules of what it scales are given it."""
    properties: Any = properties_of(scope, logical_id)
    known: dict[str, Any] = dict(properties) if is_mapping(properties) else {}
    dimension = known.get("ScalableDimension")
    least = converted(_WHOLE, known.get("MinCapacity"))
    return ScalableTargetInPlace(
        logical_id=logical_id,
        dimension=dimension if isinstance(dimension, str) else None,
        min_capacity=least if is_whole(least) else None,
    )
