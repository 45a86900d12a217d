"""The endpoint: a typed shell around ``CfnEndpoint``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk.aws_sagemaker import CfnEndpoint
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.convert import tag_list
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.context import config_of, endpoint_context, has_multi_model
from cdk_epc.endpoint.imported import Importing, in_arn
from cdk_epc.endpoint.retain import Retain, is_retaining, not_retained
from cdk_epc.endpoint.rollback_alarms import (
    ROLLBACK,
    NamedAlarm,
    has_alarms,
    hold_alarms,
    refuse_cycles,
)
from cdk_epc.endpoint.summary import summary_of
from cdk_epc.endpoint.variant import EndpointVariant
from cdk_epc.endpoint_config.construct import EndpointConfig
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.permissions.role_permissions import Permission
from cdk_epc.rules.call_errors import VARIANT_UNKNOWN
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import EndpointKind, EndpointSpec, endpoint_kind_of
from cdk_epc.spec.patterns import NAME_LENGTH
from cdk_epc.spec.unresolved import ReferenceToken, is_unresolved
from cdk_epc.spec.wire import l1_value, to_l1_arguments

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_sagemaker import IEndpointConfigRef

    Config: TypeAlias = IEndpointConfigRef | str

    from cdk_epc import spec as specs
    from cdk_epc.constructs.convert import Location
    from cdk_epc.endpoint.deployment import Deployment
    from cdk_epc.endpoint.rollback_alarms import RollbackAlarm
    from cdk_epc.rules import Profile, Rule


def config_name(config: Any) -> str:  # noqa: ANN401 - told apart by what it offers
    """The name of a configuration: as it is, an attribute of the L1 or L2, or the end of its ARN.

    SageMaker writes the name in lower case in an ARN; by name it is found all the same.
    """
    if isinstance(config, str):
        return config
    for attribute in ("attr_endpoint_config_name", "endpoint_config_name"):
        if isinstance(name := getattr(config, attribute, None), str):
            return ReferenceToken(name)
    if has_member(config, "endpoint_config_ref"):
        arn = config.endpoint_config_ref.endpoint_config_arn
        return ReferenceToken(cdk.Arn.extract_resource_name(arn, "endpoint-config"))
    raise ArgumentTypeError(
        config,
        "a configuration (IEndpointConfigRef) or its name",
        "Give the EndpointConfig construct itself.",
    )


ENDPOINT: Final = ResourceType(
    spec=EndpointSpec,
    arguments={
        "endpoint_name": "endpoint_name",
        "endpoint_config_name": "endpoint_config",
        "deployment_config": "deployment",
        "deployment_config.auto_rollback_configuration": "rollback_alarms",
        "retain_all_variant_properties": "retain",
        "exclude_retained_variant_properties": "retain",
        "retain_deployment_config": "retain_deployment_config",
        "tags": "tags",
    },
    converters={
        "endpoint_config_name": config_name,
        "retain_all_variant_properties": is_retaining,
        "exclude_retained_variant_properties": not_retained,
        "tags": tag_list,
    },
    is_complete_at_construction=True,
)
"""An endpoint."""


class Deploying(CheckedResource[EndpointSpec, CfnEndpoint]):
    """An endpoint with the variants that it runs, and what its updates are rolled back for.

    Attributes:
        config: Its configuration, if that is an `EndpointConfig` of this app.
    """

    config: EndpointConfig | None
    _describing: iam.PolicyStatement | None
    _is_named_if_needed: bool

    @property
    def variants(self) -> tuple[EndpointVariant, ...]:
        """The variants as they run, production first; none if the configuration is not known."""
        if self.config is None:
            return ()
        return tuple(EndpointVariant(self._itself, each) for each in self.config.variants)

    def roll_back_on(self, *alarms: RollbackAlarm) -> None:
        """Roll an update back as soon as one of these alarms goes off.

        An alarm on one of the endpoint's own metrics would wait for the endpoint, and the endpoint
        for the alarm. So an endpoint without a name is named here, after its place in the app, if
        one of the alarms is made by this app; and `name_in_metrics`, which every ``metric_...`` of
        the endpoint has as its dimension, is that name from then on, also in alarms that are older
        than this call.

        The name is part of the resource: CloudFormation replaces an endpoint that was deployed
        without one. An endpoint with a ``deployment`` has one from the start; otherwise give
        ``endpoint_name``, or the rollback alarms.

        The execution roles that are known as constructs are allowed to look at the alarms, and the
        endpoint waits for that.

        Args:
            *alarms: Alarms, composite ones too, or the names of alarms of the stack's own account
                and region. All in all an endpoint takes 10.

        Raises:
            EndpointConfigError: They are too many, or something else, or one has a reference to the
                endpoint as its dimension.
        """
        site = CallSite.current()
        refuse_cycles(self, alarms, "roll_back_on()", site)
        self._look_at(hold_alarms(self._state, self._itself, alarms, "roll_back_on()", site))
        self._resource.deployment_config = l1_value(self.spec.deployment_config)

    def __str__(self) -> str:
        """The endpoint on a few lines."""
        return summary_of(self)

    def note_scaling(self, variant: VariantHandle) -> None:  # noqa: ARG002 - the endpoint retains as a whole
        """Retain what scaling has come to, unless it was said what to retain.

        Called for each variant that becomes scaled; see `Retain`.
        """
        if self.spec.retain_all_variant_properties is not None:
            return
        default = Retain.instance_counts()
        changes = {
            "retain_all_variant_properties": is_retaining(default),
            "exclude_retained_variant_properties": not_retained(default),
        }
        self._state.update([], **changes)
        for member, what in changes.items():
            setattr(self._resource, member, l1_value(what))

    @property
    def _itself(self) -> Endpoint:
        return cast("Endpoint", self)

    def _variant(self, variant: str | VariantHandle) -> EndpointVariant:
        found = [each for each in self.variants if _is_it(each, variant)]
        if not found:
            violation = _no_such(variant, [each.variant_name for each in self.variants])
            self._state.raise_call_error(VARIANT_UNKNOWN, violation, "variant", CallSite.current())
        return found[0]

    def _look_at(self, alarms: Iterable[NamedAlarm]) -> None:
        """Let the execution roles describe these, and name the endpoint if one may watch it."""
        alarms = tuple(alarms)
        if not alarms:
            return
        if any(is_unresolved(each.name) for each in alarms):
            self._take_a_name()
        if self._describing is None:
            self._describing = self._described()
        self._describing.add_resources(*(each.arn for each in alarms))

    def _described(self) -> iam.PolicyStatement:
        """The statement of a policy that only the endpoint waits for.

        A model waits for the default policy of its role. The alarms may refer to the configuration,
        which refers to the model, so that policy must not refer to the alarms.
        """
        statement = iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"])
        if self.config is None:
            return statement
        policy = iam.Policy(self._itself, "RollbackAlarms", statements=[statement])
        self._resource.node.add_dependency(policy)
        key = ("describes alarms", self.node.path)
        need = Permission(key, lambda role: role.attach_inline_policy(policy))
        self.config.role_permissions.add_permissions([need])
        return statement

    def _take_a_name(self) -> None:
        """Have a name that is known at synth, if there is none yet that refers to nothing."""
        if self.spec.endpoint_name is not None:
            return
        name = (
            self._itself._generate_physical_name()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
            if self._is_named_if_needed
            else cdk.Names.unique_resource_name(self._itself, max_length=NAME_LENGTH, separator="-")
        )
        self._state.update([], endpoint_name=name)
        self._resource.endpoint_name = name


def _is_it(known: VariantHandle, variant: str | VariantHandle) -> bool:
    if isinstance(variant, VariantHandle):
        return variant.config is known.config and variant.place == known.place
    return variant == known.variant_name


def _no_such(variant: str | VariantHandle, names: Sequence[str]) -> Violation:
    if isinstance(variant, VariantHandle):
        variant = Words(f"{variant.variant_name!r} of another configuration")
    return Violation(
        path=("endpoint_config_name",),
        got=variant,
        must="be , ".join(map(repr, names)) or "none because the configuration is not known",
        fix="Name one of these, or add it to the configuration."
        if names
        else "Give the endpoint an EndpointConfig of this app; for metrics alone, "
        "MeasuredVariant(endpoint, name) will do.",
    )


class Endpoint(EndpointBase, Deploying, Importing):
    """What answers requests: a configuration that runs under a name.

    A new configuration is an update in place, carried out as ``deployment`` says. The endpoint
    waits for the policies of the execution roles of an `EndpointConfig`, and keeps them until it is
    gone.

    Attributes:
        config: Its configuration, if that is an `EndpointConfig` of this app.
    """

    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_config: Config,
        endpoint_name: str | None = None,
        deployment: Deployment | specs.DeploymentConfig | None = None,
        rollback_alarms: Sequence[RollbackAlarm] = (),
        retain: Retain | None = None,
        retain_deployment_config: bool | None = None,
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Run a configuration.

        Args:
            scope: Where it belongs.
            id: Its id there.
            endpoint_config: What it runs. Of an `EndpointConfig` of this app everything is known;
                of any other, or of a name, no more than that name.
            endpoint_name: A fixed name, which is the only thing that cannot change without a
                replacement. By default CloudFormation makes one, and for an endpoint with a
                ``deployment`` we do, after its place in the app, so that alarms can be on it.
            deployment: How updates are carried out; by default all traffic moves at once, and
                nothing waits.
            rollback_alarms: What an update is rolled back for; see `roll_back_on`. An endpoint that
                has alarms of this app, and no name, is named as with a ``deployment``.
            retain: What an update leaves as it is; by default the instance counts, once a variant
                scales, and otherwise nothing. See `Retain`.
            retain_deployment_config: Whether an update is carried out like the one before.
                CloudFormation sends ``deployment`` with each update, so this is only for an
                endpoint without it that others update, too, by the API.
            tags: Labels.
            rules: Rules of your own, checked in addition to ours.
            acknowledge: By the id of a rule, why its findings may stay as they are. They are kept,
                each with its reason, in ``acknowledged`` and in the template.
            profile: Whether warnings are errors; by default what the app's context says under
                ``cdk-epc:profile``, and without that they are not.

        Raises:
            EndpointConfigError: SageMaker would refuse this.
            ValueError: There is no such profile.
        """
        self._begin_calling()
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        self._internals = ConstructInternals(
            ResourceState(ENDPOINT, construct_scope, rules, site, validation.profile_of(profile))
        )
        self._state.acknowledge(acknowledge, site)
        self._is_named_if_needed = (
            is_unresolved(endpoint_name) and endpoint_name == cdk.PhysicalName.GENERATE_IF_NEEDED
        )
        given: dict[str, object] = {
            "endpoint_name": None if self._is_named_if_needed else endpoint_name,
            "endpoint_config_name": endpoint_config,
            "deployment_config": deployment,
            "retain_all_variant_properties": retain,
            "exclude_retained_variant_properties": retain,
            "retain_deployment_config": retain_deployment_config,
            "tags": tags,
        }
        # All that can be refused is refused before there is a construct, so that its id stays free.
        self._state.apply_arguments(given, site)
        alarms = hold_alarms(self._state, scope, rollback_alarms, "rollback_alarms", site)
        if not has_alarms(self.spec):  # so that what asks for some asks for the argument
            self._state.supplied_parts += (SuppliedPart(ROLLBACK, "rollback_alarms", (), site),)
        super().__init__(scope, id, physical_name=endpoint_name)
        construct_scope.construct = self
        properties = to_l1_arguments(self.spec)
        if self._is_named_if_needed:
            properties["endpoint_name"] = self._physical_name
        self._internals.resource = CfnEndpoint(self, "Resource", **properties)
        self._describing = None
        self._name_in_metrics: str | None = None
        if deployment is not None and endpoint_name is None:
            self._take_a_name()  # alarms go with a deployment, and a later name would replace it
        self.config = endpoint_config if isinstance(endpoint_config, EndpointConfig) else None
        if self.config is not None:
            self.config._endpoints.append(self)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
            self.config.role_permissions.wait(self._resource)  # alarms and targets need no role
        self._state.context = lambda: endpoint_context(self)
        self._look_at(alarms)
        if kept := self._state.acknowledgements.reasons:
            record_acknowledgements(self, self._resource, kept)
        validation.add(self)

    @property
    def endpoint_arn(self) -> str:
        """The ARN, which is what ``Ref`` gives."""
        return self._get_resource_arn_attribute(
            self._resource.attr_endpoint_arn,
            service="sagemaker",
            resource="endpoint",
            resource_name=in_arn(self._physical_name),
        )

    @property
    def endpoint_name(self) -> str:
        """The name, which callers send."""
        return self._get_resource_name_attribute(self._resource.attr_endpoint_name)

    @property
    def name_in_metrics(self) -> str:
        """The name as the dimension of a metric.

        The given name, or that which `roll_back_on` gives: neither is a reference to the endpoint,
        so that the endpoint can refer to an alarm on the metric. Otherwise a reference to the name
        that CloudFormation makes.
        """
        if self._name_in_metrics is None:
            name = self.spec.endpoint_name
            self._name_in_metrics = name or cdk.Lazy.uncached_string(_NameInMetrics(self))
        return self._name_in_metrics

    @property
    def hosting(self) -> EndpointKind | None:
        """The kind of endpoint, which decides what it publishes; ``None`` if that is not known."""
        return None if self.config is None else endpoint_kind_of(self.config.spec)

    @property
    def async_input(self) -> Location | None:
        """Where callers of an asynchronous endpoint put their requests, if that is known."""
        return None if self.config is None else self.config.async_input

    @property
    def is_multi_model(self) -> bool | None:
        """Whether a container loads models as they are asked for; ``None`` if nobody knows."""
        return has_multi_model(config_of(self.config))

    def variant(self, variant: str | VariantHandle) -> EndpointVariant:
        """A variant of the configuration, as it runs.

        Args:
            variant: Its name, or its handle.

        Raises:
            EndpointConfigError: The configuration has no such variant, or is not of this app.
        """
        return self._variant(variant)


@jsii.implements(cdk.IStringProducer)
class _NameInMetrics:
    """Produces the name when the template is written, when all is known."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002 - the interface's
        return self._endpoint.spec.endpoint_name or self._endpoint.endpoint_name
