"""What a deployment is rolled back for, as an endpoint and a policy name it.

An alarm is recognised by what it offers: importing CloudWatch would cost every app a tenth of a
second, used or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.values import ArgumentTypeError, require_list
from cdk_epc.rules import alarms
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
from cdk_epc.spec.unresolved import ReferenceToken, is_unresolved, items_of

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_cloudwatch import IAlarmRef, ICompositeAlarmRef
    from constructs import IConstruct

    RollbackAlarm: TypeAlias = IAlarmRef | ICompositeAlarmRef | str
    from collections.abc import Iterable

    from cdk_epc.constructs.call_sites import CallSite
    from cdk_epc.endpoint.construct import Deploying, Endpoint


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
    state: ResourceState[EndpointSpec] | ResourceState[InferenceComponentSpec],
    scope: IConstruct,
    alarms: Iterable[RollbackAlarm],
    title: str,
    site: CallSite | None,
) -> list[NamedAlarm]:
    """Add these to what the updates are rolled back for, each once.

    Args:
        state: The endpoint, or an inference component.
        scope: It, or where it will stand.
        alarms: What was given.
        title: The argument or the call that it was given by.
        site: The line of that.

    Returns:
        Those that are new.

    Raises:
        EndpointConfigError: One of them is no alarm, or they are too many.
    """
    whole = SuppliedPart(ROLLBACK, title, alarms, site)
    each_given = state.convert(whole, _alarms)
    config: Any = _deployment_of(state, whole) if each_given else None
    before = items_of(getattr(getattr(config, ROLLBACK[1], None), "alarms", None))
    every, supplied_parts = list(before), [whole]
    new: list[NamedAlarm] = []
    for index, given in enumerate(each_given):
        place = (*ROLLBACK, "alarms", len(every))
        supplied_part = SuppliedPart(place, f"{title}[{index}]", given, site)
        alarm: NamedAlarm = state.convert(supplied_part, lambda each: named(each, scope))
        if Alarm(alarm_name=alarm.name) not in every:
            every.append(Alarm(alarm_name=alarm.name))
            supplied_parts.append(supplied_part)
            new.append(alarm)
    if new:
        rollback = AutoRollbackConfiguration(alarms=tuple(every))
        state.update(
            supplied_parts,
            deployment_config=attrs.evolve(config, auto_rollback_configuration=rollback),
        )
    return new


def _deployment_of(state: ResourceState[Any], alarms: SuppliedPart) -> Spec:
    """The deployment that the alarms become a part of."""
    config = state.spec.deployment_config
    empty = _EMPTY[state.resource_type.spec]
    if config is None:
        return empty()
    if not isinstance(config, empty):
        violation = Violation(
            path=ROLLBACK[:1],
            got=config,
            must="be a deployment that is known because the alarms are a part of it",
            fix="Make one with the class methods of the value, or leave the alarms out.",
        )
        state.raise_call_error(ARGUMENT_TYPE, violation, "deployment", alarms.site)
    return config


def _alarms(given: object) -> tuple[Any, ...]:
    return require_list(given, "a list of alarms or of their names", "Put it into a list: [alarm].")


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
        return NamedAlarm(ReferenceToken(reference.alarm_name), "*")
    if (reference := getattr(alarm, "alarm_ref", None)) is None:
        raise ArgumentTypeError(
            alarm, "an alarm (IAlarm, IAlarmRef) or its name", "Give the alarm construct itself."
        )
    arn = "*" if _is_composite(alarm) else reference.alarm_arn
    return NamedAlarm(ReferenceToken(reference.alarm_name), arn)


def _arn_of(name: str, scope: IConstruct) -> str:
    return cdk.Stack.of(scope).format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=name,
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )


def _is_composite(alarm: IConstruct) -> bool:
    if has_member(alarm, "metric"):  # CDK's own alarm on one metric, as most are
        return False
    child = alarm.node.default_child
    return getattr(child, "cfn_resource_type", None) == _COMPOSITE


(_CYCLE,) = (rule for rule in alarms.RULES if rule.id == "rollback-alarm-cycle")
_MANY: Final = "using_metrics"


def refuse_cycles(
    endpoint: Deploying, given: Iterable[Any], words: str, site: CallSite | None
) -> None:
    """Refuse alarms on metrics whose dimension is a reference to the endpoint.

    What an alarm of another kind than CDK's `Alarm` watches is seen in the template.

    Raises:
        EndpointConfigError: One of them is such an alarm.
    """
    own: str | None = None
    # Known to refer to no endpoint, so that Node need not be asked.
    harmless = {cast("Endpoint", endpoint).name_in_metrics, endpoint.spec.endpoint_config_name}
    for index, alarm in enumerate(given):
        for value in _dimensions(getattr(alarm, "metric", None)):
            if value in harmless:
                continue
            own = own or endpoint.node.path
            if any(path.startswith(f"{own}/") for path in _behind(value)):
                violation = Violation(
                    path=("deployment_config", "auto_rollback_configuration"),
                    got=Words("an alarm on a reference to the endpoint, which refers to the alarm"),
                    must="be an alarm that can be made first",
                    fix="Write endpoint.name_in_metrics into its dimension, not endpoint_name.",
                )
                endpoint._state.raise_call_error(_CYCLE, violation, f"{words}[{index}]", site)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own


def _dimensions(metric: Any) -> Iterator[str]:  # noqa: ANN401 - as it offers
    """The dimensions of a metric, or of those of an expression, that are not known at synth."""
    dimensions: Mapping[str, Any] = getattr(metric, "dimensions", None) or {}
    yield from (value for value in dimensions.values() if is_unresolved(value))
    below: Mapping[str, Any] = getattr(metric, _MANY, None) or {}
    for each in below.values():
        yield from _dimensions(each)


def _behind(value: str) -> Iterator[str]:
    """The paths of the resources that the tokens in a text refer to."""
    for token in cdk.Tokenization.reverse_string(value).tokens:
        if (target := getattr(token, "target", None)) is not None:
            yield target.node.path
