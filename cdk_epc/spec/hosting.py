"""What kind of hosting a configuration is for: it decides what is published, scaled and called."""

from __future__ import annotations

from enum import StrEnum

from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.unresolved import is_unknown
from cdk_epc.spec.variants import ProductionVariant


class Hosting(StrEnum):
    """A kind of endpoint."""

    REAL_TIME = "real-time"
    """Models on instances that answer at once."""
    ASYNCHRONOUS = "asynchronous"
    """Models on instances behind a queue."""
    SERVERLESS = "serverless"
    """A model without instances of one's own."""
    INFERENCE_COMPONENTS = "inference components"
    """Instances that inference components are placed on."""


def hosting_of(spec: EndpointConfigSpec) -> Hosting | None:
    """The kind of endpoint that a configuration is for; ``None`` where that is not known yet."""
    if spec.async_inference_config is not None:
        return None if is_unknown(spec.async_inference_config) else Hosting.ASYNCHRONOUS
    kinds = {_kind_of(variant) for _, variant in spec.production()}
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of(variant: ProductionVariant) -> Hosting | None:
    if variant.serverless_config is not None:
        return None if is_unknown(variant.serverless_config) else Hosting.SERVERLESS
    return Hosting.INFERENCE_COMPONENTS if variant.model_name is None else Hosting.REAL_TIME
