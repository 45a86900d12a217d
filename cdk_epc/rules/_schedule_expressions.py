"""Faults of schedule expressions: `rate(...)`, `at(...)` and `cron(...)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import attrs

from cdk_epc._records import Record

_FORM: Final = re.compile(r"\s*(rate|at|cron)\s*\((.*)\)\s*", re.IGNORECASE | re.ASCII | re.DOTALL)
_RATE: Final = re.compile(r"\s*(\d+)\s*(?:minutes?|hours?|days?)\s*", re.ASCII)
_AT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?", re.ASCII)
_TOKEN: Final = re.compile(r"\d+|[A-Za-z]+", re.ASCII)
_SIGNS: Final = re.compile(r"[A-Za-z0-9,*/?#-]+", re.ASCII)
_UNIX: Final = "in cron(...), week days count from 1 = SUN, in Unix from 0 = SUN"
FIRST_YEAR: Final = 2026
"""Year of this library's data; a schedule that ends before it never runs. The clock is not read,
so that the findings of a file do not change with the day."""


@attrs.frozen(eq=False, repr=False)
class ScheduleViolation(Record):
    """Fault of an expression.

    Attributes:
        must: Requirement on the expression, as it reads after "must".
        fix: Advice, as a sentence.
        field_must: Requirement on the wrong field alone, likewise.
    """

    must: str
    fix: str
    field_must: str = ""


@attrs.frozen(eq=False, repr=False)
class _Field(Record):
    """Field of a cron expression.

    Attributes:
        name: Name, as AWS writes it.
        low: Minimum of its numbers.
        high: Maximum of its numbers.
        words: Names that stand for numbers.
        letters: Letters with a meaning of their own.
        has_question_mark: Whether the field may be "?".
    """

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    has_question_mark: bool = False


_MONTHS: Final = (
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
)
_WEEK_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIELDS: Final = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day-of-month", 1, 31, (), ("L", "W", "LW"), has_question_mark=True),
    _Field("month", 1, 12, _MONTHS),
    _Field("day-of-week", 1, 7, _WEEK_DAYS, ("L",), has_question_mark=True),
    _Field("year", 1970, 2199),
)
_DAY, _MONTH, _WEEK_DAY, _YEAR = 2, 3, 4, 5
_MIN_FIELDS, _MAX_FIELDS = 5, 7


def violation_of(expression: str) -> ScheduleViolation | None:
    """Return the violation for which Application Auto Scaling refuses an expression, if any."""
    form = _FORM.fullmatch(expression)
    if form is None:
        return _without_form(expression)
    kind, inner = form[1].lower(), form[2]
    if kind == "rate":
        return _rate_violation(inner)
    return _at_violation(inner.strip()) if kind == "at" else _cron_violation(inner.split())


def cron_fields(expression: str) -> list[str] | None:
    """Return the fields of a `cron(...)` expression; ``None`` for another one."""
    form = _FORM.fullmatch(expression)
    return form[2].split() if form is not None and form[1].lower() == "cron" else None


def is_rate(expression: str) -> bool:
    """Return whether an expression is a `rate(...)`."""
    form = _FORM.fullmatch(expression)
    return form is not None and form[1].lower() == "rate"


def at_time(expression: str) -> datetime | None:
    """Return the time of an `at(...)` expression; ``None`` for another or a wrong one."""
    form = _FORM.fullmatch(expression)
    if form is None or form[1].lower() != "at" or not _AT.fullmatch(form[2].strip()):
        return None
    try:
        return datetime.fromisoformat(form[2].strip())
    except ValueError:
        return None


def _without_form(expression: str) -> ScheduleViolation:
    fields = expression.split()
    is_cron = len(fields) in {5, 6} and all(_SIGNS.fullmatch(each) for each in fields)
    if is_cron and any(each[0].isdigit() or each == "*" for each in fields):
        return ScheduleViolation(
            "be cron(...), rate(...) or at(...)",
            f"Write the six fields in cron(...), such as cron(0 8 ? * MON-FRI *); {_UNIX}.",
        )
    return ScheduleViolation(
        "be cron(...), rate(...) or at(...)",
        "Write for example cron(0 8 * * ? *), rate(1 hour) or at(2030-01-31T08:00:00).",
    )


def _rate_violation(inner: str) -> ScheduleViolation | None:
    match = _RATE.fullmatch(inner)
    if match is not None and int(match[1]):
        return None
    return ScheduleViolation(
        "be rate(...) with a whole number of minutes, hours or days from 1 on",
        "Write for example rate(5 minutes).",
    )


def _at_violation(inner: str) -> ScheduleViolation | None:
    fix = "Write for example at(2030-01-31T08:00:00), with the time zone in its own member."
    if not _AT.fullmatch(inner):
        return ScheduleViolation("be at(yyyy-mm-ddThh:mm:ss) without a time zone", fix)
    try:
        datetime.fromisoformat(inner)
    except ValueError:
        return ScheduleViolation("be a date of the calendar with a time", fix)
    return None


def _cron_violation(fields: list[str]) -> ScheduleViolation | None:
    if not _MIN_FIELDS <= len(fields) <= _MAX_FIELDS:
        return ScheduleViolation(
            f"have the six fields minutes, hours, day-of-month, month, day-of-week and year, not "
            f"{len(fields)}",
            "Write for example cron(0 8 * * ? *).",
        )
    if (fields[_DAY] == "?") == (fields[_WEEK_DAY] == "?"):
        fix = "Write ? for the day-of-week, or for the day-of-month where the week day matters"
        is_unix = len(fields) == _MIN_FIELDS
        return ScheduleViolation(
            "have ? as exactly one of day-of-month and day-of-week",
            f"{fix}; {_UNIX}." if is_unix else f"{fix}.",
        )
    return next((violation for _, violation in field_violations(fields)), None)


def field_violations(fields: list[str]) -> Iterator[tuple[int, ScheduleViolation]]:
    """Yield the violations of single fields, each with the index of its field."""
    for index, (field, text) in enumerate(zip(_FIELDS, fields, strict=False)):
        if (violation := _field_violation(field, text)) is not None:
            yield index, violation


def _field_violation(field: _Field, text: str) -> ScheduleViolation | None:
    allowed = f"{field.low} to {field.high}"
    if field.words:
        allowed += f" or {field.words[0]} to {field.words[-1]}"
    if not _SIGNS.fullmatch(text) or ("?" in text and (text != "?" or not field.has_question_mark)):
        return _wrong(field, text, allowed)
    if "#" in text and ("," in text or field is not _FIELDS[_WEEK_DAY]):
        return ScheduleViolation(
            f"have # in the day-of-week only, and with a single week day; {text} has not",
            "Write one schedule for each week day.",
            "have a single week day before #",
        )
    for part in re.split(r"[,-]", text):
        if not part:  # before or after the sign, as in -1
            return _wrong(field, text, allowed)
        # The number after "/" is a step, and that after "#" the week of the month.
        values = part.split("/")[0].split("#")[0]
        for token in _TOKEN.findall(values):
            if token.isdigit():
                is_right = field.low <= int(token) <= field.high
            else:
                is_right = token.upper() in (*field.words, *field.letters)
            # L-3 is the third day before the last one.
            if not is_right and not (text.upper().startswith("L-") and field.letters):
                return _wrong(field, token, allowed)
    return None


def _wrong(field: _Field, text: str, allowed: str) -> ScheduleViolation:
    return ScheduleViolation(
        f"have {allowed} in the {field.name} field, not {text}",
        "Correct the field" + ("; 1 is SUN and 7 is SAT." if field is _FIELDS[_WEEK_DAY] else "."),
        f"be {allowed}",
    )


def never_runs(expression: str) -> str | None:
    """Return the reason for which a valid expression never runs; ``None`` if it may run."""
    time = at_time(expression)
    if time is not None and time.year < FIRST_YEAR:
        return f"is in the year {time.year}"
    fields = cron_fields(expression)
    if fields is None or len(fields) < _MIN_FIELDS:
        return None
    if len(fields) > _YEAR:
        years = _numbers(fields[_YEAR], ())
        if years and max(years) < FIRST_YEAR:
            return f"ends in the year {max(years)}"
    days, months = _numbers(fields[_DAY], ()), _numbers(fields[_MONTH], _MONTHS)
    lengths = [_LENGTHS[month - 1] for month in months if 1 <= month <= len(_LENGTHS)]
    if days and lengths and min(days) > max(lengths):
        return f"asks for day {min(days)} of a month with {max(lengths)} days"
    return None


def _numbers(text: str, words: tuple[str, ...]) -> list[int]:
    """Return the numbers of a field of numbers, lists and ranges; none for other fields."""
    tokens = re.split(r"[,-]", text.upper())
    numbers = [words.index(each) + 1 if each in words else each for each in tokens]
    if not all(isinstance(each, int) or each.isdigit() for each in numbers):
        return []
    return [int(each) for each in numbers]
