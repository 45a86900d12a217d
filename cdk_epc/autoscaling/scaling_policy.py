"""Scaling policy: the construct, and the steps in which a scalable target creates one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs
from aws_cdk.aws_applicationautoscaling import CfnScalableTarget, CfnScalingPolicy
from constructs import Construct

from cdk_epc.autoscaling.scalable_source import ScalableSource
from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import Path
from cdk_epc.spec.context import ScalableTargetContext, ScalingPolicyContext
from cdk_epc.spec.scaling import PolicyType, ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.wire import to_l1_arguments

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import CfnAlarm

POLICY: Final = ResourceType(spec=ScalingPolicySpec, arguments={}, is_complete_at_construction=True)
"""Resource type of a scaling policy."""

_MAX_NAME_LENGTH: Final = 256
"""Maximum length of a policy name (botocore, ``PolicyName``)."""


class ScalingPolicy(CheckedResource[ScalingPolicySpec, CfnScalingPolicy]):
    """Scaling policy of a scalable target.

    Attributes:
        alarm: Alarm that starts a step scaling policy. A target tracking policy has none, because
            Application Auto Scaling creates its alarms itself.
    """

    alarm: CfnAlarm | None
    _internals: ConstructInternals[ScalingPolicySpec, CfnScalingPolicy]

    def __init__(self, scope: Construct, id: str, state: ResourceState[ScalingPolicySpec]) -> None:
        """Create the policy of a checked state."""
        super().__init__(scope, id)
        self._internals = ConstructInternals(state)
        self.alarm = None
        state.scope.construct = self
        resource = CfnScalingPolicy(self, "Resource", **to_l1_arguments(state.spec))
        self._internals.resource = resource
        if reasons := state.acknowledgements.reasons:
            record_acknowledgements(self, resource, reasons)

    @property
    def policy_arn(self) -> str:
        """ARN of the policy, for the actions of alarms."""
        return self._internals.resource.ref


@attrs.define(kw_only=True, eq=False)
class ScalableTargetInternals(ConstructInternals[ScalableTargetSpec, CfnScalableTarget]):
    """Values of a scalable target that its policies and schedules need.

    Attributes:
        construct: The scalable target, which contains its policies.
        source: The scaled resource.
        validation: Validation of the stage, which checks targets and policies at synth.
        path: Construct path of the target.
        scale_from_zero: Argument of ``auto_scale``.
        policies: Policies by id, in the order of their creation.
    """

    construct: Construct
    source: ScalableSource
    validation: StageValidation
    path: str
    scale_from_zero: bool | None
    policies: dict[str, ScalingPolicy] = attrs.Factory(dict[str, ScalingPolicy])

    def context(self) -> ScalableTargetContext:
        """Return the target with its policies and the related resources."""
        policies = tuple(policy.spec for policy in self.policies.values())
        return self.source.context(self.state.spec, policies)


def new_policy_state(
    target: ScalableTargetInternals,
    id: str,
    call: str,
    acknowledge: Mapping[str, str] | None,
    site: CallSite | None,
) -> ResourceState[ScalingPolicySpec]:
    """Return the state of a new policy.

    Args:
        target: The target of the policy.
        id: Id of the policy among those of the target.
        call: The call, as messages name it.
        acknowledge: Reasons by the id of the rule whose findings are acknowledged.
        site: Place of the call.

    Raises:
        EndpointConfigError: The target already has a policy of this id.
    """
    if id in target.policies:
        violation = Violation(
            path=("policy_name",),
            got=id,
            sentence=f"{call} adds a second policy {id!r} to {target.source.label}",
            fix="Pass all options of a policy in one call, and give each policy of "
            "scale_on_metric() and scale_on_steps() a different name.",
        )
        target.state.raise_call_error(GIVEN_TWICE, violation, call, site)
    scope = ConstructScope(target.construct, id)
    state = ResourceState(POLICY, scope, (), site, target.validation.profile)
    state.acknowledge(acknowledge, site)
    state.supplied_parts = (SuppliedPart((), call, None, site),)
    return state


def add_policy(  # noqa: PLR0913 - the parts of a policy
    target: ScalableTargetInternals,
    id: str,
    state: ResourceState[ScalingPolicySpec],
    *,
    policy_type: PolicyType,
    configuration: Mapping[str, Any],
    supplied_parts: Sequence[SuppliedPart],
    policy_name: str | None = None,
    own_metrics: Iterable[Path] = (),
) -> ScalingPolicy:
    """Create a policy from a state of `new_policy_state`.

    Args:
        target: The target of the policy.
        id: Id of the policy among those of the target.
        state: State of the policy.
        policy_type: Type of the policy.
        configuration: Configuration, by its member of the policy's spec.
        supplied_parts: Arguments of the call.
        policy_name: Name of the policy; by default one from the construct path.
        own_metrics: Paths of the tracked metrics that belong to the scaled resource.

    Raises:
        EndpointConfigError: The policy violates a rule.
    """
    state.update(
        supplied_parts,
        policy_name=_policy_name(target.path, id) if policy_name is None else policy_name,
        policy_type=policy_type.value,
        scaling_target_id=target.resource.ref,
        **configuration,
    )
    own = frozenset(own_metrics)

    def context() -> ScalingPolicyContext:
        return ScalingPolicyContext(policy=state.spec, target=target.context(), own_metrics=own)

    part = state.supplied_parts[0]
    state.check_in_context(context(), part.argument, part.site, state.supplied_parts)
    state.context = context
    policy = target.policies[id] = ScalingPolicy(target.construct, id, state)
    target.validation.add(policy)
    return policy


def named_part(call: str, policy_name: str | None, site: CallSite | None) -> SuppliedPart:
    """Return the name of a policy as the call supplied it."""
    return SuppliedPart(("policy_name",), f"{call}.policy_name", policy_name, site)


def _policy_name(path: str, id: str) -> str:
    """Return a policy name that differs for each construct path.

    Application Auto Scaling needs different names only for the policies of one target. But where a
    policy moves in the app and keeps its name, CloudFormation first updates the policy of that
    name, and then deletes it with the old resource.
    """
    return f"{path.replace('/', '-')}-{id}"[-_MAX_NAME_LENGTH:]
