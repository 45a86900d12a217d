"""Everything that touches CDK: the construct and the typed values it takes.

The validator is a module of its own, `cdk_epc.constructs.validator`, for it brings the rules of
templates, which a construct has no need of.
"""

from __future__ import annotations

from cdk_epc.constructs.acknowledging import acknowledge
from cdk_epc.constructs.base import EndpointConfigBase
from cdk_epc.constructs.endpoint_config import EndpointConfig
from cdk_epc.constructs.features import (
    AsyncInference,
    ClarifyExplainer,
    ClarifyText,
    DataCapture,
    Metrics,
    ShapBaseline,
    VpcPlacement,
)
from cdk_epc.constructs.handle import VariantHandle
from cdk_epc.constructs.s3 import S3Location
from cdk_epc.constructs.settings import (
    CapacityReservation,
    CoreDump,
    InstancePool,
    ManagedInstanceScaling,
    Routing,
    ScaleIn,
)
from cdk_epc.constructs.variants import (
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
    "InferenceComponentVariant",
    "InstancePool",
    "InstanceVariant",
    "ManagedInstanceScaling",
    "Metrics",
    "Routing",
    "S3Location",
    "ScaleIn",
    "ServerlessVariant",
    "ShapBaseline",
    "VariantHandle",
    "VpcPlacement",
    "acknowledge",
]
