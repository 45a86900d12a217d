"""Resources that SageMaker's scalable targets scale: variants of endpoints, and components."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Final

import attrs

from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import Unresolved, is_mapping, is_string, items_of
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, NAME_PROPERTIES, App
from cdk_epc.templates.conditions import is_deployed, variable_of
from cdk_epc.templates.expressions import is_function, names_in
from cdk_epc.templates.intrinsics import Parts, text_parts
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.references import (
    ResourceKey,
    ResourceRef,
    StoredRef,
    cached,
    named_resource,
    referenced_resource,
    restored_ref,
    stored_ref,
)
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template

TARGET: Final = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY: Final = "AWS::ApplicationAutoScaling::ScalingPolicy"
_SAGEMAKER: Final = "sagemaker"
_RESOURCE_ID: Final = "ResourceId"
_UNKNOWN: Final = "\0"
"""Substitute for an unknown part of a ``ResourceId``."""
_VARIANT: Final = re.compile(r"endpoint/(.+)/variant/(.+)", re.DOTALL)
_COPIES: Final = re.compile(r"inference-component/(.+)", re.DOTALL)


def is_of_sagemaker(template: Template, logical_id: str) -> bool:
    """Return whether a target or policy is surely or possibly of SageMaker."""
    properties = template.raw_properties(logical_id)
    if not is_mapping(properties):
        return False
    target = _target_ref(properties)
    is_policy = template.resources[logical_id]["Type"] == POLICY
    if is_policy and target is not None and target in template.resources:
        return template.resources[target]["Type"] == TARGET and is_of_sagemaker(template, target)
    texts = (properties.get("ServiceNamespace"), properties.get("ScalableDimension"))
    return any(isinstance(each, str) and each.startswith(_SAGEMAKER) for each in texts) or any(
        map(is_function, properties)
    )


def may_be_of_sagemaker(template: Template, policy: str) -> bool:
    """Return whether a policy may be of SageMaker, before its target is known."""
    properties = template.raw_properties(policy)
    if is_of_sagemaker(template, policy) or not is_mapping(properties):
        return is_mapping(properties)
    service, target = properties.get("ServiceNamespace"), properties.get("ScalingTargetId")
    if isinstance(service, str):
        return False
    if isinstance(target, str):  # the Ref of a target: resource id, dimension and service
        return target.endswith(_SAGEMAKER)
    name = _target_ref(properties)
    is_of_known_target = name is not None and name in template.resources
    return not is_of_known_target and (target is not None or is_mapping(service))


def _target_ref(properties: object) -> str | None:
    """Return the logical id in the ``ScalingTargetId`` of a policy."""
    target = properties.get("ScalingTargetId") if is_mapping(properties) else None
    name = target.get("Ref") if is_mapping(target) else None
    return name if isinstance(name, str) else None


@attrs.frozen
class ScaledResource:
    """Resource that a ``ResourceId`` names: a variant of an endpoint, or a component.

    Attributes:
        ref: The endpoint or component; ``None`` if it is unknown.
        variant: Name of the variant; ``None`` for a component.
        endpoint: Name of the endpoint if the ``ResourceId`` contains it as text.
        may_be_any_variant: Whether the ``ResourceId`` may name any variant of the app.
        resource_id_has_arn: Whether the ``ResourceId`` contains an ARN, which ``Ref`` returns.
        config: Logical id of a configuration whose generated name the ``ResourceId`` contains.
    """

    ref: StoredRef | None
    variant: str | None = None
    endpoint: str | None = None
    may_be_any_variant: bool = False
    resource_id_has_arn: bool = False
    config: str | None = None

    @property
    def key(self) -> ResourceKey | None:
        """Key of the endpoint or component in its app."""
        return None if self.ref is None else self.ref[:2]

    def restored(self, evaluation: Evaluation) -> ResourceRef | None:
        """Return the endpoint or component in the scenario of an evaluation."""
        return restored_ref(evaluation, self.ref)


def scaled_resource(evaluation: Evaluation, target: str) -> ScaledResource:
    """Return the resource that a target scales."""
    key = (scaled_resource, evaluation.template.index, target)
    return cached(evaluation, key, lambda: _parsed(evaluation, target))


def _parsed(evaluation: Evaluation, target: str) -> ScaledResource:
    node = expression_at(evaluation, target, (_RESOURCE_ID,))
    # A function in the properties beside the members may add members.
    if is_mapping(node) and _RESOURCE_ID in node:
        node = node[_RESOURCE_ID]
    parts = text_parts(evaluation, node) or []
    unknown = [part for part in parts if isinstance(part, Unresolved)]
    text = "".join(_UNKNOWN if isinstance(part, Unresolved) else part for part in parts)
    if (match := _VARIANT.fullmatch(text)) is not None and _UNKNOWN not in match[2]:
        value: object = unknown[0] if match[1] == _UNKNOWN else match[1]
        name = value if isinstance(value, str) and _UNKNOWN not in value else None
        ref = stored_ref(named_resource(evaluation, ENDPOINT, value))
        if ref is None:
            ref = _endpoint_with_name(evaluation, _name_parts(match[1], unknown))
        is_any = ref is None and (name is None or _has_unknown_names(evaluation.scenario.app))
        return ScaledResource(
            ref,
            match[2],
            name,
            is_any,
            resource_id_has_arn=_is_arn(value, ENDPOINT),
            config=_generated_config_name(evaluation, value),
        )
    if (match := _COPIES.fullmatch(text)) is not None:
        value = unknown[0] if match[1] == _UNKNOWN else match[1]
        ref = stored_ref(named_component(evaluation, value))
        return ScaledResource(ref, resource_id_has_arn=_is_arn(value, COMPONENT))
    is_any = node is not None and (not parts or bool(unknown))
    return ScaledResource(None, may_be_any_variant=is_any)


def _name_parts(text: str, unknown: list[Unresolved]) -> Parts:
    """Return the parts of a name in which each unknown part has a substitute."""
    known = text.split(_UNKNOWN)
    parts: Parts = [known[0]]
    for after, part in zip(known[1:], unknown, strict=False):
        parts += [part, after]
    return parts


def _endpoint_with_name(evaluation: Evaluation, parts: Parts) -> StoredRef | None:
    """Return the deployed endpoint of the same template whose name is an equal expression."""
    key = (_endpoint_with_name, evaluation.template.index)
    by_name = cached(evaluation, key, lambda: _endpoints_by_name(evaluation))
    found = by_name.get(_parts_key(evaluation, parts), [])
    return found[0] if len(found) == 1 else None


def _endpoints_by_name(evaluation: Evaluation) -> dict[Hashable, list[StoredRef]]:
    found: dict[Hashable, list[StoredRef]] = {}
    template = evaluation.template
    for logical_id in template.of_type(ENDPOINT):
        node = expression_at(evaluation, logical_id, (NAME_PROPERTIES[ENDPOINT],))
        if is_mapping(node) and is_deployed(evaluation, logical_id):
            key = _parts_key(evaluation, text_parts(evaluation, node) or [])
            found.setdefault(key, []).append((template.index, logical_id, False))
    return found


def _parts_key(evaluation: Evaluation, parts: Parts) -> Hashable:
    """Return a key that is equal for equal texts, however the parts are divided."""
    key: list[Hashable] = [""]
    for part in parts:
        if isinstance(part, Unresolved):
            key += [(variable_of(evaluation, part.expression),), ""]
        else:
            key[-1] = f"{key[-1]}{part}"
    return tuple(key)


def _is_arn(value: object, type_: str) -> bool:
    """Return whether a value is a reference to the ARN of a resource of a type."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    return (
        reference is not None
        and reference.type == type_
        and (reference.attribute or "Arn").endswith("Arn")
    )


