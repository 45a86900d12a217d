"""What is published about AWS's regions, as far as endpoint configurations meet it.

Importing this package reads no data; it is read on the first question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Final, TypedDict, cast

from attrs import frozen


@frozen
class Partition:
    """A partition of AWS.

    Attributes:
        name: Such as ``aws-cn``.
        regions: Matches the codes of its regions, those to come as well.
        url_suffix: The end of its host names, such as ``amazonaws.com.cn``.
    """

    name: str
    regions: re.Pattern[str]
    url_suffix: str


@frozen
class Data:
    """The generated data.

    Attributes:
        partitions: All partitions.
        concurrency_by_region: Of the regions with serverless inference, the concurrency that all
            serverless endpoints of an account share there.
        regions_by_type: Of the hosting types in a price list, the regions of those lists.
        priced_regions: The regions whose price lists were read.
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
            Partition(name, re.compile(row["regions"], re.ASCII), row["url_suffix"])
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
    # As in cdk_epc.catalog.instances: only those pay for this import who ask for a fact.
    from importlib import resources  # noqa: PLC0415 - see above

    text = resources.files("cdk_epc.catalog").joinpath("regions.json").read_text("utf-8")
    return cast("_File", json.loads(text))


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
