"""Inference components: models that share the instances of an endpoint."""

from __future__ import annotations

from cdk_epc.inference_component.base import InferenceComponentBase
from cdk_epc.inference_component.construct import InferenceComponent
from cdk_epc.inference_component.options import InferenceComponentOptions
from cdk_epc.inference_component.specification import (
    ComponentContainer,
    InstanceTypeSpecification,
    MetricsEndpoint,
)
from cdk_epc.inference_component.values import (
    ComponentCapacitySize,
    ComponentDeployment,
    ComponentScheduling,
    ComponentStartup,
    ComputeRequirements,
)

__all__ = [
    "ComponentCapacitySize",
    "ComponentContainer",
    "ComponentDeployment",
    "ComponentScheduling",
    "ComponentStartup",
    "ComputeRequirements",
    "InferenceComponent",
    "InferenceComponentBase",
    "InferenceComponentOptions",
    "InstanceTypeSpecification",
    "MetricsEndpoint",
]
