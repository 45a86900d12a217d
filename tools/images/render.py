"""Texts of the generated files: JSON with one registry, family or repository on each line."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tools.images.table import Table


def images_json(source: str, table: Table) -> str:
    """Return the text of ``cdk_epc/catalog/images.json``."""
    return _file(
        source,
        {
            "registries": table.registries,
            "families": table.families,
            "repositories": table.repositories,
        },
    )


def image_versions_json(source: str, table: Table) -> str:
    """Return the text of ``cdk_epc/catalog/image_versions.json``."""
    return _file(source, {"versions": table.versions})


def _file(source: str, content: Mapping[str, Mapping[str, object]]) -> str:
    head = json.dumps({"source": source, "gives": ", ".join(content)})
    sources = f'  "sources": [\n    {head}\n  ]'
    parts = (sources, *(_object(key, lines) for key, lines in content.items()))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _object(key: str, lines: Mapping[str, object]) -> str:
    body = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in lines.items())
    return f'  "{key}": {{\n{body}\n  }}'
