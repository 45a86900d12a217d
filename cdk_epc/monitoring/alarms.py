"""The recommended alarms of an endpoint or of a component, as a collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from cdk_epc.monitoring.alarm_actions import actions_of
from cdk_epc.monitoring.alarm_definition import Watch
from cdk_epc.monitoring.alarm_definitions import LeftOut
from cdk_epc.monitoring.alarm_thresholds import AlarmKind
from cdk_epc.spec.unresolved import is_unknown

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Alarm
    from constructs import Construct, IConstruct

    from cdk_epc.monitoring.alarm_actions import Notified


@attrs.frozen(eq=False)
class RecommendedAlarm:
    """One of them.

    Attributes:
        kind: What it is about.
        of: Whom: the name of the variant or of the component, or ``queue``.
        alarm: It.
    """

    kind: AlarmKind
    of: str
    alarm: Alarm


class RecommendedAlarms:
    """Alarms, each of which says what it is about.

    Attributes:
        entries: Each with what it is about.
        left_out: Those that were not made, each with the reason.
    """

    def __init__(
        self,
        entries: Sequence[RecommendedAlarm],
        left_out: Sequence[LeftOut],
        rollback: Callable[[], tuple[Alarm, ...]],
    ) -> None:
        """Keep these, and how those for a rollback are made."""
        self.entries = tuple(entries)
        self.left_out = tuple(left_out)
        self._make_rollback = rollback
        self._rollback: tuple[Alarm, ...] | None = None

    def of(self, kind: AlarmKind, name: str | None = None) -> tuple[Alarm, ...]:
        """The alarms of a kind, of everybody or of this variant."""
        return tuple(
            each.alarm for each in self.entries if each.kind == kind and name in {None, each.of}
        )

    def for_rollback(self) -> tuple[Alarm, ...]:
        """The alarms to roll an update back for: those on errors and latency.

        Of an endpoint these are other alarms, made by the first call. They look at the new fleet
        alone: errors that the old fleet has already would end each deployment. There is one for
        each kind, about the worst production variant, for an endpoint takes 10 alarms at most.
        There are none where SageMaker rolls nothing back, of a serverless endpoint, where
        requests go to inference components, which have alarms of their own, and where the
        configuration is not known.
        """
        if self._rollback is None:
            self._rollback = self._make_rollback()
        return self._rollback

    def __iter__(self) -> Iterator[Alarm]:
        """Each alarm."""
        return iter(each.alarm for each in self.entries)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.entries)


def made(
    scope: Construct,
    watches: Sequence[Watch],
    title: Callable[[Watch], str],
    notify: Notified | None,
) -> list[RecommendedAlarm]:
    """An alarm for each watch, with ids after what they are about."""
    entries: list[RecommendedAlarm] = []
    for watch in watches:
        alarm = watch.alarm(scope, _id_of(watch, scope), title(watch))
        for action in actions_of(notify):
            alarm.add_alarm_action(action)
        entries.append(RecommendedAlarm(watch.kind, watch.of, alarm))
    return entries


def _id_of(watch: Watch, scope: IConstruct) -> str:
    """The kind after the name; where that is a token, after how many there are."""
    if is_unknown(watch.of):
        return f"Unnamed{len(scope.node.children)}-{watch.kind}"
    return f"{watch.of}-{watch.kind}" if watch.of else str(watch.kind)
