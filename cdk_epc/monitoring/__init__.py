"""Metrics, alarms and dashboards of endpoints."""

from __future__ import annotations

from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.alarms import RecommendedAlarm, RecommendedAlarms
from cdk_epc.monitoring.component_metrics import ComponentMetrics
from cdk_epc.monitoring.container import ContainerMetrics
from cdk_epc.monitoring.endpoint_metrics import EndpointMetrics
from cdk_epc.monitoring.fleet import FleetMetrics
from cdk_epc.monitoring.options import MetricOptions
from cdk_epc.monitoring.queue import QueueMetrics
from cdk_epc.monitoring.variant_metrics import VariantMetrics

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
