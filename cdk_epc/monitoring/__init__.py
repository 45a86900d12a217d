"""Metrics, alarms and dashboards of endpoints."""

from __future__ import annotations

from cdk_epc.monitoring.variant import VariantMetrics

__all__ = ["VariantMetrics"]
