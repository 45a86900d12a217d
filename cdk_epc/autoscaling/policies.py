"""The policies of a scalable target: drafted, held against the rules, and made.

This is kept out of `Scalable` itself: for each construct jsii looks through every name of each
class before CDK's own, and this one comes after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack, cast

import aws_cdk as cdk
from aws_cdk.aws_applicationautoscaling import CfnScalableTarget

from cdk_epc.autoscaling.kinds import POLICY
from cdk_epc.autoscaling.metric_conversion import customized, own_metrics, places_of
from cdk_epc.autoscaling.scaling_policy import ScalingPolicy, named_after
from cdk_epc.autoscaling.step_scaling import (
    Direction,
    StepOptions,
    Stepping,
    directions_of,
    violation_of,
)
from cdk_epc.autoscaling.target_tracking import (
    AT,
    METRIC,
    Target,
    Tracking,
    TrackingOptions,
    tracks,
)
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.convert import seconds
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.rules.call_errors import GIVEN_TWICE, SCALING_METRIC_ELSEWHERE, SCALING_STEPS
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec.context import ScalingPolicyContext
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    PolicyType,
    PredefinedMetric,
    PredefinedMetricSpecification,
    ScalableTargetSpec,
    ScalingPolicySpec,
)
from cdk_epc.spec.unresolved import is_given

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric

    from cdk_epc.autoscaling.scalable_target import Scalable, Scaled
    from cdk_epc.spec import Path
    from cdk_epc.spec.context import ScalableTargetContext


class Policies(CheckedResource[ScalableTargetSpec, CfnScalableTarget]):
    """A scalable target with its policies."""

    _what: Scaled
    _policies: dict[str, ScalingPolicy]
    _validation: StageValidation
    _path: str

    @property
    def policies(self) -> tuple[ScalingPolicy, ...]:
        """The policies in the order they were given."""
        return tuple(self._policies.values())

    def _context(self) -> ScalableTargetContext:
        specs = tuple(policy.spec for policy in self.policies)
        return self._what.context(self.spec, specs)

    def _tracks(  # noqa: PLR0913, PLR0917 - a policy, part by part
        self,
        id: str,
        title: str,
        metric: PredefinedMetric | CustomizedMetricSpecification,
        target: Target,
        how: Tracking,
        own: frozenset[Path] = frozenset({METRIC}),
    ) -> ScalingPolicy:
        """A policy that keeps a metric near a value.

        Raises:
            EndpointConfigError: There is one of this id, or the rules have something against it.
        """
        site = CallSite.current()
        state = self._drafted(id, title, how.acknowledge, site)
        known = (
            PredefinedMetricSpecification(predefined_metric_type=metric.value)
            if isinstance(metric, PredefinedMetric)
            else metric
        )
        configuration, supplied_parts = tracks(state, known, target, how, title, site)
        changes = {"target_tracking_scaling_policy_configuration": configuration}
        return self._made(
            id,
            state,
            supplied_parts,
            PolicyType.TARGET_TRACKING,
            changes,
            own if known is metric else (),
        )

    def _drafted(
        self, id: str, title: str, acknowledge: Mapping[str, str] | None, site: CallSite | None
    ) -> ResourceState[ScalingPolicySpec]:
        if id in self._policies:
            violation = Violation(
                path=("policy_name",),
                got=Words("a second policy of the same kind or name"),
                must="be one, and it has been given",
                fix="Give everything about it in one call.",
            )
            self._state.raise_call_error(GIVEN_TWICE, violation, title, site)
        construct_scope = ConstructScope(self._itself, id)
        state = ResourceState(POLICY, construct_scope, (), site, self._validation.profile)
        state.acknowledge(acknowledge, site)
        state.supplied_parts = (SuppliedPart((), title, None, site),)
        return state

    def _made(  # noqa: PLR0913, PLR0917 - a policy, part by part
        self,
        id: str,
        state: ResourceState[ScalingPolicySpec],
        supplied_parts: Sequence[SuppliedPart],
        type_: PolicyType,
        changes: Mapping[str, Any],
        own: Sequence[Path] | frozenset[Path] = (),
    ) -> ScalingPolicy:
        state.update(
            supplied_parts,
            policy_name=named_after(self._path, id),
            policy_type=type_.value,
            scaling_target_id=self._resource.ref,
            **changes,
        )

        def context() -> ScalingPolicyContext:
            return ScalingPolicyContext(
                policy=state.spec, scaling=self._context(), own=frozenset(own)
            )

        first = state.supplied_parts[0]
        state.check_in_context(context(), first.argument, first.site, state.supplied_parts)
        state.context = context
        policy = self._policies[id] = ScalingPolicy(self._itself, id, state)
        self._validation.add(policy)
        return policy

    def _wake(self, min_capacity: object, max_capacity: object) -> None:
        """See to it that the target can leave zero; what cannot come down to that need not."""

    @property
    def _itself(self) -> Scalable:
        return cast("Scalable", self)


_STEPS = "step_scaling_policy_configuration"


class Custom(Policies):
    """What scales by metrics of one's own."""

    def scale_on_metric(
        self, name: str, metric: IMetric, target: float, **how: Unpack[TrackingOptions]
    ) -> ScalingPolicy:
        """Keep a metric near a value: add while it is above, take away while it is below.

        The metric must go down when capacity is added. Application Auto Scaling looks at each
        minute of it, whatever its period is. Percentiles and expressions over several metrics work
        as well.

        Args:
            name: The policy's id among those of this target.
            metric: What is measured.
            target: The value to keep it near, in its own unit.
            **how: Cooldowns and more; see `TrackingOptions`.

        Raises:
            EndpointConfigError: SageMaker does not publish the metric for this, the value makes no
                sense, or the metric is of another account or region.
        """
        title, site = f'scale_on_metric("{name}")', CallSite.current()
        spec = self._state.convert(SuppliedPart((), f"{title}.metric", metric, site), customized)
        self._refuse_elsewhere(metric, title, site)
        own = own_metrics(self._itself, self._what.own, spec, METRIC)
        return self._tracks(name, title, spec, Target(value=target), Tracking(**how), own)

    def scale_on_steps(
        self,
        name: str,
        metric: IMetric,
        steps: Mapping[float, int],
        **how: Unpack[StepOptions],
    ) -> tuple[ScalingPolicy, ...]:
        """Change the capacity in steps while a metric is high, or low.

        Args:
            name: The beginning of the policies' ids among those of this target.
            metric: What is measured, over its own period.
            steps: By values of the metric, what to change the capacity by. ``{10: -1, 50: +1, 80:
                +3}`` adds 1 from 50 on and 3 from 80 on, and takes 1 away at 10 and below.
            **how: The cooldown and more; see `StepOptions`.

        Returns:
            The policy that adds and the one that takes away, as far as there are such steps.

        Raises:
            EndpointConfigError: The steps contradict each other, or the metric is of another
                account or region.
        """
        title, site = f'scale_on_steps("{name}")', CallSite.current()
        stepping = Stepping(**how)
        self._state.convert(SuppliedPart((), f"{title}.metric", metric, site), customized)
        if (violation := violation_of(steps, stepping.adjustment_type)) is not None:
            self._state.raise_call_error(SCALING_STEPS, violation, f"{title}.steps", site)
        self._refuse_elsewhere(metric, title, site)
        return tuple(
            self._steps(name, title, metric, each, stepping) for each in directions_of(steps)
        )

    def _steps(
        self, name: str, title: str, metric: IMetric, steps: Direction, how: Stepping
    ) -> ScalingPolicy:
        # A module that is costly to load, and loaded already by whoever made the metric.
        from aws_cdk.aws_cloudwatch import (  # noqa: PLC0415 - see above
            Alarm,
            CfnAlarm,
            ComparisonOperator,
        )

        policy = self._step_policy(name + steps.id, title, steps, how)
        comparisons = {
            "Out": ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            "In": ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
        }
        alarm = Alarm(
            policy,
            "Alarm",
            metric=metric,
            threshold=steps.threshold,
            comparison_operator=comparisons[steps.id],
            evaluation_periods=how.evaluation_periods,
            datapoints_to_alarm=how.datapoints_to_alarm,
        )
        resource = alarm.node.default_child
        assert isinstance(resource, CfnAlarm)  # noqa: S101 - what CDK's Alarm is made of
        resource.alarm_actions = [policy.policy_arn]
        if how.treat_missing_data is not None:
            resource.treat_missing_data = how.treat_missing_data
        policy.alarm = resource
        return policy

    def _step_policy(self, id: str, title: str, steps: Direction, how: Stepping) -> ScalingPolicy:
        site = CallSite.current()
        state = self._drafted(id, title, how.acknowledge, site)
        given = {
            "cooldown": how.cooldown,
            "min_adjustment_magnitude": how.min_adjustment_magnitude,
            "metric_aggregation_type": how.metric_aggregation_type,
        }
        supplied_parts = {
            member: SuppliedPart((_STEPS, member), f"{title}.{member}", what, site)
            for member, what in given.items()
        }
        waits = None if how.cooldown is None else state.convert(supplied_parts["cooldown"], seconds)
        changes = {_STEPS: steps.configuration(how, waits)}
        return self._made(id, state, list(supplied_parts.values()), PolicyType.STEP, changes)

    def _refuse_elsewhere(self, metric: IMetric, title: str, site: CallSite | None) -> None:
        stack = cdk.Stack.of(self._itself)
        for given in places_of(metric):
            for kind, own, other in zip(
                ("account", "region"), (stack.account, stack.region), given, strict=True
            ):
                if is_given(own) and is_given(other) and own != other:
                    violation = Violation(
                        path=AT,
                        got=Words(f"a metric of {kind} {other}"),
                        must=f"be one of the stack's own {kind}, {own}",
                        fix="Application Auto Scaling reads no others; publish it here as well.",
                    )
                    self._state.raise_call_error(
                        SCALING_METRIC_ELSEWHERE, violation, f"{title}.metric", site
                    )
