"""Plan of an update: replaced resources, traffic, waits, and the instances that it needs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec import (
    BlueGreenUpdatePolicy,
    CapacitySize,
    DeploymentConfig,
    EndpointConfigSpec,
    ProductionVariant,
    RollingUpdatePolicy,
)
from cdk_epc.spec.endpoint import retains_counts
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.enums import CapacitySizeType, TrafficRoutingType
from cdk_epc.spec.unresolved import is_integer, is_string, items_of
from cdk_epc.spec.updates import EndpointUpdate, FleetUpdate
from cdk_epc.templates.app import CONFIG, ENDPOINT, MODEL
from cdk_epc.templates.references import ResourceKey
from cdk_epc.updates.comparison import Comparison
from cdk_epc.updates.notes import fleet_notes

_ALL: Final = 100
"""Percentage of all traffic."""
_INF1: Final = "ml.inf1."


@attrs.frozen(eq=False, repr=False)
class Range(Record):
    """Number of instances that the templates bound.

    Attributes:
        minimum: Minimum.
        maximum: Maximum.
    """

    minimum: int
    maximum: int

    def __add__(self, other: Range) -> Range:
        """Return the sum of two numbers."""
        return Range(self.minimum + other.minimum, self.maximum + other.maximum)

    def __str__(self) -> str:
        """Return the number, or both bounds."""
        if self.minimum == self.maximum:
            return str(self.minimum)
        return f"{self.minimum} to {self.maximum}"


_NONE: Final = Range(0, 0)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InstanceDemand(Record):
    """Instances of one type that an update needs.

    Attributes:
        instance_type: The type.
        before: Instances before the update.
        peak: Instances during the update, to compare with the quota.
        after: Instances after the update.
        rollback: Instances at the peak of a rollback.
    """

    instance_type: str
    before: Range
    peak: Range
    after: Range
    rollback: Range

    def __add__(self, other: InstanceDemand) -> InstanceDemand:
        """Return the sum of the instances of two endpoints of the same type."""
        return InstanceDemand(
            instance_type=self.instance_type,
            before=self.before + other.before,
            peak=self.peak + other.peak,
            after=self.after + other.after,
            rollback=self.rollback + other.rollback,
        )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TrafficPlan(Record):
    """Shift of the traffic to the new fleet.

    Attributes:
        policy: The policy: "all at once", "canary", "linear" or "rolling".
        percentages: Share of the traffic on the new fleet after each step.
        wait: Seconds after each step.
        termination_wait: Seconds after which the old fleet is deleted.
        limit: Maximum of seconds of the update, if the policy has one.
        is_fallback: Whether SageMaker ignores the declared policy and shifts all traffic at once.
    """

    policy: str = "all at once"
    percentages: tuple[int, ...] = (_ALL,)
    wait: int = 0
    termination_wait: int = 0
    limit: int | None = None
    is_fallback: bool = False

    @property
    def seconds(self) -> int:
        """Waits of the policy, without the time in which instances start."""
        return len(self.percentages) * self.wait + self.termination_wait


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EndpointPlan(Record):
    """Effect of an update on an endpoint.

    Attributes:
        stack: Name of the template.
        logical_id: Logical id of the endpoint.
        region: Region, if it is known.
        is_replaced: Whether CloudFormation replaces the endpoint.
        has_new_fleet: Whether the endpoint gets another configuration, and so a new fleet.
        changed: Changed properties of the endpoint.
        replaced: Replaced configuration and models, each with the properties that cause it.
        traffic: Shift of the traffic; ``None`` without a new fleet.
        demand: Instances by type, of the variants whose counts are known.
        is_serverless: Whether the new fleet is serverless.
        notes: Other effects, as sentences without a full stop.
    """

    stack: str
    logical_id: str
    region: str | None = None
    is_replaced: bool = False
    has_new_fleet: bool = False
    changed: tuple[str, ...] = ()
    replaced: tuple[tuple[str, tuple[str, ...]], ...] = ()
    traffic: TrafficPlan | None = None
    demand: tuple[InstanceDemand, ...] = ()
    is_serverless: bool = False
    notes: tuple[str, ...] = ()

    @property
    def resource(self) -> tuple[str, str]:
        """Template and logical id."""
        return self.stack, self.logical_id


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RegionalDemand(Record):
    """Instances of one type that all updated endpoints of a region need together.

    Attributes:
        region: Region; ``None`` if it is unknown.
        demand: The instances.
    """

    region: str | None
    demand: InstanceDemand


def total_demand(plans: Sequence[EndpointPlan]) -> list[RegionalDemand]:
    """Return the sums over the endpoints, by region and instance type."""
    totals: dict[tuple[str | None, str], InstanceDemand] = {}
    for plan in plans:
        for each in plan.demand:
            key = (plan.region, each.instance_type)
            totals[key] = totals[key] + each if key in totals else each
    return [RegionalDemand(region=region, demand=each) for (region, _), each in totals.items()]


def plan_of(comparison: Comparison, key: ResourceKey, update: EndpointUpdate) -> EndpointPlan:
    """Return the plan of the update of an endpoint.

    Args:
        comparison: Comparison of the apps.
        key: The endpoint in the new app.
        update: Its update.
    """
    app = comparison.pairs.new
    template = app.templates[key[0]]
    fleet = update.fleet
    traffic = traffic_of(fleet) if fleet is not None else None
    return EndpointPlan(
        stack=template.input.name,
        logical_id=key[1],
        region=app.root_of(template).input.region,
        is_replaced=update.is_replaced,
        has_new_fleet=fleet is not None or update.is_replaced,
        changed=tuple(each.name for each in comparison.changes(key)),
        replaced=tuple(_replaced(comparison, key)),
        traffic=traffic,
        demand=tuple(_demand(fleet, traffic)) if fleet and traffic else (),
        is_serverless=fleet is not None and _is_serverless(fleet.new),
        notes=tuple(fleet_notes(comparison, key, update)),
    )


def _replaced(comparison: Comparison, key: ResourceKey) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the replaced resources behind an endpoint, the first cause first."""
    found: dict[ResourceKey, tuple[str, ...]] = {}
    pending = [key]
    while pending:
        for change in comparison.changes(pending.pop()):
            if change.cause is not None and change.cause not in found:
                replacing = comparison.replacing(change.cause)
                found[change.cause] = tuple(each.name for each in replacing)
                pending.append(change.cause)
    resources = comparison.pairs.new.templates
    for resource, names in reversed(found.items()):
        if resources[resource[0]].resources[resource[1]]["Type"] in {CONFIG, MODEL, ENDPOINT}:
            yield resource[1], names


