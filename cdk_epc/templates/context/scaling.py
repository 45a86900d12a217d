"""Scalable targets of SageMaker, with what they scale and by which policies."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TypeAlias

from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, Path
from cdk_epc.spec.context import ConfigInPlace, ScalingInPlace
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.context.alarms import in_other_case
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    TARGET,
    Place,
    Scaled,
    in_scenario,
    is_after,
    may_be_of_sagemaker,
    placed_at,
    scaled_by,
    targets_in,
)
from cdk_epc.templates.expressions import canonical
from cdk_epc.templates.positions import written_at
from cdk_epc.templates.references import (
    Neighbour,
    referred,
    settled,
    spec_of,
)
from cdk_epc.templates.scenarios import Scope

ConfigOf: TypeAlias = Callable[[Neighbour, EndpointSpec], ConfigInPlace | None]
"""Gives the configuration in place of an endpoint."""


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
    scaled = scaled_by(scope, logical_id)
    config = component = place = None
    if (found := scaled.found(scope)) is not None and scaled.variant is not None:
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
        spelt=_spelt(scope, scaled) if found is None else None,
        is_by_arn=scaled.is_by_arn,
    )


def _spelt(scope: Scope, scaled: Scaled) -> str | None:
    return None if scaled.endpoint is None else in_other_case(scope, scaled.endpoint)


def _place_of(config: ConfigInPlace, variant: str) -> Path | None:
    variants = config.config.variants()
    return next((path for path, each in variants if each.variant_name == variant), None)


def _policies(scope: Scope, target: str) -> tuple[ScalingPolicySpec, ...] | None:
    """The policies of a target; ``None`` where it cannot be told which are."""
    by_target = settled(scope, _by_target, lambda: _by_target(scope))
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


def target_of(scope: Scope, policy: str) -> Neighbour | None:
    """The target in sight that a policy is for."""
    key = (target_of, scope.source.index, policy)
    return in_scenario(scope, settled(scope, key, lambda: _target_of(scope, policy)))


def _target_of(scope: Scope, policy: str) -> Place | None:
    given = written_at(scope, policy, ("ScalingTargetId",))
    if given is not None:
        return placed_at(referred(scope, TARGET, scope.evaluate(given)))
    by_id = settled(scope, _by_id, lambda: _by_id(scope))
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
