"""Construct of an inference component, around the L1 ``CfnInferenceComponent``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from aws_cdk.aws_sagemaker import CfnInferenceComponent
from constructs import Construct

from cdk_epc.autoscaling.scalable_source import AutoScaleArguments
from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_signature import arguments_inside, reports_wrong_arguments
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import ConstructScope, stack_of
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.grants import EndpointGrants
from cdk_epc.endpoint.rollback_alarms import AlarmReference, add_rollback_alarms
from cdk_epc.inference_component.assets import create_assets, with_asset_bindings
from cdk_epc.inference_component.base import (
    ImportedInferenceComponent,
    InferenceComponentBase,
    arn_of_name,
    name_of_arn,
)
from cdk_epc.inference_component.context import (
    InferenceComponentInternals,
    add_dependency,
    add_model_readers,
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
from cdk_epc.inference_component.logical_id import ComponentIdentity
from cdk_epc.inference_component.own_model import create_models, with_own_models
from cdk_epc.inference_component.scaling import find_scalable_copies, scale_copies
from cdk_epc.inference_component.specification import (
    DefaultSpecification,
    is_set,
    specifications_of,
)
from cdk_epc.permissions import RolePermissions, feature_permissions
from cdk_epc.spec import InferenceComponentSpec
from cdk_epc.spec.context import InferenceComponentContext
from cdk_epc.spec.wire import l1_value, to_l1_arguments

if TYPE_CHECKING:
    from cdk_epc.autoscaling import ScalableCopies
    from cdk_epc.constructs.convert import ModelOrName
    from cdk_epc.endpoint.rollback_alarms import AlarmOrName
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.inference_component.convert import ComponentOrName, EndpointOrName
    from cdk_epc.inference_component.specification import (
        ComponentContainer,
        InstanceTypeSpecification,
    )
    from cdk_epc.inference_component.values import (
        ComponentDeployment,
        ComponentScheduling,
        ComponentStartup,
        ComputeRequirements,
    )
from cdk_epc.monitoring.resource_facts import Copies, copies_of
from cdk_epc.rules import Profile, Rule

COMPONENT: Final = ResourceType(
    spec=InferenceComponentSpec,
    arguments={
        "inference_component_name": "inference_component_name",
        "endpoint_name": "endpoint",
        "variant_name": "variant",
        "specification": "",  # its members are arguments of the constructor
        "specifications": "specifications",
        "runtime_config": "copies",
        "deployment_config": "deployment",
        "deployment_config.auto_rollback_configuration": "rollback_alarms",
        "deployment_config.rolling_update_policy": "deployment",
        "tags": "tags",
    },
    context=InferenceComponentContext,
    list_members=frozenset({"specifications"}),
    converters={
        "endpoint_name": endpoint_name,
        "variant_name": variant_name,
        "runtime_config": runtime_config,
        "tags": component_tags,
    },
    is_complete_at_construction=True,
)
"""Resource type of an inference component."""


_INNER_ARGUMENTS: Final = {
    **arguments_inside("container", "ComponentContainer", ("image", "artifact", "environment")),
    "artifact_url": "container=ComponentContainer(artifact=...)",
    "base_inference_component_name": "base_component",
    "compute_resource_requirements": "compute",
    "data_cache_config": "cache",
    "model_name": "model",
    "scheduling_config": "scheduling",
    "startup_parameters": "startup",
    "accelerators": "compute=ComputeRequirements(accelerators=...)",
    "min_memory": "compute=ComputeRequirements(min_memory=...)",
}
"""Arguments, or code to write, for members of the specification and of its parts."""


class InferenceComponent(
    InferenceComponentBase, CheckedResource[InferenceComponentSpec, CfnInferenceComponent]
):
    """Inference component: a model on the instances of an endpoint, which several models share.

    The endpoint's configuration has variants without a model (``add_inference_component_variant``)
    and an execution role. SageMaker runs the component with that role, so that the role gets the
    permissions for the image and the artifact of the component.

    SageMaker updates a component in place, except for its endpoint, variant and name. These are a
    part of its logical id and of its generated name: a change creates another component, and then
    CloudFormation deletes the old one. With a fixed name, change the name too, because SageMaker
    refuses a new component while the old one has the same name.
    """

    _internals: InferenceComponentInternals

    @reports_wrong_arguments(lambda: {**COMPONENT.arguments, **_INNER_ARGUMENTS})
    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        endpoint: EndpointOrName,
        variant: VariantHandle | str | None = None,
        inference_component_name: str | None = None,
        model: ModelOrName | None = None,
        container: ComponentContainer | None = None,
        compute: ComputeRequirements | None = None,
        startup: ComponentStartup | None = None,
        cache: bool | None = None,
        scheduling: ComponentScheduling | None = None,
        base_component: ComponentOrName | None = None,
        specifications: Sequence[InstanceTypeSpecification] = (),
        copies: int | None = None,
        deployment: ComponentDeployment | None = None,
        rollback_alarms: Iterable[AlarmOrName] = (),
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Create a component on an endpoint.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in the scope.
            endpoint: The endpoint, or its name.
            variant: Variant on whose instances the component runs, or its name; by default the only
                variant of the endpoint's configuration, if that is known. Not for an adapter.
            inference_component_name: Fixed name, 63 letters, digits and inner hyphens at most; by
                default a name from the construct path.
            model: The model, or its name. The role, the network and the network isolation are those
                of the endpoint's configuration. Pass this or ``container``.
            container: Container with image, artifact and environment; for an adapter with the
                artifact only. Artifacts other than one archive become a model, which has the role,
                the network and the network isolation of the endpoint's configuration.
            compute: Compute resources of each copy; not for an adapter.
            startup: Time limits for the start of a copy.
            cache: Whether each instance caches the image and the artifact, so that copies start
                faster. SageMaker always does so on instances with more than 232 GiB of local
                storage.
            scheduling: Placement of the copies; SageMaker chooses it by default.
            base_component: Base of an adapter, which runs in the container and on the compute
                resources of its base.
            specifications: Specifications for 2 to 5 instance types, in place of the seven
                arguments before, if the variant has pools of several instance types.
            copies: Number of copies at the start, 1 or more; 1 by default, none for an adapter. Do
                not change it while the copies are scaled, because a change resets their number.
            deployment: Deployment policy of updates.
            rollback_alarms: Alarms that roll an update back; see `roll_back_on`. They require
                ``deployment``.
            tags: Tags of the resource, none with an empty value.
            rules: Custom rules, which apply in addition to the rules of this library.
            acknowledge: Reasons by the id of the rule whose findings are acknowledged.
            profile: Strictness; by default the profile in the app's context (``cdk-epc:profile``),
                otherwise `Profile.DEFAULT`.

        Raises:
            EndpointConfigError: SageMaker would refuse the component, and no later call can fix it.
            ValueError: The profile is unknown.
        """
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        profile = validation.profile_of(profile)
        state = ResourceState(COMPONENT, construct_scope, rules, site, profile)
        state.acknowledge(acknowledge, site)
        default = DefaultSpecification(
            model=model,
            container=container,
            compute=compute,
            startup=startup,
            cache=cache,
            scheduling=scheduling,
            base_component=base_component,
        )
        part = SuppliedPart(("specifications",), "specifications", specifications, site)
        by_type = state.convert(part, specifications_of)
        given = with_own_models([default, *by_type], endpoint)
        bound, *bound_by_type = with_asset_bindings(given, scope)
        self._internals = InferenceComponentInternals(
            state=state, host=endpoint, base=base_component, specifications=[bound, *bound_by_type]
        )
        is_adapter = base_component is not None
        arguments: dict[str, object] = {
            "inference_component_name": inference_component_name,
            "endpoint_name": endpoint,
            "variant_name": only_variant(endpoint)
            if variant is None and not is_adapter
            else variant,
            "specification": bound if is_set(default) else None,
            "specifications": bound_by_type,
            "runtime_config": 1 if copies is None and not is_adapter else copies,
            "deployment_config": deployment,
            "tags": tags,
        }
        state.context_at_call = self._internals.context_at_call
        # Violations are raised before the construct exists, so that its id stays unused.
        state.apply_arguments(arguments, site)
        alarms = add_rollback_alarms(state, scope, rollback_alarms, "rollback_alarms", site)
        super().__init__(scope, id, physical_name=inference_component_name)
        construct_scope.construct = self
        self._internals.specifications = create_models(self, [bound, *bound_by_type], profile)
        self._alarm_permissions: RolePermissions | None = None
        state.context = self._internals.context
        self._identity = ComponentIdentity(
            self,
            endpoint=endpoint,
            names=(self.spec.variant_name, base_name(self.spec)),
            fixed_name=self.spec.inference_component_name,
        )
        properties: dict[str, Any] = {
            **to_l1_arguments(self.spec),
            "inference_component_name": self._identity.name,
        }
        self._internals.resource = CfnInferenceComponent(self, "Resource", **properties)
        self._identity.override_logical_id(self._internals.resource)
        self._add_dependencies()
        self._allow_alarms(alarms)
        if state.acknowledgements.reasons:
            record_acknowledgements(self, self._internals.resource, state.acknowledgements.reasons)
        validation.add(self)

    @staticmethod
    def from_inference_component_arn(
        scope: Construct,
        id: str,
        inference_component_arn: str,
        *,
        endpoint: EndpointBase | None = None,
    ) -> InferenceComponentBase:
        """Import a component of another app by its ARN.

        Args:
            scope: Scope of the reference.
            id: Id of the reference in the scope.
            inference_component_arn: ARN of the component.
            endpoint: Endpoint that hosts the component, which grants to callers need.
        """
        name = name_of_arn(inference_component_arn)
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
        """Import a component of the stack's account and region by its name.

        Args:
            scope: Scope of the reference.
            id: Id of the reference in the scope.
            inference_component_name: Name of the component.
            endpoint: Endpoint that hosts the component, which grants to callers need.
        """
        arn = arn_of_name(scope, inference_component_name)
        return ImportedInferenceComponent(
            scope, id, arn=arn, name=inference_component_name, endpoint=endpoint
        )

    @property
    def inference_component_arn(self) -> str:
        """ARN of the component, a ``Ref``."""
        return self._get_resource_arn_attribute(
            self._internals.resource.ref,
            service="sagemaker",
            resource=RESOURCE,
            resource_name=self._physical_name,
        )

    @property
    def inference_component_name(self) -> str:
        """Name of the component, which callers pass to SageMaker.

        It is a reference, so that a resource with the name depends on the component.
        """
        return self._get_resource_name_attribute(name_of_arn(self._internals.resource.ref))

    @property
    def name_in_metrics(self) -> str:
        """Name of the component as the value of the dimension ``InferenceComponentName``.

        It is not a reference to the component, so that the component can refer to an alarm on the
        metric. A generated name comes from the construct path.
        """
        return self._identity.name

    def _copies(self) -> Copies:
        return copies_of(self._internals.context())

    @property
    def endpoint(self) -> EndpointBase | None:
        """Endpoint that hosts the component, if it is a construct of this library."""
        host = self._internals.host
        return host if isinstance(host, EndpointBase) else None

    @property
    def variant_name(self) -> str | None:
        """Name of the component's variant; ``None`` if it is neither given nor known."""
        return self.spec.variant_name

    @property
    def scaling(self) -> ScalableCopies | None:
        """Scalable target that `auto_scale` returned; ``None`` before that call."""
        return find_scalable_copies(self)

    @reports_wrong_arguments()
    def auto_scale(
        self,
        min_capacity: int,
        max_capacity: int,
        *,
        scale_from_zero: bool | None = None,
        acknowledge: Mapping[str, str] | None = None,
    ) -> ScalableCopies:
        """Scale the copies of the component, by the policies of the returned target.

        Args:
            min_capacity: Minimum number of copies, 0 or more. At 0 requests fail until there is a
                copy again, because SageMaker has no queue for them.
            max_capacity: Maximum number of copies.
            scale_from_zero: Whether a request that fails because there is no copy starts one; by
                default if the copies can scale to 0. No other policy scales from 0.
            acknowledge: Reasons by the id of the rule whose findings are acknowledged.

        Raises:
            EndpointConfigError: SageMaker cannot scale the copies between these numbers, or the
                component is scaled already.
        """
        arguments = AutoScaleArguments(
            min_capacity=min_capacity,
            max_capacity=max_capacity,
            scale_from_zero=scale_from_zero,
            acknowledge=acknowledge,
        )
        scalable, self._internals.scaled = scale_copies(self, arguments)
        return scalable

    def roll_back_on(self, *alarms: AlarmOrName) -> None:
        """Roll an update back as soon as one of these alarms is in the ALARM state.

        Alarms on metrics of the component itself are allowed, because their dimension is a name and
        not a reference. The execution role of the endpoint's configuration gets permission to
        describe the alarms, and the component depends on that permission.

        Args:
            *alarms: Alarms, composite alarms, or names of alarms of the stack's account and region;
                or the `RecommendedAlarms`, of which those for a rollback are taken. A component can
                have 10 alarms in total.

        Raises:
            EndpointConfigError: A value is not an alarm, there are too many alarms, or the
                component has no deployment policy.
        """
        internals, site = self._internals, CallSite.current()
        new = add_rollback_alarms(internals.state, self, alarms, "roll_back_on()", site)
        if new:
            internals.resource.deployment_config = l1_value(self.spec.deployment_config)
            self._allow_alarms(new)

    def _allow_alarms(self, alarms: Sequence[AlarmReference]) -> None:
        """Grant the execution role permission to describe alarms.

        The policy is separate, and only the component depends on it: other resources depend on the
        role's default policy, and an alarm can refer to these resources.
        """
        roles = self._internals.roles
        if not alarms or not roles:
            return
        if self._alarm_permissions is None:
            scope = Construct(self, "RollbackAlarms")
            self._alarm_permissions = RolePermissions(scope, separate=True)
            self._alarm_permissions.wait(self._internals.resource)
        for role in roles:
            self._alarm_permissions.add_role(role)
        arns = [each.arn for each in alarms]
        self._alarm_permissions.add_permissions(
            [feature_permissions.cloudwatch_describe_alarms(arns)]
        )

    def _add_dependencies(self) -> None:
        """Create the assets, grant access to them, and add the dependencies of the L1."""
        internals = self._internals
        permissions = RolePermissions(self)
        permissions.wait(internals.resource)
        for role in internals.roles:
            permissions.add_role(role)
            add_model_readers(internals.specifications, role)
        for specification in internals.specifications:
            permissions.add_permissions(create_assets(specification, self))
        add_dependency(internals.resource, internals.host)
        if (endpoint := self.endpoint) is not None:
            EndpointGrants.of(endpoint).add_component(self)
        add_dependency(internals.resource, internals.base)

    @property
    def _endpoint_arn(self) -> str | None:
        """ARN of an endpoint that is not a construct of this library."""
        host = self._internals.host
        if not isinstance(host, str):
            return host.endpoint_ref.endpoint_arn
        name, stack = endpoint_name(host), stack_of(self)
        return stack.format_arn(service="sagemaker", resource="endpoint", resource_name=name)
