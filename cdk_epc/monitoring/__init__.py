"""Monitoring: metrics, alarms and dashboards of endpoints."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

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
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the imports above
    """Import the module of a name on first use, because few apps need all of them."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
