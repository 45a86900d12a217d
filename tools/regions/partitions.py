"""Partitions and names of regions, from botocore."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypedDict

from attrs import frozen

from tools.errors import ToolError
from tools.published.copies import Copy

PARTITIONS_FILE = "botocore/data/partitions.json"


class PartitionRow(TypedDict):
    """Line of the generated data: pattern of the regions of a partition, and its URL suffix."""

    regions: str
    url_suffix: str


@frozen
class Partitions:
    """Partitions and regions.

    Attributes:
        rows: Partitions by name, in botocore's order.
        region_by_name: Codes of the regions by their names in the documentation.
    """

    rows: Mapping[str, PartitionRow]
    region_by_name: Mapping[str, str]

    def region(self, name: str) -> str:
        """Return the code of a region by its name in the documentation.

        Raises:
            ToolError: No region has this name.
        """
        try:
            return self.region_by_name[_plain(name)]
        except KeyError:
            message = (
                f"{PARTITIONS_FILE} has no region {name!r}: correct the name in "
                "tools/regions/serverless.json"
            )
            raise ToolError(message) from None


def read_partitions(botocore: Copy) -> Partitions:
    """Return the partitions of a copy of botocore."""
    partitions = json.loads(botocore.read_bytes(PARTITIONS_FILE))["partitions"]
    return Partitions(
        {
            each["id"]: {
                "regions": each["regionRegex"],
                "url_suffix": each["outputs"]["dnsSuffix"],
            }
            for each in partitions
        },
        {
            _plain(described["description"]): region
            for each in partitions
            for region, described in each["regions"].items()
        },
    )


def _plain(name: str) -> str:
    # botocore writes Sao Paulo, the documentation São Paulo.
    return name.replace("ã", "a")
