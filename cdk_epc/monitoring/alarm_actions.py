"""Alarm actions: notification of SNS topics.

CDK's ``SnsAction`` does the same, but its module imports large parts of EC2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import jsii
from aws_cdk.aws_cloudwatch import AlarmActionConfig, IAlarm, IAlarmAction
from constructs import Construct

from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.spec.unresolved import is_list

if TYPE_CHECKING:
    from aws_cdk.aws_sns import ITopic, Topic

    TopicOrAction: TypeAlias = ITopic | Topic | IAlarmAction | str
    TopicsOrActions: TypeAlias = TopicOrAction | Sequence[TopicOrAction]


def alarm_actions(notify: TopicsOrActions | None) -> list[IAlarmAction]:
    """Return the alarm actions of topics, of their ARNs and of actions, one or several."""
    if notify is None:
        return []
    every: Sequence[Any] = notify if is_list(notify) else (notify,)
    return [_alarm_action(each) for each in every]


def _alarm_action(given: Any) -> IAlarmAction:  # noqa: ANN401 - a topic or an action
    if isinstance(given, str):
        return cast("IAlarmAction", PublishAction(given))
    if has_member(given, "topic_arn"):
        return cast("IAlarmAction", PublishAction(given.topic_arn))
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
