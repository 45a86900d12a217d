"""Scalable targets of SageMaker, with what they scale and by which policies."""

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
from cdk_epc.spec.unresolved import is_mapping, is_whole, items_of
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, NAME_PROPERTIES, App, Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.alarms import similar_endpoint_name
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    TARGET,
    StoredRef,
    ScaledResource,
    named_component,
    restored_ref,
    is_created_after,
    may_be_of_sagemaker,
    stored_ref,
    scaled_resource,
    scalable_targets,
    targets_on_variants,
)
from cdk_epc.templates.expressions import canonical_key, convert_scalar
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.references import (
    ResourceRef,
    named_resource,
    properties_of,
    referenced_resource,
    cached,
    spec_of,
)
from cdk_epc.templates.scenarios import Evaluation

ConfigOf: TypeAlias = Callable[[ResourceRef, EndpointSpec], ConfigContext | None]
"""Gives the configuration in place of an endpoint."""


def target_context(
    evaluation: Evaluation, logical_id: str, target: ScalableTargetSpec, config_of: ConfigOf
) -> ScalableTargetContext:
    """A target with what it scales and by which policies.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        target: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    scaled = scaled_resource(evaluation, logical_id)
    config = component = place = None
    if (found := scaled.found(evaluation)) is not None and scaled.variant is not None:
        read = spec_of(found.evaluation, found.logical_id, EndpointSpec)
        config = config_of(found, read[0]) if read is not None else None
        place = _place_of(config, scaled.variant) if config is not None else None
    elif found is not None:
        of_component = spec_of(found.evaluation, found.logical_id, InferenceComponentSpec)
        component = of_component[0] if of_component is not None else None
    return ScalableTargetContext(
        target=target,
        logical_id=logical_id,
        config=config,
        variant=place,
        component=component,
        policies=_policies(evaluation, logical_id),
        is_created_after=is_created_after(evaluation, logical_id, found),
        spelt=_spelt(evaluation, scaled) if found is None else None,
        is_by_arn=scaled.is_by_arn,
    )


def _spelt(evaluation: Evaluation, scaled: ScaledResource) -> str | None:
    return None if scaled.endpoint is None else similar_endpoint_name(evaluation, scaled.endpoint)


def _place_of(config: ConfigContext, variant: str) -> Path | None:
    variants = config.config.variants()
    return next((path for path, each in variants if each.variant_name == variant), None)


def _policies(evaluation: Evaluation, target: str) -> tuple[ScalingPolicySpec, ...] | None:
    """The policies of a target; ``None`` where it cannot be told which are."""
    by_target = cached(evaluation, _by_target, lambda: _by_target(evaluation))
    if by_target is None or not evaluation.scenario.app.is_complete:
        return None
    found: list[ScalingPolicySpec] = []
    for index, policy in by_target.get((evaluation.template.index, target), ()):
        read = spec_of(
            evaluation.within(evaluation.scenario.app.templates[index]), policy, ScalingPolicySpec
        )
        if read is None:
            return None
        found.append(read[0])
    return tuple(found)


def _by_target(evaluation: Evaluation) -> dict[tuple[int, str], list[tuple[int, str]]] | None:
    """The policies of each target; ``None`` if the target of one is not in sight."""
    found: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for template in evaluation.scenario.app.templates:
        there = evaluation.within(template)
        for policy in template.of_type(POLICY):
            if may_be_of_sagemaker(template, policy) and is_deployed(there, policy):
                target = target_of(there, policy)
                if target is None:
                    return None
                found.setdefault(target.key, []).append((template.index, policy))
    return found


def target_of(evaluation: Evaluation, policy: str) -> ResourceRef | None:
    """The target in sight that a policy is for."""
    key = (target_of, evaluation.template.index, policy)
    return restored_ref(evaluation, cached(evaluation, key, lambda: _target_of(evaluation, policy)))


def _target_of(evaluation: Evaluation, policy: str) -> StoredRef | None:
    given = expression_at(evaluation, policy, ("ScalingTargetId",))
    if given is not None:
        return stored_ref(referenced_resource(evaluation, TARGET, evaluation.evaluate(given)))
    by_id = cached(evaluation, _by_id, lambda: _by_id(evaluation))
    return next((by_id[key] for key in _ids(evaluation, policy) if key in by_id), None)


def _by_id(evaluation: Evaluation) -> dict[Hashable, StoredRef]:
    """The targets by what they scale."""
    found: dict[Hashable, StoredRef] = {}
    for template, target in scalable_targets(evaluation):
        there = evaluation.within(template)
        if is_deployed(there, target):
            for key in _ids(there, target):
                found.setdefault(key, (template.index, target, False))
    return found


def _ids(evaluation: Evaluation, logical_id: str) -> Iterator[Hashable]:
    """What a target or a policy is of, as it is written and as it is worked out."""
    node = expression_at(evaluation, logical_id, ("ResourceId",))
    dimension = evaluation.evaluate(expression_at(evaluation, logical_id, ("ScalableDimension",)))
    if isinstance(dimension, str):
        whole = evaluation.evaluate(node)
        if isinstance(whole, str):
            yield whole, dimension
        yield evaluation.template.index, canonical_key(node), dimension


_CONFIG_NAME: Final = "EndpointConfigName"
_WHOLE: Final = Bounds(int)


def scaled_variants(
    evaluation: Evaluation, logical_id: str, config: EndpointConfigSpec
) -> dict[Path, ReferencedTarget]:
    """The scalable targets on the variants of a configuration, by the place of the variant."""
    resources_by_name = {
        variant.variant_name: path
        for path, variant in config.variants()
        if isinstance(variant.variant_name, str)
    }
    return {
        resources_by_name[name]: referenced_target(found.evaluation, found.logical_id)
        for endpoint in endpoints_of_config(evaluation, logical_id)
        for name, found in targets_on_variants(endpoint)
        if name in resources_by_name
    }


def endpoints_of_config(evaluation: Evaluation, config: str) -> Iterator[ResourceRef]:
    """The endpoints that run a configuration in this scenario."""
    app, template = evaluation.scenario.app, evaluation.template
    candidates = [
        *app.referring_resources(ENDPOINT, _CONFIG_NAME).get((template.index, config), ())
    ]
    name = template.raw(config, _CONFIG_NAME)
    if name is not None:
        candidates += _by_config_name(app).get(_key(template.index, name), ())
    for inside, logical_id in dict.fromkeys(candidates):
        there = evaluation.within(inside)
        read = spec_of(there, logical_id, EndpointSpec) if is_deployed(there, logical_id) else None
        if read is not None:
            value = read[0].endpoint_config_name
            found = named_resource(there, CONFIG, value, (logical_id, (_CONFIG_NAME,)))
            if found is not None and found.key == (template.index, config):
                yield ResourceRef(there, logical_id)


def _key(index: int, name: object) -> Hashable:
    return name if isinstance(name, str) else (index, canonical_key(name))


def _by_config_name(app: App) -> Mapping[Hashable, list[Resource]]:
    if _by_config_name not in app.cache:
        found: dict[Hashable, list[Resource]] = {}
        for template in app.templates:
            for logical_id in template.of_type(ENDPOINT):
                name = template.raw(logical_id, _CONFIG_NAME)
                found.setdefault(_key(template.index, name), []).append((template, logical_id))
        app.cache[_by_config_name] = found
    known: Mapping[Hashable, list[Resource]] = app.cache[_by_config_name]
    return known


def referenced_target(evaluation: Evaluation, logical_id: str) -> ReferencedTarget:
    """A target, as the rules of what it scales are given it."""
    properties: Any = properties_of(evaluation, logical_id)
    known: dict[str, Any] = dict(properties) if is_mapping(properties) else {}
    dimension = known.get("ScalableDimension")
    least = convert_scalar(_WHOLE, known.get("MinCapacity"))
    return ReferencedTarget(
        logical_id=logical_id,
        dimension=dimension if isinstance(dimension, str) else None,
        min_capacity=least if is_whole(least) else None,
    )


_CUSTOM: Final[Path] = (
    "target_tracking_scaling_policy_configuration",
    "customized_metric_specification",
)


def policy_context(
    evaluation: Evaluation, logical_id: str, policy: ScalingPolicySpec, config_of: ConfigOf
) -> ScalingPolicyContext:
    """A policy with its target.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        policy: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    target = target_of(evaluation, logical_id)
    read = spec_of(target.evaluation, target.logical_id, ScalableTargetSpec) if target else None
    if target is None or read is None:
        return ScalingPolicyContext(policy=policy)
    scaled = scaled_resource(target.evaluation, target.logical_id)
    return ScalingPolicyContext(
        policy=policy,
        scaling=target_context(target.evaluation, target.logical_id, read[0], config_of),
        own=frozenset(_own(evaluation, policy, scaled)),
        is_created_after=is_created_after(evaluation, logical_id, target),
    )


