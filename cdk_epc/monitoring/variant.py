"""The metrics of a variant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdk_epc.endpoints.base import EndpointBase


class VariantMetrics:
    """What CloudWatch knows of a variant."""

    endpoint: EndpointBase

    if TYPE_CHECKING:

        @property
        def variant_name(self) -> str:
            """The variant's."""
            raise NotImplementedError
