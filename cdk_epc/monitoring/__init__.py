"""Monitoring: metrics, alarms and dashboards of endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_epc._lazy_names import lazy_names

if TYPE_CHECKING:
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

# Imported on first use, because a run needs few of them.
_HOMES: Final = {
    "cdk_epc.monitoring.alarm_thresholds": (
        "AlarmKind",
        "AlarmThresholds",
    ),
    "cdk_epc.monitoring.component_metrics": ("ComponentMetrics",),
    "cdk_epc.monitoring.endpoint_metrics": (
        "EndpointMetrics",
        "QueueMetrics",
    ),
    "cdk_epc.monitoring.metric_source": ("MetricOptions",),
    "cdk_epc.monitoring.recommended_alarms": (
        "RecommendedAlarm",
        "RecommendedAlarms",
    ),
    "cdk_epc.monitoring.variant_metrics": (
        "ContainerMetrics",
        "FleetMetrics",
        "VariantMetrics",
    ),
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
