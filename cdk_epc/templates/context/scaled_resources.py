"""Resources that SageMaker's scalable targets scale: variants of endpoints, and components."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.scaling import ScalableDimension
from cdk_epc.spec.unresolved import Unresolved, is_mapping, is_string, items_of
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, NAME_PROPERTIES, App
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.expressions import MAX_DEPTH, canonical_key, is_function, names_in
from cdk_epc.templates.intrinsics import text_parts
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
Text: TypeAlias = tuple[str, list[Unresolved]]
"""Text with `_UNKNOWN` for each unknown part, and these parts."""
_IDENTITY: Final = frozenset({"ScalingTargetId", "ResourceId", "ServiceNamespace"})
"""Members of a policy with its target."""
_NAME: Final = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", re.ASCII)
_OF_VARIANTS: Final = (
    ScalableDimension.INSTANCES.value,
    ScalableDimension.PROVISIONED_CONCURRENCY.value,
)
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
    texts = (
        properties.get("ServiceNamespace"),
        properties.get("ScalableDimension"),
        None if _IDENTITY & properties.keys() else _predefined_metric(properties),
    )
    return any(
        isinstance(each, str) and each.lower().startswith(_SAGEMAKER) for each in texts
    ) or any(map(is_function, properties))


def _predefined_metric(properties: Mapping[Any, Any]) -> object:
    """Return the predefined metric of a policy, which shows the service if nothing else does."""
    node: object = properties
    for step in (
        "TargetTrackingScalingPolicyConfiguration",
        "PredefinedMetricSpecification",
        "PredefinedMetricType",
    ):
        node = node.get(step) if is_mapping(node) else None
    return node


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


@attrs.frozen(eq=False, repr=False)
class ScaledResource(Record):
    """Resource that a ``ResourceId`` names: a variant of an endpoint, or a component.

    Attributes:
        ref: The endpoint or component; ``None`` if it is unknown.
        variant: Name of the variant, or the key of an unknown name (see `variant_key`); ``None``
            for a component.
        endpoint: Name of the endpoint if the ``ResourceId`` contains it as text.
        may_be_any_variant: Whether the ``ResourceId`` may name any variant of the app.
        resource_id_has_arn: Whether the ``ResourceId`` contains an ARN, which ``Ref`` returns.
        resource_id_has_config: Whether the ``ResourceId`` contains the name of a configuration,
            which surely differs from that of its endpoint.
    """

    ref: StoredRef | None
    variant: str | None = None
    endpoint: str | None = None
    may_be_any_variant: bool = False
    resource_id_has_arn: bool = False
    resource_id_has_config: bool = False

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
    text, unknown = _text_of(evaluation, node) or ("", [])
    if (match := _VARIANT.fullmatch(text)) is not None:
        count = match[1].count(_UNKNOWN)
        unknown, of_variant = unknown[:count], unknown[count:]
        value: object = unknown[0] if match[1] == _UNKNOWN else match[1]
        name = value if isinstance(value, str) and _UNKNOWN not in value else None
        found = named_resource(evaluation, ENDPOINT, value)
        ref = stored_ref(found or _equally_named(evaluation, ENDPOINT, match[1], unknown))
        # A name that no endpoint can have is a mistake, and may mean any of them.
        is_wrong = name is not None and _NAME.fullmatch(name) is None
        is_any = ref is None and (
            name is None or is_wrong or _has_unknown_names(evaluation.scenario.app)
        )
        is_config = ref is None and (
            _is_other_name(evaluation, value)
            or _is_name_of_config(evaluation, (match[1], tuple(unknown)))
        )
        is_arn = _is_arn(value, ENDPOINT)
        variant = _key_of((match[2], of_variant))
        return ScaledResource(ref, variant, name, is_any, is_arn, is_config)
    if (match := _COPIES.fullmatch(text)) is not None:
        value = unknown[0] if match[1] == _UNKNOWN else match[1]
        found = named_component(evaluation, value)
        ref = stored_ref(found or _equally_named(evaluation, COMPONENT, match[1], unknown))
        is_any = _dimension(evaluation, target) in _OF_VARIANTS  # whose resource id is another one
        return ScaledResource(
            ref, may_be_any_variant=is_any, resource_id_has_arn=_is_arn(value, COMPONENT)
        )
    # A resource id of a wrong form is a mistake, and may mean any variant.
    return ScaledResource(None, may_be_any_variant=True)


def _dimension(evaluation: Evaluation, target: str) -> object:
    return evaluation.evaluate(expression_at(evaluation, target, ("ScalableDimension",)))


def _text_of(evaluation: Evaluation, node: object) -> Text | None:
    """Return a text, with `_UNKNOWN` for each unknown part, and these parts; ``None`` if none."""
    parts = text_parts(evaluation, node) if node is not None else None
    return None if parts is None else _flat(evaluation, parts, 0)


def _flat(evaluation: Evaluation, parts: Sequence[str | Unresolved], depth: int) -> Text:
    """Return a text with the parts of the expressions that are texts themselves."""
    text, unknown = "", list[Unresolved]()
    for part in parts:
        inner = None
        if isinstance(part, Unresolved) and depth < MAX_DEPTH and _is_text(part.expression):
            inner = text_parts(evaluation, part.expression)
        if inner is not None:
            added, more = _flat(evaluation, inner, depth + 1)
            text, unknown = text + added, [*unknown, *more]
        elif isinstance(part, Unresolved):
            text, unknown = text + _UNKNOWN, [*unknown, part]
        else:
            text += part
    return text, unknown


def _is_text(expression: object) -> bool:
    return is_mapping(expression) and bool({"Fn::Sub", "Fn::Join"} & expression.keys())


def _key_of(text: Text) -> str:
    """Return a text that is known, or a key that is equal for equal expressions."""
    known, unknown = text
    if not unknown:
        return known
    keys = json.dumps([each.expression for each in unknown], sort_keys=True, default=str)
    return f"{_UNKNOWN}{known}{keys}"


def variant_key(evaluation: Evaluation, name: object) -> str | None:
    """Return the name of a variant, or a key for an unknown name that equals that of a target.

    Args:
        evaluation: Evaluation of the template with the name.
        name: The evaluated name.
    """
    if not isinstance(name, Unresolved):
        return name if isinstance(name, str) else None
    text = _text_of(evaluation, name.expression)
    return None if text is None else _key_of(text)


def is_known_variant(name: str) -> bool:
    """Return whether a variant is that of a known name."""
    return not name.startswith(_UNKNOWN)


def _equally_named(
    evaluation: Evaluation, type_: str, text: str, unknown: Sequence[Unresolved]
) -> ResourceRef | None:
    """Return the resource of the same template whose name has the same known and unknown parts.

    Args:
        evaluation: Evaluation of the template.
        type_: Type of the resource.
        text: The name, with `_UNKNOWN` for each unknown part.
        unknown: The unknown parts.
    """
    if text == _UNKNOWN:
        return None  # `named_resource` has compared such names
    wanted = (text, _keys_of(unknown))
    found = [
        logical_id
        for logical_id in evaluation.template.of_type(type_)
        if is_deployed(evaluation, logical_id)
        and _name_key(evaluation, type_, logical_id) == wanted
    ]
    return ResourceRef(evaluation, found[0]) if len(found) == 1 else None


def _name_key(evaluation: Evaluation, type_: str, logical_id: str) -> tuple[str, Hashable] | None:
    text = _text_of(evaluation, expression_at(evaluation, logical_id, (NAME_PROPERTIES[type_],)))
    return None if text is None else (text[0], _keys_of(text[1]))


def _keys_of(unknown: Sequence[Unresolved]) -> Hashable:
    return tuple(canonical_key(part.expression) for part in unknown)


def _is_name_of_config(evaluation: Evaluation, name: tuple[str, Sequence[Unresolved]]) -> bool:
    """Return whether a name is that of a configuration, and surely of no endpoint.

    Both are of the same template.
    """
    template, (text, unknown) = evaluation.template, name
    configs = [_name_key(evaluation, CONFIG, each) for each in template.of_type(CONFIG)]
    endpoints = [
        expression_at(evaluation, each, (NAME_PROPERTIES[ENDPOINT],))
        for each in template.of_type(ENDPOINT)
    ]
    return (
        (text, _keys_of(unknown)) in configs
        and bool(endpoints)
        and all(
            node is None or _are_different(_text_of(evaluation, node), (text, list(unknown)))
            for node in endpoints
        )
    )


def _are_different(one: Text | None, other: Text) -> bool:
    """Return whether two texts differ for all values of their unknown parts."""
    if one is None:
        return False
    left, right = _tokens(one), _tokens(other)
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return left != right and all(isinstance(each, str) for each in (*left, *right))


def _tokens(text: Text) -> list[Hashable]:
    """Return the characters of a text, with a key in place of each unknown part."""
    keys = iter([(canonical_key(part.expression),) for part in text[1]])
    return [next(keys) if each == _UNKNOWN else each for each in text[0]]


def _is_other_name(evaluation: Evaluation, value: object) -> bool:
    """Return whether a value is the name of a configuration, and no endpoint has this name."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.template is not None or reference.type != CONFIG:
        return False
    if reference.attribute != NAME_PROPERTIES[CONFIG]:
        return True  # the ARN of the configuration
    template = evaluation.template
    config_name = template.raw_property(reference.logical_id, NAME_PROPERTIES[CONFIG])
    names = [
        template.raw_property(endpoint, NAME_PROPERTIES[ENDPOINT])
        for endpoint in template.of_type(ENDPOINT)
    ]
    # A name that CloudFormation generates differs from each other name; an expression may not.
    return bool(names) and all(
        name is None
        or (config_name is None and reference.logical_id not in _resources_in(name))
        or (isinstance(name, str) and isinstance(config_name, str) and name != config_name)
        for name in names
    )


def _resources_in(node: object) -> set[str]:
    return {name for _, name in names_in(node)}


def resource_id_parts(evaluation: Evaluation, target: str) -> tuple[str | None, ...]:
    """Return the texts of the ``ResourceId`` of a target, with ``None`` for unknown parts.

    A reference to the name of an endpoint, which has no slash, counts as the text "name".
    """
    parts = text_parts(evaluation, expression_at(evaluation, target, (_RESOURCE_ID,))) or []
    found = [
        ("name" if _is_endpoint_name(part) else None) if isinstance(part, Unresolved) else part
        for part in parts
    ]
    return () if all(part is None for part in found) else tuple(found)


def _is_endpoint_name(value: Unresolved) -> bool:
    reference = value.refers_to
    return (
        reference is not None
        and reference.type == ENDPOINT
        and reference.attribute == NAME_PROPERTIES[ENDPOINT]
    )


def _is_arn(value: object, type_: str) -> bool:
    """Return whether a value is a reference to the ARN of a resource of a type."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    return (
        reference is not None
        and reference.type == type_
        and (reference.attribute or "Arn").endswith("Arn")
    )


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
