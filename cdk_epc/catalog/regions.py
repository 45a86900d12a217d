"""Partitions and regions of AWS, with serverless quotas and hosting types by region.

The data is read at the first look-up, not at import.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, TypedDict, cast

from attrs import frozen

from cdk_epc._records import Record
from cdk_epc.catalog.data_files import load_data
from cdk_epc.spec.fields import TextPattern


@frozen(eq=False, repr=False)
class Partition(Record):
    """Partition of AWS.

    Attributes:
        name: Name, such as ``aws-cn``.
        regions: Pattern of the codes of all its regions, including future ones.
        url_suffix: Suffix of its host names, such as ``amazonaws.com.cn``.
    """

    name: str
    regions: TextPattern
    url_suffix: str


@frozen(eq=False, repr=False)
class Data(Record):
    """Generated data.

    Attributes:
        partitions: All partitions.
        concurrency_by_region: Quota of the total concurrency of all serverless endpoints of an
            account, by region with serverless inference.
        regions_by_type: Regions with a price for hosting, by instance type.
        priced_regions: Regions whose price lists were read.
    """

    partitions: tuple[Partition, ...]
    concurrency_by_region: Mapping[str, int]
    regions_by_type: Mapping[str, frozenset[str]]
    priced_regions: frozenset[str]


class _PartitionRow(TypedDict):
    regions: str
    url_suffix: str


class _HostingRow(TypedDict):
    types: list[str]
    regions: list[str]


class _File(TypedDict):
    partitions: dict[str, _PartitionRow]
    serverless_concurrency: dict[str, list[str]]
    hosting_regions: list[str]
    hosting: list[_HostingRow]


@cache
def data() -> Data:
    """Return the data, which is read once."""
    file = _file()
    return Data(
        tuple(
            Partition(name, TextPattern(row["regions"]), row["url_suffix"])
            for name, row in file["partitions"].items()
        ),
        {
            region: int(concurrency)
            for concurrency, regions in file["serverless_concurrency"].items()
            for region in regions
        },
        _regions_by_type(file["hosting"]),
        frozenset(file["hosting_regions"]),
    )


def _regions_by_type(rows: list[_HostingRow]) -> dict[str, frozenset[str]]:
    shared = ((row["types"], frozenset(row["regions"])) for row in rows)
    return {name: regions for types, regions in shared for name in types}


def _file() -> _File:
    return cast("_File", load_data("regions.json"))


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
"""Regions with a quota of 1000 for the total serverless concurrency of an account; others: 500.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
"""


def has_serverless(region: str) -> bool | None:
    """Return whether SageMaker's developer guide lists a region for serverless inference.

    Returns:
        ``None`` for a region that the data does not have, such as a token, a new region, or a
        region of an isolated partition.
    """
    known = data()
    if region in known.concurrency_by_region:
        return True
    return False if region in known.priced_regions else None


def serverless_concurrency(region: str) -> int | None:
    """Return the quota of the total concurrency of all serverless endpoints in a region.

    Returns:
        The default quota of an account; ``None`` for a region without serverless inference and for
        an unknown region.
    """
    return data().concurrency_by_region.get(region)


def has_hosting(region: str, instance_type: str) -> bool | None:
    """Return whether a region has a price for hosting on an instance type.

    Args:
        region: Code of the region, such as ``eu-west-1``.
        instance_type: Name in SageMaker's API, such as ``ml.m5.xlarge``.

    Returns:
        ``None`` for a region without a price list, and for a type without a price for hosting in
        any region.
    """
    known = data()
    regions = known.regions_by_type.get(instance_type)
    if regions is None or region not in known.priced_regions:
        return None
    return region in regions


def partition_of(region: str) -> str | None:
    """Return the partition of a region: ``aws-cn`` for ``cn-north-1``.

    The form of the code identifies the partition of a new region. ``None`` for another form.
    """
    partition = _partition(region)
    return partition.name if partition else None


def url_suffix_of(region: str) -> str | None:
    """Return the URL suffix of a region: ``amazonaws.com.cn`` for ``cn-north-1``."""
    partition = _partition(region)
    return partition.url_suffix if partition else None


def _partition(region: str) -> Partition | None:
    return next((each for each in data().partitions if each.regions.fullmatch(region)), None)
