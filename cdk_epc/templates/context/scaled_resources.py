"""What scalable targets of SageMaker scale: variants of endpoints, and inference components."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

import attrs

from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import (
    Unresolved,
    is_mapping,
    is_string,
    items_of,
)
from cdk_epc.templates.app import (
    COMPONENT,
    ENDPOINT,
    NAMES,
    App,
    Located,
)
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.dependencies import waits_for
from cdk_epc.templates.expressions import is_function, named
from cdk_epc.templates.intrinsics import parts_of
from cdk_epc.templates.positions import written_at
from cdk_epc.templates.references import (
    ResourceRef,
    neighbour,
    referred,
    remembered,
)
from cdk_epc.templates.scenarios import Scope
from cdk_epc.templates.template import Source

TARGET: Final = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY: Final = "AWS::ApplicationAutoScaling::ScalingPolicy"
_OURS: Final = "sagemaker"
_RESOURCE_ID: Final = "ResourceId"
_UNKNOWN: Final = "\0"
"""Stands for the one part of a ``ResourceId`` that is not known here."""
_VARIANT: Final = re.compile(r"endpoint/(.+)/variant/(.+)", re.DOTALL)
_COPIES: Final = re.compile(r"inference-component/(.+)", re.DOTALL)


def is_of_sagemaker(source: Source, logical_id: str) -> bool:
    """Whether a target or a policy is of SageMaker; most are of other services."""
    properties = source.raw_properties(logical_id)
    if not is_mapping(properties):
        return False
    target = properties.get("ScalingTargetId")
    of = target.get("Ref") if is_mapping(target) else None
    is_policy = source.resources[logical_id]["Type"] == POLICY
    if is_policy and isinstance(of, str) and of in source.resources:
        return source.resources[of]["Type"] == TARGET and is_of_sagemaker(source, of)
    texts = (properties.get("ServiceNamespace"), properties.get("ScalableDimension"))
    return any(isinstance(each, str) and each.startswith(_OURS) for each in texts) or any(
        map(is_function, properties)
    )


Place: TypeAlias = tuple[int, str, bool]
"""A resource by its template and logical id, in whichever scenario, and if it is referred to."""


@attrs.frozen
class Scaled:
    """What a ``ResourceId`` names: a variant of an endpoint, or a component."""

    place: Place | None
    variant: str | None = None
    endpoint: str | None = None
    """The endpoint's name, where that is written out."""
    is_open: bool = False
    """Whether it may name any variant in sight, for all that is known."""
    resource_id_has_arn: bool = False
    """Whether it has the ARN of what it names, which a plain reference is."""

    def found(self, scope: Scope) -> ResourceRef | None:
        """The endpoint or the component in a scenario."""
        return in_scenario(scope, self.place)


def placed_at(found: ResourceRef | None) -> Place | None:
    """Where a resource stands, to be kept for other scenarios."""
    return None if found is None else (*found.located, found.by_reference)


def in_scenario(scope: Scope, place: Place | None) -> ResourceRef | None:
    """The resource that stands there in a scenario."""
    if place is None:
        return None
    index, logical_id, by_reference = place
    return ResourceRef(scope.within(scope.run.app.sources[index]), logical_id, by_reference)


def scaled_by(scope: Scope, logical_id: str) -> Scaled:
    """What a target scales."""
    key = (scaled_by, scope.source.index, logical_id)
    return remembered(scope, key, lambda: _parsed(scope, logical_id))


def may_be_of_sagemaker(source: Source, policy: str) -> bool:
    """Whether a policy is of SageMaker, for all that is known before its target is."""
    properties = source.raw_properties(policy)
    if is_of_sagemaker(source, policy) or not is_mapping(properties):
        return is_mapping(properties)
    service, target = properties.get("ServiceNamespace"), properties.get("ScalingTargetId")
    if isinstance(service, str):
        return False
    if isinstance(target, str):  # as a target is referred to: the resource, dimension, service
        return target.endswith(_OURS)
    of = target.get("Ref") if is_mapping(target) else None
    is_another = isinstance(of, str) and of in source.resources
    return not is_another and (target is not None or is_mapping(service))


def _parsed(scope: Scope, logical_id: str) -> Scaled:
    node = written_at(scope, logical_id, (_RESOURCE_ID,))
    if is_mapping(node) and _RESOURCE_ID in node:  # a function of all properties beside them
        node = node[_RESOURCE_ID]
    parts = parts_of(scope, node) or []
    unknown = [part for part in parts if isinstance(part, Unresolved)]
    whole = "".join(_UNKNOWN if isinstance(part, Unresolved) else part for part in parts)
    if (match := _VARIANT.fullmatch(whole)) is not None and _UNKNOWN not in match[2]:
        value: object = unknown[0] if match[1] == _UNKNOWN else match[1]
        name = value if isinstance(value, str) and _UNKNOWN not in value else None
        place = placed_at(neighbour(scope, ENDPOINT, value))
        is_open = place is None and (name is None or _is_some_name_unknown(scope.run.app))
        return Scaled(place, match[2], name, is_open, _is_arn(value, ENDPOINT))
    if (match := _COPIES.fullmatch(whole)) is not None:
        value = unknown[0] if match[1] == _UNKNOWN else match[1]
        place = placed_at(component_named(scope, value))
        return Scaled(place, resource_id_has_arn=_is_arn(value, COMPONENT))
    return Scaled(None, is_open=node is not None and (not parts or bool(unknown)))


