"""Scalable targets of Application Auto Scaling on the variants of a configuration."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, Path
from cdk_epc.spec.in_place import ScalableTargetInPlace
from cdk_epc.spec.member import Bounds
from cdk_epc.spec.unknown import Unknown, is_mapping, is_whole
from cdk_epc.templates.app_index import App
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.expressions import canonical
from cdk_epc.templates.names import CONFIG, ENDPOINT, Located
from cdk_epc.templates.neighbours import Neighbour, neighbour, properties_of, spec_of
from cdk_epc.templates.places import written_at
from cdk_epc.templates.scalars import converted
from cdk_epc.templates.scenarios import Scope
from cdk_epc.templates.texts import parts_of

TARGET: Final = "AWS::ApplicationAutoScaling::ScalableTarget"
_CONFIG_NAME: Final = "EndpointConfigName"
_RESOURCE_ID: Final = re.compile(r"endpoint/(.+)/variant/(.+)")
_UNKNOWN: Final = "\0"
"""Stands for the one part of a ``ResourceId`` that is not known here: the endpoint's name."""
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
        by_name[name]: target
        for endpoint in endpoints_of(scope, logical_id)
        for name, target in _targets_of(endpoint)
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


def _targets_of(endpoint: Neighbour) -> Iterator[tuple[str, ScalableTargetInPlace]]:
    """The targets on an endpoint, each with the name of the variant."""
    scope, app = endpoint.scope, endpoint.scope.run.app
    candidates = [*app.referring(TARGET, "ResourceId").get(endpoint.located, ())]
    name = scope.source.raw(endpoint.logical_id, "EndpointName")
    if isinstance(name, str):
        candidates += _by_endpoint_name(app).get(name, ())
    for source, logical_id in dict.fromkeys(candidates):
        there = scope.within(source)
        variant = _variant_of(there, logical_id, endpoint) if exists(there, logical_id) else None
        if variant is not None:
            yield variant, target_in_place(there, logical_id)


def _by_endpoint_name(app: App) -> Mapping[str, list[Located]]:
    if _by_endpoint_name not in app.settled:
        found: dict[str, list[Located]] = {}
        for source in app.sources:
            for logical_id in source.of_type(TARGET):
                raw = source.raw(logical_id, "ResourceId")
                match = _RESOURCE_ID.fullmatch(raw) if isinstance(raw, str) else None
                if match:
                    found.setdefault(match[1], []).append((source, logical_id))
        app.settled[_by_endpoint_name] = found
    known: Mapping[str, list[Located]] = app.settled[_by_endpoint_name]
    return known


def _variant_of(scope: Scope, target: str, endpoint: Neighbour) -> str | None:
    """The name of the variant that a target is on, if it is one of the endpoint's."""
    raw = scope.source.raw(target, "ResourceId")
    parts = parts_of(scope, raw or written_at(scope, target, ("ResourceId",))) or []
    unknown = [part for part in parts if isinstance(part, Unknown)]
    whole = "".join(_UNKNOWN if isinstance(part, Unknown) else part for part in parts)
    match = _RESOURCE_ID.fullmatch(whole)
    if match is None or _UNKNOWN in match[2]:
        return None
    named = unknown[0] if match[1] == _UNKNOWN else match[1]
    found = neighbour(scope, ENDPOINT, named)
    return match[2] if found is not None and found.located == endpoint.located else None


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
