"""Questions about a region by its code. Each has an answer for "the data does not know"."""

from __future__ import annotations

from typing import Final

from cdk_epc.catalog.regions._data import Partition, data

SERVERLESS_LARGE_QUOTA_REGIONS: Final = frozenset(
    {
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "eu-central-1",
        "eu-west-1",
        "us-east-1",
        "us-east-2",
        "us-west-2",
    }
)
"""Where the serverless endpoints of an account share a concurrency of 1000; elsewhere it is 500.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
"""


def has_serverless(region: str) -> bool | None:
    """Say whether SageMaker's developer guide lists ``region`` for serverless inference.

    Returns:
        None for a region that the published data does not know at all, such as a token, a new
        region, or one of the isolated partitions.
    """
    known = data()
    if region in known.concurrency_by_region:
        return True
    return False if region in known.priced_regions else None


def serverless_concurrency(region: str) -> int | None:
    """Return the concurrency that all serverless endpoints of an account share in a region.

    It is the quota before any increase; None where there is no serverless inference, or it is not
    known.
    """
    return data().concurrency_by_region.get(region)


def hosts(region: str, instance_type: str) -> bool | None:
    """Say whether ``region`` has a price for hosting on ``instance_type``.

    Args:
        region: The code of the region, such as ``eu-west-1``.
        instance_type: The type's name in SageMaker's API, such as ``ml.m5.xlarge``.

    Returns:
        None for a region that the price lists do not know, and for a type that none of them has
        or that SageMaker's API does not take for hosting.
    """
    known = data()
    regions = known.regions_by_type.get(instance_type)
    if regions is None or region not in known.priced_regions:
        return None
    return region in regions


def partition_of(region: str) -> str | None:
    """Return the partition of a region: ``aws-cn`` for ``cn-north-1``.

    A region newer than the data is told by the form of its code. None for what has no such form.
    """
    partition = _partition(region)
    return partition.name if partition else None


def url_suffix_of(region: str) -> str | None:
    """Return the URL suffix of a region: ``amazonaws.com.cn`` for ``cn-north-1``."""
    partition = _partition(region)
    return partition.url_suffix if partition else None


def _partition(region: str) -> Partition | None:
    return next((each for each in data().partitions if each.regions.fullmatch(region)), None)
