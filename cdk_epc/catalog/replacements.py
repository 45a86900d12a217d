"""Properties whose change replaces a resource, from CloudFormation's schemas.

The data is read at the first look-up, not at import.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache


@cache
def create_only_properties() -> Mapping[str, frozenset[str]]:
    """Return the properties whose change replaces a resource, by resource type.

    The types are those of hosting stacks and of resources to which these refer.
    """
    # Imported here because it is slow, and most programs never read the data.
    from importlib import resources  # noqa: PLC0415

    text = resources.files("cdk_epc.catalog").joinpath("replacements.json").read_text("utf-8")
    rows: dict[str, list[str]] = json.loads(text)["create_only"]
    return {type_: frozenset(properties) for type_, properties in rows.items()}
