"""Recommended alarms: the alarms of an endpoint or a component, and those for rollbacks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import attrs
from constructs import Construct

from cdk_epc._records import Record
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.errors import finding_of, raise_call_error
from cdk_epc.monitoring.alarm_definition import AlarmDefinition, copy_metric
from cdk_epc.monitoring.alarm_definitions import (
    QUEUE,
    LeftOutAlarm,
    asynchronous_alarms,
    component_alarms,
    idle_alarms,
    queue_alarms,
    request_alarms,
    serverless_alarms,
    utilization_alarms,
)
from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds, violations_of
from cdk_epc.monitoring.later_resources import complete_at_synth
from cdk_epc.monitoring.metric_availability import raise_without_variants
from cdk_epc.monitoring.metric_source import MetricSource
from cdk_epc.monitoring.resource_facts import Copies, machine_of
from cdk_epc.monitoring.variant_metrics import fleet_source, variant_source
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, THRESHOLD
from cdk_epc.rules.finding import EndpointConfigError
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import EndpointKind, EndpointSpec
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import Alarm, IAlarmAction

    from cdk_epc.monitoring.alarm_actions import TopicsOrActions
    from cdk_epc.monitoring.variant_metrics import VariantMetrics


@attrs.frozen(eq=False)
class RecommendedAlarm:
    """Recommended alarm with its kind and its resource.

    Attributes:
        kind: Kind of the alarm.
        of: Name of the variant, ``queue``, or empty for a component.
        alarm: The alarm.
    """

    kind: AlarmKind
    of: str
    alarm: Alarm


class RecommendedAlarms:
    """Recommended alarms of an endpoint or a component; iterates over the alarms.

    Attributes:
        entries: The alarms, each with its kind and its resource.
        left_out: Alarms that were left out, each with the reason.
    """

    def __init__(
        self,
        entries: Sequence[RecommendedAlarm],
        left_out: Sequence[LeftOutAlarm],
        create_rollback_alarms: Callable[[], tuple[Alarm, ...]],
    ) -> None:
        """Keep the alarms, and the function that returns those for a rollback."""
        self.entries = tuple(entries)
        self.left_out = tuple(left_out)
        self._create_rollback_alarms = create_rollback_alarms
        self._rollback_alarms: tuple[Alarm, ...] | None = None

    def of(self, kind: AlarmKind, name: str | None = None) -> tuple[Alarm, ...]:
        """Return the alarms of a kind, of all variants or of the variant of this name."""
        return tuple(
            each.alarm for each in self.entries if each.kind == kind and name in {None, each.of}
        )

    def for_rollback(self) -> tuple[Alarm, ...]:
        """Return alarms on errors and latency, for automatic rollbacks of an update.

        For an endpoint, the first call creates additional alarms. They monitor only the new fleet,
        because errors that the old fleet has already would roll back every deployment. There is one
        alarm of each kind, on the worst production variant, because an endpoint takes at most 10
        alarms. The alarms cover the variants that are added later, too, unless the recommended
        alarms are those of chosen variants.

        The result is empty for a serverless endpoint, whose updates SageMaker does not roll back;
        for an endpoint with inference components, whose components have alarms of their own; and
        for an endpoint without a known configuration.
        """
        if self._rollback_alarms is None:
            self._rollback_alarms = self._create_rollback_alarms()
        return self._rollback_alarms

    def __iter__(self) -> Iterator[Alarm]:
        """Iterate over the alarms."""
        return iter(each.alarm for each in self.entries)

    def __len__(self) -> int:
        """Return the number of alarms."""
        return len(self.entries)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AlarmOptions(Record):
    """Options of the recommended alarms, defaults included.

    Attributes:
        thresholds: Thresholds of the alarms.
        without: Kinds of alarms to leave out.
        actions: Actions of the alarms.
        id: Construct id of the alarms' scope.
    """

    thresholds: AlarmThresholds
    without: frozenset[AlarmKind]
    actions: Sequence[IAlarmAction]
    id: str

    @classmethod
    def of(
        cls,
        source: MetricSource,
        thresholds: AlarmThresholds | None,
        without: Collection[AlarmKind],
        notify: TopicsOrActions | None,
        id: str,
    ) -> AlarmOptions:
        """Return the options of a call.

        Raises:
            EndpointConfigError: An argument has the wrong type, or a threshold is out of range.
        """
        from cdk_epc.monitoring.alarm_actions import alarm_actions  # noqa: PLC0415 - imports CloudWatch

        _check_types(source, thresholds, without)
        options = cls(
            thresholds=thresholds or AlarmThresholds(),
            without=frozenset(without),
            actions=alarm_actions(source.scope, notify),
            id=id,
        )
        _check_thresholds(source, options.thresholds)
        return options


def _check_types(source: MetricSource, thresholds: object, without: object) -> None:
    if thresholds is not None and not isinstance(thresholds, AlarmThresholds):
        violation = Violation(
            path=(),
            got=thresholds,
            must="be AlarmThresholds",
            fix="Pass AlarmThresholds(...).",
        )
        path = construct_path(source.scope)
        raise_call_error(ARGUMENT_TYPE, violation, "thresholds", construct=path)
    kinds = {str(each) for each in AlarmKind}
    # A text is a collection as well: of its letters, none of which is a kind.
    is_collection = isinstance(without, Collection) and not isinstance(without, str)
    if not is_collection or any(each not in kinds for each in cast("Collection[Any]", without)):
        violation = Violation(
            path=(),
            got=without,
            must=f"be a list of kinds of alarms: {', '.join(sorted(kinds))}",
            fix="Pass for example [AlarmKind.LATENCY].",
        )
        path = construct_path(source.scope)
        raise_call_error(ARGUMENT_TYPE, violation, "without", construct=path)


def _check_thresholds(source: MetricSource, thresholds: AlarmThresholds) -> None:
    if violations := list(violations_of(thresholds)):
        path, site = construct_path(source.scope), CallSite.current()
        raise EndpointConfigError(
            finding_of(
                THRESHOLD, violation, f"thresholds.{violation.path[0]}", path, site, EndpointSpec
            )
            for violation in violations
        )


def alarms_of_endpoint(
    source: MetricSource,
    variants: Sequence[VariantMetrics],
    options: AlarmOptions,
    all_variants: Callable[[], Sequence[VariantMetrics]] | None = None,
) -> RecommendedAlarms:
    """Create the alarms of an endpoint and of its variants.

    Args:
        source: The endpoint.
        variants: The variants.
        options: Options of the alarms.
        all_variants: Function that returns all variants at synth; those that are not among
            ``variants`` get their alarms then.

    Raises:
        EndpointConfigError: No variant is known.
    """
    if not variants:
        raise_without_variants(
            source,
            "alarms of all variants cannot be created",
            'Pass their names: add_recommended_alarms(variants=["..."]).',
        )
    definitions: list[AlarmDefinition | LeftOutAlarm] = []
    if source.endpoint_kind is EndpointKind.ASYNCHRONOUS:
        definitions += queue_alarms(source, options.thresholds)
    for variant in variants:
        definitions += _variant_alarms(variant, options.thresholds)
    scope = Construct(source.scope, options.id)
    entries, left_out = _create_wanted(source, scope, definitions, options)
    rollback = RollbackAlarms(source, all_variants or (lambda: variants), options)
    alarms = RecommendedAlarms(entries, left_out, rollback.create)
    if all_variants is not None:
        known = {each.variant_name for each in variants}
        complete_at_synth(
            scope, lambda: _add_later(alarms, source, scope, options, all_variants, known)
        )
    return alarms


def _add_later(  # noqa: PLR0913, PLR0917 - the parts of the alarms
    alarms: RecommendedAlarms,
    source: MetricSource,
    scope: Construct,
    options: AlarmOptions,
    all_variants: Callable[[], Sequence[VariantMetrics]],
    known: set[str],
) -> None:
    """Create the alarms of the variants that are not known yet."""
    for variant in all_variants():
        if variant.variant_name not in known:
            known.add(variant.variant_name)
            definitions = _variant_alarms(variant, options.thresholds)
            entries, left_out = _create_wanted(source, scope, definitions, options)
            alarms.entries += tuple(entries)
            alarms.left_out += tuple(left_out)


def alarms_of_component(
    source: MetricSource, copies: Copies, options: AlarmOptions
) -> RecommendedAlarms:
    """Create the alarms of an inference component."""
    on_requests = list(request_alarms([source], "", options.thresholds))
    others = component_alarms(source, "", copies, options.thresholds)
    idle = idle_alarms(source, "", options.thresholds)
    scope = Construct(source.scope, options.id)
    definitions = [*on_requests, *others, *idle]
    entries, left_out = _create_wanted(source, scope, definitions, options)
    kinds = {each.kind for each in on_requests}
    rollback_alarms = tuple(each.alarm for each in entries if each.kind in kinds)
    return RecommendedAlarms(entries, left_out, lambda: rollback_alarms)


def _variant_alarms(
    variant: VariantMetrics, thresholds: AlarmThresholds
) -> Iterator[AlarmDefinition | LeftOutAlarm]:
    source, name = variant_source(variant), variant.variant_name
    if source.endpoint_kind is not EndpointKind.INFERENCE_COMPONENTS:
        yield from request_alarms([source], name, thresholds)
    if source.endpoint_kind is EndpointKind.ASYNCHRONOUS:
        yield from asynchronous_alarms(source, name, thresholds)
    if source.endpoint_kind is EndpointKind.SERVERLESS:
        yield from serverless_alarms(source, name, thresholds)
    if source.endpoint_kind is not None:
        yield from utilization_alarms(source, name, machine_of(variant), thresholds)
    yield from idle_alarms(source, name, thresholds)


_WITH_ROLLBACK: Final = frozenset({EndpointKind.REAL_TIME, EndpointKind.ASYNCHRONOUS})
"""Kinds of endpoint whose updates SageMaker can roll back (developer guide,
``deployment-guardrails``), and whose variants publish request metrics."""


@attrs.frozen(eq=False)
class RollbackAlarms:
    """Alarms on the new fleet of an endpoint, one of each kind on the worst production variant.

    Attributes:
        source: The endpoint.
        variants: Function that returns the variants; at synth it also returns the later ones.
        options: Options of the alarms.
    """

    source: MetricSource
    variants: Callable[[], Sequence[VariantMetrics]]
    options: AlarmOptions

    def create(self) -> tuple[Alarm, ...]:
        """Create the alarms, and extend them at synth to the variants that are added later."""
        variants = self.variants()
        # Another app updates an imported endpoint, and it alone knows the configuration of the
        # fleet.
        if self.source.endpoint_kind not in _WITH_ROLLBACK or any(
            getattr(each.endpoint, "config", None) is None for each in variants
        ):
            return ()
        scope = Construct(self.source.scope, f"{self.options.id}ForRollback")
        alarms = self._create_in(scope, self.options.actions)
        known = {each.variant_name for each in variants}

        def extend() -> None:
            if new := {each.variant_name for each in self.variants()} - known:
                known.update(new)
                # CDK sets the metric of an alarm in its constructor only.
                later = Construct(scope, "Later")
                for alarm, extended in zip(alarms, self._create_in(later, ()), strict=True):
                    copy_metric(extended, alarm)
                scope.node.try_remove_child(later.node.id)

        complete_at_synth(scope, extend)
        return alarms

    def _create_in(self, scope: Construct, actions: Sequence[IAlarmAction]) -> tuple[Alarm, ...]:
        variants = self.variants()
        fleets = [fleet_source(each) for each in variants if not getattr(each, "is_shadow", False)]
        definitions = [
            each
            for each in request_alarms(fleets, "", self.options.thresholds)
            if each.kind not in self.options.without
        ]
        resource = f"New fleet of endpoint {self.source.dimensions['EndpointName']}"
        entries = create_alarms(scope, definitions, lambda _: resource, actions)
        return tuple(each.alarm for each in entries)


def _create_wanted(
    source: MetricSource,
    scope: Construct,
    definitions: Iterable[AlarmDefinition | LeftOutAlarm],
    options: AlarmOptions,
) -> tuple[list[RecommendedAlarm], list[LeftOutAlarm]]:
    """Create the alarms of all kinds that the caller wants; return those left out as well."""
    wanted = [each for each in definitions if each.kind not in options.without]
    (name,) = source.dimensions.values()
    resource = f"{source.label.removeprefix('the ').capitalize()} {name}"
    entries = create_alarms(
        scope,
        [each for each in wanted if isinstance(each, AlarmDefinition)],
        lambda each: _described(resource, each.of),
        options.actions,
    )
    return entries, [each for each in wanted if isinstance(each, LeftOutAlarm)]


def _described(resource: str, of: str) -> str:
    """Return a resource with its variant or queue, for the description of an alarm."""
    if not of:
        return resource
    return f"{resource}, {of}" if of == QUEUE else f"{resource}, variant {of}"


def create_alarms(
    scope: Construct,
    definitions: Sequence[AlarmDefinition],
    resource: Callable[[AlarmDefinition], str],
    actions: Sequence[IAlarmAction],
) -> list[RecommendedAlarm]:
    """Create an alarm for each definition.

    Args:
        scope: Scope of the alarms.
        definitions: The definitions.
        resource: Function that returns the monitored resource, for the description of an alarm.
        actions: Actions of the alarms.
    """
    entries: list[RecommendedAlarm] = []
    for each in definitions:
        alarm = each.create(scope, _alarm_id(each, scope), resource(each))
        for action in actions:
            alarm.add_alarm_action(action)
        entries.append(RecommendedAlarm(each.kind, each.of, alarm))
    return entries


def _alarm_id(definition: AlarmDefinition, scope: Construct) -> str:
    """Return the name of the variant and the kind; a number in place of a name that is a token."""
    if is_unresolved(definition.of):
        return f"Unnamed{len(scope.node.children)}-{definition.kind}"
    return f"{definition.of}-{definition.kind}" if definition.of else str(definition.kind)
