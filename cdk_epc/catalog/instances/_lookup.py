"""Questions about instance types by name, for callers that hold plain strings."""

from __future__ import annotations

from functools import cache
from typing import Final

from cdk_epc.catalog.instances._catalogue import enums_by_other_type, facts_by_type
from cdk_epc.catalog.instances._constants import NAMES
from cdk_epc.catalog.instances._names import family_and_size

HOSTING_TYPES: Final[tuple[str, ...]] = tuple(NAMES.values())
"""The names a production variant may give, in the order of SageMaker's API model."""

_HOSTING_TYPES = frozenset(HOSTING_TYPES)


def is_hosting_type(name: str) -> bool:
    """Say whether SageMaker's API model lists ``name`` for production variants.

    False also for a type newer than the catalogue and for a CDK token.
    """
    return name in _HOSTING_TYPES


def other_service_enums(name: str) -> tuple[str, ...]:
    """Return the enums of SageMaker's API model that list ``name`` although hosting does not.

    For ``ml.t3.micro`` that is ``("AppInstanceType",)``; empty for a hosting type and for a type
    no enum lists.
    """
    return enums_by_other_type().get(name, ())


def family_has_local_nvme(instance_type: str) -> bool | None:
    """Say whether the family of ``ml.<family>.<size>`` has local NVMe storage.

    In every family of the catalogue either all sizes have it or none (EC2, DescribeInstanceTypes,
    ``InstanceStorageInfo``; checked whenever the catalogue is generated), so a size newer than the
    catalogue counts with its family.

    Returns:
        None for a family the catalogue lacks, and for what is not so formed, tokens among it.
    """
    parts = family_and_size(instance_type)
    return _local_nvme_by_family().get(parts[0]) if parts else None


@cache
def _local_nvme_by_family() -> dict[str, bool]:
    families: dict[str, bool] = {}
    for name, facts in facts_by_type().items():
        if parts := family_and_size(name):
            families[parts[0]] = facts.local_nvme_gb is not None
    return families
