"""A policy: by what a scalable target is scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk.aws_applicationautoscaling import CfnScalingPolicy
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.spec.scaling import ScalingPolicySpec
from cdk_epc.spec.wire import to_l1_arguments

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import CfnAlarm

    from cdk_epc.constructs.resource_state import ResourceState

_LONGEST: Final = 256
"""Of a policy's name (botocore, ``PolicyName``)."""


def named_after(path: str, id: str) -> str:
    """The name of a policy of the target at a path: another one for each place in the app.

    Names need to differ for one target only. But a policy that moved, and kept its name, would be
    taken away with the old one after the update.
    """
    return f"{path.replace('/', '-')}-{id}"[-_LONGEST:]


class ScalingPolicy(CheckedResource[ScalingPolicySpec, CfnScalingPolicy]):
    """By what a scalable target is scaled.

    Attributes:
        alarm: The alarm that sets it off, where it has one of its own. What tracks a target has
            alarms that Application Auto Scaling makes.
    """

    alarm: CfnAlarm | None

    def __init__(self, scope: Construct, id: str, state: ResourceState[ScalingPolicySpec]) -> None:
        """Make the policy that was drafted."""
        super().__init__(scope, id)
        self._internals = ConstructInternals(state)
        self.alarm = None
        state.scope.construct = self
        self._internals.resource = CfnScalingPolicy(self, "Resource", **to_l1_arguments(state.spec))
        if kept := state.acknowledgements.reasons:
            record_acknowledgements(self, self._resource, kept)

    @property
    def policy_arn(self) -> str:
        """The ARN, for alarms to set it off."""
        return self._resource.ref
