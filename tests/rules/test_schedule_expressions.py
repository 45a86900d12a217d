"""Schedule expressions: the exact violation of each, and the reason for which one never runs."""

from __future__ import annotations

from cdk_epc.rules._schedule_expressions import (
    ScheduleViolation,
    field_violations,
    never_runs,
    violation_of,
)

ACCEPTED = """
rate(1 minute) | RATE ( 5 minutes ) | rate(2 hours) | rate(1 day)
at(2030-01-31T08:00:00) | at(2030-01-31T08:00) | at( 2030-01-31T08:00:00 )
cron(0 8 * * ? *) | CRON(0 8 * * ? *) | cron(0 8 ? * MON-FRI *) | cron(0 8 1 jan ? *)
cron(0 8 * * ?) | cron(0 8 ? * 2-6) | cron(0 8 * * ? * *) | cron(59 23 31 12 ? 2199)
cron(0 8 1 * ? 1970) | cron(0 8 * * ? 2030-2035) | cron(0/90 8 * * ? *) | cron(*/5 * * * ? *)
cron(0 8 L * ? *) | cron(0 8 L-3 * ? *) | cron(0 8 l-3 * ? *) | cron(0 8 15W * ? *)
cron(0 8 LW * ? *) | cron(0 8 ? * 6L *) | cron(0 8 ? * L *) | cron(0 8 ? * 6#3 *)
"""

RATE = ScheduleViolation(
    "be rate(...) with a whole number of minutes, hours or days from 1 on",
    "Write for example rate(5 minutes).",
)
AT = "Write for example at(2030-01-31T08:00:00), with the time zone in its own member."
TIME = ScheduleViolation("be at(yyyy-mm-ddThh:mm:ss) without a time zone", AT)
DATE = ScheduleViolation("be a date of the calendar with a time", AT)
FORM = ScheduleViolation(
    "be cron(...), rate(...) or at(...)",
    "Write for example cron(0 8 * * ? *), rate(1 hour) or at(2030-01-31T08:00:00).",
)
UNIX = "in cron(...), week days count from 1 = SUN, in Unix from 0 = SUN."
BARE = ScheduleViolation(
    "be cron(...), rate(...) or at(...)",
    f"Write the six fields in cron(...), such as cron(0 8 ? * MON-FRI *); {UNIX}",
)
MARK = "Write ? for the day-of-week, or for the day-of-month where the week day matters"
MARKS = ScheduleViolation("have ? as exactly one of day-of-month and day-of-week", f"{MARK}.")
UNIX_MARKS = ScheduleViolation(MARKS.must, f"{MARK}; {UNIX}")

REFUSED = {
    RATE: "rate(0 days) | rate(1.5 hours) | rate(1 week) | rate() | rate(-1 hour)",
    TIME: "at(2030-01-31T08:00:00Z) | at(2030-01-31 08:00:00) | at(2030-01-31) | at()",
    DATE: "at(2030-02-30T08:00:00) | at(2030-01-31T25:00:00)",
    FORM: "every day | 8 | rate(5 minutes) x | MON FRI ? ? ? | 0 8 * * | 0 8 * * ! * | "
    "0 8 * * * * *",
    BARE: "0 8 * * * | 0 8 * * ? * | * * * * *",
    MARKS: "cron(0 8 * * * *) | cron(0 8 ? * ? *) | cron(0 0 8 ? * * *) | cron(0 8 ?,1 * 2 *)",
    UNIX_MARKS: "cron(0 8 * * *) | cron(0 8 ? * ?)",
}

WRONG_FIELDS = {
    ("minutes", "0 to 59", "60"): "cron(60 8 * * ? *)",
    ("minutes", "0 to 59", "61"): "cron(0,30,61 8 * * ? *) | cron(0-61 8 * * ? *)",
    ("minutes", "0 to 59", "L"): "cron(L 8 * * ? *)",
    ("minutes", "0 to 59", "?"): "cron(? 8 * * ? *)",
    ("hours", "0 to 23", "24"): "cron(0 24 * * ? *)",
    ("hours", "0 to 23", "L"): "cron(0 L-3 * * ? *)",
    ("day-of-month", "1 to 31", "0"): "cron(0 8 0 * ? *)",
    ("day-of-month", "1 to 31", "32"): "cron(0 8 32 * ? *)",
    ("day-of-month", "1 to 31", "1?"): "cron(0 8 1? * ? *)",
    ("day-of-month", "1 to 31", "1.5"): "cron(0 8 1.5 * ? *)",
    ("month", "1 to 12 or JAN to DEC", "0"): "cron(0 8 1 0 ? *)",
    ("month", "1 to 12 or JAN to DEC", "13"): "cron(0 8 1 13 ? *)",
    ("month", "1 to 12 or JAN to DEC", "JANUARY"): "cron(0 8 1 JANUARY ? *)",
    ("month", "1 to 12 or JAN to DEC", "?"): "cron(0 8 ? ? 2 *)",
    ("day-of-week", "1 to 7 or SUN to SAT", "0"): "cron(0 8 ? * 0 *)",
    ("day-of-week", "1 to 7 or SUN to SAT", "8"): "cron(0 8 ? * 8 *)",
    ("day-of-week", "1 to 7 or SUN to SAT", "W"): "cron(0 8 ? * W *)",
    ("day-of-week", "1 to 7 or SUN to SAT", "MONDAY"): "cron(0 8 ? * MONDAY *)",
    ("year", "1970 to 2199", "1969"): "cron(0 8 1 * ? 1969)",
    ("year", "1970 to 2199", "2200"): "cron(0 8 1 * ? 2200)",
}

