"""Endpoints, the variants that they run, and how they are updated."""

from __future__ import annotations

from cdk_epc.endpoints.base import EndpointBase
from cdk_epc.endpoints.deployment import Capacity, Deployment
from cdk_epc.endpoints.endpoint import Endpoint
from cdk_epc.endpoints.retain import Retain
from cdk_epc.endpoints.variant import EndpointVariant, MeasuredVariant

__all__ = [
    "Capacity",
    "Deployment",
    "Endpoint",
    "EndpointBase",
    "EndpointVariant",
    "MeasuredVariant",
    "Retain",
]
