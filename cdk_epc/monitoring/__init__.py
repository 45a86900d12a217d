"""Metrics, alarms and dashboards of endpoints."""

from __future__ import annotations

from cdk_epc.monitoring.alarms import RecommendedAlarm, RecommendedAlarms
from cdk_epc.monitoring.component import ComponentMetrics
from cdk_epc.monitoring.container import ContainerMetrics
from cdk_epc.monitoring.endpoint import EndpointMetrics
from cdk_epc.monitoring.fleet import FleetMetrics
from cdk_epc.monitoring.options import MetricOptions
from cdk_epc.monitoring.queue import QueueMetrics
from cdk_epc.monitoring.thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.variant import VariantMetrics

__all__ = [
    "AlarmKind",
    "AlarmThresholds",
    "ComponentMetrics",
    "ContainerMetrics",
    "EndpointMetrics",
    "FleetMetrics",
    "MetricOptions",
    "QueueMetrics",
    "RecommendedAlarm",
    "RecommendedAlarms",
    "VariantMetrics",
]
