"""The component: a typed shell around ``CfnInferenceComponent``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnInferenceComponent
from constructs import Construct

from cdk_epc.autoscaling import CopyScaling
from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.rollback_alarms import NamedAlarm, hold_alarms
from cdk_epc.inference_component.assets import completed, placed_in
from cdk_epc.inference_component.base import (
    ImportedInferenceComponent,
    InferenceComponentBase,
    arn_of,
    name_in,
)
from cdk_epc.inference_component.context import (
    component_context,
    depend_on,
    read_by,
    roles_of,
)
from cdk_epc.inference_component.convert import (
    RESOURCE,
    base_name,
    component_tags,
    endpoint_name,
    only_variant,
    runtime_config,
    variant_name,
)
from cdk_epc.inference_component.logical_id import Identity
from cdk_epc.inference_component.specification import RunningAnywhere, is_said, specifications_of
from cdk_epc.permissions import RolePermissions, feature_permissions
from cdk_epc.spec import InferenceComponentSpec
from cdk_epc.spec.wire import l1_value, to_l1_arguments

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import Model
    from cdk_epc.endpoint.rollback_alarms import RollbackAlarm
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.inference_component.convert import AnyComponent, AnyEndpoint
    from cdk_epc.inference_component.specification import ComponentContainer, RunningOn
    from cdk_epc.inference_component.values import (
        ComponentDeployment,
        ComponentScheduling,
        ComponentStartup,
        ComputeRequirements,
    )
    from cdk_epc.rules import Profile, Rule
    from cdk_epc.spec.context import InferenceComponentContext, ReferencedTarget


COMPONENT: Final = ResourceType(
    spec=InferenceComponentSpec,
    arguments={
        "inference_component_name": "inference_component_name",
        "endpoint_name": "endpoint",
        "variant_name": "variant",
        "specification": "",  # whose members are arguments themselves
        "specifications": "specifications",
        "runtime_config": "copies",
        "deployment_config": "deployment",
        "deployment_config.auto_rollback_configuration": "rollback_alarms",
        "deployment_config.rolling_update_policy": "deployment",
        "tags": "tags",
    },
    list_members=frozenset({"specifications"}),
    converters={
        "endpoint_name": endpoint_name,
        "variant_name": variant_name,
        "runtime_config": runtime_config,
        "tags": component_tags,
    },
    is_complete_at_construction=True,
)
"""An inference component."""


class Acting(CheckedResource[InferenceComponentSpec, CfnInferenceComponent]):
    """A component with what updates are rolled back for, and who may call it."""

    _host: AnyEndpoint
    _base: AnyComponent | None
    _running: list[Any]
    _scaled: ReferencedTarget | None
    _identity: Identity
    _describing: RolePermissions | None

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
        if held := hold_alarms(self._state, itself, alarms, "roll_back_on()", CallSite.current()):
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
            self._describing = RolePermissions(scope, separate=True)
            self._describing.wait(self._resource)
        for role in roles:
            self._describing.add_role(role)
        self._describing.add_permissions([feature_permissions.cloudwatch_describe_alarms(arns)])

    def _settle(self) -> None:
        """Make the assets, grant what they take, and wait for whatever has to be there first."""
        itself = cast("InferenceComponent", self)
        access = RolePermissions(itself)
        access.wait(self._resource)
        for role in roles_of(self._host):
            access.add_role(role)
            read_by(self._running, role)
        for each in self._running:
            access.add_permissions(completed(each, itself))
        depend_on(self._resource, self._host)
        if (endpoint := itself.endpoint) is not None:
            endpoint.note_component(itself)
        depend_on(self._resource, self._base)

    def _context(self) -> InferenceComponentContext:
        return component_context(self._state, self._host, self._base, self._running, self._scaled)


class InferenceComponent(InferenceComponentBase, Acting, CopyScaling):
    """A model on the instances of an endpoint, beside others, with a share of its own.

    The endpoint comes from a configuration whose variants name no model
    (``add_inference_component_variant``) and which has an execution role: that one runs the
    component, so it is what is granted here whatever the component's image and artifact take.

    SageMaker updates everything of a component in place but three things: its endpoint, its variant
    and its name. So these are in its logical id, and in the name that is made where none is given:
    who changes one of them gets another component, which is made before the old one is deleted.
    With a name of your own, change it, too: the new component is made first, and SageMaker refuses
    it while the old one has the name.
    """

    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        endpoint: AnyEndpoint,
        variant: VariantHandle | str | None = None,
        inference_component_name: str | None = None,
        model: Model | None = None,
        container: ComponentContainer | None = None,
        compute: ComputeRequirements | None = None,
        startup: ComponentStartup | None = None,
        cache: bool | None = None,
        scheduling: ComponentScheduling | None = None,
        base_component: AnyComponent | None = None,
        specifications: Sequence[RunningOn] = (),
        copies: int | None = None,
        deployment: ComponentDeployment | None = None,
        rollback_alarms: Iterable[RollbackAlarm] = (),
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Place a model on an endpoint.

        Args:
            scope: Where it belongs.
            id: Its id there.
            endpoint: The endpoint, or its name.
            variant: The variant whose instances it is placed on, or its name; by default the only
                one of the endpoint's configuration, where that is known. An adapter has none.
            inference_component_name: Its name, at most 63 letters, digits and inner hyphens; by
                default one after its place in the app.
            model: The model, or its name. Its role, network and isolation are those of the
                endpoint's configuration. Either this or a container.
            container: A container of its own: image, artifact, environment. For an adapter the
                artifact alone.
            compute: What each copy takes of an instance; nothing for an adapter.
            startup: How long a copy may take to start.
            cache: Whether each instance keeps the image and the artifact, so that copies start
                faster. SageMaker does so anyway where an instance has more than 232 GiB of local
                storage.
            scheduling: Where copies are placed; SageMaker decides by default.
            base_component: The component that this one is an adapter of. It runs in the container
                and on the compute of that one.
            specifications: In place of the seven before: what to run on each instance type, 2 to 5
                of them, where the variant has pools of several types.
            copies: How many there are to begin with, 0 or more; 1 by default, and none is said for
                an adapter. Where copies are scaled, leave this as it is: a change sets the number
                back to it.
            deployment: How updates are carried out.
            rollback_alarms: What updates are rolled back for, as `roll_back_on` takes it. With a
                deployment.
            tags: Labels, none with an empty value.
            rules: Rules of your own, checked in addition to ours.
            acknowledge: By the id of a rule, why its findings may stay as they are.
            profile: Whether warnings are errors; by default what the app's context says.

        Raises:
            EndpointConfigError: SageMaker would refuse this, whatever is called later.
            ValueError: There is no such profile.
        """
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        self._internals = ConstructInternals(
            ResourceState(COMPONENT, construct_scope, rules, site, validation.profile_of(profile))
        )
        self._state.acknowledge(acknowledge, site)
        running = RunningAnywhere(
            model=model,
            container=container,
            compute=compute,
            startup=startup,
            cache=cache,
            scheduling=scheduling,
            base_component=base_component,
        )
        listed = SuppliedPart(("specifications",), "specifications", specifications, site)
        specifications = self._state.convert(listed, specifications_of)
        self._running = placed_in([running, *specifications], scope)
        is_adapter = base_component is not None
        given: dict[str, object] = {
            "inference_component_name": inference_component_name,
            "endpoint_name": endpoint,
            "variant_name": only_variant(endpoint)
            if variant is None and not is_adapter
            else variant,
            "specification": self._running[0] if is_said(running) else None,
            "specifications": self._running[1:],
            "runtime_config": 1 if copies is None and not is_adapter else copies,
            "deployment_config": deployment,
            "tags": tags,
        }
        # All that can be refused is refused before there is a construct, so that its id stays free.
        self._state.apply_arguments(given, site)
        alarms = hold_alarms(self._state, scope, rollback_alarms, "rollback_alarms", site)
        super().__init__(scope, id, physical_name=inference_component_name)
        construct_scope.construct = self
        self._host, self._base = endpoint, base_component
        self._scaled, self._describing = None, None
        self._state.context = self._context
        self._identity = Identity(
            self,
            host=endpoint,
            names=(self.spec.variant_name, base_name(self.spec)),
            own=self.spec.inference_component_name,
        )
        properties: dict[str, Any] = {
            **to_l1_arguments(self.spec),
            "inference_component_name": self._identity.name,
        }
        self._internals.resource = CfnInferenceComponent(self, "Resource", **properties)
        self._identity.give_to(self._resource)
        self._settle()
        self._describe(alarms)
        if self._state.acknowledgements.reasons:
            record_acknowledgements(self, self._resource, self._state.acknowledgements.reasons)
        validation.add(self)

    @staticmethod
    def from_inference_component_arn(
        scope: Construct,
        id: str,
        inference_component_arn: str,
        *,
        endpoint: EndpointBase | None = None,
    ) -> InferenceComponentBase:
        """Refer to a component of another app by its ARN.

        Args:
            scope: Where the reference belongs.
            id: Its id there.
            inference_component_arn: The ARN.
            endpoint: The endpoint that hosts it; callers are granted on both.
        """
        name = name_in(inference_component_arn)
        return ImportedInferenceComponent(
            scope, id, arn=inference_component_arn, name=name, endpoint=endpoint
        )

    @staticmethod
    def from_inference_component_name(
        scope: Construct,
        id: str,
        inference_component_name: str,
        *,
        endpoint: EndpointBase | None = None,
    ) -> InferenceComponentBase:
        """Refer to a component of another app, of the stack's account and region, by its name.

        Args:
            scope: Where the reference belongs.
            id: Its id there.
            inference_component_name: The name.
            endpoint: The endpoint that hosts it; callers are granted on both.
        """
        arn = arn_of(scope, inference_component_name)
        return ImportedInferenceComponent(
            scope, id, arn=arn, name=inference_component_name, endpoint=endpoint
        )

    @property
    def inference_component_arn(self) -> str:
        """The ARN, which is what ``Ref`` gives."""
        return self._get_resource_arn_attribute(
            self._resource.ref,
            service="sagemaker",
            resource=RESOURCE,
            resource_name=self._physical_name,
        )

    @property
    def inference_component_name(self) -> str:
        """The name, which callers send.

        It is a reference: whatever has it waits for the component.
        """
        return self._get_resource_name_attribute(name_in(self._resource.ref))

    @property
    def name_in_metrics(self) -> str:
        """The name as the dimension of a metric: no reference to the component.

        So the component itself can refer to an alarm on the metric. Where no name was given, it is
        one after the component's place in the app.
        """
        return self._identity.name

    @property
    def endpoint(self) -> EndpointBase | None:
        """The endpoint that hosts it, if that is one of ours."""
        return self._host if isinstance(self._host, EndpointBase) else None

    @property
    def variant_name(self) -> str | None:
        """The name of the variant that it is placed on, if one was given or is the only one."""
        return self.spec.variant_name

    def _endpoint_arn(self) -> str:
        if not isinstance(self._host, str):
            return self._host.endpoint_ref.endpoint_arn
        name, stack = endpoint_name(self._host), cdk.Stack.of(self)
        return stack.format_arn(service="sagemaker", resource="endpoint", resource_name=name)
