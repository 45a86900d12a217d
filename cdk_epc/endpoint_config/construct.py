"""Construct of an endpoint configuration, around the L1 ``CfnEndpointConfig``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import CfnEndpointConfig
from aws_cdk.interfaces.aws_sagemaker import EndpointConfigReference, IEndpointConfigRef
from constructs import Construct

from cdk_epc.constructs.acknowledgements import record_acknowledgements
from cdk_epc.constructs.call_signature import reports_wrong_arguments
from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.vpc_placement import network_of
from cdk_epc.endpoint_config.base import (
    CONFIG,
)
from cdk_epc.endpoint_config.context import EndpointConfigInternals
from cdk_epc.endpoint_config.docker_platforms import check_platforms
from cdk_epc.endpoint_config.features import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    MetricsPublication,
)
from cdk_epc.endpoint_config.hashed_name import (
    HASHED_NAME_REASONS,
    HashedName,
    checked_name_prefix,
    parameters_in,
)
from cdk_epc.endpoint_config.machine_image import with_machine_image
from cdk_epc.endpoint_config.methods import SHADOW, EndpointConfigMethods
from cdk_epc.endpoint_config.permissions import grant_permissions
from cdk_epc.endpoint_config.summary import summary_of
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.permissions import RolePermissions
from cdk_epc.spec.unresolved import is_list, is_unresolved
from cdk_epc.spec.wire import to_l1_arguments

if TYPE_CHECKING:
    from aws_cdk.aws_ec2 import ISecurityGroup, SubnetSelection

    from cdk_epc import spec as specs
    from cdk_epc.constructs.convert import KeyOrId, RoleOrArn
    from cdk_epc.constructs.vpc_placement import VpcOrPlacement
    from cdk_epc.rules import Profile, Rule

    VariantOrSpec: TypeAlias = (
        InstanceVariant | ServerlessVariant | InferenceComponentVariant | specs.ProductionVariant
    )
    ShadowVariantOrSpec: TypeAlias = InstanceVariant | specs.ProductionVariant


@jsii.implements(IEndpointConfigRef)
class EndpointConfig(cdk.Resource, EndpointConfigMethods):
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

    @reports_wrong_arguments(lambda: CONFIG.arguments)
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
        prefix = endpoint_config_name_prefix
        prefix = checked_name_prefix(state, endpoint_config_name, prefix, site)
        network = state.convert(
            SuppliedPart(("vpc_config",), "", vpc, site),
            lambda given: network_of(given, vpc_subnets, security_groups),
        )
        arguments: dict[str, object] = {
            "production_variants": _with_machine_images(
                self._internals, "production_variants", production_variants
            ),
            SHADOW: _with_machine_images(self._internals, SHADOW, shadow_production_variants),
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
        self._set_network(network)
        self._internals.resource = _new_resource(self, prefix)
        self.role_permissions = RolePermissions(self)
        grant_permissions(self, state.supplied_parts)
        validation.add(self)

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
    def endpoint_config_ref(self) -> EndpointConfigReference:
        """Reference that CDK's L1 constructs accept."""
        return EndpointConfigReference(endpoint_config_arn=self.endpoint_config_arn)

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

    def __str__(self) -> str:
        """Return a summary on a few lines."""
        title, chosen = f"EndpointConfig {self.node.path}", self._internals.with_chosen_image
        return summary_of(title, self.spec, self.variants, chosen)


def _with_machine_images(internals: EndpointConfigInternals, member: str, given: Any) -> Any:  # noqa: ANN401 - as given
    """Return variants with the machine images that their container images need."""
    if not is_list(given) or is_unresolved(given):
        return given
    variants = [with_machine_image(each) for each in given]
    internals.with_chosen_image.update(
        (member, index)
        for index, (before, after) in enumerate(zip(given, variants, strict=True))
        if after is not before
    )
    return variants


def _new_resource(config: EndpointConfig, name_prefix: str | None) -> CfnEndpointConfig:
    """Return the L1, with the acknowledgements in its metadata."""
    state = internals_of(config).state
    properties: dict[str, Any] = {"production_variants": [], **to_l1_arguments(config.spec)}
    reasons = state.acknowledgements.reasons
    if name_prefix is None:
        resource = CfnEndpointConfig(config, "Resource", **properties)
    else:
        name = HashedName(name_prefix, state)
        internals_of(config).hashed_parameters = lambda: parameters_in(state)
        properties["endpoint_config_name"] = cdk.Lazy.uncached_string(name)
        resource = name.resource = CfnEndpointConfig(config, "Resource", **properties)
        reasons = {**HASHED_NAME_REASONS, **reasons}
    if reasons:
        record_acknowledgements(config, resource, reasons)
    return resource
