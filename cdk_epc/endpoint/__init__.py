"""Endpoints, the variants that they run, and how they are updated."""

from __future__ import annotations

from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.construct import Endpoint
from cdk_epc.endpoint.deployment import Capacity, Deployment
from cdk_epc.endpoint.retain import Retain
from cdk_epc.endpoint.variant import EndpointVariant, VariantReference

__all__ = [
    "Capacity",
    "Deployment",
    "Endpoint",
    "EndpointBase",
    "EndpointVariant",
    "Retain",
    "VariantReference",
]
