"""Scheduled scaling: changes of a target's minimum and maximum capacity at given times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.autoscaling.scaling_policy import ScalableTargetInternals
from cdk_epc.constructs.call_signature import with_hints
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.errors import finding_of
from cdk_epc.constructs.values import (
    ArgumentTypeError,
    Value,
    argument,
    value,
)
from cdk_epc.rules._schedule_expressions import field_violations, violation_of
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.finding import EndpointConfigError
from cdk_epc.rules.rule import Violation
from cdk_epc.rules.schedules import schedule_expression_invalid
from cdk_epc.spec import Spec
from cdk_epc.spec.scaling import ScheduledAction
from cdk_epc.spec.unresolved import is_unresolved
from cdk_epc.spec.wire import to_l1

if TYPE_CHECKING:
    from aws_cdk import TimeZone
    from aws_cdk.aws_applicationautoscaling import Schedule

    ScheduleOrExpression: TypeAlias = "Cron | Schedule | str"


@with_hints
@attrs.frozen(kw_only=True, eq=False, repr=False)
class Cron(Record):
    """Recurring time of a schedule.

    CDK's ``Schedule.cron(hour="8")`` means every minute from 8:00 to 8:59, because every field that
    is left out means "any". Here the minute is 0 by default.

    Attributes:
        minute: 0 to 59; 0 by default.
        hour: 0 to 23; every hour by default.
        day: Day of the month, 1 to 31; every day by default. Not together with ``week_day``.
        month: 1 to 12 or ``JAN`` to ``DEC``; every month by default.
        week_day: 1 to 7 or ``SUN`` to ``SAT``, for example ``MON-FRI``; every day by default.
        year: Every year by default.
    """

    minute: str | int = 0
    hour: str | int = "*"
    day: str | int | None = None
    month: str | int = "*"
    week_day: str | int | None = None
    year: str | int = "*"

    def __attrs_post_init__(self) -> None:
        """Check the fields.

        Raises:
            EndpointConfigError: A field is out of its range, or both ``day`` and ``week_day`` are
                given.
        """
        fields = self._fields()
        if any(map(is_unresolved, fields)):
            return
        for index, violation in field_violations(fields):
            name = _FIELDS[index]
            got = getattr(self, name)
            _raise_violation(
                name, Violation(path=(), got=got, must=violation.field_must, fix=violation.fix)
            )
        if self.day is not None and self.week_day is not None and "?" not in fields:
            sentence = "Cron() has both day and week_day; must have one of them"
            fix = "Remove one of them, or write a schedule for each."
            _raise_violation("day", Violation(path=(), got=self.day, sentence=sentence, fix=fix))
        if wrong := violation_of(self.expression):
            fix = "Leave day out for every day, or pass week_day."
            _raise_violation("day", Violation(path=(), got=self.day, must=wrong.must, fix=fix))

    def _fields(self) -> list[str]:
        week_day = "?" if self.week_day is None else self.week_day
        day = "?" if self.day is None and self.week_day is not None else self.day
        fields = (self.minute, self.hour, "*" if day is None else day, self.month, week_day)
        return [str(each) for each in (*fields, self.year)]

    @property
    def expression(self) -> str:
        """Expression in the form of Application Auto Scaling, ``cron(0 8 * * ? *)``."""
        return f"cron({' '.join(self._fields())})"


_FIELDS: Final = ("minute", "hour", "day", "month", "week_day", "year")


def _raise_violation(name: str, violation: Violation) -> NoReturn:
    """Raise the error of a field of `Cron` at the line that creates it.

    Raises:
        EndpointConfigError: Always.
    """
    found = finding_of(
        schedule_expression_invalid,
        violation,
        f"Cron().{name}",
        "",
        CallSite.current(),
        ScheduledAction,
    )
    raise EndpointConfigError([attrs.evolve(found, resource=None)])


def _expression(schedule: Any) -> str:  # noqa: ANN401 - any argument
    """Convert a schedule to its expression.

    Raises:
        ArgumentTypeError: The object is not a schedule.
    """
    for attribute in ("expression", "expression_string"):
        if isinstance(found := getattr(schedule, attribute, None), str):
            return found
    if isinstance(schedule, str):
        return schedule
    raise ArgumentTypeError(
        schedule,
        "a Cron, a Schedule of CDK or an expression",
        'Pass Cron(hour=8), or for example "rate(1 hour)".',
    )


def _time_zone_name(time_zone: Any) -> str:  # noqa: ANN401 - any argument
    """Convert a time zone to its name.

    Raises:
        ArgumentTypeError: The object is not a time zone.
    """
    if isinstance(time_zone, str):
        return time_zone
    if isinstance(name := getattr(time_zone, "timezone_name", None), str):
        return name
    raise ArgumentTypeError(
        time_zone, "a TimeZone or the name of a time zone", 'Pass for example "Europe/Berlin".'
    )


def _iso_time(time: Any) -> str:  # noqa: ANN401 - any argument
    """Convert a time to ISO 8601; a time without a time zone is in UTC.

    Raises:
        ArgumentTypeError: The object is not a ``datetime``.
    """
    if not isinstance(time, datetime):
        raise ArgumentTypeError(
            time, "a datetime", "Pass for example datetime(2030, 1, 31, 8, tzinfo=UTC)."
        )
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


@value
class ScheduleArguments(Value):
    """Arguments of ``scale_on_schedule``, with their members of a scheduled action."""

    SPEC: ClassVar[type[Spec]] = ScheduledAction

    name: str = argument("scheduled_action_name", kw_only=False)
    schedule: ScheduleOrExpression = argument("schedule", convert=_expression, kw_only=False)
    min_capacity: int | None = argument("scalable_target_action.min_capacity", default=None)
    max_capacity: int | None = argument("scalable_target_action.max_capacity", default=None)
    time_zone: TimeZone | str | None = argument("timezone", convert=_time_zone_name, default=None)
    start: datetime | None = argument("start_time", convert=_iso_time, default=None)
    end: datetime | None = argument("end_time", convert=_iso_time, default=None)


_ACTIONS: Final = "scheduled_actions"


def add_schedule(target: ScalableTargetInternals, arguments: ScheduleArguments) -> None:
    """Add a scheduled action to a scalable target.

    Raises:
        EndpointConfigError: The target already has a schedule of this name, or the schedule
            violates a rule.
    """
    state, name = target.state, arguments.name
    before: tuple[ScheduledAction, ...] = state.spec.scheduled_actions or ()
    call, path = f'scale_on_schedule("{name}")', (_ACTIONS, len(before))
    part = SuppliedPart(path, call, arguments, CallSite.current())
    if name in {each.scheduled_action_name for each in before}:
        violation = Violation(
            path=(*path, "scheduled_action_name"),
            got=name,
            sentence=f"{call} adds a second schedule of this name to {target.source.label}",
            fix="Give each schedule a different name.",
        )
        state.refuse_call(GIVEN_TWICE, violation, call, part.site)
        return
    actions = (*before, state.convert(part))
    changed = attrs.evolve(state.spec, scheduled_actions=actions)
    context = attrs.evolve(target.context(), target=changed)
    state.check_in_context(context, call, part.site, [part])
    state.update([part], scheduled_actions=actions)
    rendered: list[Any] = [_l1_properties(each) for each in actions]
    target.resource.scheduled_actions = rendered


def _l1_properties(action: ScheduledAction) -> dict[str, Any]:
    """Return the L1 properties of an action.

    The L1 takes a ``datetime`` where the service, and thus the spec, has text.
    """
    properties = to_l1(action)
    for name in ("startTime", "endTime"):
        if name in properties:
            properties[name] = datetime.fromisoformat(properties[name])
    return properties
