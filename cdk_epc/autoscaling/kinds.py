"""Scalable targets and scaling policies as kinds of what is drafted."""

from __future__ import annotations

from typing import Final

from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec

TARGET: Final = ResourceType(
    spec=ScalableTargetSpec,
    arguments={
        "min_capacity": "min_capacity",
        "max_capacity": "max_capacity",
        "scheduled_actions": "scheduled actions",
    },
)
"""What is scaled; schedules are added call by call."""

POLICY: Final = ResourceType(spec=ScalingPolicySpec, arguments={}, is_complete_at_construction=True)
"""By what it is scaled."""
