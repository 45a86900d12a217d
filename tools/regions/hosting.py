"""Hosting types by region, which cfn-lint collects from AWS's price lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TypedDict

from tools.published.copies import Copy

HOSTING_FILE = "cfnlint/data/schemas/extensions/aws_sagemaker_hosting/instancetype_enum.json"


class HostingRow(TypedDict):
    """Line of the generated data: types that have the same regions, and these regions."""

    types: list[str]
    regions: list[str]


def read_types_by_region(cfn_lint: Copy) -> dict[str, frozenset[str]]:
    """Return the instance types for hosting in the price list of each region."""
    content = json.loads(cfn_lint.read_bytes(HOSTING_FILE))
    return {
        region: frozenset(schema["enum"])
        for region, schema in sorted(content.items())
        if isinstance(schema, dict)  # the other entry is a description
    }


def rows(types_by_region: Mapping[str, Collection[str]], hosting: list[str]) -> list[HostingRow]:
    """Return the hosting types grouped by their regions.

    Types without a region, and types of price lists that the API does not accept for hosting, are
    left out.

    Args:
        types_by_region: Types by region.
        hosting: Types that the API accepts, in the order of the result.
    """
    types_by_regions: dict[tuple[str, ...], list[str]] = {}
    for name in hosting:
        if regions := tuple(r for r, types in types_by_region.items() if name in types):
            types_by_regions.setdefault(regions, []).append(name)
    return [
        {"types": types, "regions": list(regions)} for regions, types in types_by_regions.items()
    ]
