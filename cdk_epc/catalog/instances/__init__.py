"""The instance types SageMaker hosts endpoints on: their names, and what is known of each.

Importing this package creates the constants and reads no data; the facts are read on first use.
"""

from __future__ import annotations

from cdk_epc.catalog.instances._catalogue import Accelerator, AcceleratorKind, Architecture
from cdk_epc.catalog.instances._instance_type import InstanceType
from cdk_epc.catalog.instances._lookup import (
    HOSTING_TYPES,
    family_has_local_nvme,
    is_hosting_type,
    other_service_enums,
)

__all__ = [
    "HOSTING_TYPES",
    "Accelerator",
    "AcceleratorKind",
    "Architecture",
    "InstanceType",
    "family_has_local_nvme",
    "is_hosting_type",
    "other_service_enums",
]
