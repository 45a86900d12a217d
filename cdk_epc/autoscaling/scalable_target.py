"""Scalable target: the construct that scales a resource between two capacities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Unpack
from weakref import WeakKeyDictionary

from aws_cdk.aws_applicationautoscaling import CfnScalableTarget
from constructs import Construct

from cdk_epc.autoscaling.metric_conversion import (
    check_metric_environment,
    customized_metric,
    own_metrics,
)
from cdk_epc.autoscaling.scalable_source import AutoScaleArguments, ScalableSource
from cdk_epc.autoscaling.scale_from_zero import POLICY_ID, scale_from_zero_if_needed
from cdk_epc.autoscaling.scaling_policy import ScalableTargetInternals, ScalingPolicy
from cdk_epc.autoscaling.schedule import ScheduleArguments, add_schedule
from cdk_epc.autoscaling.step_alarms import check_step_alarm
from cdk_epc.autoscaling.step_scaling import (
    StepOptions,
    StepSettings,
    add_step_policies,
    check_steps,
)
from cdk_epc.autoscaling.target_tracking import (
    CUSTOMIZED_METRIC,
    TargetValue,
    TrackingOptions,
    TrackingSettings,
    add_tracking_policy,
)
from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_signature import checks_options
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.rules.call_errors import SCALED_TWICE, SCALING_STEPS, WAKE_UP_UNHEARD
from cdk_epc.rules.rule import Violation
from cdk_epc.spec.context import ReferencedTarget
from cdk_epc.spec.scaling import ScalableTargetSpec
from cdk_epc.spec.unresolved import is_integer
from cdk_epc.spec.wire import to_l1_arguments

if TYPE_CHECKING:
    from datetime import datetime

    from aws_cdk import TimeZone
    from aws_cdk.aws_cloudwatch import IMetric

    from cdk_epc.autoscaling.schedule import ScheduleOrExpression

TARGET: Final = ResourceType(
    spec=ScalableTargetSpec,
    arguments={
        "min_capacity": "min_capacity",
        "max_capacity": "max_capacity",
        "scheduled_actions": "scheduled actions",
    },
)
"""Resource type of a scalable target."""

CALL: Final = "auto_scale()"
"""The call that creates a scalable target, as messages name it."""

_TARGET_IDS: Final[WeakKeyDictionary[Construct, set[str]]] = WeakKeyDictionary()
"""Ids of the scalable targets in each scope. A look-up of a child costs a call into Node."""


def new_target_state(
    source: ScalableSource, arguments: AutoScaleArguments
) -> ResourceState[ScalableTargetSpec]:
    """Return the state of a new scalable target, before there is a construct.

    Raises:
        EndpointConfigError: The resource already has a scalable target, or the new one violates a
            rule.
    """
    site = CallSite.current()
    scope = ConstructScope(source.scope, source.id)
    state = ResourceState(TARGET, scope, (), site, StageValidation.of(source.scope).profile)
    if source.id in _TARGET_IDS.get(source.scope, ()):
        violation = Violation(
            path=("resource_id",),
            got=source.label,
            sentence=f"{CALL} was already called for {source.label}",
            fix="Add policies to the object that the first call returned.",
        )
        state.raise_call_error(SCALED_TWICE, violation, CALL, site)
    state.acknowledge(arguments.acknowledge, site)
    if arguments.scale_from_zero and source.no_capacity_metric is None:
        violation = Violation(
            path=(),
            got=True,
            not_allowed="because only asynchronous endpoints and inference components scale to "
            "zero",
            fix="Remove `scale_from_zero`.",
        )
        state.raise_call_error(WAKE_UP_UNHEARD, violation, f"{CALL}.scale_from_zero", site)
    supplied_parts = [
        SuppliedPart((name,), f"{CALL}.{name}", getattr(arguments, name), site)
        for name in ("min_capacity", "max_capacity")
    ]
    state.update(
        [SuppliedPart((), CALL, None, site), *supplied_parts],
        min_capacity=arguments.min_capacity,
        max_capacity=arguments.max_capacity,
        resource_id=source.resource_id,
        scalable_dimension=source.dimension.value,
        service_namespace="sagemaker",
    )
    # The policies are unknown, because later calls add them.
    state.check_in_context(source.context(state.spec, None), CALL, site, state.supplied_parts)
    return state


def referenced_target(source: ScalableSource, min_capacity: object) -> ReferencedTarget:
    """Return the scalable target as the rules of the scaled resource see it."""
    return ReferencedTarget(
        logical_id=_path(source),
        dimension=source.dimension.value,
        min_capacity=min_capacity if is_integer(min_capacity) else None,
    )


def _path(source: ScalableSource) -> str:
    return f"{construct_path(source.scope)}/{source.id}"


class ScalableTarget(CheckedResource[ScalableTargetSpec, CfnScalableTarget]):
    """Resource that Application Auto Scaling scales between two capacities.

    The target has no role: Application Auto Scaling uses its service-linked role for SageMaker, and
    creates it in an account that has none.
    """

    _internals: ScalableTargetInternals

    def __init__(
        self,
        source: ScalableSource,
        arguments: AutoScaleArguments,
        state: ResourceState[ScalableTargetSpec],
    ) -> None:
        """Create the target of a state of `new_target_state`."""
        super().__init__(source.scope, source.id)
        _TARGET_IDS.setdefault(source.scope, set()).add(source.id)
        self._internals = internals = ScalableTargetInternals(
            state=state,
            construct=self,
            source=source,
            validation=StageValidation.of(source.scope),
            path=_path(source),
            scale_from_zero=arguments.scale_from_zero,
        )
        state.scope.construct = self
        state.context = internals.context
        internals.resource = CfnScalableTarget(self, "Resource", **to_l1_arguments(state.spec))
        if reasons := state.acknowledgements.reasons:
            record_acknowledgements(self, internals.resource, reasons)
        internals.validation.add(self)
        scale_from_zero_if_needed(internals, arguments.min_capacity, arguments.max_capacity)

    @property
    def scalable_target_id(self) -> str:
        """Value of ``Ref``, which an L1 scaling policy takes as its target."""
        return self._internals.resource.ref

    @property
    def policies(self) -> tuple[ScalingPolicy, ...]:
        """Policies in the order of their creation."""
        return tuple(self._internals.policies.values())

    @property
    def scale_from_zero_policy(self) -> ScalingPolicy | None:
        """Policy that adds the first instance or copy; ``None`` if the target has none."""
        return self._internals.policies.get(POLICY_ID)

    @checks_options(TrackingOptions)
    def scale_on_metric(
        self, name: str, metric: IMetric, target: float, **options: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep a metric near a target value: add capacity above it, remove capacity below it.

        The metric must decrease when capacity is added. Application Auto Scaling evaluates each
        minute and ignores the period of the metric. Percentiles and math expressions over several
        metrics are supported.

        Args:
            name: Name of the policy, unique in this target.
            metric: The metric.
            target: Target value, in the unit of the metric.
            **options: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: SageMaker does not publish the metric for this resource, the target
                value is out of range, or the metric is in another account or region.
        """
        call = f'scale_on_metric("{name}")'
        part = SuppliedPart((), f"{call}.metric", metric, CallSite.current())
        spec = self._state.convert(part, customized_metric)
        source = self._internals.source
        check_metric_environment(self._state, source, metric, call)
        return add_tracking_policy(
            self._internals,
            name,
            call,
            spec,
            TargetValue(value=target),
            TrackingSettings.of(options),
            own_metrics(source, spec, CUSTOMIZED_METRIC),
        )

    @checks_options(StepOptions)
    def scale_on_steps(
        self,
        name: str,
        metric: IMetric,
        steps: Mapping[float, int],
        **options: Unpack[StepOptions],
    ) -> tuple[ScalingPolicy, ...]:
        """Change the capacity in steps while a metric is high or low.

        Args:
            name: Prefix of the names of the policies, unique in this target.
            metric: The metric, with the period of the alarms.
            steps: Change of the capacity by value of the metric. ``{10: -1, 50: +1, 80: +3}`` adds
                1 from 50 on, adds 3 from 80 on, and removes 1 at 10 or less.
            **options: Cooldown and more; see `StepOptions`.

        Returns:
            The policy that adds capacity and the one that removes it, as far as there are such
            steps.

        Raises:
            EndpointConfigError: The steps are invalid or overlap, the metric is in another
                account or region, or CloudWatch refuses the alarms.
        """
        call, site = f'scale_on_steps("{name}")', CallSite.current()
        settings = StepSettings(**options)
        part = SuppliedPart((), f"{call}.metric", metric, site)
        spec = self._state.convert(part, customized_metric)
        if (wrong := check_steps(steps, settings.adjustment_type)) is not None:
            argument, violation = wrong
            self._state.raise_call_error(SCALING_STEPS, violation, f"{call}.{argument}", site)
        check_metric_environment(self._state, self._internals.source, metric, call)
        check_step_alarm(self._internals, call, metric, spec, settings)
        return add_step_policies(self._internals, name, call, metric, steps, settings)

    def scale_on_schedule(  # noqa: PLR0913 - the members of a scheduled action
        self,
        name: str,
        schedule: ScheduleOrExpression,
        *,
        min_capacity: int | None = None,
        max_capacity: int | None = None,
        time_zone: TimeZone | str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> None:
        """Change the minimum and maximum capacity at given times.

        The policies continue to scale between the changed capacities.

        Args:
            name: Name of the schedule, unique in this target.
            schedule: A `Cron`, a ``Schedule`` of CDK, or an expression such as ``rate(1 hour)``.
            min_capacity: Minimum capacity from then on; unchanged by default.
            max_capacity: Maximum capacity from then on; unchanged by default.
            time_zone: Time zone of the schedule; UTC by default.
            start: First time of the schedule, in UTC if it has no time zone; from the deployment on
                by default.
            end: Last time of the schedule, in UTC if it has no time zone; no end by default.

        Raises:
            EndpointConfigError: The target already has a schedule of this name, or the resource
                cannot scale between these capacities.
        """
        arguments = ScheduleArguments(
            name,
            schedule,
            min_capacity=min_capacity,
            max_capacity=max_capacity,
            time_zone=time_zone,
            start=start,
            end=end,
        )
        add_schedule(self._internals, arguments)
        scale_from_zero_if_needed(self._internals, min_capacity, max_capacity)
