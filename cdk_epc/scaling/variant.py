"""The scaling of a variant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdk_epc.endpoints.base import EndpointBase


class ScalableVariant:
    """A variant that scales between two capacities."""


class VariantScaling:
    """What a variant of an endpoint can do about its own size."""

    endpoint: EndpointBase

    def auto_scale(self, min_capacity: int, max_capacity: int) -> ScalableVariant:
        """Scale the variant."""
        raise NotImplementedError
