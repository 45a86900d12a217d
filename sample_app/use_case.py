"""Base class of the stacks of the use cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_cdk.aws_cloudwatch import IAlarm


class UseCaseStack(cdk.Stack):
    """Stack of a use case, without stateful resources.

    Attributes:
        rollback_alarms: Output with the names of the alarms that roll an update back, separated by
            commas. The pipeline reads it before it deploys the next region.
    """

    rollback_alarms: cdk.CfnOutput | None = None

    def output_rollback_alarms(self, alarms: Iterable[IAlarm]) -> None:
        """Add the output with the names of the alarms."""
        self.rollback_alarms = cdk.CfnOutput(
            self,
            "RollbackAlarms",
            description="Alarms that roll an update of the endpoint back",
            value=",".join(each.alarm_name for each in alarms),
        )
