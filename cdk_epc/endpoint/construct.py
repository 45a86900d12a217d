"""Construct of an endpoint, around the L1 ``CfnEndpoint``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk.aws_sagemaker import CfnEndpoint
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_signature import reports_wrong_arguments
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.convert import tag_list
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.internals import ConstructInternals, internals_of
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.context import (
    config_context,
    endpoint_context,
    has_multi_model_container,
)
from cdk_epc.endpoint.imported import ImportedEndpoint, name_in_arn
from cdk_epc.endpoint.retain import excluded_properties, is_retaining
from cdk_epc.endpoint.rollback_alarms import (
    ROLLBACK,
    AlarmReference,
    add_rollback_alarms,
    check_no_cycle,
    has_rollback_alarms,
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

    ConfigOrName: TypeAlias = IEndpointConfigRef | str

    from cdk_epc import spec as specs
    from cdk_epc.constructs.convert import S3LocationOrUri
    from cdk_epc.endpoint.deployment import Deployment
    from cdk_epc.endpoint.retain import RetainedProperties
    from cdk_epc.endpoint.rollback_alarms import AlarmOrName
    from cdk_epc.rules import Profile, Rule


def _config_name(config: Any) -> str:  # noqa: ANN401 - duck typing
    """Return the name of a configuration: an attribute of the construct, or the end of its ARN.

    SageMaker writes the name in lower case in ARNs, and also finds the configuration by that.
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
        "an endpoint configuration (IEndpointConfigRef) or its name",
        "Pass the EndpointConfig construct itself.",
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
        "endpoint_config_name": _config_name,
        "retain_all_variant_properties": is_retaining,
        "exclude_retained_variant_properties": excluded_properties,
        "tags": tag_list,
    },
    is_complete_at_construction=True,
)
"""Resource type of an endpoint."""


