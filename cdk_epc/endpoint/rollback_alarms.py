"""What a deployment is rolled back for, as an endpoint and a policy name it.

An alarm is recognised by what it offers: importing CloudWatch would cost every app a tenth of a
second, used or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.call_sites import CallSite, Piece
from cdk_epc.constructs.duck_typing import offers
from cdk_epc.constructs.resource_state import Draft
from cdk_epc.constructs.values import UnfitError, several
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.rule import Fault
from cdk_epc.spec import (
    Alarm,
    AutoRollbackConfiguration,
    ComponentDeploymentConfig,
    DeploymentConfig,
    EndpointSpec,
    InferenceComponentSpec,
    Spec,
)
from cdk_epc.spec.unresolved import Referred, items_of

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_cloudwatch import IAlarmRef, ICompositeAlarmRef
    from constructs import IConstruct

    RollbackAlarm: TypeAlias = IAlarmRef | ICompositeAlarmRef | str

ROLLBACK: Final = ("deployment_config", "auto_rollback_configuration")
_EMPTY: Final[Mapping[type[Spec], type[Spec]]] = {
    EndpointSpec: DeploymentConfig,
    InferenceComponentSpec: ComponentDeploymentConfig,
}
_COMPOSITE: Final = "AWS::CloudWatch::CompositeAlarm"


@attrs.frozen
class NamedAlarm:
    """An alarm as an endpoint names it.

    Attributes:
        name: Its name.
        arn: What a policy calls it; ``*`` for a composite alarm, which CloudWatch only describes
            to whoever may describe all.
    """

    name: str
    arn: str


def hold_alarms(
    draft: Draft[EndpointSpec] | Draft[InferenceComponentSpec],
    scope: IConstruct,
    alarms: Iterable[RollbackAlarm],
    title: str,
    site: CallSite | None,
) -> list[NamedAlarm]:
    """Add these to what the updates are rolled back for, each once.

    Args:
        draft: The endpoint, or an inference component.
        scope: It, or where it will stand.
        alarms: What was given.
        title: The argument or the call that it was given by.
        site: The line of that.

    Returns:
        Those that are new.

    Raises:
        EndpointConfigError: One of them is no alarm, or they are too many.
    """
    whole = Piece(ROLLBACK, title, alarms, site)
    each_given = draft.lowered(whole, _alarms)
    config: Any = _deployment_of(draft, whole) if each_given else None
    before = items_of(getattr(getattr(config, ROLLBACK[1], None), "alarms", None))
    every, pieces = list(before), [whole]
    new: list[NamedAlarm] = []
    for index, given in enumerate(each_given):
        place = (*ROLLBACK, "alarms", len(every))
        piece = Piece(place, f"{title}[{index}]", given, site)
        alarm: NamedAlarm = draft.lowered(piece, lambda each: named(each, scope))
        if Alarm(alarm_name=alarm.name) not in every:
            every.append(Alarm(alarm_name=alarm.name))
            pieces.append(piece)
            new.append(alarm)
    if new:
        rollback = AutoRollbackConfiguration(alarms=tuple(every))
        draft.give(
            pieces, deployment_config=attrs.evolve(config, auto_rollback_configuration=rollback)
        )
    return new


def _deployment_of(draft: Draft[Any], alarms: Piece) -> Spec:
    """The deployment that the alarms become a part of."""
    config = draft.spec.deployment_config
    empty = _EMPTY[draft.kind.spec]
    if config is None:
        return empty()
    if not isinstance(config, empty):
        fault = Fault(
            path=ROLLBACK[:1],
            got=config,
            allowed="a deployment that is known, for the alarms are a part of it",
            fix="Make one with the class methods of the value, or leave the alarms out.",
        )
        draft.refuse(ARGUMENT_TYPE, fault, "deployment", alarms.site)
    return config


def _alarms(given: object) -> tuple[Any, ...]:
    return several(given, "a list of alarms or of their names", "Put it into a list: [alarm].")


def has_alarms(spec: EndpointSpec) -> bool:
    """Whether an endpoint's deployment says what it is rolled back for."""
    return getattr(spec.deployment_config, "auto_rollback_configuration", None) is not None


def named(alarm: Any, scope: IConstruct) -> NamedAlarm:  # noqa: ANN401 - told apart by what it offers
    """The name and the ARN of an alarm.

    Args:
        alarm: An alarm of any kind, or the name of one of the stack's own account and region.
        scope: The endpoint, or where it will stand.

    Raises:
        UnfitError: It is none of these.
    """
    if isinstance(alarm, str):
        return NamedAlarm(alarm, _arn_of(alarm, scope))
    if (reference := getattr(alarm, "composite_alarm_ref", None)) is not None:
        return NamedAlarm(Referred(reference.alarm_name), "*")
    if (reference := getattr(alarm, "alarm_ref", None)) is None:
        raise UnfitError(
            alarm, "an alarm (IAlarm, IAlarmRef) or its name", "Give the alarm construct itself."
        )
    arn = "*" if _is_composite(alarm) else reference.alarm_arn
    return NamedAlarm(Referred(reference.alarm_name), arn)


def _arn_of(name: str, scope: IConstruct) -> str:
    return cdk.Stack.of(scope).format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=name,
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )


def _is_composite(alarm: IConstruct) -> bool:
    if offers(alarm, "metric"):  # CDK's own alarm on one metric, as most are
        return False
    child = alarm.node.default_child
    return getattr(child, "cfn_resource_type", None) == _COMPOSITE