REASONS = {
    "is in the year 2025": "at(2025-12-31T23:59:59)",
    "ends in the year 2025": "cron(0 8 * * ? 2025)",
    "ends in the year 2024": "cron(0 8 * * ? 2020-2024)",
    "asks for day 31 of a month with 29 days": "cron(0 8 31 2 ? *) | cron(0 8 31 2 ?)",
    "asks for day 30 of a month with 29 days": "cron(0 8 30 FEB ? *)",
    "asks for day 31 of a month with 30 days": "cron(0 8 31 4,6 ? *)",
    None: "at(2026-01-01T00:00:00) | at(2025-02-30T00:00:00) | at(2025-01-01) | rate(1 day) | "
    "cron(0 8 * * ? 2026) | cron(0 8 * * ? 2024,2026) | cron(0 8 * * ? *) | cron(0 8 * * ?) | "
    "cron(0 8 29 2 ? *) | cron(0 8 31 4,5 ? *) | cron(0 8 30,31 2,4 ? *) | cron(0 8 31 1 ? *) | "
    "cron(0 8 31 * ? *) | cron(0 8 ? 2 2 *) | cron(0 8 31 13 ? *) | cron(0 8 31 NOV-DEC ? *) | "
    "cron(0 8) | cron(0 8 31 1,2 ? *) | every day",
}


def each_of(expressions: str) -> list[str]:
    return [each.strip(" ") for line in expressions.split("\n") for each in line.split("|") if each]


def test_expressions_that_application_auto_scaling_accepts() -> None:
    assert {each: violation_of(each) for each in each_of(ACCEPTED)} == dict.fromkeys(
        each_of(ACCEPTED)
    )


def test_violation_of_each_other_expression() -> None:
    for violation, expressions in REFUSED.items():
        for each in each_of(expressions):
            assert violation_of(each) == violation, each
    assert violation_of("") == FORM


def test_number_of_fields() -> None:
    for count, expression in ((0, "cron()"), (4, "cron(0 8 * *)"), (8, "cron(0 8 * * ? * * *)")):
        assert violation_of(expression) == ScheduleViolation(
            "have the six fields minutes, hours, day-of-month, month, day-of-week and year, not "
            f"{count}",
            "Write for example cron(0 8 * * ? *).",
        )


def test_violation_of_a_field() -> None:
    for (field, allowed, got), expressions in WRONG_FIELDS.items():
        days = "; 1 is SUN and 7 is SAT" if field == "day-of-week" else ""
        for each in each_of(expressions):
            assert violation_of(each) == ScheduleViolation(
                f"have {allowed} in the {field} field, not {got}",
                f"Correct the field{days}.",
                f"be {allowed}",
            )


def test_numbers_that_are_not_judged() -> None:
    # Days before the last one, and weeks of the month.
    for expression in ("cron(0 8 L-0 * ? *)", "cron(0 8 ? * 6#9 *)"):
        assert violation_of(expression) is None


def test_violations_of_all_fields() -> None:
    fields = ["60", "8", "0", "*", "?", "1969"]
    assert [(index, each.field_must) for index, each in field_violations(fields)] == [
        (0, "be 0 to 59"),
        (2, "be 1 to 31"),
        (5, "be 1970 to 2199"),
    ]
    assert list(field_violations(["0", "8", "*", "*", "?"])) == []


def test_week_of_the_month() -> None:
    for got, expression in (("6#3,2#1", "cron(0 8 ? * 6#3,2#1 *)"), ("6#3", "cron(0 8 6#3 * ? *)")):
        assert violation_of(expression) == ScheduleViolation(
            f"have # in the day-of-week only, and with a single week day; {got} has not",
            "Write one schedule for each week day.",
            "have a single week day before #",
        )


def test_reason_for_which_an_expression_never_runs() -> None:
    for reason, expressions in REASONS.items():
        for each in each_of(expressions):
            assert never_runs(each) == reason, each