def traffic_of(fleet: FleetUpdate) -> TrafficPlan:
    """Return the shift of the traffic for the deployment policy of an endpoint."""
    config = fleet.endpoint.deployment_config
    if not isinstance(config, DeploymentConfig):
        return TrafficPlan()
    rolling, blue_green = config.rolling_update_policy, config.blue_green_update_policy
    if isinstance(rolling, RollingUpdatePolicy):
        if _is_excluded(fleet) or len(items_of(fleet.new.production_variants)) > 1:
            return TrafficPlan(is_fallback=True)
        return _rolling(rolling, fleet)
    if isinstance(blue_green, BlueGreenUpdatePolicy):
        if _is_excluded(fleet):
            return TrafficPlan(is_fallback=True)
        return _blue_green(blue_green, fleet)
    return TrafficPlan()


def _is_excluded(fleet: FleetUpdate) -> bool:
    """Return whether SageMaker ignores the deployment policy for a variant of the update."""
    types = [type_ for config in (fleet.old, fleet.new) for _, type_ in config.instance_types()]
    return any(type_.startswith(_INF1) for type_ in types) or (
        isinstance(fleet.endpoint.deployment_config, DeploymentConfig)
        and fleet.endpoint.deployment_config.rolling_update_policy is not None
        and _is_serverless(fleet.new)
    )


def _is_serverless(config: EndpointConfigSpec) -> bool:
    return any(each.serverless_config is not None for _, each in config.production())


def _blue_green(policy: BlueGreenUpdatePolicy, fleet: FleetUpdate) -> TrafficPlan:
    routing = policy.traffic_routing_configuration
    type_ = getattr(routing, "type", None)
    plan = TrafficPlan(
        wait=_seconds(getattr(routing, "wait_interval_in_seconds", None)),
        termination_wait=_seconds(policy.termination_wait_in_seconds),
        limit=_limit(policy.maximum_execution_timeout_in_seconds),
    )
    if type_ == TrafficRoutingType.CANARY:
        share = _percentage(getattr(routing, "canary_size", None), fleet)
        percentages = (share, _ALL) if share is not None else (_ALL,)
        return attrs.evolve(plan, policy="canary", percentages=percentages)
    if type_ == TrafficRoutingType.LINEAR:
        step = _percentage(getattr(routing, "linear_step_size", None), fleet)
        return attrs.evolve(plan, policy="linear", percentages=_steps(step))
    return attrs.evolve(plan, wait=0)