def _is_arn(value: object, type_: str) -> bool:
    """Whether a value is the ARN of a resource of a type, which is what its ``Ref`` gives."""
    refers_to = value.refers_to if isinstance(value, Unresolved) else None
    return (
        refers_to is not None
        and refers_to.type == type_
        and (refers_to.attribute or "Arn").endswith("Arn")
    )


def _is_some_name_unknown(app: App) -> bool:
    """Whether an endpoint may be called whatever somebody else writes out."""
    named_by = ((source, id_) for source in app.sources for id_ in source.of_type(ENDPOINT))
    return any(is_mapping(source.raw(id_, NAMES[ENDPOINT])) for source, id_ in named_by)


def component_named(scope: Scope, value: object) -> ResourceRef | None:
    """The component that a value names, which may be cut out of its ARN."""
    found = neighbour(scope, COMPONENT, value)
    if found is not None or not isinstance(value, Unresolved) or value.refers_to is not None:
        return found
    mentioned = dict.fromkeys(name for _, name in named(value.expression))
    references = [scope.source.reference(name, None) for name in mentioned]
    if len(references) != 1 or references[0] is None:
        return None
    return referred(scope, COMPONENT, Unresolved(value.expression, references[0]))


def is_after(scope: Scope, logical_id: str, found: ResourceRef | None) -> bool:
    """Whether a resource waits for another; across templates nobody can tell, so it does."""
    return (
        found is None
        or found.by_reference
        or found.scope.source is not scope.source
        or found.logical_id in waits_for(scope, logical_id)
    )


def targets_in(scope: Scope) -> Iterator[Located]:
    """All targets of SageMaker in the app, deployed in this scenario or not."""
    for source in scope.run.app.sources:
        for target in source.of_type(TARGET):
            if is_of_sagemaker(source, target):
                yield source, target


def may_be_scaled(scope: Scope, config: EndpointConfigSpec) -> bool:
    """Whether some target may be on a variant of a configuration, for all that is known of both."""
    if not scope.run.app.is_whole:
        return True
    some, is_open = remembered(scope, may_be_scaled, lambda: _targets(scope))
    lists = (config.production_variants, config.shadow_production_variants)
    names = [getattr(each, "variant_name", None) for given in lists for each in items_of(given)]
    return is_open or (some and not all(map(is_string, names)))


def _targets(scope: Scope) -> tuple[bool, bool]:
    """Whether there is some target, and whether there is one of nobody knows what."""
    places = ((scope.within(source), target) for source, target in targets_in(scope))
    scaled = [scaled_by(there, target) for there, target in places if exists(there, target)]
    return bool(scaled), any(each.is_open for each in scaled)


def targets_of(endpoint: ResourceRef) -> Iterator[tuple[str, ResourceRef]]:
    """The targets on the variants of an endpoint, each with the name of the variant."""
    scope = endpoint.scope
    by_endpoint = remembered(scope, targets_of, lambda: _by_endpoint(scope))
    for variant, place in by_endpoint.get(endpoint.located, ()):
        if (found := in_scenario(scope, place)) is not None:
            yield variant, found


def _by_endpoint(scope: Scope) -> dict[tuple[int, str], list[tuple[str, Place]]]:
    found: dict[tuple[int, str], list[tuple[str, Place]]] = {}
    # Whose is none of ours by its service; what is scaled tells the rest.
    every = ((source, id_) for source in scope.run.app.sources for id_ in source.of_type(TARGET))
    for source, target in every:
        if source.raw(target, "ServiceNamespace") not in (None, _OURS) and not is_of_sagemaker(
            source, target
        ):
            continue
        there = scope.within(source)
        scaled = scaled_by(there, target) if exists(there, target) else None
        if scaled is not None and scaled.place is not None and scaled.variant is not None:
            place = (source.index, target, False)
            found.setdefault(scaled.place[:2], []).append((scaled.variant, place))
    return found


def targets_on(scope: Scope, component: tuple[int, str]) -> Iterator[ResourceRef]:
    """The targets on the copies of a component."""
    for source, target in targets_in(scope):
        there = scope.within(source)
        if exists(there, target):
            scaled = scaled_by(there, target)
            if scaled.variant is None and scaled.place and scaled.place[:2] == component:
                yield ResourceRef(there, target)
