"""Alarms of CloudWatch: those on metrics of SageMaker, and those that deployments name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from cdk_epc.spec import Path
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.context import AlarmContext, EndpointContext, ReferencedAlarm
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.unresolved import (
    Unresolved,
    is_list,
    is_mapping,
    items_of,
)
from cdk_epc.templates.app import ENDPOINT, NAMES
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.dependencies import waits_for
from cdk_epc.templates.expressions import is_function
from cdk_epc.templates.references import ResourceRef, neighbour
from cdk_epc.templates.scenarios import Scope
from cdk_epc.templates.template import Source

ALARM: Final = "AWS::CloudWatch::Alarm"
_OURS: Final = "sagemaker"
EndpointOf: TypeAlias = Callable[[ResourceRef], EndpointContext | None]
_ROLLBACK: Final[Path] = ("deployment_config", "auto_rollback_configuration", "alarms")


def is_on_sagemaker(source: Source, alarm: str) -> bool:
    """Whether an alarm is on metrics of SageMaker, or may be; most alarms are not."""
    properties = source.raw_properties(alarm)
    if not is_mapping(properties):
        return False
    return any(map(is_function, properties)) or any(map(_may_be_ours, _namespaces(properties)))


def _namespaces(properties: Mapping[Any, Any]) -> Iterator[Any]:
    yield properties.get("Namespace")
    queries = properties.get("Metrics")
    for query in queries if is_list(queries) else [queries]:
        yield _at(query, ("MetricStat", "Metric", "Namespace"))


def _at(value: Any, steps: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    """What lies there, or the function on the way that decides what does."""
    for step in steps:
        if not is_mapping(value) or any(map(is_function, value)):
            return value if is_mapping(value) else None
        value = value.get(step)
    return value


def _may_be_ours(namespace: object) -> bool:
    return _OURS in namespace.lower() if isinstance(namespace, str) else namespace is not None


def alarm_context(
    scope: Scope, logical_id: str, alarm: AlarmSpec, endpoint_of: EndpointOf
) -> AlarmContext:
    """An alarm with the endpoints that its dimensions name.

    Args:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        alarm: It.
        endpoint_of: Gives an endpoint with what stands around it.
    """
    endpoints: dict[Path, EndpointContext] = {}
    spelt: dict[Path, str] = {}
    for path, value in _endpoint_names(alarm):
        found = neighbour(scope, ENDPOINT, value, (logical_id, aws_steps(path, AlarmSpec)))
        if found is not None:
            if (endpoint := endpoint_of(found)) is not None:
                endpoints[path] = endpoint
        elif isinstance(value, str) and (name := in_other_case(scope, value)) is not None:
            spelt[path] = name
    return AlarmContext(alarm=alarm, endpoints=endpoints, similar_endpoint_names=spelt)


def _endpoint_names(alarm: AlarmSpec) -> Iterator[tuple[Path, object]]:
    for use in alarm.metric_uses():
        for path, name, value in use.dimensions():
            if name == NAMES[ENDPOINT]:
                yield path, value


def in_other_case(scope: Scope, name: str) -> str | None:
    """The name of an endpoint that differs in capitals alone."""
    app, source = scope.run.app, scope.source
    for other, logical_id in app.endpoints_alike(name):
        if app.may_meet(other, source) and exists(scope.within(other), logical_id):
            return str(other.raw(logical_id, NAMES[ENDPOINT]))
    return None


def rollback_alarms(scope: Scope, logical_id: str, config: object) -> dict[Path, ReferencedAlarm]:
    """The alarms that a resource's deployments are rolled back for, by the place of the name.

    Args:
        scope: The template of the resource in the scenario.
        logical_id: Its logical id.
        config: Its deployment configuration.
    """
    rollback = getattr(config, "auto_rollback_configuration", None)
    found: dict[Path, ReferencedAlarm] = {}
    for index, alarm in enumerate(items_of(getattr(rollback, "alarms", None))):
        name = getattr(alarm, "alarm_name", None)
        reference = name.refers_to if isinstance(name, Unresolved) else None
        if reference is None or reference.template is not None:
            continue
        waits = logical_id in waits_for(scope, reference.logical_id)
        placed = ReferencedAlarm(logical_id=reference.logical_id, is_dependent=waits)
        found[*_ROLLBACK, index, "alarm_name"] = placed
    return found
