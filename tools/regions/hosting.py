"""Which hosting types a region has, as cfn-lint gathers it from AWS's price lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TypedDict

from tools.published.copies import Copy

HOSTING_FILE = "cfnlint/data/schemas/extensions/aws_sagemaker_hosting/instancetype_enum.json"


class HostingRow(TypedDict):
    """A line of the generated data: types that are in the same regions, and those."""

    types: list[str]
    regions: list[str]


def read_types_by_region(cfn_lint: Copy) -> dict[str, frozenset[str]]:
    """Return the instance types that each region's price list has for hosting."""
    said = json.loads(cfn_lint.read_bytes(HOSTING_FILE))
    return {
        region: frozenset(schema["enum"])
        for region, schema in sorted(said.items())
        if isinstance(schema, dict)  # beside the regions stands a description
    }


def rows(types_by_region: Mapping[str, Collection[str]], hosting: list[str]) -> list[HostingRow]:
    """Group the hosting types by the regions they are in.

    Types without a region are left out, and so is what the price lists have and SageMaker's API
    does not take for hosting.

    Args:
        types_by_region: The types by region.
        hosting: The types that the API takes, whose order is kept.
    """
    types_by_regions: dict[tuple[str, ...], list[str]] = {}
    for name in hosting:
        if regions := tuple(r for r, types in types_by_region.items() if name in types):
            types_by_regions.setdefault(regions, []).append(name)
    return [
        {"types": types, "regions": list(regions)} for regions, types in types_by_regions.items()
    ]
