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
from cdk_epc.spec.unresolved import is_integer, is_mapping, items_of
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, NAMES, App, Located
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.context.alarms import in_other_case
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    TARGET,
    Place,
    Scaled,
    component_named,
    in_scenario,
    is_after,
    may_be_of_sagemaker,
    placed_at,
    scaled_by,
    targets_in,
    targets_of,
)
from cdk_epc.templates.expressions import canonical, converted
from cdk_epc.templates.positions import written_at
from cdk_epc.templates.references import (
    ResourceRef,
    neighbour,
    properties_of,
    referred,
    remembered,
    spec_of,
)
from cdk_epc.templates.scenarios import Scope

ConfigOf: TypeAlias = Callable[[ResourceRef, EndpointSpec], ConfigContext | None]
"""Gives the configuration in place of an endpoint."""


def scaling_context(
    scope: Scope, logical_id: str, target: ScalableTargetSpec, config_of: ConfigOf
) -> ScalableTargetContext:
    """A target with what it scales and by which policies.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        target: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    scaled = scaled_by(scope, logical_id)
    config = component = place = None
    if (found := scaled.found(scope)) is not None and scaled.variant is not None:
        read = spec_of(found.scope, found.logical_id, EndpointSpec)
        config = config_of(found, read[0]) if read is not None else None
        place = _place_of(config, scaled.variant) if config is not None else None
    elif found is not None:
        of_component = spec_of(found.scope, found.logical_id, InferenceComponentSpec)
        component = of_component[0] if of_component is not None else None
    return ScalableTargetContext(
        target=target,
        logical_id=logical_id,
        config=config,
        variant=place,
        component=component,
        policies=_policies(scope, logical_id),
        is_dependent=is_after(scope, logical_id, found),
        similar_endpoint_name=_spelt(scope, scaled) if found is None else None,
        resource_id_has_arn=scaled.resource_id_has_arn,
    )


def _spelt(scope: Scope, scaled: Scaled) -> str | None:
    return None if scaled.endpoint is None else in_other_case(scope, scaled.endpoint)


def _place_of(config: ConfigContext, variant: str) -> Path | None:
    variants = config.config.variants()
    return next((path for path, each in variants if each.variant_name == variant), None)


def _policies(scope: Scope, target: str) -> tuple[ScalingPolicySpec, ...] | None:
    """The policies of a target; ``None`` where it cannot be told which are."""
    by_target = remembered(scope, _by_target, lambda: _by_target(scope))
    if by_target is None or not scope.run.app.is_whole:
        return None
    found: list[ScalingPolicySpec] = []
    for index, policy in by_target.get((scope.source.index, target), ()):
        read = spec_of(scope.within(scope.run.app.sources[index]), policy, ScalingPolicySpec)
        if read is None:
            return None
        found.append(read[0])
    return tuple(found)


def _by_target(scope: Scope) -> dict[tuple[int, str], list[tuple[int, str]]] | None:
    """The policies of each target; ``None`` if the target of one is not in sight."""
    found: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for source in scope.run.app.sources:
        there = scope.within(source)
        for policy in source.of_type(POLICY):
            if may_be_of_sagemaker(source, policy) and exists(there, policy):
                target = target_of(there, policy)
                if target is None:
                    return None
                found.setdefault(target.located, []).append((source.index, policy))
    return found


def target_of(scope: Scope, policy: str) -> ResourceRef | None:
    """The target in sight that a policy is for."""
    key = (target_of, scope.source.index, policy)
    return in_scenario(scope, remembered(scope, key, lambda: _target_of(scope, policy)))


def _target_of(scope: Scope, policy: str) -> Place | None:
    given = written_at(scope, policy, ("ScalingTargetId",))
    if given is not None:
        return placed_at(referred(scope, TARGET, scope.evaluate(given)))
    by_id = remembered(scope, _by_id, lambda: _by_id(scope))
    return next((by_id[key] for key in _ids(scope, policy) if key in by_id), None)


def _by_id(scope: Scope) -> dict[Hashable, Place]:
    """The targets by what they scale."""
    found: dict[Hashable, Place] = {}
    for source, target in targets_in(scope):
        there = scope.within(source)
        if exists(there, target):
            for key in _ids(there, target):
                found.setdefault(key, (source.index, target, False))
    return found


def _ids(scope: Scope, logical_id: str) -> Iterator[Hashable]:
    """What a target or a policy is of, as it is written and as it is worked out."""
    node = written_at(scope, logical_id, ("ResourceId",))
    dimension = scope.evaluate(written_at(scope, logical_id, ("ScalableDimension",)))
    if isinstance(dimension, str):
        whole = scope.evaluate(node)
        if isinstance(whole, str):
            yield whole, dimension
        yield scope.source.index, canonical(node), dimension


_CONFIG_NAME: Final = "EndpointConfigName"
_WHOLE: Final = Bounds(int)


def scaled_variants(
    scope: Scope, logical_id: str, config: EndpointConfigSpec
) -> dict[Path, ReferencedTarget]:
    """The scalable targets on the variants of a configuration, by the place of the variant."""
    by_name = {
        variant.variant_name: path
        for path, variant in config.variants()
        if isinstance(variant.variant_name, str)
    }
    return {
        by_name[name]: target_context(found.scope, found.logical_id)
        for endpoint in endpoints_of(scope, logical_id)
        for name, found in targets_of(endpoint)
        if name in by_name
    }


def endpoints_of(scope: Scope, config: str) -> Iterator[ResourceRef]:
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
                yield ResourceRef(there, logical_id)


def _key(index: int, name: object) -> Hashable:
    return name if isinstance(name, str) else (index, canonical(name))


def _by_config_name(app: App) -> Mapping[Hashable, list[Located]]:
    if _by_config_name not in app.remembered:
        found: dict[Hashable, list[Located]] = {}
        for source in app.sources:
            for logical_id in source.of_type(ENDPOINT):
                name = source.raw(logical_id, _CONFIG_NAME)
                found.setdefault(_key(source.index, name), []).append((source, logical_id))
        app.remembered[_by_config_name] = found
    known: Mapping[Hashable, list[Located]] = app.remembered[_by_config_name]
    return known


def target_context(scope: Scope, logical_id: str) -> ReferencedTarget:
    """A target, as the rules of what it scales are given it."""
    properties: Any = properties_of(scope, logical_id)
    known: dict[str, Any] = dict(properties) if is_mapping(properties) else {}
    dimension = known.get("ScalableDimension")
    least = converted(_WHOLE, known.get("MinCapacity"))
    return ReferencedTarget(
        logical_id=logical_id,
        dimension=dimension if isinstance(dimension, str) else None,
        min_capacity=least if is_integer(least) else None,
    )


_CUSTOM: Final[Path] = (
    "target_tracking_scaling_policy_configuration",
    "customized_metric_specification",
)


def policy_context(
    scope: Scope, logical_id: str, policy: ScalingPolicySpec, config_of: ConfigOf
) -> ScalingPolicyContext:
    """A policy with its target.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        policy: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    target = target_of(scope, logical_id)
    read = spec_of(target.scope, target.logical_id, ScalableTargetSpec) if target else None
    if target is None or read is None:
        return ScalingPolicyContext(policy=policy)
    scaled = scaled_by(target.scope, target.logical_id)
    return ScalingPolicyContext(
        policy=policy,
        target=scaling_context(target.scope, target.logical_id, read[0], config_of),
        own_metrics=frozenset(_own(scope, policy, scaled)),
        is_dependent=is_after(scope, logical_id, target),
    )


def _own(scope: Scope, policy: ScalingPolicySpec, scaled: Scaled) -> Iterator[Path]:
    """The places of the metrics of what is scaled."""
    for path, metric in _metrics(policy):
        given = {
            each.name: each.value
            for each in items_of(metric.dimensions)
            if isinstance(each, MetricDimension) and isinstance(each.name, str)
        }
        if _is_of(scope, given, scaled):
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


def _is_of(scope: Scope, dimensions: Mapping[str, Any], scaled: Scaled) -> bool:
    """Whether a metric is of what is scaled; where that is not known, it is not."""
    if scaled.place is None:
        return False
    if scaled.variant is None:
        found = component_named(scope, dimensions.get(NAMES[COMPONENT]))
        return found is not None and found.located == scaled.place[:2]
    found = neighbour(scope, ENDPOINT, dimensions.get(NAMES[ENDPOINT]))
    return (
        found is not None
        and found.located == scaled.place[:2]
        and dimensions.get("VariantName") in {None, scaled.variant}
    )
