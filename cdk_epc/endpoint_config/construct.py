"""Construct of an endpoint configuration, around the L1 ``CfnEndpointConfig``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Self, TypeAlias, TypeVar, cast

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_signature import in_words_of_the_caller
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart, find_supplied_part
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.values import Value
from cdk_epc.constructs.vpc_placement import VpcNetwork, network_of
from cdk_epc.endpoint_config.base import (
    CONFIG,
    EndpointConfigBase,
    ImportedEndpointConfig,
    arn_of_name,
    name_of_arn,
)
from cdk_epc.endpoint_config.context import EndpointConfigInternals
from cdk_epc.endpoint_config.docker_platforms import check_platforms
from cdk_epc.endpoint_config.features import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    MetricsPublication,
)
from cdk_epc.endpoint_config.from_request import spec_of_request
from cdk_epc.endpoint_config.hashed_name import (
    HASHED_NAME_REASONS,
    HashedName,
    check_name_prefix,
)
from cdk_epc.endpoint_config.machine_image import with_machine_image
from cdk_epc.endpoint_config.permissions import async_input_of, grant_permissions
from cdk_epc.endpoint_config.summary import summary_of
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.permissions import RolePermissions
from cdk_epc.rules.call_errors import GIVEN_TWICE, VPC_CONNECTIONS
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.unresolved import is_list, is_unresolved
from cdk_epc.spec.wire import l1_value, to_l1_arguments

if TYPE_CHECKING:
    from types import FunctionType

    from aws_cdk.aws_ec2 import Connections, ISecurityGroup, SubnetSelection

    from cdk_epc import spec as specs
    from cdk_epc.constructs.convert import KeyOrId, RoleOrArn, S3LocationOrUri
    from cdk_epc.constructs.vpc_placement import VpcOrPlacement
    from cdk_epc.rules import Profile, Rule

    VariantOrSpec: TypeAlias = (
        InstanceVariant | ServerlessVariant | InferenceComponentVariant | specs.ProductionVariant
    )
    ShadowVariantOrSpec: TypeAlias = InstanceVariant | specs.ProductionVariant

_SHADOW: Final = "shadow_production_variants"

P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., object])


def _variant_method(
    name: str, value_class: Callable[P, Value], member: str, title: str
) -> Callable[Concatenate[EndpointConfig, P], VariantHandle]:
    """Return a method with the arguments of a value class that adds a variant to a list."""

    def add(config: EndpointConfig, /, *args: P.args, **kwargs: P.kwargs) -> VariantHandle:
        given = value_class(*args, **kwargs)
        variant = with_machine_image(given)
        before = getattr(config.spec, member) or ()
        part = SuppliedPart(
            (member, len(before)),
            f'{name}("{getattr(variant, "name", "")}")',
            variant,
            CallSite.current(),
        )
        converted = internals_of(config).state.convert(part)
        check_platforms(internals_of(config).state, part, converted)
        _update(config, part, (*before, converted))
        if variant is not given:
            internals_of(config).with_chosen_image.add(part.path)
        return VariantHandle(config, len(before), is_shadow=member == _SHADOW)

    return _documented(add, name, value_class, title)


def _feature_method(
    name: str, value_class: Callable[P, Value], member: str, title: str
) -> Callable[Concatenate[EndpointConfig, P], None]:
    """Return a method with the arguments of a value class that configures a feature once."""

    def configure(config: EndpointConfig, /, *args: P.args, **kwargs: P.kwargs) -> None:
        _set_feature(config, member, f"{name}()", value_class(*args, **kwargs), CallSite.current())

    return _documented(configure, name, value_class, title)


def _documented(function: F, name: str, value_class: Callable[..., Value], title: str) -> F:
    """Set the name, signature and docstring of a method from those of its value class."""
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.signature(value_class)
    attributes = {
        "__signature__": inspect.Signature(
            [own, *signature.parameters.values()],
            return_annotation=function.__annotations__["return"],
        ),
        "__name__": name,
        "__qualname__": f"EndpointConfig.{name}",
        "__doc__": f"{title}\n\n{inspect.getdoc(value_class)}\n\nRaises:\n"
        "    EndpointConfigError: SageMaker would refuse the configuration, and no later call can "
        "fix it.",
    }
    for attribute, value in attributes.items():
        setattr(function, attribute, value)
    method = cast("FunctionType", function)
    method.__code__ = method.__code__.replace(co_name=name)  # messages and tracebacks show it
    return function


def _set_feature(
    config: EndpointConfig, member: str, argument: str, value: object, site: CallSite | None
) -> None:
    """Set a member of a configuration that is not set yet."""
    state = internals_of(config).state
    part = SuppliedPart((member,), argument, value, site)
    if getattr(config.spec, member) is not None:
        earlier = find_supplied_part(state.supplied_parts, part.path)
        earlier_argument = argument if earlier is None else earlier.argument
        violation = Violation(
            path=part.path,
            got=Words("a second value"),
            sentence=f"{argument} was already called for this configuration"
            if earlier_argument == argument
            else f"{argument} is not allowed because `{earlier_argument}` is already set",
            fix="Pass all settings of the feature in one call.",
        )
        state.raise_call_error(GIVEN_TWICE, violation, argument, site)
    _update(config, part, state.convert(part))


def _update(config: EndpointConfig, part: SuppliedPart, value: object) -> None:
    """Set a member in the state and in the L1, and grant the permissions for the part."""
    internals, member = internals_of(config), str(part.path[0])
    internals.state.update([part], **{member: value})
    setattr(internals.resource, member, l1_value(value))
    grant_permissions(config, [part])


class EndpointConfig(EndpointConfigBase, CheckedResource[EndpointConfigSpec, CfnEndpointConfig]):
    """Endpoint configuration: models, instances, traffic shares and features of an endpoint.

    The constructor accepts every setting as a typed value, and methods can add variants and
    features later. A violation that later calls cannot fix is raised by the call that causes it;
    the others are reported at synth. Unresolved tokens are not checked.

    The execution roles of the models and of the configuration get the permissions that the features
    need, and no others: to write captured data, responses and core dumps below their prefixes, to
    read requests and baselines, to publish to topics, to use KMS keys and to join a VPC. A role
    that is known by its ARN only is not changed.

    Subclass it to set an organisation's defaults. Custom rules (``rules``) apply in addition to the
    rules of this library.

    Attributes:
        role_permissions: Execution roles with their permissions;
            `RolePermissions.add_permissions` adds further ones.
    """

    role_permissions: RolePermissions
    _internals: EndpointConfigInternals

    # A value class documents the arguments of its method.
    add_instance_variant = _variant_method(
        "add_instance_variant",
        InstanceVariant,
        "production_variants",
        "Add a variant that runs a model on instances.",
    )
    add_serverless_variant = _variant_method(
        "add_serverless_variant",
        ServerlessVariant,
        "production_variants",
        "Add a serverless variant.",
    )
    add_inference_component_variant = _variant_method(
        "add_inference_component_variant",
        InferenceComponentVariant,
        "production_variants",
        "Add a variant on whose instances inference components run.",
    )
    add_shadow_variant = _variant_method(
        "add_shadow_variant",
        InstanceVariant,
        _SHADOW,
        "Add a shadow variant, which gets copies of requests.",
    )
    enable_async_inference = _feature_method(
        "enable_async_inference",
        AsyncInference,
        "async_inference_config",
        "Configure asynchronous inference, once.",
    )
    capture_data = _feature_method(
        "capture_data", DataCapture, "data_capture_config", "Configure data capture, once."
    )
    explain_with_clarify = _feature_method(
        "explain_with_clarify",
        ClarifyExplainer,
        "explainer_config",
        "Configure explanations with Clarify, once.",
    )
    publish_metrics = _feature_method(
        "publish_metrics",
        MetricsPublication,
        "metrics_config",
        "Configure the publication of metrics, once.",
    )

    @in_words_of_the_caller(lambda: CONFIG.arguments)
    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        production_variants: Sequence[VariantOrSpec] = (),
        shadow_production_variants: Sequence[ShadowVariantOrSpec] = (),
        async_inference: AsyncInference | specs.AsyncInferenceConfig | None = None,
        data_capture: DataCapture | specs.DataCaptureConfig | None = None,
        explainer: ClarifyExplainer | specs.ExplainerConfig | None = None,
        vpc: VpcOrPlacement | None = None,
        vpc_subnets: SubnetSelection | None = None,
        security_groups: Sequence[ISecurityGroup] | None = None,
        metrics: MetricsPublication | specs.MetricsConfig | None = None,
        encryption_key: KeyOrId | None = None,
        execution_role: RoleOrArn | None = None,
        network_isolation: bool | None = None,
        endpoint_config_name: str | None = None,
        endpoint_config_name_prefix: str | None = None,
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Create a configuration.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in the scope.
            production_variants: Variants that respond to requests, 10 at most.
            shadow_production_variants: Shadow variant, which gets copies of requests; 1 at most.
            async_inference: Asynchronous inference.
            data_capture: Capture of requests and responses to S3.
            explainer: SHAP explanations with each inference.
            vpc: VPC in which inference components run, or a `VpcPlacement` with the ids of its
                subnets and security groups; models have their own.
            vpc_subnets: Selection of 1 to 16 subnets of the VPC; by default the private subnets, as
                CDK selects them.
            security_groups: 1 to 5 security groups; by default a new one, see `connections`.
            metrics: Metrics that the endpoint publishes to CloudWatch.
            encryption_key: KMS key for the storage volumes of the instances: a construct, or an id,
                ARN, alias name or alias ARN. Not allowed with local NVMe storage.
            execution_role: Role that SageMaker assumes; required for inference components, for
                which it also gets permissions for logs and metrics. `ExecutionRole` creates one.
            network_isolation: Whether the containers have no network access; off by default.
            endpoint_config_name: Fixed name. It is a warning, because a replacement cannot have the
                name of the configuration that it replaces. By default CloudFormation generates one.
            endpoint_config_name_prefix: Prefix, 50 characters at most, of a name that ends in a
                hash of the configuration and its models.
            tags: Tags of the resource.
            rules: Custom rules, which apply in addition to the rules of this library.
            acknowledge: Reasons by the id of the rule whose findings are acknowledged. The findings
                stay in ``acknowledged``, and the reasons in the template.
            profile: Strictness; by default the profile in the app's context (``cdk-epc:profile``),
                otherwise `Profile.DEFAULT`.

        Raises:
            EndpointConfigError: SageMaker would refuse the configuration, and no later call can fix
                it.
            ValueError: The profile is unknown.
        """
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        profile = validation.profile_of(profile)
        state = ResourceState(CONFIG, construct_scope, rules, site, profile)
        self._internals = EndpointConfigInternals(state)
        state.context = self._internals.context
        state.context_at_call = self._internals.context_at_call
        state.acknowledge(acknowledge, site)
        check_name_prefix(state, endpoint_config_name, endpoint_config_name_prefix, site)
        network = state.convert(
            SuppliedPart(("vpc_config",), "", vpc, site),
            lambda given: network_of(given, vpc_subnets, security_groups),
        )
        arguments: dict[str, object] = {
            "production_variants": self._with_machine_images(
                "production_variants", production_variants
            ),
            _SHADOW: self._with_machine_images(_SHADOW, shadow_production_variants),
            "async_inference_config": async_inference,
            "data_capture_config": data_capture,
            "explainer_config": explainer,
            "vpc_config": network,
            "metrics_config": metrics,
            "kms_key_id": encryption_key,
            "execution_role_arn": execution_role,
            "enable_network_isolation": network_isolation,
            "endpoint_config_name": endpoint_config_name,
            "tags": tags,
        }
        # Violations are raised before the construct exists, so that its id stays unused.
        state.apply_arguments(arguments, site)
        variants = dict(state.spec.variants())
        given = [(part, variants.get(part.path)) for part in state.supplied_parts]
        for part, variant in given:
            check_platforms(state, part, variant, given)
        if execution_role is not None:
            self._internals.add_role(execution_role, site)
        super().__init__(scope, id, physical_name=endpoint_config_name)
        construct_scope.construct = self
        self._name: str | None = None
        self._network: VpcNetwork | None = None
        self._set_network(network)
        self._internals.resource = self._new_resource(endpoint_config_name_prefix)
        self.role_permissions = RolePermissions(self)
        grant_permissions(self, state.supplied_parts)
        validation.add(self)

    def _with_machine_images(self, member: str, given: Any) -> Any:  # noqa: ANN401 - rules check it
        """Return variants with the machine images that their container images need."""
        if not is_list(given) or is_unresolved(given):
            return given
        variants = [with_machine_image(each) for each in given]
        self._internals.with_chosen_image.update(
            (member, index)
            for index, (before, after) in enumerate(zip(given, variants, strict=True))
            if after is not before
        )
        return variants

    def _new_resource(self, name_prefix: str | None) -> CfnEndpointConfig:
        """Return the L1, with the acknowledgements in its metadata."""
        state = self._internals.state
        properties: dict[str, Any] = {"production_variants": [], **to_l1_arguments(self.spec)}
        reasons = state.acknowledgements.reasons
        if name_prefix is None:
            resource = CfnEndpointConfig(self, "Resource", **properties)
        else:
            name = HashedName(name_prefix, state)
            properties["endpoint_config_name"] = cdk.Lazy.uncached_string(name)
            resource = name.resource = CfnEndpointConfig(self, "Resource", **properties)
            reasons = {**HASHED_NAME_REASONS, **reasons}
        if reasons:
            record_acknowledgements(self, resource, reasons)
        return resource

    @classmethod
    def from_request(
        cls,
        scope: Construct,
        id: str,
        request: Mapping[str, Any],
        **options: Any,  # noqa: ANN401
    ) -> Self:
        """Create a configuration from a boto3 request or response.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in the scope.
            request: A ``CreateEndpointConfig`` request, or a ``DescribeEndpointConfig`` response.
                Members that only a response has are left out, and a weight or a volume size that
                SageMaker has filled in, but does not accept in a request.
            **options: Further arguments of the constructor, for example ``rules``. Violations that
                ``acknowledge`` names are not raised.

        Raises:
            EndpointConfigError: SageMaker or CloudFormation would refuse the request, or it has an
                unknown member.
        """
        site = CallSite.current()
        spec = spec_of_request(request, ConstructScope(scope, id), site, options)
        arguments = {
            argument: value
            for member, argument in CONFIG.arguments.items()
            if (value := getattr(spec, member)) is not None
        }
        if isinstance(spec.tags, tuple):
            arguments["tags"] = {tag.key: tag.value for tag in spec.tags}
        return cls(scope, id, **{**arguments, **options})

    @staticmethod
    def from_endpoint_config_arn(
        scope: Construct,
        id: str,
        endpoint_config_arn: str,
    ) -> EndpointConfigBase:
        """Import a configuration of another app by its ARN.

        SageMaker writes the name in lower case in ARNs, and also finds the configuration by the
        name in lower case.
        """
        name = name_of_arn(endpoint_config_arn)
        return ImportedEndpointConfig(scope, id, arn=endpoint_config_arn, name=name)

    @staticmethod
    def from_endpoint_config_name(
        scope: Construct,
        id: str,
        endpoint_config_name: str,
    ) -> EndpointConfigBase:
        """Import a configuration of the stack's account and region by its name."""
        arn = arn_of_name(scope, endpoint_config_name)
        return ImportedEndpointConfig(scope, id, arn=arn, name=endpoint_config_name)

    @property
    def endpoint_config_arn(self) -> str:
        """ARN of the configuration, a ``Ref``."""
        return self._get_resource_arn_attribute(
            self._internals.resource.attr_endpoint_config_arn,
            service="sagemaker",
            resource="endpoint-config",
            resource_name=self._physical_name,
        )

    @property
    def endpoint_config_name(self) -> str:
        """Name of the configuration, which `CfnEndpoint.endpoint_config_name` accepts."""
        if self._name is None:
            attribute = self._internals.resource.attr_endpoint_config_name
            self._name = self._get_resource_name_attribute(attribute)
        return self._name

    @property
    def variants(self) -> tuple[VariantHandle, ...]:
        """Production variants and then shadow variants, in the order of their lists."""
        return tuple(
            VariantHandle(self, index, is_shadow=is_shadow)
            for is_shadow, variants in (
                (False, self.spec.production()),
                (True, self.spec.shadow()),
            )
            for index in range(len(variants))
        )

    @property
    def async_input(self) -> S3LocationOrUri | None:
        """S3 location of the requests, the ``input_path`` of `AsyncInference`."""
        return async_input_of(self._internals.state.supplied_parts)

    @property
    def connections(self) -> Connections:
        """Network connections of the security groups of inference components.

        For example, ``database.connections.allow_default_port_from(config.connections)``.

        Raises:
            EndpointConfigError: The configuration has no VPC, or only the ids of its security
                groups are known.
        """
        if self._network is None:
            violation = Violation(
                path=("vpc_config",),
                got=self.spec.vpc_config,
                must="be an ec2.IVpc because connections needs security group constructs",
                fix="Pass the VPC construct as vpc; security_groups can be omitted.",
            )
            self._state.raise_call_error(VPC_CONNECTIONS, violation, "vpc", CallSite.current())
        return self._network.connections()

    def place_in_vpc(
        self,
        vpc: VpcOrPlacement,
        *,
        vpc_subnets: SubnetSelection | None = None,
        security_groups: Sequence[ISecurityGroup] | None = None,
    ) -> None:
        """Configure the network of inference components, once.

        Args:
            vpc: VPC in which inference components run, or a `VpcPlacement` with the ids of its
                subnets and security groups.
            vpc_subnets: Selection of 1 to 16 subnets of the VPC; by default the private subnets, as
                CDK selects them.
            security_groups: 1 to 5 security groups; by default a new one, see `connections`.

        Raises:
            EndpointConfigError: SageMaker would refuse the configuration, and no later call can fix
                it.
        """
        site, call = CallSite.current(), "place_in_vpc()"
        network = self._state.convert(
            SuppliedPart(("vpc_config",), call, vpc, site),
            lambda given: network_of(given, vpc_subnets, security_groups),
        )
        _set_feature(self, "vpc_config", call, network, site)
        self._set_network(network)

    def _set_network(self, network: object) -> None:
        if isinstance(network, VpcNetwork):
            self._network = network
            network.create_security_group(self)

    def isolate_network(self) -> None:
        """Remove network access from the containers.

        Raises:
            EndpointConfigError: The configuration has a serverless variant.
        """
        site = CallSite.current()
        _set_feature(self, "enable_network_isolation", "isolate_network()", value=True, site=site)

    def __str__(self) -> str:
        """Return a summary on a few lines."""
        title, chosen = f"EndpointConfig {self.node.path}", self._internals.with_chosen_image
        return summary_of(title, self.spec, self.variants, chosen)
