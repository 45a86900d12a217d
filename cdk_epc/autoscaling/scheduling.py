"""When bounds are set: the expressions of Application Auto Scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from cdk_epc.constructs.values import UnfitError

if TYPE_CHECKING:
    from aws_cdk.aws_applicationautoscaling import Schedule

    When: TypeAlias = "Cron | Schedule | str"


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
    raise UnfitError(
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
    raise UnfitError(zone, "a TimeZone or its name", 'Write for example "Europe/Berlin".')
