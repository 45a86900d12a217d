"""Contexts of SageMaker's scalable targets and scaling policies."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InferenceComponentSpec, Path
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.context import (
    ConfigContext,
    ReferencedTarget,
    ScalableTargetContext,
    ScalingPolicyContext,
)
from cdk_epc.spec.fields import Bounds
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    ScalableTargetSpec,
    ScalingPolicySpec,
    TargetTrackingConfiguration,
    TrackedMetric,
)
from cdk_epc.spec.unresolved import is_integer, is_mapping, items_of
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, NAME_PROPERTIES, App, Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.alarms import similar_endpoint_name
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    TARGET,
    ScaledResource,
    deployed_targets,
    is_known_variant,
    may_be_of_sagemaker,
    named_component,
    resource_id_parts,
    scaled_resource,
    targets_on_variants,
    variant_key,
)
from cdk_epc.templates.dependencies import is_dependent
from cdk_epc.templates.expressions import canonical_key, convert_scalar
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.references import (
    ResourceKey,
    ResourceRef,
    StoredRef,
    cached,
    named_resource,
    properties_of,
    referenced_resource,
    referring_resources,
    restored_ref,
    spec_of,
    stored_ref,
)
from cdk_epc.templates.scenarios import Evaluation

ConfigOf: TypeAlias = Callable[[ResourceRef, EndpointSpec], ConfigContext | None]
"""Function that returns the context of the configuration of an endpoint."""

_CONFIG_NAME: Final = NAME_PROPERTIES[CONFIG]
_WHOLE: Final = Bounds(int)
_CUSTOMIZED: Final[Path] = (
    "target_tracking_scaling_policy_configuration",
    "customized_metric_specification",
)


def target_context(
    evaluation: Evaluation, logical_id: str, target: ScalableTargetSpec, config_of: ConfigOf
) -> ScalableTargetContext:
    """Return a target with the scaled resource and its policies.

    Args:
        evaluation: Evaluation of its template.
        logical_id: Logical id.
        target: The target.
        config_of: Function that returns the context of the configuration of an endpoint.
    """
    scaled = scaled_resource(evaluation, logical_id)
    config = component = variant = None
    if (found := scaled.restored(evaluation)) is not None and scaled.variant is not None:
        endpoint = spec_of(found.evaluation, found.logical_id, EndpointSpec)
        config = config_of(found, endpoint[0]) if endpoint is not None else None
        if config is not None:
            variant = _variant_path(found.evaluation, config, scaled.variant)
    elif found is not None:
        read = spec_of(found.evaluation, found.logical_id, InferenceComponentSpec)
        component = read[0] if read is not None else None
    return ScalableTargetContext(
        target=target,
        logical_id=logical_id,
        config=config,
        variant=variant,
        component=component,
        policies=_policies(evaluation, logical_id),
        is_dependent=is_dependent(evaluation, logical_id, found),
        similar_endpoint_name=similar_endpoint_name(evaluation, scaled.endpoint)
        if found is None
        else None,
        resource_id_has_arn=scaled.resource_id_has_arn,
        resource_id_has_config=scaled.resource_id_has_config,
        resource_id_parts=resource_id_parts(evaluation, logical_id),
        earlier_target=_earlier_target(evaluation, logical_id),
    )


def _earlier_target(evaluation: Evaluation, logical_id: str) -> str | None:
    """Return the first target of the same template with the same resource and dimension."""
    targets = cached(evaluation, _by_resource_id, lambda: _by_resource_id(evaluation))
    for key in _resource_id_keys(evaluation, logical_id):
        template, first, _ = targets.get(key, (None, logical_id, False))
        if template == evaluation.template.index and first != logical_id:
            return first
    return None


def _variant_path(evaluation: Evaluation, config: ConfigContext, name: str) -> Path | None:
    """Return the path of a variant by its name; an unknown name is that of the only variant."""
    variants = list(config.config.variants())
    if not is_known_variant(name) and len(variants) == 1:
        return variants[0][0]
    for path, each in variants:
        if variant_key(evaluation, each.variant_name) == name:
            return path
    return None


def _policies(evaluation: Evaluation, target: str) -> tuple[ScalingPolicySpec, ...] | None:
    """Return the policies of a target; ``None`` if they are unknown."""
    key = (_policies, evaluation.template.index, target)
    return cached(evaluation, key, lambda: _find_policies(evaluation, target))


def _find_policies(evaluation: Evaluation, target: str) -> tuple[ScalingPolicySpec, ...] | None:
    by_target = cached(evaluation, _by_target, lambda: _by_target(evaluation))
    app = evaluation.scenario.app
    if by_target is None or not app.is_complete:
        return None
    found: list[ScalingPolicySpec] = []
    for index, policy in by_target.get((evaluation.template.index, target), ()):
        read = spec_of(evaluation.within(app.templates[index]), policy, ScalingPolicySpec)
        if read is None:
            return None
        found.append(read[0])
    return tuple(found)


def _by_target(evaluation: Evaluation) -> dict[ResourceKey, list[ResourceKey]] | None:
    """Return the policies of each target; ``None`` if the target of one is unknown."""
    found: dict[ResourceKey, list[ResourceKey]] = {}
    for template, policy in evaluation.scenario.app.of_type(POLICY):
        owner = evaluation.within(template)
        if may_be_of_sagemaker(template, policy) and is_deployed(owner, policy):
            target = policy_target(owner, policy)
            if target is None:
                return None
            found.setdefault(target.key, []).append((template.index, policy))
    return found


def policy_target(evaluation: Evaluation, policy: str) -> ResourceRef | None:
    """Return the scalable target of a policy; ``None`` if it is unknown."""
    key = (policy_target, evaluation.template.index, policy)
    return restored_ref(
        evaluation, cached(evaluation, key, lambda: _find_target(evaluation, policy))
    )


def _find_target(evaluation: Evaluation, policy: str) -> StoredRef | None:
    node = expression_at(evaluation, policy, ("ScalingTargetId",))
    if node is not None:
        value = evaluation.evaluate(node)
        return stored_ref(referenced_resource(evaluation, TARGET, value))
    targets = cached(evaluation, _by_resource_id, lambda: _by_resource_id(evaluation))
    keys = _resource_id_keys(evaluation, policy)
    return next((targets[key] for key in keys if key in targets), None)


def _by_resource_id(evaluation: Evaluation) -> dict[Hashable, StoredRef]:
    """Return the first target with each resource id and dimension."""
    found: dict[Hashable, StoredRef] = {}
    for owner, target in deployed_targets(evaluation):
        for key in _resource_id_keys(owner, target):
            found.setdefault(key, (owner.template.index, target, False))
    return found


def _resource_id_keys(evaluation: Evaluation, logical_id: str) -> Iterator[Hashable]:
    """Yield keys of the ``ResourceId`` of a target or policy: its value and its expression."""
    node = expression_at(evaluation, logical_id, ("ResourceId",))
    dimension = evaluation.evaluate(expression_at(evaluation, logical_id, ("ScalableDimension",)))
    if isinstance(dimension, str):
        value = evaluation.evaluate(node)
        if isinstance(value, str):
            yield value, dimension
        yield evaluation.template.index, canonical_key(node), dimension


def variant_targets(
    evaluation: Evaluation, logical_id: str, config: EndpointConfigSpec
) -> dict[Path, ReferencedTarget]:
    """Return the targets on the variants of a configuration, by the path of the variant."""
    if not any(evaluation.scenario.app.of_type(TARGET)):
        return {}
    by_name = {
        name: path
        for path, variant in config.variants()
        if (name := variant_key(evaluation, variant.variant_name)) is not None
    }
    found: dict[Path, ReferencedTarget] = {}
    for endpoint in _endpoints_of(evaluation, logical_id):
        for name, target in targets_on_variants(endpoint):
            path = by_name.get(name)
            if path is None and len(by_name) == 1 and not is_known_variant(name):
                (path,) = by_name.values()  # there is no other variant
            if path is not None:
                found[path] = referenced_target(target.evaluation, target.logical_id)
    return found


def _endpoints_of(evaluation: Evaluation, config: str) -> Iterator[ResourceRef]:
    """Yield the deployed endpoints with a configuration."""
    template = evaluation.template
    referring = referring_resources(evaluation, ENDPOINT, _CONFIG_NAME)
    candidates = [*referring.get((template.index, config), ())]
    name = template.raw_property(config, _CONFIG_NAME)
    if name is not None:
        by_name = _endpoints_by_config_name(evaluation.scenario.app)
        candidates += by_name.get(_name_key(template.index, name), ())
    for owner_template, logical_id in dict.fromkeys(candidates):
        owner = evaluation.within(owner_template)
        if not is_deployed(owner, logical_id):
            continue
        read = spec_of(owner, logical_id, EndpointSpec)
        if read is not None:
            value = read[0].endpoint_config_name
            found = named_resource(owner, CONFIG, value, (logical_id, (_CONFIG_NAME,)))
            if found is not None and found.key == (template.index, config):
                yield ResourceRef(owner, logical_id)


def _endpoints_by_config_name(app: App) -> Mapping[Hashable, list[Resource]]:
    if _endpoints_by_config_name not in app.cache:
        found: dict[Hashable, list[Resource]] = {}
        for template, logical_id in app.of_type(ENDPOINT):
            name = template.raw_property(logical_id, _CONFIG_NAME)
            found.setdefault(_name_key(template.index, name), []).append((template, logical_id))
        app.cache[_endpoints_by_config_name] = found
    known: Mapping[Hashable, list[Resource]] = app.cache[_endpoints_by_config_name]
    return known


def _name_key(template_index: int, name: object) -> Hashable:
    return name if isinstance(name, str) else (template_index, canonical_key(name))


def referenced_target(evaluation: Evaluation, logical_id: str) -> ReferencedTarget:
    """Return the members of a target that the context of the scaled resource has."""
    properties: Any = properties_of(evaluation, logical_id)
    known: dict[str, Any] = dict(properties) if is_mapping(properties) else {}
    dimension = known.get("ScalableDimension")
    minimum = convert_scalar(_WHOLE, known.get("MinCapacity"))
    maximum = convert_scalar(_WHOLE, known.get("MaxCapacity"))
    return ReferencedTarget(
        logical_id=logical_id,
        dimension=dimension if isinstance(dimension, str) else None,
        min_capacity=minimum if is_integer(minimum) else None,
        max_capacity=maximum if is_integer(maximum) else None,
    )


def policy_context(
    evaluation: Evaluation, logical_id: str, policy: ScalingPolicySpec, config_of: ConfigOf
) -> ScalingPolicyContext:
    """Return a policy with its target.

    Args:
        evaluation: Evaluation of its template.
        logical_id: Logical id.
        policy: The policy.
        config_of: Function that returns the context of the configuration of an endpoint.
    """
    target = policy_target(evaluation, logical_id)
    read = spec_of(target.evaluation, target.logical_id, ScalableTargetSpec) if target else None
    if target is None or read is None:
        return ScalingPolicyContext(policy=policy)
    scaled = scaled_resource(target.evaluation, target.logical_id)
    return ScalingPolicyContext(
        policy=policy,
        target=target_context(target.evaluation, target.logical_id, read[0], config_of),
        own_metrics=frozenset(_own_metrics(evaluation, policy, scaled)),
        is_dependent=is_dependent(evaluation, logical_id, target),
    )


def _own_metrics(
    evaluation: Evaluation, policy: ScalingPolicySpec, scaled: ScaledResource
) -> Iterator[Path]:
    """Yield the paths of the tracked metrics that the scaled resource publishes."""
    for path, metric in _tracked_metrics(policy):
        dimensions = {
            each.name: each.value
            for each in items_of(metric.dimensions)
            if isinstance(each, MetricDimension) and isinstance(each.name, str)
        }
        if _is_of_resource(evaluation, dimensions, scaled):
            yield path


def _tracked_metrics(
    policy: ScalingPolicySpec,
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric]]:
    tracking = policy.target_tracking_scaling_policy_configuration
    if not isinstance(tracking, TargetTrackingConfiguration):
        return
    customized = tracking.customized_metric_specification
    if isinstance(customized, CustomizedMetricSpecification):
        yield _CUSTOMIZED, customized
        for index, query in enumerate(items_of(customized.metrics)):
            metric = getattr(getattr(query, "metric_stat", None), "metric", None)
            if isinstance(metric, TrackedMetric):
                yield (*_CUSTOMIZED, "metrics", index, "metric_stat", "metric"), metric


def _is_of_resource(
    evaluation: Evaluation, dimensions: Mapping[str, Any], scaled: ScaledResource
) -> bool:
    """Return whether a metric is surely published by the scaled resource."""
    if scaled.key is None:
        return False
    if scaled.variant is None:
        component = named_component(evaluation, dimensions.get(NAME_PROPERTIES[COMPONENT]))
        return component is not None and component.key == scaled.key
    endpoint = named_resource(evaluation, ENDPOINT, dimensions.get(NAME_PROPERTIES[ENDPOINT]))
    return (
        endpoint is not None
        and endpoint.key == scaled.key
        and dimensions.get("VariantName") in {None, scaled.variant}
    )
