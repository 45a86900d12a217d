"""Bounds that are set at times of the day, the week or the year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import attrs

from cdk_epc.autoscaling.policies import Policies
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.values import (
    ArgumentTypeError,
    Value,
    argument,
    value,
)
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import Spec
from cdk_epc.spec.scaling import ScheduledAction
from cdk_epc.spec.wire import to_l1

if TYPE_CHECKING:
    from aws_cdk.aws_applicationautoscaling import Schedule

    When: TypeAlias = "Cron | Schedule | str"
    from aws_cdk import TimeZone


@attrs.frozen(kw_only=True)
class Cron:
    """A time that comes again, once for each match.

    CDK's own ``Schedule.cron(hour="8")`` means each minute of that hour, for what is left out is
    any there. Here the minute is 0 unless it is given.

    Attributes:
        minute: 0 to 59.
        hour: 0 to 23; any by default, which is once an hour.
        day: 1 to 31, any by default. Not with ``week_day``.
        month: 1 to 12 or ``JAN`` to ``DEC``, any by default.
        week_day: 1 to 7, which is ``SUN`` to ``SAT``, for example ``MON-FRI``; any by default.
        year: Any by default.
    """

    minute: str | int = 0
    hour: str | int = "*"
    day: str | int | None = None
    month: str | int = "*"
    week_day: str | int | None = None
    year: str | int = "*"

    @property
    def expression(self) -> str:
        """As Application Auto Scaling takes it."""
        week_day = "?" if self.week_day is None else self.week_day
        day = "?" if self.day is None and self.week_day is not None else self.day
        fields = (self.minute, self.hour, "*" if day is None else day, self.month, week_day)
        return f"cron({' '.join(map(str, (*fields, self.year)))})"


def expression_of(when: Any) -> str:  # noqa: ANN401 - whatever was given
    """The expression of a schedule.

    Raises:
        UnfitError: It is none.
    """
    for attribute in ("expression", "expression_string"):
        if isinstance(found := getattr(when, attribute, None), str):
            return found
    if isinstance(when, str):
        return when
    raise ArgumentTypeError(
        when,
        "a Cron, a Schedule of CDK's, or an expression",
        'Write Cron(hour=8), or for example "rate(1 hour)".',
    )


def zone_of(zone: Any) -> str:  # noqa: ANN401 - whatever was given
    """The name of a time zone.

    Raises:
        UnfitError: It is none.
    """
    if isinstance(zone, str):
        return zone
    if isinstance(name := getattr(zone, "timezone_name", None), str):
        return name
    raise ArgumentTypeError(zone, "a TimeZone or its name", 'Write for example "Europe/Berlin".')


_ACTIONS = "scheduled_actions"


def _moment(given: Any) -> str:  # noqa: ANN401 - whatever was given
    if not isinstance(given, datetime):
        raise ArgumentTypeError(given, "a datetime", "Write datetime(2030, 1, 31, 8, tzinfo=UTC).")
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).isoformat()


@value
class _Scheduled(Value):
    """The arguments of `scale_on_schedule`, with their places."""

    SPEC: ClassVar[type[Spec]] = ScheduledAction

    name: str = argument("scheduled_action_name", kw_only=False)
    schedule: When = argument("schedule", convert=expression_of, kw_only=False)
    min_capacity: int | None = argument("scalable_target_action.min_capacity", default=None)
    max_capacity: int | None = argument("scalable_target_action.max_capacity", default=None)
    time_zone: TimeZone | str | None = argument("timezone", convert=zone_of, default=None)
    start: datetime | None = argument("start_time", convert=_moment, default=None)
    end: datetime | None = argument("end_time", convert=_moment, default=None)


class Schedules(Policies):
    """What scales by the clock."""

    def scale_on_schedule(  # noqa: PLR0913 - the members of a scheduled action
        self,
        name: str,
        schedule: When,
        *,
        min_capacity: int | None = None,
        max_capacity: int | None = None,
        time_zone: TimeZone | str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> None:
        """Set the bounds anew at a time; policies go on scaling between them.

        Args:
            name: Its name among the schedules of this target.
            schedule: When: a `Cron`, a ``Schedule`` of CDK's, or an expression such as
                ``rate(1 hour)``.
            min_capacity: The least capacity from then on; as it is by default.
            max_capacity: The greatest capacity from then on; as it is by default.
            time_zone: Where the schedule's hours are read; UTC by default.
            start: When the schedule begins, in UTC if it has no time zone; at once by default.
            end: When it ends; never by default.

        Raises:
            EndpointConfigError: There is a schedule of this name, or SageMaker could not scale so.
        """
        given = _Scheduled(
            name,
            schedule,
            min_capacity=min_capacity,
            max_capacity=max_capacity,
            time_zone=time_zone,
            start=start,
            end=end,
        )
        before: tuple[ScheduledAction, ...] = self.spec.scheduled_actions or ()
        title, place = f'scale_on_schedule("{name}")', (_ACTIONS, len(before))
        supplied_part = SuppliedPart(place, title, given, CallSite.current())
        self._refuse_second_schedule(before, name, supplied_part)
        actions = (*before, self._state.convert(supplied_part))
        would_be = attrs.evolve(
            self._context(), target=attrs.evolve(self.spec, scheduled_actions=actions)
        )
        self._state.check_in_context(would_be, title, supplied_part.site, [supplied_part])
        self._state.update([supplied_part], scheduled_actions=actions)
        rendered: list[Any] = [_for_l1(each) for each in actions]
        self._resource.scheduled_actions = rendered
        self._wake(min_capacity, max_capacity)

    def _refuse_second_schedule(
        self, before: tuple[ScheduledAction, ...], name: str, supplied_part: SuppliedPart
    ) -> None:
        if name in {each.scheduled_action_name for each in before}:
            violation = Violation(
                path=(*supplied_part.path, "scheduled_action_name"),
                got=Words("a second schedule of the same name"),
                must="be one, and it has been given",
                fix="Give each schedule a name of its own.",
            )
            self._state.raise_call_error(
                GIVEN_TWICE, violation, supplied_part.argument, supplied_part.site
            )


def _for_l1(action: ScheduledAction) -> dict[str, Any]:
    """The L1 takes moments as such; the service, and what rules see, as text."""
    properties = to_l1(action)
    for name in ("startTime", "endTime"):
        if name in properties:
            properties[name] = datetime.fromisoformat(properties[name])
    return properties
