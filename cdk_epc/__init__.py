"""Typed CDK constructs for Amazon SageMaker endpoint configurations.

Names are resolved on first use (PEP 562), so that ``import cdk_epc.rules`` starts no Node.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from cdk_epc._lazy_names import lazy_names

if TYPE_CHECKING:
    from cdk_epc.autoscaling import (
        AdjustmentType,
        Cron,
        MetricAggregationType,
        ScalableCopies,
        ScalableVariant,
        ScalingPolicy,
    )
    from cdk_epc.catalog.instances import InstanceType
    from cdk_epc.constructs import S3Location, VpcPlacement, acknowledge
    from cdk_epc.constructs.validator import EndpointValidator
    from cdk_epc.endpoint import (
        CapacitySize,
        Deployment,
        Endpoint,
        EndpointBase,
        EndpointGrants,
        EndpointOptions,
        EndpointVariant,
        RetainedProperties,
        VariantReference,
    )
    from cdk_epc.endpoint_config import (
        AsyncInference,
        CapacityReservation,
        ClarifyExplainer,
        ClarifyText,
        CoreDump,
        DataCapture,
        EndpointConfig,
        EndpointConfigBase,
        EndpointConfigOptions,
        InferenceComponentVariant,
        InstancePool,
        InstanceVariant,
        ManagedInstanceScaling,
        MetricsPublication,
        Routing,
        ScaleIn,
        ServerlessVariant,
        ShapBaseline,
        VariantHandle,
    )
    from cdk_epc.endpoint_config.mixins import (
        EndpointConfigAsyncInference,
        EndpointConfigClarifyExplainer,
        EndpointConfigDataCapture,
        EndpointConfigMetricsPublication,
    )
    from cdk_epc.inference_component import (
        ComponentCapacitySize,
        ComponentContainer,
        ComponentDeployment,
        ComponentScheduling,
        ComponentStartup,
        ComputeRequirements,
        InferenceComponent,
        InferenceComponentBase,
        InferenceComponentOptions,
        InstanceTypeSpecification,
        MetricsEndpoint,
    )
    from cdk_epc.model import (
        Container,
        ContainerImage,
        Model,
        ModelBase,
        ModelData,
        ModelOptions,
    )
    from cdk_epc.monitoring import (
        AlarmKind,
        AlarmThresholds,
        ContainerMetrics,
        FleetMetrics,
        MetricOptions,
        QueueMetrics,
        RecommendedAlarms,
    )
    from cdk_epc.permissions import ExecutionRole
    from cdk_epc.requests import check_request
    from cdk_epc.rules import (
        EndpointConfigError,
        Evidence,
        Finding,
        Profile,
        Rule,
        Severity,
        Violation,
    )
    from cdk_epc.rules.pedantic import PEDANTIC_RULES
    from cdk_epc.rules.report import Report
    from cdk_epc.rules.security import SECURITY_CONTROLS
    from cdk_epc.spec import (
        BaselineMimeType,
        CapacityReservationPreference,
        CaptureMode,
        EndpointConfigSpec,
        EndpointKind,
        EndpointSpec,
        FeatureType,
        InferenceAmiVersion,
        InferenceComponentSpec,
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
    from cdk_epc.spec.alarm_context import AlarmContext
    from cdk_epc.spec.component_context import InferenceComponentContext
    from cdk_epc.spec.context import ConfigContext, ModelContext
    from cdk_epc.spec.endpoint_context import EndpointContext
    from cdk_epc.spec.scaling_context import ScalableTargetContext, ScalingPolicyContext
    from cdk_epc.templates import check_template

_HOMES = {
    "cdk_epc.autoscaling": (
        "AdjustmentType",
        "Cron",
        "MetricAggregationType",
        "ScalableCopies",
        "ScalableVariant",
        "ScalingPolicy",
    ),
    "cdk_epc.catalog.instances": ("InstanceType",),
    "cdk_epc.constructs": (
        "S3Location",
        "VpcPlacement",
        "acknowledge",
    ),
    "cdk_epc.constructs.validator": ("EndpointValidator",),
    "cdk_epc.endpoint": (
        "EndpointOptions",
        "CapacitySize",
        "Deployment",
        "Endpoint",
        "EndpointBase",
        "EndpointGrants",
        "EndpointVariant",
        "VariantReference",
        "RetainedProperties",
    ),
    "cdk_epc.endpoint_config": (
        "EndpointConfigOptions",
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
        "MetricsPublication",
        "Routing",
        "ScaleIn",
        "ServerlessVariant",
        "ShapBaseline",
        "VariantHandle",
    ),
    "cdk_epc.endpoint_config.mixins": (
        "EndpointConfigAsyncInference",
        "EndpointConfigClarifyExplainer",
        "EndpointConfigDataCapture",
        "EndpointConfigMetricsPublication",
    ),
    "cdk_epc.inference_component": (
        "InferenceComponentOptions",
        "ComponentContainer",
        "ComponentDeployment",
        "ComponentScheduling",
        "ComponentStartup",
        "ComputeRequirements",
        "ComponentCapacitySize",
        "InferenceComponent",
        "InferenceComponentBase",
        "MetricsEndpoint",
        "InstanceTypeSpecification",
    ),
    "cdk_epc.model": (
        "ModelOptions",
        "Container",
        "ContainerImage",
        "Model",
        "ModelBase",
        "ModelData",
    ),
    "cdk_epc.monitoring": (
        "AlarmKind",
        "AlarmThresholds",
        "ContainerMetrics",
        "FleetMetrics",
        "MetricOptions",
        "QueueMetrics",
        "RecommendedAlarms",
    ),
    "cdk_epc.permissions": ("ExecutionRole",),
    "cdk_epc.requests": ("check_request",),
    "cdk_epc.rules": (
        "EndpointConfigError",
        "Evidence",
        "Violation",
        "Finding",
        "Profile",
        "Rule",
        "Severity",
    ),
    "cdk_epc.rules.pedantic": ("PEDANTIC_RULES",),
    "cdk_epc.rules.report": ("Report",),
    "cdk_epc.rules.security": ("SECURITY_CONTROLS",),
    "cdk_epc.spec": (
        "BaselineMimeType",
        "CapacityReservationPreference",
        "CaptureMode",
        "EndpointConfigSpec",
        "EndpointSpec",
        "FeatureType",
        "EndpointKind",
        "InferenceAmiVersion",
        "InferenceComponentSpec",
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
    "cdk_epc.spec.alarm_context": ("AlarmContext",),
    "cdk_epc.spec.component_context": ("InferenceComponentContext",),
    "cdk_epc.spec.context": ("ConfigContext", "ModelContext"),
    "cdk_epc.spec.endpoint_context": ("EndpointContext",),
    "cdk_epc.spec.scaling_context": ("ScalableTargetContext", "ScalingPolicyContext"),
    "cdk_epc.templates": ("check_template",),
}
_WITHOUT_CDK = frozenset({"catalog", "requests", "rules", "spec", "templates"})
"""Packages of public names that work without CDK and Node."""

__all__ = [
    "PEDANTIC_RULES",
    "SECURITY_CONTROLS",
    "AdjustmentType",
    "AlarmContext",
    "AlarmKind",
    "AlarmSpec",
    "AlarmThresholds",
    "AsyncInference",
    "BaselineMimeType",
    "CapacityReservation",
    "CapacityReservationPreference",
    "CapacitySize",
    "CaptureMode",
    "ClarifyExplainer",
    "ClarifyText",
    "ComponentCapacitySize",
    "ComponentContainer",
    "ComponentDeployment",
    "ComponentScheduling",
    "ComponentStartup",
    "ComputeRequirements",
    "ConfigContext",
    "Container",
    "ContainerImage",
    "ContainerMetrics",
    "CoreDump",
    "Cron",
    "DataCapture",
    "Deployment",
    "Endpoint",
    "EndpointBase",
    "EndpointConfig",
    "EndpointConfigAsyncInference",
    "EndpointConfigBase",
    "EndpointConfigClarifyExplainer",
    "EndpointConfigDataCapture",
    "EndpointConfigError",
    "EndpointConfigMetricsPublication",
    "EndpointConfigOptions",
    "EndpointConfigSpec",
    "EndpointContext",
    "EndpointGrants",
    "EndpointKind",
    "EndpointOptions",
    "EndpointSpec",
    "EndpointValidator",
    "EndpointVariant",
    "Evidence",
    "ExecutionRole",
    "FeatureType",
    "Finding",
    "FleetMetrics",
    "InferenceAmiVersion",
    "InferenceComponent",
    "InferenceComponentBase",
    "InferenceComponentContext",
    "InferenceComponentOptions",
    "InferenceComponentSpec",
    "InferenceComponentVariant",
    "InferenceExecutionMode",
    "InferenceResponseIn",
    "InstancePool",
    "InstanceType",
    "InstanceTypeSpecification",
    "InstanceVariant",
    "ManagedInstanceScaling",
    "ManagedInstanceScalingStatus",
    "MetricAggregationType",
    "MetricOptions",
    "MetricsEndpoint",
    "MetricsPublication",
    "Model",
    "ModelBase",
    "ModelCacheSetting",
    "ModelContext",
    "ModelData",
    "ModelOptions",
    "ModelSpec",
    "Profile",
    "QueueMetrics",
    "RecommendedAlarms",
    "Report",
    "RetainedProperties",
    "Routing",
    "RoutingStrategy",
    "Rule",
    "S3Location",
    "ScalableCopies",
    "ScalableTargetContext",
    "ScalableVariant",
    "ScaleIn",
    "ScaleInStrategy",
    "ScalingPolicy",
    "ScalingPolicyContext",
    "ServerlessVariant",
    "Severity",
    "ShapBaseline",
    "TextGranularity",
    "TextLanguage",
    "VariantHandle",
    "VariantReference",
    "Violation",
    "VpcPlacement",
    "acknowledge",
    "check_request",
    "check_template",
]


def _imported(home: str) -> ModuleType:
    if home.split(".")[1] not in _WITHOUT_CDK and "jsii" not in sys.modules:
        from cdk_epc._node import require_node  # noqa: PLC0415 - the rules need no Node

        require_node()
    from cdk_epc.spec.collector import import_quickly  # noqa: PLC0415 - loads nothing at import

    return import_quickly(home)


__getattr__, __dir__ = lazy_names(__name__, _HOMES, _imported)
