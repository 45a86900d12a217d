"""The construct: a typed shell around ``CfnEndpointConfig``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeAlias, TypeVar, cast

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.checked_resource import CheckedResource
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.values import Value
from cdk_epc.constructs.vpc_placement import VpcPlacement
from cdk_epc.endpoint_config.base import (
    CONFIG,
    EndpointConfigBase,
    ImportedEndpointConfig,
    arn_of,
    name_in,
)
from cdk_epc.endpoint_config.context import config_context
from cdk_epc.endpoint_config.features import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    Metrics,
)
from cdk_epc.endpoint_config.from_request import spec_of_request
from cdk_epc.endpoint_config.hashed_name import HASHED, HashedName, refuse_bad_prefix
from cdk_epc.endpoint_config.permissions import allow, async_input_of
from cdk_epc.endpoint_config.summary import summary_of
from cdk_epc.endpoint_config.variant_handle import Hosts, VariantHandle
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.permissions import RolePermissions
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec import EndpointConfigSpec, Path
from cdk_epc.spec.context import ReferencedTarget
from cdk_epc.spec.wire import l1_value, to_l1_arguments

if TYPE_CHECKING:
    from cdk_epc import spec as specs
    from cdk_epc.constructs.convert import Key, Role
    from cdk_epc.constructs.s3_location import S3Location
    from cdk_epc.rules import Profile, Rule

    AnyVariant: TypeAlias = (
        InstanceVariant | ServerlessVariant | InferenceComponentVariant | specs.ProductionVariant
    )
    ShadowVariant: TypeAlias = InstanceVariant | specs.ProductionVariant


P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., object])


def adds(
    method: str, kind: Callable[P, Value], member: str
) -> Callable[Concatenate[Building, P], VariantHandle]:
    """A method of this name that adds a variant of a kind to a list of the configuration."""

    def add(config: Building, /, *args: P.args, **kwargs: P.kwargs) -> VariantHandle:
        variant = kind(*args, **kwargs)
        title = f'{method}("{getattr(variant, "name", "")}")'
        return config._add(member, variant, title, CallSite.current())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own

    return _described(add, method, kind)


def sets(
    method: str, kind: Callable[P, Value], member: str
) -> Callable[Concatenate[Building, P], None]:
    """A method of this name that configures a feature, once."""

    def configure(config: Building, /, *args: P.args, **kwargs: P.kwargs) -> None:
        supplied_part = SuppliedPart(
            (member,), f"{method}()", kind(*args, **kwargs), CallSite.current()
        )
        config._set(supplied_part)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own

    return _described(configure, method, kind)


def _described(function: F, method: str, kind: Callable[..., Value]) -> F:
    """Give the method the name, the signature and the text of what it takes."""
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.signature(kind)
    described = {
        "__signature__": signature.replace(parameters=[own, *signature.parameters.values()]),
        "__name__": method,
        "__qualname__": f"EndpointConfig.{method}",
        "__doc__": f"{inspect.getdoc(kind)}\n\nRaises:\n    EndpointConfigError: SageMaker would "
        "refuse the configuration, whatever is called later.",
    }
    for name, text in described.items():
        setattr(function, name, text)
    return function


class Building(CheckedResource[EndpointConfigSpec, CfnEndpointConfig]):
    """A configuration that grows, call by call.

    Attributes:
        role_permissions: The roles that SageMaker runs it with, and what they are allowed for it.
    """

    role_permissions: RolePermissions
    _endpoints: list[Hosts]
    _scaled: dict[Path, ReferencedTarget]

    # Each method's arguments are those of the value it takes, and are described there.
    add_instance_variant = adds("add_instance_variant", InstanceVariant, "production_variants")
    add_serverless_variant = adds(
        "add_serverless_variant", ServerlessVariant, "production_variants"
    )
    add_inference_component_variant = adds(
        "add_inference_component_variant", InferenceComponentVariant, "production_variants"
    )
    add_shadow_variant = adds("add_shadow_variant", InstanceVariant, "shadow_production_variants")
    enable_async_inference = sets(
        "enable_async_inference", AsyncInference, "async_inference_config"
    )
    capture_data = sets("capture_data", DataCapture, "data_capture_config")
    explain_with_clarify = sets("explain_with_clarify", ClarifyExplainer, "explainer_config")
    publish_metrics = sets("publish_metrics", Metrics, "metrics_config")
    place_in_vpc = sets("place_in_vpc", VpcPlacement, "vpc_config")

    def isolate_network(self) -> None:
        """Cut the containers off from the network.

        Raises:
            EndpointConfigError: The configuration has a serverless variant.
        """
        supplied_part = SuppliedPart(
            ("enable_network_isolation",),
            "isolate_network()",
            True,  # noqa: FBT003 - the value
            CallSite.current(),
        )
        self._set(supplied_part)

    @property
    def variants(self) -> tuple[VariantHandle, ...]:
        """The variants in the order they were given, production first."""
        return tuple(
            VariantHandle(self, index, is_shadow=is_shadow)
            for is_shadow, placed in ((False, self.spec.production()), (True, self.spec.shadow()))
            for index in range(len(placed))
        )

    @property
    def async_input(self) -> S3Location | None:
        """Where callers put their requests, if that was said to `AsyncInference`."""
        return async_input_of(self._state.supplied_parts)

    def __str__(self) -> str:
        """The configuration on a few lines."""
        return summary_of(f"EndpointConfig {self.node.path}", self.spec, self.variants)

    def _add(self, member: str, variant: Value, title: str, site: CallSite | None) -> VariantHandle:
        before = getattr(self.spec, member) or ()
        supplied_part = SuppliedPart((member, len(before)), title, variant, site)
        self._give(member, (*before, self._state.convert(supplied_part)), supplied_part)
        return VariantHandle(self, len(before), is_shadow=member == "shadow_production_variants")

    def _set(self, supplied_part: SuppliedPart) -> None:
        member = str(supplied_part.path[0])
        if getattr(self.spec, member) is not None:
            violation = Violation(
                path=supplied_part.path,
                got=Words("a second configuration"),
                must="be one, and it has been given",
                fix="Give everything in one call.",
            )
            self._state.raise_call_error(
                GIVEN_TWICE, violation, supplied_part.argument, supplied_part.site
            )
        self._give(member, self._state.convert(supplied_part), supplied_part)

    def _give(self, member: str, what: object, supplied_part: SuppliedPart) -> None:
        self._state.update([supplied_part], **{member: what})
        setattr(self._resource, member, l1_value(what))
        allow(cast("EndpointConfig", self), [supplied_part])


class EndpointConfig(EndpointConfigBase, Building):
    """What a SageMaker endpoint runs: models, instances, traffic, and what is recorded of it.

    Everything can be given to the constructor as typed values, or step by step with the methods, or
    both. What SageMaker would refuse is refused: at the call that wrote it where no later call
    could cure it, at synth otherwise. Values that are tokens are never judged.

    The roles that SageMaker runs it with, those of its models or its own, are allowed what its
    features take, and no more: to write records, answers and core dumps below their prefixes, to
    read requests and baselines, to tell topics, to use keys, to join a network. A role of which
    only the ARN is known is left alone. ``role_permissions`` takes further permissions.

    Subclass it to set an organisation's defaults; pass rules of your own as ``rules``. Ours always
    apply too.
    """

    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        production_variants: Sequence[AnyVariant] = (),
        shadow_production_variants: Sequence[ShadowVariant] = (),
        async_inference: AsyncInference | specs.AsyncInferenceConfig | None = None,
        data_capture: DataCapture | specs.DataCaptureConfig | None = None,
        explainer: ClarifyExplainer | specs.ExplainerConfig | None = None,
        vpc: VpcPlacement | specs.VpcConfig | None = None,
        metrics: Metrics | specs.MetricsConfig | None = None,
        encryption_key: Key | None = None,
        execution_role: Role | None = None,
        network_isolation: bool | None = None,
        endpoint_config_name: str | None = None,
        endpoint_config_name_prefix: str | None = None,
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Describe a configuration.

        Args:
            scope: Where it belongs.
            id: Its id there.
            production_variants: The variants that answer requests, 10 at most.
            shadow_production_variants: A variant that gets copies of requests.
            async_inference: Inference through a queue.
            data_capture: A record of requests and responses.
            explainer: SHAP attributions with each inference.
            vpc: The network of inference components; a model brings its own otherwise.
            metrics: What is published to CloudWatch, and how often.
            encryption_key: Encrypts the instances' storage: a key, or the id, ARN, alias name or
                alias ARN of one. Not with local NVMe storage.
            execution_role: What SageMaker may do; required for inference components, and then
                allowed to log, too. `ExecutionRole` is one to begin with.
            network_isolation: Whether containers are cut off from the network.
            endpoint_config_name: A fixed name. It collides with itself on the next change, so it is
                a warning; by default CloudFormation makes one.
            endpoint_config_name_prefix: The beginning, at most 50 characters, of a name that ends
                in a hash of the content, models included.
            tags: Labels.
            rules: Rules of your own, checked in addition to ours.
            acknowledge: By the id of a rule, why its findings may stay as they are. They are kept,
                each with its reason, in ``acknowledged`` and in the template.
            profile: Whether warnings are errors; by default what the app's context says under
                ``cdk-epc:profile``, and without that they are not.

        Raises:
            EndpointConfigError: SageMaker would refuse this, whatever is called later.
            ValueError: There is no such profile.
        """
        site = CallSite.current()
        construct_scope, validation = ConstructScope(scope, id), StageValidation.of(scope)
        self._internals = ConstructInternals(
            ResourceState(CONFIG, construct_scope, rules, site, validation.profile_of(profile))
        )
        self._scaled, self._endpoints = {}, []
        self._state.context = lambda: config_context(self._state, self._scaled)
        self._state.acknowledge(acknowledge, site)
        refuse_bad_prefix(self._state, endpoint_config_name, endpoint_config_name_prefix, site)
        given: dict[str, object] = {
            "production_variants": production_variants,
            "shadow_production_variants": shadow_production_variants,
            "async_inference_config": async_inference,
            "data_capture_config": data_capture,
            "explainer_config": explainer,
            "vpc_config": vpc,
            "metrics_config": metrics,
            "kms_key_id": encryption_key,
            "execution_role_arn": execution_role,
            "enable_network_isolation": network_isolation,
            "endpoint_config_name": endpoint_config_name,
            "tags": tags,
        }
        # All that can be refused is refused before there is a construct, so that its id stays free.
        self._state.apply_arguments(given, site)
        super().__init__(scope, id, physical_name=endpoint_config_name)
        construct_scope.construct = self
        properties: dict[str, Any] = {"production_variants": [], **to_l1_arguments(self.spec)}
        name = None
        if endpoint_config_name_prefix is not None:
            name = HashedName(endpoint_config_name_prefix, self._state)
            properties["endpoint_config_name"] = cdk.Lazy.uncached_string(name)
        self._internals.resource = CfnEndpointConfig(self, "Resource", **properties)
        self._name: str | None = None
        kept = self._state.acknowledgements.reasons
        if name is not None:
            name.resource = self._resource
            kept = {**HASHED, **kept}
        if kept:
            record_acknowledgements(self, self._resource, kept)
        self.role_permissions = RolePermissions(self)
        allow(self, self._state.supplied_parts)
        validation.add(self)

    @classmethod
    def from_request(
        cls,
        scope: Construct,
        id: str,
        request: Mapping[str, Any],
        **options: Any,  # noqa: ANN401
    ) -> Self:
        """Take over a configuration as boto3 has it.

        Args:
            scope: Where it belongs.
            id: Its id there.
            request: A ``CreateEndpointConfig`` request, or a ``DescribeEndpointConfig`` response.
                Of the latter, what only a response can have is left out, and so are a weight or a
                volume size that the service filled in where it would refuse them (a warning).
            **options: Further arguments of the constructor, for example ``rules``. What these
                acknowledge is not refused.

        Raises:
            EndpointConfigError: SageMaker or CloudFormation would refuse the request, or it has a
                member that nobody knows.
        """
        site = CallSite.current()
        spec, warnings = spec_of_request(request, ConstructScope(scope, id), site, options)
        given = {
            argument: what
            for member, argument in CONFIG.arguments.items()
            if (what := getattr(spec, member)) is not None
        }
        if isinstance(spec.tags, tuple):
            given["tags"] = {tag.key: tag.value for tag in spec.tags}
        config = cls(scope, id, **{**given, **options})
        config._state.input_findings.extend(warnings)
        return config

    @staticmethod
    def from_endpoint_config_arn(
        scope: Construct,
        id: str,
        endpoint_config_arn: str,
    ) -> EndpointConfigBase:
        """Refer to a configuration of another app by its ARN.

        SageMaker writes the name in lower case in an ARN; by name it is found all the same.
        """
        name = name_in(endpoint_config_arn)
        return ImportedEndpointConfig(scope, id, arn=endpoint_config_arn, name=name)

    @staticmethod
    def from_endpoint_config_name(
        scope: Construct,
        id: str,
        endpoint_config_name: str,
    ) -> EndpointConfigBase:
        """Refer to a configuration of another app, of the stack's account and region, by name."""
        arn = arn_of(scope, endpoint_config_name)
        return ImportedEndpointConfig(scope, id, arn=arn, name=endpoint_config_name)

    @property
    def endpoint_config_arn(self) -> str:
        """The ARN, which is what ``Ref`` gives."""
        return self._get_resource_arn_attribute(
            self._resource.attr_endpoint_config_arn,
            service="sagemaker",
            resource="endpoint-config",
            resource_name=self._physical_name,
        )

    @property
    def endpoint_config_name(self) -> str:
        """The name, which is what `CfnEndpoint.endpoint_config_name` takes."""
        if self._name is None:
            attribute = self._resource.attr_endpoint_config_name
            self._name = self._get_resource_name_attribute(attribute)
        return self._name
