"""Rules of scheduled actions: expression, time zone, name, capacities and time window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from cdk_epc.catalog.time_zones import EDITION, is_time_zone, nearest_time_zones
from cdk_epc.rules._schedule_expressions import (
    FIRST_YEAR,
    at_time,
    cron_fields,
    is_rate,
    never_runs,
    violation_of,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import ScalableTargetAction, ScheduledAction, SuspendedState
from cdk_epc.spec.unresolved import is_integer, is_string, items_of

_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/"
_PUT: Final = f"{_AUTO_SCALING}APIReference/API_PutScheduledAction.html"
_ACTION: Final = f"{_AUTO_SCALING}APIReference/API_ScalableTargetAction.html"
_CRON: Final = f"{_AUTO_SCALING}userguide/scheduled-scaling-using-cron-expressions.html"
_OVERVIEW: Final = f"{_AUTO_SCALING}userguide/scheduled-scaling-policy-overview.html"
_SUSPEND: Final = f"{_AUTO_SCALING}userguide/application-auto-scaling-suspend-resume-scaling.html"
_ABOUT: Final = (ScalableTargetContext,)
_WRONG_NAME: Final = re.compile(r"[\x00-\x1f\x7f-\x9f:/|]")
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?|Z", re.ASCII)
_REVERSED_OFFSET: Final = re.compile(r"Etc/GMT([+-])(\d{1,2})", re.ASCII)
_REFUSED_OFFSET: Final = re.compile(r"(?:UTC|GMT)[+-]\d{1,2}", re.ASCII)
_FIELDS_FIX: Final = {
    5: "Add * as the year.",
    7: "Write minutes, hours, day-of-month, month, day-of-week and year only.",
}
"""Advice for each number of fields that is accepted, but not documented."""


def _actions(subject: ScalableTargetContext) -> Iterator[tuple[Path, ScheduledAction]]:
    for index, action in enumerate(items_of(subject.target.scheduled_actions)):
        if isinstance(action, ScheduledAction):
            yield ("scheduled_actions", index), action


@rule(
    id="schedule-expression-invalid",
    title="A schedule must be a valid rate, at or cron expression",
    why="Application Auto Scaling refuses other expressions. Its message about a wrong cron "
    "expression names another violation than the real one.",
    fix="Write rate(1 hour), at(2030-01-31T08:00:00) or cron(0 8 * * ? *).",
    evidence=Evidence.REAL_ERROR,
    source_url=_CRON,
    about=_ABOUT,
    requires=("scheduled_actions",),
)
def schedule_expression_invalid(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        schedule = action.schedule
        violation = violation_of(schedule) if is_string(schedule) and schedule else None
        if violation is not None:
            yield Violation(
                path=(*path, "schedule"),
                got=schedule,
                must=violation.must,
                fix=violation.fix,
            )


@rule(
    id="schedule-fields-incomplete",
    title="A cron schedule should have six fields",
    why="Application Auto Scaling accepts five and seven fields, although its guide says six.",
    fix="Add the year, or remove the seconds.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CRON,
    about=_ABOUT,
    requires=("scheduled_actions",),
    severity=Severity.WARNING,
)
def schedule_fields_incomplete(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        if not is_string(action.schedule) or violation_of(action.schedule) is not None:
            continue
        fields = cron_fields(action.schedule)
        if fields is not None and (fix := _FIELDS_FIX.get(len(fields))) is not None:
            yield Violation(
                path=(*path, "schedule"),
                got=action.schedule,
                must=f"have six fields, not {len(fields)}",
                fix=fix,
            )


@rule(
    id="schedule-without-capacity",
    title="A scheduled action must set the minimum or the maximum capacity",
    why="Application Auto Scaling refuses the action: At least one of minimum capacity and maximum "
    "capacity should be provided.",
    fix="Set the minimum capacity, the maximum capacity, or both.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ACTION,
    about=_ABOUT,
    requires=("scheduled_actions",),
)
def schedule_without_capacity(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        bounds = action.scalable_target_action
        is_empty = isinstance(bounds, ScalableTargetAction) and (
            bounds.min_capacity is None and bounds.max_capacity is None
        )
        if bounds is None or is_empty:
            yield Violation(
                path=(*path, "scalable_target_action", "min_capacity"),
                required="because the scheduled action has no `max_capacity` either",
                fix="Set `min_capacity`, `max_capacity` or both.",
            )


@rule(
    id="schedule-name-invalid",
    title="The name of a scheduled action must not have colons, slashes or outer blanks",
    why="Application Auto Scaling refuses such a name: Member must satisfy regular expression "
    "pattern.",
    fix="Use letters, digits and hyphens.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
    requires=("scheduled_actions",),
)
def schedule_name_invalid(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        name = action.scheduled_action_name
        if is_string(name) and (name != name.strip(" ") or _WRONG_NAME.search(name)):
            yield Violation(
                path=(*path, "scheduled_action_name"),
                got=name,
                must="not have a colon, a slash, a vertical bar, a control character or a blank "
                "at its ends",
                fix="Use letters, digits and hyphens.",
            )


@rule(
    id="schedule-name-repeated",
    title="The scheduled actions of a target must have different names",
    why="The name identifies the action within its target, so the second one replaces the first.",
    fix="Give each scheduled action a different name.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT,
    about=_ABOUT,
    requires=("scheduled_actions",),
)
def schedule_name_repeated(subject: ScalableTargetContext) -> Iterator[Violation]:
    before: set[str] = set()
    for path, action in _actions(subject):
        name = action.scheduled_action_name
        if not is_string(name):
            continue
        if name in before:
            yield Violation(
                path=(*path, "scheduled_action_name"),
                got=name,
                must="differ from the names of the other scheduled actions",
                fix="Give each scheduled action a different name.",
            )
        before.add(name)


def _unknown_zones(subject: ScalableTargetContext) -> Iterator[tuple[Path, str]]:
    for path, action in _actions(subject):
        zone = action.timezone
        if is_string(zone) and zone and not is_time_zone(zone):
            yield (*path, "timezone"), zone


def _is_doubtful(zone: str) -> bool:
    """Return whether it is not known if the service accepts a zone that is in no list."""
    if _REFUSED_OFFSET.fullmatch(zone):
        return False
    is_other_case = zone.casefold() in {each.casefold() for each in nearest_time_zones(zone)}
    return is_other_case or _OFFSET.fullmatch(zone) is not None


@rule(
    id="schedule-time-zone-unknown",
    title="The time zone of a schedule must be a name of the IANA time zone database",
    why="Application Auto Scaling refuses other names: Invalid schedule timezone.",
    fix="Write a name such as Europe/Berlin.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
    requires=("scheduled_actions",),
)
def schedule_time_zone_unknown(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, zone in _unknown_zones(subject):
        if not _is_doubtful(zone):
            # Etc/GMT+9 is nine hours behind UTC, which a writer of GMT+9 hardly means.
            near = [each for each in nearest_time_zones(zone) if not each.startswith("Etc/GMT")]
            yield Violation(
                path=path,
                got=zone,
                must=f"be a name of the IANA time zone database (edition {EDITION})",
                fix=f"Did you mean {near[0]}?" if near else "Write a name such as Europe/Berlin.",
            )


@rule(
    id="schedule-time-zone-doubtful",
    title="The time zone of a schedule should be a region and city in the usual spelling",
    why="AWS documents names of the IANA database only, in their spelling. Etc/GMT+9 is nine "
    "hours behind UTC, not ahead of it.",
    fix="Write a name such as Europe/Berlin.",
    evidence=Evidence.INFERRED,
    source_url=_PUT,
    about=_ABOUT,
    requires=("scheduled_actions",),
    severity=Severity.WARNING,
)
def schedule_time_zone_doubtful(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, zone in _unknown_zones(subject):
        if _is_doubtful(zone):
            near = nearest_time_zones(zone)
            yield Violation(
                path=path,
                got=zone,
                must=f"be {near[0]}" if near else "be a name of the IANA time zone database",
                fix=f"Write {near[0]}." if near else "Write a name such as Europe/Berlin.",
            )
    for path, action in _actions(subject):
        match = _REVERSED_OFFSET.fullmatch(action.timezone) if is_string(action.timezone) else None
        if match is not None and int(match[2]):
            where = "behind" if match[1] == "+" else "ahead of"
            yield Violation(
                path=(*path, "timezone"),
                got=action.timezone,
                sentence=f"time zone {action.timezone} is {int(match[2])} hours {where} UTC, "
                "although its sign suggests the opposite",
                fix="Write a region and city, such as Asia/Tokyo, or acknowledge the warning.",
            )


@rule(
    id="schedule-time-zone-ignored",
    title="A schedule with a rate should have no time zone",
    why="The time zone applies to at and cron expressions only.",
    fix="Remove the time zone, or use a cron expression.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT,
    about=_ABOUT,
    requires=("scheduled_actions",),
    severity=Severity.WARNING,
)
def schedule_time_zone_ignored(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        if is_string(action.timezone) and is_string(action.schedule) and is_rate(action.schedule):
            yield Violation(
                path=(*path, "timezone"),
                got=action.timezone,
                not_allowed=f"for {action.schedule}, because it has no effect on a rate",
                fix="Remove `timezone`, or use a cron expression.",
                python_fix="Remove `time_zone`, or use Cron(...).",
            )


def _instant(value: object) -> datetime | None:
    """Return a time of ISO 8601, in UTC unless it has an offset; ``None`` for another value."""
    if not is_string(value):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@rule(
    id="schedule-time-invalid",
    title="The start and the end of a schedule must be times of ISO 8601",
    why="Application Auto Scaling cannot read another form.",
    fix="Write for example 2030-01-31T08:00:00Z.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PUT,
    about=_ABOUT,
    requires=("scheduled_actions",),
)
def schedule_time_invalid(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        for name in ("start_time", "end_time"):
            value = getattr(action, name)
            is_number = is_string(value) and value.replace(".", "", 1).isdigit()  # since 1970
            if is_string(value) and value and not is_number and _instant(value) is None:
                yield Violation(
                    path=(*path, name),
                    got=value,
                    must="be a time of ISO 8601",
                    fix="Write for example 2030-01-31T08:00:00Z.",
                )


@rule(
    id="schedule-window-reversed",
    title="A schedule must start before it ends",
    why="Application Auto Scaling refuses the action: StartTime must be before EndTime.",
    fix="Exchange or correct the two times.",
    evidence=Evidence.REAL_ERROR,
    source_url=_PUT,
    about=_ABOUT,
    requires=("scheduled_actions",),
)
def schedule_window_reversed(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        start, end = _instant(action.start_time), _instant(action.end_time)
        if start is not None and end is not None and start > end:
            yield Violation(
                path=(*path, "start_time"),
                got=action.start_time,
                must=f"be before `end_time` ({action.end_time})",
                fix="Exchange or correct the two times.",
            )


@rule(
    id="schedule-never-runs",
    title="A schedule should run at least once",
    why="The capacities of the action never apply.",
    fix="Correct the date or the window.",
    evidence=Evidence.INFERRED,
    source_url=_CRON,
    about=_ABOUT,
    requires=("scheduled_actions",),
    severity=Severity.WARNING,
)
def schedule_never_runs(subject: ScalableTargetContext) -> Iterator[Violation]:
    for path, action in _actions(subject):
        if (found := _reason_against(action)) is not None:
            name, reason = found
            yield Violation(
                path=(*path, name),
                got=getattr(action, name),
                sentence=f"the scheduled action never runs because {reason}",
                fix="Correct the date or the window, or remove the scheduled action.",
            )


def _reason_against(action: ScheduledAction) -> tuple[str, str] | None:
    """Return the reason for which an action never runs, with the member that causes it."""
    schedule = action.schedule
    start, end = _instant(action.start_time), _instant(action.end_time)
    if is_string(schedule) and violation_of(schedule) is None:
        if (reason := never_runs(schedule)) is not None:
            return "schedule", f"its schedule {reason}"
        at = at_time(schedule)
        zone = "UTC" if action.timezone is None else action.timezone
        if at is not None and is_string(zone) and zone in {"UTC", "Etc/UTC"}:
            time = at.replace(tzinfo=UTC)
            if (start is not None and time < start) or (end is not None and time > end):
                return "schedule", "its time is outside its start and end"
    if end is not None and end.year < FIRST_YEAR:
        return "end_time", f"it ends in the year {end.year}"
    if start is not None and start == end:
        return "end_time", "its start is its end"
    return None


@rule(
    id="schedule-bound-outside",
    title="A scheduled bound should fit the other bound of the target",
    why="The action changes one bound only, and the new minimum exceeds the maximum. The guide "
    "asks for both bounds in this case.",
    fix="Give both capacities.",
    evidence=Evidence.DOCUMENTED,
    source_url=_OVERVIEW,
    about=_ABOUT,
    requires=("scheduled_actions",),
    severity=Severity.WARNING,
)
def schedule_bound_outside(subject: ScalableTargetContext) -> Iterator[Violation]:
    target = subject.target
    actions = [(path, _bounds(action)) for path, action in _actions(subject)]
    # Another action may have moved the other bound before.
    maxima = [target.max_capacity, *(maximum for _, (_, maximum) in actions if maximum is not None)]
    minima = [target.min_capacity, *(minimum for _, (minimum, _) in actions if minimum is not None)]
    for path, (minimum, maximum) in actions:
        place = (*path, "scalable_target_action")
        if is_integer(minimum) and maximum is None:
            if all(is_integer(other) and minimum > other for other in maxima):
                yield Violation(
                    path=(*place, "min_capacity"),
                    got=minimum,
                    must=f"not exceed the maximum capacity of the target ({target.max_capacity})",
                    fix="Give `max_capacity` of the scheduled action, too.",
                )
        elif (
            is_integer(maximum)
            and minimum is None
            and all(is_integer(other) and maximum < other for other in minima)
        ):
            yield Violation(
                path=(*place, "max_capacity"),
                got=maximum,
                must=f"not be less than the minimum capacity of the target ({target.min_capacity})",
                fix="Give `min_capacity` of the scheduled action, too.",
            )


def _bounds(action: ScheduledAction) -> tuple[Any, Any]:
    bounds = action.scalable_target_action
    if not isinstance(bounds, ScalableTargetAction):
        return None, None
    return bounds.min_capacity, bounds.max_capacity


@rule(
    id="schedules-simultaneous",
    title="Two scheduled actions with different capacities should run at different times",
    why="The order of the two actions is not defined, so either of them may win.",
    fix="Combine the actions, or change the time of one.",
    evidence=Evidence.INFERRED,
    source_url=_OVERVIEW,
    about=_ABOUT,
    requires=("scheduled_actions",),
    severity=Severity.WARNING,
)
def schedules_simultaneous(subject: ScalableTargetContext) -> Iterator[Violation]:
    before: dict[tuple[Any, ...], tuple[Any, Any]] = {}
    for path, action in _actions(subject):
        times = (action.schedule, action.timezone, action.start_time, action.end_time)
        if not is_string(action.schedule) or not all(
            value is None or is_string(value) for value in times
        ):
            continue
        low, high = _bounds(action)
        first_low, first_high = before.setdefault(times, (low, high))
        pairs = ((first_low, low), (first_high, high))
        if any(is_integer(a) and is_integer(b) and a != b for a, b in pairs):
            yield Violation(
                path=(*path, "schedule"),
                got=action.schedule,
                sentence=f"two scheduled actions run at {action.schedule} and set different "
                "capacities",
                fix="Combine the actions, or change the time of one.",
            )


@rule(
    id="schedules-suspended",
    title="A target with scheduled actions should not suspend them",
    why="No scheduled action runs while scheduled scaling is suspended.",
    fix="Set ScheduledScalingSuspended to false, or remove the actions.",
    evidence=Evidence.DOCUMENTED,
    source_url=_SUSPEND,
    about=_ABOUT,
    requires=("scheduled_actions",),
    severity=Severity.WARNING,
)
def schedules_suspended(subject: ScalableTargetContext) -> Iterator[Violation]:
    state = subject.target.suspended_state
    is_suspended = isinstance(state, SuspendedState) and state.scheduled_scaling_suspended is True
    if is_suspended and next(_actions(subject), None) is not None:
        yield Violation(
            path=("suspended_state", "scheduled_scaling_suspended"),
            got=True,
            sentence="`scheduled_scaling_suspended` is true, so that no scheduled action of the "
            "target runs",
            fix="Set `scheduled_scaling_suspended` to false, or acknowledge the warning.",
        )


RULES: Final = (
    schedule_expression_invalid,
    schedule_fields_incomplete,
    schedule_without_capacity,
    schedule_name_invalid,
    schedule_name_repeated,
    schedule_time_zone_unknown,
    schedule_time_zone_doubtful,
    schedule_time_zone_ignored,
    schedule_time_invalid,
    schedule_window_reversed,
    schedule_never_runs,
    schedule_bound_outside,
    schedules_simultaneous,
    schedules_suspended,
)