def _rolling(policy: RollingUpdatePolicy, fleet: FleetUpdate) -> TrafficPlan:
    return TrafficPlan(
        policy="rolling",
        percentages=_steps(_percentage(policy.maximum_batch_size, fleet)),
        wait=_seconds(policy.wait_interval_in_seconds),
        limit=_limit(policy.maximum_execution_timeout_in_seconds),
    )


def _steps(step: int | None) -> tuple[int, ...]:
    if step is None or not 0 < step < _ALL:
        return (_ALL,)
    return (*range(step, _ALL, step), _ALL)


def _seconds(value: object) -> int:
    return max(value, 0) if is_integer(value) else 0


def _limit(value: object) -> int | None:
    return value if is_integer(value) else None


def _percentage(size: object, fleet: FleetUpdate) -> int | None:
    """Return the percentage of a size; that of a number of instances for the smallest fleet."""
    if not isinstance(size, CapacitySize) or not is_integer(size.value) or size.value < 1:
        return None
    if size.type == CapacitySizeType.CAPACITY_PERCENT:
        return min(size.value, _ALL)
    counts = [count.minimum for _, count in _new_counts(fleet) if count.minimum > 0]
    return min(_ALL, math.ceil(_ALL * size.value / min(counts))) if counts else None


def _old_counts(fleet: FleetUpdate) -> Iterator[tuple[ProductionVariant, Range]]:
    """Yield the variants before the update with the numbers of their instances."""
    for _, variant in fleet.old.production():
        live = fleet.live.get(_name(variant))
        scaled = fleet.scaled.get(_name(variant))
        if live is not None and live.count is not None:
            yield variant, Range(live.count, live.count)
        elif scaled is not None and scaled.target.min_capacity is not None:
            maximum = scaled.target.max_capacity
            minimum = scaled.target.min_capacity
            yield variant, Range(minimum, minimum if maximum is None else max(minimum, maximum))
        elif (initial := _initial(variant)) is not None:
            yield variant, initial


def _name(variant: ProductionVariant) -> str:
    return variant.variant_name if is_string(variant.variant_name) else ""


def _new_counts(fleet: FleetUpdate) -> Iterator[tuple[ProductionVariant, Range]]:
    """Yield the variants after the update with the numbers of their instances."""
    running = {_name(each): count for each, count in _old_counts(fleet)}
    retains = retains_counts(fleet.endpoint) is True
    for _, variant in fleet.new.production():
        if retains and _name(variant) in running:
            yield variant, running[_name(variant)]
        elif (initial := _initial(variant)) is not None:
            yield variant, initial


def _initial(variant: ProductionVariant) -> Range | None:
    count = variant.initial_instance_count
    if not is_integer(count) or count < 0:
        return None
    managed = variant.managed_instance_scaling
    low, high = (
        getattr(managed, name, None) for name in ("min_instance_count", "max_instance_count")
    )
    return Range(
        min(count, low) if is_integer(low) else count,
        max(count, high) if is_integer(high) else count,
    )


def _by_type(counts: Iterator[tuple[ProductionVariant, Range]]) -> dict[str, Range]:
    """Return the number of instances by type; an instance pool counts by its first type."""
    found: dict[str, Range] = {}
    for variant, count in counts:
        types = [type_ for _, type_ in instance_types_of((), variant) if is_string(type_)]
        if types:
            found[types[0]] = found.get(types[0], _NONE) + count
    return found


def _demand(fleet: FleetUpdate, traffic: TrafficPlan) -> Iterator[InstanceDemand]:
    before, after = _by_type(_old_counts(fleet)), _by_type(_new_counts(fleet))
    step = traffic.percentages[0]
    for type_ in dict.fromkeys((*before, *after)):
        old, new = before.get(type_, _NONE), after.get(type_, _NONE)
        peak = both = old + new
        if traffic.policy == "rolling" and _NONE not in (old, new):
            peak = Range(
                _with_batch(old.minimum, new.minimum, step),
                _with_batch(old.maximum, new.maximum, step),
            )
        yield InstanceDemand(instance_type=type_, before=old, peak=peak, after=new, rollback=both)


def _with_batch(old: int, new: int, percentage: int) -> int:
    larger = max(old, new)
    return min(old + new, larger + math.ceil(larger * percentage / _ALL))
