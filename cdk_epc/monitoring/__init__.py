"""Monitoring: metrics, alarms and dashboards of endpoints."""

from __future__ import annotations

from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.component_metrics import ComponentMetrics
from cdk_epc.monitoring.endpoint_metrics import EndpointMetrics, QueueMetrics
from cdk_epc.monitoring.metric_source import MetricOptions
from cdk_epc.monitoring.recommended_alarms import RecommendedAlarm, RecommendedAlarms
from cdk_epc.monitoring.variant_metrics import ContainerMetrics, FleetMetrics, VariantMetrics

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
