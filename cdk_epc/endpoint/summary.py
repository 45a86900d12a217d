"""Summary of an endpoint as a few lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from cdk_epc.rules.deployments import blue_green, rolling, sizes
from cdk_epc.spec import (
    CapacitySizeType,
    EndpointSpec,
    TrafficRoutingConfiguration,
    TrafficRoutingType,
    VariantPropertyType,
)
from cdk_epc.spec.unresolved import is_unresolved, items_of

if TYPE_CHECKING:
    from cdk_epc.endpoint_config.construct import EndpointConfig

_UNITS: Final[Mapping[str, str]] = {
    CapacitySizeType.CAPACITY_PERCENT: "%",
    CapacitySizeType.INSTANCE_COUNT: " instances",
}
_DEPLOYMENTS: Final[Mapping[str, str]] = {
    TrafficRoutingType.ALL_AT_ONCE: "blue/green, all traffic at once",
    TrafficRoutingType.CANARY: "blue/green with a canary",
    TrafficRoutingType.LINEAR: "blue/green in linear steps",
}
_RETAINED: Final[Mapping[str, str]] = {
    VariantPropertyType.DESIRED_INSTANCE_COUNT: "instance counts",
    VariantPropertyType.DESIRED_WEIGHT: "weights",
}


def summary_of(path: str, spec: EndpointSpec, config: EndpointConfig | None) -> str:
    """Return the name of an endpoint, its variants and features, and its deployment settings."""
    lines = [f"Endpoint {path}"]
    if spec.endpoint_name is not None:
        lines.append(f"  name: {_text(spec.endpoint_name)}")
    if config is None:
        lines.append(f"  configuration: {_text(spec.endpoint_config_name)}")
    else:
        lines += str(config).splitlines()[1:]
    return "\n".join([*lines, *(f"  {line}" for line in _update_lines(spec))])


def _update_lines(spec: EndpointSpec) -> Iterator[str]:
    size = "".join(f" of {step}" for step in _step_sizes(spec))
    if (policy := blue_green(spec)) is not None:
        routing = policy.traffic_routing_configuration
        if isinstance(routing, TrafficRoutingConfiguration):
            yield f"updates: {_DEPLOYMENTS.get(str(routing.type), _text(routing.type))}{size}"
    elif rolling(spec) is not None:
        yield f"updates: rolling batches{size}"
    rollback = getattr(spec.deployment_config, "auto_rollback_configuration", None)
    if alarms := items_of(getattr(rollback, "alarms", None)):
        names = ", ".join(_text(getattr(each, "alarm_name", None)) for each in alarms)
        yield f"rollback alarms: {names}"
    if spec.retain_all_variant_properties is True:
        yield f"updates retain {_retained(spec)}"


def _step_sizes(spec: EndpointSpec) -> Iterator[str]:
    """Yield the sizes of the steps forward; the size of a rollback step is left out."""
    for _, name, size in sizes(spec):
        if name != "rollback_maximum_batch_size":
            yield f"{_text(size.value)}{_UNITS.get(str(size.type), '')}"


def _retained(spec: EndpointSpec) -> str:
    excluded = {
        getattr(each, "variant_property_type", None)
        for each in items_of(spec.exclude_retained_variant_properties)
    }
    retained = [text for property_, text in _RETAINED.items() if property_ not in excluded]
    return " and ".join(retained) or "nothing"


def _text(value: object) -> str:
    return "(known at deployment)" if is_unresolved(value) else str(value)
