"""Text of the generated file: JSON with one registry, family or repository on each line."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tools.images.table import Table


def images_json(source: str, table: Table) -> str:
    """Return the text of ``cdk_epc/catalog/images.json``."""
    head = {"source": source, "gives": "registries, families, repositories"}
    parts = (
        f'  "sources": [\n    {json.dumps(head)}\n  ]',
        _object("registries", table.registries),
        _object("families", table.families),
        _object("repositories", table.repositories),
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _object(key: str, lines: Mapping[str, object]) -> str:
    body = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in lines.items())
    return f'  "{key}": {{\n{body}\n  }}'
