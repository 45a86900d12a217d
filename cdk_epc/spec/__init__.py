"""What an endpoint configuration is: frozen values in the API's own shapes.

Nothing here imports ``aws_cdk``. ``None`` means that a member was not given; ``0``, ``False`` and
an empty list are values.
"""

from __future__ import annotations

from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.enums import (
    BaselineMimeType,
    CapacityReservationPreference,
    CaptureMode,
    FeatureType,
    InferenceAmiVersion,
    InferenceResponseIn,
    ManagedInstanceScalingStatus,
    RoutingStrategy,
    ScaleInStrategy,
    TextGranularity,
    TextLanguage,
)
from cdk_epc.spec.explainer import (
    ClarifyExplainerConfig,
    ClarifyInferenceConfig,
    ClarifyShapBaselineConfig,
    ClarifyShapConfig,
    ClarifyTextConfig,
    ExplainerConfig,
)
from cdk_epc.spec.features import (
    AsyncInferenceClientConfig,
    AsyncInferenceConfig,
    AsyncInferenceNotificationConfig,
    AsyncInferenceOutputConfig,
    CaptureContentTypeHeader,
    CaptureOption,
    CrossRegionTrafficConfig,
    DataCaptureConfig,
    MetricsConfig,
    Tag,
    VpcConfig,
)
from cdk_epc.spec.member import Spec
from cdk_epc.spec.model import ModelSpec
from cdk_epc.spec.paths import Path
from cdk_epc.spec.variants import (
    AcceleratorPartitionLayout,
    CapacityReservationConfig,
    CoreDumpConfig,
    InstancePool,
    ManagedInstanceScaling,
    PrefixAwareRoutingConfig,
    ProductionVariant,
    RoutingConfig,
    ScaleInPolicy,
    ServerlessConfig,
)

__all__ = [
    "AcceleratorPartitionLayout",
    "AsyncInferenceClientConfig",
    "AsyncInferenceConfig",
    "AsyncInferenceNotificationConfig",
    "AsyncInferenceOutputConfig",
    "BaselineMimeType",
    "CapacityReservationConfig",
    "CapacityReservationPreference",
    "CaptureContentTypeHeader",
    "CaptureMode",
    "CaptureOption",
    "ClarifyExplainerConfig",
    "ClarifyInferenceConfig",
    "ClarifyShapBaselineConfig",
    "ClarifyShapConfig",
    "ClarifyTextConfig",
    "CoreDumpConfig",
    "CrossRegionTrafficConfig",
    "DataCaptureConfig",
    "EndpointConfigSpec",
    "EndpointSpec",
    "ExplainerConfig",
    "FeatureType",
    "InferenceAmiVersion",
    "InferenceResponseIn",
    "InstancePool",
    "ManagedInstanceScaling",
    "ManagedInstanceScalingStatus",
    "MetricsConfig",
    "ModelSpec",
    "Path",
    "PrefixAwareRoutingConfig",
    "ProductionVariant",
    "RoutingConfig",
    "RoutingStrategy",
    "ScaleInPolicy",
    "ScaleInStrategy",
    "ServerlessConfig",
    "Spec",
    "Tag",
    "TextGranularity",
    "TextLanguage",
    "VpcConfig",
]
