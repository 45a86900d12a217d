"""Alarm actions: notification of SNS topics.

CDK's ``SnsAction`` does the same, but its module imports large parts of EC2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import jsii
from aws_cdk.aws_cloudwatch import AlarmActionConfig, IAlarm, IAlarmAction
from constructs import Construct

from cdk_epc.constructs.duck_typing import construct_path, has_member
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.unresolved import is_list

if TYPE_CHECKING:
    from aws_cdk.aws_sns import ITopic, Topic

    TopicOrAction: TypeAlias = ITopic | Topic | IAlarmAction | str
    TopicsOrActions: TypeAlias = TopicOrAction | Sequence[TopicOrAction]


def alarm_actions(scope: Construct, notify: TopicsOrActions | None) -> list[IAlarmAction]:
    """Return the alarm actions of topics, of their ARNs and of actions, one or several.

    Raises:
        EndpointConfigError: A value is neither a topic nor an action.
    """
    if notify is None:
        return []
    every: Sequence[Any] = notify if is_list(notify) else (notify,)
    return [_alarm_action(scope, each) for each in every]


def _alarm_action(scope: Construct, given: Any) -> IAlarmAction:  # noqa: ANN401 - a topic or an action
    if isinstance(given, str):
        return cast("IAlarmAction", PublishAction(given))
    if has_member(given, "topic_arn"):
        return cast("IAlarmAction", PublishAction(given.topic_arn))
    if not has_member(given, "bind"):
        is_function = has_member(given, "function_arn")
        violation = Violation(
            path=(),
            got=given,
            must="be a topic, the ARN of a topic or an alarm action (IAlarmAction), or a list of "
            "them",
            fix="Pass aws_cloudwatch_actions.LambdaAction(function)."
            if is_function
            else "Pass the topic construct itself.",
        )
        raise_call_error(ARGUMENT_TYPE, violation, "notify", construct=construct_path(scope))
    return cast("IAlarmAction", given)


@jsii.implements(IAlarmAction)
class PublishAction:
    """Alarm action that publishes to an SNS topic."""

    def __init__(self, topic_arn: str) -> None:
        """Publish to the topic of this ARN."""
        self._topic_arn = topic_arn

    def bind(self, scope: Construct, alarm: IAlarm) -> AlarmActionConfig:  # noqa: ARG002 - of the interface
        """Return the action as the alarm renders it."""
        return AlarmActionConfig(alarm_action_arn=self._topic_arn)
