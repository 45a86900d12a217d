"""Contexts of CloudWatch alarms, and the rollback alarms of deployments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from cdk_epc.spec import Path
from cdk_epc.spec.alarm import AlarmSpec, CompositeAlarmSpec
from cdk_epc.spec.context import AlarmContext, EndpointContext, ReferencedAlarm
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping, is_string, items_of
from cdk_epc.templates.app import COMPONENT, ENDPOINT, NAME_PROPERTIES
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.scaled_resources import POLICY, is_of_sagemaker
from cdk_epc.templates.dependencies import dependencies_of
from cdk_epc.templates.expressions import is_function, names_in
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.references import ResourceRef, named_resource, spec_of
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template

ALARM: Final = "AWS::CloudWatch::Alarm"
_COMPOSITE_ALARM: Final = "AWS::CloudWatch::CompositeAlarm"
_MONITORED: Final = frozenset({ENDPOINT, COMPONENT})
_ALARM_ACTIONS: Final = "AlarmActions"
_SAGEMAKER: Final = "sagemaker"
_ROLLBACK: Final[Path] = ("deployment_config", "auto_rollback_configuration", "alarms")

EndpointOf: TypeAlias = Callable[[ResourceRef], EndpointContext | None]
"""Function that returns the context of an endpoint."""


def may_concern_sagemaker(template: Template, alarm: str) -> bool:
    """Return whether an alarm watches or may watch SageMaker, scales it, or rolls back."""
    return (
        _may_watch_sagemaker(template, alarm)
        or _starts_scaling(template, template.raw_property(alarm, _ALARM_ACTIONS))
        or _rolls_back(template, alarm)
    )


def concerns_sagemaker(evaluation: Evaluation, logical_id: str, alarm: AlarmSpec) -> bool:
    """Return whether an alarm surely watches SageMaker, scales it, or rolls back.

    Args:
        evaluation: Evaluation of its template.
        logical_id: Logical id.
        alarm: The alarm, of which each member is that of the scenario.
    """
    namespaces = [use.metric.namespace for use in alarm.metric_uses()]
    return (
        any(is_string(each) and _may_be_of_sagemaker(each) for each in namespaces)
        or _has_endpoint(evaluation.template, _properties(evaluation.template, logical_id))
        or _starts_scaling(
            evaluation.template, expression_at(evaluation, logical_id, (_ALARM_ACTIONS,))
        )
        or _rolls_back(evaluation.template, logical_id)
    )


def _rolls_back(template: Template, alarm: str) -> bool:
    """Return whether the deployment of an endpoint or component of the template uses an alarm."""
    return any(
        alarm in template.names_in_property(type_, "DeploymentConfig")
        for type_ in (ENDPOINT, COMPONENT)
    )


def _starts_scaling(template: Template, actions: object) -> bool:
    for action in actions if is_list(actions) else ():
        policy = action.get("Ref") if is_mapping(action) else None
        if (
            isinstance(policy, str)
            and policy in template.resources
            and template.resources[policy]["Type"] == POLICY
            and is_of_sagemaker(template, policy)
        ):
            return True
    return False


def _may_watch_sagemaker(template: Template, alarm: str) -> bool:
    """Return whether an alarm watches metrics of SageMaker, or may do so."""
    properties = template.raw_properties(alarm)
    if not is_mapping(properties):
        return False
    return (
        any(map(is_function, properties))
        or any(map(_may_be_of_sagemaker, _namespaces(properties)))
        or _has_endpoint(template, properties)
    )


def _properties(template: Template, alarm: str) -> Mapping[Any, Any]:
    properties = template.raw_properties(alarm)
    return properties if is_mapping(properties) else {}


def _has_endpoint(template: Template, properties: Mapping[Any, Any]) -> bool:
    """Return whether a dimension or an expression of an alarm names a resource of SageMaker.

    This finds the alarms whose namespace is missing or misspelt.
    """
    monitored = (properties.get("Dimensions"), properties.get("Metrics"))
    types = {template.resources[name]["Type"] for name in _resources_in(template, monitored)}
    return not types.isdisjoint(_MONITORED) or any(
        map(_mentions_sagemaker, _expressions(monitored[1]))
    )


def _resources_in(template: Template, nodes: tuple[Any, ...]) -> Iterator[str]:
    return (name for node in nodes for _, name in names_in(node) if name in template.resources)


def _expressions(queries: object) -> Iterator[Any]:
    for query in queries if is_list(queries) else ():
        if is_mapping(query):
            yield query.get("Expression")


def _mentions_sagemaker(expression: object) -> bool:
    return isinstance(expression, str) and _SAGEMAKER in expression.lower()


def _namespaces(properties: Mapping[Any, Any]) -> Iterator[Any]:
    yield properties.get("Namespace")
    queries = properties.get("Metrics")
    for query in queries if is_list(queries) else [queries]:
        yield _value_or_function(query, ("MetricStat", "Metric", "Namespace"))


def _value_or_function(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    """Return the unevaluated value at a path, or the function on the path that contains it."""
    for step in path:
        if not is_mapping(value) or any(map(is_function, value)):
            return value if is_mapping(value) else None
        value = value.get(step)
    return value


def _may_be_of_sagemaker(namespace: object) -> bool:
    if isinstance(namespace, str):
        return _SAGEMAKER in namespace.lower()
    return namespace is not None


def alarm_context(
    evaluation: Evaluation, logical_id: str, alarm: AlarmSpec, endpoint_of: EndpointOf
) -> AlarmContext:
    """Return an alarm with the endpoints in its dimensions.

    Args:
        evaluation: Evaluation of its template.
        logical_id: Logical id.
        alarm: The alarm.
        endpoint_of: Function that returns the context of an endpoint.
    """
    endpoints: dict[Path, EndpointContext] = {}
    similar_names: dict[Path, str] = {}
    for path, value in _endpoint_names(alarm):
        at = (logical_id, aws_steps(path, AlarmSpec))
        found = named_resource(evaluation, ENDPOINT, value, at)
        if found is not None:
            if (endpoint := endpoint_of(found)) is not None:
                endpoints[path] = endpoint
        elif (name := similar_endpoint_name(evaluation, value)) is not None:
            similar_names[path] = name
    return AlarmContext(
        alarm=alarm,
        endpoints=endpoints,
        similar_endpoint_names=similar_names,
        region=evaluation.scenario.app.root_of(evaluation.template).input.region,
    )


def _endpoint_names(alarm: AlarmSpec) -> Iterator[tuple[Path, object]]:
    for use in alarm.metric_uses():
        for path, name, value in use.dimensions():
            if name == NAME_PROPERTIES[ENDPOINT]:
                yield path, value


def similar_endpoint_name(evaluation: Evaluation, name: object) -> str | None:
    """Return the name of a deployed endpoint that differs from a name only in capitals.

    Args:
        evaluation: Evaluation of the template with the name.
        name: Name for which no endpoint was found.
    """
    if not isinstance(name, str):
        return None
    app = evaluation.scenario.app
    for template, logical_id in app.endpoints_named_like(name):
        if app.may_share_environment(template, evaluation.template) and is_deployed(
            evaluation.within(template), logical_id
        ):
            return str(template.raw_property(logical_id, NAME_PROPERTIES[ENDPOINT]))
    return None


def rollback_alarms(
    evaluation: Evaluation, logical_id: str, config: object
) -> dict[Path, ReferencedAlarm]:
    """Return the rollback alarms of a resource by the paths of their names.

    Args:
        evaluation: Evaluation of the template of the resource.
        logical_id: Logical id of the resource.
        config: Deployment configuration of the resource.
    """
    rollback = getattr(config, "auto_rollback_configuration", None)
    found: dict[Path, ReferencedAlarm] = {}
    for index, alarm in enumerate(items_of(getattr(rollback, "alarms", None))):
        name = getattr(alarm, "alarm_name", None)
        reference = name.refers_to if isinstance(name, Unresolved) else None
        if reference is None or reference.template is not None:
            continue
        is_cycle = logical_id in dependencies_of(evaluation, reference.logical_id)
        composite = None
        if reference.type == _COMPOSITE_ALARM:
            composite = spec_of(evaluation, reference.logical_id, CompositeAlarmSpec)
        found[*_ROLLBACK, index, "alarm_name"] = ReferencedAlarm(
            logical_id=reference.logical_id,
            is_dependent=is_cycle,
            composite=composite[0] if composite else None,
        )
    return found
