"""Inference components: models that share the instances of an endpoint."""

from __future__ import annotations

from cdk_epc.components.base import InferenceComponentBase
from cdk_epc.components.component import InferenceComponent
from cdk_epc.components.running import ComponentContainer, MetricsEndpoint, RunningOn
from cdk_epc.components.settings import (
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
