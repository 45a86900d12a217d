"""Scaling of what an endpoint runs, by Application Auto Scaling."""

from __future__ import annotations

from cdk_epc.scaling.variant import ScalableVariant, VariantScaling

__all__ = ["ScalableVariant", "VariantScaling"]
