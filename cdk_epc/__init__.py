"""Typed CDK constructs for Amazon SageMaker endpoint configurations.

Names are resolved on first use (PEP 562), so that ``import cdk_epc.rules`` starts no Node.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdk_epc.checking import Report, check_request
    from cdk_epc.constructs import (
        AsyncInference,
        CapacityReservation,
        ClarifyExplainer,
        ClarifyText,
        CoreDump,
        DataCapture,
        EndpointConfig,
        EndpointConfigBase,
        InferenceComponentVariant,
        InstancePool,
        InstanceVariant,
        ManagedInstanceScaling,
        Metrics,
        Routing,
        S3Location,
        ScaleIn,
        ServerlessVariant,
        ShapBaseline,
        VariantHandle,
        VpcPlacement,
        acknowledge,
    )
    from cdk_epc.constructs.validator import EndpointValidator
    from cdk_epc.endpoints import (
        Capacity,
        Deployment,
        Endpoint,
        EndpointBase,
        EndpointVariant,
        MeasuredVariant,
        Retain,
    )
    from cdk_epc.instances import InstanceType
    from cdk_epc.models import Container, ContainerImage, Model, ModelBase, ModelData
    from cdk_epc.rules import (
        EndpointConfigError,
        Evidence,
        Fault,
        Finding,
        Profile,
        Rule,
        Severity,
    )
    from cdk_epc.rules.security import SECURITY_CONTROLS
    from cdk_epc.spec import (
        BaselineMimeType,
        CapacityReservationPreference,
        CaptureMode,
        EndpointConfigSpec,
        EndpointSpec,
        FeatureType,
        InferenceAmiVersion,
        InferenceExecutionMode,
        InferenceResponseIn,
        ManagedInstanceScalingStatus,
        ModelCacheSetting,
        ModelSpec,
        RoutingStrategy,
        ScaleInStrategy,
        TextGranularity,
        TextLanguage,
    )
    from cdk_epc.spec.alarm import AlarmSpec
    from cdk_epc.spec.in_place import AlarmInPlace, ConfigInPlace, EndpointInPlace, ModelInUse
    from cdk_epc.templates import check_template

_HOMES = {
    "cdk_epc.checking": ("Report", "check_request"),
    "cdk_epc.constructs": (
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
    ),
    "cdk_epc.constructs.validator": ("EndpointValidator",),
    "cdk_epc.endpoints": (
        "Capacity",
        "Deployment",
        "Endpoint",
        "EndpointBase",
        "EndpointVariant",
        "MeasuredVariant",
        "Retain",
    ),
    "cdk_epc.instances": ("InstanceType",),
    "cdk_epc.models": ("Container", "ContainerImage", "Model", "ModelBase", "ModelData"),
    "cdk_epc.rules": (
        "EndpointConfigError",
        "Evidence",
        "Fault",
        "Finding",
        "Profile",
        "Rule",
        "Severity",
    ),
    "cdk_epc.rules.security": ("SECURITY_CONTROLS",),
    "cdk_epc.spec": (
        "BaselineMimeType",
        "CapacityReservationPreference",
        "CaptureMode",
        "EndpointConfigSpec",
        "EndpointSpec",
        "FeatureType",
        "InferenceAmiVersion",
        "InferenceExecutionMode",
        "InferenceResponseIn",
        "ManagedInstanceScalingStatus",
        "ModelCacheSetting",
        "ModelSpec",
        "RoutingStrategy",
        "ScaleInStrategy",
        "TextGranularity",
        "TextLanguage",
    ),
    "cdk_epc.spec.alarm": ("AlarmSpec",),
    "cdk_epc.spec.in_place": ("AlarmInPlace", "ConfigInPlace", "EndpointInPlace", "ModelInUse"),
    "cdk_epc.templates": ("check_template",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: PLE0604, RUF100 - checked by a test against the imports above
    "SECURITY_CONTROLS",
    "AlarmInPlace",
    "AlarmSpec",
    "AsyncInference",
    "BaselineMimeType",
    "Capacity",
    "CapacityReservation",
    "CapacityReservationPreference",
    "CaptureMode",
    "ClarifyExplainer",
    "ClarifyText",
    "ConfigInPlace",
    "Container",
    "ContainerImage",
    "CoreDump",
    "DataCapture",
    "Deployment",
    "Endpoint",
    "EndpointBase",
    "EndpointConfig",
    "EndpointConfigBase",
    "EndpointConfigError",
    "EndpointConfigSpec",
    "EndpointInPlace",
    "EndpointSpec",
    "EndpointValidator",
    "EndpointVariant",
    "Evidence",
    "Fault",
    "FeatureType",
    "Finding",
    "InferenceAmiVersion",
    "InferenceComponentVariant",
    "InferenceExecutionMode",
    "InferenceResponseIn",
    "InstancePool",
    "InstanceType",
    "InstanceVariant",
    "ManagedInstanceScaling",
    "ManagedInstanceScalingStatus",
    "MeasuredVariant",
    "Metrics",
    "Model",
    "ModelBase",
    "ModelCacheSetting",
    "ModelData",
    "ModelInUse",
    "ModelSpec",
    "Profile",
    "Report",
    "Retain",
    "Routing",
    "RoutingStrategy",
    "Rule",
    "S3Location",
    "ScaleIn",
    "ScaleInStrategy",
    "ServerlessVariant",
    "Severity",
    "ShapBaseline",
    "TextGranularity",
    "TextLanguage",
    "VariantHandle",
    "VpcPlacement",
    "acknowledge",
    "check_request",
    "check_template",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the imports above
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
