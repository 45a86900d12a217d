"""The construct: a typed shell around ``CfnEndpointConfig``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnEndpointConfig, CfnModel
from constructs import Construct

from cdk_epc.constructs.arguments import UnfitError, Value
from cdk_epc.constructs.base import EndpointConfigBase, ImportedEndpointConfig, arn_of, name_in
from cdk_epc.constructs.builders import adds, sets
from cdk_epc.constructs.draft import Draft
from cdk_epc.constructs.features import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    Metrics,
    VpcPlacement,
)
from cdk_epc.constructs.guard import Guard
from cdk_epc.constructs.handle import VariantHandle
from cdk_epc.constructs.lowering import key_id, role_arn
from cdk_epc.constructs.naming import HashedName, models_behind, refuse_bad_prefix
from cdk_epc.constructs.pieces import ARGUMENTS, CallSite, Piece
from cdk_epc.constructs.requests import spec_of_request
from cdk_epc.constructs.summary import summary_of
from cdk_epc.constructs.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.rules.calls import GIVEN_TWICE
from cdk_epc.rules.rule import Fault, Words
from cdk_epc.spec import Tag
from cdk_epc.spec.unknown import items_of
from cdk_epc.spec.wire import l1_value, to_json

if TYPE_CHECKING:
    from cdk_epc import spec as specs
    from cdk_epc.constructs.lowering import Key, Role
    from cdk_epc.rules import Finding, Rule

    AnyVariant: TypeAlias = (
        InstanceVariant | ServerlessVariant | InferenceComponentVariant | specs.ProductionVariant
    )
    ShadowVariant: TypeAlias = InstanceVariant | specs.ProductionVariant


class EndpointConfig(EndpointConfigBase):
    """What a SageMaker endpoint runs: models, instances, traffic, and what is recorded of it.

    Everything can be given to the constructor as typed values, or step by step with the methods, or
    both. What SageMaker would refuse is refused: at the call that wrote it where no later call could
    cure it, at synth otherwise. Values that are tokens are never judged.

    Subclass it to set an organisation's defaults; pass rules of your own as ``rules``. Ours always
    apply too.
    """

    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name for it
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
            execution_role: What SageMaker may do; required for inference components.
            network_isolation: Whether containers are cut off from the network.
            endpoint_config_name: A fixed name. It collides with itself on the next change, so it is
                a warning; by default CloudFormation makes one.
            endpoint_config_name_prefix: The beginning, at most 50 characters, of a name that ends in
                a hash of the content, models included.
            tags: Labels.
            rules: Rules of your own, checked in addition to ours.

        Raises:
            EndpointConfigError: SageMaker would refuse this, whatever is called later.
        """
        site = CallSite.current()
        self._draft = Draft(lambda: f"{scope.node.path}/{id}", rules, site)
        refuse_bad_prefix(self._draft, endpoint_config_name, endpoint_config_name_prefix, site)
        given: dict[str, Any] = {
            "async_inference_config": async_inference,
            "data_capture_config": data_capture,
            "explainer_config": explainer,
            "vpc_config": vpc,
            "metrics_config": metrics,
            "enable_network_isolation": network_isolation,
            "endpoint_config_name": endpoint_config_name,
            "kms_key_id": self._named(key_id, encryption_key, "kms_key_id", site),
            "execution_role_arn": self._named(role_arn, execution_role, "execution_role_arn", site),
            "tags": None if tags is None else _tags(tags),
        }
        pieces = [
            Piece((member,), ARGUMENTS[member], what, site)
            for member, what in given.items()
            if what is not None
        ]
        for member, variants in (
            ("production_variants", production_variants),
            ("shadow_production_variants", shadow_production_variants),
        ):
            pieces += [
                Piece((member, index), f"{member}[{index}]", variant, site)
                for index, variant in enumerate(items_of(variants))
            ]
            given[member] = tuple(
                piece.given for piece in pieces if piece.place[0] == member
            ) or (variants if variants != () else None)
        changes = {
            member: self._lowered(member, what, pieces) for member, what in given.items()
        }
        self._draft.give(pieces, **changes)

        super().__init__(scope, id, physical_name=endpoint_config_name)
        hashed = HashedName(endpoint_config_name_prefix) if endpoint_config_name_prefix else None
        properties = {m: l1_value(what) for m, what in changes.items() if what is not None}
        properties.setdefault("production_variants", [])
        if hashed is not None:
            properties["endpoint_config_name"] = cdk.Lazy.uncached_string(hashed)
        self._resource = CfnEndpointConfig(self, "Resource", **properties)
        if hashed is not None:
            hashed.name(self._resource, self._models)
        Guard.of(scope).watch(self)

    # Each method's arguments are those of the value it takes, and are described there.
    add_instance_variant = adds("add_instance_variant", InstanceVariant, "production_variants")
    add_serverless_variant = adds("add_serverless_variant", ServerlessVariant, "production_variants")
    add_inference_component_variant = adds("add_inference_component_variant", InferenceComponentVariant, "production_variants")
    add_shadow_variant = adds("add_shadow_variant", InstanceVariant, "shadow_production_variants")
    enable_async_inference = sets("enable_async_inference", AsyncInference, "async_inference_config")
    capture_data = sets("capture_data", DataCapture, "data_capture_config")
    explain_with_clarify = sets("explain_with_clarify", ClarifyExplainer, "explainer_config")
    publish_metrics = sets("publish_metrics", Metrics, "metrics_config")
    place_in_vpc = sets("place_in_vpc", VpcPlacement, "vpc_config")

    def isolate_network(self) -> None:
        """Cut the containers off from the network.

        Raises:
            EndpointConfigError: The configuration has a serverless variant.
        """
        self._set("enable_network_isolation", True, "isolate_network()", CallSite.current())  # noqa: FBT003

    @classmethod
    def from_request(
        cls, scope: Construct, id: str, request: Mapping[str, Any], **options: Any  # noqa: A002, ANN401
    ) -> Self:
        """Take over a configuration as boto3 has it.

        Args:
            scope: Where it belongs.
            id: Its id there.
            request: A ``CreateEndpointConfig`` request, or a ``DescribeEndpointConfig`` response. Of
                the latter, what only a response can have is left out, and so are a weight or a
                volume size that the service filled in where it would refuse them.
            **options: Further arguments of the constructor, for example ``rules``.

        Raises:
            EndpointConfigError: SageMaker or CloudFormation would refuse the request, or it has a
                member that nobody knows.
        """
        site = CallSite.current()
        spec = spec_of_request(request, f"{scope.node.path}/{id}", site)
        given = {
            argument: what
            for member, argument in ARGUMENTS.items()
            if (what := getattr(spec, member)) is not None
        }
        if isinstance(spec.tags, tuple):
            given["tags"] = {tag.key: tag.value for tag in spec.tags}
        return cls(scope, id, **{**given, **options})

    @staticmethod
    def from_endpoint_config_arn(
        scope: Construct, id: str, endpoint_config_arn: str  # noqa: A002
    ) -> EndpointConfigBase:
        """Refer to a configuration of another app by its ARN.

        SageMaker writes the name in lower case in an ARN; by name it is found all the same.
        """
        name = name_in(endpoint_config_arn)
        return ImportedEndpointConfig(scope, id, arn=endpoint_config_arn, name=name)

    @staticmethod
    def from_endpoint_config_name(
        scope: Construct, id: str, endpoint_config_name: str  # noqa: A002
    ) -> EndpointConfigBase:
        """Refer to a configuration of another app by its name, in the stack's account and region."""
        arn = arn_of(scope, endpoint_config_name)
        return ImportedEndpointConfig(scope, id, arn=arn, name=endpoint_config_name)

    @property
    def spec(self) -> specs.EndpointConfigSpec:
        """The configuration as it stands: frozen, without CDK, names still to be made left out."""
        return self._draft.spec

    @property
    def variants(self) -> tuple[VariantHandle, ...]:
        """The variants in the order they were given, production first."""
        return tuple(
            VariantHandle(self, index, is_shadow=is_shadow)
            for is_shadow, placed in ((False, self.spec.production()), (True, self.spec.shadow()))
            for index in range(len(placed))
        )

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
        return self._get_resource_name_attribute(self._resource.attr_endpoint_config_name)

    def to_request(self) -> dict[str, Any]:
        """The configuration as boto3 takes it; tokens stay tokens."""
        return to_json(self.spec)

    def findings_at_synth(self) -> list[Finding]:
        """What keeps the configuration from being complete, and its warnings."""
        return self._draft.findings_at_synth()

    def __str__(self) -> str:
        """The configuration on a few lines."""
        return summary_of(f"EndpointConfig {self.node.path}", self.spec, self.variants)

    def _add(self, member: str, variant: Value, title: str, site: CallSite | None) -> VariantHandle:
        before = getattr(self.spec, member) or ()
        piece = Piece((member, len(before)), title, variant, site)
        lowered = self._draft.lowered(variant, title, site, piece.place)
        self._give(member, (*before, lowered), piece)
        return VariantHandle(self, len(before), is_shadow=member != "production_variants")

    def _set(self, member: str, what: Value | bool, title: str, site: CallSite | None) -> None:
        if getattr(self.spec, member) is not None:
            fault = Fault(
                path=(member,),
                got=Words("a second configuration"),
                allowed="one, and it has been given",
                fix="Give everything in one call.",
            )
            self._draft.refuse(GIVEN_TWICE, fault, title, site)
        piece = Piece((member,), title, what, site)
        self._give(member, self._draft.lowered(what, title, site, (member,)), piece)

    def _give(self, member: str, what: object, piece: Piece) -> None:
        self._draft.give([piece], **{member: what})
        setattr(self._resource, member, l1_value(what))

    def _lowered(self, member: str, what: object, pieces: Sequence[Piece]) -> object:
        if isinstance(what, tuple) and member.endswith("production_variants"):
            return tuple(
                self._draft.lowered(piece.given, piece.title, piece.site, piece.place)
                for piece in pieces
                if piece.place[0] == member
            )
        piece = next((piece for piece in pieces if piece.place == (member,)), None)
        return self._draft.lowered(what, piece.title, piece.site, piece.place) if piece else what

    def _named(self, lower: Any, given: object, member: str, site: CallSite | None) -> str | None:  # noqa: ANN401
        try:
            return None if given is None else lower(given)
        except UnfitError as unfit:
            raise self._draft.unfit(unfit, ARGUMENTS[member], site, (member,)) from None

    def _models(self) -> Iterator[CfnModel]:
        """The models of this app that the configuration refers to, each once."""
        seen: list[CfnModel] = []
        for given in self._model_arguments():
            seen += [model for model in models_behind(given) if model not in seen]
        return iter(seen)

    def _model_arguments(self) -> Iterator[object]:
        for piece in self._draft.pieces:
            yield getattr(piece.given, "model", None)
            for pool in items_of(getattr(piece.given, "instance_type", None)):
                yield getattr(pool, "model_override", None)
        for _, variant in self.spec.variants():
            yield variant.model_name
            for pool in items_of(variant.instance_pools):
                yield getattr(pool, "model_name_override", None)


def _tags(tags: object) -> Any:  # noqa: ANN401 - a token or a mistake stays what it is
    if not isinstance(tags, Mapping):
        return tags
    return tuple(Tag(key=key, value=what) for key, what in tags.items())
