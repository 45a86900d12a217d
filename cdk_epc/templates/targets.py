"""Scalable targets and scaling policies of SageMaker, with what they scale."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, Path
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.in_place import ConfigInPlace, ScalingInPlace, ScalingPolicyInPlace
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    ScalableTargetSpec,
    ScalingPolicySpec,
    TargetTrackingConfiguration,
    TrackedMetric,
)
from cdk_epc.spec.unknown import Unknown, is_mapping, items_of
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.expressions import canonical, is_function, named
from cdk_epc.templates.names import COMPONENT, ENDPOINT, NAMES, Located
from cdk_epc.templates.neighbours import Neighbour, neighbour, referred, settled, spec_of
from cdk_epc.templates.places import written_at
from cdk_epc.templates.scaling import TARGET
from cdk_epc.templates.scenarios import Scope
from cdk_epc.templates.source import Source
from cdk_epc.templates.texts import parts_of
from cdk_epc.templates.waiting import waits_for

POLICY: Final = "AWS::ApplicationAutoScaling::ScalingPolicy"
_OURS: Final = "sagemaker"
_UNKNOWN: Final = "\0"
"""Stands for the one part of a ``ResourceId`` that is not known here."""
_VARIANT: Final = re.compile(r"endpoint/(.+)/variant/(.+)", re.DOTALL)
_COPIES: Final = re.compile(r"inference-component/(.+)", re.DOTALL)
_CUSTOM: Final[Path] = (
    "target_tracking_scaling_policy_configuration",
    "customized_metric_specification",
)

ConfigOf: TypeAlias = Callable[[Neighbour, EndpointSpec], ConfigInPlace | None]
"""Gives the configuration in place of an endpoint."""


def is_of_sagemaker(source: Source, logical_id: str) -> bool:
    """Whether a target or a policy is of SageMaker; most are of other services."""
    properties = source.raw_properties(logical_id)
    if not is_mapping(properties):
        return False
    target = properties.get("ScalingTargetId")
    reference = target.get("Ref") if is_mapping(target) else None
    if isinstance(reference, str) and reference in source.resources and reference != logical_id:
        return source.resources[reference]["Type"] == TARGET and is_of_sagemaker(source, reference)
    texts = (properties.get("ServiceNamespace"), properties.get("ScalableDimension"))
    return any(isinstance(each, str) and each.startswith(_OURS) for each in texts) or any(
        map(is_function, properties)
    )


@attrs.frozen(eq=False)
class _Scaled:
    """What a ``ResourceId`` names: a variant of an endpoint, or a component."""

    found: Neighbour | None
    variant: str | None = None


def _scaled_by(scope: Scope, logical_id: str) -> _Scaled:
    key = (_scaled_by, scope.source.index, logical_id)
    return settled(scope, key, lambda: _parsed(scope, logical_id))


def _parsed(scope: Scope, logical_id: str) -> _Scaled:
    node = written_at(scope, logical_id, ("ResourceId",))
    parts = parts_of(scope, node) or []
    unknown = [part for part in parts if isinstance(part, Unknown)]
    whole = "".join(_UNKNOWN if isinstance(part, Unknown) else part for part in parts)
    if (match := _VARIANT.fullmatch(whole)) is not None and _UNKNOWN not in match[2]:
        value: object = unknown[0] if match[1] == _UNKNOWN else match[1]
        return _Scaled(neighbour(scope, ENDPOINT, value), match[2])
    if (match := _COPIES.fullmatch(whole)) is not None:
        value = unknown[0] if match[1] == _UNKNOWN else match[1]
        return _Scaled(component_named(scope, value))
    return _Scaled(None)


def component_named(scope: Scope, value: object) -> Neighbour | None:
    """The component that a value names, which may be cut out of its ARN."""
    found = neighbour(scope, COMPONENT, value)
    if found is not None or not isinstance(value, Unknown) or value.refers_to is not None:
        return found
    mentioned = dict.fromkeys(name for _, name in named(value.expression))
    references = [scope.source.reference(name, None) for name in mentioned]
    if len(references) != 1 or references[0] is None:
        return None
    return referred(scope, COMPONENT, Unknown(value.expression, references[0]))


def scaling_in_place(
    scope: Scope, logical_id: str, target: ScalableTargetSpec, config_of: ConfigOf
) -> ScalingInPlace:
    """A target with what it scales and by which policies.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        target: It.
        config_of: Gives the configuration in place of an endpoint.
    """
    scaled = _scaled_by(scope, logical_id)
    config = component = place = None
    if (found := scaled.found) is not None and scaled.variant is not None:
        read = spec_of(found.scope, found.logical_id, EndpointSpec)
        config = config_of(found, read[0]) if read is not None else None
        place = _place_of(config, scaled.variant) if config is not None else None
    elif found is not None:
        of_component = spec_of(found.scope, found.logical_id, InferenceComponentSpec)
        component = of_component[0] if of_component is not None else None
    return ScalingInPlace(
        target=target,
        logical_id=logical_id,
        config=config,
        variant=place,
        component=component,
        policies=_policies(scope, logical_id),
        is_created_after=is_after(scope, logical_id, found),
    )


def _place_of(config: ConfigInPlace, variant: str) -> Path | None:
    variants = config.config.variants()
    return next((path for path, each in variants if each.variant_name == variant), None)


def is_after(scope: Scope, logical_id: str, found: Neighbour | None) -> bool:
    """Whether a resource waits for another; across templates nobody can tell, so it does."""
    return (
        found is None
        or found.by_reference
        or found.scope.source is not scope.source
        or found.logical_id in waits_for(scope, logical_id)
    )


def _policies(scope: Scope, target: str) -> tuple[ScalingPolicySpec, ...] | None:
    """The policies of a target; ``None`` where it cannot be told which are."""
    found: list[ScalingPolicySpec] = []
    app = scope.run.app
    if not app.is_whole:
        return None
    for source in app.sources:
        for policy in source.of_type(POLICY):
            there = scope.within(source)
            if not is_of_sagemaker(source, policy) or not exists(there, policy):
                continue
            of = target_of(there, policy)
            if of is None:
                return None
            if of.located == (scope.source.index, target):
                read = spec_of(there, policy, ScalingPolicySpec)
                if read is None:
                    return None
                found.append(read[0])
    return tuple(found)


def target_of(scope: Scope, policy: str) -> Neighbour | None:
    """The target in sight that a policy is for."""
    key = (target_of, scope.source.index, policy)
    return settled(scope, key, lambda: _target_of(scope, policy))


def _target_of(scope: Scope, policy: str) -> Neighbour | None:
    given = written_at(scope, policy, ("ScalingTargetId",))
    if given is not None:
        return referred(scope, TARGET, scope.evaluate(given))
    id_ = written_at(scope, policy, ("ResourceId",))
    dimension = scope.evaluate(written_at(scope, policy, ("ScalableDimension",)))
    for source, target in _targets(scope):
        there = scope.within(source)
        other = written_at(there, target, ("ResourceId",))
        is_same = scope.evaluate(id_) == there.evaluate(other) or (
            source is scope.source and canonical(id_) == canonical(other)
        )
        if (
            is_same
            and exists(there, target)
            and there.evaluate(written_at(there, target, ("ScalableDimension",))) == dimension
        ):
            return Neighbour(there, target)
    return None


def _targets(scope: Scope) -> Iterator[Located]:
    for source in scope.run.app.sources:
        for target in source.of_type(TARGET):
            if is_of_sagemaker(source, target):
                yield source, target


def targets_on(scope: Scope, component: tuple[int, str]) -> Iterator[Neighbour]:
    """The targets on the copies of a component."""
    for source, target in _targets(scope):
        there = scope.within(source)
        if exists(there, target):
            scaled = _scaled_by(there, target)
            if scaled.variant is None and scaled.found and scaled.found.located == component:
                yield Neighbour(there, target)


def policy_in_place(
    scope: Scope, logical_id: str, policy: ScalingPolicySpec, config_of: ConfigOf
) -> ScalingPolicyInPlace:
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
        return ScalingPolicyInPlace(policy=policy)
    scaled = _scaled_by(target.scope, target.logical_id)
    return ScalingPolicyInPlace(
        policy=policy,
        scaling=scaling_in_place(target.scope, target.logical_id, read[0], config_of),
        own=frozenset(_own(scope, policy, scaled)),
    )


def _own(scope: Scope, policy: ScalingPolicySpec, scaled: _Scaled) -> Iterator[Path]:
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


def _is_of(scope: Scope, dimensions: dict[str, Any], scaled: _Scaled) -> bool:
    """Whether a metric is of what is scaled; where that is not known, it is not."""
    if scaled.found is None:
        return False
    if scaled.variant is None:
        found = component_named(scope, dimensions.get(NAMES[COMPONENT]))
        return found is not None and found.located == scaled.found.located
    found = neighbour(scope, ENDPOINT, dimensions.get(NAMES[ENDPOINT]))
    return (
        found is not None
        and found.located == scaled.found.located
        and dimensions.get("VariantName") in {None, scaled.variant}
    )
