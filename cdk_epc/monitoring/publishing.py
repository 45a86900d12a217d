"""The action of an alarm that publishes to a topic."""

from __future__ import annotations

import jsii
from aws_cdk.aws_cloudwatch import AlarmActionConfig, IAlarm, IAlarmAction
from constructs import Construct


@jsii.implements(IAlarmAction)
class PublishAction:
    """Publish to the topic of this ARN."""

    def __init__(self, topic_arn: str) -> None:
        """Publish to this topic."""
        self._topic_arn = topic_arn

    def bind(self, scope: Construct, alarm: IAlarm) -> AlarmActionConfig:  # noqa: ARG002 - the interface's
        """What the alarm has to know."""
        return AlarmActionConfig(alarm_action_arn=self._topic_arn)
