"""Scheduled actions of scalable targets."""

from __future__ import annotations

from typing import Any

import pytest
from kit.cdk import new_stack
from kit.scaling import TARGET, of_type, scaled

from cdk_epc import (
    Cron,
    Severity,
)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Cron(), "cron(0 * * * ? *)"),
        (Cron(hour=8, minute=30), "cron(30 8 * * ? *)"),
        (Cron(hour=8, day=1), "cron(0 8 1 * ? *)"),
        (Cron(hour="8,20", week_day="MON-FRI"), "cron(0 8,20 ? * MON-FRI *)"),
        (Cron(hour=0, day=1, month="JAN", year=2031), "cron(0 0 1 JAN ? 2031)"),
        ("rate(1 hour)", "rate(1 hour)"),
    ],
)
def test_expressions_of_schedules(schedule: Any, expected: str) -> None:
    stack = new_stack()
    scaled(stack).scale_on_schedule("day", schedule, min_capacity=2)
    (target,) = of_type(stack, TARGET)
    assert [each["Schedule"] for each in target["ScheduledActions"]] == [expected]


def test_a_warning_about_a_schedule_of_cdk_without_a_minute() -> None:
    from aws_cdk.aws_applicationautoscaling import Schedule

    scaling = scaled(new_stack())
    scaling.scale_on_schedule("day", Schedule.cron(hour="8"), min_capacity=2)
    (finding,) = scaling.findings_at_synth()
    assert (finding.severity, finding.rule_id, finding.path, finding.got) == (
        Severity.WARNING,
        "schedule-every-minute",
        'scale_on_schedule("day").schedule',
        "cron(* 8 * * ? *)",
    )


def test_the_name_of_a_time_zone() -> None:
    stack = new_stack()
    scaled(stack).scale_on_schedule(
        "day", Cron(hour=8), min_capacity=2, time_zone="America/New_York"
    )
    (target,) = of_type(stack, TARGET)
    assert [each["Timezone"] for each in target["ScheduledActions"]] == ["America/New_York"]
