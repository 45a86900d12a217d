"""The policies of a scalable target: drafted, held against the rules, and made.

This is kept out of `Scalable` itself: for each construct jsii looks through every name of each
class before CDK's own, and this one comes after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from cdk_epc.autoscaling.kinds import POLICY
from cdk_epc.autoscaling.scaling_policy import ScalingPolicy, named_after
from cdk_epc.autoscaling.target_tracking import (
    METRIC,
    Target,
    Tracking,
    tracks,
)
from cdk_epc.constructs.call_sites import CallSite, Piece
from cdk_epc.constructs.checked_resource import Drafted
from cdk_epc.constructs.resource_state import Draft
from cdk_epc.constructs.scope import Surroundings
from cdk_epc.constructs.stage_validation import Guard
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Fault, Words
from cdk_epc.spec.context import ScalingPolicyInPlace
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    PolicyType,
    PredefinedMetric,
    PredefinedMetricSpecification,
    ScalableTargetSpec,
    ScalingPolicySpec,
)

if TYPE_CHECKING:
    from aws_cdk.aws_applicationautoscaling import CfnScalableTarget

    from cdk_epc.autoscaling.scalable_target import Scalable, Scaled
    from cdk_epc.spec import Path
    from cdk_epc.spec.context import ScalingInPlace


class Policies(Drafted[ScalableTargetSpec]):
    """A scalable target with its policies."""

    _what: Scaled
    _policies: dict[str, ScalingPolicy]
    _resource: CfnScalableTarget
    _guard: Guard
    _path: str

    @property
    def policies(self) -> tuple[ScalingPolicy, ...]:
        """The policies in the order they were given."""
        return tuple(self._policies.values())

    def _in_place(self) -> ScalingInPlace:
        specs = tuple(policy.spec for policy in self.policies)
        return self._what.in_place(self.spec, specs)

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
        draft = self._drafted(id, title, how.acknowledge, site)
        known = (
            PredefinedMetricSpecification(predefined_metric_type=metric.value)
            if isinstance(metric, PredefinedMetric)
            else metric
        )
        configuration, pieces = tracks(draft, known, target, how, title, site)
        changes = {"target_tracking_scaling_policy_configuration": configuration}
        return self._made(
            id, draft, pieces, PolicyType.TARGET_TRACKING, changes, own if known is metric else ()
        )

    def _drafted(
        self, id: str, title: str, acknowledge: Mapping[str, str] | None, site: CallSite | None
    ) -> Draft[ScalingPolicySpec]:
        if id in self._policies:
            fault = Fault(
                path=("policy_name",),
                got=Words("a second policy of the same kind or name"),
                allowed="one, and it has been given",
                fix="Give everything about it in one call.",
            )
            self._draft.refuse(GIVEN_TWICE, fault, title, site)
        around = Surroundings(self._itself, id)
        draft = Draft(POLICY, around, (), site, self._guard.profile)
        draft.acknowledge(acknowledge, site)
        draft.pieces = (Piece((), title, None, site),)
        return draft

    def _made(  # noqa: PLR0913, PLR0917 - a policy, part by part
        self,
        id: str,
        draft: Draft[ScalingPolicySpec],
        pieces: Sequence[Piece],
        type_: PolicyType,
        changes: Mapping[str, Any],
        own: Sequence[Path] | frozenset[Path] = (),
    ) -> ScalingPolicy:
        draft.give(
            pieces,
            policy_name=named_after(self._path, id),
            policy_type=type_.value,
            scaling_target_id=self._resource.ref,
            **changes,
        )

        def in_place() -> ScalingPolicyInPlace:
            return ScalingPolicyInPlace(
                policy=draft.spec, scaling=self._in_place(), own=frozenset(own)
            )

        first = draft.pieces[0]
        draft.hold_in_place(in_place(), first.title, first.site, draft.pieces)
        draft.in_place = in_place
        policy = self._policies[id] = ScalingPolicy(self._itself, id, draft)
        self._guard.watch(policy)
        return policy

    def _wake(self, min_capacity: object, max_capacity: object) -> None:
        """See to it that the target can leave zero; what cannot come down to that need not."""

    @property
    def _itself(self) -> Scalable:
        return cast("Scalable", self)
