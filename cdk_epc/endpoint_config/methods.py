"""Members of an endpoint configuration that override nothing of CDK."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Self, TypeVar, cast

from aws_cdk.aws_sagemaker import CfnEndpointConfig
from constructs import Construct

from cdk_epc.constructs.call_sites import CallSite, SuppliedPart, find_supplied_part
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.values import Value
from cdk_epc.constructs.vpc_placement import VpcNetwork, connections_of, network_of
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
from cdk_epc.endpoint_config.machine_image import with_machine_image
from cdk_epc.endpoint_config.permissions import async_input_of, grant_permissions
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.wire import l1_value

if TYPE_CHECKING:
    from types import FunctionType

    from aws_cdk.aws_ec2 import Connections, ISecurityGroup, SubnetSelection

    from cdk_epc.constructs.convert import ModelOrName, S3LocationOrUri
    from cdk_epc.constructs.vpc_placement import VpcOrPlacement
    from cdk_epc.endpoint_config.construct import EndpointConfig
    from cdk_epc.permissions import RolePermissions

SHADOW: Final = "shadow_production_variants"

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
        return VariantHandle(config, len(before), is_shadow=member == SHADOW)

    return _documented(add, name, value_class, title)


def _feature_method(
    name: str, value_class: Callable[P, Value], member: str, title: str
) -> Callable[Concatenate[EndpointConfig, P], None]:
    """Return a method with the arguments of a value class that configures a feature once."""

    def configure(config: EndpointConfig, /, *args: P.args, **kwargs: P.kwargs) -> None:
        set_feature(config, member, f"{name}()", value_class(*args, **kwargs), CallSite.current())

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


def set_feature(
    config: EndpointConfigMethods, member: str, argument: str, value: object, site: CallSite | None
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
        state.refuse_call(GIVEN_TWICE, violation, argument, site)
        return
    _update(config, part, state.convert(part))


def _update(config: EndpointConfigMethods, part: SuppliedPart, value: object) -> None:
    """Set a member in the state and in the L1, and grant the permissions for the part."""
    internals, member = internals_of(config), str(part.path[0])
    internals.state.update([part], **{member: value})
    setattr(internals.resource, member, l1_value(value))
    grant_permissions(config, [part])


class EndpointConfigMethods(
    EndpointConfigBase, CheckedResource[EndpointConfigSpec, CfnEndpointConfig]
):
    """Members of a configuration that override nothing of CDK.

    They are in a base class that comes after CDK's `Resource`, because jsii compares every other
    name with all interfaces of a construct whenever one is created.
    """

    role_permissions: RolePermissions
    _internals: EndpointConfigInternals
    _network: VpcNetwork | None = None

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
        SHADOW,
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

    @classmethod
    def from_request(
        cls,
        scope: Construct,
        id: str,
        request: Mapping[str, Any],
        *,
        models: Mapping[str, ModelOrName] | None = None,
        **options: Any,  # noqa: ANN401 - `EndpointConfigOptions`, and those of a subclass
    ) -> Self:
        """Create a configuration from a boto3 request or response.

        Args:
            scope: Scope of the construct.
            id: Id of the construct in the scope.
            request: A ``CreateEndpointConfig`` request, or a ``DescribeEndpointConfig`` response.
                Members that only a response has are left out, and a weight or a volume size that
                SageMaker has filled in, but does not accept in a request.
            models: Model for each name in the request, for example ``{"fraud-7": model}``, so that
                the configuration refers to the construct, and its role gets the permissions for
                the features of the request. The location of the requests to an asynchronous
                endpoint is not part of a request; grant the role access to it. Names that are not
                among them stay.
            **options: Further arguments of the constructor, for example ``rules``. Violations that
                ``acknowledge`` names are not raised.

        Raises:
            EndpointConfigError: SageMaker or CloudFormation would refuse the request, or it has an
                unknown member.
        """
        site = CallSite.current()
        construct_scope = ConstructScope(scope, id)
        # Imported here because few apps have requests.
        from cdk_epc.endpoint_config.from_request import (  # noqa: PLC0415
            spec_of_request,
            with_models,
        )

        spec = spec_of_request(request, construct_scope, site, options)
        if models is not None:
            spec = with_models(spec, models, construct_scope.path)
        arguments = {
            argument: value
            for member, argument in CONFIG.arguments.items()
            if (value := getattr(spec, member)) is not None
        }
        if isinstance(spec.tags, tuple):
            arguments["tags"] = {tag.key: tag.value for tag in spec.tags}
        construct: Any = cls  # a subclass with the constructor of `EndpointConfig`
        return cast("Self", construct(scope, id, **{**arguments, **options}))

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
        return connections_of(self._network, self._state)

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
        set_feature(self, "vpc_config", call, network, site)
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
        set_feature(self, "enable_network_isolation", "isolate_network()", value=True, site=site)
