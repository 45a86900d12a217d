"""Properties whose change replaces a resource, from CloudFormation's schemas.

The data is read at the first look-up, not at import.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cdk_epc.catalog.data_files import load_data


@cache
def create_only_properties() -> Mapping[str, frozenset[str]]:
    """Return the properties whose change replaces a resource, by resource type.

    The types are those of hosting stacks and of resources to which these refer.
    """
    rows: dict[str, list[str]] = load_data("replacements.json")["create_only"]
    return {type_: frozenset(properties) for type_, properties in rows.items()}
