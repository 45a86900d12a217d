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
from cdk_epc.templates.app import ENDPOINT, NAME_PROPERTIES
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.dependencies import dependencies_of
from cdk_epc.templates.expressions import is_function
from cdk_epc.templates.references import ResourceRef, named_resource
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template

ALARM: Final = "AWS::CloudWatch::Alarm"
_OURS: Final = "sagemaker"
EndpointOf: TypeAlias = Callable[[ResourceRef], EndpointContext | None]
_ROLLBACK: Final[Path] = ("deployment_config", "auto_rollback_configuration", "alarms")


def may_watch_sagemaker(template: Template, alarm: str) -> bool:
    """Whether an alarm is on metrics of SageMaker, or may be; most alarms are not."""
    properties = template.raw_properties(alarm)
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
    evaluation: Evaluation, logical_id: str, alarm: AlarmSpec, endpoint_of: EndpointOf
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
        found = named_resource(
            evaluation, ENDPOINT, value, (logical_id, aws_steps(path, AlarmSpec))
        )
        if found is not None:
            if (endpoint := endpoint_of(found)) is not None:
                endpoints[path] = endpoint
        elif (
            isinstance(value, str)
            and (name := similar_endpoint_name(evaluation, value)) is not None
        ):
            spelt[path] = name
    return AlarmContext(alarm=alarm, endpoints=endpoints, spelt=spelt)


def _endpoint_names(alarm: AlarmSpec) -> Iterator[tuple[Path, object]]:
    for use in alarm.uses():
        for path, name, value in use.dimensions():
            if name == NAME_PROPERTIES[ENDPOINT]:
                yield path, value


def similar_endpoint_name(evaluation: Evaluation, name: str) -> str | None:
    """The name of an endpoint that differs in capitals alone."""
    app, template = evaluation.scenario.app, evaluation.template
    for other, logical_id in app.endpoints_named_like(name):
        if app.may_share_environment(other, template) and is_deployed(
            evaluation.within(other), logical_id
        ):
            return str(other.raw(logical_id, NAME_PROPERTIES[ENDPOINT]))
    return None


def rollback_alarms(
    evaluation: Evaluation, logical_id: str, config: object
) -> dict[Path, ReferencedAlarm]:
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
        waits = logical_id in dependencies_of(evaluation, reference.logical_id)
        placed = ReferencedAlarm(logical_id=reference.logical_id, waits_for=waits)
        found[*_ROLLBACK, index, "alarm_name"] = placed
    return found
