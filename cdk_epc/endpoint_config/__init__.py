"""The endpoint configuration: its construct and the typed values that it takes."""

from __future__ import annotations

from cdk_epc.endpoint_config.base import EndpointConfigBase
from cdk_epc.endpoint_config.construct import EndpointConfig
from cdk_epc.endpoint_config.features import (
    AsyncInference,
    ClarifyExplainer,
    ClarifyText,
    DataCapture,
    MetricsPublication,
    ShapBaseline,
)
from cdk_epc.endpoint_config.options import EndpointConfigOptions
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.endpoint_config.variant_settings import (
    CapacityReservation,
    CoreDump,
    InstancePool,
    ManagedInstanceScaling,
    Routing,
    ScaleIn,
)
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceVariant,
    ServerlessVariant,
)

__all__ = [
    "AsyncInference",
    "CapacityReservation",
    "ClarifyExplainer",
    "ClarifyText",
    "CoreDump",
    "DataCapture",
    "EndpointConfig",
    "EndpointConfigBase",
    "EndpointConfigOptions",
    "InferenceComponentVariant",
    "InstancePool",
    "InstanceVariant",
    "ManagedInstanceScaling",
    "MetricsPublication",
    "Routing",
    "ScaleIn",
    "ServerlessVariant",
    "ShapBaseline",
    "VariantHandle",
]
