"""Scaling of what an endpoint runs, by Application Auto Scaling."""

from __future__ import annotations

from cdk_epc.scaling.copies import ScalableCopies
from cdk_epc.scaling.mixins import CopyScaling, VariantScaling
from cdk_epc.scaling.policy import ScalingPolicy
from cdk_epc.scaling.scheduling import Cron
from cdk_epc.scaling.steps import StepOptions
from cdk_epc.scaling.tracking import TrackingOptions
from cdk_epc.scaling.variant import ScalableVariant
from cdk_epc.spec.scaling import AdjustmentType, MetricAggregationType

__all__ = [
    "AdjustmentType",
    "CopyScaling",
    "Cron",
    "MetricAggregationType",
    "ScalableCopies",
    "ScalableVariant",
    "ScalingPolicy",
    "StepOptions",
    "TrackingOptions",
    "VariantScaling",
]
