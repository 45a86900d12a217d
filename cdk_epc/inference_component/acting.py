"""What can be done with a component once it is there.

This is kept out of `InferenceComponent` itself: for each construct jsii looks through every name of
each class before CDK's own, and this one comes after.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from constructs import Construct

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.checked_resource import Drafted
from cdk_epc.endpoint.rollback_alarms import NamedAlarm, hold_alarms
from cdk_epc.inference_component.assets import completed
from cdk_epc.inference_component.context import (
    component_in_place,
    depend_on,
    read_by,
    roles_of,
)
from cdk_epc.permissions import Access
from cdk_epc.permissions import feature_permissions as needs
from cdk_epc.spec import InferenceComponentSpec
from cdk_epc.spec.wire import l1_value

if TYPE_CHECKING:
    from aws_cdk.aws_sagemaker import CfnInferenceComponent

    from cdk_epc.endpoint.rollback_alarms import RollbackAlarm
    from cdk_epc.inference_component.construct import InferenceComponent
    from cdk_epc.inference_component.convert import AnyComponent, AnyEndpoint
    from cdk_epc.inference_component.logical_id import Identity
    from cdk_epc.spec.context import InferenceComponentInPlace, ScalableTargetInPlace


class Acting(Drafted[InferenceComponentSpec]):
    """A component with what updates are rolled back for, and who may call it."""

    _resource: CfnInferenceComponent
    _host: AnyEndpoint
    _base: AnyComponent | None
    _running: list[Any]
    _scaled: ScalableTargetInPlace | None
    _identity: Identity
    _describing: Access | None

    def roll_back_on(self, *alarms: RollbackAlarm) -> None:
        """Roll an update back as soon as one of these alarms goes off.

        Alarms on the component's own metrics may be among them: they know it by a name that is no
        reference, so neither waits for the other. The execution role of the endpoint's
        configuration is allowed to look at the alarms, and the component waits for that.

        Args:
            *alarms: Alarms, composite ones too, or the names of alarms of the stack's own account
                and region. All in all a component takes 10.

        Raises:
            EndpointConfigError: They are too many, or something else, or there is no deployment
                that they could stop.
        """
        itself = cast("InferenceComponent", self)
        if held := hold_alarms(self._draft, itself, alarms, "roll_back_on()", CallSite.current()):
            self._resource.deployment_config = l1_value(self.spec.deployment_config)
            self._describe(held)

    def _describe(self, alarms: Iterable[NamedAlarm]) -> None:
        """Let the execution role look at these, in a policy that only the component waits for.

        Others wait for the role's own policy, and an alarm may refer to them.
        """
        arns = [each.arn for each in alarms]
        roles = roles_of(self._host)
        if not arns or not roles:
            return
        if self._describing is None:
            scope = Construct(cast("InferenceComponent", self), "RollbackAlarms")
            self._describing = Access(scope, apart=True)
            self._describing.wait(self._resource)
        for role in roles:
            self._describing.add_role(role)
        self._describing.add_needs([needs.describes_alarms(arns)])

    def _settle(self) -> None:
        """Make the assets, grant what they take, and wait for whatever has to be there first."""
        itself = cast("InferenceComponent", self)
        access = Access(itself)
        access.wait(self._resource)
        for role in roles_of(self._host):
            access.add_role(role)
            read_by(self._running, role)
        for each in self._running:
            access.add_needs(completed(each, itself))
        depend_on(self._resource, self._host)
        if (endpoint := itself.endpoint) is not None:
            endpoint.note_component(itself)
        depend_on(self._resource, self._base)

    def _in_place(self) -> InferenceComponentInPlace:
        return component_in_place(self._draft, self._host, self._base, self._running, self._scaled)
