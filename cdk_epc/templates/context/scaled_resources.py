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
    is_text,
    items_of,
)
from cdk_epc.templates.app import (
    COMPONENT,
    ENDPOINT,
    NAME_PROPERTIES,
    App,
    Resource,
)
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.dependencies import dependencies_of
from cdk_epc.templates.expressions import is_function, names_in
from cdk_epc.templates.intrinsics import parts_of
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.references import (
    ResourceRef,
    named_resource,
    referenced_resource,
    cached,
)
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template

TARGET: Final = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY: Final = "AWS::ApplicationAutoScaling::ScalingPolicy"
_OURS: Final = "sagemaker"
_RESOURCE_ID: Final = "ResourceId"
_UNKNOWN: Final = "\0"
"""Stands for the one part of a ``ResourceId`` that is not known here."""
_VARIANT: Final = re.compile(r"endpoint/(.+)/variant/(.+)", re.DOTALL)
_COPIES: Final = re.compile(r"inference-component/(.+)", re.DOTALL)


def is_of_sagemaker(template: Template, logical_id: str) -> bool:
    """Whether a target or a policy is of SageMaker; most are of other services."""
    properties = template.raw_properties(logical_id)
    if not is_mapping(properties):
        return False
    target = properties.get("ScalingTargetId")
    of = target.get("Ref") if is_mapping(target) else None
    is_policy = template.resources[logical_id]["Type"] == POLICY
    if is_policy and isinstance(of, str) and of in template.resources:
        return template.resources[of]["Type"] == TARGET and is_of_sagemaker(template, of)
    texts = (properties.get("ServiceNamespace"), properties.get("ScalableDimension"))
    return any(isinstance(each, str) and each.startswith(_OURS) for each in texts) or any(
        map(is_function, properties)
    )


StoredRef: TypeAlias = tuple[int, str, bool]
"""A resource by its template and logical id, in whichever scenario, and if it is referred to."""


@attrs.frozen
class ScaledResource:
    """What a ``ResourceId`` names: a variant of an endpoint, or a component."""

    ref: StoredRef | None
    variant: str | None = None
    endpoint: str | None = None
    """The endpoint's name, where that is written out."""
    is_open: bool = False
    """Whether it may name any variant in sight, for all that is known."""
    is_by_arn: bool = False
    """Whether it has the ARN of what it names, which a plain reference is."""

    def found(self, evaluation: Evaluation) -> ResourceRef | None:
        """The endpoint or the component in a scenario."""
        return restored_ref(evaluation, self.ref)


def stored_ref(found: ResourceRef | None) -> StoredRef | None:
    """Where a resource stands, to be kept for other scenarios."""
    return None if found is None else (*found.key, found.by_reference)


def restored_ref(evaluation: Evaluation, place: StoredRef | None) -> ResourceRef | None:
    """The resource that stands there in a scenario."""
    if place is None:
        return None
    index, logical_id, by_reference = place
    return ResourceRef(
        evaluation.within(evaluation.scenario.app.templates[index]), logical_id, by_reference
    )


def scaled_resource(evaluation: Evaluation, logical_id: str) -> ScaledResource:
    """What a target scales."""
    key = (scaled_resource, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: _parsed(evaluation, logical_id))


def may_be_of_sagemaker(template: Template, policy: str) -> bool:
    """Whether a policy is of SageMaker, for all that is known before its target is."""
    properties = template.raw_properties(policy)
    if is_of_sagemaker(template, policy) or not is_mapping(properties):
        return is_mapping(properties)
    service, target = properties.get("ServiceNamespace"), properties.get("ScalingTargetId")
    if isinstance(service, str):
        return False
    if isinstance(target, str):  # as a target is referred to: the resource, dimension, service
        return target.endswith(_OURS)
    of = target.get("Ref") if is_mapping(target) else None
    is_another = isinstance(of, str) and of in template.resources
    return not is_another and (target is not None or is_mapping(service))


def _parsed(evaluation: Evaluation, logical_id: str) -> ScaledResource:
    node = expression_at(evaluation, logical_id, (_RESOURCE_ID,))
    if is_mapping(node) and _RESOURCE_ID in node:  # a function of all properties beside them
        node = node[_RESOURCE_ID]
    parts = parts_of(evaluation, node) or []
    unknown = [part for part in parts if isinstance(part, Unresolved)]
    whole = "".join(_UNKNOWN if isinstance(part, Unresolved) else part for part in parts)
    if (match := _VARIANT.fullmatch(whole)) is not None and _UNKNOWN not in match[2]:
        value: object = unknown[0] if match[1] == _UNKNOWN else match[1]
        name = value if isinstance(value, str) and _UNKNOWN not in value else None
        place = stored_ref(named_resource(evaluation, ENDPOINT, value))
        is_open = place is None and (name is None or _is_some_name_unknown(evaluation.scenario.app))
        return ScaledResource(place, match[2], name, is_open, _is_arn(value, ENDPOINT))
    if (match := _COPIES.fullmatch(whole)) is not None:
        value = unknown[0] if match[1] == _UNKNOWN else match[1]
        place = stored_ref(named_component(evaluation, value))
        return ScaledResource(place, is_by_arn=_is_arn(value, COMPONENT))
    return ScaledResource(None, is_open=node is not None and (not parts or bool(unknown)))


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
    named_by = ((template, id_) for template in app.templates for id_ in template.of_type(ENDPOINT))
    return any(
        is_mapping(template.raw(id_, NAME_PROPERTIES[ENDPOINT])) for template, id_ in named_by
    )


