"""Rollback alarms: alarms that stop the update of an endpoint or a component.

An alarm is recognised by its members, because importing CDK's CloudWatch module would add a tenth
of a second to the start of every app.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
import aws_cdk as cdk

from cdk_epc._records import Record
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import stack_of
from cdk_epc.constructs.values import ArgumentTypeError, require_list
from cdk_epc.permissions.statements import literal
from cdk_epc.rules import alarms as alarm_rules
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import (
    Alarm,
    AutoRollbackConfiguration,
    ComponentDeploymentConfig,
    DeploymentConfig,
    EndpointSpec,
    InferenceComponentSpec,
    Spec,
)
from cdk_epc.spec.unresolved import ReferenceToken, is_list, is_unresolved, items_of

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_cloudwatch import IAlarmRef, ICompositeAlarmRef
    from constructs import IConstruct

    from cdk_epc.endpoint.construct import Endpoint
    from cdk_epc.monitoring.recommended_alarms import RecommendedAlarms

    AlarmOrName: TypeAlias = IAlarmRef | ICompositeAlarmRef | RecommendedAlarms | str

ROLLBACK: Final = ("deployment_config", "auto_rollback_configuration")
"""Path of the rollback alarms in the spec of an endpoint or a component."""

_DEPLOYMENTS: Final[Mapping[type[Spec], type[Spec]]] = {
    EndpointSpec: DeploymentConfig,
    InferenceComponentSpec: ComponentDeploymentConfig,
}
_COMPOSITE_ALARM: Final = "AWS::CloudWatch::CompositeAlarm"
_FOR_ROLLBACK: Final = "for_rollback"
_MATH_METRICS: Final = "using_metrics"
(_CYCLE,) = (rule for rule in alarm_rules.RULES if rule.id == "rollback-alarm-cycle")


@attrs.frozen(eq=False, repr=False)
class AlarmReference(Record):
    """Alarm in a deployment policy and in an IAM policy.

    Attributes:
        name: Name of the alarm.
        arn: Resource in an IAM policy. It is ``*`` for a composite alarm, because CloudWatch
            describes composite alarms only to principals that may describe all alarms.
    """

    name: str
    arn: str


def add_rollback_alarms(
    state: ResourceState[EndpointSpec] | ResourceState[InferenceComponentSpec],
    scope: IConstruct,
    alarms: Iterable[AlarmOrName],
    argument: str,
    site: CallSite | None,
) -> list[AlarmReference]:
    """Add rollback alarms to the state of an endpoint or a component, without duplicates.

    Args:
        state: State of the endpoint or component.
        scope: The construct, or its future scope.
        alarms: The alarms.
        argument: The argument or call that supplies the alarms.
        site: The call.

    Returns:
        The alarms that the state did not have yet.

    Raises:
        EndpointConfigError: A value is not an alarm, or there are too many alarms.
    """
    whole = SuppliedPart(ROLLBACK, argument, alarms, site)
    given = state.convert(whole, _alarm_list)
    config: Any = _deployment_config(state, site) if given else None
    before = items_of(getattr(getattr(config, ROLLBACK[1], None), "alarms", None))
    every, supplied_parts = list(before), [whole]
    new: list[AlarmReference] = []
    for index, value in enumerate(given):
        path = (*ROLLBACK, "alarms", len(every))
        part = SuppliedPart(path, f"{argument}[{index}]", value, site)
        reference: AlarmReference = state.convert(part, lambda each: alarm_reference(each, scope))
        alarm = Alarm(alarm_name=reference.name)
        if alarm not in every:
            every.append(alarm)
            supplied_parts.append(part)
            new.append(reference)
    if new:
        rollback = AutoRollbackConfiguration(alarms=tuple(every))
        state.update(
            supplied_parts,
            deployment_config=attrs.evolve(config, auto_rollback_configuration=rollback),
        )
    return new


def _alarm_list(given: object) -> tuple[Any, ...]:
    """Return the alarms; of `RecommendedAlarms`, those for a rollback."""
    if hasattr(given, _FOR_ROLLBACK):
        given = (given,)
    listed = require_list(
        given, "a list of alarms (IAlarmRef) or their names", "Pass a list: [alarm]."
    )
    return tuple(alarm for each in listed for alarm in _expanded(each))


def _expanded(given: Any) -> tuple[Any, ...]:  # noqa: ANN401 - duck typing
    if is_list(given):
        fix = "Pass each alarm on its own: roll_back_on(*alarms)."
        raise ArgumentTypeError(given, "an alarm (IAlarmRef) or its name", fix)
    recommended = getattr(given, _FOR_ROLLBACK, None)
    return (given,) if recommended is None else tuple(recommended())


def _deployment_config(state: ResourceState[Any], site: CallSite | None) -> Spec:
    """Return the deployment policy that contains the alarms."""
    config = state.spec.deployment_config
    spec = _DEPLOYMENTS[state.resource_type.spec]
    if config is None:
        return spec()
    if not isinstance(config, spec):
        violation = Violation(
            path=ROLLBACK[:1],
            got=config,
            sentence="deployment cannot be an unresolved token because the rollback alarms are a "
            "part of it",
            fix="Pass a value of one of the class methods of Deployment or ComponentDeployment, or "
            "remove the alarms.",
        )
        state.raise_call_error(ARGUMENT_TYPE, violation, "deployment", site)
    return config


def has_rollback_alarms(spec: EndpointSpec) -> bool:
    """Return whether an endpoint has rollback alarms."""
    return getattr(spec.deployment_config, ROLLBACK[1], None) is not None


def alarm_reference(alarm: Any, scope: IConstruct) -> AlarmReference:  # noqa: ANN401 - duck typing
    """Return the name and the ARN of an alarm.

    Args:
        alarm: An alarm of any type, or the name of an alarm of the stack's account and region.
        scope: The endpoint or component, or its future scope.

    Raises:
        ArgumentTypeError: The value is not an alarm.
    """
    if isinstance(alarm, str):
        return AlarmReference(alarm, _arn_of_name(alarm, scope))
    if (reference := getattr(alarm, "composite_alarm_ref", None)) is not None:
        return AlarmReference(ReferenceToken(reference.alarm_name), "*")
    if (reference := getattr(alarm, "alarm_ref", None)) is None:
        raise ArgumentTypeError(
            alarm, "an alarm (IAlarmRef) or its name", "Pass the alarm construct itself."
        )
    arn = "*" if _is_composite(alarm) else literal(reference.alarm_arn)
    return AlarmReference(ReferenceToken(reference.alarm_name), arn)


def _arn_of_name(name: str, scope: IConstruct) -> str:
    return stack_of(scope).format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=literal(name),
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )


def _is_composite(alarm: IConstruct) -> bool:
    if has_member(alarm, "metric"):  # CDK's Alarm, which has one metric
        return False
    child = alarm.node.default_child
    return getattr(child, "cfn_resource_type", None) == _COMPOSITE_ALARM


def check_no_cycle(
    endpoint: Endpoint, alarms: Iterable[Any], argument: str, site: CallSite | None
) -> None:
    """Check that no alarm has a dimension that refers to the endpoint.

    Only CDK's `Alarm` construct shows its metric here. The rules check alarms of other types in the
    template.

    Raises:
        EndpointConfigError: A dimension of an alarm refers to the endpoint.
    """
    path: str | None = None
    # These values do not refer to the endpoint, so that no call into Node is needed for them.
    known = {endpoint.name_in_metrics, endpoint.spec.endpoint_config_name}
    for index, alarm in enumerate(alarms):
        for value in _unresolved_dimensions(getattr(alarm, "metric", None)):
            if value in known:
                continue
            path = path or endpoint.node.path
            if any(target.startswith(f"{path}/") for target in _referenced_paths(value)):
                violation = Violation(
                    path=ROLLBACK,
                    got=Words("an alarm that refers to the endpoint"),
                    sentence=f"{argument}[{index}] has a dimension that refers to the endpoint, "
                    "which refers to the alarm",
                    fix="Use endpoint.name_in_metrics as the value of the dimension, not "
                    "endpoint_name.",
                )
                state = internals_of(endpoint).state
                state.refuse_call(_CYCLE, violation, f"{argument}[{index}]", site)


def _unresolved_dimensions(metric: Any) -> Iterator[str]:  # noqa: ANN401 - duck typing
    """Yield the unresolved dimension values of a metric, or of the metrics in an expression."""
    dimensions: Mapping[str, Any] = getattr(metric, "dimensions", None) or {}
    yield from (value for value in dimensions.values() if is_unresolved(value))
    metrics: Mapping[str, Any] = getattr(metric, _MATH_METRICS, None) or {}
    for each in metrics.values():
        yield from _unresolved_dimensions(each)


def _referenced_paths(value: str) -> Iterator[str]:
    """Yield the construct paths of the resources that the tokens in a text refer to."""
    for token in cdk.Tokenization.reverse_string(value).tokens:
        if (target := getattr(token, "target", None)) is not None:
            yield target.node.path
