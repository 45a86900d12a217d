"""Inference components: models that share the instances of an endpoint."""

from __future__ import annotations

from cdk_epc.inference_component.base import InferenceComponentBase
from cdk_epc.inference_component.construct import InferenceComponent
from cdk_epc.inference_component.specification import ComponentContainer, MetricsEndpoint, RunningOn
from cdk_epc.inference_component.values import (
    ComponentDeployment,
    ComponentScheduling,
    ComponentStartup,
    ComputeRequirements,
    Copies,
)

__all__ = [
    "ComponentContainer",
    "ComponentDeployment",
    "ComponentScheduling",
    "ComponentStartup",
    "ComputeRequirements",
    "Copies",
    "InferenceComponent",
    "InferenceComponentBase",
    "MetricsEndpoint",
    "RunningOn",
]
