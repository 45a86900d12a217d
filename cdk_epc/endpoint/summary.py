"""An endpoint on a few lines, for people."""

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
    from cdk_epc.endpoint.construct import Deploying

_UNITS: Final[Mapping[str, str]] = {
    CapacitySizeType.CAPACITY_PERCENT: " %",
    CapacitySizeType.INSTANCE_COUNT: " instances",
}
_WAYS: Final[Mapping[str, str]] = {
    TrafficRoutingType.ALL_AT_ONCE: "all at once",
    TrafficRoutingType.CANARY: "by a canary",
    TrafficRoutingType.LINEAR: "in steps",
}
_PROPERTIES: Final[Mapping[str, str]] = {
    VariantPropertyType.DESIRED_INSTANCE_COUNT: "its instance counts",
    VariantPropertyType.DESIRED_WEIGHT: "its weights",
}


def summary_of(endpoint: Deploying) -> str:
    """Its name, what it runs, and how it is updated."""
    lines = [f"Endpoint {endpoint.node.path}"]
    if (name := endpoint.spec.endpoint_name) is not None:
        lines.append(f"  named {_text(name)}")
    if endpoint.config is None:
        lines.append(f"  runs {_text(endpoint.spec.endpoint_config_name)}")
    else:
        lines += str(endpoint.config).splitlines()[1:]
    return "\n".join([*lines, *(f"  {line}" for line in _updates(endpoint.spec))])


def _updates(spec: EndpointSpec) -> Iterator[str]:
    of_size = "".join(f" of {step}" for step in _steps(spec))
    if (policy := blue_green(spec)) is not None:
        routing = policy.traffic_routing_configuration
        if isinstance(routing, TrafficRoutingConfiguration):
            yield f"updated {_WAYS.get(str(routing.type), _text(routing.type))}{of_size}"
    elif rolling(spec) is not None:
        yield f"updated in batches{of_size}"
    config = spec.deployment_config
    rollback = getattr(config, "auto_rollback_configuration", None)
    if alarms := items_of(getattr(rollback, "alarms", None)):
        names = ", ".join(_text(getattr(each, "alarm_name", None)) for each in alarms)
        yield f"rolled back for {names}"
    if spec.retain_all_variant_properties is True:
        yield f"keeps {_kept(spec)}"


def _steps(spec: EndpointSpec) -> Iterator[str]:
    """How much each step takes; of how much is rolled back at a time nobody asks here."""
    for _, name, size in sizes(spec):
        if name != "rollback_maximum_batch_size":
            yield f"{_text(size.value)}{_UNITS.get(str(size.type), '')}"


def _kept(spec: EndpointSpec) -> str:
    excluded = {
        getattr(each, "variant_property_type", None)
        for each in items_of(spec.exclude_retained_variant_properties)
    }
    kept = [words for property_, words in _PROPERTIES.items() if property_ not in excluded]
    return " and ".join(kept) or "nothing"


def _text(value: object) -> str:
    return "(known at deployment)" if is_unresolved(value) else str(value)
