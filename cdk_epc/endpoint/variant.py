"""A variant as it runs on an endpoint: with its metrics and its scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_epc.autoscaling.auto_scale import VariantScaling
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.monitoring.variant_metrics import VariantMetrics

if TYPE_CHECKING:
    from cdk_epc.endpoint.base import EndpointBase
    from cdk_epc.endpoint.construct import Endpoint


class VariantReference(VariantMetrics):
    """A variant of which only the endpoint and the name are known.

    Attributes:
        endpoint: The endpoint that runs it.
        variant_name: Its name.
    """

    def __init__(self, endpoint: EndpointBase, variant_name: str) -> None:
        """The variant of this name."""
        self.endpoint = endpoint
        self._name = variant_name

    @property
    def variant_name(self) -> str:
        """Its name, by which requests and metrics find it."""
        return self._name


class EndpointVariant(VariantScaling, VariantHandle, VariantMetrics):
    """A variant of an endpoint of this app.

    Attributes:
        config: The configuration that the variant belongs to.
        endpoint: The endpoint that runs it.
        is_shadow: Whether it gets copies of requests and its answers are thrown away.
    """

    def __init__(self, endpoint: Endpoint, handle: VariantHandle) -> None:
        """The variant that a handle of the configuration points to."""
        super().__init__(handle.config, int(handle.path[1]), is_shadow=handle.is_shadow)
        self.endpoint = endpoint

    @property
    def hosted(self) -> EndpointVariant:
        """Itself, whichever other endpoints run the configuration as well."""
        return self
