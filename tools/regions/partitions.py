"""The partitions and the names of the regions, as botocore lists them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypedDict

from attrs import frozen

from tools.errors import ToolError
from tools.published.copies import Copy

PARTITIONS_FILE = "botocore/data/partitions.json"


class PartitionRow(TypedDict):
    """A line of the generated data: how a partition's regions look, and its URL suffix."""

    regions: str
    url_suffix: str


@frozen
class Partitions:
    """What botocore says.

    Attributes:
        rows: The partitions by name, in botocore's order.
        region_by_name: The codes of the regions by what the documentation calls them.
    """

    rows: Mapping[str, PartitionRow]
    region_by_name: Mapping[str, str]

    def region(self, name: str) -> str:
        """Return the code of the region that the documentation calls ``name``.

        Raises:
            ToolError: No region is called so.
        """
        try:
            return self.region_by_name[_plain(name)]
        except KeyError:
            message = (
                f"{PARTITIONS_FILE} knows no region {name!r}: write it in "
                "tools/regions/serverless.json as the page does"
            )
            raise ToolError(message) from None


def read_partitions(botocore: Copy) -> Partitions:
    """Read the partitions of a copy of botocore."""
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
