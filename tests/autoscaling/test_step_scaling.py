"""Step scaling policies and their alarms."""

from __future__ import annotations

from kit.cdk import new_stack
from kit.scaling import ALARM, of_type, queue_depth, scaled


def test_steps_that_only_remove_capacity_have_one_alarm() -> None:
    stack = new_stack()
    (policy,) = scaled(stack).scale_on_steps("depth", queue_depth(), {10: -1})
    assert policy.alarm is not None
    (alarm,) = of_type(stack, ALARM)
    assert alarm["ComparisonOperator"] == "LessThanOrEqualToThreshold"