def _own(
    evaluation: Evaluation, policy: ScalingPolicySpec, scaled: ScaledResource
) -> Iterator[Path]:
    """The places of the metrics of what is scaled."""
    for path, metric in _metrics(policy):
        given = {
            each.name: each.value
            for each in items_of(metric.dimensions)
            if isinstance(each, MetricDimension) and isinstance(each.name, str)
        }
        if _is_of(evaluation, given, scaled):
            yield path


def _metrics(
    policy: ScalingPolicySpec,
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric]]:
    tracking = policy.target_tracking_scaling_policy_configuration
    if not isinstance(tracking, TargetTrackingConfiguration):
        return
    custom = tracking.customized_metric_specification
    if isinstance(custom, CustomizedMetricSpecification):
        yield _CUSTOM, custom
        for index, query in enumerate(items_of(custom.metrics)):
            metric = getattr(getattr(query, "metric_stat", None), "metric", None)
            if isinstance(metric, TrackedMetric):
                yield (*_CUSTOM, "metrics", index, "metric_stat", "metric"), metric


def _is_of(evaluation: Evaluation, dimensions: Mapping[str, Any], scaled: ScaledResource) -> bool:
    """Whether a metric is of what is scaled; where that is not known, it is not."""
    if scaled.ref is None:
        return False
    if scaled.variant is None:
        found = named_component(evaluation, dimensions.get(NAME_PROPERTIES[COMPONENT]))
        return found is not None and found.key == scaled.ref[:2]
    found = named_resource(evaluation, ENDPOINT, dimensions.get(NAME_PROPERTIES[ENDPOINT]))
    return (
        found is not None
        and found.key == scaled.ref[:2]
        and dimensions.get("VariantName") in {None, scaled.variant}
    )
