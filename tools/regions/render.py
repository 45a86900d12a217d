"""Text of the generated file: JSON with one partition, group of types or list on each line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


def regions_json(
    sources: Sequence[object],
    partitions: Mapping[str, object],
    serverless: Mapping[str, object],
    hosting_regions: Sequence[str],
    hosting: Sequence[object],
) -> str:
    """Return the text of ``cdk_epc/catalog/regions.json``."""
    parts = (
        _list("sources", sources),
        _object("partitions", partitions),
        _object("serverless_concurrency", serverless),
        f'  "hosting_regions": {json.dumps(hosting_regions)}',
        _list("hosting", hosting),
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _list(key: str, lines: Sequence[object]) -> str:
    body = ",\n".join(f"    {json.dumps(line)}" for line in lines)
    return f'  "{key}": [\n{body}\n  ]'


def _object(key: str, lines: Mapping[str, object]) -> str:
    body = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in lines.items())
    return f'  "{key}": {{\n{body}\n  }}'