def _generated_config_name(evaluation: Evaluation, value: object) -> str | None:
    """Return the configuration of a reference to a name that CloudFormation generates."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.type != CONFIG or reference.template is not None:
        return None
    name = evaluation.template.property_or_function(reference.logical_id, NAME_PROPERTIES[CONFIG])
    return reference.logical_id if name is None else None


def _has_unknown_names(app: App) -> bool:
    """Return whether the name of an endpoint is an expression, so that it may be any name."""
    return any(
        is_mapping(template.raw_property(logical_id, NAME_PROPERTIES[ENDPOINT]))
        for template, logical_id in app.of_type(ENDPOINT)
    )


def named_component(evaluation: Evaluation, value: object) -> ResourceRef | None:
    """Return the component that a value names, also where the name is cut out of its ARN."""
    found = named_resource(evaluation, COMPONENT, value)
    if found is not None or not isinstance(value, Unresolved) or value.refers_to is not None:
        return found
    names = dict.fromkeys(name for _, name in names_in(value.expression))
    references = [evaluation.template.reference(name, None) for name in names]
    if len(references) != 1 or references[0] is None:
        return None
    return referenced_resource(evaluation, COMPONENT, Unresolved(value.expression, references[0]))


def deployed_targets(evaluation: Evaluation) -> Iterator[tuple[Evaluation, str]]:
    """Yield the deployed targets of SageMaker in the app, each with its evaluation."""
    for template, target in evaluation.scenario.app.of_type(TARGET):
        if is_of_sagemaker(template, target):
            owner = evaluation.within(template)
            if is_deployed(owner, target):
                yield owner, target


def may_be_scaled(evaluation: Evaluation, config: EndpointConfigSpec) -> bool:
    """Return whether a target may scale a variant of a configuration."""
    if not evaluation.scenario.app.is_complete:
        return True
    has_targets, may_be_any = cached(evaluation, may_be_scaled, lambda: _target_summary(evaluation))
    lists = (config.production_variants, config.shadow_production_variants)
    names = [getattr(each, "variant_name", None) for given in lists for each in items_of(given)]
    return may_be_any or (has_targets and not all(map(is_string, names)))


def _target_summary(evaluation: Evaluation) -> tuple[bool, bool]:
    """Return whether there are targets, and whether one of them may scale any variant."""
    scaled = [scaled_resource(*each) for each in deployed_targets(evaluation)]
    return bool(scaled), any(each.may_be_any_variant for each in scaled)


def targets_on_variants(endpoint: ResourceRef) -> Iterator[tuple[str, ResourceRef]]:
    """Yield the targets on the variants of an endpoint, each with the name of the variant."""
    evaluation = endpoint.evaluation
    by_endpoint = cached(evaluation, targets_on_variants, lambda: _by_endpoint(evaluation))
    for variant, ref in by_endpoint.get(endpoint.key, ()):
        if (target := restored_ref(evaluation, ref)) is not None:
            yield variant, target


def _by_endpoint(evaluation: Evaluation) -> dict[ResourceKey, list[tuple[str, StoredRef]]]:
    """Return the variant names and targets of each endpoint."""
    found: dict[ResourceKey, list[tuple[str, StoredRef]]] = {}
    for template, target in evaluation.scenario.app.of_type(TARGET):
        # A target without a known service counts, because its resource may be an endpoint.
        service = template.raw_property(target, "ServiceNamespace")
        if service not in (None, _SAGEMAKER) and not is_of_sagemaker(template, target):
            continue
        owner = evaluation.within(template)
        scaled = scaled_resource(owner, target) if is_deployed(owner, target) else None
        if scaled is not None and scaled.key is not None and scaled.variant is not None:
            ref = (template.index, target, False)
            found.setdefault(scaled.key, []).append((scaled.variant, ref))
    return found


def targets_on_copies(evaluation: Evaluation, component: ResourceKey) -> Iterator[ResourceRef]:
    """Yield the targets on the copies of a component."""
    for owner, target in deployed_targets(evaluation):
        scaled = scaled_resource(owner, target)
        if scaled.variant is None and scaled.key == component:
            yield ResourceRef(owner, target)