class Endpoint(EndpointBase, CheckedResource[EndpointSpec, CfnEndpoint]):
    """Endpoint: a configuration that SageMaker runs under a name.

    CloudFormation updates the endpoint in place for a new configuration, in the way that
    ``deployment`` sets. The endpoint depends on the policies of the execution roles of an
    `EndpointConfig`, so that they exist before the endpoint and are deleted after it.

    Attributes:
        config: Configuration of the endpoint if it is an `EndpointConfig` of this app, else
            ``None``.
    """

    _internals: ConstructInternals[EndpointSpec, CfnEndpoint]

    @reports_wrong_arguments(lambda: ENDPOINT.arguments)
    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_config: ConfigOrName,
        endpoint_name: str | None = None,
        deployment: Deployment | specs.DeploymentConfig | None = None,
        rollback_alarms: Sequence[AlarmOrName] = (),
        retain: RetainedProperties | None = None,
        retain_deployment_config: bool | None = None,
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Create an endpoint.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in the scope.
            endpoint_config: Configuration, or its name. Metrics, scaling and most checks need an
                `EndpointConfig` of this app.
            endpoint_name: Fixed name; another name replaces the endpoint. By default CloudFormation
                generates one. An endpoint with ``deployment`` gets a name from its construct path,
                so that rollback alarms can have the name as a dimension.
            deployment: Deployment policy of updates; by default all traffic shifts at once, without
                a wait.
            rollback_alarms: Alarms that roll an update back; see `roll_back_on`. An endpoint with
                alarms of this app gets a name like one with ``deployment``.
            retain: Variant properties that an update keeps; by default the instance counts as soon
                as a variant is scaled, and otherwise none.
            retain_deployment_config: Whether an update is carried out with the deployment policy of
                the update before. CloudFormation sends ``deployment`` in each update, so that this
                is only for an endpoint without ``deployment`` that the API updates, too.
            tags: Tags of the resource.
            rules: Custom rules, which apply in addition to the rules of this library.
            acknowledge: Reasons by the id of the rule whose findings are acknowledged. The findings
                stay in ``acknowledged``, and the reasons in the template.
            profile: Strictness; by default the profile in the app's context (``cdk-epc:profile``),
                otherwise `Profile.DEFAULT`.

        Raises:
            EndpointConfigError: SageMaker would refuse the endpoint.
            ValueError: The profile is unknown.
        """
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        profile = validation.profile_of(profile)
        state = ResourceState(ENDPOINT, construct_scope, rules, site, profile)
        self._internals = ConstructInternals(state)
        state.acknowledge(acknowledge, site)
        self._is_named_if_needed = (
            is_unresolved(endpoint_name) and endpoint_name == cdk.PhysicalName.GENERATE_IF_NEEDED
        )
        arguments: dict[str, object] = {
            "endpoint_name": None if self._is_named_if_needed else endpoint_name,
            "endpoint_config_name": endpoint_config,
            "deployment_config": deployment,
            "retain_all_variant_properties": retain,
            "exclude_retained_variant_properties": retain,
            "retain_deployment_config": retain_deployment_config,
            "tags": tags,
        }
        # Violations are raised before the construct exists, so that its id stays unused.
        state.apply_arguments(arguments, site)
        alarms = add_rollback_alarms(state, scope, rollback_alarms, "rollback_alarms", site)
        if not has_rollback_alarms(self.spec):  # a finding about missing alarms names the argument
            state.supplied_parts += (SuppliedPart(ROLLBACK, "rollback_alarms", (), site),)
        super().__init__(scope, id, physical_name=endpoint_name)
        construct_scope.construct = self
        self._name: str | None = None
        properties = to_l1_arguments(self.spec)
        if self._is_named_if_needed:
            properties["endpoint_name"] = self._physical_name
        self._internals.resource = CfnEndpoint(self, "Resource", **properties)
        self._alarm_statement: iam.PolicyStatement | None = None
        self._name_in_metrics: str | None = None
        if deployment is not None and endpoint_name is None:
            # A deployment is used with alarms, and a name that comes later replaces the endpoint.
            self._generate_name()
        self.config = endpoint_config if isinstance(endpoint_config, EndpointConfig) else None
        if self.config is not None:
            internals_of(self.config).endpoints.append(self)
            # Only the L1 depends on the policies; alarms and scalable targets need no role.
            self.config.role_permissions.wait(self._internals.resource)
        state.context = lambda: endpoint_context(self)
        self._allow_alarms(alarms)
        if reasons := state.acknowledgements.reasons:
            record_acknowledgements(self, self._internals.resource, reasons)
        validation.add(self)

    @staticmethod
    def from_endpoint_arn(scope: Construct, id: str, endpoint_arn: str) -> EndpointBase:
        """Import an endpoint of another app by its ARN.

        SageMaker writes the name in lower case in ARNs. Callers may use that name, but metrics have
        the name in its original case: use `from_endpoint_attributes` for an endpoint whose name has
        upper-case letters.
        """
        return ImportedEndpoint(scope, id, endpoint_arn=endpoint_arn)

    @staticmethod
    def from_endpoint_name(scope: Construct, id: str, endpoint_name: str) -> EndpointBase:
        """Import an endpoint of the stack's account and region by its name.

        Its ARN has the name in lower case, because IAM compares policies with that ARN.
        """
        return ImportedEndpoint(scope, id, endpoint_name=endpoint_name)

    @staticmethod
    def from_endpoint_attributes(  # noqa: PLR0913 - the attributes of an endpoint
        scope: Construct,
        id: str,
        *,
        endpoint_arn: str | None = None,
        endpoint_name: str | None = None,
        endpoint_kind: EndpointKind | None = None,
        async_input: S3LocationOrUri | None = None,
    ) -> EndpointBase:
        """Import an endpoint of another app by its attributes.

        Args:
            scope: Scope of the reference.
            id: Id of the reference in the scope.
            endpoint_arn: ARN; by default the ARN of the name in the stack's account and region.
            endpoint_name: Name in its original case; by default the end of the ARN. The name or the
                ARN is required.
            endpoint_kind: Kind of the endpoint, which determines its metrics and grants.
            async_input: S3 location of the requests to an asynchronous endpoint.

        Raises:
            EndpointConfigError: Neither the ARN nor the name is given.
        """
        return ImportedEndpoint(
            scope,
            id,
            endpoint_arn=endpoint_arn,
            endpoint_name=endpoint_name,
            endpoint_kind=endpoint_kind,
            async_input=async_input,
        )

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint, a ``Ref``."""
        return self._get_resource_arn_attribute(
            self._internals.resource.attr_endpoint_arn,
            service="sagemaker",
            resource="endpoint",
            resource_name=name_in_arn(self._physical_name),
        )

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint, which callers pass to SageMaker."""
        if self._name is None:
            attribute = self._internals.resource.attr_endpoint_name
            self._name = self._get_resource_name_attribute(attribute)
        return self._name

    @property
    def name_in_metrics(self) -> str:
        """Name of the endpoint as the value of the dimension ``EndpointName``.

        A name that is given or that `roll_back_on` generates is a literal, so that the endpoint can
        refer to an alarm on the metric. Otherwise it is a reference to the name that CloudFormation
        generates.
        """
        if self._name_in_metrics is None:
            name = self.spec.endpoint_name
            self._name_in_metrics = name or cdk.Lazy.uncached_string(_NameInMetrics(self))
        return self._name_in_metrics

    @property
    def endpoint_kind(self) -> EndpointKind | None:
        """Kind of the endpoint, which determines its metrics; ``None`` if unknown."""
        return None if self.config is None else endpoint_kind_of(self.config.spec)

    @property
    def async_input(self) -> S3LocationOrUri | None:
        """S3 location of the requests to an asynchronous endpoint; ``None`` if unknown."""
        return None if self.config is None else self.config.async_input

    @property
    def is_multi_model(self) -> bool | None:
        """Whether a container loads models on demand; ``None`` if unknown."""
        return has_multi_model_container(config_context(self.config))

    @property
    def variants(self) -> tuple[EndpointVariant, ...]:
        """Production variants and then shadow variants; empty without an `EndpointConfig`."""
        if self.config is None:
            return ()
        return tuple(EndpointVariant(self, each) for each in self.config.variants)

    def variant(self, variant: str | VariantHandle) -> EndpointVariant:
        """Return a variant of the endpoint, with its metrics and scaling.

        Args:
            variant: Name of the variant, or its handle.

        Raises:
            EndpointConfigError: The configuration has no such variant, or is not an
                `EndpointConfig` of this app.
        """
        found = [each for each in self.variants if _is_same_variant(each, variant)]
        if not found:
            violation = _unknown_variant(variant, [each.variant_name for each in self.variants])
            self._internals.state.raise_call_error(
                VARIANT_UNKNOWN, violation, "variant", CallSite.current()
            )
        return found[0]

    def roll_back_on(self, *alarms: AlarmOrName) -> None:
        """Roll an update back as soon as one of these alarms is in the ALARM state.

        An alarm on a metric of the endpoint refers to the endpoint by its name, and the endpoint
        refers to the alarm. To avoid a circular reference, an endpoint without a name gets one from
        its construct path if an alarm of this app is among the alarms. `name_in_metrics`, the
        dimension of all metrics of the endpoint, is this name from then on, also in alarms that
        were created before the call. CloudFormation replaces an endpoint that was deployed without
        a name. An endpoint with ``deployment`` has a name from the start; for others pass
        ``endpoint_name`` or ``rollback_alarms`` to the constructor.

        The execution roles that are known as constructs get permission to describe the alarms, and
        the endpoint depends on that permission.

        Args:
            *alarms: Alarms, composite alarms, or names of alarms of the stack's account and region;
                or the `RecommendedAlarms`, of which those for a rollback are taken. An endpoint can
                have 10 alarms in total.

        Raises:
            EndpointConfigError: A value is not an alarm, there are too many alarms, or an alarm has
                a dimension that refers to the endpoint.
        """
        site = CallSite.current()
        check_no_cycle(self, alarms, "roll_back_on()", site)
        internals = self._internals
        new = add_rollback_alarms(internals.state, self, alarms, "roll_back_on()", site)
        self._allow_alarms(new)
        internals.resource.deployment_config = l1_value(self.spec.deployment_config)

    def __str__(self) -> str:
        """Return a summary on a few lines."""
        return summary_of(self.node.path, self.spec, self.config)

    def _allow_alarms(self, alarms: Sequence[AlarmReference]) -> None:
        """Grant the execution roles permission to describe alarms; generate a name if needed."""
        if not alarms:
            return
        if any(is_unresolved(each.name) for each in alarms):
            self._generate_name()
        if self._alarm_statement is None:
            self._alarm_statement = self._new_alarm_statement()
        self._alarm_statement.add_resources(*(each.arn for each in alarms))

    def _new_alarm_statement(self) -> iam.PolicyStatement:
        """Return a statement in a policy on which only the endpoint depends.

        A model depends on the default policy of its role. An alarm can refer to the configuration,
        which refers to the model. Therefore the default policy must not refer to the alarm.
        """
        statement = iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"])
        if self.config is None:
            return statement
        policy = iam.Policy(self, "RollbackAlarms", statements=[statement])
        self._internals.resource.node.add_dependency(policy)
        key = ("describes alarms", self.node.path)
        permission = Permission(key, lambda role: role.attach_inline_policy(policy))
        self.config.role_permissions.add_permissions([permission])
        return statement

    def _generate_name(self) -> None:
        """Set a name that is known at synth, unless the endpoint has a name."""
        if self.spec.endpoint_name is not None:
            return
        name = (
            self._generate_physical_name()
            if self._is_named_if_needed
            else cdk.Names.unique_resource_name(self, max_length=NAME_LENGTH, separator="-")
        )
        self._internals.state.update([], endpoint_name=name)
        self._internals.resource.endpoint_name = name


@jsii.implements(cdk.IStringProducer)
class _NameInMetrics:
    """Lazy producer of the endpoint's name, which CDK calls while it writes the template."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002 - of the interface
        return self._endpoint.spec.endpoint_name or self._endpoint.endpoint_name


def _is_same_variant(known: VariantHandle, variant: str | VariantHandle) -> bool:
    if isinstance(variant, VariantHandle):
        return variant.config is known.config and variant.path == known.path
    return variant == known.variant_name


def _unknown_variant(variant: str | VariantHandle, names: Sequence[str]) -> Violation:
    path = ("endpoint_config_name",)
    if not names:
        return Violation(
            path=path,
            got=variant if isinstance(variant, str) else Words(repr(variant.variant_name)),
            sentence="the variants of this endpoint are unknown because its configuration is not "
            "an EndpointConfig of this app",
            fix="Pass an EndpointConfig as endpoint_config; for metrics only, use "
            "VariantReference(endpoint, name).",
        )
    if isinstance(variant, VariantHandle):
        variant = Words(f"{variant.variant_name!r} of another configuration")
    return Violation(
        path=path,
        got=variant,
        must=f"be {' or '.join(map(repr, names))}",
        fix="Pass one of these names, or add the variant to the configuration.",
    )
