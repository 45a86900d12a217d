"""Endpoints, the variants that they run, and how they are updated."""

from __future__ import annotations

from cdk_epc.endpoint.base import EndpointBase
from cdk_epc.endpoint.construct import Endpoint
from cdk_epc.endpoint.deployment import CapacitySize, Deployment
from cdk_epc.endpoint.grants import EndpointGrants
from cdk_epc.endpoint.options import EndpointOptions
from cdk_epc.endpoint.retain import RetainedProperties
from cdk_epc.endpoint.variant import EndpointVariant, VariantReference

__all__ = [
    "CapacitySize",
    "Deployment",
    "Endpoint",
    "EndpointBase",
    "EndpointGrants",
    "EndpointOptions",
    "EndpointVariant",
    "RetainedProperties",
    "VariantReference",
]
