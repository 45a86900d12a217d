"""What is published about regions, read from the generated JSON on first use.

The file names its sources and versions in its head: botocore for the partitions, AWS's price lists
as cfn-lint gathers them for the hosting types, the developer guide for serverless inference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import TypedDict, cast

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

    text = resources.files("cdk_epc.catalog.regions").joinpath("regions.json").read_text("utf-8")
    return cast("_File", json.loads(text))
