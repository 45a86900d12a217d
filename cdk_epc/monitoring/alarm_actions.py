"""Who is told when an alarm goes off.

CDK's own action for topics is in a module that brings half of EC2 along; it does no more than this.
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
    from aws_cdk.aws_sns import ITopic

    Notified: TypeAlias = ITopic | IAlarmAction | Sequence[ITopic | IAlarmAction]


def actions_of(notify: Notified | None) -> list[IAlarmAction]:
    """The actions of topics and of actions, of one or of several."""
    if notify is None:
        return []
    every: Sequence[Any] = notify if is_list(notify) else (notify,)
    return [_action_of(each) for each in every]


def _action_of(given: Any) -> IAlarmAction:  # noqa: ANN401 - told apart by what it offers
    if not has_member(given, "topic_arn"):
        return cast("IAlarmAction", given)

    return cast("IAlarmAction", PublishAction(given.topic_arn))


@jsii.implements(IAlarmAction)
class PublishAction:
    """Publish to the topic of this ARN."""

    def __init__(self, topic_arn: str) -> None:
        """Publish to this topic."""
        self._topic_arn = topic_arn

    def bind(self, scope: Construct, alarm: IAlarm) -> AlarmActionConfig:  # noqa: ARG002 - the interface's
        """What the alarm has to know."""
        return AlarmActionConfig(alarm_action_arn=self._topic_arn)
