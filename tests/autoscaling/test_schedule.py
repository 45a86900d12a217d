"""Scheduled actions of scalable targets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from kit.cdk import new_stack
from kit.scaling import TARGET, of_type, scaled

from cdk_epc import (
    Cron,
    EndpointConfigError,
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


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"hour": 25}, "hour of Cron() is 25; must be 0 to 23"),
        ({"minute": 60}, "minute of Cron() is 60; must be 0 to 59"),
        ({"day": 32}, "day of Cron() is 32; must be 1 to 31"),
        ({"month": "JANUARY"}, "month of Cron() is 'JANUARY'; must be 1 to 12 or JAN to DEC"),
        ({"week_day": 0}, "week_day of Cron() is 0; must be 1 to 7 or SUN to SAT"),
        ({"year": 1900}, "year of Cron() is 1900; must be 1970 to 2199"),
        ({"day": 1, "week_day": "MON"}, "Cron() has both day and week_day; must have one of them"),
        (
            {"day": "?"},
            "day of Cron() is '?'; must have ? as exactly one of day-of-month and day-of-week",
        ),
    ],
)
def test_wrong_fields_of_a_cron_are_raised_where_it_is_created(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(EndpointConfigError) as caught:
        Cron(**fields)
    (finding,) = caught.value.findings
    assert (finding.rule_id, finding.message) == ("schedule-expression-invalid", message)
    assert finding.file == __file__


def test_schedules_that_the_service_refuses_are_raised_and_change_nothing() -> None:
    stack = new_stack()
    scaling = scaled(stack)
    refused: list[tuple[str, dict[str, Any]]] = [
        ("schedule-time-zone-unknown", {"time_zone": "JST"}),
        ("schedule-expression-invalid", {"schedule": "0 8 * * 1-5"}),
        ("schedule-without-capacity", {"min_capacity": None}),
        ("schedule-name-invalid", {"name": "a/b"}),
        (
            "schedule-window-reversed",
            {"start": datetime(2031, 1, 1, tzinfo=UTC), "end": datetime(2030, 1, 1, tzinfo=UTC)},
        ),
    ]
    for rule, arguments in refused:
        given: dict[str, Any] = {
            "name": "day",
            "schedule": Cron(hour=8),
            "min_capacity": 2,
            **arguments,
        }
        with pytest.raises(EndpointConfigError) as caught:
            scaling.scale_on_schedule(**given)
        assert {each.rule_id for each in caught.value.findings} == {rule}
    (target,) = of_type(stack, TARGET)
    assert "ScheduledActions" not in target
