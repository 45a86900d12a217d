"""The endpoint: a typed shell around ``CfnEndpoint``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from aws_cdk.aws_sagemaker import CfnEndpoint
from constructs import Construct

from cdk_epc.constructs.draft import Draft
from cdk_epc.constructs.drafted import Drafted
from cdk_epc.constructs.guard import Guard
from cdk_epc.constructs.handle import VariantHandle
from cdk_epc.constructs.intake import take_in
from cdk_epc.constructs.kinds import ENDPOINT
from cdk_epc.constructs.pieces import CallSite
from cdk_epc.constructs.surroundings import Surroundings
from cdk_epc.endpoints.base import EndpointBase
from cdk_epc.endpoints.variant import EndpointVariant
from cdk_epc.spec import EndpointSpec, Hosting, hosting_of
from cdk_epc.spec.unknown import Referred
from cdk_epc.spec.wire import to_l1_arguments

if TYPE_CHECKING:
    from cdk_epc.constructs.endpoint_config import EndpointConfig
    from cdk_epc.rules import Profile, Rule


class Endpoint(EndpointBase, Drafted[EndpointSpec]):
    """What answers requests."""

    def __init__(  # noqa: PLR0913 - the members of the resource
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_config: EndpointConfig,
        endpoint_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        rules: Iterable[Rule] = (),
        acknowledge: Mapping[str, str] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Run a configuration."""
        site = CallSite.current()
        around, guard = Surroundings(scope, id), Guard.of(scope)
        self._draft = Draft(ENDPOINT, around, rules, site, guard.profile_of(profile))
        self._draft.acknowledge(acknowledge, site)
        given: dict[str, object] = {
            "endpoint_name": endpoint_name,
            "endpoint_config_name": Referred(endpoint_config.endpoint_config_name),
            "tags": tags,
        }
        take_in(self._draft, given, site)
        super().__init__(scope, id, physical_name=endpoint_name)
        around.construct = self
        self.config = endpoint_config
        self._resource = CfnEndpoint(self, "Resource", **to_l1_arguments(self.spec))
        endpoint_config._endpoints.append(self)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        guard.watch(self)

    @property
    def endpoint_arn(self) -> str:
        """The ARN."""
        return self._get_resource_arn_attribute(
            self._resource.attr_endpoint_arn,
            service="sagemaker",
            resource="endpoint",
            resource_name=self._physical_name,
        )

    @property
    def endpoint_name(self) -> str:
        """The name, which callers send."""
        return self._get_resource_name_attribute(self._resource.attr_endpoint_name)

    @property
    def name_in_metrics(self) -> str:
        """The name as the dimension of a metric."""
        return self.spec.endpoint_name or self.endpoint_name

    @property
    def hosting(self) -> Hosting | None:
        """The kind of endpoint, which decides what it publishes; ``None`` if that is not known."""
        return hosting_of(self.config.spec)

    def variant(self, variant: str | VariantHandle) -> EndpointVariant:
        """The variant of this name, as it runs."""
        name = variant if isinstance(variant, str) else variant.variant_name
        (handle,) = (each for each in self.config.variants if each.variant_name == name)
        return EndpointVariant(self, handle)
