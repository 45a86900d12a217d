"""What can be done with a configuration once it is there: the builder methods, and a look at it.

These are kept out of `EndpointConfig` itself: for each construct jsii looks through every name of
each class before CDK's own, and this one comes after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cdk_epc.constructs.call_sites import CallSite, Piece
from cdk_epc.constructs.checked_resource import Drafted
from cdk_epc.constructs.values import Value
from cdk_epc.endpoint_config.builders import adds, sets
from cdk_epc.endpoint_config.features import (
    AsyncInference,
    ClarifyExplainer,
    DataCapture,
    Metrics,
    VpcPlacement,
)
from cdk_epc.endpoint_config.permissions import allow, async_input_of
from cdk_epc.endpoint_config.summary import summary_of
from cdk_epc.endpoint_config.variant_handle import Hosts, VariantHandle
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)
from cdk_epc.rules.call_errors import GIVEN_TWICE
from cdk_epc.rules.rule import Fault, Words
from cdk_epc.spec import EndpointConfigSpec, Path
from cdk_epc.spec.context import ScalableTargetInPlace
from cdk_epc.spec.wire import l1_value

if TYPE_CHECKING:
    from aws_cdk.aws_sagemaker import CfnEndpointConfig

    from cdk_epc.constructs.s3_location import S3Location
    from cdk_epc.endpoint_config.construct import EndpointConfig
    from cdk_epc.permissions import Access


class Building(Drafted[EndpointConfigSpec]):
    """A configuration that grows, call by call.

    Attributes:
        access: The roles that SageMaker runs it with, and what they are allowed for it.
    """

    access: Access
    _resource: CfnEndpointConfig
    _endpoints: list[Hosts]
    _scaled: dict[Path, ScalableTargetInPlace]

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
        piece = Piece(("enable_network_isolation",), "isolate_network()", True, CallSite.current())  # noqa: FBT003
        self._set(piece)

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
        return async_input_of(self._draft.pieces)

    def __str__(self) -> str:
        """The configuration on a few lines."""
        return summary_of(f"EndpointConfig {self.node.path}", self.spec, self.variants)

    def _add(self, member: str, variant: Value, title: str, site: CallSite | None) -> VariantHandle:
        before = getattr(self.spec, member) or ()
        piece = Piece((member, len(before)), title, variant, site)
        self._give(member, (*before, self._draft.lowered(piece)), piece)
        return VariantHandle(self, len(before), is_shadow=member == "shadow_production_variants")

    def _set(self, piece: Piece) -> None:
        member = str(piece.place[0])
        if getattr(self.spec, member) is not None:
            fault = Fault(
                path=piece.place,
                got=Words("a second configuration"),
                allowed="one, and it has been given",
                fix="Give everything in one call.",
            )
            self._draft.refuse(GIVEN_TWICE, fault, piece.title, piece.site)
        self._give(member, self._draft.lowered(piece), piece)

    def _give(self, member: str, what: object, piece: Piece) -> None:
        self._draft.give([piece], **{member: what})
        setattr(self._resource, member, l1_value(what))
        allow(cast("EndpointConfig", self), [piece])
