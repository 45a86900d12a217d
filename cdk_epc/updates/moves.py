"""Resources that an update creates although they exist under another logical id."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InferenceComponentSpec, ModelSpec, Spec
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.spec.updates import ResourceMove
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL, NAME_PROPERTIES
from cdk_epc.templates.context.alarms import ALARM
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    TARGET,
    is_of_sagemaker,
    scaled_resource,
)
from cdk_epc.templates.context.scaling import policy_target
from cdk_epc.templates.expressions import MAX_DEPTH, canonical_key
from cdk_epc.templates.references import ResourceKey, properties_of, spec_of
from cdk_epc.templates.template import Template
from cdk_epc.updates.comparison import Comparison

_SPECS: Final[Mapping[str, type[Spec]]] = {
    CONFIG: EndpointConfigSpec,
    MODEL: ModelSpec,
    ENDPOINT: EndpointSpec,
    COMPONENT: InferenceComponentSpec,
    ALARM: AlarmSpec,
    TARGET: ScalableTargetSpec,
    POLICY: ScalingPolicySpec,
}
_NAMES: Final[Mapping[str, tuple[str, str | None]]] = {
    CONFIG: (NAME_PROPERTIES[CONFIG], "endpoint_config_name"),
    MODEL: (NAME_PROPERTIES[MODEL], "model_name"),
    ENDPOINT: (NAME_PROPERTIES[ENDPOINT], "endpoint_name"),
    COMPONENT: (NAME_PROPERTIES[COMPONENT], "inference_component_name"),
    ALARM: ("AlarmName", None),
}
"""Property with the name, and its Python name in the spec, by type."""
_COMPARED: Final = (CONFIG, MODEL, ENDPOINT, COMPONENT)
"""Types of which a resource with equal properties counts as moved."""
_TRACKING: Final = "TargetTrackingScalingPolicyConfiguration"
_METRICS: Final = ("PredefinedMetricSpecification", "CustomizedMetricSpecification")


def moved_resources(comparison: Comparison) -> Iterator[tuple[ResourceKey, ResourceMove]]:
    """Yield every moved resource with its key in the new app."""
    if comparison.pairs.is_described:
        return
    for type_ in _SPECS:
        created = _created(comparison, type_)
        removed = _removed(comparison, type_) if created or type_ == POLICY else []
        if type_ == TARGET:
            yield from _moved_targets(comparison, created, removed)
        elif type_ == POLICY:
            yield from _moved_policies(comparison, created, removed)
        else:
            yield from _moved_by_name(comparison, type_, created, removed)


def _created(comparison: Comparison, type_: str) -> list[ResourceKey]:
    keys = ((each.index, id_) for each, id_ in comparison.pairs.new.of_type(type_))
    return [key for key in keys if comparison.is_in_new(key) and comparison.updated(key) is None]


def _removed(comparison: Comparison, type_: str) -> list[ResourceKey]:
    keys = ((each.index, id_) for each, id_ in comparison.pairs.old.of_type(type_))
    return [key for key in keys if comparison.is_in_old(key) and comparison.remaining(key) is None]


def _move(
    comparison: Comparison,
    type_: str,
    new: ResourceKey,
    old: ResourceKey,
    **about: Any,  # noqa: ANN401 - attributes of `ResourceMove`
) -> Iterator[tuple[ResourceKey, ResourceMove]]:
    read = spec_of(comparison.new_evaluation(new[0]), new[1], _SPECS[type_])
    if read is not None:
        is_same_stack = comparison.pairs.new_templates.get(old[0]) == new[0]
        stack = None if is_same_stack else comparison.pairs.old.templates[old[0]].input.name
        move = ResourceMove(
            new=read[0], resource_type=type_, old_logical_id=old[1], old_stack=stack, **about
        )
        yield new, move


def _moved_by_name(
    comparison: Comparison, type_: str, created: list[ResourceKey], removed: list[ResourceKey]
) -> Iterator[tuple[ResourceKey, ResourceMove]]:
    name_property, member = _NAMES[type_]
    by_name: dict[str, ResourceKey] = {}
    alike: dict[Hashable, list[ResourceKey]] = {}
    for key in removed:
        template = comparison.pairs.old.templates[key[0]]
        if isinstance(name := template.raw_property(key[1], name_property), str):
            by_name.setdefault(name, key)
        elif type_ in _COMPARED:
            alike.setdefault(_signature(template, key[1], name_property), []).append(key)
    for key in created:
        template = comparison.pairs.new.templates[key[0]]
        name = template.raw_property(key[1], name_property)
        if isinstance(name, str):
            if name in by_name:
                yield from _move(
                    comparison, type_, key, by_name[name], name=name, name_member=member
                )
        elif type_ in _COMPARED:
            found = alike.get(_signature(template, key[1], name_property), [])
            stack = comparison.pairs.old_templates.get(key[0])
            in_stack = [each for each in found if each[0] == stack]
            if len(candidates := in_stack or found) == 1:
                yield from _move(comparison, type_, key, candidates[0])


def _signature(template: Template, logical_id: str, name_property: str) -> Hashable:
    """Return a key that is equal for resources that differ in their name and references only."""
    properties = template.raw_properties(logical_id)
    if not is_mapping(properties):
        return (template.index, logical_id)
    return canonical_key(
        {
            name: _without_references(template, value)
            for name, value in properties.items()
            if name not in {name_property, "Tags"}
        }
    )


def _without_references(template: Template, node: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    if depth > MAX_DEPTH:
        return node
    if is_mapping(node):
        if len(node) == 1:
            ((function, argument),) = node.items()
            first = argument[0] if is_list(argument) and argument else argument
            name = first.partition(".")[0] if isinstance(first, str) else ""
            if function in {"Ref", "Fn::GetAtt"} and name in template.resources:
                return {function: template.resources[name]["Type"]}
        return {key: _without_references(template, value, depth + 1) for key, value in node.items()}
    if is_list(node):
        return [_without_references(template, item, depth + 1) for item in node]
    return node


def _moved_targets(
    comparison: Comparison, created: list[ResourceKey], removed: list[ResourceKey]
) -> Iterator[tuple[ResourceKey, ResourceMove]]:
    for key, old in _equal_pairs(
        {key: _identity(comparison, key, is_old=False) for key in created},
        {key: _identity(comparison, key, is_old=True) for key in removed},
    ):
        yield from _move(comparison, TARGET, key, old, is_same_target=True)


def _equal_pairs(
    created: Mapping[ResourceKey, Hashable], removed: Mapping[ResourceKey, Hashable]
) -> Iterator[tuple[ResourceKey, ResourceKey]]:
    """Yield each created resource with the removed one of the same identity, if that is known."""
    olds = {identity: key for key, identity in removed.items()}
    for key, identity in created.items():
        if identity is not None and identity in olds:
            yield key, olds[identity]


def _identity(comparison: Comparison, key: ResourceKey, *, is_old: bool) -> Hashable:
    """Return the resource and dimension of a target, with the keys of the new app."""
    app = comparison.pairs.old if is_old else comparison.pairs.new
    template, logical_id = app.templates[key[0]], key[1]
    if not is_of_sagemaker(template, logical_id):
        return None
    evaluation = (comparison.old_evaluation if is_old else comparison.new_evaluation)(key[0])
    dimension = template.raw_property(logical_id, "ScalableDimension")
    scaled = scaled_resource(evaluation, logical_id)
    if scaled.key is None:
        text = template.raw_property(logical_id, "ResourceId")
        return (text, dimension) if isinstance(text, str) else None
    resource = comparison.remaining(scaled.key) if is_old else scaled.key
    # A replaced endpoint has another name, so that the target is another one, too.
    if resource is None or comparison.replacing(resource):
        return None
    return resource, scaled.variant, canonical_key(dimension)


def _moved_policies(
    comparison: Comparison, created: list[ResourceKey], removed: list[ResourceKey]
) -> Iterator[tuple[ResourceKey, ResourceMove]]:
    for key, old in _equal_pairs(
        {key: _tracked(comparison, key, is_old=False) for key in created},
        {key: _tracked(comparison, key, is_old=True) for key in removed},
    ):
        yield from _move(comparison, POLICY, key, old, is_same_metric=True)
    for template, logical_id in comparison.pairs.new.of_type(POLICY):
        key = (template.index, logical_id)
        old_key = comparison.updated(key)
        if old_key is None or all(
            change.path != ("PolicyName",) for change in comparison.replacing(key)
        ):
            continue
        metric = _tracked(comparison, key, is_old=False)
        if metric is not None and metric == _tracked(comparison, old_key, is_old=True):
            yield from _move(comparison, POLICY, key, old_key, is_same_metric=True, is_renamed=True)


def _tracked(comparison: Comparison, key: ResourceKey, *, is_old: bool) -> Hashable:
    """Return the target and the metric of a target tracking policy of a target that stays."""
    evaluation = (comparison.old_evaluation if is_old else comparison.new_evaluation)(key[0])
    target = policy_target(evaluation, key[1])
    if target is None or not is_of_sagemaker(target.evaluation.template, target.logical_id):
        return None
    new_target = comparison.remaining(target.key) if is_old else target.key
    if new_target is None or comparison.replacing(new_target):
        return None
    properties = properties_of(evaluation, key[1])
    tracking = properties.get(_TRACKING) if is_mapping(properties) else None
    metrics = [tracking.get(name) for name in _METRICS] if is_mapping(tracking) else []
    if not any(metrics):
        return None
    template = evaluation.template
    raw = template.raw_property(key[1], _TRACKING)
    node: Mapping[Any, Any] = raw if is_mapping(raw) else {}
    return new_target, canonical_key(
        {name: _without_references(template, node.get(name)) for name in _METRICS}
    )
