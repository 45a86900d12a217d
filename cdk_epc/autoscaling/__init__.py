"""Auto scaling of variants and inference components, by Application Auto Scaling."""

from __future__ import annotations

from cdk_epc.autoscaling.scalable_copies import ScalableCopies
from cdk_epc.autoscaling.scalable_target import ScalableTarget
from cdk_epc.autoscaling.scalable_variant import ScalableVariant
from cdk_epc.autoscaling.scaling_policy import ScalingPolicy
from cdk_epc.autoscaling.schedule import Cron
from cdk_epc.autoscaling.step_scaling import StepOptions
from cdk_epc.autoscaling.target_tracking import TrackingOptions
from cdk_epc.spec.scaling import AdjustmentType, MetricAggregationType

__all__ = [
    "AdjustmentType",
    "Cron",
    "MetricAggregationType",
    "ScalableCopies",
    "ScalableTarget",
    "ScalableVariant",
    "ScalingPolicy",
    "StepOptions",
    "TrackingOptions",
]
