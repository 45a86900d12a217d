"""Context of a configuration: its models, region and scalable targets, for the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs
from aws_cdk.aws_sagemaker import CfnEndpointConfig

from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.supplied_models import imported_models, supplied_models
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Path
from cdk_epc.spec.context import ConfigContext, ReferencedModel, ReferencedTarget

if TYPE_CHECKING:
    from cdk_epc.endpoint_config.variant_handle import VariantHandle


class HostingEndpoint(Protocol):
    """Endpoint of this app that runs a configuration."""

    def variant(self, variant: str | VariantHandle) -> VariantHandle:
        """Return the variant of this endpoint with a name or handle."""
        ...


@attrs.define(eq=False)
class EndpointConfigInternals(ConstructInternals[EndpointConfigSpec, CfnEndpointConfig]):
    """Values that a configuration shares with other modules of this library.

    Attributes:
        endpoints: Endpoints of this app that run the configuration.
        scaled: Scalable targets of the variants, by the path of the variant.
        with_chosen_image: Paths of the variants whose machine image this library chose.
    """

    endpoints: list[HostingEndpoint] = attrs.Factory(list[HostingEndpoint])
    scaled: dict[Path, ReferencedTarget] = attrs.Factory(dict[Path, ReferencedTarget])
    with_chosen_image: set[Path] = attrs.Factory(set[Path])

    def context(self) -> ConfigContext:
        """Return the configuration with its models, region and scalable targets."""
        models = {
            path: ReferencedModel(model=model.spec, logical_id=construct_path(model))
            for path, model in supplied_models(self.state)
            if isinstance(getattr(model, "spec", None), ModelSpec)
        }
        return ConfigContext(
            config=self.state.spec,
            region=self.state.scope.region(),
            account=self.state.scope.account(),
            models=models,
            imported_models=imported_models(
                supplied_models(self.state), self.state.scope.construct
            ),
            scalable_targets=self.scaled,
        )