def named_component(evaluation: Evaluation, value: object) -> ResourceRef | None:
    """The component that a value names, which may be cut out of its ARN."""
    found = named_resource(evaluation, COMPONENT, value)
    if found is not None or not isinstance(value, Unresolved) or value.refers_to is not None:
        return found
    mentioned = dict.fromkeys(name for _, name in names_in(value.expression))
    references = [evaluation.template.reference(name, None) for name in mentioned]
    if len(references) != 1 or references[0] is None:
        return None
    return referenced_resource(evaluation, COMPONENT, Unresolved(value.expression, references[0]))


def is_created_after(evaluation: Evaluation, logical_id: str, found: ResourceRef | None) -> bool:
    """Whether a resource waits for another; across templates nobody can tell, so it does."""
    return (
        found is None
        or found.by_reference
        or found.evaluation.template is not evaluation.template
        or found.logical_id in dependencies_of(evaluation, logical_id)
    )


def scalable_targets(evaluation: Evaluation) -> Iterator[Resource]:
    """All targets of SageMaker in the app, deployed in this scenario or not."""
    for template in evaluation.scenario.app.templates:
        for target in template.of_type(TARGET):
            if is_of_sagemaker(template, target):
                yield template, target


def may_be_scaled(evaluation: Evaluation, config: EndpointConfigSpec) -> bool:
    """Whether some target may be on a variant of a configuration, for all that is known of both."""
    if not evaluation.scenario.app.is_complete:
        return True
    some, is_open = cached(evaluation, may_be_scaled, lambda: _targets(evaluation))
    lists = (config.production_variants, config.shadow_production_variants)
    names = [getattr(each, "variant_name", None) for given in lists for each in items_of(given)]
    return is_open or (some and not all(map(is_text, names)))


def _targets(evaluation: Evaluation) -> tuple[bool, bool]:
    """Whether there is some target, and whether there is one of nobody knows what."""
    places = (
        (evaluation.within(template), target) for template, target in scalable_targets(evaluation)
    )
    scaled = [
        scaled_resource(there, target) for there, target in places if is_deployed(there, target)
    ]
    return bool(scaled), any(each.is_open for each in scaled)


def targets_on_variants(endpoint: ResourceRef) -> Iterator[tuple[str, ResourceRef]]:
    """The targets on the variants of an endpoint, each with the name of the variant."""
    evaluation = endpoint.evaluation
    by_endpoint = cached(evaluation, targets_on_variants, lambda: _by_endpoint(evaluation))
    for variant, place in by_endpoint.get(endpoint.key, ()):
        if (found := restored_ref(evaluation, place)) is not None:
            yield variant, found


def _by_endpoint(evaluation: Evaluation) -> dict[tuple[int, str], list[tuple[str, StoredRef]]]:
    found: dict[tuple[int, str], list[tuple[str, StoredRef]]] = {}
    # Whose is none of ours by its service; what is scaled tells the rest.
    every = (
        (template, id_)
        for template in evaluation.scenario.app.templates
        for id_ in template.of_type(TARGET)
    )
    for template, target in every:
        if template.raw(target, "ServiceNamespace") not in (None, _OURS) and not is_of_sagemaker(
            template, target
        ):
            continue
        there = evaluation.within(template)
        scaled = scaled_resource(there, target) if is_deployed(there, target) else None
        if scaled is not None and scaled.ref is not None and scaled.variant is not None:
            place = (template.index, target, False)
            found.setdefault(scaled.ref[:2], []).append((scaled.variant, place))
    return found


def targets_on_copies(evaluation: Evaluation, component: tuple[int, str]) -> Iterator[ResourceRef]:
    """The targets on the copies of a component."""
    for template, target in scalable_targets(evaluation):
        there = evaluation.within(template)
        if is_deployed(there, target):
            scaled = scaled_resource(there, target)
            if scaled.variant is None and scaled.ref and scaled.ref[:2] == component:
                yield ResourceRef(there, target)
