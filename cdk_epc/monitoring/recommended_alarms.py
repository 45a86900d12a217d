"""Recommended alarms: from what is known of an endpoint to alarms that can go off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import attrs
from constructs import Construct

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.errors import finding_of
from cdk_epc.monitoring.alarm_definition import AlarmDefinition
from cdk_epc.monitoring.alarm_definitions import (
    LeftOut,
    watched_component,
    watched_failures,
    watched_hosts,
    watched_queue,
    watched_requests,
    watched_serverless,
)
from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds, violations_of
from cdk_epc.monitoring.metric_availability import machine_of, refuse
from cdk_epc.monitoring.metric_source import Place
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, THRESHOLD, VARIANTS_UNKNOWN
from cdk_epc.rules.finding import EndpointConfigError
from cdk_epc.spec import EndpointKind, EndpointSpec
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Alarm
    from constructs import IConstruct

    from cdk_epc.monitoring.alarm_actions import Notified
    from cdk_epc.monitoring.variant_metrics import VariantMetrics


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
    watches: Sequence[AlarmDefinition],
    title: Callable[[AlarmDefinition], str],
    notify: Notified | None,
) -> list[RecommendedAlarm]:
    """An alarm for each watch, with ids after what they are about."""
    from cdk_epc.monitoring.alarm_actions import actions_of  # noqa: PLC0415 - starts CloudWatch

    entries: list[RecommendedAlarm] = []
    for watch in watches:
        alarm = watch.alarm(scope, _id_of(watch, scope), title(watch))
        for action in actions_of(notify):
            alarm.add_alarm_action(action)
        entries.append(RecommendedAlarm(watch.kind, watch.of, alarm))
    return entries


def _id_of(watch: AlarmDefinition, scope: IConstruct) -> str:
    """The kind after the name; where that is a token, after how many there are."""
    if is_unresolved(watch.of):
        return f"Unnamed{len(scope.node.children)}-{watch.kind}"
    return f"{watch.of}-{watch.kind}" if watch.of else str(watch.kind)


_ROLLED_BACK = frozenset({EndpointKind.REAL_TIME, EndpointKind.ASYNCHRONOUS})
"""What an update with guardrails can be of (guide, ``deployment-guardrails``), and whose requests
are measured by variant."""


@attrs.frozen(kw_only=True)
class Wanted:
    """What alarms were asked for.

    Attributes:
        thresholds: When they go off.
        without: Kinds that are not wanted.
        notify: Who is told.
        id: The id of the construct that they stand under.
    """

    thresholds: AlarmThresholds
    without: frozenset[AlarmKind]
    notify: Notified | None
    id: str

    @classmethod
    def of(
        cls,
        place: Place,
        thresholds: AlarmThresholds | None,
        without: Collection[AlarmKind],
        notify: Notified | None,
        id: str,
    ) -> Wanted:
        """What was given, with the defaults.

        Raises:
            EndpointConfigError: It is no thresholds, or no kinds of alarms.
        """
        _refuse_unfit(place, thresholds, without)
        return cls(
            thresholds=thresholds or AlarmThresholds(),
            without=frozenset(without),
            notify=notify,
            id=id,
        )


def alarms_of_endpoint(
    place: Place, variants: Sequence[VariantMetrics], wanted: Wanted
) -> RecommendedAlarms:
    """The alarms of an endpoint and of its variants.

    Raises:
        EndpointConfigError: No variant is known, or a threshold makes no sense.
    """
    _refuse_thresholds(place, wanted.thresholds)
    if not variants:
        refuse(
            place,
            VARIANTS_UNKNOWN,
            got="alarms of all variants, none of which is known",
            allowed="the names of variants",
            fix='Name them: add_recommended_alarms(variants=["..."]).',
        )
    found = [_of_queue(place, wanted), *(_of_variant(each, wanted) for each in variants)]
    entries, left_out = _made(place, [each for some in found for each in some], wanted)
    return RecommendedAlarms(entries, left_out, lambda: _for_rollback(place, variants, wanted))


def alarms_of_component(place: Place, wanted: Wanted) -> RecommendedAlarms:
    """The alarms of an inference component.

    Raises:
        EndpointConfigError: A threshold makes no sense.
    """
    _refuse_thresholds(place, wanted.thresholds)
    requests = list(watched_requests([place], "", wanted.thresholds))
    others = watched_component(place, "", wanted.thresholds)
    entries, left_out = _made(place, [*requests, *others], wanted)
    kinds = {each.kind for each in requests}
    rollback = tuple(each.alarm for each in entries if each.kind in kinds)
    return RecommendedAlarms(entries, left_out, lambda: rollback)


def _of_queue(place: Place, wanted: Wanted) -> Iterator[AlarmDefinition]:
    if place.hosting is EndpointKind.ASYNCHRONOUS:
        yield from watched_queue(place, wanted.thresholds)


def _of_variant(variant: VariantMetrics, wanted: Wanted) -> Iterator[AlarmDefinition | LeftOut]:
    place, name = variant._place, variant.variant_name  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
    if place.hosting is not EndpointKind.INFERENCE_COMPONENTS:  # whose requests are of components
        yield from watched_requests([place], name, wanted.thresholds)
    if place.hosting is EndpointKind.ASYNCHRONOUS:
        yield from watched_failures(place, name, wanted.thresholds)
    if place.hosting is EndpointKind.SERVERLESS:
        yield from watched_serverless(place, name, wanted.thresholds)
    if place.hosting is not None:
        yield from watched_hosts(place, name, machine_of(variant), wanted.thresholds)


def _for_rollback(
    place: Place, variants: Sequence[VariantMetrics], wanted: Wanted
) -> tuple[Alarm, ...]:
    if place.hosting not in _ROLLED_BACK:  # or of a kind that this app does not know
        return ()
    # The fleet of an endpoint of another app is not for this one to look after.
    if any(getattr(each.endpoint, "config", None) is None for each in variants):
        return ()
    fleets = [
        each.fleet()._place  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        for each in variants
        if not getattr(each, "is_shadow", False)
    ]
    watches = [
        each
        for each in watched_requests(fleets, "", wanted.thresholds)
        if each.kind not in wanted.without
    ]
    scope = Construct(place.scope, f"{wanted.id}ForRollback")
    name = place.dimensions["EndpointName"]
    entries = made(scope, watches, lambda _: f"New fleet of endpoint {name}", wanted.notify)
    return tuple(each.alarm for each in entries)


def _made(
    place: Place, found: Iterable[AlarmDefinition | LeftOut], wanted: Wanted
) -> tuple[list[RecommendedAlarm], list[LeftOut]]:
    """The alarms that are wanted, and those that nothing can be made of."""
    kept = [each for each in found if each.kind not in wanted.without]
    (name,) = place.dimensions.values()
    what = f"{place.title.removeprefix('the ').capitalize()} {name}"
    entries = made(
        Construct(place.scope, wanted.id),
        [each for each in kept if isinstance(each, AlarmDefinition)],
        lambda watch: f"{what}, {watch.of}" if watch.of else what,
        wanted.notify,
    )
    return entries, [each for each in kept if isinstance(each, LeftOut)]


def _refuse_unfit(place: Place, thresholds: object, without: object) -> None:
    """Refuse what is of another type: a text would be taken for its letters, and leave none out."""
    if thresholds is not None and not isinstance(thresholds, AlarmThresholds):
        refuse(
            place,
            ARGUMENT_TYPE,
            got=f"{thresholds!r} as thresholds",
            allowed="AlarmThresholds",
            fix="Write AlarmThresholds(...), or leave it out.",
        )
    kinds = {str(each) for each in AlarmKind}
    is_listed = isinstance(without, Collection) and not isinstance(without, str)
    if not is_listed or any(each not in kinds for each in cast("Collection[Any]", without)):
        refuse(
            place,
            ARGUMENT_TYPE,
            got=f"{without!r} as without",
            allowed=f"a list of kinds of alarms: {', '.join(sorted(kinds))}",
            fix="Write for example [AlarmKind.LATENCY], or leave it out.",
        )


def _refuse_thresholds(place: Place, thresholds: AlarmThresholds) -> None:
    if violations := list(violations_of(thresholds)):
        path, site = place.scope.node.path, CallSite.current()
        raise EndpointConfigError(
            finding_of(
                THRESHOLD, violation, f"thresholds.{violation.path[0]}", path, site, EndpointSpec
            )
            for violation in violations
        )
